"""The page "MCP servers": the list, and the ways to add to it."""

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from desktop_app.chat.mcp_ports import ConfigWriteError, McpServers
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.mcp_server import LogOrigin, ServerConfig, ServerEntry
from desktop_app.ui.external_links import show_folder
from desktop_app.ui.flow_layout import FlowLayout
from desktop_app.ui.forms import Heading, confirm, line, muted_label, secondary_button
from desktop_app.ui.mcp_servers.approval_dialog import ApprovalDialog
from desktop_app.ui.mcp_servers.import_dialog import ServerImportDialog
from desktop_app.ui.mcp_servers.reading_dialog import ReadingDialog
from desktop_app.ui.mcp_servers.server_dialog import ServerDialog
from desktop_app.ui.mcp_servers.server_row import ServerRow
from desktop_app.ui.mcp_servers.words import fault_sentence, visible
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.settings_dialog.card import Card


class ServersBlock(Card):
    """All servers on a card."""

    def __init__(self, servers: McpServers) -> None:
        super().__init__()
        self._servers = servers
        self._tasks = TaskScope()
        self._rows: dict[str, ServerRow] = {}
        self._shown: list[str] = []
        self.dialog = ServerDialog(servers.check, self)
        self.dialog.saved.connect(self._on_saved)
        self.importing = ServerImportDialog(servers, self)
        self._help, self._notice = muted_label(), Notice()
        self._empty = Heading(1.0)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._add, self._import, self._reload, self._show_file = (
            secondary_button() for _ in range(4)
        )
        self._add.clicked.connect(self._on_add)
        self._import.clicked.connect(self.importing.begin)
        self._reload.clicked.connect(lambda: self._start(servers.reload(), "read MCP servers"))
        self._show_file.clicked.connect(self._on_show_file)
        self._notice.hide()
        self._lay_out()
        self._retranslate()

    @property
    def notice(self) -> Notice:
        """Where outcomes are said."""
        return self._notice

    def row(self, name: str) -> ServerRow:
        """The row of one server."""
        return self._rows[name]

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self.importing.aclose()
        await self._tasks.close()

    def _found_by(self) -> str:
        english = "mcp servers tools model context protocol stdio http sse import log restart"
        own = self.tr("MCP servers, tools, import, log, restart")
        names = "\n".join(entry.name for entry in self._servers.entries)
        return f"{english}\n{own}\n{names}"

    def _follow(self) -> Callable[[], None]:
        self._show_servers()
        return self._servers.subscribe(self._show_servers)

    def _show_servers(self) -> None:
        entries = self._servers.entries
        names = [entry.name for entry in entries]
        if names != self._shown:
            self._rebuild(entries)
            self._shown = names
        for entry in entries:
            if self._rows[entry.name].entry != entry:
                self._rows[entry.name].show_entry(entry)
        self._empty.setVisible(not entries)
        fault = self._servers.file_fault
        if fault is not None:
            self._notice.show_message(NoticeKind.ERROR, fault_sentence(fault))

    def _rebuild(self, entries: tuple[ServerEntry, ...]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        for entry in entries:
            row = ServerRow(entry)
            row.switched.connect(lambda on, name=entry.name: self._on_switched(name, on))
            row.wanted.connect(lambda deed, name=entry.name: self._on_wanted(name, deed))
            self._rows[entry.name] = row
            self._list.addWidget(line())
            self._list.addWidget(row)

    def _on_wanted(self, name: str, deed: str) -> None:
        entry = self._rows[name].entry
        match deed:
            case "approve" if entry.config is not None:
                self._ask_approval(entry.config)
            case "restart" | "sign_in":
                self._start(self._servers.restart(name), "restart an MCP server")
            case "tools":
                self._open(self._tools_dialog(name))
            case "log":
                self._open(self._log_dialog(name))
            case "edit":
                self.dialog.edit(entry.config, self._others(name))
            case "sign_out":
                self._start(self._servers.sign_out(name), "sign out of an MCP server")
            case "remove":
                confirm(
                    self,
                    self.tr("Remove the server {name}?").replace("{name}", visible(name)),
                    self.tr("Its values and tokens are taken out of the system keyring too."),
                    self.tr("Remove"),
                    lambda: self._start(self._servers.remove(name), "remove an MCP server"),
                )

    def _on_switched(self, name: str, on: bool) -> None:
        self._start(self._servers.enable(name, on=on), "switch an MCP server")

    def _on_add(self) -> None:
        self.dialog.edit(None, self._others(""))

    def _others(self, name: str) -> frozenset[str]:
        return frozenset(entry.name for entry in self._servers.entries if entry.name != name)

    def _on_saved(self, config: ServerConfig, typed: Mapping[str, str], replaces: str) -> None:
        self._start(self._save(config, typed, replaces), "save an MCP server")

    async def _save(self, config: ServerConfig, typed: Mapping[str, str], replaces: str) -> None:
        self._notice.hide()
        if not await self._servers.save(config, typed, replaces):
            self._notice.show_message(
                NoticeKind.WARNING,
                self.tr("The system keyring does not keep the values: they last until you quit."),
            )

    def _ask_approval(self, config: ServerConfig) -> None:
        dialog = ApprovalDialog(config, self)
        dialog.agreed.connect(
            lambda name, fingerprint: self._start(
                self._servers.approve(name, fingerprint), "agree to an MCP server"
            )
        )
        self._open(dialog)

    def _tools_dialog(self, name: str) -> QDialog:
        help_text = self.tr(
            "What the server tells the model of its tools. A server can write anything here: read it "
            "as you would a stranger's words."
        )
        title = self.tr("Tools of {name}").replace("{name}", visible(name))
        return ReadingDialog(
            *(title, help_text, lambda: self._tools_text(name), self._servers.subscribe, self)
        )

    def _tools_text(self, name: str) -> str:
        entry = next((e for e in self._servers.entries if e.name == name), None)
        if entry is None:
            return ""
        parts = []
        if entry.instructions:
            label = self.tr("Instructions of the server (they are not sent to the model)")
            parts.append(f"{label}\n{_readable(entry.instructions)}")
        for tool in entry.tools:
            title = f" · {_readable(tool.title)}" if tool.title else ""
            names = ", ".join(map(str, tool.schema.get("properties") or ()))
            label = self.tr("Arguments: {names}")
            arguments = label.replace("{names}", _readable(names)) if names else ""
            described = _readable(tool.description)
            parts.append(
                "\n".join(filter(None, (f"▸ {visible(tool.name)}{title}", described, arguments)))
            )
        return "\n\n".join(parts)

    def _log_dialog(self, name: str) -> QDialog:
        help_text = self.tr(
            "What the server wrote to standard error, what was no message, and what became of it. "
            "Secrets that the program knows are left out."
        )
        title = self.tr("Log of {name}").replace("{name}", visible(name))
        return ReadingDialog(
            *(title, help_text, lambda: self._log_text(name), self._servers.subscribe, self),
            fixed_width=True,
        )

    def _log_text(self, name: str) -> str:
        origins = {
            LogOrigin.PROGRAM: self.tr("program"),
            LogOrigin.STDERR: "stderr",
            LogOrigin.STDOUT: "stdout",
            LogOrigin.SERVER: self.tr("server"),
        }
        locale = QLocale()
        lines = []
        for entry in self._servers.log(name):
            at = QDateTime.fromMSecsSinceEpoch(int(entry.at * 1000)).time()
            lines.append(
                f"{locale.toString(at, 'HH:mm:ss')}  {origins[entry.origin]}  {entry.text}"
            )
        return "\n".join(lines)

    def _on_show_file(self) -> None:
        folder = Path(self._servers.file).parent
        if not show_folder(folder):
            self._notice.show_message(NoticeKind.WARNING, str(folder))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _start(self, work: Coroutine[Any, Any, object], name: str) -> None:
        self._tasks.start(self._reported(work), name)

    async def _reported(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except ConfigWriteError as error:
            sentence = self.tr("The file cannot be written: {reason}")
            self._notice.show_message(
                NoticeKind.ERROR, sentence.replace("{reason}", visible(str(error)))
            )
        self._show_servers()

    def _lay_out(self) -> None:
        buttons = FlowLayout(spacing=8)
        for button in (self._add, self._import, self._reload, self._show_file):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(self._help)
        layout.addWidget(self._notice)
        layout.addWidget(self._empty)
        layout.addLayout(self._list)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 6, 0, 0)
        foot.addLayout(buttons, 1)
        layout.addLayout(foot)

    def _retranslate(self) -> None:
        self._help.setText(
            self.tr(
                "Servers that speak the Model Context Protocol give the model tools. Each call is "
                "shown to you first. Nothing is started before you agree to its exact command line."
            )
        )
        self._empty.setText(self.tr("There are no servers yet."))
        self._add.setText(self.tr("Add a server…"))
        self._import.setText(self.tr("Import…"))
        self._import.setAccessibleDescription(
            self.tr("From a file of Claude Desktop, Cursor or Cherry Studio")
        )
        self._import.setToolTip(self._import.accessibleDescription())
        self._reload.setText(self.tr("Read the file again"))
        self._show_file.setText(self.tr("Show the file"))
        self._show_file.setToolTip(str(self._servers.file))
        for row in self._rows.values():
            row.show_entry(row.entry)


def _readable(text: str) -> str:
    """A server's words with their line breaks, and with nothing hidden in them."""
    return "\n".join(visible(part) for part in text.splitlines())
