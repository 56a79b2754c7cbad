"""Presses and keys that are about a text which is still to be read: they wait until it is.

Where a click or a key puts the text cursor is known by the numbers of rows, and those stay what they are
once all of a text is read: a third of a second for half a million characters, and several for some
hostile texts. It is read in slices, the window answers in between, and what the person does meanwhile
is done in its order afterwards.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer

from desktop_app.ui.transcript.caret import Step
from desktop_app.ui.transcript.entry_item import EntryItem

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

SLICE_SECONDS = 0.008

Needs = Callable[[], Iterable[EntryItem]]
"""Gives the entries that have to be read for something; asked again as their heights change."""


class WaitingInput:
    """What is still to be done in one view, in its order."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._acts: deque[tuple[Needs, Callable[[], object]]] = deque()
        self._is_acting = False
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._slice)

    def is_waiting(self) -> bool:
        """Whether something waits: whatever comes now has to come after it."""
        return bool(self._acts)

    def clear(self) -> None:
        """Let go of all that waits."""
        self._acts.clear()
        self._timer.stop()

    def do(self, needs: Needs, act: Callable[[], object]) -> None:
        """Run `act` once all that it needs is read: now, where that is so or takes no time."""
        if self._is_acting:
            act()
            return
        self._acts.append((needs, act))
        if len(self._acts) == 1:
            self._slice()

    def _slice(self) -> None:
        deadline = time.perf_counter() + SLICE_SECONDS
        while self._acts:
            needs, act = self._acts[0]
            item = next(filter(self._is_unread, needs()), None)
            if item is None:
                self._acts.popleft()
                self._is_acting = True
                try:
                    act()
                finally:
                    self._is_acting = False
            elif time.perf_counter() < deadline:
                self._view.stack.prepare(item)
                self._view.read_on(item, deadline - time.perf_counter())
                continue
            if self._acts and time.perf_counter() >= deadline:
                self._timer.start(0)
                return

    def _is_unread(self, item: EntryItem) -> bool:
        return self._view.stack.items.holds(item) and not item.is_folded and item.is_for_later

    # -- what is needed -----------------------------------------------------------------------

    def under(self, at: QPointF) -> list[EntryItem]:
        """The entry at a point of the viewport."""
        item = self._view.stack.item_at(at.y() + self._view.scrolling.value)
        return [item] if item is not None else []

    def in_sight(self) -> Iterator[EntryItem]:
        """The entries that the viewport shows."""
        yield from self._between(0.0, float(self._view.viewport().height()))

    def for_step(self, step: Step) -> Iterator[EntryItem]:
        """The entries that the text cursor may be in before or after a step."""
        view, items = self._view, self._view.stack.items
        for place in (view.selection.anchor, view.selection.cursor):
            if place is not None:
                yield from items[max(0, place[0] - 1) : place[0] + 2]
        height = float(view.viewport().height())
        yield from self._between(-height, 2 * height)
        if step is Step.START:
            yield from items[:1]
        elif step is Step.END:
            yield from items[-1:]

    def _between(self, top: float, bottom: float) -> Iterator[EntryItem]:
        stack, value = self._view.stack, self._view.scrolling.value
        item = stack.item_at(value + top)
        while item is not None and stack.top_of(item) < value + bottom:
            yield item
            following = item.index + 1
            item = stack.items[following] if following < len(stack.items) else None
