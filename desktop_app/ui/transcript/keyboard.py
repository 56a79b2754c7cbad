"""What keys do in a block view: scrolling, the text cursor, copying, and walking with Tab."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSlider

from desktop_app.ui.transcript.caret import Step
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.links import Link, is_link_id, link_boxes, links_in_block

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

_SCROLL_KEYS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
}

_OWN_KEYS = {
    *_SCROLL_KEYS,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Space,
}
_Key = QKeySequence.StandardKey
_SELECTING = {
    _Key.SelectPreviousChar: Step.LEFT,
    _Key.SelectNextChar: Step.RIGHT,
    _Key.SelectPreviousWord: Step.WORD_LEFT,
    _Key.SelectNextWord: Step.WORD_RIGHT,
    _Key.SelectPreviousLine: Step.UP,
    _Key.SelectNextLine: Step.DOWN,
    _Key.SelectPreviousPage: Step.PAGE_UP,
    _Key.SelectNextPage: Step.PAGE_DOWN,
    _Key.SelectStartOfLine: Step.LINE_START,
    _Key.SelectEndOfLine: Step.LINE_END,
    _Key.SelectStartOfDocument: Step.START,
    _Key.SelectEndOfDocument: Step.END,
}
"""In every system's own keys. In Qt's key map "next" is always the key to the right."""
_MOVING = {
    _Key.MoveToPreviousChar: Step.LEFT,
    _Key.MoveToNextChar: Step.RIGHT,
    _Key.MoveToPreviousWord: Step.WORD_LEFT,
    _Key.MoveToNextWord: Step.WORD_RIGHT,
    _Key.MoveToPreviousLine: Step.UP,
    _Key.MoveToNextLine: Step.DOWN,
    _Key.MoveToPreviousPage: Step.PAGE_UP,
    _Key.MoveToNextPage: Step.PAGE_DOWN,
    _Key.MoveToStartOfLine: Step.LINE_START,
    _Key.MoveToEndOfLine: Step.LINE_END,
    _Key.MoveToStartOfDocument: Step.START,
    _Key.MoveToEndOfDocument: Step.END,
}


class Keyboard:
    """The key side of a view."""

    def __init__(self, view: BlockView) -> None:
        self._view = view

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key; false when it means nothing here."""
        view = self._view
        if event.matches(_Key.Copy):
            view.copy_selection()
        elif event.matches(_Key.SelectAll):
            view.select_all()
        elif view.controls.key(event):
            return True
        elif step := _step(event, _SELECTING):
            view.caret.move(step, extends=True)
        elif (step := _step(event, _MOVING)) and view.caret.is_in_sight():
            view.caret.move(step, extends=False)
        elif event.key() == Qt.Key.Key_Escape:
            return self._drop_selection()
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

    def step_of(self, event: QKeyEvent) -> Step | None:
        """The step of the text cursor that a key means now."""
        step = _step(event, _SELECTING)
        if step is None and self._view.caret.is_in_sight():
            step = _step(event, _MOVING)
        return step

    @staticmethod
    def knows(event: QKeyEvent) -> bool:
        """Whether a key may mean something in a view."""
        return event.key() in _OWN_KEYS or any(
            event.matches(key) for key in (_Key.Copy, _Key.SelectAll, *_MOVING)
        )

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key is for the text before it is a shortcut of the window.

        Esc lets go of the selection, unless an answer is on its way: stopping that comes first.
        """
        return event.key() == Qt.Key.Key_Escape and self._can_drop()

    def _can_drop(self) -> bool:
        view = self._view
        is_held = view.caret.is_shown or bool(view.selection)
        return is_held and not any(item.entry.streaming for item in view.stack.items[-1:])

    def _drop_selection(self) -> bool:
        if not self._can_drop():
            return False
        self._view.clear_selection()
        return True

    def walk(self, *, forwards: bool) -> bool:
        """Move the focus to the next link or painted button in sight; false after the last one.

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
        self._read_in_sight()
        value, height = view.verticalScrollBar().value(), view.viewport().height()
        item = stack.item_at(value)
        found = []
        while item is not None and stack.top_of(item) < value + height:
            chrome = stack.prepare(item)
            top = stack.top_of(item) - value
            found += [
                (item, identity)
                for identity, _, box in view.controls.buttons_of(item, -top, height - top)
                if 0 <= top + box.center().y() < height
            ]
            found += [(item, link.id) for link in self._links_in_sight(item)]
            found += [
                (item, button.action.id)
                for button in chrome.placed(item.height)
                if button.action.enabled and 0 <= top + button.box.center().y() < height
            ]
            following = item.index + 1
            item = stack.items[following] if following < len(stack.items) else None
        return found

    def _read_in_sight(self) -> None:
        """Read what is in sight as a whole: links and buttons are known by the numbers of their rows."""
        view, stack = self._view, self._view.stack
        item = stack.item_at(view.verticalScrollBar().value())
        bottom = view.viewport().height()
        while item is not None:
            stack.rows_of(item)
            following = item.index + 1
            end = stack.top_of(item) + item.height - view.verticalScrollBar().value()
            item = stack.items[following] if following < len(stack.items) and end < bottom else None

    def _links_in_sight(self, item: EntryItem) -> Iterator[Link]:
        """The links of an entry whose first letter is in sight."""
        view = self._view
        value, height = view.verticalScrollBar().value(), view.viewport().height()
        top = view.stack.top_of(item) - value
        rows = item.rows or []
        for index in range(item.row_at(-top), len(rows)):
            row_top = top + item.row_top(index)
            if row_top >= height:
                break
            row = rows[index]
            for link in links_in_block(index, row.block):
                boxes = link_boxes(row, link)
                if boxes and 0 <= row_top + boxes[0].center().y() < height:
                    yield link

    def _press_focused(self) -> bool:
        focused = self._view.painting.focused
        if focused is None:
            return False
        item, action_id = focused
        if is_link_id(action_id):
            self._view.follow_link(item, action_id)
        else:
            self._view.press_action(item, action_id)
        return True


def _step(event: QKeyEvent, keys: dict[QKeySequence.StandardKey, Step]) -> Step | None:
    return next((step for key, step in keys.items() if event.matches(key)), None)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
