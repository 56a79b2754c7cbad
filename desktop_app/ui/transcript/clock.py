"""One frame clock for all views: streamed text is taken in at most once per frame.

The first delta after a pause is taken at once (leading edge); while frames are dear the clock
slows down, so that painting never starves the rest of the program.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer

FRAME_SECONDS = 0.016
DEAR_SECONDS = 0.008
"""A frame that takes more of the processor stretches the next one to four times as much. Time in
which other programs had the processor does not count, or a busy machine would show text even later."""
LONGEST_FRAME_SECONDS = 0.25


class FrameClock(QObject):
    """Calls each requested callback once, at the next frame."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Callable[[], None], None] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._next_frame = 0.0

    def request(self, callback: Callable[[], None]) -> None:
        """Call `callback` at the next frame, or now if the last frame is long enough ago."""
        self._waiting[callback] = None
        if self._timer.isActive():
            return
        wait = self._next_frame - time.perf_counter()
        if wait <= 0:
            self._tick()
        else:
            self._timer.start(max(1, round(wait * 1000)))

    def is_due(self) -> bool:
        """Whether a request would be served at once."""
        return not self._timer.isActive() and time.perf_counter() >= self._next_frame

    def cancel(self, callback: Callable[[], None]) -> None:
        """Forget a request."""
        self._waiting.pop(callback, None)

    def _tick(self) -> None:
        begun, spent = time.perf_counter(), time.thread_time()
        waiting, self._waiting = self._waiting, {}
        for callback in waiting:
            callback()
        cost = time.thread_time() - spent
        pause = FRAME_SECONDS if cost < DEAR_SECONDS else min(4 * cost, LONGEST_FRAME_SECONDS)
        self._next_frame = begun + pause
        if self._waiting and not self._timer.isActive():
            wait = self._next_frame - time.perf_counter()
            self._timer.start(max(1, round(wait * 1000)))


def frame_clock() -> FrameClock:
    """The clock of this application."""
    application = QCoreApplication.instance()
    clock = application.findChild(FrameClock, "frame-clock") if application else None
    if clock is None:
        clock = FrameClock(application)
        clock.setObjectName("frame-clock")
    return clock
