"""How soon the window is there: CPU and elapsed time from the start of the process, in one run.

Each row is a process of its own, started seven times, the rows taking turns; the medians are shown,
and the ratio to an empty PySide6 window of the same run, which is what a machine's speed and load
leave comparable. Bytecode is allowed and warm. "Painted" is the first turn of the event loop after
the first paint event of the window, "usable" the moment the message box has the focus; both stamps
are taken inside the process by a filter of events, on the clock that the parent reads before it
starts the process. "Quit" is the time from closing the window to the end of the process.

A start among 100,000 stored messages is compared with one among 10: 1,000 conversations of 100
messages, or one of 10, with their search index, and the newest of them is shown.

Ends with an error when something heavy is loaded before the first paint.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text, Thought
from desktop_app.paths import app_paths
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import LAST_CONVERSATION
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_storage
from desktop_app.storage.search_index import index_path, open_index, until, work

ROOT = Path(__file__).parents[2]
ROUNDS = 7

HEAVY = (
    "openai",
    "httpx2",
    "pydantic",
    "keyring",
    "mcp",
    "truststore",
    "markdown_it",
    "pygments",
    "ziamath",
    "latex2mathml",
    "apsw",
    "jsonschema",
    "statistics",
    "desktop_app.composition",
    "desktop_app.chat.session",
    "desktop_app.ui.workspace",
    "desktop_app.ui.search.panel",
    "desktop_app.ui.transcript.view",
    "desktop_app.ui.settings_dialog",
    "desktop_app.ui.transfer",
    "desktop_app.ui.palette",
    "desktop_app.domain.message",
    "desktop_app.domain.search_text",
)
"""What the first paint must not wait for: libraries, and the parts that bring most of the rest."""

MOST_MODULES = 70
"""Modules of the program itself that may be loaded by then."""

STAMPS = """
import json, os, sys, time

stamps = {}

def stamp(name):
    stamps.setdefault(name, [time.clock_gettime(time.CLOCK_MONOTONIC), time.process_time()])

def tell():
    print(json.dumps(stamps), flush=True)
"""

EMPTY_WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

app = QApplication([])

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self):
        stamp("painted")
        stamp("closed")
        app.quit()

window = Window()
window.resize(1240, 800)
window.show()
app.exec()
tell()
"""

OUR_WINDOW = f"""
from PySide6.QtCore import QEvent, QObject, QTimer

from desktop_app.ui import main_window

heavy = {HEAVY!r}

class Watch(QObject):
    def __init__(self, window):
        super().__init__(window)
        self.window = window

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched is self.window:
            # Before anything that waits for the first paint has had its turn.
            stamps.setdefault("early", [n for n in heavy if n in sys.modules])
            stamps.setdefault("own", sum(n.startswith("desktop_app") for n in sys.modules))
            QTimer.singleShot(0, lambda: stamp("painted"))
        if event.type() == QEvent.Type.FocusIn and watched.objectName() != "watched":
            if getattr(watched, "accessibleName", str)() == "Message":
                QTimer.singleShot(0, self.usable)
        return False

    def usable(self):
        stamp("usable")
        QTimer.singleShot(LINGER_MS, self.close)

    def close(self):
        stamps["late"] = [n for n in heavy if n in sys.modules]
        stamp("closed")
        self.window.close()

make = main_window.MainWindow.__init__

def __init__(window, *given):
    make(window, *given)
    from PySide6.QtWidgets import QApplication

    window.watch = Watch(window)
    QApplication.instance().installEventFilter(window.watch)

main_window.MainWindow.__init__ = __init__
from desktop_app.__main__ import main

status = main(sys.argv[1:])
tell()
raise SystemExit(status)
"""

IMPORT = """
import {module}
stamp("closed")
tell()
"""


def program(folder: str, linger: int = 0) -> list[str]:
    code = STAMPS + OUR_WINDOW.replace("LINGER_MS", str(linger))
    return ["-c", code, "--data-dir", folder]


FEW, MANY = "our window, 10 stored messages", "our window, 100,000 stored messages"
WORDS = "Tea comes from a plant, and the water makes the rest of it. " * 4


async def fill(folder: Path, conversations: int, length: int) -> None:
    """Store so many conversations of so many messages, with their index, for a program's start."""
    paths = app_paths(folder)
    paths.create()
    opening = await open_storage(paths.database, paths.backups)
    store = SqliteConversationStore(opening.database)
    name = ""
    for number in range(conversations):
        name = f"c{number}"
        messages = [
            Message(
                f"{name}-{place}",
                Role.ASSISTANT if place % 2 else Role.USER,
                (Thought(WORDS, 1.0), Text(WORDS)) if place % 2 else (Text(WORDS),),
                parent=f"{name}-{place - 1}" if place else None,
            )
            for place in range(length)
        ]
        conversation = Conversation(name, name, updated_at=number, head=messages[-1].id)
        await store.add_messages(conversation, messages)
    await opening.database.aclose()
    index = open_index(index_path(paths.database), paths.database)
    while not work(index, until(5)).is_done:
        pass
    index.close()
    SettingsStore(paths.settings).set(LAST_CONVERSATION, name)


