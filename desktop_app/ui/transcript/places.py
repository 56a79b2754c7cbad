"""Where a place in the text is on the page, and which place is beside, above or below it.

Left and right mean what is seen: in a right-to-left line the letter to the left is the next one.
All heights are those of the stack; rows are laid out here as they are stepped into.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QTextLayout, QTextLine

from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.selection import END_OF_ROW, Place
from desktop_app.ui.transcript.stack import Stack
from desktop_app.ui.transcript.text_layout import Piece, x_of

_WORDS = QTextLayout.CursorMode.SkipWords
_LETTERS = QTextLayout.CursorMode.SkipCharacters


class _Line(NamedTuple):
    """One line of text on the page: its row, and where its piece lies."""

    item: int
    row: int
    piece: Piece
    line: QTextLine
    x: float
    y: float


class Places:
    """Steps from place to place over the rows of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def rect(self, place: Place) -> QRectF:
        """The upright line where a caret at `place` stands: in the stack's heights, no width."""
        found = self._line_of(place)
        if found is None:
            return self._rect_without_text(place)
        offset = place[2] - found.piece.start
        x = found.x + x_of(found.line, offset)
        return QRectF(x, found.y, 0, found.line.height())

    # -- beside -------------------------------------------------------------------------------

    def beside(self, place: Place, *, leftwards: bool, by_word: bool = False) -> Place:
        """The place one letter, or one word, to the left or to the right."""
        row = self._row(place)
        piece = _piece_of(row, place[2]) if row is not None else None
        if row is None or piece is None:
            return self._across(place, forwards=not leftwards)
        layout = piece.layout
        is_leftward = layout.textOption().textDirection() is Qt.LayoutDirection.RightToLeft
        forwards = leftwards is is_leftward
        local = min(place[2] - piece.start, piece.length)
        if by_word:
            step = layout.nextCursorPosition if forwards else layout.previousCursorPosition
            moved = step(local, _WORDS)
        elif leftwards:
            moved = layout.leftCursorPosition(local)
        else:
            moved = layout.rightCursorPosition(local)
        moved = min(moved, piece.length)
        if moved != local and moved >= 0:
            return (place[0], place[1], piece.start + moved)
        pieces = row.pieces or []
        index = pieces.index(piece) + (1 if forwards else -1)
        if 0 <= index < len(pieces):
            end = 0 if forwards else pieces[index].length
            return (place[0], place[1], pieces[index].start + end)
        return self._across(place, forwards=forwards)

    def _across(self, place: Place, *, forwards: bool) -> Place:
        """The nearest end of the next row with text; the place itself where there is none."""
        for item, index in self._rows_from(place, forwards=forwards):
            if (item, index) == place[:2]:
                continue
            row = self._row((item, index, 0))
            if row is None or not row.pieces:
                continue
            is_joined = row.block.run_on if forwards else self._runs_on(item, index)
            if not is_joined:
                return (item, index, 0 if forwards else row.length)
            # Within one paragraph the end of a piece and the start of the next are one place.
            edge = (item, index, 0 if forwards else row.length)
            return self.beside(edge, leftwards=self._is_leftward(edge) is forwards)
        return place

    def _runs_on(self, item: int, index: int) -> bool:
        rows = self._stack.rows_of(self._stack.items[item])
        return index + 1 < len(rows) and rows[index + 1].block.run_on

    def _is_leftward(self, place: Place) -> bool:
        row = self._row(place)
        piece = _piece_of(row, place[2]) if row is not None else None
        right_to_left = Qt.LayoutDirection.RightToLeft
        return piece is not None and piece.layout.textOption().textDirection() is right_to_left

    # -- above and below ----------------------------------------------------------------------

    def vertical(self, place: Place, x: float, *, downwards: bool) -> Place:
        """The place nearest to `x` on the next line of the page; the end where there is none."""
        here = self.rect(place)
        best: _Line | None = None
        for item, index in self._rows_from(place, forwards=downwards):
            row_lines = list(self._lines(item, index))
            if best is not None and not _may_continue(best, row_lines, downwards=downwards):
                break
            for line in row_lines:
                if _is_beyond(line, here, downwards=downwards):
                    best = line if best is None else _nearer(best, line, x, downwards=downwards)
        if best is None:
            return self.end_of_all() if downwards else (0, 0, 0)
        return _place_in(best, x)

    def line_edge(self, place: Place, *, end: bool) -> Place:
        """The first or the last place of the visual line that `place` is in."""
        found = self._line_of(place)
        if found is None:
            return place
        # A paragraph that is cut into pieces goes on in the same line.
        items, neighbours = self._stack.items, [place[1]]
        rows = self._stack.rows_of(items[place[0]])
        while rows[neighbours[0]].block.run_on and neighbours[0]:
            neighbours.insert(0, neighbours[0] - 1)
            if rows[neighbours[0]].pieces is None or len(neighbours) > 2:
                break
        if place[1] + 1 < len(rows) and rows[place[1] + 1].block.run_on:
            neighbours.append(place[1] + 1)
        on_line = [
            line
            for index in neighbours
            for line in self._lines(place[0], index)
            if abs(line.y - found.y) < found.line.height() / 2
            and (line.row != found.row or line.piece is found.piece)
        ]
        chosen = on_line[-1] if end else on_line[0]
        return _line_end(chosen) if end else _line_start(chosen)

    def end_of_all(self) -> Place:
        """The very last place."""
        items = self._stack.items
        if not items:
            return (0, 0, 0)
        rows = self._stack.rows_of(items[-1])
        last = len(rows) - 1
        if last < 0:
            return (len(items) - 1, 0, 0)
        row = self._row((len(items) - 1, last, 0))
        return (len(items) - 1, last, row.length if row is not None else 0)

    # -- rows and lines -----------------------------------------------------------------------

    def _row(self, place: Place) -> Row | None:
        """The row of a place, laid out."""
        items = self._stack.items
        if not 0 <= place[0] < len(items):
            return None
        item = items[place[0]]
        rows = self._stack.rows_of(item)
        if not 0 <= place[1] < len(rows):
            return None
        self._stack.measure_row(item, place[1])
        return rows[place[1]]

    def _rows_from(self, place: Place, *, forwards: bool) -> Iterator[tuple[int, int]]:
        """Entry and row indices from a place on, in one direction."""
        items = self._stack.items
        item, row = place[:2]
        while 0 <= item < len(items):
            count = len(self._stack.rows_of(items[item]))
            if row == END_OF_ROW:
                row = count - 1
            while 0 <= row < count:
                yield item, row
                row += 1 if forwards else -1
            item += 1 if forwards else -1
            row = 0 if forwards else END_OF_ROW

    def _lines(self, item: int, index: int) -> Iterator[_Line]:
        row = self._row((item, index, 0))
        if row is None:
            return
        left, top = self._corner(item, index)
        for piece in row.pieces or ():
            for number in range(piece.layout.lineCount()):
                line = piece.layout.lineAt(number)
                yield _Line(item, index, piece, line, left + piece.x, top + piece.y + line.y())

    def _line_of(self, place: Place) -> _Line | None:
        row = self._row(place)
        piece = _piece_of(row, place[2]) if row is not None else None
        if piece is None or not piece.layout.lineCount():
            return None
        local = max(0, min(place[2] - piece.start, piece.length))
        line = piece.layout.lineForTextPosition(local)
        if not line.isValid():
            line = piece.layout.lineAt(piece.layout.lineCount() - 1)
        left, top = self._corner(place[0], place[1])
        return _Line(place[0], place[1], piece, line, left + piece.x, top + piece.y + line.y())

    def _corner(self, item_index: int, row: int) -> tuple[float, float]:
        """The top left corner of a row."""
        item = self._stack.items[item_index]
        chrome = self._stack.prepare(item)
        x = float(chrome.row_left + chrome.shift(item.natural_width()))
        rows = item.rows or []
        # A wide block may be scrolled sideways.
        x -= rows[row].shift if row < len(rows) else 0
        return x, self._stack.top_of(item) + item.row_top(row)

    def _rect_without_text(self, place: Place) -> QRectF:
        items = self._stack.items
        if not items:
            return QRectF()
        item = items[min(place[0], len(items) - 1)]
        rows = self._stack.rows_of(item)
        index = max(0, min(place[1], len(rows) - 1))
        left, top = self._corner(item.index, index)
        style = self._stack.style_of(item)
        height = min(rows[index].height, style.pitch) if rows else style.pitch
        return QRectF(left, top, 0, height)


