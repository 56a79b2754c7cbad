"""What a screen reader is told of one entry of a block view, and of the buttons below it.

The interfaces are virtual: nothing in Qt stands behind them. They answer for nothing once their
entry is gone, since the other side may still hold on to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QColor,
    QWindow,
)

from desktop_app.ui.transcript.accessible_press import PressAction
from desktop_app.ui.transcript.accessible_text import EntryText
from desktop_app.ui.transcript.chrome import DETAILS, FOLD_ENTRY
from desktop_app.ui.transcript.entry import EntryAction
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.inline import is_allowed_link
from desktop_app.ui.transcript.links import Link, find_link, is_link_id, link_boxes, links_of

if TYPE_CHECKING:
    from shiboken6 import Shiboken

    from desktop_app.ui.transcript.view import BlockView

_NO_COLOUR = QColor()


class ViewPart(QAccessibleInterface):
    """What the view, its entries and their buttons have in common."""

    def __init__(self, view: BlockView) -> None:
        super().__init__()
        self._view = view

    def isValid(self) -> bool:
        """Whether there is still something to speak for."""
        return shiboken6.isValid(self._view)

    def object(self) -> QObject | None:  # type: ignore[override]
        """Virtual children have no QObject."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window on screen."""
        return self._view.window().windowHandle()

    def setText(self, t: QAccessible.Text, text: str) -> None:
        """Nothing in the view can be edited."""

    def backgroundColor(self) -> QColor:
        """Not told."""
        return _NO_COLOUR

    def foregroundColor(self) -> QColor:
        """Not told."""
        return _NO_COLOUR

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The child with the focus."""
        return None

    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> Any:  # noqa: ANN401 - void*
        """The interface of a type, null where there is none."""
        # Measured on PySide6 6.11: None, 0 and the inherited method all end in a crash here.
        return self.further_interface(arg__1) or shiboken6.VoidPtr(0)

    def further_interface(self, kind: QAccessible.InterfaceType) -> Shiboken.Object | None:
        """Text or actions, for the kinds that have them."""
        del kind
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The child under a point of the screen."""
        for index in range(self.childCount()):
            child = self.child(index)
            if child.rect().contains(x, y):
                return child
        return None


class EntryInterface(ViewPart):
    """One entry: its name with the time, its whole text as description."""

    def __init__(self, view: BlockView, item: EntryItem) -> None:
        super().__init__(view)
        self.item = item
        self.identity = 0
        self.is_shown = True
        self._text = ""
        self._text_length = -1
        self._known_links: list[Link] = []
        self._links_length = -1
        self._buttons: dict[str, ButtonInterface] = {}
        self._reading = EntryText(self)

    def isValid(self) -> bool:
        """Whether the entry is still shown."""
        return self.is_shown and super().isValid()

    def role(self) -> QAccessible.Role:
        """An item of the list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Read only; off screen where it is scrolled away; busy while it streams."""
        state = QAccessible.State()
        state.readOnly = True
        state.multiLine = True
        state.selectableText = True
        state.busy = self.item.entry.streaming
        if not self.is_shown or not self.rect().intersects(self._view.accessible.view_rect()):
            state.offscreen = True
        return state

    def rect(self) -> QRect:
        """The entry on the screen."""
        view = self._view
        if not self.isValid():
            return QRect()
        top = view.stack.top_of(self.item) - view.verticalScrollBar().value()
        corner = view.viewport().mapToGlobal(QPoint(0, top))
        return QRect(corner.x(), corner.y(), view.viewport().width(), self.item.height)

    def text(self, t: QAccessible.Text) -> str:
        """Name with caption; the whole plain text as description and value."""
        if not self.isValid():
            return ""
        if t is QAccessible.Text.Name:
            return self.item.entry.accessible_name
        if t in (QAccessible.Text.Description, QAccessible.Text.Value):
            return self.plain_text()
        return ""

    def plain_text(self) -> str:
        """The text, made anew only where it grew."""
        length = self.item.length
        if length != self._text_length:
            entry = self.item.entry
            parts = [self.item.plain_text(), *(each.words for each in entry.pictures), entry.note]
            if self.item.is_unfolded:
                parts.append(entry.details)
            self._text = "\n".join(part for part in parts if part)
            self._text_length = length
        return self._text

    def forget_text(self) -> None:
        """The entry was replaced."""
        self._text_length = self._links_length = -1

    def further_interface(self, kind: QAccessible.InterfaceType) -> Shiboken.Object | None:
        """Entries can be read as text."""
        return self._reading if kind is QAccessible.InterfaceType.TextInterface else None

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The view."""
        if not shiboken6.isValid(self._view):
            return None
        return QAccessible.queryAccessibleInterface(self._view)

    def actions(self) -> list[EntryAction]:
        """The buttons under the entry, and the links in its text."""
        if not self.isValid():
            return []
        entry, labels = self.item.entry, self._view.stack.labels
        view = self._view
        view.stack.rows_of(self.item)
        actions = [EntryAction(id_, label) for id_, label, _ in view.controls.buttons_of(self.item)]
        actions += entry.actions
        if entry.foldable:
            fold = labels.unfold if self.item.is_folded else labels.fold
            actions.append(EntryAction(FOLD_ENTRY, fold))
        actions += [EntryAction(link.id, link.words) for link in self._links()]
        if entry.details:
            label = labels.hide_details if self.item.is_unfolded else labels.details
            actions.append(EntryAction(DETAILS, label))
        return actions

    def _links(self) -> list[Link]:
        """The links in the text, looked for anew only where it grew."""
        if self.item.length != self._links_length:
            self._known_links = links_of(self.item)
            self._links_length = self.item.length
        return self._known_links

    def childCount(self) -> int:
        """One per link and button."""
        return len(self.actions())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The button at an index."""
        actions = self.actions()
        return self.button(actions[index].id) if 0 <= index < len(actions) else None

    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        """Where a button stands."""
        ids = [action.id for action in self.actions()]
        if isinstance(arg__1, ButtonInterface) and arg__1.action_id in ids:
            return ids.index(arg__1.action_id)
        return -1

    def button(self, action_id: str) -> ButtonInterface:
        """The interface of a button."""
        made = self._buttons.get(action_id)
        if made is None:
            made = self._buttons[action_id] = ButtonInterface(self._view, self, action_id)
            made.identity = QAccessible.registerAccessibleInterface(made)
        return made

    def reveal(self) -> None:
        """Scroll to the entry."""
        if self.isValid():
            self._view.scroll_to_entry(self.item.entry.id)

    def identities(self) -> list[int]:
        """The numbers under which Qt knows the buttons and the entry, children first."""
        return [*(button.identity for button in self._buttons.values()), self.identity]

    def release(self) -> None:
        """The entry is gone: answer for nothing from now on."""
        self.is_shown = False


