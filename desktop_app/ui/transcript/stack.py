"""All entries of a view on top of one another: where each is, and which are laid out.

Heights are estimates until a part is looked at and exact afterwards. An `Anchor` names a place in
the text rather than a pixel, so that the view can keep it still while heights around it change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from desktop_app.ui.transcript.chrome import Chrome, Labels
from desktop_app.ui.transcript.entry import Entry, EntrySequence
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.heights import Heights
from desktop_app.ui.transcript.items import Items, ItemsById
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.style import Style

KEPT_ROWS = 300
"""Laid out rows kept before those far from the viewport are given up (about 3 MB)."""
MARKED_UP = 1.3
"""Lists, code and blank lines make a text this much taller than the same letters as prose."""
KEPT_ITEMS = 400
"""Entries whose rows are kept (about 4 kB each) before those seen longest ago give theirs up."""
SPACE_AROUND = 10
"""Pixels above the first and below the last entry."""


@dataclass(slots=True)
class Anchor:
    """A place in the text: `dy` pixels below the top of the line at `offset` of a row.

    `row` is -1 for the head of an entry.
    """

    item: EntryItem
    row: int
    offset: int
    dy: float
    held: Row | None = None
    """The row itself, by which it is found again after rows came in before it."""
    from_end: int = 1
    """How many rows there were from this one on."""


class Stack:
    """The entries with their heights; knows widths and styles, does not paint."""

    def __init__(self, style: Style, labels: Labels) -> None:
        self.style = style
        self.labels = labels
        self.width = 600
        self.items = Items()
        self.by_id = ItemsById(self.items)
        self.on_rows_moved: Callable[[EntryItem, int, int], None] = lambda *_: None
        self.keep_place: Callable[[Callable[[], None]], None] = lambda act: act()
        """Runs what may change heights above what is seen, and keeps that where it is."""
        self._heights = Heights()
        self._laid: set[EntryItem] = set()
        self._seen: dict[EntryItem, None] = {}

    # -- entries ------------------------------------------------------------------------------

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Replace everything."""
        self.items = Items(entries)
        self.by_id = ItemsById(self.items)
        self._laid.clear()
        self._seen.clear()
        if isinstance(entries, EntrySequence):
            lengths = entries.text_lengths()
        else:
            lengths = [len(entry.text) for entry in entries]
        per_line, pitch = self._measures(self.style)
        each, around = pitch * MARKED_UP / per_line, 4 * pitch
        self._heights = Heights([int(length * each) + around for length in lengths])

    def insert(self, index: int, entry: Entry) -> EntryItem:
        """Put an entry at `index`; an id that is there already raises ValueError."""
        if entry.id in self.by_id:
            message = f"entry {entry.id!r} is already shown"
            raise ValueError(message)
        item = EntryItem(entry, index)
        if index == len(self.items):
            self.items.append(item)
            self._heights.append(self._estimate(item))
        else:
            self.items.insert(index, item)
            self._heights.splice(index, 0, [self._estimate(item)])
            self._frame_first(index)
        return item

    def remove(self, item: EntryItem) -> None:
        """Take an entry out."""
        self.items.remove(item)
        self._laid.discard(item)
        self._seen.pop(item, None)
        self._heights.splice(item.index, 1)
        self._frame_first(item.index)

    def restyle(self, style: Style) -> None:
        """Other fonts or colours: rows are made anew on need, heights scale with the type size."""
        scale = style.pitch / self.style.pitch
        self.style = style
        heights = self._heights.scaled(scale)
        for item in self.items.made():
            item.forget_rows()
        self._laid.clear()
        self._heights = heights

    def style_of(self, item: EntryItem) -> Style:
        """Steps of the timeline are set smaller."""
        return self.style.compact if item.entry.kind.is_step else self.style

    def _frame_first(self, index: int) -> None:
        """The frame of the first entry differs; another may be the first now."""
        if index == 0:
            for item in self.items[:2]:
                item.chrome = None

    def _measures(self, style: Style) -> tuple[float, int]:
        """Letters in a line and pixels between lines, for guesses of heights."""
        width = max(style.em(8), min(self.width - style.em(3), style.em(48)))
        return width * style.characters_per_em / style.px, style.pitch

    def _estimate(self, item: EntryItem) -> int:
        return item.estimate(*self._measures(self.style_of(item)))

    # -- places -------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """The height of everything."""
        return self._heights.total + 2 * SPACE_AROUND if self.items else 0

    def top_of(self, item: EntryItem) -> int:
        """The top of an entry."""
        return SPACE_AROUND + self._heights.prefix(item.index)

    def height_of(self, item: EntryItem) -> int:
        """The height an entry is given, exact or estimated."""
        return self._heights[item.index]

    def item_at(self, y: float) -> EntryItem | None:
        """The entry that covers a height; the first or last beyond the ends."""
        if not self.items:
            return None
        return self.items[self._heights.find(max(0, int(y) - SPACE_AROUND))]

    def rows_of(self, item: EntryItem) -> list[Row]:
        """All rows of an entry, read and made now if needed; they keep their numbers from now on.

        Whoever keeps the number of a row, or works with one that somebody kept, asks here.
        """
        item.keeps_numbers = True
        self.prepare(item)
        if not item.is_read:
            self.keep_place(lambda: self._read_all(item))
        return item.ensure_rows(self.style_of(item))

    def _read_all(self, item: EntryItem) -> None:
        item.read_all()
        self.note_height(item)

    def read_on(self, item: EntryItem, seconds: float) -> None:
        """Read more of the text of an entry that is shown, for about `seconds`."""
        if not item.is_read:
            item.read_on(seconds)
            self.note_height(item)

    def prepare(self, item: EntryItem) -> Chrome:
        """Frame and rows of an entry; its height is noted."""
        style = self.style_of(item)
        item.on_rows_moved = self.on_rows_moved
        chrome = item.ensure_chrome(style, self.width, self.labels)
        if item.rows is None:
            item.ensure_rows(style)
            self._seen[item] = None
        self._heights.set(item.index, item.height)
        return chrome

    def anchor_at(self, y: float) -> Anchor | None:
        """The place in the text at a height."""
        item = self.item_at(y)
        if item is None:
            return None
        chrome = self.prepare(item)
        inside = y - self.top_of(item)
        rows = item.rows
        if not rows or inside < chrome.head:
            return Anchor(item, -1, 0, inside)
        if not item.is_read:
            item.read_at(inside)
            self._heights.set(item.index, item.height)
        index = item.row_at(inside)
        below, row = inside - item.row_top(index), rows[index]
        if row.height and row.width == item.row_width:
            # Colours or formulas may have come for it since it was laid out; its height is exact.
            item.measure_row(index)
        offset, line_top = row.line_top(below)
        return Anchor(item, index, offset, below - line_top, row, len(rows) - index)

    def place_of(self, anchor: Anchor) -> float:
        """The height at which an anchor is now."""
        item = anchor.item
        top = self.top_of(item)
        rows = item.rows
        if anchor.row < 0 or not rows:
            return top + anchor.dy
        index = row_of(anchor)
        line_top = rows[index].top_of(anchor.offset) if rows[index].pieces else 0.0
        return top + item.row_top(index) + line_top + anchor.dy

    def rows_between(self, top: float, bottom: float) -> list[Row]:
        """The rows that are there between two heights, whatever is known of them."""
        rows: list[Row] = []
        item = self.item_at(top)
        while item is not None:
            y = self.top_of(item)
            if item.rows:
                rows += item.rows[item.row_at(top - y) : item.row_at(bottom - y) + 1]
            if y + item.height >= bottom or item.index + 1 == len(self.items):
                break
            item = self.items[item.index + 1]
        return rows

    # -- layout -------------------------------------------------------------------------------

    def measure(self, top: float, bottom: float) -> bool:
        """Lay out everything between two heights; true if any height changed."""
        item = self.item_at(top)
        changed = False
        while item is not None:
            before = self._heights[item.index]
            self.prepare(item)
            y = self.top_of(item)
            was_read = item.is_read
            if not was_read and item.height != before:
                # What the two heights stand for is elsewhere now; nothing is read by mistake.
                return True
            has_changed = item.measure(top - y, bottom - y)
            changed |= has_changed and not was_read
            if item.laid:
                self._laid.add(item)
            height = item.height
            self._heights.set(item.index, height)
            changed |= height != before
            if y + height >= bottom or item.index + 1 == len(self.items):
                break
            item = self.items[item.index + 1]
        return changed

    def laid_rows(self) -> Iterator[tuple[EntryItem, int, Row]]:
        """The rows that are laid out, each with its entry and its index there."""
        for item in self._laid:
            rows = item.rows or []
            yield from ((item, index, rows[index]) for index in item.laid if index < len(rows))

    def measure_anchor(self, anchor: Anchor) -> None:
        """Lay out the row of an anchor, so that its place is exact."""
        self.prepare(anchor.item)
        rows = anchor.item.rows
        if rows and anchor.row >= 0:
            anchor.item.measure_row(row_of(anchor))
            self._laid.add(anchor.item)
            self.note_height(anchor.item)

    def measure_row(self, item: EntryItem, index: int) -> None:
        """Lay out one row that is about to be looked at or stepped into."""
        item.measure_row(index)
        self._laid.add(item)
        self._heights.set(item.index, item.height)

    def note_height(self, item: EntryItem) -> None:
        """The entry's height may have changed."""
        height = self._estimate(item) if item.rows is None else item.height
        self._heights.set(item.index, height)

    def drop_far(self, top: float, bottom: float) -> None:
        """Give up layouts far from the viewport, and the rows of entries seen long ago."""
        while len(self._seen) > KEPT_ITEMS:
            item = next(iter(self._seen))
            del self._seen[item]
            y = self.top_of(item)
            if bottom < y or y + item.height < top:
                self._forget(item)
            else:
                self._seen[item] = None
                break
        if sum(len(item.laid) for item in self._laid) <= KEPT_ROWS:
            return
        room = 2 * (bottom - top)
        first, last = self.item_at(top - room), self.item_at(bottom + room)
        if first is None or last is None:
            return
        for item in list(self._laid):
            if first.index <= item.index <= last.index:
                y = self.top_of(item)
                item.drop_outside(top - room - y, bottom + room - y)
            else:
                item.drop_layouts()
                self._laid.discard(item)

    def _forget(self, item: EntryItem) -> None:
        """Give up the rows of an entry; its height stays.

        They are read anew on the next need, and are the same rows with the same numbers then. A
        long text would be read in parts again, and its rows have other numbers for a while.
        """
        if item.is_short and not item.entry.streaming:
            item.forget_rows()
            self._laid.discard(item)


def row_of(anchor: Anchor) -> int:
    """The number that an anchor's row has by now."""
    rows, held = anchor.item.rows or [], anchor.held
    if held is None or not rows or anchor.row < 0:
        return anchor.row
    if anchor.row >= len(rows) or rows[anchor.row] is not held:
        try:
            anchor.row = rows.index(held)
        except ValueError:
            # Streamed text has made the row anew in its place, or a reading of all in the place of
            # a guess, which began at another row and ended at the same one.
            places = (anchor.row, len(rows) - anchor.from_end)
            alike = [n for n in places if 0 <= n < len(rows) and rows[n].block == held.block]
            anchor.row = alike[0] if alike else min(anchor.row, len(rows) - 1)
        anchor.held, anchor.from_end = rows[anchor.row], len(rows) - anchor.row
    return anchor.row
