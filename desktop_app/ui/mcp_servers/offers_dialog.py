"""The choice of what MCP servers offer to be put into a message."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.chat.mcp_ports import McpServers
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.mcp_content import Prompt, Resource
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import muted_label, primary_button, secondary_button, text_width
from desktop_app.ui.mcp_servers.bringing import Bringing
from desktop_app.ui.mcp_servers.elicitation_dialog import ElicitationDialog
from desktop_app.ui.mcp_servers.words import visible
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.text_input import LineInput

_CHARACTERS, _LINES = 64, 26
_OFFER = Qt.ItemDataRole.UserRole


class OffersDialog(QDialog):
    """Lists resources and prompts, narrowed by what is typed.

    Signals:
        chosen(str): The text that goes into the message.
    """

    chosen = Signal(str)

    def __init__(self, servers: McpServers, tasks: TaskScope, parent: QWidget) -> None:
        super().__init__(parent)
        self._servers, self._tasks = servers, tasks
        self._search, self._list = LineInput(), QListWidget()
        self._help, self._notice = muted_label(), Notice()
        self._cancel, self._take = secondary_button(), primary_button()
        self._bringing = Bringing(servers, tasks, self)
        self._bringing.told.connect(self._notice.show_message)
        self._bringing.brought.connect(self._on_brought)
        self.finished.connect(self._bringing.leave)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        layout.addWidget(self._help)
        layout.addWidget(self._search)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._notice)
        layout.addLayout(buttons)
        wear_form_style(self)
        self.resize(text_width(_CHARACTERS), self.fontMetrics().height() * _LINES)
        self._search.textChanged.connect(self._narrow)
        self._search.submitted.connect(self._on_take)
        self._list.itemActivated.connect(self._on_take)
        self._list.currentRowChanged.connect(lambda row: self._take.setEnabled(row >= 0))
        self._take.clicked.connect(self._on_take)
        self._cancel.clicked.connect(self.reject)
        self._retranslate()

    @property
    def notice(self) -> Notice:
        """Where it is said what does not work."""
        return self._notice

    @property
    def form(self) -> ElicitationDialog | None:
        """Where the arguments of a prompt are asked for, while they are."""
        return self._bringing.form

    def begin(self) -> None:
        """Open, and ask the servers what they have."""
        self._list.clear()
        self._search.clear()
        self._take.setEnabled(False)
        self._notice.show_message(NoticeKind.WORKING, self.tr("Asking the servers…"))
        self._search.setFocus()
        self.open()
        self._tasks.start(self._fetch(), "list what MCP servers offer")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    async def _fetch(self) -> None:
        prompts = await self._servers.prompts()
        resources = await self._servers.resources()
        for prompt in prompts:
            self._append(prompt, prompt.title or prompt.name, self.tr("prompt"), prompt.description)
        for resource in resources:
            said = resource.description or resource.uri
            self._append(resource, resource.name, self.tr("resource"), said)
        self._narrow()
        if self._list.count():
            self._notice.hide()
            self._list.setCurrentRow(0)
        else:
            sentence = self.tr("No server that is running offers a resource or a prompt.")
            self._notice.show_message(NoticeKind.WARNING, sentence)

    def _append(self, offer: Prompt | Resource, name: str, kind: str, described: str) -> None:
        item = QListWidgetItem(f"{visible(name)}   ·  {kind}  ·  {visible(offer.server)}")
        item.setData(_OFFER, offer)
        item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, visible(described))
        self._list.addItem(item)

    def _narrow(self) -> None:
        words = self._search.text().casefold().split()
        first = None
        for row in range(self._list.count()):
            item = self._list.item(row)
            matches = all(word in item.text().casefold() for word in words)
            item.setHidden(not matches)
            if matches and first is None:
                first = item
        is_seen = self._list.currentRow() >= 0 and not self._list.currentItem().isHidden()
        if first is not None and not is_seen:
            self._list.setCurrentItem(first)

    def _on_take(self) -> None:
        if self._list.currentRow() < 0 or self._list.currentItem().isHidden():
            return
        self._bringing.begin(self._list.currentItem().data(_OFFER))

    def _on_brought(self, text: str) -> None:
        self.chosen.emit(text)
        self.accept()

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Insert from an MCP server"))
        self.setAccessibleName(self.windowTitle())
        self._help.setText(
            self.tr("It is put into your message, where you can read it before you send it.")
        )
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search"))
        self._list.setAccessibleName(self.tr("Resources and prompts"))
        self._cancel.setText(self.tr("Cancel"))
        self._take.setText(self.tr("Insert"))
