"""Hostile texts in a block view, in a process of its own: `hostile_child.py SET SHARE OF`.

Shows every OF-th text of the set (a function of `hostile_corpus`, or "named": those whose names come in
as lines) from the SHARE-th on: opens it, scrolls through some of it, zooms, searches it, selects and
copies, and streams it into another view. Prints a line of JSON for each text: its name, the longest and
all steps in CPU seconds of this thread, and the longest of those that move the text cursor by key, go to
a hit, or copy a part. The system kills it at a limit of processor time, the parent at a deadline.
Between two marks that only `strace` sees, nothing but the texts is worked on.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import BlockView, Entry, EntryKind
from desktop_app.ui.transcript.formulas import formulas
from desktop_app.ui.transcript.matching import Query
from tests.ui.transcript import hostile_corpus
from tests.ui.transcript.hostile_corpus import CODE

PROCESSOR_SECONDS = 400
"""Most for a share of the suite, which takes about 90; the whole corpus has a deadline for each text."""
IDLE_SECONDS = 0.08
"""Long enough for work ahead of time to begin, which waits until the view has rested."""
NOTHING = 0.0005
"""Seconds of a turn of the loop in which nothing was to do."""
MARK = "/mark-of-the-hostile-child"
DELTAS = 12
HANDLED = 30_000
"""Characters that the suite searches, selects and copies of each text but code in its languages, which
are all alike there; of the whole corpus all of each text is."""
WARM_UP = "Words, **bold**, `code`, 汉字, العربية, ภาษาไทย, 👩 [a](https://b.c) $x$\n\n```py\nx = 1\n```\n"


def main() -> None:
    """Show the texts of one share."""
    kind, share, shares = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if kind != "named":
        limit_processor_time()
    application = QApplication([])
    run(application, "", WARM_UP * 3, HANDLED)
    # As the program does it: garbage is collected when nothing else is to do, never in a step.
    gc.disable()
    mark()
    texts = asked_for() if kind == "named" else getattr(hostile_corpus, kind)()
    for name, make in islice(texts, share, None, shares):
        text = make()
        most = len(text) if kind == "named" else HANDLED if name not in CODE else 0
        print(json.dumps([name, *run(application, name, text, most)]), flush=True)
        application.processEvents()
        gc.collect()
    mark()


def asked_for() -> Iterator[tuple[str, Callable[[], str]]]:
    """The texts of the whole corpus whose names come in, a line each."""
    made = dict(hostile_corpus.everything())
    for line in sys.stdin:
        yield line.rstrip("\n"), made[line.rstrip("\n")]


def discard(view: BlockView) -> None:
    """Take a view away at once: without a loop that runs, Qt puts off what is to be deleted later."""
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def limit_processor_time() -> None:
    """Let the system end this process when it works for too long, however busy the machine is."""
    with suppress(ImportError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


def mark() -> None:
    with suppress(OSError):
        os.open(MARK, os.O_RDONLY)


def run(
    application: QApplication, name: str, text: str, most: int
) -> tuple[float, list[float], float]:
    """The longest step of one text, all steps, and the longest that goes on by key or to a hit.

    Of the text, `most` characters are searched, selected and copied.
    """
    steps: list[float] = []
    whole: list[float] = [0.0]

    def step(act: Callable[[], object]) -> None:
        begun = time.thread_time()
        act()
        application.processEvents()
        cost = time.thread_time() - begun
        if cost > NOTHING:
            steps.append(cost)

    def whole_step(act: Callable[[], object]) -> None:
        begun = time.thread_time()
        act()
        application.processEvents()
        whole.append(time.thread_time() - begun)

    opened = shown_view(name)
    step(lambda: opened.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", text)]))
    bar = opened.verticalScrollBar()
    for place in (0.0, 0.5, 1.0):
        step(lambda place=place: bar.setValue(int(bar.maximum() * place)))
    for _ in range(3):
        step(lambda: bar.setValue(bar.value() - 500))
    step(lambda: opened.set_zoom(1.2))
    idle_until = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < idle_until or formulas().is_busy():
        step(lambda: None)
    discard(opened)

    if most:
        handled = shown_view(name)
        handled.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", text[:most])])
        search(handled, step)
        select(handled, step, whole_step)
        discard(handled)

    streamed = shown_view(name)
    streamed.append_entry(Entry("a", EntryKind.ASSISTANT, "MiniMax", "", streaming=True))
    # A frame never brings more than this much: the fastest server sends a few hundred a frame.
    start = max(0, len(text) - DELTAS * 2_000)
    for begin in range(start, len(text), 2_000):
        step(lambda begin=begin: stream(streamed, text[begin : begin + 2_000]))
    step(lambda: streamed.finish_entry("a"))
    while formulas().is_busy():
        step(lambda: None)
    step(streamed.grab)
    discard(streamed)
    return max(steps), steps, max(whole)


def shown_view(name: str) -> BlockView:
    view = BlockView()
    view.set_code_look(wraps=not name.startswith("unwrapped"), folds=name.startswith("folded"))
    view.resize(700, 600)
    view.show()
    return view


Step = Callable[[Callable[[], object]], None]


def search(view: BlockView, step: Step) -> None:
    """Look for a letter in all of the text."""
    step(lambda: view.finder.search(Query("a"), leads=False))
    while view.finder.is_searching:
        step(lambda: None)


def select(view: BlockView, step: Step, whole_step: Step) -> None:
    """Walk through the text by key, go to what was found, and copy all of it."""

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        whole_step(lambda: QTest.keyClick(view, key, modifier))
        while view.waiting.is_waiting():
            step(lambda: None)

    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    for key, modifier in (
        (Qt.Key.Key_Down, shift),
        (Qt.Key.Key_Right, shift | control),
        (Qt.Key.Key_End, shift),
        (Qt.Key.Key_PageUp, shift),
        (Qt.Key.Key_Home, shift | control),
    ):
        for _ in range(3):
            press(key, modifier)
    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
    whole_step(lambda: view.finder.search(Query("a"), leads=True))
    whole_step(lambda: view.finder.step(forwards=False))
    whole_step(view.select_all)
    whole_step(view.copy_selection)
    while view.copying.is_working:
        step(lambda: None)
    view.selection.set((0, 0, 1), (0, 3, 1))
    whole_step(view.copying.copy_markdown)


def stream(view: BlockView, text: str) -> None:
    view.append_text("a", text)
    view.take_in_deltas()


if __name__ == "__main__":
    main()
