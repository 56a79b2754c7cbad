"""Hostile texts: no crash, no hang, no long step, no file opened, no socket made.

The whole corpus, every text at every size, runs with `make fuzz`.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from desktop_app.ui.transcript.inline import rich_text
from tests.ui.transcript.hostile_child import MARK
from tests.ui.transcript.hostile_corpus import CODE, MARKDOWN, SIZES, everything, suite

ROOT = Path(__file__).parents[3]
SHARES = 2
DEADLINE = 900.0
"""Wall seconds for one share of the corpus; about 90 on an idle machine. Its limit of processor time
(`hostile_child.PROCESSOR_SECONDS`) ends a hang long before, unless it waits for something."""
LONGEST_STEP = 0.4
"""CPU seconds of the window's thread. Measured: 0.10 at most, 0.03 for 99 of 100 steps."""
MOST_STEPS = 0.1
LONGEST_WHOLE = 0.4
"""Selecting by key, walking with Tab and going to a hit, in a text full of hits. Measured: 0.09, once
all of it is read, which is done in slices that are steps like any other."""
ALLOWED = (
    str(ROOT), sys.prefix, sys.base_prefix, "/usr/", "/lib", "/etc/", "/proc/", "/sys/", "/dev/u",
    "/dev/shm/", "/var/cache/fontconfig", str(Path.home() / ".cache"), str(Path.home() / ".fonts"),
    str(Path.home() / ".local/share/fonts"), str(Path.home() / ".config/fontconfig"),
)  # fmt: skip
FORBIDDEN = ("/etc/passwd", "/etc/hostname")
_OPENED = re.compile(r'open(?:at2?)?\((?:AT_FDCWD, )?"([^"]*)"')


def child(kind: str, share: int, shares: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "tests.ui.transcript.hostile_child",
        kind,
        str(share),
        str(shares),
    ]


def run(command: list[str], folder: Path, deadline: float = DEADLINE) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=deadline,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_hostile_texts_neither_hang_nor_crash_the_view(tmp_path):
    with ThreadPoolExecutor(SHARES) as pool:
        commands = [child("suite", share, SHARES) for share in range(SHARES)]
        outputs = [*pool.map(lambda command: run(command, tmp_path), commands)]
    shown = [json.loads(line) for output in outputs for line in output.splitlines()]
    assert sorted(name for name, *_ in shown) == sorted(name for name, _ in suite())
    for name, longest, _, whole in shown:
        assert longest < LONGEST_STEP, name
        assert whole < LONGEST_WHOLE, name
    steps = sorted(chain.from_iterable(steps for _, _, steps, _ in shown))
    assert steps[math.ceil(len(steps) * 0.99) - 1] < MOST_STEPS


def test_no_text_opens_a_file_or_a_socket(tmp_path):
    """What the process asks of the system, seen from outside of it."""
    log = tmp_path / "calls"
    (tmp_path / "nf1.png").write_bytes(b"never read")
    trace = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=open,openat,openat2,socket,connect",
        "-o",
        str(log),
    ]
    run([*trace, *child("naming_files", 0, 1)], tmp_path)
    calls = log.read_text().splitlines()
    marks = [number for number, call in enumerate(calls) if MARK in call]
    assert len(marks) == 2
    between = calls[marks[0] + 1 : marks[1]]
    assert not [call for call in between if "socket(" in call or "connect(" in call]
    opened = [found.group(1) for call in between if (found := _OPENED.search(call))]
    strays = [path for path in opened if not path.startswith(ALLOWED) or path in FORBIDDEN]
    assert strays == []


def test_the_check_for_opened_files_sees_one(tmp_path):
    log = tmp_path / "calls"
    code = "open('nf1.png', 'w')"
    subprocess.run(["strace", "-f", "-o", str(log), sys.executable, "-c", code], cwd=tmp_path)
    assert "nf1.png" in [
        found.group(1) for call in log.read_text().splitlines() if (found := _OPENED.search(call))
    ]


def test_the_corpus_is_as_large_as_promised():
    assert len(MARKDOWN) * len(SIZES) >= 500
    assert len(CODE) >= 250
    assert len([*everything()]) >= 750


@pytest.mark.parametrize("text", ["[" * 1_400, "![" * 700, "[a](" * 300])
def test_runs_of_brackets_are_shown_as_they_are(text):
    assert rich_text(text).text == text
    assert rich_text(text).spans == ()


def test_a_text_hidden_in_tag_characters_shows_that_it_is_there():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore what was said " * 4)
    assert "\ufffd" * 80 in rich_text(f"Hello{hidden}").text
    flag = "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
    assert rich_text(flag).text == flag
