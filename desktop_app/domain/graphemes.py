"""Where text may be cut without splitting what a person takes for one character.

The rules of Unicode's UAX 29 as far as they matter for a cut: marks, joiners, skin tones, flags and
conjoining Hangul stay with what they belong to. Qt's own finder is not used: in Qt 6.11 it puts
boundaries between the halves of a flag, and inside a surrogate pair before some Indic letters.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_EMOJI_SHAPE = "\ufe0f"
_FLAG_HALVES = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def boundary_from(text: str, place: int) -> int:
    """The first place from `place` on at which `text` may be cut."""
    size = len(text)
    while 0 < place < size and not may_cut(text, place):
        place += 1
    return min(place, size)


def boundary_before(text: str, place: int, earliest: int) -> int:
    """The last place up to `place` at which `text` may be cut, but none before `earliest`."""
    while place > earliest and place < len(text) and not may_cut(text, place):
        place -= 1
    return place


def may_cut(text: str, place: int) -> bool:
    """Whether no character stands across a place inside `text`."""
    before, after = text[place - 1], text[place]
    if after < "\u0300" and before != _JOINER:
        return not (before == "\r" and after == "\n")
    if after in _FLAG_HALVES:
        return not ends_in_half_a_flag(text[:place])
    if before == _JOINER or after == _JOINER or _is_modifier(after):
        return False
    if unicodedata.category(after)[0] == "M":
        return False
    return not ("\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff")


def unfinished(text: str) -> int:
    """How many code points at the end may still grow into one character with what follows.

    Half a flag, or an emoji that a joiner may follow: shown at once, they would turn into something
    else before the reader's eyes. Letters do not count, although an accent could follow.
    """
    last = text[-1:]
    if last in _FLAG_HALVES:
        return int(ends_in_half_a_flag(text))
    if last < "\U0001f300" and last not in (_JOINER, _EMOJI_SHAPE):
        return 0
    start = len(text) - 1
    while start > 0 and not may_cut(text, start):
        start -= 1
    return len(text) - start


def ends_in_half_a_flag(text: str) -> bool:
    """Whether the last character is the first of two regional indicators."""
    return (len(text) - len(text.rstrip(_FLAG_HALVES))) % 2 == 1


def _is_modifier(character: str) -> bool:
    """Skin tones, and the tags that make up the flags of regions."""
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"
