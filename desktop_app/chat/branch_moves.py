"""Goes from one branch of a conversation to another, deletes branches and brings them back.

What needs the store is a task of its own; while one runs, nothing may be added to the conversation.
"""

from collections.abc import Coroutine
from dataclasses import replace

from desktop_app.chat.events import BranchDeleted, BranchShown, BranchTrouble, Status
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.chat.ports import StoreError


class BranchMoves:
    """Moves a session between its branches; the session says when that may be done.

    Args:
        desk: Whose branches they are; its saves own the tasks, so that Stop does not end them.
    """

    def __init__(self, desk: OpenConversation) -> None:
        self._desk = desk
        self._branches = desk.branches
        # By the message a branch was deleted at: what went with it, and the head before.
        self._deleted: dict[str, tuple[frozenset[str], str]] = {}
        self.is_running = False

    def show(self, message_id: str) -> bool:
        """Show the branch through a message; ``False`` when there is no such message."""
        way = self._branches.way_through(message_id)
        if not way:
            return False
        if self._branches.has(way):
            self._show(way)
        else:
            self._start(self._read_and_show(way), f"show {message_id}")
        return True

    def delete(self, message_id: str) -> bool:
        """Delete a message and all below it; ``False`` when nothing would be left."""
        if not self._branches.way_through(message_id):
            return False
        way = self._branches.way_without(message_id)
        if way:
            self._start(self._delete(message_id, way), f"delete {message_id}")
        return bool(way)

    def restore(self, message_id: str) -> bool:
        """Undo a deletion of this run; ``False`` when there is none, or a later one covers it."""
        if message_id not in self._deleted or not self._branches.hangs(message_id):
            return False
        self._start(self._restore(message_id), f"restore {message_id}")
        return True

    def _start(self, work: Coroutine[None, None, None], name: str) -> None:
        self.is_running = True
        self._desk.saves.start(self._run(work), name)

    async def _run(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except StoreError as error:
            self._desk.emit(BranchTrouble(str(error)))
        finally:
            self.is_running = False

    async def _read_and_show(self, way: tuple[str, ...]) -> None:
        await self._branches.load(way)
        self._show(way)

    async def _delete(self, message_id: str, way: tuple[str, ...]) -> None:
        await self._branches.load(way)
        # What the store has not taken yet cannot be deleted there.
        await self._desk.ledger.write()
        conversation = self._desk.conversation
        await self._desk.store.delete_branch(replace(conversation, head=way[-1]), message_id)
        hidden = self._branches.hide(message_id)
        self._deleted[message_id] = hidden, conversation.head or way[-1]
        self._show(way)
        self._desk.emit(BranchDeleted(message_id))

    async def _restore(self, message_id: str) -> None:
        hidden, head = self._deleted[message_id]
        conversation = replace(self._desk.conversation, head=head)
        await self._desk.store.restore_branches(conversation, (message_id,))
        del self._deleted[message_id]
        self._branches.unhide(hidden)
        self._show(self._branches.way_through(head))

    def _show(self, way: tuple[str, ...]) -> None:
        kept, replaced = self._branches.show(way)
        self._desk.emit(BranchShown(self._branches.shown, kept, replaced))
        self._desk.change(replace(self._desk.conversation, head=way[-1]))
        # What is said of an answer that failed or was stopped is said of one that is not shown.
        self._desk.set_status(Status())
