"""Marks in place of hidden characters: a small box with the code point, as wide as its label.

The layout holds a letter that is not painted (`invisible.replaced`), spaced out to the width of
the box; text, offsets and what is copied stay as they are.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
)

from desktop_app.ui.theme import mix
from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Look, RichText
from desktop_app.ui.transcript.invisible import NARROW, WIDE, hidden_in, name_of, replaced
from desktop_app.ui.transcript.style import Style

SCALE = 0.66
"""Size of the label against the code around it."""


MOST_RUNS = 300
"""Runs of hidden characters that get marks in one piece of text. Each is a format of its own, and
laying out costs the square of their number; those after them are shown as plain boxes."""


class Mark(NamedTuple):
    """One mark: where it is painted, from the row's corner, and what it says."""

    box: QRectF
    label: str


class Marks:
    """The marks of one text, whose boxes are worked out only where they are painted."""

    def __init__(self, text: str, hidden: list[int], layout: QTextLayout, corner: QPointF) -> None:
        offset_of = utf16.offsets(text)
        self._marked = [(offset_of(place), text[place]) for place in hidden]
        self._layout = layout
        self._corner = corner

    def boxes(self, style: Style, seen: QRectF | None = None) -> list[Mark]:
        """The marks, or those in the part of the row that is `seen`."""
        look, corner, found = _look(style), self._corner, []
        for number in range(self._layout.lineCount()) if self._marked else ():
            line = self._layout.lineAt(number)
            first, last = line.textStart(), line.textStart() + line.textLength()
            top = corner.y() + line.y()
            if seen is not None:
                if top > seen.bottom():
                    break
                if top + line.height() < seen.top():
                    continue
                first = max(first, int(line.xToCursor(seen.left() - corner.x())) - 2)
                last = min(last, int(line.xToCursor(seen.right() - corner.x())) + 2)
            middle = top + line.ascent() - style.px * 0.32
            begin = bisect_left(self._marked, (first, ""))
            for offset, character in self._marked[begin : bisect_left(self._marked, (last, ""))]:
                at = line.cursorToX(offset)
                x = float(at[0]) if isinstance(at, tuple) else float(str(at))
                width = look.wide if character > "\uffff" else look.narrow
                box = QRectF(x + 1, middle - look.height / 2, width - 2, look.height)
                found.append(Mark(box.translated(corner.x(), 0), name_of(character)))
        return found


class _Look(NamedTuple):
    font: QFont
    height: float
    narrow: float
    wide: float
    narrow_format: QTextCharFormat
    wide_format: QTextCharFormat


def shown_text(
    text: str, hidden: list[int], style: Style
) -> tuple[str, list[QTextLayout.FormatRange], list[int]]:
    """What is laid out instead of `text`, the formats that make room for marks, and their places.

    `hidden` are the places of hidden characters, in code points. Neighbours share a format.
    """
    if not hidden:
        return text, [], hidden
    look, offset_of = _look(style), utf16.offsets(text)
    ranges: list[QTextLayout.FormatRange] = []
    end, was_wide = -1, False
    for number, place in enumerate(hidden):
        start, is_wide = offset_of(place), text[place] > "\uffff"
        if start == end and is_wide == was_wide:
            end += 2 if is_wide else 1
            continue
        if ranges:
            ranges[-1].length = end - ranges[-1].start
        if len(ranges) == MOST_RUNS:
            marked, plain = hidden[:number], hidden[number:]
            return replaced(replaced(text, marked), plain, is_seen=True), ranges, marked
        made = QTextLayout.FormatRange()
        made.start, made.format = start, look.wide_format if is_wide else look.narrow_format
        ranges.append(made)
        end, was_wide = start + (2 if is_wide else 1), is_wide
    ranges[-1].length = end - ranges[-1].start
    return replaced(text, hidden), ranges, hidden


def hidden_in_code(rich: RichText) -> list[int]:
    """Where hidden characters stand in the inline code of a rich text, in code points."""
    if rich.text.isascii():
        return []
    spans = [span for span in rich.spans if span.look & Look.CODE]
    places = hidden_in(rich.text) if spans else []
    return [place for place in places if any(span.start <= place < span.end for span in spans)]


def marks_of(rich: RichText, layout: QTextLayout, corner: QPointF, style: Style) -> list[Marks]:
    """The marks in the inline code of a rich text that is laid out at `corner` of its row."""
    _, _, marked = shown_text(rich.text, hidden_in_code(rich), style)
    return [Marks(rich.text, marked, layout, corner)] if marked else []


def paint_marks(
    painter: QPainter, all_marks: list[Marks], at: QPointF, clip: QRectF, style: Style
) -> None:
    """Paint those marks of a row with its corner `at` that `clip` shows; an empty one shows all."""
    if not all_marks:
        return
    tokens, look = style.tokens, _look(style)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(look.font)
    painter.setPen(QPen(tokens.warning, 1))
    painter.setBrush(mix(tokens.code_background, tokens.warning, 0.12))
    seen = None if clip.isEmpty() else clip.translated(-at)
    for marks in all_marks:
        for box, label in marks.boxes(style, seen):
            placed = box.translated(at)
            painter.drawRoundedRect(placed, 2.5, 2.5)
            painter.drawText(placed, Qt.AlignmentFlag.AlignCenter, label)
    painter.restore()


@lru_cache(maxsize=8)
def _look(style: Style) -> _Look:
    font = QFont(style.mono)
    font.setPointSizeF(font.pointSizeF() * SCALE)
    metrics = QFontMetricsF(font)
    pad = style.px * 0.42
    narrow, wide = (metrics.horizontalAdvance(name) + pad for name in ("0000", "00000"))
    formats = []
    for width, letter in ((narrow, NARROW), (wide, WIDE)):
        made = QTextCharFormat()
        made.setFont(font)
        made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        made.setFontLetterSpacing(width - metrics.horizontalAdvance(letter))
        made.setForeground(QColor(Qt.GlobalColor.transparent))
        formats.append(made)
    return _Look(font, metrics.height() + 1, narrow, wide, *formats)
