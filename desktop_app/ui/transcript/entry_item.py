"""One entry in the view: its rows, their heights, and the space its frame takes.

Rows are made from the text on first need and laid out only where they are looked at. The frame
around them (name, card, note, buttons) is measured and painted by `chrome`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from desktop_app.ui.transcript.block_state import BlockState, adopt, chosen_states, join
from desktop_app.ui.transcript.blocks import Block
from desktop_app.ui.transcript.chrome import Chrome, Labels
from desktop_app.ui.transcript.code_block import CodeRow
from desktop_app.ui.transcript.entry import Entry, EntryKind
from desktop_app.ui.transcript.entry_blocks import blocks_below, document_of
from desktop_app.ui.transcript.heights import Heights
from desktop_app.ui.transcript.neighbours import block_of, fit
from desktop_app.ui.transcript.plain import plain_text
from desktop_app.ui.transcript.plain_document import PlainDocument
from desktop_app.ui.transcript.reading import LONG, Reading
from desktop_app.ui.transcript.row_kinds import make_row
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.stream_document import StreamDocument
from desktop_app.ui.transcript.style import Style

HUGGED_ROWS = 12
"""A card hugs its text up to this many rows; a longer one takes the full width."""
ROUNDS = 8
"""Steps in which a place in unread text is approached."""


class EntryItem:
    """Rows and geometry of one entry for the width the view has now."""

    # Ten thousand of these are made when a long conversation opens: what is the same for all of
    # them until they are looked at stands on the class.
    rows: list[Row] | None = None
    chrome: Chrome | None = None
    row_width = 0
    is_unfolded = False
    is_folded = False
    kept_states: dict[int, BlockState] | None = None
    _document: StreamDocument | PlainDocument | None = None
    _more: list[str] | None = None
    _more_length = 0
    _closed = 0
    _reading: Reading | None = None
    keeps_numbers = False
    """Whether somebody keeps numbers of its rows: from then on they are those of the whole text."""
    on_rows_moved: Callable[[EntryItem, int, int], None] | None = None
    """Told the row from which on rows have other numbers than before, and by how much."""

    def __init__(self, entry: Entry, index: int) -> None:
        self.entry = entry
        self.index = index

    # What follows is made on first need, by `ensure_rows`.
    laid: set[int]
    _heights: Heights

    # -- text ---------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The whole text as it came."""
        self.take_in()
        return self.entry.text

    def take_in(self) -> None:
        """Put what streamed since the last time into the entry itself."""
        if self._more:
            self.entry = replace(self.entry, text=self.entry.text + "".join(self._more))
            self._more, self._more_length = None, 0

    @property
    def length(self) -> int:
        """Characters in the text so far."""
        return len(self.entry.text) + self._more_length

    @property
    def closed_rows(self) -> int:
        """How many of the first rows will never change again."""
        return self._closed

    def append(self, text: str, style: Style) -> int | None:
        """More text; the first row that changed, or None while nothing was looked at yet."""
        if self._more is None:
            self._more = []
        self._more.append(text)
        self._more_length += len(text)
        if self.rows is None or self._document is None:
            return None
        first = self._closed
        closed = self._document.feed(text)
        self._replace_tail(closed, self._document.tail(), style)
        return first

    def finish(self, style: Style) -> int | None:
        """The text is complete; the first row that changed."""
        if self.rows is None or self._document is None or self._document.is_finished:
            return None
        first = self._closed
        self._replace_tail(self._document.finish(), [], style)
        return first

    def reset(self, entry: Entry) -> None:
        """Another entry in the same place."""
        self.entry = entry
        self._more, self._more_length = None, 0
        self.forget_rows()
        self.kept_states = None
        self.keeps_numbers = False

    def forget_rows(self) -> None:
        """Make the rows anew on the next need (another style, another text)."""
        if self.rows is not None:
            # While a text is read in parts, its rows do not have the numbers they will have.
            kept = chosen_states(self) if self.is_read else None
            if kept and not self.is_short:
                self.keeps_numbers = True
            if kept or self.kept_states:
                self.kept_states = kept
        self.rows = None
        self.chrome = None
        self._document = None
        self._reading = None

    def ensure_rows(self, style: Style) -> list[Row]:
        """The rows, made now if they were not yet. Of a long text only the end is read."""
        if self.rows is not None:
            return self.rows
        self.rows = []
        self.laid = set()
        self._heights = Heights()
        self._closed = 0
        if self.is_folded:
            return self.rows
        if not self.is_short and not self.keeps_numbers:
            reading = self._reading = Reading(self, style, fit)
            self.splice(0, 0, [reading.whole_row()])
            tail, rows = reading.read_tail()
            self.replace_from(1, rows, tail, style)
            return self.rows
        document = self._document = document_of(self.entry)
        closed = document.feed(self.source)
        if not self.entry.streaming:
            closed += document.finish()
        self._replace_tail(closed, document.tail(), style)
        return self.rows

    # -- reading a long text in parts ---------------------------------------------------------

    @property
    def is_short(self) -> bool:
        """Whether its text is always read as a whole."""
        return not self.entry.markdown or self.length <= LONG

    @property
    def is_for_later(self) -> bool:
        """Whether it is a long text that is not read as a whole, and need not be yet."""
        if self.is_short or self.keeps_numbers or self.entry.streaming:
            return False
        return self.rows is None or not self.is_read

    @property
    def is_read(self) -> bool:
        """Whether all rows are those of blocks; false while some stand for unread text."""
        if self._reading is not None and self._reading.is_over():
            self._reading = None
        return self._reading is None

    @property
    def is_partly_read(self) -> bool:
        """Whether there are rows, and some of them stand for unread text."""
        return self.rows is not None and not self.is_read

    def read_all(self) -> None:
        """Read the whole text now: the rows are all there are, and keep their numbers."""
        if self._reading is not None:
            self._reading.read_all()

    def read_on(self, seconds: float) -> None:
        """Read more of the text, for about `seconds`."""
        if self._reading is not None:
            self._reading.read_on(seconds)

    def read_at(self, y: float) -> None:
        """See to it that the row at a height inside the entry is one of a block."""
        for _ in range(ROUNDS):
            index = self.row_at(y)
            if self.is_read or self._reading is None or not self._reading.is_unread(index):
                return
            inside = y - self.row_top(index)
            self._reading.read_in(index, inside, inside + 1, self._heights[index])

    def splice(
        self, index: int, count: int, rows: list[Row], heights: list[int] | None = None
    ) -> None:
        """Put other rows in the place of `count` rows; layouts and numbers of the rest move on.

        With `heights` the rows are fitted already, all but the first.
        """
        if self.rows is None:
            return
        if heights is None:
            heights = fit(self, rows, index, self.rows[index - 1] if index else None)
        self.rows[index : index + count] = rows
        moved = len(rows) - count
        self._heights.splice(index, count, heights)
        if moved:
            last = index + count
            self.laid = {n + moved if n >= last else n for n in self.laid if n < index or n >= last}
            if self._closed >= last:
                self._closed += moved
            if self.on_rows_moved is not None:
                self.on_rows_moved(self, last, moved)
        self._join(index)
        self._join(index + len(rows))

    def _join(self, index: int) -> None:
        """The row at `index` may have another one before it: they may be pieces of one block."""
        rows = self.rows or []
        if index >= len(rows):
            return
        row, top = rows[index], rows[index].top
        row.follow(block_of(rows[index - 1] if index else None))
        if row.top != top:
            row.drop()
            self._heights.set(index, max(0, self._heights[index] + row.top - top))
        was_hidden = isinstance(row, CodeRow) and row.is_hidden
        pieces = join(self, index)
        for piece in pieces:
            if isinstance(piece, CodeRow):
                piece.asked = piece.lexed_end = None  # It is coloured anew when it is painted.
        if pieces and was_hidden != (isinstance(row, CodeRow) and row.is_hidden):
            first = pieces[0].state.first if pieces[0].state else index
            self.lay_anew(first, first + len(pieces))

    def replace_from(
        self,
        index: int,
        rows: list[Row],
        document: StreamDocument,
        style: Style,
        heights: list[int] | None = None,
    ) -> None:
        """Put the rows of closed blocks in the place of all from `index` on, and read on."""
        if self.rows is None:
            return
        self.splice(index, len(self.rows) - index, rows, heights)
        self._document = document
        self._closed = index + len(rows)
        self._replace_tail([], document.tail(), style)

    def make_row(self, block: Block, style: Style) -> Row:
        """The row that draws a block of this entry."""
        return make_row(block, style, is_centred=self.entry.kind is EntryKind.NOTICE)

    def _replace_tail(self, closed: list[Block], tail: list[Block], style: Style) -> None:
        """Put new blocks after the closed ones, keeping rows whose block is the same."""
        rows = self.rows
        if rows is None:
            return
        blocks = closed + tail + blocks_below(self.entry, is_unfolded=self.is_unfolded)
        first, kept = self._closed, 0
        while first < len(rows) and kept < len(blocks):
            if rows[first].block != blocks[kept]:
                break
            first, kept = first + 1, kept + 1
        old, fresh = rows[first:], blocks[kept:]
        del rows[first:]
        self.laid.difference_update(range(first, first + len(old)))
        if len(old) > len(fresh):
            self._heights.truncate(first + len(fresh))
        for number, block in enumerate(fresh):
            row = self.make_row(block, style)
            before = rows[-1] if rows else None
            replaced = old[number] if number < len(old) else None
            adopt(self, row, len(rows), before, replaced)
            row.follow(block_of(before))
            rows.append(row)
            if replaced is None:
                self._heights.append(row.estimate(self.row_width or 600))
            else:
                row.inherit(replaced)  # It is as high, as far as is known.
        self._closed += len(closed)

    # -- geometry -----------------------------------------------------------------------------

    def estimate(self, per_line: float, pitch: int) -> int:
        """A height without parsing: lines of `per_line` letters as if the text were prose."""
        text = self.entry.text
        lines = text.count("\n") * 0.75 + len(text) / per_line + (5 if self.entry.actions else 3)
        return int(lines * pitch)

    def ensure_chrome(self, style: Style, view_width: int, labels: Labels) -> Chrome:
        """The frame for this view width; rows are told their width."""
        chrome = self.chrome
        if chrome is None or chrome.view_width != view_width:
            chrome = self.chrome = Chrome(
                self.entry,
                style,
                view_width,
                labels=labels,
                is_folded=self.is_folded,
                is_unfolded=self.is_unfolded,
                is_first=self.index == 0,
            )
            self.row_width = chrome.row_width
        return chrome

    @property
    def height(self) -> int:
        """Exact for rows that were laid out, estimated for the others."""
        chrome = self.chrome
        rows = self._heights.total if self.rows is not None else 0
        return rows + (chrome.head + chrome.foot if chrome else 0)

    def row_top(self, row: int) -> int:
        """The top of a row, from the top of the entry."""
        return (self.chrome.head if self.chrome else 0) + self._heights.prefix(row)

    def row_at(self, y: float) -> int:
        """The row that covers a height inside the entry."""
        head = self.chrome.head if self.chrome else 0
        return self._heights.find(max(0, math.floor(y - head)))

    def measure(self, top: float, bottom: float) -> bool:
        """Lay out the rows between two heights inside the entry; true if any height changed.

        Where one stands for unread text, that is read, and what shows may be elsewhere by then.
        """
        rows = self.rows
        if not rows:
            return False
        index, width, changed = self.row_at(top), self.row_width, False
        y = self.row_top(index)
        while index < len(rows) and y < bottom:
            row = rows[index]
            if self._reading is not None and self._reading.is_unread(index):
                self._reading.read_in(index, top - y, bottom - y, self._heights[index])
                return True
            if row.pieces is None or row.width != width:
                changed |= self.measure_row(index)
            y += row.height
            index += 1
        return changed

    def measure_row(self, index: int) -> bool:
        """Lay out one row, and first the pieces whose line it continues."""
        rows = self.rows or []
        row = rows[index]
        if row.pieces is not None and row.width == self.row_width:
            return False
        previous = rows[index - 1] if index and row.block.run_on else None
        if previous is not None:
            self.measure_row(index - 1)
        height = row.measure(self.row_width, previous)
        self.laid.add(index)
        if height == self._heights[index]:
            return False
        self._heights.set(index, height)
        return True

    def lay_anew(self, first: int, last: int) -> None:
        """The rows from `first` up to `last` are to be set another way."""
        for index, row in enumerate((self.rows or [])[first:last], start=first):
            row.drop()
            self._heights.set(index, row.estimate(self.row_width))

    def drop_layouts(self) -> None:
        """Give up all layouts; heights stay."""
        if self.rows:
            for index in self.laid:
                if index < len(self.rows):
                    self.rows[index].drop()
            self.laid.clear()

    def drop_outside(self, top: float, bottom: float) -> None:
        """Give up the layouts above and below two heights inside the entry."""
        rows = self.rows or []
        first, last = self.row_at(top), self.row_at(bottom)
        for index in [index for index in self.laid if not first <= index <= last]:
            rows[index].drop()
            self.laid.discard(index)

    def natural_width(self) -> float:
        """The width of the text where all of it is laid out, for a card that hugs it."""
        if not self.rows or len(self.rows) > HUGGED_ROWS or not self.is_read:
            return float(self.row_width)
        return max(row.natural for row in self.rows)

    def plain_text(self) -> str:
        """The whole text as a screen reader should read it."""
        if not self.entry.markdown:
            return self.source
        return plain_text(self.source)
