"""Collects garbage on the window's thread alone, in pauses.

Python's collector runs in whichever thread happens to make the next object. A window or a timer that
is part of a cycle would then be destroyed by the database's thread, which leaves Qt with a dangling
timer and ends the process (seen in ``QTimerInfoList::activateTimers``). It would also run in the
middle of a stream: a full round took 61 ms with the SDK loaded.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_PAUSE_MS: Final = 1000
_MANY: Final = 2000
"""New objects since the last round from which on a round is worth its while."""

_MIDDLE_EVERY: Final = 10
_FULL_EVERY: Final = 120


class IdleCollector(QObject):
    """Takes the collector's place for as long as it lives.

    Args:
        parent: Whose life it shares.
        interval: Milliseconds between two looks.
    """

    def __init__(self, parent: QObject, interval: int = _PAUSE_MS) -> None:
        super().__init__(parent)
        gc.disable()
        # What is there now stays for the whole run: no round looks at it again.
        gc.freeze()
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(interval)

    def collect(self) -> None:
        """Collect the young objects when there are many, older ones now and then."""
        if gc.get_count()[0] < _MANY:
            return
        self._rounds += 1
        if self._rounds % _FULL_EVERY == 0:
            gc.collect()
        elif self._rounds % _MIDDLE_EVERY == 0:
            gc.collect(1)
        else:
            gc.collect(0)
