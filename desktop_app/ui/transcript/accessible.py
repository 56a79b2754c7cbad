"""The block view for screen readers: a list with one child per entry.

Painted text is invisible to assistive technology unless told otherwise. The interfaces are made
on demand and kept alive here as long as their entry is shown; Qt keeps no Python reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
)

from desktop_app.ui.transcript.accessible_entry import EntryInterface, ViewPart
from desktop_app.ui.transcript.entry import EntryKind
from desktop_app.ui.transcript.entry_item import EntryItem

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

ANNOUNCED_CHARACTERS = 1_200
"""Longest part of a finished answer that is announced by itself; the rest can be read."""


class ViewInterface(ViewPart):
    """The view itself: a list named by its owner."""

    def object(self) -> QObject | None:  # type: ignore[override]
        """The widget."""
        return self._view

    def role(self) -> QAccessible.Role:
        """A list of entries."""
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        """Focus and visibility."""
        view, state = self._view, QAccessible.State()
        state.focusable = True
        state.focused = view.hasFocus()
        state.readOnly = True
        state.invisible = not view.isVisible()
        return state

    def rect(self) -> QRect:
        """The view on the screen."""
        view = self._view
        return QRect(view.mapToGlobal(QPoint(0, 0)), view.size())

    def text(self, t: QAccessible.Text) -> str:
        """The name and description that the owner gave."""
        if t is QAccessible.Text.Name:
            return self._view.accessibleName()
        if t is QAccessible.Text.Description:
            return self._view.accessibleDescription()
        return ""

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The parent widget's interface."""
        parent = self._view.parentWidget()
        return QAccessible.queryAccessibleInterface(parent) if parent is not None else None

    def childCount(self) -> int:
        """One per entry."""
        return len(self._view.stack.items)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The entry at an index."""
        items = self._view.stack.items
        if not 0 <= index < len(items):
            return None
        return self._view.accessible.of(items[index])

    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        """Where an entry stands."""
        return arg__1.item.index if isinstance(arg__1, EntryInterface) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The entry under a point of the screen, found without asking each."""
        view = self._view
        at = view.viewport().mapFromGlobal(QPoint(x, y))
        if not view.viewport().rect().contains(at):
            return None
        hit = view.pointer.hit(QPointF(at))
        return view.accessible.of(hit.item) if hit is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The painted button with the focus."""
        focused = self._view.painting.focused
        if focused is None or not self._view.hasFocus():
            return None
        return self._view.accessible.of(focused[0]).button(focused[1])


class AccessibleEntries:
    """Makes the interfaces of one view's entries, keeps them alive, and tells what happened."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._made: dict[EntryItem, EntryInterface] = {}
        self.announces_answers = True
        install_factory()
        made = self._made
        view.destroyed.connect(lambda: _release_all(made))

    def of(self, item: EntryItem) -> EntryInterface:
        """The interface of an entry."""
        made = self._made.get(item)
        if made is None:
            made = self._made[item] = EntryInterface(self._view, item)
            made.identity = QAccessible.registerAccessibleInterface(made)
        return made

    def view_rect(self) -> QRect:
        """The viewport on the screen."""
        viewport = self._view.viewport()
        return QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size())

    def added(self, item: EntryItem) -> None:
        """An entry came."""
        if QAccessible.isActive():
            self._tell(self.of(item), QAccessible.Event.ObjectCreated)

    def replaced(self, item: EntryItem) -> None:
        """An entry's text or name is another."""
        made = self._made.get(item)
        if made is not None:
            made.forget_text()
            self._tell(made, QAccessible.Event.NameChanged)
            self._tell(made, QAccessible.Event.DescriptionChanged)

    def removed(self, item: EntryItem) -> None:
        """An entry is about to go."""
        made = self._made.pop(item, None)
        if made is not None:
            self._tell(made, QAccessible.Event.ObjectDestroyed)
            made.release()
            for identity in made.identities():
                QAccessible.deleteAccessibleInterface(identity)

    def cleared(self) -> None:
        """All entries are about to go."""
        for item in list(self._made):
            self.removed(item)

    def finished(self, item: EntryItem) -> None:
        """An entry's text is complete: an answer is announced."""
        self.replaced(item)
        # A round that only calls tools says nothing.
        is_answer = item.entry.kind is EntryKind.ASSISTANT and bool(item.source.strip())
        if is_answer and self.announces_answers and QAccessible.isActive():
            text = f"{item.entry.name}: {item.plain_text()[:ANNOUNCED_CHARACTERS]}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, text))

    def focused(self, item: EntryItem, action_id: str) -> None:
        """The keyboard focus reached a painted button."""
        if QAccessible.isActive():
            self._tell(self.of(item).button(action_id), QAccessible.Event.Focus)

    def _tell(self, interface: QAccessibleInterface, event: QAccessible.Event) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(interface, event))


def _release_all(made: dict[EntryItem, EntryInterface]) -> None:
    """Take back what Qt was given for a view that is gone.

    Qt would delete the interfaces once more at the end of the program, after Python has.
    """
    for interface in made.values():
        interface.release()
        for identity in interface.identities():
            QAccessible.deleteAccessibleInterface(identity)
    made.clear()


_INTERFACES: dict[int, ViewInterface] = {}
"""Interfaces handed to Qt, by the address of their widget; Qt keeps no Python reference."""


def install_factory() -> None:
    """Teach Qt how block views are read. Does it once per process."""
    if not _INSTALLED:
        _INSTALLED.append(True)
        QAccessible.installFactory(_make_interface)


_INSTALLED: list[bool] = []


def _make_interface(key: str, widget: QObject) -> QAccessibleInterface | None:
    from desktop_app.ui.transcript.view import BlockView

    if key != BlockView.__name__ or not isinstance(widget, BlockView):
        return None
    made = ViewInterface(widget)
    key_of_widget = id(widget)
    _INTERFACES[key_of_widget] = made
    widget.destroyed.connect(lambda: _INTERFACES.pop(key_of_widget, None))
    return made
