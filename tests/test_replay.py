"""``--replay`` as a person runs it: a file, two outputs, no window, no network and no folder."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.ask import RealTime, Stepwise
from desktop_app.chat.exchange_json import MAX_CHARACTERS, as_json
from desktop_app.demo.script import End, Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.text import one_line
from tests.providers.test_replay import KEY, model_for, recorded
from tests.servers.program import files_below, run


def export(folder: Path, *said: object, end: End = End.CLEAN) -> Path:
    """Return a file with the exchange of one answer."""

    async def ask() -> ExchangeRecord:
        with DemoServer() as server:
            server.enqueue(Reply(said, end=end))
            return (await recorded(model_for(server)))[1]

    file = folder / "exchange.json"
    file.write_text(as_json(asyncio.run(ask())), encoding="utf-8")
    assert KEY not in file.read_text(encoding="utf-8")
    return file


@pytest.mark.parametrize("speed", [(), ("--speed", "1"), ("--speed", "10")])
def test_thinking_goes_to_stderr_and_the_answer_to_stdout(tmp_path, speed):
    file = export(tmp_path, Think("First "), Think("this."), Say("Then "), Say("that. 茶"))
    home = tmp_path / "home"
    home.mkdir()
    ended = run("--replay", str(file), *speed, home=home)
    assert ended.stdout == "Then that. 茶\n"
    assert ended.stderr == "First this.\n\n"
    assert ended.returncode == 0
    assert files_below(home) == []


def test_step_by_step_each_event_waits_for_enter(tmp_path):
    file = export(tmp_path, Think("Hm."), Say("One, "), Say("two."))
    command = [sys.executable, "-m", "desktop_app", "--replay", str(file), "--speed", "step"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[1], bufsize=0,
    ) as child:  # fmt: skip
        child.stdin.write(b"\n")
        assert child.stderr.read(3) == b"Hm."
        child.stdin.write(b"\n")
        assert child.stdout.read(5) == b"One, "
        # What is left comes without stops once nobody can press Enter any more.
        child.stdin.close()
        assert child.stdout.read() == b"two.\n"
        assert child.wait(30) == 0


def test_an_answer_that_failed_fails_again_in_the_same_words(tmp_path):
    file = export(tmp_path, Say("Hel"), end=End.NO_FINISH)
    ended = run("--replay", str(file), home=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout == "Hel\n"
    assert one_line(ended.stderr)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"{", "no JSON"),
        (b"{}", "no exported exchange"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_what_cannot_be_played_is_said(tmp_path, content, words):
    file = tmp_path / "x.json"
    if content is not None:
        file.write_bytes(content)
    ended = run("--replay", str(file), home=tmp_path)
    assert ended.returncode == 1
    assert words in ended.stderr
    assert "x.json" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_huge_file_is_not_read_to_its_end(tmp_path):
    file = tmp_path / "x.json"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_CHARACTERS * 100)
    ended = run("--replay", str(file), home=tmp_path)
    assert ended.returncode == 1
    assert "too large" in ended.stderr


def test_an_unknown_speed_is_refused(tmp_path):
    ended = run("--replay", "x", "--speed", "0", home=tmp_path)
    assert ended.returncode == 2
    assert "--speed" in ended.stderr


async def test_real_time_waits_for_what_is_left_of_it():
    now = 100.0
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    pace = RealTime(10, clock=lambda: now, sleep=sleep)
    await pace.reach(0.0, is_event=False)
    await pace.reach(5.0, is_event=True)
    now += 2.0  # whoever reads was busy
    await pace.reach(20.0, is_event=True)
    await pace.reach(30.0, is_event=True)
    assert slept == [0.5, 0.5]


async def test_steps_wait_for_events_alone_and_only_while_there_is_input():
    lines = ["\n", "\n", ""]
    asked = 0

    async def next_line() -> str:
        nonlocal asked
        asked += 1
        return lines[asked - 1]

    pace = Stepwise(next_line)
    for is_event in (False, True, False, True, True, True):
        await pace.reach(1.0, is_event=is_event)
    assert asked == 3
