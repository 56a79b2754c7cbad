"""How much of a text that grew looks as it did before, so that only the rest is painted anew."""

from __future__ import annotations

from PySide6.QtGui import QTextLayout

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Look, RichText

_BREAKS = (" ", "\n")
_REACH = 200
"""Letters back to which a blank is looked for."""
_CHIPS = Look.CHIP | Look.CODE
"""Looks that move the letter before them as well."""


def last_break(text: str) -> int:
    """A place whose line stays where it is, and all lines above it, when more text follows.

    The last word may move to the next line when it grows; the blank before it stays. In code points;
    0 where no blank is near.
    """
    blank, newline = (text.rfind(each, max(0, len(text) - _REACH)) for each in _BREAKS)
    return max(blank, newline + 1, 0)


def unchanged_until(old: RichText, new: RichText) -> int:
    """How many letters of a text, in code points, look in `new` as they did in `old`."""
    if not new.text.startswith(old.text) or utf16.has_right_to_left(new.text):
        return 0
    until = len(old.text)
    for number, span in enumerate(new.spans):
        if span.look & Look.MATHS:
            return 0  # It may have been set since.
        if span.start > until:
            break
        if span.look & _CHIPS and span.end >= until - 1:
            return max(0, span.start - 1)
        before = old.spans[number] if number < len(old.spans) else None
        if before != span:
            is_longer = before is not None and (before.start, before.look) == (
                span.start,
                span.look,
            )
            return span.start if not is_longer or before is None else min(before.end, span.end)
    return until if len(old.spans) <= len(new.spans) else 0


def first_changed_line(layout: QTextLayout, text: str, until: int) -> int:
    """The UTF-16 offset where the first line begins that may look another way.

    `text` is what is laid out, of which the first `until` letters look as before.
    """
    place = last_break(text[:until])
    if place:
        return utf16.length(text[:place])
    line = layout.lineForTextPosition(utf16.length(text[:until]))
    above = line.lineNumber() - 1 if line.isValid() else 0
    return layout.lineAt(above).textStart() if above > 0 else 0
