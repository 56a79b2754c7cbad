"""The buttons below the wire view, in as many rows as its width asks for."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget


class Foot(QWidget):
    """Buttons of equal width, side by side where there is room.

    Args:
        buttons: In the order of the keyboard.
    """

    def __init__(self, buttons: list[QPushButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = buttons
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._arrange(len(buttons))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest button, so that the dialog can get narrow."""
        widest = max(button.sizeHint().width() for button in self._buttons)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose how many stand in a row."""
        super().resizeEvent(event)
        self.rearrange()

    def rearrange(self) -> None:
        """Choose how many stand in a row; called when the words on them are others."""
        widest = max(button.sizeHint().width() for button in self._buttons)
        room = (self.width() + 8) // (widest + 8)
        count = len(self._buttons)
        # Rows of equal length look better than a last one with a single button.
        rows = -(-count // max(1, min(room, count)))
        self._arrange(-(-count // rows))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for button in self._buttons:
            self._grid.removeWidget(button)
        for number, button in enumerate(self._buttons):
            self._grid.addWidget(button, number // columns, number % columns)
        self.updateGeometry()
