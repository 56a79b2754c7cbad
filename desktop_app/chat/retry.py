"""Whether and when a refused request is sent once more without being asked.

Pure: it is told what happened and says how long to wait. It must never speak for a request that the
server may have worked on, because that one can have been billed already: connections that broke,
answers that came late, and everything after the first visible token are for the person to repeat.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.errors import ErrorKind, ErrorRecord

_RATE_CODES: Final = frozenset({1002, 2045, 2062})
_SERVER_CODES: Final = frozenset({1000, 1001})
_SPREAD: Final = 0.25
_LATEST_AFTER_PROMISE: Final = 1.0
"""Seconds by which a promised moment is passed at most, so that not all clients come at once."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Says how long to wait before a request is repeated.

    Attributes:
        tries: Requests in all, the first one included.
        first: Seconds before the second request; each further wait is twice as long.
        longest: The longest wait of our own choosing, in seconds.
        longest_told: The longest wait that a server may ask for, in seconds; beyond it the failure
            is shown instead.
        chance: A number from 0 up to 1, for the jitter.
        is_wanted: Whether the person wants this at all; asked each time.
    """

    tries: int = 4
    first: float = 1.0
    longest: float = 30.0
    longest_told: float = 120.0
    chance: Callable[[], float] = random.random
    is_wanted: Callable[[], bool] = _always

    def seconds_to_wait(self, error: ErrorRecord, attempt: int, now: float) -> float | None:
        """Return the seconds until the next request, or ``None`` to show the failure.

        Args:
            error: Why the request failed; nothing of an answer has been seen.
            attempt: How many requests were made, this one included.
            now: Seconds since the Unix epoch.
        """
        if attempt >= self.tries or not is_passing(error) or not self.is_wanted():
            return None
        if error.retry_at is not None and error.retry_at > now:
            told = error.retry_at - now
            if told > self.longest_told:
                return None
            return told + min(told * _SPREAD, _LATEST_AFTER_PROMISE) * self.chance()
        wait = min(self.first * 2.0 ** (attempt - 1), self.longest)
        return min(wait * (1 - _SPREAD + 2 * _SPREAD * self.chance()), self.longest)


def is_passing(error: ErrorRecord) -> bool:
    """Whether the server refused for a reason that goes away by itself.

    MiniMax's number decides where there is one: the same status comes with failures that pass and
    with some that do not (a used-up plan is a 429 too, a used-up balance was a 500 once).
    """
    status = error.status or 0
    match error.kind:
        case ErrorKind.RATE_LIMIT:
            return error.code in _RATE_CODES or (error.code is None and status == 429)
        case ErrorKind.OVERLOADED:
            return True
        case ErrorKind.SERVER:
            return error.code in _SERVER_CODES or status >= 500
        case _:
            return False
