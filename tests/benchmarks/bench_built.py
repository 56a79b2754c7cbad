"""The built program against the source and an empty PySide6 window: when it is there, what it holds.

    INTERLEAVE_PROGRAM=dist/interleave/interleave .venv/bin/python -m tests.benchmarks.bench_built

Each is a process of its own on a display of its own (Xvfb with openbox), the three taking turns,
once to warm up and five times to count; medians are shown. "There" is the moment at which the window
manager has put the window on the screen, told by the X server; CPU time is what the system has
counted for the process by then, elapsed time is from before it was started. Memory is the
proportional set size (PSS: a page that two processes share counts half) three seconds later, and the
part of it that is in no file. The rest is mostly Qt's libraries, which count less where another
program runs on the same files; those of the built program are its own. With 2,000 messages, the
conversation that opens at the start has them.
"""

from __future__ import annotations

import asyncio
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_database
from tests.benchmarks.transcript_kit import MIXED
from tests.servers.desktop_session import desktop_session, missing_programs
from tests.servers.program import BUILT

ROOT = Path(__file__).parents[2]
ROUNDS = 5
STARTING = 30.0
REST = 3.0
MESSAGES = 2_000
LENGTH = 400

EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1240, 800)
window.show()
app.exec()
"""


def measure(command: list[str], variables: Mapping[str, str]) -> tuple[float, ...]:
    """Return elapsed and CPU seconds until the window is there; PSS in MiB after a rest, and in no file."""
    watch = ["xprop", "-spy", "-root", "_NET_CLIENT_LIST"]
    with subprocess.Popen(watch, env=variables, stdout=subprocess.PIPE) as spy:
        assert spy.stdout is not None
        os.read(spy.stdout.fileno(), 4096)  # what is there now: nothing
        began = time.monotonic()
        with subprocess.Popen(
            command, env=variables, cwd=ROOT,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                said = b""
                while b"window id # 0x" not in said:
                    if not select.select([spy.stdout], [], [], STARTING)[0]:
                        raise TimeoutError(f"no window: {command}")
                    said = os.read(spy.stdout.fileno(), 4096)
                elapsed, cpu = time.monotonic() - began, cpu_seconds(process.pid)
                time.sleep(REST)
                return elapsed, cpu, pss(process.pid, "Pss"), pss(process.pid, "Pss_Anon")
            finally:
                process.terminate()
                process.wait(STARTING)
                # The next one begins with a screen on which nothing is.
                while select.select([spy.stdout], [], [], 1.0)[0]:
                    os.read(spy.stdout.fileno(), 4096)
                spy.terminate()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pss(pid: int, kind: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise LookupError("the kernel tells no PSS")


async def fill(folder: Path) -> None:
    """Write a database whose one conversation has 2,000 messages."""
    database = (await open_database(folder / "interleave.db")).database
    messages = tuple(
        Message(
            f"m{i}",
            Role.ASSISTANT if i % 2 else Role.USER,
            (Text((MIXED * 2)[i % 200 :][:LENGTH]),),
            parent=f"m{i - 1}" if i else None,
        )
        for i in range(MESSAGES)
    )
    conversation = Conversation("c", "Long", updated_at=time.time(), head=messages[-1].id)
    await SqliteConversationStore(database).add_messages(conversation, messages)
    await database.aclose()


def main() -> None:
    lacking = missing_programs()
    if BUILT is None or lacking:
        print(f"skipped: needs INTERLEAVE_PROGRAM (make dist) {' '.join(lacking)}")
        return
    with tempfile.TemporaryDirectory() as name, desktop_session(Path(name)) as desktop:
        folder = Path(name)
        (folder / "long").mkdir()
        asyncio.run(fill(folder / "long"))
        variables = {**desktop.environment, "PYTHONPATH": str(ROOT)}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        # A screen reader's tree would be part of what is measured.
        for accessibility in ("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "QT_ACCESSIBILITY"):
            variables.pop(accessibility, None)
        source = [sys.executable, "-m", "desktop_app"]
        commands = {
            "empty PySide6 window": [sys.executable, "-c", EMPTY],
            "source": [*source, "--demo", "--data-dir", str(folder / "a")],
            "built": [BUILT, "--demo", "--data-dir", str(folder / "b")],
            f"built, {MESSAGES:,} messages": [BUILT, "--demo", "--data-dir", str(folder / "long")],
        }
        found: dict[str, list[tuple[float, ...]]] = {key: [] for key in commands}
        for turn in range(ROUNDS + 1):
            for key, command in commands.items():
                row = measure(command, variables)
                if turn:
                    found[key].append(row)
    medians = {
        key: [statistics.median(values) for values in zip(*rows, strict=True)]
        for key, rows in found.items()
    }
    base = medians["empty PySide6 window"]
    for key, (elapsed, cpu, memory, anonymous) in medians.items():
        print(
            f"{key}: there after {elapsed * 1000:.0f} ms ({elapsed / base[0]:.2f}x the empty"
            f" window), CPU {cpu * 1000:.0f} ms ({cpu / base[1]:.2f}x), PSS {memory:.1f} MiB"
            f" ({memory - base[2]:+.1f}), {anonymous:.1f} in no file ({anonymous - base[3]:+.1f})"
        )
    built, source_row = medians["built"], medians["source"]
    print(
        f"built against source: elapsed {built[0] / source_row[0]:.2f}x,"
        f" CPU {built[1] / source_row[1]:.2f}x"
    )


if __name__ == "__main__":
    main()
