"""Finds words in all entries of a view, also in those that were never laid out.

The search begins with what is in sight and goes on between frames, a few milliseconds at a time;
what it read is kept, so that the next letter of a word costs little. Text that streams in is
searched as it comes. Which hit is the current one is decided here too, and shown by scrolling.
"""

from __future__ import annotations

import bisect
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.ui.transcript.entry_folding import unfold_at
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.hit_marks import Mark
from desktop_app.ui.transcript.matching import Query
from desktop_app.ui.transcript.searched_text import (
    Group,
    Hit,
    continues,
    groups_in,
    groups_of,
    hits_in,
    marks_of,
)
from desktop_app.ui.transcript.stack import Anchor, row_of

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

SLICE_SECONDS = 0.004
TOLD_SECONDS = 0.05
FIRST_SLICE_SECONDS = 0.012
"""The first results come before the next frame; the rest between the frames after it."""


class Finder(QObject):
    """The search in one view.

    Signals:
        changed(): The number of hits, or the current one, is another.
    """

    changed = Signal()

    def __init__(self, view: BlockView) -> None:
        super().__init__(view)
        self._view = view
        self.query = Query("")
        self.top_margin = 0
        """Pixels at the top of the viewport under which a hit would be hidden."""
        self._hits: dict[EntryItem, list[Hit]] = {}
        self._groups: dict[EntryItem, list[Group]] = {}
        self._waiting: deque[EntryItem] = deque()
        self._stale: set[EntryItem] = set()
        """Those that wait, or grew while they were read and must be read again."""
        self._total = 0
        self._told_at = 0.0
        self._reading: tuple[EntryItem, Iterator[None]] | None = None
        self._current: tuple[EntryItem, Hit] | None = None
        self._origin: Anchor | None = None
        self._goes_to_first = False
        self._leads = True
        self._timer = QTimer(self)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._on_timer)

    # -- what is known ------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Hits so far."""
        return self._total

    @property
    def position(self) -> int:
        """The number of the current hit in reading order, from 1; 0 while there is none."""
        if self._current is None:
            return 0
        item, hit = self._current
        before = sum(len(hits) for each, hits in self._hits.items() if each.index < item.index)
        return before + bisect.bisect_left(self._hits[item], hit) + 1

    @property
    def is_searching(self) -> bool:
        """Whether there is text that was not looked through yet."""
        return bool(self._waiting) or self._reading is not None

    @property
    def current(self) -> tuple[EntryItem, Hit] | None:
        """The current hit with its entry."""
        return self._current

    def hits_of(self, item: EntryItem) -> list[Hit]:
        """The hits of an entry so far, in reading order."""
        return self._hits.get(item, [])

    def marks_in(self, item: EntryItem, row: int) -> list[Mark]:
        """What is to be marked in a row."""
        hits = self._hits.get(item)
        if not hits:
            return []
        if not item.is_read:
            if not self._is_reading(item):
                self._look_again(item)
            return []
        current = self._current[1] if self._current and self._current[0] is item else None
        return marks_of(hits, row, current)

    # -- searching ----------------------------------------------------------------------------

    def search(self, query: Query, *, leads: bool = True) -> None:
        """Look for something else, beginning with what is in sight; a blank query ends it.

        Args:
            query: What to look for.
            leads: Whether the search leads to its hits; one that does not only marks and counts.
        """
        was_leading, self._leads = self._leads, leads
        if query == self.query:
            if leads and not was_leading:
                self._origin = self._place_to_begin()
                self._goes_to_first = True
                self._choose()
                self.changed.emit()
            elif not leads:
                self._current = None
            return
        self._start(query, jumps=leads)

    def _start(self, query: Query, *, jumps: bool) -> None:
        """Begin anew; `jumps` brings the first hit into sight."""
        self._origin = self._place_to_begin()
        self.query = query
        self._hits.clear()
        self._total = 0
        self._reading = None
        self._current = None
        self._waiting.clear()
        self._stale.clear()
        self._view.viewport().update()
        if query.folded and self._view.stack.items:
            first = self._origin.item.index if self._origin else 0
            items = self._view.stack.items
            self._waiting.extend(items[first:])
            self._waiting.extend(items[:first])
            self._stale.update(items)
            self._goes_to_first = jumps
            self._work(FIRST_SLICE_SECONDS)
        self._show_progress(at_once=True)

    def close(self) -> None:
        """End the search and forget what was read for it."""
        self.search(Query(""))
        self._groups.clear()

    def reset(self) -> None:
        """Other entries are shown: search them for the same."""
        query, leads = self.query, self._leads
        self.close()
        self._leads = leads
        if query.folded:
            self._start(query, jumps=False)

    def note_change(self, item: EntryItem, row: int) -> None:
        """An entry changed from a row on (its head where negative), came, or is gone."""
        if not self._view.stack.items.holds(item):
            self._forget_gone()
        elif not self.query.folded:
            self._groups.pop(item, None)
            return
        elif (
            row >= 0
            and item in self._groups
            and item.rows
            and item.is_read
            and not item.entry.details
        ):
            self._search_again(item, row)
        else:
            self._groups.pop(item, None)
            self._look_again(item)
        self._show_progress()

    def _look_again(self, item: EntryItem) -> None:
        """Search an entry once more, soon."""
        if not self._is_reading(item):
            if item not in self._stale:
                self._waiting.appendleft(item)
            self._timer.start()
        self._stale.add(item)

    def step(self, *, forwards: bool) -> None:
        """Go to the next hit or the one before; round the ends."""
        self._goes_to_first = self._current is None
        if self._current is None:
            self._choose()
            return
        item, hit = self._current
        hits = self._hits[item]
        index = bisect.bisect_left(hits, hit) + (1 if forwards else -1)
        if 0 <= index < len(hits):
            self._go_to(item, hits[index])
            return
        items = self._view.stack.items
        direction = 1 if forwards else -1
        for distance in range(1, len(items) + 1):
            found = self._hits.get(items[(item.index + direction * distance) % len(items)])
            if found:
                other = items[(item.index + direction * distance) % len(items)]
                self._go_to(other, found[0 if forwards else -1])
                return

    def finish(self) -> None:
        """Look through all that is left, at once."""
        self._work(float("inf"))
        self._show_progress(at_once=True)

    def _place_to_begin(self) -> Anchor | None:
        """The current hit while it is in sight, else the first row in sight."""
        if self._current is not None and self._is_in_sight(*self._current):
            item, hit = self._current
            held = item.rows[hit.row] if item.rows else None
            return Anchor(item, hit.row, 0, 0.0, held)
        return self._view.stack.anchor_at(self._view.verticalScrollBar().value())

    def _on_timer(self) -> None:
        self._work(SLICE_SECONDS)
        self._show_progress()

    def _work(self, seconds: float) -> None:
        """Search for so long, or until everything was looked through."""
        until = time.perf_counter() + seconds
        while self.is_searching:
            if self._reading is None:
                item = self._waiting.popleft()
                self._stale.discard(item)
                self._reading = (item, self._search_item(item))
            item, steps = self._reading
            if next(steps, self) is self:
                self._reading = None
                if item in self._stale:
                    self._waiting.append(item)
                self._choose_in(item)
            if time.perf_counter() >= until:
                break

    def _show_progress(self, *, at_once: bool = False) -> None:
        """Go on at the next turn of the loop, and tell how far the search is, not too often."""
        if self.is_searching:
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()
            self._choose()
            self._goes_to_first = False
        now = time.perf_counter()
        if at_once or not self.is_searching or now > self._told_at + TOLD_SECONDS:
            self._told_at = now
            self.changed.emit()

    def _search_item(self, item: EntryItem) -> Iterator[None]:
        """Search one entry in steps; its old hits stay until the new ones are all there."""
        yield from self._read(item)
        groups = self._groups.get(item)
        if groups is None or item.entry.streaming:
            for groups in groups_in(item):  # noqa: B007 - the last ones are complete
                yield
            self._groups[item] = groups or []
        hits: list[Hit] = []
        for hits in hits_in(groups or [], self.query):  # noqa: B007 - the last ones are complete
            yield
        self._put(item, hits)

    def _read(self, item: EntryItem) -> Iterator[None]:
        """Read all of an entry that is shown in parts: hits are known by the numbers of rows."""
        if not item.is_partly_read:
            return
        holds = self._view.stack.items.holds
        while holds(item) and item.is_partly_read:
            self._view.read_on(item, SLICE_SECONDS)
            yield
        self._view.viewport().update()

    def _search_again(self, item: EntryItem, row: int) -> None:
        """Search what changed at the end of an entry; before it all is as it was."""
        rows, groups = item.rows or [], self._groups[item]
        while groups and groups[-1].end_row > row:
            groups.pop()
        if groups and groups[-1].end_row < len(rows):
            last = groups[-1]
            if continues(rows[last.end_row].block, last.end_row - last.first_row):
                groups.pop()
        row = groups[-1].end_row if groups else 0
        hits = self._hits.get(item, [])
        kept = hits[: bisect.bisect_left(hits, (row,))]
        for group in groups_of([each.block for each in rows[row:]], row):
            groups.append(group)
            kept.extend(group.hits(self.query))
        self._put(item, kept)

    def _put(self, item: EntryItem, hits: list[Hit]) -> None:
        if not self._view.stack.items.holds(item):
            return
        before = self._hits.pop(item, [])
        self._total += len(hits) - len(before)
        if hits:
            self._hits[item] = hits
        if hits != before and item.rows is not None:
            self._view.viewport().update()
        if self._current is not None and self._current[0] is item and self._current[1] not in hits:
            index = min(bisect.bisect_left(hits, self._current[1]), len(hits) - 1)
            self._current = (item, hits[index]) if hits else None

    def _forget_gone(self) -> None:
        holds = self._view.stack.items.holds
        for item in [item for item in self._groups if not holds(item)]:
            del self._groups[item]
        for item in [item for item in self._hits if not holds(item)]:
            self._total -= len(self._hits.pop(item))
        self._waiting = deque(filter(holds, self._waiting))
        self._stale = set(filter(holds, self._stale))
        if self._reading is not None and not holds(self._reading[0]):
            self._reading = None
        if self._current is not None and self._current[0] not in self._hits:
            self._current = None
        if self._origin is not None and not holds(self._origin.item):
            self._origin = None

    # -- the current hit ----------------------------------------------------------------------

    def _choose_in(self, item: EntryItem) -> None:
        """Go to the first hit of an entry that was searched, if none was gone to yet."""
        hits = self._hits.get(item, [])
        if self._origin is not None and self._origin.item is item:
            hits = hits[bisect.bisect_left(hits, (max(0, row_of(self._origin)),)) :]
        if self._goes_to_first and self._current is None and hits:
            self._take(item, hits[0])

    def _choose(self) -> None:
        """Make a hit the current one: the first from where the search began, round the end."""
        if self._current is not None or not self._hits or not self._leads:
            return
        start = self._origin.item.index if self._origin is not None else 0
        row = max(0, row_of(self._origin)) if self._origin is not None else 0
        items = self._view.stack.items
        for distance in range(len(items) + 1):
            item = items[(start + distance) % len(items)]
            hits = self._hits.get(item, [])
            if distance == 0:
                hits = hits[bisect.bisect_left(hits, (row,)) :]
            if hits:
                self._take(item, hits[0])
                return

    def _is_reading(self, item: EntryItem) -> bool:
        return self._reading is not None and self._reading[0] is item

    def _take(self, item: EntryItem, hit: Hit) -> None:
        """Take the first hit; it is scrolled to once, not again when text streams in later."""
        if self._goes_to_first:
            self._goes_to_first = False
            self._go_to(item, hit)
        else:
            self._current = (item, hit)

    def _go_to(self, item: EntryItem, hit: Hit) -> None:
        """Make a hit the current one and bring it into sight."""
        view = self._view
        self._current = (item, hit)
        unfold_at(view, item, hit.row)
        view.controls.reveal(item, hit.row, hit.start)

        def extent() -> tuple[float, float]:
            first = view.caret.places.rect((item.index, hit.row, hit.start))
            last = view.caret.places.rect((item.index, hit.end_row, hit.end))
            return first.top(), max(first.bottom(), last.bottom())

        margin = view.stack.style.em(0.6)
        view.scrolling.reveal(extent, margin=(self.top_margin + margin, margin), leap=0.33)
        view.viewport().update()
        self.changed.emit()

    def _is_in_sight(self, item: EntryItem, hit: Hit) -> bool:
        stack, view = self._view.stack, self._view
        if item.rows is None or not item.is_read or hit.row >= len(item.rows):
            return False
        top = stack.top_of(item) + item.row_top(hit.row) - view.verticalScrollBar().value()
        height = view.viewport().height()
        return -item.rows[hit.row].height < top < height
