"""Names with secret values: the variables of a program, or the headers of an address."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.mcp_server import KEPT_IN_KEYRING
from desktop_app.ui.forms import link_button, muted_label
from desktop_app.ui.key_fields import KeyInput
from desktop_app.ui.text_input import LineInput


class ValueInput(KeyInput):
    """A field for the value of a variable or header."""

    def names(self) -> tuple[str, str, str]:
        """Return what the field and its button are called."""
        return self.tr("Value"), self.tr("Show the value"), self.tr("Hide the value")


@dataclass(slots=True)
class _Row:
    widget: QWidget
    name: LineInput
    value: ValueInput
    kept: str


class NamedValues(QWidget):
    """Edits names and values; a value that is kept is not shown, only replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._add, self._help = link_button(), muted_label()
        self._add.clicked.connect(self._on_add)
        below = QHBoxLayout()
        below.addWidget(self._add)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._list)
        layout.addLayout(below)
        layout.addWidget(self._help)
        self._is_header = False
        self._retranslate()

    def show_values(self, values: dict[str, str], *, is_header: bool) -> None:
        """Show the values of an entry."""
        for row in tuple(self._rows):
            self._drop(row)
        self._is_header = is_header
        for name, value in values.items():
            self._append(name, value)
        self._retranslate()

    def entered(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the values as they stay in the file, and those that were typed."""
        kept, typed = {}, {}
        for row in self._rows:
            name = row.name.text().strip()
            if not name:
                continue
            if text := row.value.field.text():
                typed[name] = text
            kept[name] = row.kept
        return kept, typed

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_add(self) -> None:
        self._append("", "").name.setFocus()
        self._retranslate()

    def _append(self, name: str, kept: str) -> _Row:
        widget = QWidget()
        row = _Row(widget, LineInput(), ValueInput(), kept)
        row.name.setText(name)
        remove = link_button()
        remove.setText(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove {name}").replace("{name}", name))
        remove.clicked.connect(lambda: self._drop(row))
        line = QHBoxLayout(widget)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(row.name, 2)
        line.addWidget(row.value, 3)
        line.addWidget(remove)
        self._rows.append(row)
        self._list.addWidget(widget)
        return row

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        row.value.clear()
        row.widget.setParent(None)
        row.widget.deleteLater()

    def _retranslate(self) -> None:
        header = self._is_header
        self._add.setText(self.tr("Add a header") if header else self.tr("Add a variable"))
        plain = any(row.kept not in {"", KEPT_IN_KEYRING} for row in self._rows)
        help_text = self.tr("What you type here goes to the system keyring, not into the file.")
        if plain:
            help_text += " " + self.tr(
                "Some values stand readable in the file; type them again to move them."
            )
        self._help.setText(help_text)
        for row in self._rows:
            row.name.setAccessibleName(self.tr("Header") if header else self.tr("Variable"))
            row.name.setPlaceholderText("Authorization" if header else "API_KEY")
            if row.kept == KEPT_IN_KEYRING:
                row.value.field.setPlaceholderText(self.tr("in the keyring"))
            elif row.kept:
                row.value.field.setPlaceholderText(self.tr("in the file"))
            row.value.field.setAccessibleDescription(help_text)
