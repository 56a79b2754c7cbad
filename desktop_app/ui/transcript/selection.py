"""What is selected, from one place in the text to another across rows and entries.

A place is (entry index, row index, UTF-16 offset), so places compare in reading order. While
entries come and go and an entry's open tail is made anew, `hold` and `settle` carry both ends
along with the words they stand between. What is copied is worked out in `copying`.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.plain import block_text
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.stack import Stack

Place = tuple[int, int, int]
END_OF_ROW = 1 << 30
"""An offset or a row beyond every end: the end of what is there now."""


@dataclass(slots=True)
class _Held:
    """One end of the selection while the text changes: its entry, and the rows as they were."""

    item: EntryItem
    rows: list[Row]
    place: Place


@dataclass(frozen=True, slots=True)
class HeldEnds:
    """Both ends of a selection, held fast over a change."""

    anchor: _Held | None
    cursor: _Held | None


class Selection:
    """An anchor and a cursor over the entries of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.anchor: Place | None = None
        self.cursor: Place | None = None

    def __bool__(self) -> bool:
        return self.anchor is not None and self.anchor != self.cursor

    def clear(self) -> None:
        """Nothing is selected."""
        self.anchor = self.cursor = None

    def set(self, anchor: Place, cursor: Place) -> None:
        """Select from one place to another, in either order; places beyond an end mean that end."""
        self.anchor, self.cursor = self.clamped(anchor), self.clamped(cursor)

    def select_all(self) -> None:
        """Everything, from the first entry to the last."""
        if self._stack.items:
            last = len(self._stack.items) - 1
            self.set((0, 0, 0), (last, END_OF_ROW, END_OF_ROW))

    def make_exact(self) -> None:
        """Give both ends places in rows that are there, reading for it what is not read yet."""
        for place in (self.anchor, self.cursor):
            if place is not None and place[0] < len(self._stack.items):
                self._stack.rows_of(self._stack.items[place[0]])
        if self.anchor is not None and self.cursor is not None:
            self.set(self.anchor, self.cursor)

    @property
    def ordered(self) -> tuple[Place, Place] | None:
        """The earlier and the later end."""
        if self.anchor is None or self.cursor is None or self.anchor == self.cursor:
            return None
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor)

    def range_in(self, item: int, row: int) -> tuple[int, int] | None:
        """The selected offsets of one row."""
        ends = self.ordered
        if ends is None:
            return None
        start, end = ends
        place = (item, row)
        if place < start[:2] or place > end[:2]:
            return None
        first = start[2] if place == start[:2] else 0
        last = end[2] if place == end[:2] else END_OF_ROW
        return (first, last) if first < last else None

    def clamped(self, place: Place) -> Place:
        """The nearest place that is there; (0, 0, 0) where there are no entries.

        The two ends of a long text that is not read yet are taken as they are.
        """
        items = self._stack.items
        index, row, offset = place
        if not items or index < 0:
            return (0, 0, 0)
        if index >= len(items):
            index, row, offset = len(items) - 1, END_OF_ROW, END_OF_ROW
        if row >= END_OF_ROW and items[index].is_for_later:
            return (index, END_OF_ROW, END_OF_ROW)
        if row == offset == 0 and items[index].is_for_later:
            return (index, 0, 0)
        rows = self._stack.rows_of(items[index])
        if not rows:
            return (index, 0, 0)
        if row >= len(rows):
            row, offset = len(rows) - 1, END_OF_ROW
        if offset:
            offset = min(offset, row_length(rows[row]))
        return (index, row, offset)

    # -- while the text changes ---------------------------------------------------------------

    def hold(self) -> HeldEnds | None:
        """Take hold of both ends before a change; costs nothing where nothing is selected."""
        if self.anchor is None or self.cursor is None:
            return None
        return HeldEnds(self._hold(self.anchor), self._hold(self.cursor))

    def settle(self, held: HeldEnds | None) -> None:
        """Put both ends where their words are after the change."""
        if held is None:
            return
        anchor, cursor = self._settled(held.anchor), self._settled(held.cursor)
        if anchor is None and cursor is None:
            self.clear()
        else:
            self.anchor = anchor or cursor
            self.cursor = cursor or anchor

    def _hold(self, place: Place) -> _Held | None:
        items = self._stack.items
        if place[0] >= len(items):
            return None
        item = items[place[0]]
        return _Held(item, list(item.rows or ()), place)

    def _settled(self, held: _Held | None) -> Place | None:
        if held is None:
            return None
        item, (index, row, offset) = held.item, held.place
        if not self._stack.items.holds(item):
            # The entry is gone: its place is where the next one begins, or the last one ends.
            return self.clamped((index, 0, 0)) if self._stack.items else None
        old, new = held.rows, item.rows
        if new is not None and old and row < len(old):
            row, offset = _carried(old, new, row, offset)
            return self.clamped((item.index, row, offset))
        return (item.index, row, offset)


def _carried(old: list[Row], new: list[Row], row: int, offset: int) -> tuple[int, int]:
    """Where (row, offset) of the old rows is in the new ones.

    Rows before the first one that was replaced are the same objects. From there on the place is
    counted in letters, so that it stays with its word when a paragraph is cut in two.
    """
    if row < len(new) and new[row] is old[row]:
        return row, offset
    first = min(row, len(new))
    while first and new[first - 1] is not old[first - 1]:
        first -= 1
    distance = min(offset, row_length(old[row]))
    for index in range(first, row):
        distance += row_length(old[index]) + _seam(old[index + 1].block)
    for index in range(first, len(new)):
        length = row_length(new[index])
        if distance <= length or index == len(new) - 1:
            return index, min(distance, length)
        distance -= length + _seam(new[index + 1].block)
        if distance < 0:
            return index + 1, 0
    return len(new), 0


def _seam(block: Block) -> int:
    """Letters between a row and the one before it: none inside a paragraph."""
    return 0 if block.kind is BlockKind.PARAGRAPH and not block.first else 1


def row_length(row: Row) -> int:
    """UTF-16 units in a row, whether it was laid out or not."""
    return utf16.length(row.text or block_text(row.block))
