"""The one action of a painted button, as assistive technology asks for it."""

from collections.abc import Callable

from PySide6.QtGui import QAccessibleActionInterface


class PressAction(QAccessibleActionInterface):
    """The action "press", which does ``press``."""

    def __init__(self, press: Callable[[], None]) -> None:
        super().__init__()
        self._press = press

    def actionNames(self) -> list[str]:
        """Press."""
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, actionName: str) -> None:  # noqa: N803 - Qt's name
        """Press the button."""
        if actionName == QAccessibleActionInterface.pressAction():
            self._press()

    def keyBindingsForAction(self, actionName: str) -> list[str]:  # noqa: N803 - Qt's name
        """No keys of its own."""
        del actionName
        return []
