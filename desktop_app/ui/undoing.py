"""What the person deleted and can have back: Ctrl+Z, and the button of the toast."""

from collections.abc import Callable

from PySide6.QtGui import QAction

from desktop_app.ui.toast import Toast


class Undoing:
    """Deletions of this run, the last to be undone first.

    Args:
        action: The window's command; enabled while there is something to undo.
        toast: Says what was deleted, with the way back.
    """

    def __init__(self, action: QAction, toast: Toast) -> None:
        self._action = action
        self._toast = toast
        self._steps: list[Callable[[], object]] = []
        action.setEnabled(False)

    def add(self, step: Callable[[], object], said: str = "", label: str = "") -> None:
        """Keep ``step``, which undoes what was just done; tell it, where ``said`` is given."""
        self._steps.append(step)
        self._action.setEnabled(True)
        if said:
            self._toast.say(said, label, self.undo)

    def clear(self) -> None:
        """Forget all of them."""
        self._steps.clear()
        self._action.setEnabled(False)

    def undo(self) -> None:
        """Undo the last deletion."""
        if self._steps:
            step = self._steps.pop()
            self._action.setEnabled(bool(self._steps))
            self._toast.hide()
            step()
