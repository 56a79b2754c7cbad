"""A label of one line that gives way: its text is whole for screen readers, and in its tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.ui.form_style import KIND
from desktop_app.ui.plain_tooltip import plain_tooltip
from desktop_app.ui.theming import current_tokens


class ElidedLabel(QLabel):
    """Shows as much of its text as there is room for, and the whole when asked by the mouse."""

    def __init__(self, parent: QWidget | None = None, *, muted: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._muted = muted
        if muted:
            self.setProperty(KIND, "muted")

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(min(60, super().sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the text with its middle left out where it is too long."""
        painter = QPainter(self)
        tokens = current_tokens()
        painter.setPen(tokens.text_muted if self._muted else tokens.text)
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, room.width()
        )
        self.setToolTip("" if text == self.text() else plain_tooltip(self.text()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
