"""A light that says how a server stands: by its shape too, since not everybody sees its colour."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.domain.mcp_server import ServerPhase
from desktop_app.ui.theming import current_tokens


class StateLight(QWidget):
    """Off is a ring, starting a ring that is half full, ready a full disc, failed a cross.

    A ready one that something was wrong with has a ring around its disc. The words beside it say the
    same, so it has no name of its own.
    """

    _SIZE: Final = 16

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase, self._is_troubled = ServerPhase.OFF, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_state(self, phase: ServerPhase, *, is_troubled: bool) -> None:
        """Show ``phase``."""
        if (phase, is_troubled) != (self._phase, self._is_troubled):
            self._phase, self._is_troubled = phase, is_troubled
            self.update()

    def sizeHint(self) -> QSize:
        """A little more than a letter."""
        return QSize(self._SIZE, self._SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the shape."""
        tokens = current_tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(0, 0, 10, 10)
        circle.moveCenter(QRectF(self.rect()).center())
        match self._phase:
            case ServerPhase.READY:
                colour = tokens.warning if self._is_troubled else tokens.success
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                inner = circle.adjusted(2.5, 2.5, -2.5, -2.5) if self._is_troubled else circle
                painter.drawEllipse(inner)
                if self._is_troubled:
                    painter.setPen(QPen(colour, 1.6))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawEllipse(circle)
            case ServerPhase.FAILED:
                painter.setPen(QPen(tokens.error, 2.4, c=Qt.PenCapStyle.RoundCap))
                rect = circle.adjusted(1, 1, -1, -1)
                painter.drawLine(rect.topLeft(), rect.bottomRight())
                painter.drawLine(
                    QPointF(rect.right(), rect.top()), QPointF(rect.left(), rect.bottom())
                )
            case ServerPhase.STARTING | ServerPhase.RESTARTING:
                painter.setPen(QPen(tokens.accent, 1.8))
                painter.drawEllipse(circle)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tokens.accent)
                painter.drawPie(circle, 90 * 16, 180 * 16)
            case _:
                painter.setPen(QPen(tokens.text_muted, 1.8))
                painter.drawEllipse(circle)
        painter.end()
