"""Paints the hits of a search behind the letters, as far as they are in sight.

A letter that is looked for in a screen full of code is found a thousand times: what is out of the
clip costs nothing, and what is the same for all of a text is worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout

from desktop_app.ui.theme import Tokens
from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.text_layout import Piece, line_at, range_boxes

MOST_RANGES = 60
"""Hits whose letters are given a colour of their own; drawing costs more with each."""

Mark = tuple[int, int, bool]
"""A hit in a row: UTF-16 offsets, and whether it is the current one."""


def paint_hits(
    painter: QPainter,
    piece: Piece,
    corner: QPointF,
    marks: Sequence[Mark],
    clip: QRectF,
    tokens: Tokens,
) -> list[QTextLayout.FormatRange]:
    """Mark the hits in one piece; the current one has a frame besides its stronger colour.

    Args:
        painter: Paints on the viewport.
        piece: The laid out text.
        corner: The top left corner of the row that the piece is in.
        marks: The hits of the row, in order.
        clip: What is to be painted of the viewport; empty for all of it.
        tokens: The colours of the moment.

    Returns:
        Ranges that take the colour of text, which can be read on every mark.
    """
    first, last = _offsets_in(piece, corner, clip)
    seen = [mark for mark in marks if mark[1] > first and mark[0] < last]
    if not seen:
        return []
    is_mixed = utf16.has_right_to_left(piece.layout.text())
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens.find_frame, 1))
    for start, end, is_current in seen:
        colour = tokens.find_current if is_current else tokens.find_hit
        begin, until = max(start, first) - piece.start, min(end, last) - piece.start
        for box in range_boxes(piece, begin, until, is_mixed=is_mixed):
            place = box.translated(corner).adjusted(-0.5, 0, 0.5, 0)
            painter.fillRect(place, colour)
            if is_current:
                painter.drawRect(place)
    painter.restore()
    return [_range(piece, mark, tokens) for mark in seen[:MOST_RANGES]]


def _offsets_in(piece: Piece, corner: QPointF, clip: QRectF) -> tuple[int, int]:
    """The offsets in the row between which a piece has letters in the clip."""
    whole = (piece.start, piece.start + piece.length)
    if clip.isEmpty():
        return whole
    top = clip.top() - corner.y() - piece.y
    above, below = line_at(piece.layout, top), line_at(piece.layout, top + clip.height())
    if above is None or below is None:
        return whole
    end = below.textStart() + below.textLength()
    return piece.start + above.textStart(), piece.start + min(end, piece.length)


def _range(piece: Piece, mark: Mark, tokens: Tokens) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start = max(0, mark[0] - piece.start)
    found.length = min(mark[1] - piece.start, piece.length) - found.start
    format_ = QTextCharFormat()
    format_.setForeground(tokens.text)
    found.format = format_
    return found
