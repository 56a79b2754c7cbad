"""How fast text that came in a lump is shown: evenly, and never long after it came.

The service's main back end sends about a hundred characters every 0.3 to 0.5 s; painted as they
come, an answer jerks. A `Pacer` gives them out in small steps instead, each lump within the time
that the last lumps took to follow one another, and at the latest `LAG_SECONDS` after it came. What
comes in small pieces is given out at once. Pure arithmetic on text and seconds; no clock, no view.
"""

from __future__ import annotations

import re

from desktop_app.domain.graphemes import boundary_from, unfinished

LAG_SECONDS = 0.26
"""No character waits longer; with a step and a frame on top it is on the screen within 300 ms."""
STEP_SECONDS = 0.033
"""The pause between two steps. Half the frames of the screen: as even to the eye, at half the cost."""
COARSE = 24
"""Characters up to which a piece counts as small."""
_WORD = 18
"""A step is made longer by at most this much in order to end with a word: a word that grows at the
end of a line would jump to the next one."""
_WORD_END = re.compile(r"\s+")


class Pacer:
    """The text of one entry that came and is not shown yet."""

    def __init__(self, *, is_smooth: bool) -> None:
        self._is_smooth = is_smooth
        self._text = ""
        self._due: list[tuple[int, float]] = []
        self._came_at = 0.0
        self._interval = LAG_SECONDS

    @property
    def is_waiting(self) -> bool:
        """Whether there is text that was not given out."""
        return bool(self._text)

    def put(self, text: str, now: float) -> None:
        """Text that came at `now` (seconds of any steady clock)."""
        if self._came_at:
            since = min(LAG_SECONDS, now - self._came_at)
            self._interval = (self._interval + since) / 2
        self._came_at = now
        self._text += text
        is_lump = len(text) > COARSE and self._interval > 2 * STEP_SECONDS
        if self._is_smooth and (is_lump or self._due):
            self._due.append((len(self._text), now + self._interval))

    def take(self, now: float) -> str:
        """The text to show at `now`; the rest waits for the next step."""
        text = self._text
        place = len(text)
        if self._due:
            # Each lump has its own deadline; the pace is that of the most urgent one.
            place = max(
                round(end * min(1.0, STEP_SECONDS / max(STEP_SECONDS, due - now)) + 0.5)
                for end, due in self._due
            )
            place = _good_place(text, min(place, len(text)))
        if place == len(text) and now - self._came_at < LAG_SECONDS:
            place -= unfinished(text)
        self._text = text[place:]
        self._due = [(end - place, due) for end, due in self._due if end > place]
        return text[:place]

    def take_all(self) -> str:
        """Everything that waits."""
        text, self._text = self._text, ""
        self._due.clear()
        return text


def _good_place(text: str, place: int) -> int:
    """The first place from `place` on that ends a word, or else a character as people count them."""
    if place >= len(text) or text[place - 1 : place].isspace():
        return place
    word_end = _WORD_END.search(text, place, min(len(text), place + _WORD))
    if word_end is not None:
        return word_end.end()
    return boundary_from(text, place)
