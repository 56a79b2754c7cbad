"""A text to be read and copied: a server's log, or its tools with all they say. Never markup."""

from collections.abc import Callable

from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import muted_label, secondary_button, text_width

_CHARACTERS, _LINES = 92, 26


class ReadingDialog(QDialog):
    """Shows what ``read`` gives, and again after each change.

    Args:
        title: Of the window.
        help_text: One sentence above the text.
        read: Gives the text.
        subscribe: Tells of changes; returns how to stop that.
        parent: The window it stands in front of.
        fixed_width: Whether it is shown in a font for code.
    """

    def __init__(
        self,
        title: str,
        help_text: str,
        read: Callable[[], str],
        subscribe: Callable[[Callable[[], None]], Callable[[], None]],
        parent: QWidget,
        *,
        fixed_width: bool = False,
    ) -> None:
        super().__init__(parent)
        self._read, self._subscribe = read, subscribe
        self._end: Callable[[], None] | None = None
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._help = muted_label()
        self._help.setText(help_text)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(title)
        self.text.setAccessibleDescription(help_text)
        if fixed_width:
            self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._copy, self._close = secondary_button(), secondary_button()
        self._copy.setText(self.tr("Copy all"))
        self._close.setText(self.tr("Close"))
        self._copy.clicked.connect(self._on_copy)
        self._close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(12)
        layout.addWidget(self._help)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        wear_form_style(self)
        self.resize(text_width(_CHARACTERS), self.fontMetrics().height() * _LINES)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow while there is someone to see it."""
        super().showEvent(event)
        if self._end is None:
            self._end = self._subscribe(self.refresh)
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing while hidden."""
        super().hideEvent(event)
        if not event.spontaneous() and self._end is not None:
            self._end()
            self._end = None

    def refresh(self) -> None:
        """Show what there is now; whoever reads further up stays there."""
        text = self._read()
        if text == self.text.toPlainText():
            return
        bar = self.text.verticalScrollBar()
        was_at_end, place = bar.value() == bar.maximum(), bar.value()
        self.text.setPlainText(text)
        if was_at_end and place:
            self.text.moveCursor(QTextCursor.MoveOperation.End)
        else:
            bar.setValue(place)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
