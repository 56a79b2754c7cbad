"""A block of a page that stands on a card of its own: found, followed and translated as a whole."""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.ui.form_style import KIND


class Card(QFrame):
    """What the blocks of the settings have in common; each says what is its own."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(KIND, "card")
        self._unsubscribe: Callable[[], None] | None = None

    def widget(self) -> QWidget:
        """The card."""
        return self

    def narrow(self, words: list[str]) -> bool:
        """Shown whole, or not."""
        haystack = self._found_by().casefold()
        shown = all(word in haystack for word in words)
        self.setVisible(shown)
        return shown

    def showEvent(self, event: QShowEvent) -> None:
        """Follow what is shown while there is someone to see it."""
        super().showEvent(event)
        if self._unsubscribe is None:
            self._unsubscribe = self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing while hidden."""
        super().hideEvent(event)
        if not event.spontaneous() and self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._change_language()

    def _found_by(self) -> str:
        """Return the words that a search may find the card by, English and translated."""
        raise NotImplementedError

    def _follow(self) -> Callable[[], None] | None:
        """Show how things are and go on following them; return how to stop, ``None`` for nothing."""
        return None

    def _change_language(self) -> None:
        self._retranslate()

    def _retranslate(self) -> None:
        """Say everything in the present language."""
