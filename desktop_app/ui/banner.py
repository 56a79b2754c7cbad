"""A strip above the conversation for what concerns the whole run: a demo, a missing keyring ..."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.icons import icon
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme


class Banners(QWidget):
    """Shows any number of notices, one below the other; each is shown once and can be closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._shown: dict[str, _Notice] = {}
        self.hide()

    def show_notice(
        self, key: str, text: str, label: str = "", action: Callable[[], None] | None = None
    ) -> None:
        """Show ``text``; a notice with the same ``key`` takes the place of the earlier one."""
        self.remove(key)
        notice = _Notice(text, label, action, lambda: self.remove(key))
        self._shown[key] = notice
        self._layout.addWidget(notice)
        self.show()

    def reword(self, key: str, text: str) -> None:
        """Give a notice other words, its button and the focus on it untouched, if it is there."""
        notice = self._shown.get(key)
        if notice is not None:
            notice.reword(text)

    def remove(self, key: str) -> None:
        """Take a notice away, if it is there."""
        notice = self._shown.pop(key, None)
        if notice is not None:
            self._layout.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self._shown))

    def has(self, key: str) -> bool:
        """Whether the notice is shown."""
        return key in self._shown


class _Notice(QFrame):
    def __init__(
        self, text: str, label: str, action: Callable[[], None] | None, close: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setObjectName("Notice")
        self._words = QLabel(text)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._close = QToolButton()
        self._close.setIconSize(QSize(14, 14))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 8, 6)
        layout.addWidget(self._words, 1)
        if action is not None:
            button = QPushButton(label)
            button.clicked.connect(action)
            layout.addWidget(button)
        layout.addWidget(self._close)
        self._retranslate()
        follow_theme(self, self._restyle)

    def reword(self, text: str) -> None:
        """Say ``text`` from now on."""
        self._words.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language; the words themselves are their owner's to say again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self._close.setAccessibleName(self.tr("Close this notice"))
        self._close.setToolTip(self.tr("Close this notice"))

    def _restyle(self, tokens: Tokens) -> None:
        ground = mix(tokens.surface, tokens.accent, 0.11)
        self._close.setIcon(icon("close", tokens.text_muted))
        self.setStyleSheet(
            f"""
#Notice {{ background: {ground.name()}; border: none;
  border-bottom: 1px solid {mix(ground, tokens.accent, 0.2).name()}; }}
#Notice QLabel {{ color: {tokens.text.name()}; background: transparent; }}
#Notice QPushButton {{ border: 1px solid {mix(ground, tokens.accent, 0.4).name()};
  border-radius: 6px; padding: 3px 10px; background: transparent; color: {tokens.text.name()}; }}
#Notice QPushButton:hover {{ background: {mix(ground, tokens.accent, 0.16).name()}; }}
#Notice QPushButton:focus {{ border-color: {tokens.accent.name()}; }}
#Notice QToolButton {{ border: none; background: transparent; padding: 4px; border-radius: 5px; }}
#Notice QToolButton:hover {{ background: {mix(ground, tokens.accent, 0.16).name()}; }}
"""
        )
