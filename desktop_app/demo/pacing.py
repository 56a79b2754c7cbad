"""How fast an answer comes and in which pieces: as the live host sends it, or at once.

The figures follow recordings: a first piece of one to three tokens, then some 20 to 100
characters. The gaps are shorter than the live ones so that a demo does not drag.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Pacing:
    """Waits of a stream, in seconds.

    Attributes:
        first: before the first chunk.
        shortest: the least gap between two chunks.
        longest: the greatest.
        seed: the gaps are drawn from this, so that a run can be repeated.
    """

    first: float = 0.0
    shortest: float = 0.0
    longest: float = 0.0
    seed: int = 0

    def waits(self) -> Iterator[float]:
        """The wait before each chunk, without end."""
        yield self.first
        draw = random.Random(self.seed)  # noqa: S311 - rhythm, not a secret
        while True:
            yield draw.uniform(self.shortest, self.longest)


AT_ONCE: Final = Pacing()
LIFELIKE: Final = Pacing(first=0.6, shortest=0.06, longest=0.15)


def whole(text: str) -> list[str]:
    """The text as one piece."""
    return [text] if text else []


def coarse(text: str) -> list[str]:
    """Pieces like the live host's: a very short one, then 20 to 100 characters each."""
    pieces: list[str] = []
    draw = random.Random(len(text))  # noqa: S311
    wide = bool(text) and ord(text[0]) >= 0x2E80
    size = 2 if wide else max(text.find(" ", 1), 3)
    start = 0
    while start < len(text):
        pieces.append(text[start : start + size])
        start += size
        # A Chinese character carries about as much as a short word does.
        size = draw.randint(8, 40) if wide else draw.randint(20, 100)
    return pieces


def characters(text: str) -> list[str]:
    """One character a piece: the finest cut that still is text."""
    return list(text)
