"""The question before a server is started or spoken to for the first time: exactly this?"""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.domain.mcp_server import ServerConfig, Wire
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import (
    Heading,
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
    text_width,
)
from desktop_app.ui.mcp_servers.words import command_lines, visible

_CHARACTERS, _LINES = 66, 7


class ApprovalDialog(QDialog):
    """Shows the whole command line, one argument a line, or the address.

    Signals:
        agreed(str, str): The name of the server, and the fingerprint of what was shown.
    """

    agreed = Signal(str, str)

    def __init__(self, config: ServerConfig, parent: QWidget) -> None:
        super().__init__(parent)
        self._config = config
        is_process = config.wire is Wire.STDIO
        title = self.tr("Start this program?") if is_process else self.tr("Connect to this server?")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        heading = Heading(1.15)
        heading.setText(f"{visible(config.name)}: {title}")
        warning = plain_label()
        warning.setText(
            self.tr(
                "It runs with all your rights: it can read and change your files and use the network. "
                "Agree only if you know where it comes from."
            )
            if is_process
            else self.tr(
                "What the model puts into calls goes to this address, with the headers of the entry."
            )
        )
        self.command = QPlainTextEdit(command_lines(config))
        self.command.setReadOnly(True)
        self.command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        name = self.tr("Command line, one argument a line") if is_process else self.tr("Address")
        self.command.setAccessibleName(name)
        caption, more = muted_label(), muted_label()
        caption.setText(name)
        more.setText("\n".join(self._facts()))
        more.setVisible(bool(more.text()))
        agree, cancel = primary_button(), secondary_button()
        agree.setText(self.tr("Agree and start") if is_process else self.tr("Agree and connect"))
        cancel.setText(self.tr("Cancel"))
        agree.clicked.connect(self._on_agreed)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(agree)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(10)
        for widget in (heading, warning, caption):
            layout.addWidget(widget)
        layout.addWidget(self.command, 1)
        layout.addWidget(more)
        layout.addLayout(buttons)
        wear_form_style(self)
        self.resize(text_width(_CHARACTERS), 0)
        self.command.setMinimumHeight(self.fontMetrics().height() * _LINES)
        cancel.setFocus()

    def event(self, event: QEvent) -> bool:
        """Grow with what is said, so that nothing is cut."""
        done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._grow()
        return done

    def _grow(self) -> None:
        if (layout := self.layout()) is not None:
            self.setMinimumHeight(layout.heightForWidth(self.width()))

    def _facts(self) -> list[str]:
        config = self._config
        facts = []
        if config.cwd:
            facts.append(self.tr("Folder: {folder}").replace("{folder}", visible(config.cwd)))
        if config.secrets:
            names = ", ".join(visible(name) for name in config.secrets)
            label = self.tr("Variables: {names}") if config.env else self.tr("Headers: {names}")
            facts.append(label.replace("{names}", names))
        return facts

    def _on_agreed(self) -> None:
        self.agreed.emit(self._config.name, self._config.fingerprint)
        self.accept()
