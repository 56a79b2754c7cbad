"""What can be done to a code block or table: scroll it sideways, and press its buttons.

The buttons work by mouse, by key and for screen readers; all of them come here. A button is known
by the index of its block's first row and its name (`block_buttons.button_id`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript.block_buttons import (
    COPY,
    FOLD,
    SAVE,
    WRAP,
    RowButton,
    button_id,
    parsed_id,
)
from desktop_app.ui.transcript.block_copying import copy_block, whole_code
from desktop_app.ui.transcript.block_state import KINDS, BlockState
from desktop_app.ui.transcript.code_block import CodeRow
from desktop_app.ui.transcript.code_file import file_name
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.scrolling import Dirty
from desktop_app.ui.transcript.side_bar import SideBar, paint_side_bar, side_bar
from desktop_app.ui.transcript.wide_row import WideRow

if TYPE_CHECKING:
    from desktop_app.ui.transcript.pointer import Hit
    from desktop_app.ui.transcript.view import BlockView

SAID_MILLISECONDS = 1_600
KEY_STEP_EMS = 4.0
NOTCH_PIXELS_PER_LINE = 20
"""A notch of a wheel is 120 units and moves by this for each line that the system sets for it."""
AUTO_STEP = 24
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class BlockControls:
    """The controls of a view's code blocks and tables."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._under_mouse: tuple[EntryItem, BlockState] | None = None
        self._held: tuple[EntryItem, BlockState, float] | None = None
        self._is_over_bar = False
        self._said: tuple[BlockState, str] | None = None
        self._said_timer = QTimer(view)
        self._said_timer.setSingleShot(True)
        self._said_timer.setInterval(SAID_MILLISECONDS)
        self._said_timer.timeout.connect(self._end_saying)

    def forget(self) -> None:
        """What was under the mouse is gone."""
        self._under_mouse = self._held = self._said = None
        self._is_over_bar = False

    @property
    def is_idle(self) -> bool:
        """Whether no block looks another way for what is done to it."""
        return self._under_mouse is None and self._said is None

    # -- for the painter ----------------------------------------------------------------------

    def is_under_mouse(self, row: Row) -> bool:
        """Whether the mouse is over the row's block."""
        return self._under_mouse is not None and self._under_mouse[1] is row.state

    def said_of(self, row: Row) -> str:
        """What is said of a copy that was just made of the row's block."""
        return self._said[1] if self._said is not None and self._said[0] is row.state else ""

    def focused_name(self, row: Row) -> str:
        """The name of the row's button that the keyboard is on."""
        focused = self._view.painting.focused
        parsed = parsed_id(focused[1]) if focused is not None and row.state is not None else None
        if focused is None or parsed is None or row.state is None:
            return ""
        is_here = row.state.item is focused[0] and row.state.first == parsed[0]
        return parsed[1] if is_here else ""

    def has_overlay(self) -> bool:
        """Whether a bar is painted that scrolling must not move along."""
        return self._bar_in_use() is not None

    def paint(self, painter: QPainter) -> None:
        """Paint the bar of the block that the mouse or the keyboard is on."""
        bar = self._bar_in_use()
        if bar is not None:
            is_held = self._held is not None or self._is_over_bar
            paint_side_bar(painter, bar, self._view.stack.style, is_held=is_held)

    # -- buttons ------------------------------------------------------------------------------

    def button_at(self, row: Row, x: float, y: float) -> str:
        """The name of the button under a point of a row; empty where there is none."""
        at = QPointF(x, y)
        return next((each.name for each in row.buttons() if each.box.contains(at)), "")

    def buttons_of(
        self, item: EntryItem, top: float = 0.0, bottom: float = math.inf
    ) -> list[tuple[str, str, QRectF]]:
        """Id, label and place (from the entry's corner) of the block buttons between two heights."""
        found = []
        self._view.stack.rows_of(item)
        for index, row in _heads(item, top, bottom):
            _give_width(item, row)
            for button in _each_once(row.buttons()):
                box = button.box.translated(self._left(item), item.row_top(index))
                found.append((button_id(index, button.name), button.label, box))
        return found

    def press(self, item: EntryItem, identity: str) -> bool:
        """Do what a button is for; false for an id that is no block's."""
        parsed = parsed_id(identity)
        if parsed is None:
            return False
        first, name = parsed
        rows = self._view.stack.rows_of(item)
        state = rows[first].state if first < len(rows) else None
        if state is None:
            return True
        row = rows[first]
        if name == COPY:
            self._say(state, copy_block(state))
        elif name == SAVE:
            code = whole_code(state.pieces())
            self._view.code_save_requested.emit(file_name(row.block.language, code), code)
        elif name == WRAP and isinstance(row, CodeRow):
            state.wraps = not row.wraps
            self._relay(item, state)
        elif name == FOLD and isinstance(row, CodeRow):
            state.folds = not row.is_folded
            self._relay(item, state)
        return True

    def press_hit(self, hit: Hit) -> None:
        """Do what the button under the mouse is for."""
        if hit.row is not None and hit.row.state is not None:
            self.press(hit.item, button_id(hit.row.state.first, hit.part))

    def reveal(self, item: EntryItem, index: int, offset: int) -> None:
        """Unfold the block of a row and scroll it sideways, so that a place in it can be seen."""
        rows = self._view.stack.rows_of(item)
        row = rows[index] if index < len(rows) else None
        if isinstance(row, CodeRow) and row.is_folded and row.state is not None:
            row.state.folds = False
            self._relay(item, row.state)
        if not isinstance(row, WideRow):
            return
        item.measure_row(index)
        if row.overflow:
            places = self._view.caret.places
            x = places.rect((item.index, index, offset)).x() - self._left(item)
            frame = row.frame
            margin = min(frame.width() / 4, row.style.px * KEY_STEP_EMS)
            beyond = max(0.0, x - (frame.right() - margin)) - max(0.0, frame.left() + margin - x)
            self._scroll(item, row, beyond)

    def tip(self, hit: Hit | None) -> str:
        """What the tool tip of the button under the mouse says."""
        if hit is None or hit.row is None or not hit.part:
            return ""
        return next((each.label for each in hit.row.buttons() if each.name == hit.part), "")

    def _relay(self, item: EntryItem, state: BlockState) -> None:
        """The block is set another way: what the reader looks at stays where it is."""
        scrolling = self._view.scrolling

        def change() -> Dirty:
            state.extent = 0.0
            item.lay_anew(state.first, state.first + len(state.pieces()))
            self._view.stack.note_height(item)
            return (item, state.first)

        scrolling.is_following = False
        scrolling.change(change, is_full=True)
        scrolling.is_following = scrolling.is_at_end()
        self._view.accessible.replaced(item)

    def _say(self, state: BlockState, words: str) -> None:
        self._said = (state, words)
        self._said_timer.start()
        self._view.viewport().update()

    def _end_saying(self) -> None:
        self._said = None
        self._view.viewport().update()

    # -- scrolling sideways -------------------------------------------------------------------

    def wheel(self, event: QWheelEvent) -> bool:
        """Scroll the block under the mouse sideways; false where the wheel means the conversation."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        is_turned = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        delta, is_pixels = (pixels, True) if not pixels.isNull() else (angle, False)
        if is_turned and not delta.x():
            delta = QPoint(delta.y(), 0)
        if not delta.x() or abs(delta.x()) <= abs(delta.y()):
            return False
        hit = self._view.pointer.hit(event.position())
        row = hit.row if hit is not None else None
        if hit is None or not isinstance(row, WideRow) or not row.overflow:
            return False
        notch = QApplication.wheelScrollLines() * NOTCH_PIXELS_PER_LINE / 120
        self._scroll(hit.item, row, -delta.x() * (1.0 if is_pixels else notch))
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Left and right scroll the block whose button has the focus; with Ctrl to its end."""
        focused = self._view.painting.focused
        parsed = parsed_id(focused[1]) if focused is not None else None
        side = _KEYS.get(Qt.Key(event.key()))
        if focused is None or parsed is None or side is None:
            return False
        item, rows = focused[0], focused[0].rows or []
        row = rows[parsed[0]] if parsed[0] < len(rows) else None
        if not isinstance(row, WideRow):
            return False
        _give_width(item, row)
        if not row.overflow:
            return False
        is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = row.overflow if is_far else row.style.px * KEY_STEP_EMS
        self._scroll(item, row, side * step)
        return True

    def is_beyond(self, at: QPointF) -> bool:
        """Whether a drag at a point has left the frame of a block that goes on there."""
        return self._beyond(at) is not None

    def auto_scroll(self, at: QPointF) -> None:
        """Scroll a block on while a selection is dragged over its edge."""
        beyond = self._beyond(at)
        if beyond is not None:
            self._scroll(*beyond)

    def _beyond(self, at: QPointF) -> tuple[EntryItem, WideRow, float] | None:
        height = self._view.viewport().height()
        hit = self._view.pointer.hit(QPointF(at.x(), max(0.0, min(at.y(), height - 1.0))))
        row = hit.row if hit is not None else None
        if hit is None or not isinstance(row, WideRow) or not row.overflow:
            return None
        frame = row.frame
        if hit.x < frame.left() and row.shift > 0:
            return hit.item, row, -AUTO_STEP
        if hit.x > frame.right() and row.shift < row.overflow:
            return hit.item, row, AUTO_STEP
        return None

    def _scroll(self, item: EntryItem, row: WideRow, pixels: float) -> None:
        state = row.state
        if state is None:
            return
        offset = max(0.0, min(row.overflow, row.shift + pixels))
        if offset != state.offset:
            state.offset = offset
            self._repaint(item, state)

    def _repaint(self, item: EntryItem, state: BlockState) -> None:
        top, bottom = self._span(item, state)
        viewport = self._view.viewport()
        first, last = max(0, int(top) - 2), min(viewport.height(), int(bottom) + 2)
        viewport.update(0, first, viewport.width(), max(0, last - first))

    # -- the bar ------------------------------------------------------------------------------

    def hover(self, at: QPointF, hit: Hit | None) -> bool:
        """The mouse is at a point; true where it is over the bar of a block."""
        row = hit.row if hit is not None else None
        is_on = (
            row is not None and row.state is not None and 0 <= (hit.y if hit else 0) < row.height
        )
        block = (hit.item, row.state) if hit and row and row.state and is_on else None
        bar = self._bar_of(*block) if block is not None else None
        is_over_bar = bar is not None and bar.takes(at)
        if block != self._under_mouse or is_over_bar != self._is_over_bar:
            self._under_mouse, self._is_over_bar = block, is_over_bar
            self._view.viewport().update()
        return is_over_bar

    def leave(self) -> None:
        """The mouse left the viewport."""
        if self._under_mouse is not None:
            self._under_mouse, self._is_over_bar = None, False
            self._view.viewport().update()

    def take_hold(self, at: QPointF) -> bool:
        """A button went down; true where it was on a bar, which follows the mouse from now on."""
        self.hover(at, self._view.pointer.hit(at))
        block = self._under_mouse
        bar = self._bar_of(*block) if block is not None else None
        if block is None or bar is None or not bar.takes(at):
            return False
        grip = at.x() - bar.thumb.left()
        if not 0 <= grip <= bar.thumb.width():
            grip = bar.thumb.width() / 2
        self._held = (*block, grip)
        self.drag(at)
        return True

    def drag(self, at: QPointF) -> bool:
        """The mouse moved with a button down; true while a bar is held."""
        if self._held is None:
            return False
        item, state, grip = self._held
        bar = self._bar_of(item, state)
        if bar is not None:
            state.offset = bar.offset_for(at.x() - grip)
            self._repaint(item, state)
        return True

    def let_go(self) -> bool:
        """The button went up; true where a bar was held."""
        was_held, self._held = self._held is not None, None
        if was_held:
            self._view.viewport().update()
        return was_held

    def _bar_in_use(self) -> SideBar | None:
        if self._held is not None:
            return self._bar_of(*self._held[:2])
        if self._under_mouse is not None:
            bar = self._bar_of(*self._under_mouse)
            if bar is not None:
                return bar
        focused = self._view.painting.focused
        parsed = parsed_id(focused[1]) if focused is not None else None
        if focused is None or parsed is None:
            return None
        rows = focused[0].rows or []
        state = rows[parsed[0]].state if parsed[0] < len(rows) else None
        return self._bar_of(focused[0], state) if state is not None else None

    def _bar_of(self, item: EntryItem, state: BlockState) -> SideBar | None:
        rows = item.rows or []
        row = rows[state.first] if state.first < len(rows) else None
        if not isinstance(row, WideRow) or row.state is not state:
            return None
        _give_width(item, row)
        if not row.overflow:
            return None
        top, bottom = self._span(item, state)
        height = self._view.viewport().height()
        if bottom <= 0 or top >= height:
            return None
        left = self._left(item) + row.indent
        frame = QRectF(left, top, row.frame_width, bottom - top)
        return side_bar(frame, height, row.shift, row.overflow, self._view.stack.style)

    def _span(self, item: EntryItem, state: BlockState) -> tuple[float, float]:
        """Top and bottom of a block's frame in the viewport."""
        pieces = state.pieces()
        if not pieces:
            return 0.0, 0.0
        origin = self._view.stack.top_of(item) - self._view.verticalScrollBar().value()
        last = state.first + len(pieces) - 1
        top = origin + item.row_top(state.first) + pieces[0].top
        end = float(item.row_top(last) + pieces[-1].height)
        first = pieces[0]
        below = pieces[-1].bottom
        if isinstance(first, CodeRow) and first.is_cut:
            end = item.row_top(state.first) + first.frame.bottom()
            below = 0
        return top, float(origin + end - below)

    def _left(self, item: EntryItem) -> float:
        chrome = self._view.stack.prepare(item)
        return chrome.row_left + chrome.shift(item.natural_width())


def _give_width(item: EntryItem, row: Row) -> None:
    """Tell a row how wide it is without laying it out, which would change heights out of sight."""
    if row.pieces is None:
        row.width = item.row_width


def _heads(item: EntryItem, top: float, bottom: float) -> Iterator[tuple[int, Row]]:
    """The first rows of the code blocks and tables between two heights, with their indices."""
    rows = item.rows or []
    for index in range(item.row_at(top), len(rows)):
        row = rows[index]
        if item.row_top(index) > bottom:
            return
        if row.block.first and row.block.kind in KINDS:
            yield index, row


def _each_once(buttons: list[RowButton]) -> list[RowButton]:
    """The buttons without a second one of the same name."""
    return list({button.name: button for button in reversed(buttons)}.values())[::-1]