def rows(folder: str) -> dict[str, list[str]]:
    """Return what is measured, by name: the arguments of a Python process."""
    return {
        "python -c pass": ["-c", "pass"],
        "interleave --version": ["-m", "desktop_app", "--version"],
        "empty PySide6 window": ["-c", STAMPS + EMPTY_WINDOW],
        "our window": program(folder),
        "our window, left once all is loaded": program(folder, linger=2500),
        FEW: program(f"{folder}-few"),
        MANY: program(f"{folder}-many"),
        "import PySide6.QtWidgets": ["-c", STAMPS + IMPORT.format(module="PySide6.QtWidgets")],
        "import desktop_app.app": ["-c", STAMPS + IMPORT.format(module="desktop_app.app")],
        "import openai": ["-c", STAMPS + IMPORT.format(module="openai")],
        "import keyring": ["-c", STAMPS + IMPORT.format(module="keyring")],
    }


def environment(home: str) -> dict[str, str]:
    """Return the variables of a process: no display, no key, a server that nobody runs."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "MINIMAX_", "XDG_"))
    }
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "HOME": home,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_API_KEY": "bench-key",
    }


def measure(arguments: list[str], variables: dict[str, str]) -> dict[str, Any]:
    """Run one process; times in milliseconds."""
    began = time.clock_gettime(time.CLOCK_MONOTONIC)
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    said = process.stdout.read()
    trouble = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    ended = time.clock_gettime(time.CLOCK_MONOTONIC)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode != 0:
        raise SystemExit(trouble.decode())
    last = said.decode().splitlines()[-1:] or ["{}"]
    stamps = json.loads(last[0]) if last[0].startswith("{") else {}
    result: dict[str, Any] = {
        "ended": ((ended - began) * 1000, (usage.ru_utime + usage.ru_stime) * 1000)
    }
    for name in ("painted", "usable", "closed"):
        if name in stamps:
            wall, cpu = stamps[name]
            result[name] = ((wall - began) * 1000, cpu * 1000)
    if "closed" in result:
        result["quit"] = tuple(
            end - begin for end, begin in zip(result["ended"], result["closed"], strict=True)
        )
    return result | {name: stamps[name] for name in ("early", "late", "own") if name in stamps}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        variables = environment(folder)
        data = Path(folder, "data")
        asyncio.run(fill(Path(f"{data}-few"), 1, 10))
        asyncio.run(fill(Path(f"{data}-many"), 1_000, 100))
        todo = rows(str(data))
        for arguments in todo.values():
            measure(arguments, variables)
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in todo}
        for _ in range(ROUNDS):
            for name, arguments in todo.items():
                found[name].append(measure(arguments, variables))

    def median(name: str, moment: str) -> tuple[float, float]:
        wall, cpu = zip(*(run[moment] for run in found[name]), strict=True)
        return statistics.median(wall), statistics.median(cpu)

    base = median("empty PySide6 window", "painted")

    def show(name: str, moment: str, label: str = "") -> None:
        wall, cpu = median(name, moment)
        print(
            f"{label or name}: CPU {cpu:.0f} ms, elapsed {wall:.0f} ms,"
            f" ratio to the empty window: CPU {cpu / base[1]:.2f}, elapsed {wall / base[0]:.2f}"
        )

    print(f"medians of {ROUNDS} processes each, in turns, Python {sys.version.split()[0]}")
    show("python -c pass", "ended")
    show("interleave --version", "ended")
    show("empty PySide6 window", "painted", "empty PySide6 window, painted")
    show("our window", "painted", "our window, painted")
    show("our window", "usable", "our window, usable")
    for moment in ("painted", "usable"):
        show(FEW, moment, f"{FEW}, {moment}")
        show(MANY, moment, f"{MANY}, {moment}")
        ratio = median(MANY, moment)[1] / median(FEW, moment)[1]
        print(f"100,000 stored messages against 10, {moment}: CPU {ratio:.2f}x")
    show("empty PySide6 window", "quit", "empty PySide6 window, quit")
    show("our window", "quit", "our window, quit at once")
    show("our window, left once all is loaded", "quit", "our window, quit once all is loaded")
    for name in todo:
        if name.startswith("import"):
            show(name, "closed")
    early = sorted({module for run in found["our window"] for module in run["early"]})
    late = sorted({m for r in found["our window, left once all is loaded"] for m in r["late"]})
    print(f"heavy and loaded before the first paint: {', '.join(early) or 'nothing'}")
    late = [module for module in late if not module.startswith("desktop_app")]
    print(f"libraries loaded two seconds later: {', '.join(late) or 'none'}")
    own = max(run["own"] for run in found["our window"])
    print(f"modules of the program loaded before the first paint: {own}")
    if early or own > MOST_MODULES or "openai" not in late:
        raise SystemExit("heavy imports stand in the way of the window")


if __name__ == "__main__":
    main()
