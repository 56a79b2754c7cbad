"""A quiet picture and a sentence, where there is nothing to show yet."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_app.ui.icons import pixmap
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_ICON_SIZE = 40


class Placeholder(QWidget):
    """An icon above a muted sentence, centred.

    Args:
        icon_name: Name of the icon.
    """

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 28, 28, 28)
        layout.setSpacing(14)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        layout.addWidget(self._words)
        layout.addStretch(3)
        follow_theme(self, self._restyle)

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self._words.setText(text)

    def _restyle(self, tokens: Tokens) -> None:
        colour = mix(tokens.surface, tokens.text_muted, 0.55)
        self._picture.setPixmap(
            pixmap(self._icon_name, _ICON_SIZE, colour, self.devicePixelRatio())
        )
        palette = self._words.palette()
        if palette.color(QPalette.ColorRole.WindowText) != tokens.text_muted:
            palette.setColor(QPalette.ColorRole.WindowText, tokens.text_muted)
            self._words.setPalette(palette)
