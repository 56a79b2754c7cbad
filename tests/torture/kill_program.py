"""Kills the real program in the middle of an answer, again and again, and looks at what is left.

The program runs with its window, without a display, against a scripted server on loopback that sends
numbered words. What it shows it also writes, with the time, to a pipe that outlives it. After each kill:

- the database opens, SQLite finds nothing wrong with it, every checksum holds;
- what was shown longer ago than the allowance is there, nothing is there twice, nothing in a wrong
  order, and every earlier turn is as it was;
- the next start takes the lock of the killed one, shows the turn as interrupted, and the next turn
  works.

    python -m tests.torture.kill_program [--count N] [--seed N]
"""

import argparse
import asyncio
import logging
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from desktop_app.demo.pacing import Pacing
from desktop_app.demo.script import Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.message import Message, MessageState
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.inspection import damaged_messages
from desktop_app.storage.opening import open_storage
from tests.servers.program import environment

PROMISED = 0.25
"""Seconds: what was shown longer ago is not lost. Writing it then takes the disk its time."""

ALLOWED = 1.0
"""Seconds that a test grants: the machine may be busy with others."""

WORDS = 4000
TURNS_OF_A_CONVERSATION = 8
PATIENCE = 60.0

CHILD = """
import asyncio, os, sys, time
from desktop_app.chat.events import DeltasArrived
from desktop_app.domain.delta import TextDelta, ThinkingDelta
from desktop_app.ui import main_window

begin = main_window.MainWindow.start
anew = sys.argv.pop(1) == "anew"

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

async def start(window):
    await begin(window)
    if anew:
        window.work._on_new()
        while window.work.page.session.messages:
            await asyncio.sleep(0.01)
    session = window.work.page.session
    say("opened", session.messages[-1].state if session.messages else "empty")
    shown = [0, 0]

    def watch(event):
        if isinstance(event, DeltasArrived):
            for delta in event.deltas:
                if isinstance(delta, ThinkingDelta): shown[0] += len(delta.text)
                if isinstance(delta, TextDelta): shown[1] += len(delta.text)
            say("shown", time.monotonic(), *shown)

    session.subscribe(watch)
    window.work.page.composer.submitted.emit("Count, please.")

main_window.MainWindow.start = start
from desktop_app.__main__ import main
raise SystemExit(main(sys.argv[1:]))
"""


@dataclass
class Tally:
    """What came of all kills.

    Attributes:
        kills: How many there were.
        in_stream: How many of them hit an answer that was being shown.
        ages: Seconds for which the oldest text that was lost had been shown, one for each of these.
    """

    kills: int = 0
    in_stream: int = 0
    ages: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        ages = sorted(self.ages) or [0.0]
        return (
            f"{self.kills} kills, {self.in_stream} in an answer; the oldest text lost had been shown "
            f"for {ages[len(ages) // 2] * 1000:.0f} ms (median), {ages[-1] * 1000:.0f} ms (longest), "
            f"{sum(age > PROMISED for age in ages)} times for more than {PROMISED * 1000:.0f} ms"
        )


