"""Paints the hits of a search behind the letters, as far as they are in sight.

A letter that is looked for in a screen full of code is found a thousand times: what is out of the
clip costs nothing, and what is the same for all of a text is worked out once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout

from desktop_app.ui.theme import Tokens
from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.text_layout import Piece, line_at, range_boxes, x_of

MOST_RANGES = 30
"""Hits of one text whose letters are given a colour that can be read on every mark. Drawing costs more
with each, and a screen of links in which a letter is looked for took 140 ms with twice as many; where
there are more, the current one alone is."""

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
    seen = clip.translated(-corner.x() - piece.x, -corner.y() - piece.y)
    first, last = _offsets_in(piece, QRectF() if clip.isEmpty() else seen)
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens.find_frame, 1))
    painted: list[Mark] = []
    for box, mark in boxes_of(piece, marks, (first, last), None if clip.isEmpty() else seen):
        place = box.translated(corner).adjusted(-0.5, 0, 0.5, 0)
        painter.fillRect(place, tokens.find_current if mark[2] else tokens.find_hit)
        if mark[2]:
            painter.drawRect(place)
        if not painted or painted[-1] is not mark:
            painted.append(mark)
    painter.restore()
    if len(painted) > MOST_RANGES:
        painted = [mark for mark in painted if mark[2]]
    return [_range(piece, mark, tokens) for mark in painted]


def boxes_of(
    piece: Piece, marks: Sequence[Mark], within: tuple[int, int], seen: QRectF | None
) -> Iterator[tuple[QRectF, Mark]]:
    """The boxes in the row of the marks between two of its offsets, each with its mark.

    `seen` is the part of the piece that is in sight. A line of code that does not wrap may be ten
    times as wide: where it runs one way, what lies beside the part that is seen is left out.
    """
    is_mixed = utf16.has_right_to_left(piece.layout.text())
    first, last = within
    number = piece.layout.lineForTextPosition(first - piece.start).lineNumber()
    while 0 <= number < piece.layout.lineCount():
        line = piece.layout.lineAt(number)
        begin = max(first, piece.start + line.textStart())
        end = min(last, piece.start + line.textStart() + line.textLength())
        if begin >= last:
            return
        if seen is not None and not is_mixed:
            begin = max(begin, piece.start + line.xToCursor(seen.left()) - 2)
            end = min(end, piece.start + line.xToCursor(seen.right()) + 2)
        # The one before may reach into the line.
        at = max(0, bisect_left(marks, (begin,)) - 1)
        while at < len(marks) and marks[at][0] < end:
            mark = marks[at]
            start, until = max(begin, mark[0]) - piece.start, min(end, mark[1]) - piece.start
            if start < until and is_mixed:
                yield from ((box, mark) for box in range_boxes(piece, start, until, is_mixed=True))
            elif start < until:
                left, right = x_of(line, start), x_of(line, until)
                top = piece.y + line.y()
                yield QRectF(piece.x + left, top, right - left, line.height()), mark
            at += 1
        number += 1


def _offsets_in(piece: Piece, seen: QRectF) -> tuple[int, int]:
    """The offsets in the row between which a piece has letters in the part that is seen."""
    whole = (piece.start, piece.start + piece.length)
    if seen.isEmpty():
        return whole
    above, below = line_at(piece.layout, seen.top()), line_at(piece.layout, seen.bottom())
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
