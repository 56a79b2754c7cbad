"""What keys do in a block view: scrolling, copying, and walking through the painted buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSlider

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
        elif view.controls.key(event):
            return True
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
        """Move the focus to the next painted button in sight; false after the last one.

        Only what is in sight takes part: walking through every answer of a long conversation
        would keep the keyboard from ever leaving the view.
        """
        painting = self._view.painting
        buttons = self._buttons_in_sight()
        if not forwards:
            buttons.reverse()
        if painting.focused in buttons:
            buttons = buttons[buttons.index(painting.focused) + 1 :]
        painting.focused = buttons[0] if buttons else None
        painting.shows_ring = False
        self._view.viewport().update()
        if painting.focused is None:
            return False
        self._view.button_focused(*painting.focused)
        return True

    def _buttons_in_sight(self) -> list[tuple[EntryItem, str]]:
        view, stack = self._view, self._view.stack
        value, height = view.verticalScrollBar().value(), view.viewport().height()
        item = stack.item_at(value)
        found = []
        while item is not None and stack.top_of(item) < value + height:
            chrome = stack.prepare(item)
            top = stack.top_of(item) - value
            found += [
                (item, identity)
                for identity, _, box in view.controls.buttons_of(item)
                if 0 <= top + box.center().y() < height
            ]
            foot = top + item.height - chrome.foot
            found += [
                (item, button.action.id)
                for button in chrome.buttons
                if 0 <= foot + button.box.center().y() < height
            ]
            following = item.index + 1
            item = stack.items[following] if following < len(stack.items) else None
        return found

    def _press_focused(self) -> bool:
        focused = self._view.painting.focused
        if focused is None:
            return False
        self._view.press_action(*focused)
        return True


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
