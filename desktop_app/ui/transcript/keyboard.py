"""What keys do in a block view: scrolling, copying, and walking through the painted buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSlider

from desktop_app.ui.transcript.chrome import Button
from desktop_app.ui.transcript.entry_item import EntryItem

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

_SCROLL_KEYS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}


class Keyboard:
    """The key side of a view."""

    def __init__(self, view: BlockView) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; false when it means nothing here."""
        view = self._view
        if event.matches(QKeySequence.StandardKey.Copy):
            view.copy_selection()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            view.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            return self._press_focused()
        elif event.key() == Qt.Key.Key_End:
            view.scroll_to_end()
        elif event.key() == Qt.Key.Key_Home:
            view.scrolling.to(lambda: 0.0)
        elif event.key() in _SCROLL_KEYS and not event.modifiers() & ~_KEYPAD:
            view.verticalScrollBar().triggerAction(_SCROLL_KEYS[Qt.Key(event.key())])
        else:
            return False
        return True

    def walk(self, *, forwards: bool) -> bool:
        """Move the focus to the next painted button; false at the last one."""
        painting, stack = self._view.painting, self._view.stack
        step = 1 if forwards else -1
        if painting.focused is None:
            index = 0 if forwards else len(stack.items) - 1
        else:
            item, action_id = painting.focused
            buttons = stack.prepare(item).buttons
            ids = [button.action.id for button in buttons]
            place = ids.index(action_id) + step if action_id in ids else -1
            if 0 <= place < len(buttons):
                self._focus(item, buttons[place])
                return True
            index = item.index + step
        while 0 <= index < len(stack.items):
            item = stack.items[index]
            if item.entry.actions or item.entry.details:
                buttons = stack.prepare(item).buttons
                self._focus(item, buttons[0 if forwards else -1])
                return True
            index += step
        painting.focused = None
        self._view.viewport().update()
        return False

    def _focus(self, item: EntryItem, button: Button) -> None:
        view = self._view
        view.painting.focused = (item, button.action.id)
        view.painting.shows_ring = False
        stack = view.stack
        chrome = stack.prepare(item)
        top = stack.top_of(item) + item.height - chrome.foot + button.box.top()
        bar, height = view.verticalScrollBar(), view.viewport().height()
        if not bar.value() <= top <= bar.value() + height - 2 * button.box.height():
            bar.setValue(round(top - height / 2))
        view.viewport().update()
        view.button_focused(item, button.action.id)

    def _press_focused(self) -> bool:
        focused = self._view.painting.focused
        if focused is None:
            return False
        self._view.press_action(*focused)
        return True


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
