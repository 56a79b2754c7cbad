"""The left part of the window: new conversation, search, the list, and the way to the settings."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.chat.trash import TRASH_DAYS
from desktop_app.domain.conversation import Conversation
from desktop_app.ui.conversation_list.grouping import LISTING_NAMES, Listing, translated
from desktop_app.ui.conversation_list.listing_choice import ListingChoice, TrashButtons
from desktop_app.ui.conversation_list.model import ConversationModel
from desktop_app.ui.conversation_list.view import ConversationView
from desktop_app.ui.icons import icon
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

if TYPE_CHECKING:
    from desktop_app.ui.search.panel import SearchPanel

_TITLES = 4
_UNBOUNDED = 16_777_215


class Sidebar(QFrame):
    """Shows the conversations and says what the person wants with them.

    Signals:
        conversation_chosen(str): One is to be opened.
        delete_requested(tuple): These are to go to the trash, by their ids.
        erase_requested(tuple): These are to go for good; empty for all that is in the trash.
        restore_requested(tuple): These are to come back from the trash.
        export_requested(tuple): These are to be written to a file.
        search_changed(str): This is looked for in all texts.
        menu_requested(tuple, QPoint): A context menu for these is wanted, at a place of the screen.
        listing_chosen(Listing): The list, the archive or the trash is to be shown.
        folds_changed(tuple): These folders are folded now.
    """

    conversation_chosen = Signal(str)
    new_requested = Signal()
    settings_requested = Signal()
    delete_requested = Signal(tuple)
    erase_requested = Signal(tuple)
    restore_requested = Signal(tuple)
    rename_requested = Signal(str)
    menu_requested = Signal(tuple, QPoint)
    listing_chosen = Signal(object)
    folds_changed = Signal(tuple)
    export_requested = Signal(tuple)
    search_changed = Signal(str)

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Sidebar")
        self._model = ConversationModel()
        self._selected = ""
        self._listing = Listing.CONVERSATIONS
        self._listed: dict[Listing, tuple[Conversation, ...]] = dict.fromkeys(Listing, ())
        self._folded: set[str] = set()
        self._is_told = False
        self._new = QPushButton()
        self._new.clicked.connect(self._on_new)
        self._menu_button = QToolButton()
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.setMenu(menu)
        self._search = LineInput()
        self._search.textChanged.connect(self._on_search_changed)
        self.listing_choice = ListingChoice()
        self.listing_choice.chosen.connect(self.show_listing)
        self._list = ConversationView(self._model)
        self._list.clicked.connect(self._on_clicked)
        self._list.activated.connect(self._on_chosen)
        self._list.delete_requested.connect(self._on_delete)
        self._list.rename_requested.connect(self._on_rename)
        self._list.fold_requested.connect(self._on_fold)
        self._list.menu_requested.connect(self._on_menu)
        self._list.selectionModel().selectionChanged.connect(self._enable_trash_buttons)
        self._trash_buttons = TrashButtons()
        self._trash_buttons.restore_requested.connect(self._on_restore)
        self._trash_buttons.erase_requested.connect(self._on_delete)
        self._trash_buttons.empty_requested.connect(lambda: self.erase_requested.emit(()))
        self._trash_buttons.hide()
        self._empty = QLabel()
        self._empty.setObjectName("Empty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(18, 22, 18, 0)
        self._settings = QPushButton()
        self._settings.clicked.connect(self.settings_requested)

        top = QHBoxLayout()
        top.setContentsMargins(12, 12, 12, 0)
        top.setSpacing(6)
        top.addWidget(self._new, 1)
        top.addWidget(self._menu_button)
        search = QHBoxLayout()
        search.setContentsMargins(12, 8, 12, 4)
        search.addWidget(self._search)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(12, 6, 12, 12)
        bottom.addWidget(self._settings)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(search)
        layout.addWidget(self.listing_choice)
        layout.addWidget(self._empty)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._trash_buttons)
        layout.addLayout(bottom)
        self._retranslate()
        follow_theme(self, self._restyle)

    @cached_property
    def results(self) -> "SearchPanel":
        """What is found in the texts; loaded once there is something to search."""
        from desktop_app.ui.search.keys import SearchKeys
        from desktop_app.ui.search.panel import SearchPanel

        # Its picture is looked up in the desktop's themes: not before the first paint.
        self._search.setClearButtonEnabled(True)
        panel = SearchPanel()
        panel.hide()
        self._column.insertWidget(self._column.count() - 1, panel, 1)
        SearchKeys(self._search, self._list, panel)
        return panel

    def set_conversations(
        self, conversations: Sequence[Conversation], listing: Listing = Listing.CONVERSATIONS
    ) -> None:
        """Take the conversations of ``listing``, sorted already; what is selected stays so."""
        self._listed[listing] = tuple(conversations)
        self._is_told = True
        if listing is self._listing:
            self._show_listed()

    def show_listing(self, listing: Listing) -> None:
        """Show the list, the archive or the trash."""
        self._listing = listing
        self.listing_choice.show_listing(listing)
        self._trash_buttons.setVisible(listing is Listing.TRASH)
        self._list.setAccessibleName(translated(LISTING_NAMES[listing]))
        self._show_listed()
        self.listing_chosen.emit(listing)

    def set_folded(self, folders: Collection[str]) -> None:
        """Show of these folders the headings alone."""
        self._folded = set(folders)
        self._model.set_folded(folders)
        self.select(self._selected)

    @property
    def listing(self) -> Listing:
        """What is listed."""
        return self._listing

    def set_busy(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which an answer is on its way."""
        self._model.set_busy(conversation_ids)

    def set_asking(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which a call waits for the person's word."""
        self._model.set_asking(conversation_ids)

    def set_drafts(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which something is unsent."""
        self._model.set_drafts(conversation_ids)

    def select(self, conversation_id: str) -> None:
        """Highlight a conversation without opening it, now or as soon as it is in the list."""
        again = conversation_id == self._selected
        self._selected = conversation_id
        # What the person is about to do with several, or with the trash, goes on.
        if again and (self._listing is Listing.TRASH or len(self._list.selected_rows()) > 1):
            return
        row = self._model.row_of(conversation_id)
        index = self._model.index(row) if row >= 0 else QModelIndex()
        self._list.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def selected_ids(self) -> tuple[str, ...]:
        """Return the ids of the conversations that are highlighted, from above."""
        found = (self._model.conversation_at(row) for row in self._list.selected_rows())
        return tuple(item.id for item in found if item is not None)

    def current_id(self) -> str:
        """Return the id of the highlighted conversation, or an empty text."""
        conversation = self._model.conversation_at(self._list.currentIndex().row())
        return conversation.id if conversation else ""

    def ids(self) -> list[str]:
        """Return the ids of the conversations that are listed and can be opened, from above."""
        return [] if self._listing is Listing.TRASH else self._model.ids()

    def neighbour_of(self, conversation_id: str, step: int) -> str:
        """Return the id ``step`` rows away, stopping at the ends; empty when there is none."""
        ids = self.ids()
        if not ids:
            return ""
        if conversation_id not in ids:
            return ids[0]
        return ids[max(0, min(len(ids) - 1, ids.index(conversation_id) + step))]

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_search_changed(self, text: str) -> None:
        self._model.set_filter(text)
        self.select(self._selected)
        self._show_emptiness()
        self.search_changed.emit(text)

    def _show_listed(self) -> None:
        kept = self.selected_ids()
        self._model.set_conversations(self._listed[self._listing], self._listing)
        rows = [row for row in map(self._model.row_of, kept) if row >= 0]
        if len(rows) > 1 or (rows and self._listing is Listing.TRASH):
            self._select_rows(rows)
        else:
            self.select(self._selected)
        self._show_emptiness()
        self._enable_trash_buttons()

    def _select_rows(self, rows: Sequence[int]) -> None:
        selection = QItemSelection()
        for row in rows:
            selection.select(self._model.index(row), self._model.index(row))
        flags = QItemSelectionModel.SelectionFlag
        model = self._list.selectionModel()
        if not model.currentIndex().isValid():
            model.setCurrentIndex(self._model.index(rows[0]), flags.NoUpdate)
        model.select(selection, flags.ClearAndSelect)

    def _show_emptiness(self) -> None:
        empty = self._model.rowCount() == 0
        searching = bool(self._search.text().strip())
        # A search shows a few titles, and below them what stands in the texts; the trash has none.
        with_texts = searching and self._listing is not Listing.TRASH
        if searching:
            words = self.tr("No title holds these words.")
        elif self._listing is Listing.ARCHIVE:
            words = self.tr("The archive is empty.")
        elif self._listing is Listing.TRASH:
            words = self.tr("The trash is empty. What is deleted stays here for {days} days.")
            words = words.replace("{days}", str(TRASH_DAYS))
        else:
            words = self.tr("Your conversations will stand here.")
        self._empty.setText(words)
        # Until it is known whether there is a conversation, nothing is said of it.
        self._empty.setVisible(empty and not with_texts and self._is_told)
        self._list.setVisible(not empty or not with_texts)
        self._list.setMaximumHeight(self._height_of_titles() if with_texts else _UNBOUNDED)
        if with_texts or "results" in self.__dict__:
            self.results.setVisible(with_texts)

    def _height_of_titles(self) -> int:
        rows = min(_TITLES, self._model.rowCount())
        return sum(self._list.sizeHintForRow(row) for row in range(rows)) + 4

    def _enable_trash_buttons(self) -> None:
        self._trash_buttons.enable(
            any_selected=bool(self._list.selected_rows()),
            any_at_all=bool(self._listed[Listing.TRASH]),
        )

    def _on_new(self) -> None:
        if self._listing is not Listing.CONVERSATIONS:
            self.show_listing(Listing.CONVERSATIONS)
        self.new_requested.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        if not self._list.pressed_to_select:
            self._on_chosen(index)

    def _on_chosen(self, index: QModelIndex) -> None:
        conversation = self._model.conversation_at(index.row())
        if conversation is not None and self._listing is not Listing.TRASH:
            self.conversation_chosen.emit(conversation.id)

    def _on_delete(self) -> None:
        if ids := self.selected_ids():
            in_trash = self._listing is Listing.TRASH
            (self.erase_requested if in_trash else self.delete_requested).emit(ids)

    def _on_restore(self) -> None:
        if ids := self.selected_ids():
            self.restore_requested.emit(ids)

    def _on_rename(self) -> None:
        if (current := self.current_id()) and self._listing is not Listing.TRASH:
            self.rename_requested.emit(current)

    def _on_fold(self, folder: str, folded: bool) -> None:
        (self._folded.add if folded else self._folded.discard)(folder)
        current = self._list.currentIndex().row()
        at = self._model.conversation_at(current)
        self.set_folded(tuple(self._folded))
        # The keyboard stays where it was: on the folder's first row.
        rows = range(self._model.rowCount())
        first = next((row for row in rows if self._model.folder_at(row) == folder), -1)
        if first >= 0 and at is not None and at.folder == folder and not at.pinned:
            flags = QItemSelectionModel.SelectionFlag
            self._list.selectionModel().setCurrentIndex(self._model.index(first), flags.NoUpdate)
        self.folds_changed.emit(tuple(sorted(self._folded)))

    def _on_menu(self, position: QPoint) -> None:
        if ids := self.selected_ids():
            self.menu_requested.emit(ids, self._list.viewport().mapToGlobal(position))

    def _retranslate(self) -> None:
        self._new.setText(self.tr("New conversation"))
        self._new.setAccessibleName(self.tr("New conversation"))
        self._menu_button.setAccessibleName(self.tr("Menu"))
        self._menu_button.setToolTip(self.tr("Menu"))
        self._search.setPlaceholderText(self.tr("Search conversations"))
        self._search.setAccessibleName(self.tr("Search conversations"))
        self._list.setAccessibleName(translated(LISTING_NAMES[self._listing]))
        self.listing_choice.retranslate()
        self._settings.setText(self.tr("Settings"))
        self._settings.setAccessibleName(self.tr("Settings"))
        self._model.retranslate()
        self._show_emptiness()

    def _restyle(self, tokens: Tokens) -> None:
        background = tokens.window.name()
        self._new.setIcon(icon("new-conversation", tokens.accent))
        self._menu_button.setIcon(icon("menu", tokens.text_muted))
        self._settings.setIcon(icon("settings", tokens.text_muted))
        self.listing_choice.recolour(tokens)
        self._trash_buttons.recolour(tokens)
        palette = self._empty.palette()
        palette.setColor(QPalette.ColorRole.WindowText, tokens.text_muted)
        self._empty.setPalette(palette)
        self.setStyleSheet(
            f"""
#Sidebar {{ background: {background}; border: none; }}
QListView {{ background: {background}; border: none; outline: none; }}
QPushButton {{ text-align: left; padding: 7px 10px; border-radius: 7px; border: none;
  background: transparent; color: {tokens.text.name()}; }}
QPushButton:disabled {{ color: {mix(tokens.window, tokens.text, 0.4).name()}; }}
QPushButton:hover:enabled {{ background: {tokens.hover.name()}; }}
QPushButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 6px 9px; }}
QToolButton {{ border: none; border-radius: 7px; padding: 6px; background: transparent;
  color: {tokens.text_muted.name()}; }}
QToolButton:hover {{ background: {tokens.hover.name()}; }}
QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 5px; }}
QToolButton::menu-indicator {{ image: none; }}
QLineEdit {{ background: {tokens.surface.name()}; border: 1px solid {tokens.border.name()};
  border-radius: 7px; padding: 5px 8px; color: {tokens.text.name()}; }}
QLineEdit:focus {{ border-color: {mix(tokens.border, tokens.accent, 0.8).name()}; }}
"""
        )
