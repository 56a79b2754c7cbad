"""What the benchmarks of the transcript share: shapes of text, shown views, and the printed rows."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui.transcript import BlockView, Entry, EntryKind

WIDTH, HEIGHT = 900, 800
DELTA_CHARACTERS = 12

MIXED = (
    "The river kept its own counsel that winter, and the **town** learned to do the same. "
    "Some said it was the `cold`; others blamed the new mill.\n\n"
    "- a point that is made briefly\n- another one, with *emphasis*\n\n"
    "```python\ndef total(values):\n    return sum(value for value in values if value)\n```\n\n"
    "| name | count |\n|------|------:|\n| apples | 12 |\n| pears | 7 |\n\n"
    "这是一个关于河流的故事，冬天来得很早。\n\n"
)
PROSE = "And the story went on and on, as such stories do, and nobody minded. " * 4 + "\n\n"
SHAPES: dict[str, tuple[str, str]] = {
    "mixed": ("", MIXED),
    "prose": ("", PROSE),
    "one paragraph": ("", "And the story went on and on, as such stories do. "),
    "one Chinese paragraph": ("", "这是一个很长的段落，没有换行，也没有空格。"),
    "code": ("```python\n", "    value = compute(value, 42)  # and so on\n"),
    "list": ("", "- an item with a few words in it\n"),
    "table": ("| a | b | c |\n|---|---|---|\n", "| one cell | another | a third with words |\n"),
    "one line without spaces": ("", "abcdefghij"),
    "one line of code": ("```\n", "x = 1; "),
}
"""An opener, and what is repeated without end."""

ENDLESS = tuple(name for name in SHAPES if name not in ("mixed", "prose"))


def application() -> QApplication:
    """The application, with garbage collected as the program does it: never in between."""
    app = QApplication(sys.argv[:1])
    app.setFont(QFont("Noto Sans", 10))
    view = shown_view([answer(text_of("mixed", 3_000)), answer("אב 👩 ไทย عرب 汉字", "b")])
    settle(app, 1.0)
    view.close()
    view.deleteLater()
    gc.collect()
    gc.freeze()
    gc.disable()
    return app


def text_of(shape: str, length: int) -> str:
    """A text of one shape with about `length` characters."""
    opener, unit = SHAPES[shape]
    return (opener + unit * (length // len(unit) + 1))[:length]


def answer(text: str, identifier: str = "a", *, streaming: bool = False) -> Entry:
    return Entry(identifier, EntryKind.ASSISTANT, "MiniMax", text, streaming=streaming)


def conversation(count: int) -> list[Entry]:
    """Questions and answers in turn."""
    kinds = (EntryKind.ASSISTANT, EntryKind.USER)
    return [Entry(str(n), kinds[n % 2], "Name", f"{n}. {MIXED}") for n in range(count)]


def shown_view(entries: list[Entry] | None = None) -> BlockView:
    """A view on the screen."""
    view = BlockView()
    view.resize(WIDTH, HEIGHT)
    view.show()
    QApplication.processEvents()
    if entries is not None:
        view.set_entries(entries)
        QApplication.processEvents()
    return view


def discard(widget: QWidget) -> None:
    """Take a widget away, and its garbage."""
    widget.close()
    widget.deleteLater()
    # Without a loop that runs, Qt puts off what is to be deleted later.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    gc.collect()


def settle(app: QApplication, seconds: float = 0.15) -> None:
    """Let timers, paints and work ahead run out."""
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        app.processEvents()


def deltas(shape: str) -> Iterator[str]:
    """Endless small pieces of a shape."""
    unit = SHAPES[shape][1] * 20
    while True:
        for start in range(0, len(unit), DELTA_CHARACTERS):
            yield unit[start : start + DELTA_CHARACTERS]


def cpu(app: QApplication, act: Callable[[], object]) -> float:
    """CPU milliseconds of this thread for `act` and the paint that follows."""
    begun = time.thread_time()
    act()
    app.processEvents()
    return 1000 * (time.thread_time() - begun)


class _FirstUpdate(QObject):
    """Notes when a window has been painted for the first time."""

    ended = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.UpdateRequest:
            return False
        watched.event(event)
        self.ended = self.ended or time.thread_time()
        return True


def cpu_to_paint(app: QApplication, window: QWidget, act: Callable[[], object]) -> float:
    """CPU milliseconds of this thread for `act` and all that is painted first, scroll bar included.

    What the window does when it has been painted, as colouring code, does not count.
    """
    watch = _FirstUpdate()
    window.installEventFilter(watch)
    begun = time.thread_time()
    act()
    app.processEvents()
    window.removeEventFilter(watch)
    assert watch.ended, "nothing was painted"
    return 1000 * (watch.ended - begun)


def heading(words: str) -> None:
    print(f"\n{words}")


def row(name: str, figure: str, aim: str, is_met: bool) -> None:
    """Print one figure beside its aim."""
    print(f"  {name:<44} {figure:>30}   aim {aim:<12} {'met' if is_met else 'MISSED'}")


def ratio_row(name: str, large: float, small: float, most: float, unit: str = "ms") -> None:
    """Print a ratio, and what it is one of."""
    figure = f"{large:.2f} : {small:.2f} {unit} = {large / small:.2f}x"
    row(name, figure, f"{most:g}x", large / small <= most)


def limit_row(name: str, value: float, most: float, unit: str = "ms") -> None:
    """Print a value that has a limit."""
    row(name, f"{value:.2f} {unit}", f"{most:g} {unit}", value <= most)
