"""Ties what is asked for in the list of conversations to what is done, said, and undone.

Knows the library's deeds, the sidebar and the toast; which conversation is shown is the window's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop_app.chat.deeds import Deeds
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.undo import Deed, DeedKind
from desktop_app.chat.wish_deeds import wish
from desktop_app.chat.wishes import Wish
from desktop_app.domain.labels import tags_in
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import FOLDED_FOLDERS
from desktop_app.ui.conversation_list.deed_words import done_words, undone_words
from desktop_app.ui.conversation_list.grouping import Listing
from desktop_app.ui.conversation_list.menus import ConversationMenu, TrashMenu
from desktop_app.ui.conversation_list.sidebar import Sidebar
from desktop_app.ui.dialogs import ask_first, ask_line, show_rename
from desktop_app.ui.toast import Toast


@dataclass(frozen=True, slots=True)
class Navigation:
    """What the window does for this room.

    Attributes:
        shown: Returns the id of the conversation that is shown, or an empty text.
        open: Shows a conversation.
        begin: Shows an empty one.
        refuse: Says that the database refused.
    """

    shown: Callable[[], str]
    open: Callable[[str], Awaitable[None]]
    begin: Callable[[], Awaitable[None]]
    refuse: Callable[[Exception], None]


class ConversationDeeds(QObject):
    """Does what the person asks for in the sidebar.

    Args:
        library: The conversations.
        settings: Remember which folders are folded.
        sidebar: Where it is asked for.
        toast: Says what was done, and offers the way back.
        navigation: The window's part in it.
        scope: Owns the tasks.
        actions: The window's, by id; ``undo`` and ``redo`` are enabled here.
        window: Parent of the dialogs.
    """

    def __init__(
        self,
        library: Library,
        settings: SettingsStore,
        sidebar: Sidebar,
        toast: Toast,
        navigation: Navigation,
        scope: TaskScope,
        actions: dict[str, QAction],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._library = library
        self._sidebar = sidebar
        self._toast = toast
        self._navigation = navigation
        self._scope = scope
        self._actions = actions
        self._window = window
        self._deeds = Deeds(library)
        # What is shown after a deed is part of it: the next one finds that done.
        self._turn = asyncio.Lock()
        self._deeds.stack.subscribe(self._enable)
        for name in ("undo", "redo"):
            # A key that is held down must not undo a whole day.
            actions[name].setAutoRepeat(False)
        self._enable()
        sidebar.set_folded(settings.text(FOLDED_FOLDERS).splitlines())
        sidebar.delete_requested.connect(self._on_delete)
        sidebar.rename_requested.connect(self._on_rename)
        sidebar.restore_requested.connect(self._on_restore)
        sidebar.erase_requested.connect(self._on_erase)
        sidebar.menu_requested.connect(self._on_menu)
        sidebar.listing_chosen.connect(self._show_aside)
        sidebar.folds_changed.connect(
            lambda folders: settings.set(FOLDED_FOLDERS, "\n".join(folders))
        )
        library.subscribe(self._show_aside)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of this room do, by their ids."""
        return {"undo": self.undo, "redo": self.redo}

    def start(self) -> None:
        """Delete for good, in the background, what has been in the trash long enough."""
        self._scope.start(self._erase_expired(), "empty old trash")

    def undo(self) -> None:
        """Undo what was done last."""
        self._scope.start(self._in_turn(self._undo), "undo")

    def redo(self) -> None:
        """Do again what was undone last."""
        self._scope.start(self._in_turn(self._redo), "redo")

    def forget(self) -> None:
        """Offer nothing to undo or redo any more: something else is stored now."""
        self._deeds.stack.clear()

    def note_version(self, conversation_id: str, message_id: str) -> None:
        """A version was deleted: say so, and let it be undone."""
        if not self._deeds.is_redoing(conversation_id, message_id):
            self._do(
                partial(self._deeds.note_version, conversation_id, message_id), "note version", ()
            )

    def wish(self, kind: DeedKind, conversation_id: str, wanted: Mapping[str, Wish]) -> None:
        """Want something else of messages in later requests; say so, and let it be undone."""
        work = partial(wish, self._library, self._deeds.stack, kind, conversation_id, wanted)
        self._do(work, "wish", ())

    async def _erase_expired(self) -> None:
        try:
            await self._library.trash.erase_expired()
        except StoreError as error:
            self._navigation.refuse(error)

    async def _in_turn(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            await work()

    async def _undo(self) -> None:
        following = self._following(())
        try:
            deed = await self._deeds.stack.undo()
        except (StoreError, KeyError) as error:
            self._navigation.refuse(error)
            return
        if deed is None:
            return
        self._toast.say(undone_words(deed), self.tr("Redo"), self.redo)
        await self._show_what_came(deed, came_back=deed.kind in {DeedKind.DELETE, DeedKind.VERSION})
        await self._show_what_is_left(following)

    async def _redo(self) -> None:
        last = self._deeds.stack.last
        following = self._following(())
        try:
            deed = await self._deeds.stack.redo()
        except (StoreError, KeyError) as error:
            self._navigation.refuse(error)
            return
        if deed is not None and deed is not last:
            self._say_done(deed)
            await self._show_what_came(
                deed, came_back=deed.kind in {DeedKind.RESTORE, DeedKind.VERSION}
            )
            await self._show_what_is_left(following)

    def _do(self, work: Callable[[], Awaitable[None]], name: str, ids: Sequence[str]) -> None:
        self._scope.start(self._in_turn(partial(self._done, work, ids)), name)

    async def _done(self, work: Callable[[], Awaitable[None]], ids: Sequence[str]) -> None:
        """Wait for a deed, say that it was done, and show what is left when it took what was shown."""
        before = self._deeds.stack.last
        following = self._following(ids)
        try:
            await work()
        except (StoreError, KeyError) as error:
            self._navigation.refuse(error)
        deed = self._deeds.stack.last
        if deed is not None and deed is not before:
            self._say_done(deed)
        await self._show_what_is_left(following)

    def _say_done(self, deed: Deed) -> None:
        self._toast.say(done_words(deed), self.tr("Undo"), self.undo)

    def _following(self, ids: Sequence[str]) -> list[str]:
        """Return what could be shown instead of what is, the nearest first: below, then above."""
        listed = self._sidebar.ids()
        shown = self._navigation.shown()
        place = listed.index(shown) if shown in listed else 0
        candidates = (*listed[place:], *reversed(listed[:place]))
        return [item for item in candidates if item not in ids and item != shown]

    async def _show_what_came(self, deed: Deed, *, came_back: bool) -> None:
        if came_back and self._library.find(deed.ids[0]) is not None:
            await self._navigation.open(deed.ids[0])

    async def _show_what_is_left(self, following: Sequence[str]) -> None:
        shown = self._navigation.shown()
        if not shown or self._library.session(shown) is not None:
            return
        left = (item for item in (shown, *following) if self._library.find(item) is not None)
        if found := next(left, ""):
            await self._navigation.open(found)
        else:
            await self._navigation.begin()

    def _on_delete(self, ids: tuple[str, ...]) -> None:
        self._do(partial(self._deeds.delete, ids), "delete conversations", ids)

    def _on_rename(self, conversation_id: str) -> None:
        if (found := self._library.find(conversation_id)) is not None:
            show_rename(
                found.title,
                self._window,
                lambda title: self._do(
                    partial(self._deeds.rename, conversation_id, title),
                    "rename",
                    (conversation_id,),
                ),
            )

    def _on_restore(self, ids: tuple[str, ...]) -> None:
        self._do(partial(self._deeds.restore, ids), "restore conversations", ids)

    def _on_erase(self, ids: tuple[str, ...]) -> None:
        """Ask before conversations go for good: these, or with none all that is in the trash."""
        if ids:
            question = self.tr("Delete what is selected for good?")
            label = self.tr("Delete for good")
        else:
            question = self.tr("Delete everything in the trash for good?")
            label = self.tr("Empty trash")
        advice = self.tr("This cannot be undone.")
        ask_first(
            question,
            advice,
            label,
            self._window,
            lambda: self._scope.start(self._erase(ids), "erase conversations"),
        )

    async def _erase(self, ids: tuple[str, ...]) -> None:
        try:
            gone = ids or [item.id for item in await self._library.trash.list()]
            await self._deeds.erase(gone)
        except StoreError as error:
            self._navigation.refuse(error)
        await self._show_trash()

    def _show_aside(self) -> None:
        """Tell the sidebar what stands in the archive and, where it is shown, in the trash."""
        self._sidebar.set_conversations(self._library.archived, Listing.ARCHIVE)
        if self._sidebar.listing is Listing.TRASH:
            self._scope.start(self._show_trash(), "list the trash")

    async def _show_trash(self) -> None:
        try:
            trash = await self._library.trash.list()
        except StoreError as error:
            self._navigation.refuse(error)
            return
        self._sidebar.set_conversations(trash, Listing.TRASH)

    def _on_menu(self, ids: tuple[str, ...], place: QPoint) -> None:
        if self._sidebar.listing is Listing.TRASH:
            in_trash = TrashMenu(self._window)
            in_trash.restore_wanted.connect(lambda: self._on_restore(ids))
            in_trash.erase_wanted.connect(lambda: self._on_erase(ids))
            in_trash.popup(place)
            return
        items = [item for item in map(self._library.find, ids) if item is not None]
        if not items:
            return
        do, deeds = self._do, self._deeds
        menu = ConversationMenu(items, self._library.folders, self._library.tags, self._window)
        menu.pin_chosen.connect(lambda yes: do(partial(deeds.pin, ids, pinned=yes), "pin", ids))
        menu.archive_chosen.connect(
            lambda yes: do(partial(deeds.archive, ids, archived=yes), "archive", ids)
        )
        menu.folder_chosen.connect(lambda name: do(partial(deeds.move, ids, name), "move", ids))
        menu.folder_wanted.connect(lambda: self._ask_folder(ids))
        menu.tag_chosen.connect(lambda tag, yes: self._tag(ids, (tag,), given=yes))
        menu.tags_wanted.connect(lambda: self._ask_tags(ids))
        menu.rename_wanted.connect(lambda: self._on_rename(ids[0]))
        menu.duplicate_wanted.connect(lambda: do(partial(deeds.duplicate, ids), "duplicate", ()))
        menu.export_wanted.connect(lambda: self._sidebar.export_requested.emit(ids))
        menu.empty_wanted.connect(lambda: do(partial(deeds.empty, ids[0]), "remove messages", ()))
        menu.delete_wanted.connect(lambda: self._on_delete(ids))
        menu.popup(place)

    def _tag(self, ids: tuple[str, ...], tags: tuple[str, ...], *, given: bool) -> None:
        add, remove = (tags, ()) if given else ((), tags)
        self._do(partial(self._deeds.tag, ids, add=add, remove=remove), "tag", ids)

    def _ask_folder(self, ids: tuple[str, ...]) -> None:
        ask_line(
            self.tr("Move to a new folder"),
            self.tr("Name of the folder"),
            "",
            self._window,
            lambda name: self._do(partial(self._deeds.move, ids, name), "move", ids),
        )

    def _ask_tags(self, ids: tuple[str, ...]) -> None:
        ask_line(
            self.tr("New tags"),
            self.tr("Tags, parted by spaces"),
            "",
            self._window,
            lambda text: self._tag(ids, tags_in(text, self._library.tags), given=True),
        )

    def _enable(self) -> None:
        self._actions["undo"].setEnabled(self._deeds.stack.last is not None)
        self._actions["redo"].setEnabled(self._deeds.stack.can_redo)
