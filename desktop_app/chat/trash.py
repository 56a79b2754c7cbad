"""How long what was deleted is kept, and the end of what has been there for longer."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from desktop_app.domain.conversation import Conversation

# The list of conversations, which is painted first, takes the number of days from here.
if TYPE_CHECKING:
    from desktop_app.chat.ports import ConversationStore

TRASH_DAYS: Final = 30
"""How long what was deleted can be brought back."""

ERASED_AT_ONCE: Final = 200
"""Most conversations that one run deletes for good by itself; the next run takes the others."""

MESSAGES_AT_ONCE: Final = 2_000
"""Most messages of deleted branches that one transaction deletes for good."""


class Trash:
    """What was deleted and can still be brought back; bringing back is the library's.

    Raises:
        StoreError: From every method, when the database refuses.

    Args:
        store: Where it is.
        clock: Seconds since the Unix epoch.
    """

    def __init__(self, store: "ConversationStore", clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    async def list(self) -> tuple[Conversation, ...]:
        """Return the conversations in it, as :meth:`ConversationStore.list_trash` does."""
        return await self._store.list_trash()

    async def erase(self, conversation_id: str) -> None:
        """Delete a conversation that is in it for good; any other is left as it is."""
        await self._store.erase_conversation(conversation_id)

    async def erase_expired(self) -> int:
        """Delete for good what was deleted more than ``TRASH_DAYS`` ago.

        Conversations, the oldest first, one transaction for each, so that nothing waits long behind
        this; then messages of branches that were deleted from a conversation.

        Returns:
            How many conversations were deleted.
        """
        before = self._clock() - TRASH_DAYS * 86_400.0
        expired = [item for item in await self.list() if (item.deleted_at or 0.0) < before]
        expired.reverse()
        for item in expired[:ERASED_AT_ONCE]:
            await self.erase(item.id)
        while await self._store.erase_branches(before, MESSAGES_AT_ONCE) == MESSAGES_AT_ONCE:
            pass
        return min(len(expired), ERASED_AT_ONCE)
