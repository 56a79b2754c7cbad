"""How many tokens a text takes, estimated by the scripts it is written in. Pure, and cheap.

The vocabulary of MiniMax's models is in no package, and nothing is fetched for counting. The weights
below were fitted to the mean of three public vocabularies of its kind (o200k, Qwen 3, DeepSeek V3)
over 975 pieces of 800 characters. Of English, simplified Chinese, Japanese, Korean, program code, JSON
and Markdown the sum of all pieces was within 10 % of each of the three; of other languages mostly within
15 %, of Russian, Thai, Greek and Hindi, where the three themselves are up to twice apart, within 52 %.
What the server counted corrects it: see :class:`TokenCounter`.
"""

import string
from collections.abc import Iterable, Sequence
from typing import Final

from desktop_app.chat.outgoing import Item

ERROR: Final = 0.1
"""By how much an estimate may be wrong, as a share, while no server has corrected it."""
CORRECTED_ERROR: Final = 0.05
"""The same once a server has counted a request of this conversation."""

PER_MESSAGE: Final = 4
"""Tokens that stand around each message of a request."""
PER_REQUEST: Final = 40
"""Tokens that the service adds by itself; M2 was seen with 30 to 45 on short requests."""

_LEAST_RATIO: Final = 0.5
_MOST_RATIO: Final = 2.0
_RATIOS_USED: Final = 5

_WEIGHTS: Final = (
    (string.ascii_letters.encode(), 0.231),
    (string.digits.encode(), 0.937),
    (b" ", 0.127),
    (b"\n\t\r", 0.293),
    (string.punctuation.encode(), 0.581),
    # The first bytes of longer characters in UTF-8: each stands for one character.
    (bytes(range(0xC2, 0xCD)), 2.052),  # Latin with accents, on top of the letters around it
    (bytes(range(0xCD, 0xE0)), 0.442),  # Greek, Cyrillic, Hebrew, Arabic
    (b"\xe0", 0.586),  # scripts of India, Thai
    (b"\xe1", 0.131),  # Vietnamese, beside the letters around it
    (b"\xe2\xee\xef", 0.7),  # dashes, quotes, full-width punctuation
    (b"\xe3", 0.679),  # kana
    (bytes(range(0xE4, 0xEA)), 0.898),  # Chinese characters
    (bytes(range(0xEA, 0xEE)), 0.862),  # Hangul
    (bytes(range(0xF0, 0xF5)), 2.0),  # emoji
)


def estimate(text: str) -> int:
    """Return about how many tokens ``text`` takes; 35 MB of mixed scripts take a second of processor time."""
    data = text.encode("utf-8", "surrogatepass")
    length = len(data)
    # Deleting bytes and looking how many are left is the fastest way of counting them.
    tokens = sum(
        weight * (length - len(data.translate(None, members))) for members, weight in _WEIGHTS
    )
    return round(tokens) or min(1, length)


class TokenCounter:
    """Counts the items of plans, each text once.

    Attributes:
        ratio: What the server counted, divided by what was estimated for the same requests; 1 as
            long as no server has counted.
        is_corrected: Whether one has.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str, int], int] = {}
        self._ratios: list[float] = []
        self.ratio = 1.0

    @property
    def is_corrected(self) -> bool:
        """Whether a server has counted."""
        return bool(self._ratios)

    @property
    def error(self) -> float:
        """By how much a count may be wrong, as a share of it."""
        return CORRECTED_ERROR if self.is_corrected else ERROR

    def tokens(self, item: Item) -> int:
        """Return about how many tokens an item takes, corrected."""
        return round(self._estimate(item) * self.ratio)

    def total(self, items: Iterable[Item]) -> int:
        """Return about how many tokens a request of ``items`` takes; what is not sent takes none."""
        places: set[int] = set()
        tokens = PER_REQUEST
        for item in items:
            if item.sent:
                tokens += self._estimate(item)
                if item.place is not None:
                    places.add(item.place)
        return round((tokens + PER_MESSAGE * len(places)) * self.ratio)

    def correct(self, reports: Iterable[tuple[int, Sequence[Item]]]) -> None:
        """Learn from what the server counted: pairs of its count and the items of that request.

        The median of the last few decides; a count that is out of all proportion, such as one of a
        request that was not the one that is given, is not believed.
        """
        before, self.ratio = self.ratio, 1.0
        ratios = [counted / self.total(items) for counted, items in reports if counted > 0]
        believed = [ratio for ratio in ratios if _LEAST_RATIO <= ratio <= _MOST_RATIO]
        self._ratios = (believed or self._ratios)[-_RATIOS_USED:]
        # It brings decimals and fractions along, which the start goes without.
        from statistics import median

        self.ratio = median(self._ratios) if self._ratios else before

    def _estimate(self, item: Item) -> int:
        # By its text too: what still streams grows, and a draft changes under the same id.
        key = (item.message_id, item.kind.value, item.name + item.call_id, hash(item.text))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = estimate(item.text) + estimate(item.name + item.call_id)
        return found
