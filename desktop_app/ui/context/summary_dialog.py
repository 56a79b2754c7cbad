"""Where a person writes, changes or takes away what is sent in place of earlier messages."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import muted_label


class SummaryDialog(QDialog):
    """Edits a summary.

    Signals:
        text_chosen(str): What is to be sent from now on; empty sends the messages themselves.
    """

    text_chosen = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Summary"))
        self.setAccessibleName(self.tr("Summary"))
        self.box = QPlainTextEdit(text)
        self.box.setAccessibleName(self.tr("Summary"))
        self.box.setTabChangesFocus(True)
        advice = muted_label()
        advice.setWordWrap(True)
        advice.setText(
            self.tr(
                "This is sent in place of everything above it, except for what is pinned. "
                "Without a summary the messages themselves are sent again, as far as there is room."
            )
        )
        buttons = QDialogButtonBox()
        save = buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        remove = buttons.addButton(self.tr("&Remove"), QDialogButtonBox.ButtonRole.DestructiveRole)
        buttons.addButton(self.tr("&Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        save.clicked.connect(lambda: self._choose(self.box.toPlainText()))
        remove.clicked.connect(lambda: self._choose(""))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(advice)
        layout.addWidget(self.box, 1)
        layout.addWidget(buttons)
        self.resize(560, 380)
        wear_form_style(self)
        self.box.setFocus()

    def _choose(self, text: str) -> None:
        self.text_chosen.emit(text)
        self.accept()
