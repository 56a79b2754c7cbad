"""How far an export is, with a way to end it; shown only when it takes a while."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import plain_label, secondary_button, text_width
from desktop_app.ui.transfer.texts import filled

_SHOWN_AFTER_MS = 400


class ExportProgress(QDialog):
    """Shows progress after a moment; closing it cancels.

    Args:
        total: How many conversations are written.
        on_cancel: Called when the person wants it to end.
        parent: The window in front of which it stands.
    """

    def __init__(self, total: int, on_cancel: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Export", "Export"))
        self._total = total
        self._words, self._bar = plain_label(), QProgressBar()
        self._bar.setRange(0, total)
        self._bar.setTextVisible(False)
        cancel = secondary_button()
        cancel.setText(QCoreApplication.translate("Export", "Cancel"))
        cancel.clicked.connect(self.reject)
        self.rejected.connect(on_cancel)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        self.setMinimumWidth(text_width(52))
        wear_form_style(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_AFTER_MS)
        self._timer.timeout.connect(self.open)
        self._timer.start()
        self.show_done(0)

    def show_done(self, done: int) -> None:
        """Show how many are written."""
        self._bar.setValue(done)
        words = filled(
            QCoreApplication.translate("Export", "{done} of {total} conversations"),
            done=done,
            total=self._total,
        )
        self._words.setText(words)

    def end(self) -> None:
        """Close it for good: there is nothing to cancel any more."""
        self._timer.stop()
        self.hide()
        self.deleteLater()
