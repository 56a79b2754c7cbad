"""Where a block view is scrolled to, and how it stays there while the text changes.

The contract: the text under the reader's eyes never moves. The view follows the end only while
the reader is there; scrolling up stops that at once. Estimated heights become exact as parts come
into sight, and each correction is taken out of the scroll position.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.stack import Anchor

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

NEAR_END = 2
"""Pixels from the end within which the view counts as being there."""
JUMP = 2
"""Viewport heights beyond which a scroll is a jump: what lies between is not laid out."""
SETTLING_ROUNDS = 12


class Follow(StrEnum):
    """How far a view moves along while an answer grows; see `Scrolling.begin_answer`."""

    END = "end"
    START = "start"
    STAY = "stay"


Dirty = tuple[EntryItem, int] | None
"""The entry and the row from which on a change shows; row -1 is the entry's head."""


class Scrolling:
    """Keeps a view's scroll bar and its text in step."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._bar = view.bar
        self.follow = Follow.END
        self.is_following = True
        self.is_settling = False
        self._stops_at: EntryItem | None = None
        self._was_at_end = True

    @property
    def value(self) -> int:
        """The height of the text at the top of the viewport."""
        return self._bar.value()

    def is_at_end(self) -> bool:
        """Whether the end of the last entry is in sight."""
        bar = self._bar
        return bar.value() >= bar.maximum() - NEAR_END

    def begin_answer(self, item: EntryItem) -> None:
        """An answer will grow at the end: show its place, and follow it as far as `follow` says.

        To its end; until its first line reaches the top; or not at all.
        """
        self.to_end()
        self._stops_at = item if self.follow is Follow.START else None
        self.is_following = self.follow is not Follow.STAY

    def to_end(self) -> None:
        """Go to the end and follow it."""
        self.is_following = True
        self._stops_at = None
        self.settle_at_end()
        self._view.viewport().update()
        self.tell_at_end()
        self._view.idle.moved()

    def to(self, place: Callable[[], float]) -> None:
        """Bring a height to the top of the viewport."""
        self.is_following = False
        self._settle(place)
        self.is_following = self.is_at_end()
        self._view.viewport().update()
        self.tell_at_end()
        self._view.idle.moved()

    def reveal(
        self,
        extent: Callable[[], tuple[float, float]],
        *,
        margin: tuple[int, int],
        leap: float | None = None,
    ) -> None:
        """Scroll the least that brings a stretch of heights into sight, or not at all.

        Args:
            extent: The top and the bottom of what is to be seen, asked again as heights change.
            margin: Pixels to keep free above and below it.
            leap: Where in the viewport to put what is out of sight, as a share of its height, for
                places that one comes to from afar.
        """
        stack, height = self._view.stack, self._view.viewport().height()
        anchor = stack.anchor_at(self.value)

        def wanted() -> float:
            base = stack.place_of(anchor) if anchor is not None else 0.0
            top, bottom = extent()
            top, bottom = top - margin[0], bottom + margin[1]
            if leap is not None and not base <= top <= bottom <= base + height:
                return min(top, top + margin[0] - height * leap)
            return top if top < base else max(base, min(bottom - height, top))

        self.to(wanted)

    def scrolled(self, dy: int) -> None:
        """The bar moved, by whatever means, so that the content should move by `dy`."""
        if self.is_settling:
            return
        stack, height = self._view.stack, self._view.viewport().height()
        new = self.value
        # A drag, or a leap to either end, means the place on the bar; a step means the distance.
        bar = self._bar
        is_end = new in (bar.minimum(), bar.maximum()) and 3 * abs(dy) > height
        is_jump = bar.isSliderDown() or is_end or abs(dy) > JUMP * height
        anchor = stack.anchor_at(new if is_jump else new + dy)
        if anchor is None:
            return
        moved = 0 if is_jump else -dy
        self.is_following = False
        self._settle(lambda: stack.place_of(anchor) + moved)
        self.is_following = self.is_at_end()
        self._blit(height if is_jump else round(stack.place_of(anchor)) - self.value)
        self.tell_at_end()
        self._view.idle.moved()

    def change(
        self,
        change: Callable[[], Dirty],
        *,
        is_full: bool = False,
        growing: EntryItem | None = None,
    ) -> None:
        """Run `change`, keep the reading place or the end, and repaint what differs.

        `growing` is the entry of which nothing but the open end is changed, if that is all.
        """
        view, stack = self._view, self._view.stack
        if growing is not None and growing.rows and self.is_following and self._stops_at is None:
            self._grow(change, growing)
            return
        before = self.value
        anchor = stack.anchor_at(before)
        dirty = self._run(change)
        if anchor is not None and not stack.items.holds(anchor.item):
            anchor = stack.anchor_at(before)
        self.settle(anchor)
        if is_full or anchor is None:
            view.viewport().update()
        else:
            self._repaint(dirty, round(stack.place_of(anchor)) - self.value)
        self.tell_at_end()

    def _grow(self, change: Callable[[], Dirty], item: EntryItem) -> None:
        """Run a change of an entry's open end and stay at the end of the text.

        What stands above keeps its height: how far it moves, its last row tells as well as the place
        at the top of the viewport, which would have to be looked for.
        """
        stack, closed = self._view.stack, item.closed_rows
        before = stack.top_of(item) + item.row_top(closed) - self.value
        dirty = self._run(change)
        self.settle_at_end()
        shift = stack.top_of(item) + item.row_top(closed) - self.value - before
        self._repaint(dirty, shift)
        self.tell_at_end()

    def _run(self, change: Callable[[], Dirty]) -> Dirty:
        """Run a change; selection and search go along with the text."""
        view = self._view
        held = view.selection.hold()
        dirty = change()
        view.selection.settle(held)
        if dirty is not None:
            view.finder.note_change(*dirty)
        return dirty

    def settle(self, anchor: Anchor | None) -> None:
        """Stay at the end while following, else with the anchor."""
        stack = self._view.stack
        if self.is_following or anchor is None:
            self.settle_at_end()
        else:
            stack.measure_anchor(anchor)
            self._settle(lambda: stack.place_of(anchor))

    def settle_at_end(self) -> None:
        """Show the end of the text."""
        stack, height = self._view.stack, self._view.viewport().height()
        stops_at = self._stops_at
        if stops_at is None or not stack.items.holds(stops_at):
            self._settle(lambda: float(stack.total - height))
            return
        self._settle(lambda: float(min(stack.total - height, stack.top_of(stops_at))))
        if self.value >= stack.top_of(stops_at):
            self.is_following = False
            self._stops_at = None

    def tell_at_end(self) -> None:
        """Signal when the end came into sight or went out of it."""
        at_end = self.is_at_end()
        if at_end != self._was_at_end:
            self._was_at_end = at_end
            self._view.at_end_changed.emit(at_end)

    def _settle(self, wanted: Callable[[], float]) -> None:
        """Scroll to where `wanted` says, laying out what is seen there until heights agree."""
        view, stack = self._view, self._view.stack
        height, top = view.viewport().height(), 0
        for _ in range(SETTLING_ROUNDS):
            top = max(0, min(round(wanted()), stack.total - height))
            if not stack.measure(top, top + height):
                break
        self.is_settling = True
        self._bar.stand(top, max(0, stack.total - height), height, stack.style.pitch * 2)
        self.is_settling = False
        stack.drop_far(top, top + height)

    def _blit(self, shift: int) -> None:
        """Move what is painted already; the strip that comes into sight is painted by Qt."""
        viewport = self._view.viewport()
        if not shift:
            return
        if abs(shift) < viewport.height() and not self._view.painting.has_overlay():
            viewport.scroll(0, shift)
        else:
            viewport.update()

    def _repaint(self, dirty: Dirty, shift: int) -> None:
        """Repaint what a change has made different, where all else has moved by `shift`."""
        self._blit(shift)
        self._update_from(dirty, self._view.painting.caret_rect().translated(0, shift))

    def _update_from(self, dirty: Dirty, caret: QRect) -> None:
        """Repaint from a change on, and where the caret was painted until now."""
        if dirty is None:
            return
        item, row = dirty
        viewport, stack = self._view.viewport(), self._view.stack
        y = stack.top_of(item) - self.value
        if row >= 0:
            y += item.row_top(row)
            changed = item.rows[row] if item.rows and row < len(item.rows) else None
            if changed is not None and changed.stable:
                y += round(changed.top_of(changed.stable))
            y -= changed.overlap if changed is not None else 0
        y = max(0, y)
        if caret.bottom() >= 0 and not caret.isEmpty():
            y = min(y, max(0, caret.top()))
        viewport.update(0, y, viewport.width(), viewport.height() - y)
