"""The block of the settings page "Data" from which files are brought in and written."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.ui.form_style import KIND
from desktop_app.ui.forms import Heading, SideBySide, muted_label, secondary_button


class TransferBlock(QFrame):
    """Two buttons and what they do."""

    import_requested = Signal()
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(KIND, "card")
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

    def widget(self) -> QWidget:
        """The card."""
        return self

    def narrow(self, words: list[str]) -> bool:
        """Shown whole, or not."""
        english = "import export conversations file json markdown html pdf chatgpt claude cherry"
        own = f"{self._heading.text()}\n{self._help.text()}\n{self._import.text()}"
        shown = all(word in f"{english}\n{own}\n{self._export.text()}".casefold() for word in words)
        self.setVisible(shown)
        return shown

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

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
