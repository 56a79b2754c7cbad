"""What text that streams costs in the block view: CPU time of a delta with its paint.

A delta must cost the same however long the answer is already, and about what appending plain text to
Qt's own plain text box costs. Run by `make bench`. Milliseconds depend on the machine; the ratios,
taken in turns within one run, are the point. Latencies are elapsed time, and want a quiet machine.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop_app.ui.transcript import BlockView
from tests.benchmarks.transcript_kit import (
    ENDLESS,
    HEIGHT,
    SHAPES,
    WIDTH,
    answer,
    application,
    deltas,
    discard,
    heading,
    limit_row,
    ratio_row,
    settle,
    shown_view,
    text_of,
)

ROUNDS = 5
DELTAS = 80
PACED = 600
PACE_SECONDS = 0.01


def main() -> None:
    """Print every figure."""
    app = application()
    heading("CPU of a delta with its paint: a long answer against a short one")
    for shape in ("mixed", "prose"):
        print_growth(app, shape, 1_000, 500_000)
    heading("... one block without end, 100,000 characters against 10,000")
    for shape in ENDLESS:
        print_growth(app, shape, 10_000, 100_000)
    heading("... against appending the same to a QPlainTextEdit, mean of all")
    for shape in SHAPES:
        print_floor(app, shape)
    heading("streaming at 100 deltas a second")
    print_paced(app)


def streaming_view(app: QApplication, shape: str, length: int) -> BlockView:
    view = shown_view([answer(text_of(shape, length), streaming=True)])
    settle(app)
    return view


def mean_cost(app: QApplication, put: Callable[[str], None], shape: str) -> float:
    """Mean CPU milliseconds of a delta, all of them counted."""
    pieces = deltas(shape)
    begun = time.thread_time()
    for _ in range(DELTAS):
        put(next(pieces))
        app.processEvents()
    return 1000 * (time.thread_time() - begun) / DELTAS


def putter(view: BlockView) -> Callable[[str], None]:
    """Puts text into a view and has it taken in at once, as a frame would."""

    def put(piece: str) -> None:
        view.append_text("a", piece)
        view.take_in_deltas()

    return put


def in_turns(app: QApplication, shape: str, puts: list[Callable[[str], None]]) -> list[float]:
    """The median cost of each way, the ways taking turns."""
    costs = [[mean_cost(app, put, shape) for put in puts] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*costs, strict=True)]


def print_growth(app: QApplication, shape: str, short: int, long: int) -> None:
    views = [streaming_view(app, shape, length) for length in (short, long)]
    small, large = in_turns(app, shape, [putter(view) for view in views])
    ratio_row(shape, large, small, 1.2)
    for view in views:
        discard(view)


def print_floor(app: QApplication, shape: str) -> None:
    view = streaming_view(app, shape, 10_000)
    box = QPlainTextEdit()
    box.resize(WIDTH, HEIGHT)
    box.setUndoRedoEnabled(False)
    box.setPlainText(text_of(shape, 10_000))
    box.show()
    settle(app)

    def append(piece: str) -> None:
        box.moveCursor(box.textCursor().MoveOperation.End)
        box.insertPlainText(piece)

    ours, floor = in_turns(app, shape, [putter(view), append])
    ratio_row(shape, ours, floor, 1.3)
    discard(view)
    discard(box)


class Paints(QObject):
    """Notes when the viewport was painted last."""

    def __init__(self, view: BlockView) -> None:
        super().__init__(view)
        self._view = view
        self.last = 0.0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._view.paintEvent(event)
            self.last = time.perf_counter()
            return True
        return super().eventFilter(watched, event)


def print_paced(app: QApplication) -> None:
    """Deltas at their times; steps of the window's thread, and from each delta to its pixels."""
    for shape in ("mixed", "one Chinese paragraph", "code", "table"):
        view = shown_view([answer(text_of(shape, 20_000), streaming=True)])
        settle(app, 0.5)
        paints, pieces = Paints(view), deltas(shape)
        steps: list[float] = []
        waits: list[float] = []
        waiting: list[float] = []
        due = time.perf_counter()
        sent = 0
        while sent < PACED or waiting:
            begun = time.thread_time()
            now = time.perf_counter()
            if sent < PACED and now >= due:
                waiting.append(now)
                view.append_text("a", next(pieces))
                sent += 1
                due = max(due + PACE_SECONDS, now)
            app.processEvents()
            steps.append(1000 * (time.thread_time() - begun))
            while waiting and waiting[0] < paints.last:
                waits.append(1000 * (paints.last - waiting.pop(0)))
        waits.sort()
        limit_row(f"{shape}: longest step", max(steps), 8)
        limit_row(f"{shape}: delta to pixels, p50", waits[len(waits) // 2], 11)
        limit_row(f"{shape}: delta to pixels, p99", waits[int(len(waits) * 0.99)], 25)
        discard(view)


if __name__ == "__main__":
    main()
