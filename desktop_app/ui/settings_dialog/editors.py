"""The control for one setting, chosen by the setting's type. Knows no store."""

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.settings.table import Setting, Value
from desktop_app.ui.forms import Choice, DecimalInput, IntegerInput, Switch
from desktop_app.ui.text_input import LineInput

_INTEGER_LIMIT = 2**31 - 1
_DECIMAL_LIMIT = 1e9


def translated(text: str) -> str:
    """Return a text of the table of settings in the language of the window."""
    return QCoreApplication.translate("Settings", text) if text else ""


class Editor(QObject):
    """A control and the value in it.

    Signals:
        edited(object): The person chose another value, which the control already shows.
    """

    edited = Signal(object)

    def __init__(self, setting: Setting, widget: QWidget) -> None:
        super().__init__(widget)
        self.setting = setting
        self.widget = widget

    def show_value(self, value: Value) -> None:
        """Show ``value`` without saying that it was edited."""
        self.widget.blockSignals(True)
        self._show(value)
        self.widget.blockSignals(False)

    def retranslate(self) -> None:
        """Name the control for screen readers, in the present language."""
        self.widget.setAccessibleName(translated(self.setting.label))
        self.widget.setAccessibleDescription(translated(self.setting.help))

    def _show(self, value: Value) -> None:
        raise TypeError(value)


class BooleanEditor(Editor):
    """A switch."""

    def __init__(self, setting: Setting) -> None:
        self._switch = Switch()
        super().__init__(setting, self._switch)
        self._switch.toggled.connect(self.edited.emit)

    def _show(self, value: Value) -> None:
        self._switch.setChecked(bool(value))


class ChoiceEditor(Editor):
    """A drop-down list."""

    def __init__(self, setting: Setting) -> None:
        self._box = Choice()
        super().__init__(setting, self._box)
        for choice in setting.choices:
            self._box.addItem(choice.label, choice.value)
        self._box.activated.connect(self._on_activated)

    def retranslate(self) -> None:
        """Name the choices too."""
        super().retranslate()
        for index, choice in enumerate(self.setting.choices):
            self._box.setItemText(index, translated(choice.label))

    def _on_activated(self, index: int) -> None:
        self.edited.emit(self._box.itemData(index))

    def _show(self, value: Value) -> None:
        self._box.setCurrentIndex(self._box.findData(value))


class IntegerEditor(Editor):
    """A whole number that cannot leave its bounds."""

    def __init__(self, setting: Setting) -> None:
        self._box = IntegerInput()
        super().__init__(setting, self._box)
        least, most = setting.minimum, setting.maximum
        self._box.setRange(
            -_INTEGER_LIMIT if least is None else int(least),
            _INTEGER_LIMIT if most is None else int(most),
        )
        self._box.valueChanged.connect(self.edited.emit)

    def retranslate(self) -> None:
        """Translate the unit too."""
        super().retranslate()
        self._box.setSuffix(translated(self.setting.unit))

    def _show(self, value: Value) -> None:
        self._box.setValue(int(value))


class DecimalEditor(Editor):
    """A number that cannot leave its bounds."""

    def __init__(self, setting: Setting) -> None:
        self._box = DecimalInput()
        super().__init__(setting, self._box)
        least, most = setting.minimum, setting.maximum
        self._box.setRange(
            -_DECIMAL_LIMIT if least is None else least, _DECIMAL_LIMIT if most is None else most
        )
        self._box.setSingleStep(0.1)
        self._box.valueChanged.connect(self.edited.emit)

    def retranslate(self) -> None:
        """Translate the unit too."""
        super().retranslate()
        self._box.setSuffix(translated(self.setting.unit))

    def _show(self, value: Value) -> None:
        self._box.setValue(float(value))


class TextEditor(Editor):
    """A line of text; an empty one means the default."""

    def __init__(self, setting: Setting) -> None:
        self._line = LineInput()
        super().__init__(setting, self._line)
        self._line.setPlaceholderText(str(setting.default))
        self._line.editingFinished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self.edited.emit(self._line.text().strip() or self.setting.default)

    def _show(self, value: Value) -> None:
        if self._line.text() != value:
            self._line.setText(str(value))


def editor_for(setting: Setting) -> Editor:
    """Return a fresh editor for ``setting``, in no language yet and without a value."""
    if setting.choices:
        return ChoiceEditor(setting)
    # Every bool is an int to Python, so it is asked for first.
    for kind, editor in (
        (bool, BooleanEditor),
        (int, IntegerEditor),
        (float, DecimalEditor),
    ):
        if isinstance(setting.default, kind):
            return editor(setting)
    return TextEditor(setting)
