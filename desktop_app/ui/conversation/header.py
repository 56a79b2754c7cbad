"""The header of a conversation: its title, the model, the connection, and the way to parameters."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from desktop_app.domain.connection import Connection
from desktop_app.ui.context.meter import ChainLight, ContextMeter
from desktop_app.ui.elided_title import ElidedTitle
from desktop_app.ui.icons import icon
from desktop_app.ui.key_answers import connection_name
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme

_ICON = 18
_SHORTEST_MODEL = 8
_LONGEST_MODEL = 22
_ROOM_FOR_TOKENS = 960
_ROOM_FOR_COST = 760
_ROOM_FOR_METER = 880


class Header(QWidget):
    """Shows and changes what the next answer is asked of."""

    model_chosen = Signal(str)
    connection_chosen = Signal(str)
    parameters_requested = Signal()
    thinking_toggled = Signal()
    sidebar_toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[str, ...] = ()
        self._connections: tuple[Connection, ...] = ()
        self._sidebar = self._tool_button()
        self._sidebar.clicked.connect(self.sidebar_toggled)
        self._title = ElidedTitle()
        self._usage_line = ""
        self._usage = QLabel()
        self._usage.setTextFormat(Qt.TextFormat.PlainText)
        # It gives way: a label never becomes narrower than its words otherwise, nor the window.
        self._usage.setMinimumWidth(1)
        self.chain, self.meter = ChainLight(), ContextMeter()
        self._model = QComboBox()
        self._model.setEditable(True)
        self._model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        if (completer := self._model.completer()) is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._model.activated.connect(self._on_model_changed)
        if (editor := self._model.lineEdit()) is not None:
            editor.editingFinished.connect(self._on_model_changed)
        self._region = QComboBox()
        self._region.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._region.activated.connect(self._on_region_activated)
        self._parameters = self._tool_button()
        self._parameters.clicked.connect(self.parameters_requested)
        self._thinking = self._tool_button()
        self._thinking.clicked.connect(self.thinking_toggled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 8)
        layout.setSpacing(6)
        layout.addWidget(self._sidebar)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._usage)
        layout.addWidget(self.chain)
        layout.addWidget(self.meter)
        layout.addWidget(self._model)
        layout.addWidget(self._region)
        layout.addWidget(self._parameters)
        layout.addWidget(self._thinking)
        self._chosen_model = ""
        self._own_title = ""
        self._retranslate()
        follow_theme(self, self._restyle)

    def set_title(self, title: str) -> None:
        """Show the conversation's title."""
        self._own_title = title
        shown = title or self.tr("New conversation")
        self._title.set_text(shown)
        self._title.setAccessibleName(shown)

    def set_usage(self, line: str, breakdown: str) -> None:
        """Show what the conversation took so far; nothing when ``line`` is empty.

        Of "1,204 tokens · $0.0006" a header without much room shows the last part alone.
        """
        # No accessible name: a label that has one keeps its own words from a screen reader.
        self._usage_line = line
        self._usage.setToolTip(breakdown)
        self._usage.setAccessibleDescription(breakdown)
        self._show_what_fits()

    def set_models(self, models: Sequence[str]) -> None:
        """Offer ``models``; any other name can be typed."""
        if tuple(models) != self._models:
            editor = self._model.lineEdit()
            # The list comes from the network: a name that is being typed must not be lost to it.
            typed = editor.text() if editor is not None and editor.hasFocus() else None
            self._models = tuple(models)
            self._model.blockSignals(True)
            self._model.clear()
            self._model.addItems(list(models))
            self._model.blockSignals(False)
            if typed is None:
                self.set_model(self._chosen_model)
            else:
                self._model.setEditText(typed)

    def set_model(self, model: str) -> None:
        """Show the model of the conversation."""
        self._chosen_model = model
        # As wide as the name needs, so that the title has the rest.
        self._model.setMinimumContentsLength(min(max(len(model), _SHORTEST_MODEL), _LONGEST_MODEL))
        self._model.setCurrentIndex(self._model.findText(model, Qt.MatchFlag.MatchFixedString))
        self._model.setEditText(model)
        if (editor := self._model.lineEdit()) is not None:
            editor.setCursorPosition(0)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that are offered."""
        return self._models

    @property
    def model(self) -> str:
        """The model of the conversation."""
        return self._chosen_model

    def choose_model(self, model: str) -> None:
        """Take another model for the conversation, as if it was chosen here."""
        self.set_model(model)
        self.model_chosen.emit(model)

    def set_connections(self, connections: Sequence[Connection], current: Connection) -> None:
        """Offer ``connections`` and show ``current``."""
        self._connections = tuple(connections)
        self._region.clear()
        for connection in self._connections:
            self._region.addItem(connection_name(connection), connection.id)
        self._region.setCurrentIndex(self._region.findData(current.id))
        self._region.setToolTip(current.host)

    def open_model_choice(self) -> None:
        """Put the cursor into the model field and open its list."""
        self._model.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._model.showPopup()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self.set_title(self._own_title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a narrow window has no room for; the title and the model stay."""
        super().resizeEvent(event)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        self._region.setVisible(self.width() >= 520)
        self._title.setVisible(self.width() >= 380)
        self.meter.set_long(is_long=self.width() >= _ROOM_FOR_METER)
        has_room = self.width() >= _ROOM_FOR_TOKENS
        self._usage.setText(self._usage_line if has_room else self._usage_line.split(" · ")[-1])
        self._usage.setVisible(bool(self._usage_line) and self.width() >= _ROOM_FOR_COST)

    def _on_model_changed(self) -> None:
        model = self._model.currentText().strip()
        if not model:
            self.set_model(self._chosen_model)
        elif model != self._chosen_model:
            self._chosen_model = model
            self.model_chosen.emit(model)

    def _on_region_activated(self, index: int) -> None:
        if 0 <= index < len(self._connections):
            self.connection_chosen.emit(self._connections[index].id)

    def _tool_button(self) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIconSize(QSize(_ICON, _ICON))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _retranslate(self) -> None:
        for button, name in (
            (self._sidebar, self.tr("Show or hide the conversations")),
            (self._parameters, self.tr("Parameters of this conversation")),
            (self._thinking, self.tr("Show or hide the thinking")),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self._model.setAccessibleName(self.tr("Model"))
        if (editor := self._model.lineEdit()) is not None:
            editor.setAccessibleName(self.tr("Model"))
        self._model.setToolTip(self.tr("The model that is asked; any name can be typed"))
        self._region.setAccessibleName(self.tr("Region"))
        for index, connection in enumerate(self._connections):
            self._region.setItemText(index, connection_name(connection))

    def _restyle(self, tokens: Tokens) -> None:
        for button, name in (
            (self._sidebar, "sidebar"),
            (self._parameters, "parameters"),
            (self._thinking, "thinking"),
        ):
            button.setIcon(icon(name, tokens.text_muted))
        self.setStyleSheet(
            f"""
QToolButton {{ border: none; border-radius: 7px; padding: 6px; background: transparent; }}
QToolButton:hover {{ background: {tokens.hover.name()}; }}
QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 5px; }}
QComboBox {{ border: 1px solid transparent; border-radius: 7px; padding: 4px 6px;
  background: transparent; color: {tokens.text.name()}; }}
QComboBox:hover {{ background: {tokens.hover.name()}; }}
QComboBox:focus {{ border-color: {tokens.accent.name()}; }}
QLabel {{ color: {tokens.text_muted.name()}; font-size: 9pt; padding: 0 6px; }}
QComboBox QLineEdit {{ background: transparent; border: none; color: {tokens.text.name()}; }}
"""
        )