def expected(number: int) -> tuple[str, str]:
    """What the answer to question ``number`` says, thinking and text."""
    thinking = "".join(f"t{number}.{word} " for word in range(WORDS // 8))
    return thinking, "".join(f"{number}.{word} " for word in range(WORDS))


def answer(number: int, chance: random.Random) -> Reply:
    thinking, text = expected(number)
    events = [Think(f"{word} ") for word in thinking.split()]
    events += [Say(f"{word} ") for word in text.split()]
    fast = chance.random() < 0.3
    pace = Pacing(0.0, 0.0, 0.0005) if fast else Pacing(0.0, 0.0005, 0.006, seed=number)
    return Reply(events, pacing=pace)


@dataclass(frozen=True)
class Shown:
    """What the window had shown at a moment: characters of thinking and of text."""

    at: float
    thinking: int
    text: int


class Run:
    """One start of the program, up to its end by SIGKILL."""

    def __init__(self, folder: Path, server: DemoServer, *, anew: bool) -> None:
        variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "torture"}
        self._errors = folder / "errors.txt"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    CHILD,
                    "anew" if anew else "on",
                    "--data-dir",
                    folder / "data",
                ],
                env=environment(folder, QT_QPA_PLATFORM="offscreen", **variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
            )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout.fileno()
        self._said = b""

    @property
    def lines(self) -> list[list[str]]:
        """What it has said so far, whole lines only."""
        whole = self._said[: self._said.rfind(b"\n") + 1]
        return [line.split() for line in whole.decode().splitlines()]

    @property
    def shown(self) -> list[Shown]:
        return [
            Shown(float(words[1]), int(words[2]), int(words[3]))
            for words in self.lines
            if words[0] == "shown"
        ]

    def wait_for(self, word: str) -> None:
        """Read until it says a line that begins with ``word``."""
        deadline = time.monotonic() + PATIENCE
        while not any(words[0] == word for words in self.lines):
            if not self._read(deadline - time.monotonic()):
                self.kill()
                raise AssertionError(f"it never said {word}: {self._errors.read_text()}")

    def wait(self, seconds: float) -> None:
        """Read for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self._read(left):
            pass

    def kill(self) -> float:
        """Kill it; return the monotonic time just before."""
        at = time.monotonic()
        self._process.send_signal(signal.SIGKILL)
        rest, _ = self._process.communicate()
        self._said += rest
        assert self._process.returncode == -signal.SIGKILL, "it had ended by itself"
        return at

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._pipe], [], [], max(0.0, seconds))
        if not ready:
            return False
        data = os.read(self._pipe, 1 << 16)
        self._said += data
        return bool(data)


async def left_behind(folder: Path) -> tuple[Message, ...]:
    """Open a copy of what is left, as the next start would, and return the newest conversation."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "interleave.db"
        for suffix in ("", "-wal"):
            file = folder / "data" / f"interleave.db{suffix}"
            if file.exists():
                shutil.copyfile(file, path.with_name(path.name + suffix))
        opening = await open_storage(path)
        assert opening.problem is None, opening.sentence
        store = SqliteConversationStore(opening.database)
        listed = await store.list_conversations()
        branch = await store.load_branch(listed[0].id) if listed else ()
        await opening.database.aclose()
        connection = apsw.Connection(str(path))
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        assert damaged_messages(connection) == 0
        connection.close()
        return branch


def lost_since(shown: Sequence[Shown], last: Message, killed_at: float) -> float:
    """Seconds for which the oldest text that ``last`` lacks had been shown."""
    for moment in shown:
        if moment.thinking > len(last.thinking) or moment.text > len(last.text):
            return max(0.0, killed_at - moment.at)
    return 0.0


def torture(count: int, seed: int) -> Tally:
    """Kill the program ``count`` times.

    Raises:
        AssertionError: When anything that was promised does not hold.
    """
    chance, tally = random.Random(seed), Tally()
    before: tuple[Message, ...] = ()
    turn = Reply()
    with tempfile.TemporaryDirectory() as home, DemoServer(answer=lambda _: turn) as server:
        folder = Path(home)
        while tally.kills < count:
            number, anew = tally.kills, tally.kills % TURNS_OF_A_CONVERSATION == 0
            turn = answer(number, chance)
            run = Run(folder, server, anew=anew)
            early = chance.random() < 0.1
            if early:
                run.wait(chance.uniform(0, 1.5))
            else:
                run.wait_for("shown")
                run.wait(chance.uniform(0, 1.0))
            killed_at = run.kill()
            tally.kills += 1
            opened = [words[1] for words in run.lines if words[0] == "opened"]
            # One that was killed before it had shown anything left a conversation that nobody has
            # written in, and is followed by a new one.
            anew = anew or opened == ["empty"]
            if opened and not anew:
                assert opened == [before[-1].state.value], "the window shows what was left"
            branch = asyncio.run(left_behind(folder))
            shown = run.shown
            if not shown:
                before = branch or before
                continue
            tally.in_stream += 1
            last = branch[-1]
            assert last.state is MessageState.INTERRUPTED
            thinking, text = expected(number)
            # A beginning of what was sent: nothing twice, nothing out of its order, no gap.
            assert thinking.startswith(last.thinking)
            assert text.startswith(last.text)
            age = lost_since(shown, last, killed_at)
            tally.ages.append(age)
            assert age < ALLOWED, f"lost what had been shown for {age:.2f} s"
            if not anew:
                assert [m.id for m in branch[: len(before)]] == [m.id for m in before]
                assert [m.parts for m in branch[: len(before)]] == [m.parts for m in before]
            before = branch
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args()
    logging.getLogger("desktop_app").setLevel(logging.ERROR)
    print(f"seed {chosen.seed}", flush=True)
    print(torture(chosen.count, chosen.seed))


if __name__ == "__main__":
    main()
