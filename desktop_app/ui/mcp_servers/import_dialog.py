"""Bringing in servers from another program's file: what is found is shown first, nothing starts."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.chat.mcp_ports import ConfigWriteError, McpServers
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.mcp_server import ImportPreview, ServerConfig
from desktop_app.ui.form_style import KIND, wear_form_style
from desktop_app.ui.forms import Switch, muted_label, primary_button, secondary_button, text_width
from desktop_app.ui.mcp_servers.words import command_lines, fault_sentence, visible
from desktop_app.ui.notice import Notice, NoticeKind

_CHARACTERS, _LINES = 72, 24


class ServerImportDialog(QDialog):
    """Shows what is in a file, with a box before each server.

    Args:
        servers: Reads the file, and takes what is chosen.
        parent: The window it stands in front of.
    """

    def __init__(self, servers: McpServers, parent: QWidget) -> None:
        super().__init__(parent)
        self._servers = servers
        self._tasks = TaskScope()
        self._boxes: list[tuple[Switch, ServerConfig]] = []
        self.chooser: QFileDialog | None = None
        self._help, self._notice = muted_label(), Notice()
        self._files = QHBoxLayout()
        self._body = QWidget()
        self._body.setProperty(KIND, "page")
        self._list = QVBoxLayout(self._body)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._choose, self._cancel, self._take = (
            *(secondary_button(), secondary_button(), primary_button()),
        )
        self._choose.clicked.connect(self._on_choose)
        self._cancel.clicked.connect(self.reject)
        self._take.clicked.connect(self._on_take)
        self._lay_out()
        wear_form_style(self)
        self._retranslate()

    @property
    def notice(self) -> Notice:
        """Where it is said what cannot be brought in."""
        return self._notice

    def begin(self) -> None:
        """Open, with the files that are known on this computer to choose from."""
        self._show(ImportPreview(()))
        self._notice.hide()
        while (item := self._files.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for path in self._servers.import_files():
            button = secondary_button()
            program = "Claude Desktop" if "laude" in path.name else "Cursor"
            button.setText(program)
            button.setToolTip(str(path))
            button.clicked.connect(lambda _checked=False, path=path: self.look_at(path))
            self._files.addWidget(button)
        self._files.addWidget(self._choose)
        self._files.addStretch(1)
        self.open()

    def look_at(self, path: Path) -> None:
        """Show what is in the file at ``path``."""
        self._tasks.start(self._look(path), "read another program's servers")

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    async def _look(self, path: Path) -> None:
        self._show(await self._servers.preview_import(path))

    def _show(self, preview: ImportPreview) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = []
        for config in preview.configs:
            box, command = Switch(), muted_label()
            box.setText(visible(config.name).replace("&", "&&"))
            box.setChecked(True)
            box.toggled.connect(self._show_count)
            command.setText(command_lines(config))
            command.setContentsMargins(52, 0, 0, 8)
            box.setAccessibleDescription(command.text())
            self._list.addWidget(box)
            self._list.addWidget(command)
            self._boxes.append((box, config))
        self._list.addStretch(1)
        lines = [
            f"{visible(fault.name)}: {fault_sentence(fault)}"
            if fault.name
            else fault_sentence(fault)
            for fault in preview.faults
        ]
        if lines:
            sentence = self.tr("Not everything can be brought in.")
            self._notice.show_message(NoticeKind.WARNING, sentence, "\n".join(lines))
        else:
            self._notice.hide()
        self._show_count()

    def _show_count(self) -> None:
        self._take.setEnabled(any(box.isChecked() for box, _ in self._boxes))

    def _on_choose(self) -> None:
        chooser = QFileDialog(self, self.tr("Choose a file with MCP servers"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("JSON files (*.json)"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda name: self.look_at(Path(name)))
        self.chooser = chooser
        chooser.open()

    def _on_take(self) -> None:
        chosen = [config for box, config in self._boxes if box.isChecked()]
        self._tasks.start(self._bring_in(chosen), "bring in MCP servers")

    async def _bring_in(self, configs: list[ServerConfig]) -> None:
        try:
            await self._servers.bring_in(configs)
        except ConfigWriteError as error:
            sentence = self.tr("The file cannot be written: {reason}")
            self._notice.show_message(
                NoticeKind.ERROR, sentence.replace("{reason}", visible(str(error)))
            )
            return
        self.accept()

    def _lay_out(self) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._body)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(self._help)
        layout.addLayout(self._files)
        layout.addWidget(area, 1)
        layout.addWidget(self._notice)
        layout.addLayout(buttons)
        self.resize(text_width(_CHARACTERS), self.fontMetrics().height() * _LINES)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Import servers"))
        self.setAccessibleName(self.windowTitle())
        self._help.setText(
            self.tr(
                "From a file of Claude Desktop, Cursor or Cherry Studio. They are brought in switched "
                "off, and their secrets go to the system keyring."
            )
        )
        self._choose.setText(self.tr("Choose a file…"))
        self._cancel.setText(self.tr("Cancel"))
        self._take.setText(self.tr("Bring in"))
