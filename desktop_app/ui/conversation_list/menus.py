"""The context menus of the list: one for all conversations that are selected."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.domain.conversation import Conversation
from desktop_app.ui.icons import icon
from desktop_app.ui.theming import current_tokens

_MOST_LISTED = 20


class ConversationMenu(QMenu):
    """What can be done with conversations of the list or the archive; deletes itself when closed.

    Args:
        items: The conversations, at least one.
        folders: The folders there are.
        tags: The tags there are.
        parent: Of the menu.

    Signals:
        pin_chosen(bool): Pin or unpin all.
        archive_chosen(bool): Archive all, or take all out of the archive.
        folder_chosen(str): Move all there; the empty one is none.
        folder_wanted(): Move all into a folder that is yet to be named.
        tag_chosen(str, bool): Give this tag to all, or take it from all.
        tags_wanted(): Give all tags that are yet to be named.
    """

    pin_chosen = Signal(bool)
    archive_chosen = Signal(bool)
    folder_chosen = Signal(str)
    folder_wanted = Signal()
    tag_chosen = Signal(str, bool)
    tags_wanted = Signal()
    rename_wanted = Signal()
    duplicate_wanted = Signal()
    export_wanted = Signal()
    empty_wanted = Signal()
    delete_wanted = Signal()

    def __init__(
        self,
        items: Sequence[Conversation],
        folders: Sequence[str],
        tags: Sequence[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._items = items
        pinned = all(item.pinned for item in items)
        archived = all(item.archived for item in items)
        if not archived:
            words = self.tr("Unpin") if pinned else self.tr("Pin")
            self._add(self, words, "pin", lambda: self.pin_chosen.emit(not pinned))
        if len(items) == 1:
            self._add(self, self.tr("Rename…"), "pencil", self.rename_wanted.emit)
        self._add_folders(folders)
        self._add_tags(tags)
        self._add(self, self.tr("Duplicate"), "copy", self.duplicate_wanted.emit)
        self._add(self, self.tr("Export…"), "export", self.export_wanted.emit)
        words = self.tr("Take out of the archive") if archived else self.tr("Archive")
        self._add(self, words, "archive", lambda: self.archive_chosen.emit(not archived))
        self.addSeparator()
        if len(items) == 1 and items[0].head is not None:
            self._add(self, self.tr("Remove all messages"), "close", self.empty_wanted.emit)
        self._add(self, self.tr("Delete"), "trash", self.delete_wanted.emit)

    def _add_folders(self, folders: Sequence[str]) -> None:
        menu = self.addMenu(icon("folder", current_tokens().text_muted), self.tr("Move to folder"))
        common = {item.folder for item in self._items}
        for name in folders[:_MOST_LISTED]:
            action = self._add(menu, _literal(name), "", partial(self.folder_chosen.emit, name))
            action.setCheckable(True)
            action.setChecked(common == {name})
        if folders:
            menu.addSeparator()
        self._add(menu, self.tr("New folder…"), "", self.folder_wanted.emit)
        if common != {""}:
            self._add(menu, self.tr("No folder"), "", lambda: self.folder_chosen.emit(""))

    def _add_tags(self, tags: Sequence[str]) -> None:
        menu = self.addMenu(icon("tag", current_tokens().text_muted), self.tr("Tags"))
        for tag in tags[:_MOST_LISTED]:
            on_all = all(tag in item.tags for item in self._items)
            action = self._add(
                menu,
                _literal(tag),
                "",
                partial(self.tag_chosen.emit, tag, not on_all),
            )
            action.setCheckable(True)
            action.setChecked(on_all)
        if tags:
            menu.addSeparator()
        self._add(menu, self.tr("New tag…"), "", self.tags_wanted.emit)

    def _add(self, menu: QMenu, words: str, picture: str, slot: Callable[[], object]) -> QAction:
        action = QAction(words, menu)
        if picture:
            action.setIcon(icon(picture, current_tokens().text_muted))
        action.triggered.connect(lambda _=False: slot())
        menu.addAction(action)
        return action


class TrashMenu(QMenu):
    """What can be done with conversations in the trash; deletes itself when closed."""

    restore_wanted = Signal()
    erase_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, signal in (
            (self.tr("Restore"), self.restore_wanted),
            (self.tr("Delete for good…"), self.erase_wanted),
        ):
            action = QAction(words, self)
            action.triggered.connect(lambda _=False, signal=signal: signal.emit())
            self.addAction(action)


def _literal(name: str) -> str:
    """Return ``name`` so that a menu shows its ampersands instead of underlining what follows."""
    return name.replace("&", "&&")
