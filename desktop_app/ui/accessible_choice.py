"""Choices that answer to their own name.

On Linux Qt gives a combo box the name of its chosen row and ignores the accessible name that was
set, so a screen reader says "International" and never "Region". Here the name is the one that was
set, and the chosen row is the value and the description.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QComboBox

_interfaces: dict[int, QAccessibleInterface] = {}
"""Kept alive here, since Qt holds no Python reference; by the identity of their combo box."""

_SHOW = "Press"


class _ChoiceInterface(QAccessibleWidget):
    """A combo box as assistive technology sees it."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box, QAccessible.Role.ComboBox)
        self._box = box

    def text(self, t: QAccessible.Text) -> str:
        """Return the name that was set, or the chosen row."""
        if t is QAccessible.Text.Name and self._box.accessibleName():
            return self._box.accessibleName()
        if t in {QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description}:
            return self._box.currentText()
        return super().text(t)

    def actionNames(self) -> list[str]:
        """Return the one action: opening the list."""
        return [_SHOW]

    def doAction(self, actionName: str) -> None:  # noqa: N803 (Qt's name)
        """Open the list."""
        if actionName == _SHOW and self._box.isEnabled():
            self._box.showPopup()


def _make(_class_name: str, source: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(source, QComboBox):
        return None
    key = id(source)
    if key not in _interfaces:
        _interfaces[key] = _ChoiceInterface(source)
        source.destroyed.connect(lambda: _interfaces.pop(key, None))
    return _interfaces[key]


def install() -> None:
    """Use these interfaces for every combo box from now on; called once, before any is shown."""
    QAccessible.installFactory(_make)