class ButtonInterface(ViewPart):
    """A painted button of an entry, or a link in its text; pressing it does what a click does."""

    def __init__(self, view: BlockView, entry: EntryInterface, action_id: str) -> None:
        super().__init__(view)
        self._entry = entry
        self.action_id = action_id
        self.identity = 0
        self._press = PressAction(self.press)

    def _action(self) -> EntryAction | None:
        return next((each for each in self._entry.actions() if each.id == self.action_id), None)

    def isValid(self) -> bool:
        """Whether the button is still there."""
        return self._entry.isValid() and self._action() is not None

    def role(self) -> QAccessible.Role:
        """A button or a link."""
        is_link = is_link_id(self.action_id)
        return QAccessible.Role.Link if is_link else QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        """Focus."""
        view, state = self._view, QAccessible.State()
        action = self._action()
        state.focusable = action is not None and action.enabled
        state.disabled = not state.focusable
        is_focused = view.painting.focused == (self._entry.item, self.action_id)
        state.focused = is_focused and view.hasFocus()
        return state

    def text(self, t: QAccessible.Text) -> str:
        """The label; as description what stands before the button, of a link its target."""
        if t is QAccessible.Text.Description and is_link_id(self.action_id) and self.isValid():
            link = find_link(self._entry.item, self.action_id)
            return link.target if link is not None and is_allowed_link(link.target) else ""
        action = self._action()
        if action is None:
            return ""
        return {QAccessible.Text.Name: action.label, QAccessible.Text.Description: action.lead}.get(
            t, ""
        )

    def rect(self) -> QRect:
        """The button, or the beginning of the link, on the screen."""
        if not self.isValid():
            return QRect()
        if is_link_id(self.action_id):
            return self._link_rect()
        view, item = self._view, self._entry.item
        chrome = view.stack.prepare(item)
        boxes = {each.action.id: each.box for each in chrome.placed(item.height)}
        boxes |= {id_: box for id_, _, box in view.controls.buttons_of(item)}
        for identity, inside in boxes.items():
            if identity == self.action_id:
                top = view.stack.top_of(item) - view.verticalScrollBar().value()
                box = inside.translated(0, top)
                corner = view.viewport().mapToGlobal(box.topLeft().toPoint())
                return QRect(corner, box.size().toSize())
        return QRect()

    def _link_rect(self) -> QRect:
        """Where a link is; the whole entry while that part of it is not laid out."""
        view, item = self._view, self._entry.item
        link, rows = find_link(item, self.action_id), item.rows or []
        boxes = link_boxes(rows[link.row], link) if link and link.row < len(rows) else []
        if link is None or not boxes:
            return self._entry.rect()
        chrome = view.stack.prepare(item)
        x = chrome.row_left + chrome.shift(item.natural_width())
        y = view.stack.top_of(item) + item.row_top(link.row) - view.verticalScrollBar().value()
        box = boxes[0].translated(x, y)
        corner = view.viewport().mapToGlobal(box.topLeft().toPoint())
        return QRect(corner, box.size().toSize())

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The entry."""
        return self._entry

    def childCount(self) -> int:
        """None."""
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """None."""
        del index
        return None

    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        """None."""
        del arg__1
        return -1

    def further_interface(self, kind: QAccessible.InterfaceType) -> Shiboken.Object | None:
        """Buttons can be pressed."""
        return self._press if kind is QAccessible.InterfaceType.ActionInterface else None

    def press(self) -> None:
        """Do what a click does."""
        action = self._action()
        if not self.isValid():
            return
        if is_link_id(self.action_id):
            self._view.follow_link(self._entry.item, self.action_id)
        elif action is None or action.enabled:
            self._view.press_action(self._entry.item, self.action_id)
