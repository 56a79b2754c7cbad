"""Conversations that were deleted in this run, in order, and the way back for each."""

from collections.abc import Callable

from PySide6.QtGui import QAction

from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError


class Deletions:
    """Deletes in ``library``, and undoes the last deletion first.

    Args:
        library: Where the conversations are.
        undo_action: Can be used while there is something to undo.
        on_refused: Called with the reason when the database refuses.
    """

    def __init__(
        self, library: Library, undo_action: QAction, on_refused: Callable[[Exception], None]
    ) -> None:
        self._library = library
        self._undo_action = undo_action
        self._on_refused = on_refused
        self._deleted: list[str] = []
        self._show()

    async def delete(self, conversation_id: str) -> bool:
        """Delete a conversation; whether that was done."""
        try:
            await self._library.delete(conversation_id)
        except StoreError as error:
            self._on_refused(error)
            return False
        self._deleted.append(conversation_id)
        self._show()
        return True

    async def undo(self) -> str | None:
        """Take back the last deletion; return which conversation is there again."""
        if not self._deleted:
            return None
        conversation_id = self._deleted.pop()
        self._show()
        try:
            await self._library.restore(conversation_id)
        except StoreError as error:
            self._on_refused(error)
            self._deleted.append(conversation_id)
            self._show()
            return None
        return conversation_id

    def forget(self) -> None:
        """Offer nothing to undo any more."""
        self._deleted.clear()
        self._show()

    def _show(self) -> None:
        self._undo_action.setEnabled(bool(self._deleted))
