"""One setting as a row: what it is called, what it does, its editor, and the way back to the default."""

import contextlib
from typing import cast

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.settings.store import SettingError, SettingsStore
from desktop_app.settings.table import Setting, Value
from desktop_app.ui.forms import SideBySide, link_button, muted_label, plain_label, text_width
from desktop_app.ui.settings_dialog.editors import editor_for, translated

EDITOR_CHARACTERS = 26
LEAST_CHARACTERS_FOR_ONE_LINE = 54


class SettingRow(QWidget):
    """Edits one setting of ``store``; a change is applied at once."""

    def __init__(self, setting: Setting, store: SettingsStore) -> None:
        super().__init__()
        self.setting = setting
        self._store = store
        self._problem = ""
        self.editor = editor_for(setting)
        self._label, self._help = plain_label(), muted_label()
        self._label.setBuddy(self.editor.widget)
        self._reset = link_button()
        kept = self._reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # rows do not jump when a value is changed
        self._reset.setSizePolicy(kept)
        self._lay_out()
        self.editor.edited.connect(self.take)
        self._reset.clicked.connect(self._on_reset)
        self._retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Show the value that is in the store."""
        value = self._store.value(self.setting)
        self.editor.show_value(value)
        self._reset.setVisible(value != self.setting.default)

    def matches(self, words: list[str]) -> bool:
        """Whether every one of ``words`` (casefolded) stands somewhere in this row."""
        texts = [self.setting.key, self.setting.label, self.setting.help]
        texts += [choice.label for choice in self.setting.choices]
        haystack = "\n".join((*texts, *map(translated, texts))).casefold()
        return all(word in haystack for word in words)

    def take(self, value: object) -> None:
        """Put what was entered into the store, or say why it cannot be."""
        # An editor keeps to the bounds; whatever slips through is taken back by the refresh.
        with contextlib.suppress(SettingError):
            self._store.set(self.setting, cast("Value", value))
        problem = self.setting.problem
        self._problem = problem(value) if problem and isinstance(value, str) else ""
        self._retranslate()
        if not self._problem:
            # A refused text stays, to be corrected; it is not in the store.
            self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(6)
        title.addWidget(self._label, 1)
        title.addWidget(self._reset)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(title)
        words.addWidget(self._help)
        pair = SideBySide(LEAST_CHARACTERS_FOR_ONE_LINE)
        pair.row.setSpacing(10)
        pair.row.addLayout(words, 1)
        widget = self.editor.widget
        if widget.sizePolicy().horizontalPolicy() is not QSizePolicy.Policy.Fixed:
            widget.setMinimumWidth(text_width(EDITOR_CHARACTERS))
        pair.row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.addWidget(pair)

    def _on_reset(self) -> None:
        self._store.reset(self.setting)
        self._problem = ""
        self._retranslate()
        self.refresh()
        # The button that had the focus is gone now.
        self.editor.widget.setFocus()

    def _retranslate(self) -> None:
        label = translated(self.setting.label)
        self._label.setText(label)
        self._help.setText(translated(self._problem or self.setting.help))
        self._reset.setText(self.tr("Reset"))
        self._reset.setAccessibleName(self.tr("Reset {name}").replace("{name}", label))
        self.editor.retranslate()
