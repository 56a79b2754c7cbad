"""One line of text, bold by default, that gives way when there is little room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.theming import current_tokens


class ElidedTitle(QWidget):
    """Painted rather than a label, whose text would be its least width, and its accessible name.

    A pane is found by its own name alone, so a title says nothing to assistive technology unless
    its owner gives it a name.
    """

    def __init__(self, parent: QWidget | None = None, *, bold: bool = True) -> None:
        super().__init__(parent)
        self._text = ""
        self._weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(40)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show ``text``, as it is."""
        self._text = text
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for one line."""
        return QSize(120, self.fontMetrics().height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the title as there is room for."""
        del event
        painter = QPainter(self)
        font = QFont(self.font())
        font.setWeight(self._weight)
        painter.setFont(font)
        painter.setPen(current_tokens().text)
        text = painter.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
