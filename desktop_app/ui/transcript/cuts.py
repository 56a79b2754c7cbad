"""Where a paragraph without end is cut: between sentences, with no inline syntax open.

Every cut depends on the text alone, never on how it was chunked on the wire.
"""

from __future__ import annotations

import re

from desktop_app.domain.graphemes import boundary_before

PARAGRAPH_WINDOW = 1_400
"""A paragraph of this many UTF-8 bytes is cut at the last good place in it: about 1 ms to lay out.
Bytes, since a Chinese character takes three of them and costs three Latin letters to shape."""
CHAPTER = 4_200
"""A paragraph that never ends is cut in chapters of about this many bytes too. Where depends on the
text around the place alone, so that one can read on from there; and a chapter starts a line of its
own, while the pieces in it continue the line before them, which must be laid out first."""
CHAPTER_WINDOW = 560
_STAND_IN = "a"
"""Stands for what cannot be drawn where text is cut: one byte, like most of what it stands for."""
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|[。！？；][”’」』）]?|\n")
_BLANK = re.compile(r"\s")
_CONTINUATION = bytes(range(0x80, 0xC0))
_NEAR_END = 240


def paragraph_cut(text: str, start: int, before: int) -> tuple[int, bool]:
    """How much of a growing paragraph to cut off next, and whether a chapter ends there.

    Args:
        text: The paragraph, or a part of it.
        start: Where in `text` the part begins that is not cut off yet.
        before: Bytes of the paragraph that are.

    Returns:
        Characters from `start` on; 0 while there is too little to decide.
    """
    chapter = (before // CHAPTER + 1) * CHAPTER - before
    if chapter <= CHAPTER_WINDOW:
        chapter += CHAPTER  # The end of the one before lies behind already.
    is_near = chapter <= PARAGRAPH_WINDOW + CHAPTER_WINDOW
    needed = chapter if is_near else PARAGRAPH_WINDOW
    if (len(text) - start) * 4 < needed:
        return 0, False
    units = weighed(text[start : start + needed])[:needed]
    if len(units) < needed:
        return 0, False
    if is_near:
        end = chapter_cut(units)
        if end <= PARAGRAPH_WINDOW:
            return len(units[:end].decode()), True
        units = units[: min(PARAGRAPH_WINDOW, chapter - CHAPTER_WINDOW - 1)]
    return soft_cut(units.decode(errors="ignore")), False


def weighed(text: str) -> bytes:
    """The bytes by which drawn text is cut: UTF-8, but one for each sign of what cannot be drawn.

    Nearly all that cannot be drawn is a control character, which is one byte too: how many there are
    of a text that was not drawn yet, its own UTF-8 tells.
    """
    if text.isascii() or "\ufffd" not in text:
        return text.encode()
    return text.replace("\ufffd", _STAND_IN).encode()


def chapter_cut(units: bytes) -> int:
    """Where in a text that ends at a chapter's last byte its chapter is cut, in bytes."""
    window = units[-CHAPTER_WINDOW:]
    head = len(window) - len(window.lstrip(_CONTINUATION))
    cut = soft_cut(window.decode(errors="ignore"))
    start = len(units) - len(window) + head
    return start + len(window.decode(errors="ignore")[:cut].encode())


def soft_cut(window: str) -> int:
    """Where to cut a paragraph, given its next window.

    The last sentence end, or else the last blank, at which no inline syntax is open; a fixed
    place, moved off what is drawn as one character, where the text has neither.
    """
    earliest = len(window) // 2
    for pattern in (_SENTENCE_END, _BLANK):
        # The last one is nearly always near the end: looking there first saves three quarters.
        for start in (max(earliest, len(window) - _NEAR_END), earliest):
            places = [found.end() for found in pattern.finditer(window, start)]
            for place in reversed(places[-24:]):
                if _is_balanced(window[:place]):
                    return place
        if places and pattern is _BLANK:
            return places[-1]
    place = len(window) * 5 // 7
    return boundary_before(window, place, earliest)


def _is_balanced(text: str) -> bool:
    if text.count("`") % 2 or text.count("*") % 2 or text.count("~~") % 2:
        return False
    if text.count("\\(") != text.count("\\)"):
        return False
    return text.count("[") == text.count("]") and not text.count("$") % 2
