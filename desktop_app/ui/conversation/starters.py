"""What an empty conversation offers: a few first questions that show what the model does."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui.icons import app_icon
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import current_tokens, follow_theme

_WIDTH = 520
_PADDING = 14
_PICTURE = 64
_TEXT_FLAGS = int(Qt.TextFlag.TextWordWrap)


class StarterButton(QPushButton):
    """A button whose text breaks into lines where the window is narrow."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(120)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Return room for the text in one line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return room for the text at the present width."""
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def hasHeightForWidth(self) -> bool:
        """Say that a narrow button is a higher one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text when it is broken at ``width`` pixels."""
        return self._text_area(QRect(0, 0, width, 10_000)).height() + 2 * _PADDING - 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and the lines of the text."""
        del event
        tokens = current_tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hovered = self.underMouse()
        border = mix(tokens.border, tokens.accent, 0.6) if hovered else tokens.border
        painter.setPen(tokens.accent if self.hasFocus() else border)
        painter.setBrush(tokens.hover if hovered or self.isDown() else tokens.surface_raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.setPen(tokens.text)
        area = self.rect().adjusted(_PADDING, 0, -_PADDING, 0)
        painter.drawText(area, _TEXT_FLAGS | int(Qt.AlignmentFlag.AlignVCenter), self.text())

    def _text_area(self, room: QRect) -> QRect:
        inner = room.adjusted(_PADDING, 0, -_PADDING, 0)
        return self.fontMetrics().boundingRect(inner, _TEXT_FLAGS, self.text())


class Starters(QWidget):
    """A greeting and a few buttons; choosing one gives its text."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumHeight(_PICTURE)
        self._greeting = QLabel()
        self._greeting.setTextFormat(Qt.TextFormat.PlainText)
        self._greeting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._greeting.setWordWrap(True)
        self._buttons = [StarterButton() for _ in range(4)]
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(16, 0, 16, 0)
        inner.setSpacing(8)
        inner.addWidget(self._picture)
        inner.addWidget(self._greeting)
        inner.addSpacing(10)
        for button in self._buttons:
            button.clicked.connect(lambda _=False, b=button: self.chosen.emit(b.text()))
            inner.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(column, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._retranslate()
        follow_theme(self, self._restyle)

    @property
    def texts(self) -> Sequence[str]:
        """The questions that are offered."""
        return [button.text() for button in self._buttons]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self._greeting.setText(self.tr("What shall we think about?"))
        for button, text in zip(
            self._buttons,
            (
                self.tr("Plan a weekend in Hangzhou, with a table"),
                self.tr("Explain why quicksort is fast, with code and the maths"),
                self.tr("How many minutes are left of this year? Use tools"),
                self.tr("用中文介绍一下交错思维（interleaved thinking）"),
            ),
            strict=True,
        ):
            button.setText(text)
            button.setAccessibleName(text)

    def _restyle(self, tokens: Tokens) -> None:
        self._picture.setPixmap(
            app_icon().pixmap(QSize(_PICTURE, _PICTURE), self.devicePixelRatio())
        )
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setWeight(QFont.Weight.DemiBold)
        self._greeting.setFont(font)
        self._greeting.setStyleSheet(f"color: {tokens.text.name()};")
