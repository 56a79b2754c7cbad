"""Marks in place of hidden characters: a small box with the code point, as wide as its label.

The layout holds a letter that is not painted (`invisible.replaced`), spaced out to the width of
the box; text, offsets and what is copied stay as they are.
"""

from __future__ import annotations

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
from desktop_app.ui.transcript.invisible import NARROW, WIDE, hidden_in, name_of
from desktop_app.ui.transcript.style import Style

SCALE = 0.66
"""Size of the label against the code around it."""


class Mark(NamedTuple):
    """One mark: where it is painted, from the row's corner, and what it says."""

    box: QRectF
    label: str


class _Look(NamedTuple):
    font: QFont
    height: float
    narrow: float
    wide: float
    narrow_format: QTextCharFormat
    wide_format: QTextCharFormat


def mark_ranges(text: str, places: list[int], style: Style) -> list[QTextLayout.FormatRange]:
    """The formats that make room for the marks of `text`; neighbours share one."""
    look, offset_of = _look(style), utf16.offsets(text)
    ranges: list[QTextLayout.FormatRange] = []
    for place in places:
        start, is_wide = offset_of(place), text[place] > "\uffff"
        format_ = look.wide_format if is_wide else look.narrow_format
        length = 2 if is_wide else 1
        last = ranges[-1] if ranges else None
        if last and last.start + last.length == start and last.format == format_:
            last.length += length
            continue
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = start, length, format_
        ranges.append(made)
    return ranges


def hidden_in_code(rich: RichText) -> list[int]:
    """Where hidden characters stand in the inline code of a rich text, in code points."""
    if rich.text.isascii():
        return []
    spans = [span for span in rich.spans if span.look & Look.CODE]
    places = hidden_in(rich.text) if spans else []
    return [place for place in places if any(span.start <= place < span.end for span in spans)]


def mark_boxes(
    text: str, places: list[int], layout: QTextLayout, corner: QPointF, style: Style
) -> list[Mark]:
    """The marks of a text that is laid out at `corner` of its row."""
    if not places:
        return []
    look, offset_of = _look(style), utf16.offsets(text)
    marks = []
    for place in places:
        offset = offset_of(place)
        line = layout.lineForTextPosition(offset)
        if not line.isValid():
            continue
        found = line.cursorToX(offset)
        x = float(found[0]) if isinstance(found, tuple) else float(str(found))
        width = look.wide if text[place] > "\uffff" else look.narrow
        middle = line.y() + line.ascent() - style.px * 0.32
        box = QRectF(x + 1, middle - look.height / 2, width - 2, look.height)
        marks.append(Mark(box.translated(corner), name_of(text[place])))
    return marks


def paint_marks(
    painter: QPainter, marks: list[Mark], at: QPointF, clip: QRectF, style: Style
) -> None:
    """Paint those marks of a row with its corner `at` that `clip` shows; an empty one shows all."""
    if not marks:
        return
    tokens, look = style.tokens, _look(style)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(look.font)
    painter.setPen(QPen(tokens.warning, 1))
    painter.setBrush(mix(tokens.code_background, tokens.warning, 0.12))
    for box, label in marks:
        placed = box.translated(at)
        if not clip.isEmpty() and not clip.intersects(placed):
            continue
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
