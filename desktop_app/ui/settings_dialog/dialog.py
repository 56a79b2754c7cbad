"""The settings dialog itself: pages on the left, a search over all of them, everything at once."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QHBoxLayout,
    QListView,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.key_check import KeyProbe
from desktop_app.chat.mcp_ports import McpServers
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.ports import KeyStore
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.chat.upkeep import Upkeep
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.paths import AppPaths
from desktop_app.settings.builtin_settings import BUILTIN_SETTINGS
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import PROXY_URL, PROXY_USER, SETTINGS, Page, Setting
from desktop_app.ui.form_style import KIND, wear_form_style
from desktop_app.ui.forms import muted_label, secondary_button, text_width
from desktop_app.ui.mcp_servers.servers_block import ServersBlock
from desktop_app.ui.settings_dialog.connection_blocks import EndpointsBlock, KeyBlock
from desktop_app.ui.settings_dialog.data_blocks import BackupsBlock, LocationBlock
from desktop_app.ui.settings_dialog.folders_block import FoldersBlock
from desktop_app.ui.settings_dialog.permissions_block import PermissionsBlock
from desktop_app.ui.settings_dialog.proxy_rows import ProxyAddressRow, ProxyPasswordRow
from desktop_app.ui.settings_dialog.rows import SettingRow
from desktop_app.ui.settings_dialog.section import Block, RowsBlock, Section
from desktop_app.ui.text_input import LineInput

_BUILTIN_TOOLS = QT_TRANSLATE_NOOP("Settings", "Built-in tools")
_PAGES_CHARACTERS = 23
_MOST_PAGES_CHARACTERS = 36
_LEAST_CHARACTERS_FOR_TWO_COLUMNS = 76
_MOST_CHARACTERS_OF_A_PAGE = 90


class SettingsDialog(QDialog):
    """All settings; a change is applied at once, so there is nothing but "Close".

    Args:
        store: Values and custom endpoints.
        book: The connections.
        keys: The keyring.
        probe: Asks a server whether it takes a key.
        parent: The window it stands in front of.
        rows: The table of settings; each row that names a page is shown on it.
        data_blocks: Stand on the page "Data", before its rows.
        paths: Where the program writes; without them there is no page for it.
        upkeep: Makes and restores backups.
        permissions: What tools may do unasked.
        title_of: Returns the title of a conversation.
        servers: The MCP servers; without them there is no page for them.
    """

    def __init__(
        self,
        store: SettingsStore,
        book: ConnectionBook,
        keys: KeyStore,
        probe: KeyProbe,
        parent: QWidget | None = None,
        *,
        rows: Sequence[Setting] = SETTINGS,
        data_blocks: Sequence[Block] = (),
        paths: AppPaths | None = None,
        upkeep: Upkeep | None = None,
        permissions: Permissions | None = None,
        title_of: Callable[[str], str] = lambda _conversation: "",
        servers: McpServers | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._unsubscribe: Callable[[], None] | None = None
        self.key_block = KeyBlock(book, keys, probe)
        self.endpoints_block = EndpointsBlock(store, book, keys, probe)
        self._data_blocks = data_blocks
        self.backups_block = BackupsBlock(upkeep)
        self._location = [LocationBlock(paths.data)] if paths is not None else []
        self.folders_block = FoldersBlock(store)
        self.permissions_block = PermissionsBlock(permissions, title_of)
        self.servers_block = ServersBlock(servers) if servers is not None else None
        self._login = ProxyLogin(store, keys)
        self.password_row = ProxyPasswordRow(store, self._login)
        # A list has a card of its own.
        in_rows = [setting for setting in rows if setting.page is not None and not setting.is_list]
        self.rows = [self._row(setting) for setting in in_rows]
        self._sections = [Section(page, blocks) for page in Page if (blocks := self._blocks(page))]
        self._search, self._pages = LineInput(), QListWidget()
        self._nothing, self._close = muted_label(), secondary_button()
        self._area = QScrollArea()
        self._lay_out()
        wear_form_style(self)
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._on_searched)
        self._pages.currentRowChanged.connect(self._on_page_chosen)
        self._close.clicked.connect(self.close)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._search.setFocus)
        self._retranslate()
        self._pages.setCurrentRow(0)

    def show_page(self, page: Page) -> None:
        """Bring ``page`` to the front."""
        numbers = [index for index, section in enumerate(self._sections) if section.page is page]
        self._search.clear()
        self._pages.setCurrentRow(numbers[0])

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self.key_block.key_form.aclose()
        await self.endpoints_block.aclose()
        await self.password_row.aclose()
        await self.backups_block.aclose()
        await self.permissions_block.aclose()
        if self.servers_block is not None:
            await self.servers_block.aclose()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the settings while there is someone to see it."""
        super().showEvent(event)
        if self._unsubscribe is None:
            self._unsubscribe = self._store.subscribe(self._on_setting_changed)
            for row in self.rows:
                row.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing while hidden."""
        super().hideEvent(event)
        if not event.spontaneous() and self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages on the left, or on top where there is no room for two columns."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends a search first, and closes the dialog when there is none."""
        if Qt.Key(event.key()) is Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _blocks(self, page: Page) -> list[Block]:
        blocks: list[Block] = []
        if page is Page.CONNECTION:
            blocks += [self.key_block, self.endpoints_block]
        if page is Page.MCP and self.servers_block is not None:
            blocks.append(self.servers_block)
        if page is Page.DATA and self._location:
            blocks += [*self._location, self.backups_block]
        if page is Page.DATA:
            blocks += self._data_blocks
        rows: list[SettingRow | ProxyPasswordRow] = []
        of_tools: list[SettingRow | ProxyPasswordRow] = []
        for row in self.rows:
            if row.setting.page is not page:
                continue
            if row.setting in BUILTIN_SETTINGS:
                of_tools.append(row)
            else:
                rows += [row, self.password_row] if row.setting is PROXY_USER else [row]
        if rows:
            blocks.append(RowsBlock(rows))
        if of_tools:
            blocks += [self.folders_block, RowsBlock(of_tools, _BUILTIN_TOOLS)]
        if page is Page.TOOLS and blocks:
            blocks.append(self.permissions_block)
        return blocks

    def _row(self, setting: Setting) -> SettingRow:
        if setting is not PROXY_URL:
            return SettingRow(setting, self._store)
        row = ProxyAddressRow(self._store, self._login)
        row.password_typed.connect(self.password_row.keep)
        return row

    def _on_setting_changed(self, key: str) -> None:
        for row in self.rows:
            if row.setting.key == key:
                row.refresh()

    def _on_page_chosen(self, number: int) -> None:
        if number < 0:
            return
        self._search.blockSignals(True)
        self._search.clear()
        self._search.blockSignals(False)
        self._nothing.hide()
        self._pages.scrollToItem(self._pages.currentItem())
        for index, section in enumerate(self._sections):
            section.narrow([])
            section.setVisible(index == number)
        self._area.verticalScrollBar().setValue(0)

    def _on_searched(self, text: str) -> None:
        words = text.casefold().split()
        if not words:
            self._pages.setCurrentRow(max(0, self._pages.currentRow()))
            self._on_page_chosen(self._pages.currentRow())
            return
        # No page is chosen while all of them are searched; the same one can be chosen again.
        self._pages.blockSignals(True)
        self._pages.setCurrentRow(-1)
        self._pages.blockSignals(False)
        found = False
        for section in self._sections:
            shown = section.narrow(words)
            section.setVisible(shown)
            found = found or shown
        sentence = self.tr("No setting has “{words}” in its name or description.")
        self._nothing.setText(sentence.replace("{words}", text.strip()))
        self._nothing.setVisible(not found)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty(KIND, "page")
        column = QVBoxLayout()
        column.setSpacing(10)
        for section in self._sections:
            column.addWidget(section)
        column.addWidget(self._nothing)
        column.addStretch(1)
        row = QHBoxLayout(page)
        row.setContentsMargins(4, 4, 14, 4)
        holder = QWidget()
        holder.setProperty(KIND, "page")
        holder.setMaximumWidth(text_width(_MOST_CHARACTERS_OF_A_PAGE))
        holder.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        row.addWidget(holder, 1)
        row.addStretch(0)
        self._area.setWidget(page)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(10)
        side.addWidget(self._search)
        side.addWidget(self._pages)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(20)
        self._columns.addWidget(self._side)
        self._columns.addWidget(self._area, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 14, 16)
        layout.setSpacing(12)
        layout.addLayout(self._columns, 1)
        layout.addLayout(buttons)
        self.setMinimumSize(QSize(380, 320))
        self.resize(860, 640)

    def _arrange(self) -> None:
        wide = self.width() >= text_width(_LEAST_CHARACTERS_FOR_TWO_COLUMNS)
        direction, flow = QBoxLayout.Direction, QListView.Flow
        self._columns.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._pages.setFlow(flow.TopToBottom if wide else flow.LeftToRight)
        off, needed = (
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
            Qt.ScrollBarPolicy.ScrollBarAsNeeded,
        )
        self._pages.setHorizontalScrollBarPolicy(off)
        self._pages.setVerticalScrollBarPolicy(needed if wide else off)
        one_row = self._pages.sizeHintForRow(0) + 10
        self._pages.setMaximumHeight(16_777_215 if wide else one_row)
        width = max(self._pages.sizeHintForColumn(0) + 12, text_width(_PAGES_CHARACTERS))
        width = min(width, text_width(_MOST_PAGES_CHARACTERS))
        self._side.setMaximumWidth(width if wide else 16_777_215)
        self._side.setMinimumWidth(width if wide else 0)
        if (chosen := self._pages.currentItem()) is not None:
            self._pages.scrollToItem(chosen)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Settings"))
        self.setAccessibleName(self.tr("Settings"))
        self._search.setPlaceholderText(self.tr("Search settings"))
        self._search.setAccessibleName(self.tr("Search settings"))
        self._pages.setAccessibleName(self.tr("Pages"))
        self._close.setText(self.tr("Close"))
        chosen = self._pages.currentRow()
        self._pages.blockSignals(True)
        self._pages.clear()
        self._pages.addItems([section.title for section in self._sections])
        self._pages.setCurrentRow(chosen)
        self._pages.blockSignals(False)
        self._arrange()
