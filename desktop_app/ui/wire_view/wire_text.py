"""A read-only box for text from the wire: plain, in a fixed pitch, cut where it would be endless."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.ui.forms import muted_label
from desktop_app.ui.wire_view.plain_wire import SHOWN_LENGTH, shown_part


class WireText(QWidget):
    """Shows one text; says so below it when only its beginning is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QPlainTextEdit()
        self.box.setReadOnly(True)
        self.box.setTabChangesFocus(True)
        self.box.setUndoRedoEnabled(False)
        self.box.setWordWrapMode(self.box.wordWrapMode().WrapAnywhere)
        self.box.setMinimumHeight(48)
        self._rest = muted_label()
        self._length = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.box, 1)
        layout.addWidget(self._rest)
        self._set_font()
        self._show_rest()

    @property
    def rest(self) -> QLabel:
        """Says that there is more."""
        return self._rest

    def show_text(self, text: str) -> None:
        """Show ``text`` from its beginning."""
        self._length = len(text)
        self.box.setPlainText(shown_part(text))
        self._show_rest()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._show_rest()

    def event(self, event: QEvent) -> bool:
        """Follow the application's font; Qt gives this event to no changeEvent."""
        if event.type() is QEvent.Type.ApplicationFontChange:
            self._set_font()
        return super().event(event)

    def _set_font(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        usual = QApplication.font()
        if usual.pointSizeF() > 0:
            font.setPointSizeF(usual.pointSizeF() * 0.95)
        # The alias "monospace" in a list of families resolves to the next real one: it is named.
        # Chinese and rare signs come from the families that the program's own font lists.
        font.setFamilies([QFontInfo(font).family(), *usual.families()])
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.box.setFont(font)

    def _show_rest(self) -> None:
        words = self.tr(
            "Only the first {shown} of {length} characters are shown here; "
            "copying and exporting take all of them."
        )
        locale = self.locale()
        words = words.replace("{shown}", locale.toString(SHOWN_LENGTH))
        self._rest.setText(words.replace("{length}", locale.toString(self._length)))
        self._rest.setVisible(self._length > SHOWN_LENGTH)