def _piece_of(row: Row, offset: int) -> Piece | None:
    """The piece of a row that holds an offset; the nearest one for an offset beyond the ends."""
    last = None
    for piece in row.pieces or ():
        if offset <= piece.start + piece.length:
            return piece
        last = piece
    return last


def _is_beyond(line: _Line, here: QRectF, *, downwards: bool) -> bool:
    middle = line.y + line.line.height() / 2
    return middle > here.bottom() if downwards else middle < here.top()


def _nearer(one: _Line, other: _Line, x: float, *, downwards: bool) -> _Line:
    """The line that comes first on the way; on the same height the one nearest to `x`."""
    apart = other.y - one.y if downwards else one.y - other.y
    if abs(apart) > min(one.line.height(), other.line.height()) / 2:
        return other if apart < 0 else one
    return other if _away(other, x) < _away(one, x) else one


def _away(line: _Line, x: float) -> float:
    left = line.x + line.line.x()
    right = left + line.line.naturalTextWidth()
    return max(left - x, x - right, 0.0)


def _may_continue(best: _Line, lines: list[_Line], *, downwards: bool) -> bool:
    """Whether a further row may have a line on the height of the best one so far."""
    if not lines:
        return False
    if downwards:
        return lines[0].y < best.y + best.line.height() / 2
    return max(line.y for line in lines) > best.y - best.line.height() / 2


def _place_in(line: _Line, x: float) -> Place:
    local = line.line.xToCursor(x - line.x)
    if local >= _end_of(line):
        return _line_end(line)
    return (line.item, line.row, line.piece.start + local)


def _line_start(line: _Line) -> Place:
    return (line.item, line.row, line.piece.start + line.line.textStart())


def _line_end(line: _Line) -> Place:
    """The last place of a line: before the blank, or the letter, at which it was broken."""
    local = _end_of(line)
    is_last = line.line.lineNumber() == line.piece.layout.lineCount() - 1
    if not is_last:
        local = line.piece.layout.previousCursorPosition(local, _LETTERS)
    return (line.item, line.row, line.piece.start + max(local, line.line.textStart()))


def _end_of(line: _Line) -> int:
    return min(line.line.textStart() + line.line.textLength(), line.piece.length)
