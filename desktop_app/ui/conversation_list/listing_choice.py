"""What stands round the list: the choice between conversations, archive and trash; trash's buttons."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop_app.ui.conversation_list.grouping import LISTING_NAMES, Listing, translated
from desktop_app.ui.icons import icon
from desktop_app.ui.theme import Tokens

_ICONS = {
    Listing.CONVERSATIONS: "conversation",
    Listing.ARCHIVE: "archive",
    Listing.TRASH: "trash",
}


class ListingChoice(QWidget):
    """A button that names what is listed, with a menu of what else can be.

    Signals:
        chosen(Listing): The person wants another list.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.listing = Listing.CONVERSATIONS
        self._button = QToolButton()
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._menu = QMenu(self)
        self._actions: dict[Listing, QAction] = {}
        group = QActionGroup(self)
        for listing in Listing:
            action = QAction(self._menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, wanted=listing: self._on_chosen(wanted))
            group.addAction(action)
            self._menu.addAction(action)
            self._actions[listing] = action
        self._button.setMenu(self._menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 0)
        layout.addWidget(self._button)
        layout.addStretch(1)
        self.retranslate()

    def show_listing(self, listing: Listing) -> None:
        """Name ``listing`` without asking for it."""
        self.listing = listing
        self.retranslate()

    def retranslate(self) -> None:
        """Say the names in the language of the moment."""
        for listing, action in self._actions.items():
            action.setText(translated(LISTING_NAMES[listing]))
            action.setChecked(listing is self.listing)
        name = translated(LISTING_NAMES[self.listing])
        self._button.setText(name)
        self._button.setAccessibleName(self.tr("Shown: {name}").replace("{name}", name))

    def recolour(self, tokens: Tokens) -> None:
        """Draw the icons in the colours of the moment."""
        self._button.setIcon(icon("chevron-down", tokens.text_muted))
        for listing, action in self._actions.items():
            action.setIcon(icon(_ICONS[listing], tokens.text_muted))

    def _on_chosen(self, listing: Listing) -> None:
        if listing is not self.listing:
            self.show_listing(listing)
            self.chosen.emit(listing)


class TrashButtons(QWidget):
    """What can be done with what is in the trash.

    Signals:
        restore_requested(): What is selected shall come back.
        erase_requested(): What is selected shall go for good.
        empty_requested(): All of it shall.
    """

    restore_requested = Signal()
    erase_requested = Signal()
    empty_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._restore = QPushButton()
        self._erase = QPushButton()
        self._empty = QPushButton()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 0)
        layout.setSpacing(0)
        for button, signal in (
            (self._restore, self.restore_requested),
            (self._erase, self.erase_requested),
            (self._empty, self.empty_requested),
        ):
            button.clicked.connect(signal)
            layout.addWidget(button)
        self.retranslate()
        self.enable(any_selected=False, any_at_all=False)

    def enable(self, *, any_selected: bool, any_at_all: bool) -> None:
        """Offer what there is something for."""
        self._restore.setEnabled(any_selected)
        self._erase.setEnabled(any_selected)
        self._empty.setEnabled(any_at_all)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Say what the buttons do in the language of the moment."""
        for button, words in (
            (self._restore, self.tr("Restore")),
            (self._erase, self.tr("Delete for good…")),
            (self._empty, self.tr("Empty trash…")),
        ):
            button.setText(words)
            button.setAccessibleName(words.rstrip("…"))

    def recolour(self, tokens: Tokens) -> None:
        """Draw the icons in the colours of the moment."""
        self._restore.setIcon(icon("retry", tokens.text_muted))
        self._erase.setIcon(icon("close", tokens.text_muted))
        self._empty.setIcon(icon("trash", tokens.text_muted))
