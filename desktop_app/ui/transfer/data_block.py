"""The block of the settings page "Data" from which files are brought in and written."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop_app.ui.forms import Heading, SideBySide, muted_label, secondary_button
from desktop_app.ui.settings_dialog.card import Card


class TransferBlock(Card):
    """Two buttons and what they do."""

    import_requested = Signal()
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._heading, self._help = Heading(1.05), muted_label()
        self._import, self._export = secondary_button(), secondary_button()
        self._import.clicked.connect(self.import_requested)
        self._export.clicked.connect(self.export_requested)
        buttons = SideBySide(44)
        buttons.row.setSpacing(8)
        buttons.row.addWidget(self._import)
        buttons.row.addWidget(self._export)
        buttons.row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._help)
        layout.addWidget(buttons)
        self._retranslate()

    def _found_by(self) -> str:
        english = "import export conversations file json markdown html pdf chatgpt claude cherry"
        own = f"{self._heading.text()}\n{self._help.text()}\n{self._import.text()}"
        return f"{english}\n{own}\n{self._export.text()}"

    def _retranslate(self) -> None:
        self._heading.setText(self.tr("Conversations as files"))
        self._help.setText(
            self.tr(
                "Exports of Interleave, ChatGPT, Claude, Cherry Studio and Open WebUI can be "
                "imported; a file that is dropped on the window too. The API key is never part of "
                "an export."
            )
        )
        self._import.setText(self.tr("Import…"))
        self._export.setText(self.tr("Export all…"))
