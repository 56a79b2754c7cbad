"""The deeds by which a person puts conversations in order, each done to many at once and undoable.

What is done to one conversation is the library's; here it is done to several, and the way back kept.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.chat.undo import Deed, DeedKind, UndoStack
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.labels import folder_name
from desktop_app.domain.text import one_line
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

_LONGEST_TITLE: Final = 200

_NOT_NOW: Final = QT_TRANSLATE_NOOP(
    "Storage", "While an answer is on its way, versions stay as they are."
)

_STAYS: Final = QT_TRANSLATE_NOOP("Storage", "This version could not be changed; it is as it was.")

_FIELDS: Final = ("title", "named", "pinned", "archived", "folder", "tags")
"""What a person can change in the list; only what a deed changed goes back with it."""


class Deeds:
    """Does to conversations what a person wants, and notes how it is undone.

    Every method does what it can in order. Should the database refuse one conversation, those
    before it are done, and noted, when ``StoreError`` is raised. Unknown ids are passed over.

    Args:
        library: Does it.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.stack = UndoStack()
        self._redoing = ""

    async def pin(self, ids: Iterable[str], *, pinned: bool) -> None:
        """Put conversations above all others, or back among them."""
        kind = DeedKind.PIN if pinned else DeedKind.UNPIN
        await self._amend(kind, ids, lambda item: replace(item, pinned=pinned))

    async def archive(self, ids: Iterable[str], *, archived: bool) -> None:
        """Take conversations out of the list into the archive, or back."""
        kind = DeedKind.ARCHIVE if archived else DeedKind.UNARCHIVE
        await self._amend(kind, ids, lambda item: replace(item, archived=archived))

    async def move(self, ids: Iterable[str], folder: str) -> None:
        """Put conversations into a folder, which is made by that; a blank name means none."""
        name = folder_name(folder, self._library.folders)
        await self._amend(DeedKind.MOVE, ids, lambda item: replace(item, folder=name))

    async def tag(
        self, ids: Iterable[str], add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> None:
        """Give conversations the tags ``add`` and take ``remove`` from them."""

        def change(item: Conversation) -> Conversation:
            kept = [tag for tag in (*item.tags, *add) if tag not in remove]
            return replace(item, tags=tuple(dict.fromkeys(kept)))

        await self._amend(DeedKind.TAG, ids, change)

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation the person's title; a blank one is ignored."""
        line = one_line(title, _LONGEST_TITLE)
        if line:
            await self._amend(
                DeedKind.RENAME,
                (conversation_id,),
                lambda item: replace(item, title=line, named=True),
            )

    async def delete(self, ids: Iterable[str]) -> None:
        """Move conversations to the trash."""
        await self._each(
            DeedKind.DELETE, self._known(ids), self._library.delete, self._library.restore
        )

    async def restore(self, ids: Iterable[str]) -> None:
        """Take conversations out of the trash."""
        await self._each(DeedKind.RESTORE, ids, self._library.restore, self._library.delete)

    async def duplicate(self, ids: Iterable[str]) -> None:
        """Copy conversations with all their messages."""
        async with self.stack.doing() as note:
            copies: list[str] = []
            try:
                for conversation_id in self._known(ids):
                    copy = await self._library.duplicate(conversation_id)
                    copies.append(copy.id)
            finally:
                if copies:
                    note(
                        Deed(
                            DeedKind.DUPLICATE,
                            tuple(copies),
                            partial(_all, self._library.delete, copies),
                            partial(_all, self._library.restore, copies),
                        )
                    )

    async def empty(self, conversation_id: str) -> None:
        """Delete all messages of a conversation, every branch."""
        deleted: tuple[str, ...] = ()
        head: str | None = None

        async def empty() -> None:
            nonlocal deleted, head
            if (found := self._library.find(conversation_id)) is not None and found.head:
                head = found.head
                deleted = await self._library.empty(conversation_id)

        async def refill() -> None:
            if self._library.find(conversation_id) is not None:
                await self._library.restore_branches(conversation_id, deleted, head)

        async with self.stack.doing() as note:
            await empty()
            if deleted:
                note(Deed(DeedKind.EMPTY, (conversation_id,), refill, empty))

    async def erase(self, ids: Iterable[str]) -> None:
        """Delete conversations of the trash for good. This cannot be undone, so ask first."""
        async with self.stack.doing():
            erased: list[str] = []
            try:
                for conversation_id in ids:
                    await self._library.trash.erase(conversation_id)
                    erased.append(conversation_id)
            finally:
                self.stack.forget(erased)

    def is_redoing(self, conversation_id: str, message_id: str) -> bool:
        """Whether a version is being deleted because that was undone and is now done again."""
        return self._redoing == f"{conversation_id} {message_id}"

    async def note_version(self, conversation_id: str, message_id: str) -> None:
        """Note that a version was deleted in its session: a message with all below it."""

        async def restore() -> None:
            if self._library.find(conversation_id) is None:
                return
            session = await self._library.open(conversation_id)
            if session.is_busy:
                raise StoreError(_NOT_NOW)
            if session.branches.way_through(message_id):
                return
            if session.restore_branch(message_id):
                await session.settled()
            else:
                # The session that deleted it was closed since, and what it knew of it is gone.
                head = session.conversation.head
                await self._library.restore_branches(conversation_id, (message_id,), head)
                session = await self._library.open_at(conversation_id, message_id)
                await session.settled()
            if not session.branches.way_through(message_id):
                raise StoreError(_STAYS)

        async def delete() -> None:
            if self._library.find(conversation_id) is None:
                return
            session = await self._library.open(conversation_id)
            if session.is_busy:
                raise StoreError(_NOT_NOW)
            self._redoing = f"{conversation_id} {message_id}"
            try:
                session.delete_branch(message_id)
                await session.settled()
            finally:
                self._redoing = ""
            if session.branches.way_through(message_id):
                raise StoreError(_STAYS)

        async with self.stack.doing() as note:
            note(Deed(DeedKind.VERSION, (conversation_id,), restore, delete))

    def _known(self, ids: Iterable[str]) -> Iterator[str]:
        return (item for item in ids if self._library.find(item) is not None)

    async def _each(
        self,
        kind: DeedKind,
        ids: Iterable[str],
        do: Callable[[str], Awaitable[None]],
        undo: Callable[[str], Awaitable[None]],
    ) -> None:
        async with self.stack.doing() as note:
            done: list[str] = []
            try:
                for conversation_id in ids:
                    await do(conversation_id)
                    done.append(conversation_id)
            finally:
                if done:
                    note(
                        Deed(kind, tuple(done), partial(_all, undo, done), partial(_all, do, done))
                    )

    async def _amend(
        self, kind: DeedKind, ids: Iterable[str], change: Callable[[Conversation], Conversation]
    ) -> None:
        async with self.stack.doing() as note:
            before: dict[str, Conversation] = {}
            after: dict[str, Conversation] = {}
            try:
                for conversation_id in ids:
                    old = self._library.find(conversation_id)
                    if old is None or (new := change(old)) == old:
                        continue
                    await self._library.amend(conversation_id, change)
                    before[conversation_id], after[conversation_id] = old, new
            finally:
                if before:
                    back, again = (
                        partial(self._carry, after, before),
                        partial(self._carry, before, after),
                    )
                    note(Deed(kind, tuple(before), back, again))

    async def _carry(
        self, source: Mapping[str, Conversation], target: Mapping[str, Conversation]
    ) -> None:
        """Give each conversation what ``target`` has otherwise than ``source``."""
        for conversation_id, wanted in target.items():
            if self._library.find(conversation_id) is None:
                continue
            changes: dict[str, Any] = {
                name: getattr(wanted, name)
                for name in _FIELDS
                if getattr(wanted, name) != getattr(source[conversation_id], name)
            }
            await self._library.amend(conversation_id, partial(_with, changes))


def _with(changes: Mapping[str, Any], conversation: Conversation) -> Conversation:
    return replace(conversation, **changes)


async def _all(do: Callable[[str], Awaitable[None]], ids: Sequence[str]) -> None:
    for conversation_id in ids:
        await do(conversation_id)
