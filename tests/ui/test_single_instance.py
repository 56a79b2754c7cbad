"""A second start finds the first; a killed one is no obstacle; folders do not disturb each other."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.ui.single_instance import SingleInstance, Start

_HOLD = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.ui.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.begin().name, flush=True)
if sys.argv[2] == "listen":
    instance.listen(lambda: print("shown", flush=True))
print("ready", flush=True)
app.exec()
"""

_ASK = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.ui.single_instance import SingleInstance
app = QCoreApplication([])
print(SingleInstance(Path(sys.argv[1])).begin().name)
"""


def _start(folder: Path, mode: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder), mode],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "FIRST\n"
    assert process.stdout.readline() == "ready\n"
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def test_the_first_is_shown_and_the_second_told(qtbot: QtBot, tmp_path: Path) -> None:
    first = _start(tmp_path, "listen")
    try:
        assert SingleInstance(tmp_path).begin() is Start.RAISED
        assert first.stdout is not None
        assert first.stdout.readline() == "shown\n"
    finally:
        _end(first)


def test_a_first_that_does_not_answer_is_said_so(qtbot: QtBot, tmp_path: Path) -> None:
    first = _start(tmp_path, "silent")
    try:
        assert SingleInstance(tmp_path).begin() is Start.UNANSWERED
    finally:
        _end(first)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_killed_program_is_no_obstacle(qtbot: QtBot, tmp_path: Path) -> None:
    _end(_start(tmp_path, "listen"))
    after = SingleInstance(tmp_path)
    assert after.begin() is Start.FIRST
    asked = []
    after.listen(lambda: asked.append(True))
    try:
        second = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _ASK,
                str(tmp_path),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=10_000)
        assert second.communicate()[0] == "RAISED\n"
        assert asked == [True]
    finally:
        after.end()


def test_every_start_is_heard_and_shown_once(qtbot: QtBot, tmp_path: Path) -> None:
    first = _start(tmp_path, "listen")
    try:
        for _ in range(3):
            assert SingleInstance(tmp_path).begin() is Start.RAISED
        (tmp_path / "instance.call").unlink()
        qtbot.waitUntil((tmp_path / "instance.call").exists, timeout=10_000)
        assert SingleInstance(tmp_path).begin() is Start.RAISED
    finally:
        first.terminate()
        first.wait(10)
    assert first.stdout is not None
    assert first.stdout.read() == "shown\n" * 4
    first.stdout.close()


def test_a_start_is_heard_that_came_before_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.begin() is Start.FIRST
    second = subprocess.Popen(
        [sys.executable, "-c", _ASK, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    call = tmp_path / "instance.call"
    qtbot.waitUntil(lambda: call.exists() and call.stat().st_size > 0, timeout=10_000)
    asked = []
    first.listen(lambda: asked.append(True))
    try:
        assert second.communicate(timeout=10)[0] == "RAISED\n"
        assert asked == [True]
    finally:
        first.end()


def test_two_folders_do_not_disturb_each_other(qtbot: QtBot, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    instances = [SingleInstance(folder) for folder in folders]
    assert [instance.begin() for instance in instances] == [Start.FIRST, Start.FIRST]
    for instance in instances:
        instance.end()


def test_a_folder_that_takes_no_lock_is_used_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    assert SingleInstance(tmp_path / "missing").begin() is Start.FIRST
