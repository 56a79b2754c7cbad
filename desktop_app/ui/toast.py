"""A toast: a short word on something the person just did, with the way back where there is one.

What fails by itself is told in the conversation, where it happened; a toast says only what became
of a command, such as a file that could not be saved.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_SHOWN_MS: Final = 8000
_DISTANCE: Final = 24


class Toast(QFrame):
    """Stands at the lower edge of its parent for some seconds; a new one takes its place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setObjectName("Toast")
        self._action: Callable[[], None] | None = None
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton()
        self._button.clicked.connect(self._on_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 9, 9, 9)
        layout.setSpacing(14)
        layout.addWidget(self._words)
        layout.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        follow_theme(self, self._restyle)
        self.hide()

    def say(self, text: str, label: str = "", action: Callable[[], None] | None = None) -> None:
        """Show ``text`` and, where ``action`` is given, a button ``label`` that does it."""
        self._action = action
        self._words.setText(text)
        self._button.setText(label)
        self._button.setAccessibleName(label)
        self._button.setVisible(action is not None)
        self.setAccessibleName(text)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def act(self) -> bool:
        """Do what the button does, if the toast is up; says whether there was anything to do."""
        if not self.isVisible() or self._action is None:
            return False
        self._on_clicked()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the size of the parent, as long as there is something to place in it."""
        super().showEvent(event)
        self._ground.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the parent: a filter costs Python a call for each of its events."""
        super().hideEvent(event)
        self._ground.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the parent changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _on_clicked(self) -> None:
        action, self._action = self._action, None
        self.hide()
        if action is not None:
            action()

    def _place(self) -> None:
        ground = self._ground
        self.move((ground.width() - self.width()) // 2, ground.height() - self.height() - _DISTANCE)

    def _restyle(self, tokens: Tokens) -> None:
        ground = mix(tokens.text, tokens.surface, 0.08)
        self.setStyleSheet(
            f"""
#Toast {{ background: {ground.name()}; border-radius: 10px; }}
#Toast QLabel {{ color: {tokens.surface.name()}; background: transparent; }}
#Toast QPushButton {{ color: {mix(tokens.accent, tokens.surface, 0.45).name()};
  background: transparent; border: none; border-radius: 6px; padding: 4px 10px;
  font-weight: 600; }}
#Toast QPushButton:hover, #Toast QPushButton:focus {{
  background: {mix(ground, tokens.surface, 0.18).name()}; }}
"""
        )
