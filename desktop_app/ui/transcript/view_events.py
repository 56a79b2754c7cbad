"""The events of a block view, each handed to the part that owns it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
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


class ViewEvents(QAbstractScrollArea):
    """A view's mouse, keys and focus. What it is made of is made by the view itself."""

    pointer: Pointer
    keyboard: Keyboard
    controls: BlockControls
    painting: Painting
    caret: Caret

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Buttons, links, selection."""
        self.pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Words."""
        self.pointer.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover and dragging."""
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click or a drag."""
        self.pointer.release(event)

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
        if not self.keyboard.press(event):
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's signature
        """Tab walks through the painted buttons before it leaves."""
        return self.keyboard.walk(forwards=next) or super().focusNextPrevChild(next)

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
