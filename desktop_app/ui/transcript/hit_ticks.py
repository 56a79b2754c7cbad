"""Ticks over the scroll bar where the hits of a search are, so that one sees how they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

SETTLE_MILLISECONDS = 80
"""Ticks are worked out anew when hits or heights have been the same for so long."""
TICK = 2
"""Pixels from the top to the bottom of a tick."""


class HitTicks(QWidget):
    """Lies over a view's scroll bar and takes no part in anything but painting."""

    def __init__(self, view: BlockView) -> None:
        super().__init__(view.verticalScrollBar())
        self._view = view
        self.ticks: list[int] = []
        self.current = -1
        """Pixels from the top of the bar; the current hit's tick, or -1."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MILLISECONDS)
        self._timer.timeout.connect(self.place)
        view.finder.changed.connect(self._on_changed)
        view.verticalScrollBar().rangeChanged.connect(self._on_changed)
        view.verticalScrollBar().installEventFilter(self)

    def place(self) -> None:
        """Work out where the ticks are."""
        view, stack = self._view, self._view.stack
        finder, bar = view.finder, view.verticalScrollBar()
        self.ticks, self.current = [], -1
        if not finder.count or bar.maximum() <= 0:
            self.hide()
            return
        scale = bar.height() / max(1, stack.total)
        current, found, top = finder.current, set(), 0
        for item in stack.items:
            height = stack.height_of(item)
            hits = finder.hits_of(item)
            # Rows that were not looked at yet have no heights: their hits are spread evenly.
            last = hits[-1].row + 1 if hits else 1
            for hit in hits:
                is_known = item.rows is not None and item.is_read and hit.row < len(item.rows)
                inside = item.row_top(hit.row) if is_known else height * hit.row / last
                y = round((top + inside) * scale)
                found.add(y)
                if current == (item, hit):
                    self.current = y
            top += height
        self.ticks = sorted(found)
        self.setGeometry(bar.rect())
        self.show()
        self.raise_()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the bar."""
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._timer.start()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ticks, the current one across the whole bar."""
        del event
        tokens, width = self._view.stack.style.tokens, self.width()
        painter = QPainter(self)
        try:
            for y in self.ticks:
                painter.fillRect(QRect(width // 3, y, width, TICK), tokens.find_frame)
            if self.current >= 0:
                painter.fillRect(QRect(0, self.current - 1, width, TICK + 2), tokens.accent)
        finally:
            painter.end()

    def _on_changed(self) -> None:
        if not self._view.finder.count:
            self.hide()
        elif not self._timer.isActive():
            self._timer.start()
