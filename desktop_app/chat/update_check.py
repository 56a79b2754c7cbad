"""Whether a newer version is out: asked at most once a day, and only where the person wants it."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from desktop_app.domain.release import Release, is_newer

DAY: Final = 24 * 60 * 60.0


class UpdateCheck:
    """Looks for a newer version.

    Args:
        newest: Asks for the newest release; ``None`` when there is no word of one.
        is_wanted: Whether the person turned this on.
        asked_at: When it was asked for last, in seconds since the Unix epoch.
        note_asked: Takes the time of an asking, before it.
        version: Of this program.
        clock: Seconds since the Unix epoch.
    """

    def __init__(
        self,
        newest: Callable[[], Awaitable[Release | None]],
        *,
        is_wanted: Callable[[], bool],
        asked_at: Callable[[], float],
        note_asked: Callable[[float], None],
        version: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._newest = newest
        self._is_wanted = is_wanted
        self._asked_at = asked_at
        self._note_asked = note_asked
        self._version = version
        self._clock = clock

    async def look(self) -> Release | None:
        """Return a newer release; ``None`` when there is none, or this is not the time to ask."""
        now = self._clock()
        # A time in the future is that of a clock that was wrong.
        if not self._is_wanted() or 0 <= now - self._asked_at() < DAY:
            return None
        # Noted first: a program that is started and left again and again asks no more often.
        self._note_asked(now)
        found = await self._newest()
        if found is None or not is_newer(found.version, self._version):
            return None
        return found
