"""What the mouse does in a block view: hover, buttons, links, selecting."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop_app.ui.transcript.blocks import Block, Look
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.footnotes import BACK, NOTE, follow_note
from desktop_app.ui.transcript.inline import is_allowed_link
from desktop_app.ui.transcript.links import link_at
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.selection import END_OF_ROW, Place

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

AUTO_SCROLL_MILLISECONDS = 30
SLOWEST, MOST_PER_TICK = 4, 60
"""Pixels that a drag beyond an edge scrolls at a time: some 130 to 2,000 in a second."""
FOOT = -1
"""Stands for the row index where a point is on an entry's foot."""


@dataclass(slots=True)
class Hit:
    """What is under a point: the entry, its row if any, and what there is to press."""

    item: EntryItem
    index: int
    row: Row | None
    x: float
    y: float
    part: str = ""
    link: str = ""
    words: str = ""


class Pointer:
    """The mouse side of a view."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._pressed: Hit | None = None
        self._press_at = QPointF()
        self._is_selecting = False
        self._is_dragging = False
        self._unit = "character"
        self._unit_range: tuple[Place, Place] | None = None
        self._last_click = (0, QPointF())
        self._auto_scroll = QTimer(view)
        self._auto_scroll.setInterval(AUTO_SCROLL_MILLISECONDS)
        self._auto_scroll.timeout.connect(self._on_auto_scroll)
        self._drag_at = QPointF()

    @property
    def is_scrolling(self) -> bool:
        """Whether a drag beyond an edge scrolls the text."""
        return self._auto_scroll.isActive()

    def forget(self) -> None:
        """What was under the mouse is gone."""
        self._pressed = None
        self.end_drag()
        self._view.painting.hovered = None
        self._view.controls.forget()

    # -- finding ------------------------------------------------------------------------------

    def hit(self, at: QPointF) -> Hit | None:
        """What is under a point of the viewport."""
        view = self._view
        y = at.y() + view.verticalScrollBar().value()
        item = view.stack.item_at(y)
        if item is None:
            return None
        chrome = view.stack.prepare(item)
        inside = y - view.stack.top_of(item)
        foot_y = inside - (item.height - chrome.foot)
        for button in chrome.placed(item.height):
            if button.action.enabled and button.box.contains(QPointF(at.x(), inside)):
                return Hit(item, FOOT, None, at.x(), foot_y, part=button.action.id)
        rows = item.rows or []
        if not rows:
            return Hit(item, FOOT, None, at.x(), foot_y)
        x = at.x() - chrome.row_left - chrome.shift(item.natural_width())
        index = _continued(item, rows, item.row_at(inside), x, inside)
        row = rows[index]
        item.measure_row(index)
        below = inside - item.row_top(index)
        hit = Hit(item, index, row, x, below)
        hit.part = view.controls.button_at(row, x, below)
        span = row.span_at(x, below)
        if span is not None and span.look & Look.LINK and is_allowed_link(span.target):
            found = link_at(row.block, row.offset_at(x, below), span.target)
            hit.link, hit.words = span.target, found.words if found is not None else ""
        elif span is not None and span.look & Look.NOTE:
            hit.part = f"{NOTE}{span.target}"
        elif row.block.note and 0 <= below - row.top <= row.style.pitch and 0 <= x < row.indent:
            hit.part = f"{BACK}{row.block.note}"
        return hit

    def place(self, at: QPointF) -> Place | None:
        """The place in the text nearest to a point of the viewport."""
        view = self._view
        y = at.y() + view.verticalScrollBar().value()
        if y >= view.stack.total and view.stack.items:
            return (len(view.stack.items) - 1, END_OF_ROW, END_OF_ROW)
        view.read_under(at)
        y = at.y() + view.verticalScrollBar().value()
        hit = self.hit(at)
        if hit is None:
            return None
        if hit.row is None:
            return (hit.item.index, 0 if hit.y < 0 else END_OF_ROW, 0)
        inside = y - view.stack.top_of(hit.item)
        if inside < (hit.item.chrome.head if hit.item.chrome else 0):
            return (hit.item.index, 0, 0)
        if hit.index == len(hit.item.rows or ()) - 1 and hit.y > hit.row.height:
            return (hit.item.index, hit.index, END_OF_ROW)
        return (hit.item.index, hit.index, hit.row.offset_at(hit.x, hit.y))

    # -- events -------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        view, at = self._view, event.position()
        view.read_under(at)
        view.painting.shows_ring = False
        self._press_at = at
        if view.controls.take_hold(at):
            return
        self._pressed = self.hit(at)
        if self._pressed is not None and self._pressed.part:
            view.viewport().update()
            return
        place = self.place(at)
        if place is None:
            return
        if self._is_third_click(event):
            self._unit = "block"
            self._select_unit(place)
            return
        self._unit, self._unit_range = "character", None
        self._is_selecting = True
        is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        anchor = view.selection.anchor if is_extending else None
        view.selection.set(anchor or place, place)
        view.caret.show()
        view.viewport().update()

    def double_click(self, event: QMouseEvent) -> None:
        """Select a word; a third press soon after selects the block."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._view.read_under(event.position())
        hit = self.hit(event.position())
        if hit is not None and hit.part:
            self._pressed = hit
            return
        self._last_click = (event.timestamp(), event.position())
        place = self.place(event.position())
        if place is not None:
            self._unit = "word"
            self._select_unit(place)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button down."""
        at = event.position()
        if self._view.controls.drag(at):
            return
        if self._is_selecting and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_at = at
            self._is_dragging = True
            self._extend(at)
            is_outside = not 0 <= at.y() < self._view.viewport().height()
            is_outside |= self._view.controls.is_beyond(at)
            if is_outside and not self._auto_scroll.isActive():
                self._auto_scroll.start()
            elif not is_outside:
                self._auto_scroll.stop()
            return
        self._hover(at)

    def release(self, event: QMouseEvent) -> None:
        """A button went up: press what it went down on, or finish the selection."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        view, pressed = self._view, self._pressed
        if view.controls.let_go():
            return
        self.end_drag()
        self._pressed = None
        if pressed is None:
            return
        distance = (event.position() - self._press_at).manhattanLength()
        is_click = distance < QApplication.startDragDistance()
        now = self.hit(event.position())
        if pressed.part:
            if now is not None and (now.item, now.part) == (pressed.item, pressed.part):
                self._press_part(pressed)
            return
        if view.selection:
            view.copying.offer_now()
        elif is_click:
            if pressed.link and now is not None and now.link == pressed.link:
                view.link_activated.emit(pressed.link, pressed.words)
                return
            view.entry_selected.emit(pressed.item.entry.id)

    def leave(self) -> None:
        """The mouse left the viewport."""
        self._set_hovered(None)
        self._view.controls.leave()

    def refresh(self) -> None:
        """Entries moved under a resting mouse."""
        view = self._view
        if view.painting.hovered is not None and view.underMouse():
            self._hover(QPointF(view.viewport().mapFromGlobal(QCursor.pos())))

    # -- parts --------------------------------------------------------------------------------

    def _press_part(self, hit: Hit) -> None:
        if hit.part.startswith((NOTE, BACK)):
            follow_note(self._view, hit.item, hit.part)
        elif hit.row is not None:
            self._view.controls.press_hit(hit)
        else:
            self._view.press_action(hit.item, hit.part)

    def _hover(self, at: QPointF) -> None:
        hit = self.hit(at)
        view = self._view
        is_over_bar = view.controls.hover(at, hit)
        if hit is None:
            self._set_hovered(None)
            return
        self._set_hovered((hit.item, hit.index, hit.part) if hit.part else None)
        if is_over_bar:
            shape = Qt.CursorShape.ArrowCursor
        elif hit.part or hit.link:
            shape = Qt.CursorShape.PointingHandCursor
        elif hit.row is not None and 0 <= hit.x <= hit.row.width and 0 <= hit.y <= hit.row.height:
            shape = Qt.CursorShape.IBeamCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        if view.viewport().cursor().shape() is not shape:
            view.viewport().setCursor(shape)

    def tooltip(self, at: QPoint, global_at: QPoint) -> None:
        """Show where a link really leads, or what stands behind a note."""
        hit = self.hit(QPointF(at))
        link = hit.link if hit is not None else ""
        told = link or self._view.controls.tip(hit) or self._note_tip(QPointF(at))
        if not told:
            QToolTip.hideText()
            return
        # A tool tip guesses whether its text is rich; escaped and wrapped it can only be words.
        shown = told if len(told) <= 400 else f"{told[:400]}…"
        words = f"<p style='white-space:pre-wrap'>{html.escape(shown)}</p>"
        QToolTip.showText(global_at, words, self._view.viewport())

    def _note_tip(self, at: QPointF) -> str:
        stack = self._view.stack
        y = at.y() + self._view.verticalScrollBar().value()
        item = stack.item_at(y)
        if item is None or not item.entry.note_tip:
            return ""
        chrome = stack.prepare(item)
        below = y - stack.top_of(item) - (item.height - chrome.foot) - chrome.note_top
        return item.entry.note_tip if 0 <= below <= chrome.style.em(1.6) else ""

    def _set_hovered(self, hovered: tuple[EntryItem, int, str] | None) -> None:
        painting = self._view.painting
        if painting.hovered != hovered:
            painting.hovered = hovered
            self._view.viewport().update()

    def _is_third_click(self, event: QMouseEvent) -> bool:
        stamp, at = self._last_click
        interval = QApplication.doubleClickInterval()
        is_near = (event.position() - at).manhattanLength() < QApplication.startDragDistance()
        return bool(stamp) and event.timestamp() - stamp < interval and is_near

    def _unit_at(self, place: Place) -> tuple[Place, Place]:
        item_index, row_index, offset = place
        rows = self._view.stack.rows_of(self._view.stack.items[item_index])
        if self._unit == "block" or not rows or row_index >= len(rows):
            first = last = min(row_index, max(0, len(rows) - 1))
            while first and rows and _is_continued(rows[first].block):
                first -= 1
            while last + 1 < len(rows) and _is_continued(rows[last + 1].block):
                last += 1
            return (item_index, first, 0), (item_index, last, END_OF_ROW)
        start, end = rows[row_index].word_at(min(offset, rows[row_index].length))
        return (item_index, row_index, start), (item_index, row_index, end)

    def _select_unit(self, place: Place) -> None:
        self._unit_range = self._unit_at(place)
        self._view.selection.set(*self._unit_range)
        self._view.caret.show()
        self._drag_at = self._press_at
        self._is_selecting = True
        self._view.viewport().update()

    def _extend(self, at: QPointF) -> None:
        waiting = self._view.waiting
        waiting.do(partial(waiting.under, at), partial(self._extend_to, at))

    def _extend_to(self, at: QPointF) -> None:
        view = self._view
        place = self.place(at)
        if place is None or view.selection.anchor is None:
            return
        if self._unit_range is None:
            view.selection.set(view.selection.anchor, place)
        else:
            start, end = self._unit_at(place)
            first, last = self._unit_range
            if place < first:
                view.selection.set(last, start)
            else:
                view.selection.set(first, max(last, end))
        view.caret.show()
        view.viewport().update()

    def _on_auto_scroll(self) -> None:
        view, at = self._view, self._drag_at
        if view.waiting.is_waiting():
            return
        height = view.viewport().height()
        beyond = at.y() if at.y() < 0 else max(0.0, at.y() - height)
        view.controls.auto_scroll(at)
        if beyond:
            bar = view.verticalScrollBar()
            speed = min(MOST_PER_TICK, SLOWEST + abs(beyond) / 3)
            bar.setValue(bar.value() + round(math.copysign(speed, beyond)))
        self.scrolled()

    def scrolled(self) -> None:
        """The text moved under the mouse, by its wheel or beyond an edge: a drag goes on there."""
        if self._is_selecting and self._is_dragging:
            height = self._view.viewport().height()
            at = self._drag_at
            self._extend(QPointF(at.x(), max(0.0, min(at.y(), height - 1.0))))

    def end_drag(self) -> None:
        """The button is up, or whoever has the focus now will hear of it."""
        self._auto_scroll.stop()
        self._is_selecting = False
        self._is_dragging = False


def _continued(item: EntryItem, rows: list[Row], index: int, x: float, inside: float) -> int:
    """The row that has taken over the line at a point: a piece that continues it."""
    while index + 1 < len(rows) and rows[index + 1].block.run_on:
        following = rows[index + 1]
        if not following.pieces or not following.pieces[0].layout.lineCount():
            break
        line = following.pieces[0].layout.lineAt(0)
        top = item.row_top(index + 1) + following.pieces[0].y + line.y()
        if inside < top or x < following.pieces[0].x + line.x():
            break
        index += 1
    return index


def _is_continued(block: Block) -> bool:
    return block.run_on or not block.first
