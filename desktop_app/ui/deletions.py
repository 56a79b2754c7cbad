"""Deletes what the person wants to be rid of, and offers the way back: conversations and versions."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Signal

from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.ui.undoing import Undoing


class Deletions(QObject):
    """Deletions of the window.

    Args:
        library: Has the conversations.
        undoing: Where each of them leaves the way back.
        scope: Owns what waits for the store.
        parent: The window.
        open_conversation: Shows a conversation.
    """

    refused = Signal(object)
    """The database refused; the error follows."""
    deleted = Signal(str, str)
    """A conversation is gone; the id of the one beside it in the list follows, or its own."""

    def __init__(
        self,
        library: Library,
        undoing: Undoing,
        scope: TaskScope,
        parent: QObject,
        *,
        open_conversation: Callable[[str], Awaitable[None]],
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._undoing = undoing
        self._scope = scope
        self._open = open_conversation

    def undo(self) -> None:
        """Undo the last deletion."""
        self._undoing.undo()

    def forget(self) -> None:
        """Offer nothing to undo any more: something else is stored now."""
        self._undoing.clear()

    def delete_conversation(self, conversation_id: str, following: str) -> None:
        """Delete a conversation; ``following`` comes back with ``deleted``."""
        self._scope.start(self._delete(conversation_id, following), "delete conversation")

    def note_branch(self, conversation_id: str, message_id: str) -> None:
        """A version was deleted: offer to bring it back."""

        def restore() -> None:
            self._scope.start(self._restore_branch(conversation_id, message_id), "restore version")

        self._undoing.add(restore, self.tr("Version deleted"), self.tr("Undo"))

    async def _delete(self, conversation_id: str, following: str) -> None:
        try:
            await self._library.delete(conversation_id)
        except StoreError as error:
            self.refused.emit(error)
            return
        self._undoing.add(
            lambda: self._restore(conversation_id),
            self.tr("Conversation deleted"),
            self.tr("Undo"),
        )
        self.deleted.emit(conversation_id, following)

    def _restore(self, conversation_id: str) -> None:
        self._scope.start(self._undelete(conversation_id), "undo deletion")

    async def _undelete(self, conversation_id: str) -> None:
        try:
            await self._library.restore(conversation_id)
        except StoreError as error:
            self.refused.emit(error)
            self._undoing.add(lambda: self._restore(conversation_id))
            return
        await self._open(conversation_id)

    async def _restore_branch(self, conversation_id: str, message_id: str) -> None:
        await self._open(conversation_id)
        session = self._library.session(conversation_id)
        if session is not None and not session.restore_branch(message_id) and session.is_busy:
            # Not while an answer is on its way; the way back stays.
            self._undoing.add(
                lambda: self._scope.start(
                    self._restore_branch(conversation_id, message_id), "restore version"
                )
            )
