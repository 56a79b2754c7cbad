"""What several tests of the block view do: entries, points of the viewport, dragging, mime data."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from desktop_app.ui.transcript import BlockView, Entry, EntryKind

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def message(number, text, kind=EntryKind.ASSISTANT, **fields) -> Entry:
    return Entry(str(number), kind, "MiniMax", text, **fields)


def show(view: BlockView, *texts: str, **fields) -> None:
    """Show one answer for each text, from the top."""
    view.set_entries([message(n, text, **fields) for n, text in enumerate(texts)])
    view.scroll_to_entry("0")


def point_of(view: BlockView, item: int, row: int, offset: int) -> QPoint:
    """The point of the viewport at a place in the text."""
    rect = view.caret.places.rect((item, row, offset))
    return QPoint(round(rect.x()), round(rect.center().y()) - view.verticalScrollBar().value())


def drag(view: BlockView, qtbot, start: QPoint, end: QPoint) -> None:
    viewport = view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, end)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def click(view: BlockView, qtbot, at: QPoint, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, pos=at)


def keys(view: BlockView, qtbot, *pressed: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    for key in pressed:
        qtbot.keyClick(view, key, modifier)
    read_on(view, qtbot)


def read_on(view: BlockView, qtbot) -> None:
    """Let a text be read that a key or a press waits for."""
    qtbot.waitUntil(lambda: not view.waiting.is_waiting())


def open_menu(view: BlockView, at: QPoint, reason=QContextMenuEvent.Reason.Mouse) -> QMenu:
    """Ask for the context menu as the system does."""
    event = QContextMenuEvent(reason, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    while view.waiting.is_waiting():
        QApplication.processEvents()
    return view.findChildren(QMenu)[-1]


def actions_of(menu: QMenu) -> dict:
    return {action.text(): action for action in menu.actions() if action.text()}
