"""The parameters of one conversation. "Not set" is a state of its own: only what is set is sent.

Knows no model and no conversation: it takes parameters and says when they are others.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.conversation import (
    DEFAULT_TEMPERATURE,
    MAX_TOKENS_LIMIT,
    Parameters,
)
from desktop_app.ui.form_style import KIND, wear_form_style
from desktop_app.ui.forms import (
    DecimalInput,
    Heading,
    IntegerInput,
    Switch,
    line,
    link_button,
    muted_label,
    secondary_button,
)
from desktop_app.ui.text_input import SendKey, TextInput

_STEP: Final = 0.01
_SLIDER_STEPS: Final = 100
_TYPING_PAUSE_MS: Final = 400
_FIRST_MAX_TOKENS: Final = 8192
_DEFAULT_TOP_P: Final = 0.95


class OptionalNumber(QWidget):
    """A number that may not be set: a switch, and the number beside it while it is on.

    Args:
        first: What it is when it is switched on, until another is chosen.
        whole: A whole number up to the service's limit; otherwise one in (0, 1] with a slider.

    Signals:
        edited(object): The number that was chosen, or ``None``.
    """

    edited = Signal(object)

    def __init__(self, first: float, *, whole: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = first
        self._label, self._help, self._state = QLabel(), muted_label(), muted_label()
        self._switch = Switch()
        self._label.setBuddy(self._switch)
        self._slider: QSlider | None = None
        self._number: IntegerInput | DecimalInput
        if whole:
            self._number = IntegerInput()
            self._number.setRange(1, MAX_TOKENS_LIMIT)
            self._number.setSingleStep(1024)
            self._number.setGroupSeparatorShown(True)
            self._number.valueChanged.connect(self._on_number_changed)
        else:
            self._number = DecimalInput()
            self._number.setDecimals(2)
            self._number.setRange(_STEP, 1.0)
            self._number.setSingleStep(0.05)
            self._number.valueChanged.connect(self._on_number_changed)
            self._slider = QSlider(Qt.Orientation.Horizontal)
            self._slider.setRange(1, _SLIDER_STEPS)
            self._slider.setPageStep(10)
            self._slider.valueChanged.connect(self._on_slider_moved)
        self._number.setMinimumWidth(120)
        self._switch.toggled.connect(self._on_switched)
        self._lay_out()
        self.show_value(None)

    def show_value(self, value: float | None) -> None:
        """Show ``value``, or that there is none, without saying that it was edited."""
        parts = [part for part in (self._switch, self._number, self._slider) if part is not None]
        for part in parts:
            part.blockSignals(True)
        self._switch.setChecked(value is not None)
        if isinstance(self._number, IntegerInput):
            self._number.setValue(round(self._first if value is None else value))
        else:
            self._number.setValue(self._first if value is None else value)
        if self._slider is not None:
            self._slider.setValue(round(self._number.value() * _SLIDER_STEPS))
        for part in parts:
            part.blockSignals(False)
        self._show_state()

    def value(self) -> float | None:
        """The number, or ``None`` when it is not set."""
        return self._number.value() if self._switch.isChecked() else None

    def name(self, label: str, explanation: str, unset: str) -> None:
        """Name the parts: what it is, what it does, and what happens while it is not set."""
        self._label.setText(label)
        self._help.setText(explanation)
        self._state.setText(unset)
        self._switch.setAccessibleName(self.tr("Set {name}").replace("{name}", label))
        self._switch.setAccessibleDescription(f"{explanation} {unset}")
        self._number.setAccessibleName(label)
        self._number.setAccessibleDescription(explanation)
        if self._slider is not None:
            self._slider.setAccessibleName(self.tr("{name} slider").replace("{name}", label))

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.addWidget(self._label, 1)
        title.addWidget(self._switch)
        self._values = QWidget()
        values = QHBoxLayout(self._values)
        values.setContentsMargins(0, 4, 0, 0)
        values.setSpacing(14)
        if self._slider is not None:
            values.addWidget(self._slider, 1)
        values.addWidget(self._number)
        if self._slider is None:
            values.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(title)
        layout.addWidget(self._help)
        layout.addWidget(self._state)
        layout.addWidget(self._values)

    def _show_state(self) -> None:
        is_set = self._switch.isChecked()
        self._values.setVisible(is_set)
        self._state.setVisible(not is_set)

    def _on_switched(self) -> None:
        self._show_state()
        self.edited.emit(self.value())

    def _on_number_changed(self) -> None:
        if self._slider is not None:
            self._slider.blockSignals(True)
            self._slider.setValue(round(self._number.value() * _SLIDER_STEPS))
            self._slider.blockSignals(False)
        self.edited.emit(self.value())

    def _on_slider_moved(self, steps: int) -> None:
        if isinstance(self._number, DecimalInput):
            self._number.setValue(steps / _SLIDER_STEPS)


class ParametersDialog(QDialog):
    """Edits parameters; each change is said at once, so there is nothing but "Close".

    Signals:
        parameters_changed(object): The :class:`Parameters` as they are now.
    """

    parameters_changed = Signal(object)

    def __init__(self, parameters: Parameters, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameters = parameters
        self._heading, self._help = Heading(), muted_label()
        self._prompt_label, self._prompt_help = QLabel(), muted_label()
        self._prompt = TextInput()
        self._prompt.set_send_key(SendKey.NEVER)
        self._prompt.set_least_lines(4)
        self._prompt.set_most_height(220)
        self._prompt_label.setBuddy(self._prompt)
        self._temperature = OptionalNumber(DEFAULT_TEMPERATURE)
        self._top_p = OptionalNumber(_DEFAULT_TOP_P)
        self._max_tokens = OptionalNumber(_FIRST_MAX_TOKENS, whole=True)
        self._reset, self._close = link_button(), secondary_button()
        # Every keystroke would otherwise be a write to the database.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._lay_out()
        wear_form_style(self)
        self._retranslate()
        self.set_parameters(parameters)
        self._prompt.textChanged.connect(self._pause.start)
        self._pause.timeout.connect(self._take_prompt)
        self._temperature.edited.connect(lambda value: self._take(temperature=value))
        self._top_p.edited.connect(lambda value: self._take(top_p=value))
        self._max_tokens.edited.connect(lambda value: self._take(max_tokens=value))
        self._reset.clicked.connect(self._on_reset)
        self._close.clicked.connect(self.close)

    @property
    def parameters(self) -> Parameters:
        """The parameters as they are now."""
        return self._parameters

    def set_parameters(self, parameters: Parameters) -> None:
        """Show ``parameters`` without saying that they changed."""
        self._parameters = parameters
        if self._prompt.toPlainText() != parameters.system_prompt:
            self._prompt.blockSignals(True)
            self._prompt.setPlainText(parameters.system_prompt)
            self._prompt.blockSignals(False)
        self._temperature.show_value(parameters.temperature)
        self._top_p.show_value(parameters.top_p)
        self._max_tokens.show_value(parameters.max_tokens)
        self._show_reset()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lose nothing that was typed just before closing."""
        super().hideEvent(event)
        if self._pause.isActive():
            self._take_prompt()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _take_prompt(self) -> None:
        self._pause.stop()
        text = self._prompt.toPlainText()
        # A prompt of nothing but space is no prompt.
        self._take(system_prompt=text if text.strip() else "")

    def _take(self, **changes: object) -> None:
        changed: Callable[..., Parameters] = replace
        parameters = changed(self._parameters, **changes)
        if parameters != self._parameters:
            self._parameters = parameters
            self._show_reset()
            self.parameters_changed.emit(parameters)

    def _on_reset(self) -> None:
        self._pause.stop()
        changed = self._parameters != Parameters()
        self.set_parameters(Parameters())
        if changed:
            self.parameters_changed.emit(self._parameters)
        self._prompt.setFocus()

    def _show_reset(self) -> None:
        self._reset.setEnabled(self._parameters != Parameters())

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty(KIND, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 20, 24, 8)
        column.setSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self._help)
        column.addSpacing(12)
        column.addWidget(self._prompt_label)
        column.addWidget(self._prompt)
        column.addWidget(self._prompt_help)
        for number in (self._temperature, self._top_p, self._max_tokens):
            column.addSpacing(8)
            column.addWidget(line())
            column.addSpacing(8)
            column.addWidget(number)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(18, 0, 24, 0)
        buttons.addWidget(self._reset)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 16)
        layout.setSpacing(10)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)
        self.setMinimumSize(340, 300)
        self.resize(520, 660)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Parameters"))
        self.setAccessibleName(self.tr("Parameters"))
        self._heading.setText(self.tr("Parameters of this conversation"))
        self._help.setText(self.tr("Only what is set here is sent; the server decides the rest."))
        self._prompt_label.setText(self.tr("&System prompt"))
        self._prompt.setAccessibleName(self.tr("System prompt"))
        self._prompt.setPlaceholderText(self.tr("Not set"))
        self._prompt_help.setText(self.tr("Instructions that stand before the first message."))
        self._prompt.setAccessibleDescription(self._prompt_help.text())
        unset = self.tr("Not set – server default {number}")
        locale = QLocale()
        self._temperature.name(
            self.tr("Temperature"),
            self.tr("Lower is more predictable, higher more varied."),
            unset.replace("{number}", locale.toString(DEFAULT_TEMPERATURE, "f", 1)),
        )
        self._top_p.name(
            self.tr("Top P"),
            self.tr("Leaves out the least likely words. Change this or the temperature, not both."),
            unset.replace("{number}", locale.toString(_DEFAULT_TOP_P, "f", 2)),
        )
        self._max_tokens.name(
            self.tr("Max tokens"),
            self.tr("The longest answer, thinking included. Too few leave no room for an answer."),
            self.tr("Not set – the server’s own limit"),
        )
        self._reset.setText(self.tr("Reset all"))
        self._close.setText(self.tr("Close"))
