"""Asks for the colours of the code that is painted, and gives them to its rows when they come.

A piece of code begins in the state in which the one before it ended, so the pieces before a
painted one are lexed first where that is still to be done, though at most `PIECES_BACK` of them.
"""

from __future__ import annotations

import time
import weakref
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.code_block import CodeRow
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.highlight import Coloured, Colouring
from desktop_app.ui.transcript.lexing import START, LexState
from desktop_app.ui.transcript.rows import Row

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

RECOLOUR_SECONDS = 0.15
"""Code that still streams is coloured anew at most this often."""
PIECES_BACK = 48
"""About half a second of lexing between frames; further back, a piece is taken to begin afresh."""


class CodeColours:
    """The colours of a view's code; to be asked right before a row is painted."""

    def __init__(self, view: BlockView) -> None:
        self._view = view

    def ask(self, item: EntryItem, index: int, row: CodeRow) -> None:
        """Ask for the colours of a row's complete lines, once."""
        block = row.block
        if not block.language:
            return
        is_growing = item.entry.streaming and block.last and index >= item.closed_rows
        code = self._code_of(row, is_growing=is_growing)
        if not code or (row.asked is not None and row.asked[0] == code):
            return
        now = time.monotonic()
        if is_growing and now < row.asked_at + RECOLOUR_SECONDS:
            return
        if self._lex_before(item, index, row):
            return
        state = self._start_of(item, index)
        row.asked, row.asked_at = (code, state), now
        ready = partial(self._take, item, index, weakref.ref(row), code)
        known = self._view.highlighter.request(
            block.language, code, ready, state=state, wants_end=not block.last
        )
        if known is not None:
            if not block.last:
                row.lexed_end = known.end
            if known.ranges != row.colouring:
                # Colours change no width: the row is about to be painted, and is as high as before.
                if is_growing:
                    # Only the end of it is painted now.
                    self._repaint(item, index, row, known.ranges)
                row.recolour(known.ranges)
                item.measure_row(index)

    @staticmethod
    def _code_of(row: CodeRow, *, is_growing: bool) -> str:
        source = row.block.source
        if is_growing:
            return source[: source.rfind("\n") + 1]
        return source if row.block.last else f"{source}\n"

    def _lex_before(self, item: EntryItem, index: int, row: CodeRow) -> bool:
        """Lex the piece that has to come first, if any; true where its end is not known yet."""
        rows = item.rows or []
        first = index
        while not rows[first].block.first and index - first < PIECES_BACK:
            before = rows[first - 1]
            if isinstance(before, CodeRow) and before.lexed_end is not None:
                break
            first -= 1
        for number in range(first, index):
            before = rows[number]
            if not isinstance(before, CodeRow):
                return False
            ready = partial(
                self._take_end, item, number, weakref.ref(before), (index, weakref.ref(row))
            )
            known = self._view.highlighter.request(
                before.block.language,
                self._code_of(before, is_growing=False),
                ready,
                state=self._start_of(item, number),
                wants_end=True,
            )
            if known is None:
                row.asked = None
                return True
            before.lexed_end = known.end
        return False

    @staticmethod
    def _start_of(item: EntryItem, index: int) -> LexState | None:
        rows = item.rows or []
        if rows[index].block.first:
            return None
        before = rows[index - 1]
        known = before.lexed_end if isinstance(before, CodeRow) else None
        return known if known is not None else START

    def _take_end(
        self,
        item: EntryItem,
        number: int,
        lexed: weakref.ref[CodeRow],
        painted: tuple[int, weakref.ref[CodeRow]],
        coloured: Coloured,
    ) -> None:
        """A piece before a painted one has been lexed: go on with the next."""
        rows = item.rows or []
        row, wanted = lexed(), painted[1]()
        if row is None or wanted is None:
            return
        number, index = _number_now(rows, row, number), _number_now(rows, wanted, painted[0])
        if number < len(rows) and rows[number] is row:
            row.lexed_end = coloured.end
        if index < len(rows) and rows[index] is wanted and wanted.pieces is not None:
            self.ask(item, index, wanted)

    def _take(
        self,
        item: EntryItem,
        index: int,
        asked: weakref.ref[CodeRow],
        code: str,
        coloured: Coloured,
    ) -> None:
        rows = item.rows or []
        # What waits for its colours must not keep rows that were given up.
        index = _number_now(rows, asked(), index)
        row = rows[index] if index < len(rows) else None
        if not isinstance(row, CodeRow) or not f"{row.block.source}\n".startswith(code):
            return
        if not row.block.last and code == f"{row.block.source}\n":
            row.lexed_end = coloured.end
        if coloured.ranges == row.colouring:
            return
        self._repaint(item, index, row, coloured.ranges)
        row.recolour(coloured.ranges)

    def _repaint(self, item: EntryItem, index: int, row: CodeRow, ranges: Colouring) -> None:
        """Have the lines painted anew that will have other colours."""
        above = row.top_of(_first_difference(row, ranges)) if row.pieces else 0.0
        y = self._view.stack.top_of(item) + item.row_top(index) + above
        self._view.update_rows(QRectF(0, y, self._view.viewport().width(), row.height - above))


def _first_difference(row: CodeRow, ranges: Colouring) -> int:
    """The UTF-16 offset before which a row has the colours of `ranges` already."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(row.colouring, ranges, strict=False))
    same = sum(1 for _ in alike)
    starts = [each[same][0] for each in (row.colouring, ranges) if same < len(each)]
    return utf16.offsets(row.text)(min([*starts, len(row.text)]))


def _number_now(rows: list[Row], row: Row | None, number: int) -> int:
    """The number of a row that was `number`: rows may have come in before it, and it may be gone."""
    if number < len(rows) and rows[number] is row:
        return number
    return rows.index(row) if row is not None and row in rows else number
