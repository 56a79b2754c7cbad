"""The events of a block view, each handed to the part that owns it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea

from desktop_app.ui.transcript.block_controls import BlockControls
from desktop_app.ui.transcript.caret import Caret
from desktop_app.ui.transcript.keyboard import Keyboard
from desktop_app.ui.transcript.painting import Painting
from desktop_app.ui.transcript.pointer import Pointer
from desktop_app.ui.transcript.waiting_input import WaitingInput


class ViewEvents(QAbstractScrollArea):
    """A view's mouse, keys and focus. What it is made of is made by the view itself."""

    pointer: Pointer
    keyboard: Keyboard
    controls: BlockControls
    painting: Painting
    caret: Caret
    waiting: WaitingInput

    def show_menu(self, event: QContextMenuEvent) -> None:
        """Pop up the context menu."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Buttons, links, selection."""
        self._press(event, self.pointer.press)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Words."""
        self._press(event, self.pointer.double_click)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover and dragging."""
        self._in_order(event, self.pointer.move)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click or a drag."""
        self._in_order(event, self.pointer.release)

    def _press(self, event: QMouseEvent, act: Callable[[QMouseEvent], None]) -> None:
        """Act on a button that went down, once what is under it is read."""
        if event.button() is Qt.MouseButton.LeftButton:
            needs = partial(self.waiting.under, event.position())
            self.waiting.do(needs, partial(act, event.clone()))

    def _in_order(self, event: QMouseEvent, act: Callable[[QMouseEvent], None]) -> None:
        """Act on an event of the mouse, after those that wait."""
        if self.waiting.is_waiting():
            self.waiting.do(tuple, partial(act, event.clone()))
        else:
            act(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be copied where the pointer is, and of all of it."""
        self.waiting.do(self.waiting.in_sight, partial(self.show_menu, event.clone()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways in a wide block, up and down everywhere."""
        if not self.controls.wheel(event):
            super().wheelEvent(event)
            self.controls.hover(event.position(), self.pointer.hit(event.position()))

    def event(self, event: QEvent) -> bool:
        """Keys that are for the text go before the window's shortcuts."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and self.keyboard.claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scrolling, the text cursor, copying, painted buttons."""
        step = self.keyboard.step_of(event)
        if event.key() == Qt.Key.Key_Escape:
            self.waiting.clear()
        if step is not None:
            needs = partial(self.waiting.for_step, step)
            self.waiting.do(needs, partial(self.keyboard.press, event.clone()))
        elif self.waiting.is_waiting() and self.keyboard.knows(event):
            self.waiting.do(tuple, partial(self.keyboard.press, event.clone()))
        elif not self.keyboard.press(event):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's signature
        """Tab walks through the painted buttons before it leaves."""
        has_left = []

        def walk() -> None:
            if not self.keyboard.walk(forwards=next):
                has_left.append(super(ViewEvents, self).focusNextPrevChild(next))

        self.waiting.do(self.waiting.in_sight, walk)
        # Where it has to wait, it leaves by itself later.
        return has_left[0] if has_left else True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when it came by key."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.painting.shows_ring = event.reason() in keys
        self.caret.relight()
        self.viewport().update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        self.painting.shows_ring = False
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.painting.focused = None
        self.pointer.end_drag()
        self.caret.relight()
        self.viewport().update()
        super().focusOutEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tool tips and leaving, which Qt sends to the viewport."""
        # Nearly all are paints; to ask an event for its type costs as much as a call.
        if isinstance(event, QPaintEvent):
            return super().viewportEvent(event)
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self.pointer.tooltip(event.pos(), event.globalPos())
            return True
        if event.type() is QEvent.Type.Leave:
            self.pointer.leave()
        return super().viewportEvent(event)
