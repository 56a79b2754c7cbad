"""The text cursor of a block view: there once the person clicks or presses Shift with an arrow.

It is one end of the selection. Without it the arrow keys scroll; with it in sight they move it,
and Shift draws the selection along. It blinks as the system says, and stands still where the
system has animations turned off.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QAbstractSlider, QStyle

from desktop_app.ui.transcript.places import Places
from desktop_app.ui.transcript.selection import Place

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView


class Step(Enum):
    """Where a key moves the cursor."""

    LEFT = auto()
    RIGHT = auto()
    WORD_LEFT = auto()
    WORD_RIGHT = auto()
    UP = auto()
    DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    LINE_START = auto()
    LINE_END = auto()
    START = auto()
    END = auto()


_BESIDE = {
    Step.LEFT: (True, False),
    Step.RIGHT: (False, False),
    Step.WORD_LEFT: (True, True),
    Step.WORD_RIGHT: (False, True),
}
_KEEP_X = (Step.UP, Step.DOWN, Step.PAGE_UP, Step.PAGE_DOWN)


class Caret:
    """The cursor end of a view's selection, seen and moved."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self.places = Places(view.stack)
        self.is_shown = False
        self._is_lit = True
        self._goal_x: float | None = None
        self._blink = QTimer(view)
        self._blink.timeout.connect(self._on_blink)

    def show(self) -> None:
        """Show it where the selection ends; a new place on the line is remembered."""
        self.is_shown = self._view.selection.cursor is not None
        self._goal_x = None
        self.relight()

    def hide(self) -> None:
        """Take it away."""
        self.update()
        self.is_shown = False
        self._blink.stop()

    def relight(self) -> None:
        """Show it at once and begin the blinking anew; also after the focus came or went."""
        self._is_lit = True
        flash = QGuiApplication.styleHints().cursorFlashTime()
        if self.is_shown and self._view.hasFocus() and flash > 0 and not self._is_still():
            self._blink.start(flash // 2)
        else:
            self._blink.stop()
        self.update()

    @property
    def is_blinking(self) -> bool:
        """Whether it is shown and blinks."""
        return self._blink.isActive()

    def is_in_sight(self) -> bool:
        """Whether it stands in the viewport."""
        rect = self._rect()
        return rect is not None and QRectF(self._view.viewport().rect()).intersects(rect)

    def move(self, step: Step, *, extends: bool) -> None:
        """Move one step, drawing the selection along if it `extends`."""
        view, selection = self._view, self._view.selection
        if not view.stack.items:
            return
        selection.make_exact()
        start = selection.cursor or self._first_in_sight()
        cursor = selection.clamped(start)
        ends = selection.ordered
        if ends is not None and not extends and step in (Step.LEFT, Step.RIGHT):
            # Leaving a selection goes to its end on that side, as in every text box.
            target = ends[0] if step is Step.LEFT else ends[1]
        else:
            target = self._target(cursor, step)
        anchor = selection.anchor if extends and selection.anchor is not None else None
        selection.set((anchor or cursor) if extends else target, target)
        self.is_shown = True
        if step not in _KEEP_X:
            self._goal_x = None
        self.reveal()
        self.relight()
        view.viewport().update()
        view.copying.offer()

    def reveal(self) -> None:
        """Scroll the least that brings it into sight."""
        cursor = self._view.selection.cursor
        if cursor is None:
            return
        self._view.controls.reveal(self._view.stack.items[cursor[0]], cursor[1], cursor[2])

        def extent() -> tuple[float, float]:
            rect = self.places.rect(cursor)
            return rect.top(), rect.bottom()

        margin = self._view.stack.style.em(0.4)
        self._view.scrolling.reveal(extent, margin=(margin, margin))

    def paint(self, painter: QPainter) -> None:
        """Paint it over the text."""
        rect = self._rect()
        if rect is not None and self._is_lit and self._view.hasFocus():
            painter.fillRect(rect, self._view.stack.style.tokens.text)

    def update(self) -> None:
        """Repaint where it stands."""
        rect = self._rect()
        if rect is not None:
            self._view.viewport().update(rect.adjusted(-1, -1, 1, 1).toAlignedRect())

    def _target(self, cursor: Place, step: Step) -> Place:
        places = self.places
        if step in _BESIDE:
            leftwards, by_word = _BESIDE[step]
            return places.beside(cursor, leftwards=leftwards, by_word=by_word)
        if step in (Step.LINE_START, Step.LINE_END):
            return places.line_edge(cursor, end=step is Step.LINE_END)
        if step is Step.START:
            return (0, 0, 0)
        if step is Step.END:
            return places.end_of_all()
        if self._goal_x is None:
            self._goal_x = places.rect(cursor).x()
        if step in (Step.UP, Step.DOWN):
            return places.vertical(cursor, self._goal_x, downwards=step is Step.DOWN)
        return self._page(cursor, downwards=step is Step.PAGE_DOWN)

    def _page(self, cursor: Place, *, downwards: bool) -> Place:
        """Scroll by a page and take what stands at the same height of the viewport then."""
        view, bar = self._view, self._view.verticalScrollBar()
        rect = self.places.rect(cursor)
        height = view.viewport().height()
        y = min(max(rect.center().y() - bar.value(), 1.0), height - 1.0)
        before = bar.value()
        actions = QAbstractSlider.SliderAction
        bar.triggerAction(actions.SliderPageStepAdd if downwards else actions.SliderPageStepSub)
        if bar.value() == before:
            return self.places.end_of_all() if downwards else (0, 0, 0)
        at = QPointF(self._goal_x or 0.0, y)
        return self._view.selection.clamped(view.pointer.place(at) or cursor)

    def _first_in_sight(self) -> Place:
        stack, bar = self._view.stack, self._view.verticalScrollBar()
        anchor = stack.anchor_at(bar.value())
        if anchor is not None and not anchor.item.is_read:
            stack.rows_of(anchor.item)
            anchor = stack.anchor_at(bar.value())
        if anchor is None:
            return (0, 0, 0)
        return (anchor.item.index, max(0, anchor.row), anchor.offset)

    def _rect(self) -> QRectF | None:
        """Where it is in the viewport; nothing is laid out to find that it is not."""
        view, cursor = self._view, self._view.selection.cursor
        stack = view.stack
        if not self.is_shown or cursor is None or cursor[0] >= len(stack.items):
            return None
        item = stack.items[cursor[0]]
        if item.rows is None or cursor[1] >= max(1, len(item.rows)):
            return None
        value, height = view.verticalScrollBar().value(), view.viewport().height()
        top = stack.top_of(item) + item.row_top(cursor[1]) - value
        row_height = item.rows[cursor[1]].height if item.rows else stack.style.pitch
        above = 2 * stack.style.pitch
        if top - above > height or top + max(row_height, above) < 0:
            return None
        rect = self.places.rect(cursor).translated(0, -value)
        width = max(1, round(stack.style.px * 0.08))
        return QRectF(round(rect.x()), rect.y(), width, rect.height())

    def _is_still(self) -> bool:
        style, view = self._view.style(), self._view
        duration = QStyle.StyleHint.SH_Widget_Animation_Duration
        return view.painting.is_resting or not style.styleHint(duration, None, view)

    def _on_blink(self) -> None:
        self._is_lit = not self._is_lit
        self.update()
