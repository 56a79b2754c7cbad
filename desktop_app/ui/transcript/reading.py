"""Reading a long text where it is looked at, and the rest of it in slices.

An entry with a long text begins as one row that stands for all of it. Whatever comes into sight is
read from the nearest restart (`restart`), and its rows take that place; the row that stands for
the unread rest keeps a guessed height. Where no restart is known, what is in sight is read from a
likely place for the moment, and the rows that a reading of everything gives take its place later.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.open_blocks import Restart
from desktop_app.ui.transcript.restart import FAR, Outline
from desktop_app.ui.transcript.rows import Row, columns_of
from desktop_app.ui.transcript.stream_document import StreamDocument, normalised
from desktop_app.ui.transcript.style import Style

if TYPE_CHECKING:
    from desktop_app.ui.transcript.entry_item import EntryItem

Fit = Callable[["EntryItem", list[Row], int, Row | None], list[int]]
"""Fits rows to those before them: see `neighbours`."""
LONG = 6_000
"""Characters from which on a text is read in parts: about 2 ms to read at once."""
PART = 3_000
PART_LINES = 60
"""What is read for one look at most, where restarts allow it: more than fits into a viewport."""
SAMPLES = 16
SAMPLE = 500
"""How much of a text that nobody has looked at is read in order to guess at its height."""
SLICE = 1_500
"""Characters read at once between two looks at the clock."""


class UnreadRow(Row):
    """Stands for a part of a text that nobody has looked at yet."""

    def __init__(self, style: Style, text: str, start: int, end: int) -> None:
        super().__init__(Block(BlockKind.PLAIN, ""), style)
        self.begin: Callable[[], StreamDocument] = StreamDocument
        """Makes the reader that continues at `start`."""
        self.start = start
        self.end = end
        self.ahead = ""
        """What closes the last block, see `Restart`."""
        self.is_certain = True
        """Whether what follows in the rows is what follows in the text."""
        self._text = text

    def estimate(self, width: int) -> int:
        """As if the text were prose; of a long one a few samples are looked at."""
        per_line = max(8.0, width * self.style.characters_per_em / self.style.px)
        size = self.end - self.start
        if not size:
            return 0
        sample, share = self._text[self.start : self.end], 1.0
        if size > SAMPLES * SAMPLE:
            step = (size - SAMPLE) / (SAMPLES - 1)
            places = [self.start + int(number * step) for number in range(SAMPLES)]
            sample = "".join(self._text[place : place + SAMPLE] for place in places)
            share = size / len(sample)
        lines = share * (sample.count("\n") * 0.75 + columns_of(sample) / per_line)
        return max(1, int(lines * self.style.pitch))

    def build(self, width: int, previous: Row | None) -> int:
        """Nothing to lay out."""
        del previous
        self.pieces = []
        return self.estimate(width)


class Reading:
    """How much of one entry's text is read; puts rows in the places of unread ones."""

    def __init__(self, item: EntryItem, style: Style, fit: Fit) -> None:
        self._item = item
        self._style = style
        self._fit = fit
        self._text = normalised(item.source)
        self._outline: Outline | None = None
        self._whole: _WholeReading | None = None
        self._unread: list[UnreadRow] = []

    # -- what is unread -------------------------------------------------------------------------

    def whole_row(self) -> UnreadRow:
        """The row that stands for all of the text."""
        self._unread = [UnreadRow(self._style, self._text, 0, len(self._text))]
        return self._unread[0]

    def is_over(self) -> bool:
        """Whether all is read."""
        return not self._unread

    def is_unread(self, index: int) -> bool:
        """Whether a row stands for text that is not read; one may stand for a doubt alone."""
        rows = self._item.rows or []
        row = rows[index] if index < len(rows) else None
        return isinstance(row, UnreadRow) and row.end > row.start

    # -- reading what is looked at ----------------------------------------------------------------

    def read_tail(self) -> tuple[StreamDocument, list[Row]]:
        """Read the end of the text, for an entry that is shown from its end.

        Returns the reader, which goes on where more streams in, and the rows of closed blocks.
        """
        row = self._row(0)
        place = self._place_before(row)
        document = place.document() if place is not None else row.begin()
        closed = document.feed(self._text[place.offset if place is not None else 0 :])
        if not self._item.entry.streaming:
            closed += document.finish()
        self._shrink(row, place)
        return document, self._rows(closed)

    def read_in(self, index: int, top: float, bottom: float, height: int) -> None:
        """Read what shows between two heights of an unread row of `height`, from its top."""
        row = self._row(index)
        size = row.end - row.start
        before = round(size * top / height)
        if bottom >= height or size - before <= PART:
            self._read_from(index, self._place_before(row))
        elif before <= PART:
            self._read_start(index)
        else:
            place = self._known.restart_before(row.start + before, row.start)
            if place is None or row.start + before - place.offset > FAR:
                place = self._known.guess_before(row.start + before, row.start)
            self._divide(index, place)
            self._read_start(index + 1)

    def _read_from(self, index: int, place: Restart | None) -> None:
        """Read the last part of an unread row, from `place` on, or all of it."""
        row = self._row(index)
        document = place.document() if place is not None else row.begin()
        start = place.offset if place is not None else row.start
        closed = document.feed(self._text[start : row.end])
        closed += document.feed(row.ahead) if row.ahead else document.finish()
        self._shrink(row, place)
        is_gone = row.end == row.start and row.is_certain
        if is_gone:
            self._unread.remove(row)
        rows = self._rows(closed)
        self._item.splice(index, 1, rows if is_gone else [row, *rows])

    def _read_start(self, index: int) -> None:
        """Read the first part of an unread row."""
        row = self._row(index)
        for size in (PART, 4 * PART, FAR):
            place = self._known.restart_before(row.start + size, row.start)
            if place is not None and place.offset < row.end:
                break
        else:
            place = self._known.guess_before(min(row.end, row.start + PART), row.start)
        if place.offset < row.end:
            self._divide(index, place)
        self._read_from(index, None)

    def _divide(self, index: int, place: Restart) -> None:
        row = self._row(index)
        first = UnreadRow(self._style, self._text, row.start, place.offset)
        first.begin, first.ahead, first.is_certain = row.begin, place.ahead, place.is_certain
        row.start, row.begin = place.offset, place.document
        self._unread.insert(self._unread.index(row), first)
        self._item.splice(index, 1, [first, row])

    def _place_before(self, row: UnreadRow, part: int = PART) -> Restart | None:
        """Where to begin in order to read the last part of a row; None for its own beginning."""
        if row.end - row.start <= part:
            return None
        wanted = self._part_before(row.end) if part == PART else row.end - part
        place = self._known.restart_before(wanted, row.start)
        if place is not None and row.end - place.offset <= FAR:
            return place
        if row.end - row.start <= 2 * part:
            return None
        return self._known.guess_before(wanted, row.start)

    def _part_before(self, end: int) -> int:
        """The beginning of the last few lines before `end`."""
        place, lowest = end - 1, max(0, end - PART)
        for _ in range(PART_LINES):
            found = self._text.rfind("\n", lowest, place)
            if found < 0:
                return lowest
            place = found
        return place

    def _shrink(self, row: UnreadRow, place: Restart | None) -> None:
        """What a row stands for now that all from `place` on is read."""
        if place is None:
            row.end = row.start
        else:
            row.end, row.ahead = place.offset, place.ahead
            row.is_certain = row.is_certain and place.is_certain

    @property
    def _known(self) -> Outline:
        if self._outline is None:
            self._outline = Outline(self._text)
        return self._outline

    def _row(self, index: int) -> UnreadRow:
        row = (self._item.rows or [])[index]
        if not isinstance(row, UnreadRow):
            message = f"row {index} is read already"
            raise TypeError(message)
        return row

    def _rows(self, blocks: list[Block]) -> list[Row]:
        return [self._item.make_row(block, self._style) for block in blocks]

    # -- reading the rest -----------------------------------------------------------------------

    def read_on(self, seconds: float) -> None:
        """Read for about `seconds`, from the end towards the beginning where that is possible."""
        deadline = time.perf_counter() + seconds
        while True:
            rows = self._item.rows or []
            if not self._unread:
                return
            last = self._unread[-1]
            # Each splice moves all rows behind it: without a clock there are few of them.
            place = self._place_before(last, PART if math.isfinite(seconds) else FAR)
            if last.is_certain and (place is None or place.is_certain):
                self._read_from(rows.index(last), place)
            else:
                self._read_through(rows.index(self._unread[0]), deadline)
            if time.perf_counter() >= deadline:
                return

    def read_all(self) -> None:
        """Read whatever is not read yet, now."""
        self.read_on(math.inf)

    def _read_through(self, index: int, deadline: float) -> None:
        """Read from an unread row to the end of the text; all rows from there on are made anew."""
        row = self._row(index)
        whole = self._whole
        if whole is None or whole.row is not row or whole.start != row.start:
            whole = self._whole = _WholeReading(row, row.start, row.begin())
        while True:
            piece = self._text[whole.place : whole.place + SLICE]
            whole.place += len(piece)
            self._put(whole, index, whole.document.feed(piece))
            if whole.place >= len(self._text):
                self._text = normalised(self._item.source)
                if whole.place >= len(self._text):
                    break
            if time.perf_counter() >= deadline:
                return
        if not self._item.entry.streaming:
            self._put(whole, index, whole.document.finish())
        self._whole = None
        del self._unread[self._unread.index(row) :]
        self._item.replace_from(index, whole.rows, whole.document, self._style, whole.heights)

    def _put(self, whole: _WholeReading, index: int, blocks: list[Block]) -> None:
        rows = self._rows(blocks)
        before = whole.rows[-1] if whole.rows else None
        whole.heights += self._fit(self._item, rows, index + len(whole.rows), before)
        whole.rows += rows


@dataclass(slots=True)
class _WholeReading:
    """A reading of all from one place on, in slices; its rows are shown when it is done."""

    row: UnreadRow
    start: int
    document: StreamDocument
    place: int = field(init=False)
    rows: list[Row] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = self.start
