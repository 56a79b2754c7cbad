"""Between Python's code points and Qt's UTF-16 offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LEFTWARD = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def length(text: str) -> int:
    """UTF-16 units in `text`."""
    return len(text) if _is_narrow(text) else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, start: int, end: int) -> str:
    """The part of `text` between two UTF-16 offsets."""
    if _is_narrow(text):
        return text[start:end]
    units = text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end]
    return units.decode("utf-16-le", "replace")


def index(text: str, offset: int) -> int:
    """The code point index of a UTF-16 offset; inside a pair, that of the pair's end."""
    return offset if _is_narrow(text) else len(cut(text, 0, offset))


def offsets(text: str) -> Callable[[int], int]:
    """A function from code point indices of `text` to UTF-16 offsets."""
    if _is_narrow(text):
        return _same
    table = [0]
    for character in text:
        table.append(table[-1] + (2 if character > "\uffff" else 1))
    return table.__getitem__


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    if text.isascii():
        return False
    for character in text[:200]:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def has_right_to_left(text: str) -> bool:
    """Whether any letter of a right-to-left script, or a sign that reverses text, occurs."""
    return not text.isascii() and _LEFTWARD.search(text) is not None


def _same(index: int) -> int:
    return index


def _is_narrow(text: str) -> bool:
    return text.isascii() or max(text, default="") <= "\uffff"
