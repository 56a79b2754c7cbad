"""The button that leads back to the end of a conversation; it floats above the text."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QPushButton

from desktop_app.ui.icons import icon
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.transcript.view import BlockView

_ABOVE_THE_EDGE = 12


class JumpButton(QPushButton):
    """Is there while the end of ``view`` is out of sight."""

    def __init__(self, view: BlockView) -> None:
        super().__init__(view)
        self._view = view
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        self.clicked.connect(view.scroll_to_end)
        view.at_end_changed.connect(self._on_at_end_changed)
        self._retranslate()
        follow_theme(self, self._restyle)

    def place(self) -> None:
        """Stand in the middle, above the lower edge of the view."""
        self.adjustSize()
        area = self._view.viewport().geometry()
        self.move(
            area.center().x() - self.width() // 2, area.bottom() - self.height() - _ABOVE_THE_EDGE
        )
        self.raise_()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_at_end_changed(self, at_end: bool) -> None:
        self.setVisible(not at_end)
        self.place()

    def _retranslate(self) -> None:
        self.setText(self.tr("Jump to latest"))
        self.setAccessibleName(self.tr("Jump to latest"))

    def _restyle(self, tokens: Tokens) -> None:
        self.setIcon(icon("arrow-down", tokens.text))
        self.setStyleSheet(
            f"""
QPushButton {{ background: {tokens.surface_raised.name()}; color: {tokens.text.name()};
  border: 1px solid {tokens.border.name()}; border-radius: 15px; padding: 5px 12px 5px 9px; }}
QPushButton:hover {{ background: {tokens.hover.name()}; }}
QPushButton:focus {{ border-color: {tokens.accent.name()}; }}
"""
        )
