"""Hostile texts in a block view, in a process of its own: `hostile_child.py SET SHARE OF`.

Shows every OF-th text of the set (a function of `hostile_corpus`) from the SHARE-th on: opens it, scrolls
through some of it, streams it into another view, and zooms. Prints a line of JSON for each text:
its name and the longest and all steps in CPU seconds of this thread. The parent kills it at a
deadline. Between two marks that only `strace` sees, nothing but the texts is worked on.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import BlockView, Entry, EntryKind
from tests.ui.transcript import hostile_corpus

IDLE_SECONDS = 0.08
"""Long enough for work ahead of time to begin, which waits until the view has rested."""
NOTHING = 0.0005
"""Seconds of a turn of the loop in which nothing was to do."""
MARK = "/mark-of-the-hostile-child"
DELTAS = 12
WARM_UP = "Words, **bold**, `code`, 汉字, العربية, ภาษาไทย, 👩 [a](https://b.c) $x$\n\n```py\nx = 1\n```\n"


def main() -> None:
    """Show the texts of one share."""
    kind, share, shares = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    application = QApplication([])
    run(application, WARM_UP * 3)
    mark()
    for name, make in islice(getattr(hostile_corpus, kind)(), share, None, shares):
        print(json.dumps([name, *run(application, make())]), flush=True)
    mark()


def mark() -> None:
    with suppress(OSError):
        os.open(MARK, os.O_RDONLY)


def run(application: QApplication, text: str) -> tuple[float, list[float]]:
    """The longest step of one text, and all."""
    steps: list[float] = []

    def step(act: Callable[[], object]) -> None:
        begun = time.thread_time()
        act()
        application.processEvents()
        cost = time.thread_time() - begun
        if cost > NOTHING:
            steps.append(cost)

    opened = shown_view()
    step(lambda: opened.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", text)]))
    bar = opened.verticalScrollBar()
    for place in (0.0, 0.5, 1.0):
        step(lambda place=place: bar.setValue(int(bar.maximum() * place)))
    for _ in range(3):
        step(lambda: bar.setValue(bar.value() - 500))
    step(lambda: opened.set_zoom(1.2))
    idle_until = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < idle_until:
        step(lambda: None)
    opened.close()
    opened.deleteLater()

    streamed = shown_view()
    streamed.append_entry(Entry("a", EntryKind.ASSISTANT, "MiniMax", "", streaming=True))
    # A frame never brings more than this much: the fastest server sends a few hundred a frame.
    start = max(0, len(text) - DELTAS * 2_000)
    for begin in range(start, len(text), 2_000):
        step(lambda begin=begin: stream(streamed, text[begin : begin + 2_000]))
    step(lambda: streamed.finish_entry("a"))
    streamed.close()
    streamed.deleteLater()
    return max(steps), steps


def shown_view() -> BlockView:
    view = BlockView()
    view.resize(700, 600)
    view.show()
    return view


def stream(view: BlockView, text: str) -> None:
    view.append_text("a", text)
    view.take_in_deltas()


if __name__ == "__main__":
    main()
