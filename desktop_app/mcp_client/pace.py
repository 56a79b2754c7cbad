"""Lets a server say much at once, and no more than so much in the long run.

A message costs 0.1 ms of the window's thread: one that never stops talking would take a whole core.
Who reads no faster is waited for by the pipe, and in the end by the server itself.
"""

import time
from collections.abc import Callable
from typing import Final

BURST: Final = 2_000
PER_SECOND: Final = 1_000


class Pace:
    """A bucket of ``burst`` messages that fills with ``per_second``."""

    def __init__(
        self,
        burst: int = BURST,
        per_second: int = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._left, self._at = float(burst), clock()

    def delay(self) -> float:
        """Count one message; how many seconds to wait before the next."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        self._left -= 1
        # Seldom and longer rather than often and short: each wait is a timer of the loop.
        return 0.0 if self._left > -self._per_second / 50 else -self._left / self._per_second
