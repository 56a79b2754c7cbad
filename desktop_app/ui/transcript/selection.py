"""What is selected, from one place in the text to another across rows and entries.

A place is (entry index, row index, UTF-16 offset), so places compare in reading order. Whole
entries are copied as their Markdown source, parts of them as plain text.
"""

from __future__ import annotations

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.plain import marker_text, separator
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.stack import Stack

Place = tuple[int, int, int]
END_OF_ROW = 1 << 30


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
        """Select from one place to another, in either order."""
        self.anchor, self.cursor = anchor, cursor

    def select_all(self) -> None:
        """Everything, from the first entry to the last."""
        if self._stack.items:
            self.set((0, 0, 0), (len(self._stack.items) - 1, END_OF_ROW, END_OF_ROW))

    def rows_moved(self, item: EntryItem, row: int, by: int) -> None:
        """Rows from `row` on have other numbers: more of the entry's text was read."""

        def moved(place: Place | None) -> Place | None:
            if place is None or place[0] != item.index or not row <= place[1] < END_OF_ROW:
                return place
            return (place[0], max(0, place[1] + by), place[2])

        self.anchor, self.cursor = moved(self.anchor), moved(self.cursor)

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

    def text(self) -> str:
        """The selected text."""
        for place in self.ordered or ():
            is_inside = place[1:] != (0, 0) and place[1] < END_OF_ROW
            if is_inside and place[0] < len(self._stack.items):
                # Rows have their final numbers once all of them are read.
                self._stack.rows_of(self._stack.items[place[0]])
        ends = self.ordered
        if ends is None:
            return ""
        start, end = ends
        parts = []
        for index in range(start[0], min(end[0], len(self._stack.items) - 1) + 1):
            item = self._stack.items[index]
            first = start[1:] if index == start[0] else (0, 0)
            last = end[1:] if index == end[0] else (END_OF_ROW, END_OF_ROW)
            if first == (0, 0) and last[0] == END_OF_ROW:
                parts.append(item.source.strip("\n"))
            else:
                parts.append(self._part(item, first, last))
        return "\n\n".join(part for part in parts if part)

    def _part(self, item: EntryItem, first: tuple[int, ...], last: tuple[int, ...]) -> str:
        rows = self._stack.rows_of(item)
        texts: list[str] = []
        for index in range(first[0], min(last[0], len(rows) - 1) + 1):
            row = rows[index]
            text = text_of(item, row, index)
            begin = first[1] if index == first[0] else 0
            end = last[1] if index == last[0] else END_OF_ROW
            if texts:
                texts.append(separator(row.block))
            if begin == 0:
                texts.append(marker_text(row.block))
            texts.append(utf16.cut(text, begin, end))
        return "".join(texts)


def text_of(item: EntryItem, row: Row, index: int) -> str:
    """The text of a row, laid out for it if it was not yet."""
    if row.pieces is None:
        item.measure_row(index)
    return row.text
