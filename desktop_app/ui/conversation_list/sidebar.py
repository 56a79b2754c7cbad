"""The left part of the window: new conversation, search, the list, and the way to the settings."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.conversation import Conversation
from desktop_app.ui.conversation_list.delegate import ConversationDelegate
from desktop_app.ui.conversation_list.model import ConversationModel
from desktop_app.ui.icons import icon
from desktop_app.ui.search.keys import SearchKeys
from desktop_app.ui.search.panel import SearchPanel
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_TITLES = 4
_UNBOUNDED = 16_777_215


class ConversationView(QListView):
    """The list itself; Delete asks to delete, F2 to rename."""

    delete_requested = Signal()
    rename_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the two keys that lists have everywhere."""
        if event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.rename_requested.emit()
        else:
            super().keyPressEvent(event)


class Sidebar(QFrame):
    """Shows the conversations and says what the person wants with them."""

    conversation_chosen = Signal(str)
    new_requested = Signal()
    settings_requested = Signal()
    delete_requested = Signal(str)
    rename_requested = Signal(str)
    export_requested = Signal(str)
    search_changed = Signal(str)

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Sidebar")
        self._model = ConversationModel()
        self._selected = ""
        self._new = QPushButton()
        self._new.clicked.connect(self.new_requested)
        self._menu_button = QToolButton()
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.setMenu(menu)
        self._search = LineInput()
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._on_search_changed)
        self._list = ConversationView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(ConversationDelegate(self._list))
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setMouseTracking(True)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._show_context_menu)
        self._list.clicked.connect(self._on_chosen)
        self._list.activated.connect(self._on_chosen)
        self._list.delete_requested.connect(self._on_delete)
        self._list.rename_requested.connect(self._on_rename)
        self.results = SearchPanel()
        self.results.hide()
        self._keys = SearchKeys(self._search, self._list, self.results)
        self._empty = QLabel()
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(search)
        layout.addWidget(self._empty)
        layout.addWidget(self._list, 1)
        layout.addWidget(self.results, 1)
        layout.addLayout(bottom)
        self._retranslate()
        follow_theme(self, self._restyle)

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show ``conversations``, sorted already; the selection stays on the same one."""
        self._model.set_conversations(conversations)
        self.select(self._selected)
        self._show_emptiness()

    def set_busy(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which an answer is on its way."""
        self._model.set_busy(conversation_ids)

    def set_drafts(self, conversation_ids: frozenset[str]) -> None:
        """Mark the conversations in which something is unsent."""
        self._model.set_drafts(conversation_ids)

    def select(self, conversation_id: str) -> None:
        """Highlight a conversation without opening it, now or as soon as it is in the list."""
        self._selected = conversation_id
        row = self._model.row_of(conversation_id)
        index = self._model.index(row) if row >= 0 else QModelIndex()
        self._list.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def current_id(self) -> str:
        """Return the id of the highlighted conversation, or an empty text."""
        conversation = self._model.conversation_at(self._list.currentIndex().row())
        return conversation.id if conversation else ""

    def neighbour_of(self, conversation_id: str, step: int) -> str:
        """Return the id ``step`` rows away, stopping at the ends; empty when there is none."""
        row = self._model.row_of(conversation_id)
        target = max(0, min(self._model.rowCount() - 1, row + step)) if row >= 0 else 0
        conversation = self._model.conversation_at(target)
        return conversation.id if conversation else ""

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
        self.results.setVisible(bool(text.strip()))
        self.search_changed.emit(text)

    def _show_emptiness(self) -> None:
        empty = self._model.rowCount() == 0
        searching = bool(self._search.text().strip())
        self._empty.setText(self.tr("Your conversations will stand here."))
        self._empty.setVisible(empty and not searching)
        # A search shows a few titles, and below them what stands in the texts.
        self._list.setVisible(not empty or not searching)
        self._list.setMaximumHeight(self._height_of_titles() if searching else _UNBOUNDED)

    def _height_of_titles(self) -> int:
        rows = min(_TITLES, self._model.rowCount())
        return sum(self._list.sizeHintForRow(row) for row in range(rows)) + 4

    def _on_chosen(self, index: QModelIndex) -> None:
        if (conversation := self._model.conversation_at(index.row())) is not None:
            self.conversation_chosen.emit(conversation.id)

    def _on_delete(self) -> None:
        if current := self.current_id():
            self.delete_requested.emit(current)

    def _on_rename(self) -> None:
        if current := self.current_id():
            self.rename_requested.emit(current)

    def _show_context_menu(self, position: QPoint) -> None:
        conversation = self._model.conversation_at(self._list.indexAt(position).row())
        if conversation is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = QAction(icon("pencil"), self.tr("Rename…"), menu)
        rename.triggered.connect(lambda: self.rename_requested.emit(conversation.id))
        export = QAction(icon("export"), self.tr("Export…"), menu)
        export.triggered.connect(lambda: self.export_requested.emit(conversation.id))
        delete = QAction(icon("trash"), self.tr("Delete"), menu)
        delete.triggered.connect(lambda: self.delete_requested.emit(conversation.id))
        menu.addActions([rename, export, delete])
        menu.popup(self._list.viewport().mapToGlobal(position))

    def _retranslate(self) -> None:
        self._new.setText(self.tr("New conversation"))
        self._new.setAccessibleName(self.tr("New conversation"))
        self._menu_button.setAccessibleName(self.tr("Menu"))
        self._menu_button.setToolTip(self.tr("Menu"))
        self._search.setPlaceholderText(self.tr("Search conversations"))
        self._search.setAccessibleName(self.tr("Search conversations"))
        self._list.setAccessibleName(self.tr("Conversations"))
        self._settings.setText(self.tr("Settings"))
        self._settings.setAccessibleName(self.tr("Settings"))
        self._model.retranslate()
        self._show_emptiness()

    def _restyle(self, tokens: Tokens) -> None:
        background = tokens.window.name()
        self._new.setIcon(icon("new-conversation", tokens.accent))
        self._menu_button.setIcon(icon("menu", tokens.text_muted))
        self._settings.setIcon(icon("settings", tokens.text_muted))
        palette = self._empty.palette()
        palette.setColor(QPalette.ColorRole.WindowText, tokens.text_muted)
        self._empty.setPalette(palette)
        self.setStyleSheet(
            f"""
#Sidebar {{ background: {background}; border: none; }}
QListView {{ background: {background}; border: none; outline: none; }}
QPushButton {{ text-align: left; padding: 7px 10px; border-radius: 7px; border: none;
  background: transparent; color: {tokens.text.name()}; }}
QPushButton:hover {{ background: {tokens.hover.name()}; }}
QPushButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 6px 9px; }}
QToolButton {{ border: none; border-radius: 7px; padding: 6px; background: transparent; }}
QToolButton:hover {{ background: {tokens.hover.name()}; }}
QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 5px; }}
QToolButton::menu-indicator {{ image: none; }}
QLineEdit {{ background: {tokens.surface.name()}; border: 1px solid {tokens.border.name()};
  border-radius: 7px; padding: 5px 8px; color: {tokens.text.name()}; }}
QLineEdit:focus {{ border-color: {mix(tokens.border, tokens.accent, 0.8).name()}; }}
"""
        )
