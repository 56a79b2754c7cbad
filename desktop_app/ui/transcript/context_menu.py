"""The context menu of a block view: what can be copied where the pointer is, and of all of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.copying import table_text

if TYPE_CHECKING:
    from desktop_app.ui.transcript.pointer import Hit
    from desktop_app.ui.transcript.view import BlockView

translate = QCoreApplication.translate


def show_menu(view: BlockView, event: QContextMenuEvent) -> None:
    """Pop the menu up at the pointer, or at the text cursor when a key asked for it."""
    at, global_at = event.pos(), event.globalPos()
    if event.reason() is QContextMenuEvent.Reason.Keyboard:
        at = _keyboard_place(view)
        global_at = view.viewport().mapToGlobal(at)
    view.read_under(QPointF(at))
    build_menu(view, view.pointer.hit(QPointF(at))).popup(global_at)


def build_menu(view: BlockView, hit: Hit | None) -> QMenu:
    """The menu for what is under a point; it deletes itself when it closes."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    copying, has_selection = view.copying, bool(view.selection)
    copy = menu.addAction(translate("BlockView", "Copy"), copying.copy)
    copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
    copy_markdown = menu.addAction(
        translate("BlockView", "Copy as Markdown"), copying.copy_markdown
    )
    copy_plain = menu.addAction(translate("BlockView", "Copy as plain text"), copying.copy_plain)
    for action in (copy, copy_markdown, copy_plain):
        action.setEnabled(has_selection)
    if hit is not None:
        menu.addSeparator()
        _add_things(menu, view, hit)
        if hit.item.entry.menu:
            menu.addSeparator()
        for offered in hit.item.entry.menu:
            menu.addAction(offered.label, partial(view.press_action, hit.item, offered.id))
    menu.addSeparator()
    everything = menu.addAction(translate("BlockView", "Select all"), view.select_all)
    everything.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
    menu.addAction(translate("BlockView", "Find…"), view.find_requested.emit)
    return menu


def _add_things(menu: QMenu, view: BlockView, hit: Hit) -> None:
    """What can be copied as a whole: the message, and the link, code or table under the pointer."""
    put = view.copying.put
    source, link = hit.item.source, hit.link
    menu.addAction(translate("BlockView", "Copy message"), lambda: put(source))
    if link:
        menu.addAction(translate("BlockView", "Copy link"), lambda: put(link))
    if hit.row is None:
        return
    blocks = _whole([row.block for row in hit.item.rows or ()], hit.index)
    if hit.row.block.kind is BlockKind.CODE:
        code = "\n".join(block.source for block in blocks)
        menu.addAction(translate("BlockView", "Copy code"), lambda: put(code))
    elif hit.row.block.kind is BlockKind.TABLE:
        menu.addAction(
            translate("BlockView", "Copy table"),
            lambda: QGuiApplication.clipboard().setMimeData(table_text(blocks)),
        )


def _whole(blocks: list[Block], index: int) -> list[Block]:
    """All pieces of the block that a piece belongs to."""
    first = last = index
    while first and not blocks[first].first:
        first -= 1
    while last + 1 < len(blocks) and not blocks[last + 1].first:
        last += 1
    return blocks[first : last + 1]


def _keyboard_place(view: BlockView) -> QPoint:
    cursor = view.selection.cursor
    if cursor is not None and view.caret.is_in_sight():
        rect = view.caret.places.rect(cursor)
        return QPoint(round(rect.x()), round(rect.bottom()) - view.verticalScrollBar().value())
    return view.viewport().rect().center()
