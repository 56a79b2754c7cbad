"""A line above the composer that says that a message is being edited, and the way out."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_app.domain.text import one_line
from desktop_app.ui.icons import icon
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme

_ICON = 14


class EditBanner(QFrame):
    """Hidden until a message is being edited."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("EditBanner")
        self._original = ""
        self._mark = QLabel()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setMinimumWidth(40)
        self._leave = QToolButton()
        self._leave.setIconSize(QSize(_ICON, _ICON))
        self._leave.setCursor(Qt.CursorShape.PointingHandCursor)
        self._leave.clicked.connect(self.left)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 3, 4, 3)
        layout.setSpacing(8)
        layout.addWidget(self._mark)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._leave)
        self._retranslate()
        follow_theme(self, self._restyle)
        self.hide()

    def show_editing(self, original: str) -> None:
        """Say that the message with this text is being edited."""
        self._original = original
        self._retranslate()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self._words.setText(self.tr("Editing your message · Esc leaves it as it was"))
        self._words.setToolTip(one_line(self._original, 400))
        self._leave.setAccessibleName(self.tr("Leave editing"))
        self._leave.setToolTip(self.tr("Leave editing (Esc)"))

    def _restyle(self, tokens: Tokens) -> None:
        self._mark.setPixmap(icon("pencil", tokens.accent).pixmap(_ICON, _ICON))
        self._leave.setIcon(icon("close", tokens.text_muted))
        self.setStyleSheet(
            f"""
#EditBanner {{ background: {tokens.user_card.name()};
  border: 1px solid {tokens.user_border.name()}; border-radius: 10px; }}
#EditBanner QLabel {{ color: {tokens.text.name()}; background: transparent; font-size: 9pt; }}
#EditBanner QToolButton {{ border: none; border-radius: 6px; padding: 5px;
  background: transparent; }}
#EditBanner QToolButton:hover {{ background: {tokens.hover.name()}; }}
#EditBanner QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 4px; }}
"""
        )
