"""How long the trash keeps what was deleted, and the end of what has been there for longer."""

from typing import Final

from desktop_app.chat.ports import ConversationStore
from desktop_app.domain.conversation import Conversation

TRASH_DAYS: Final = 30
"""How long what was deleted can be brought back."""

ERASED_AT_ONCE: Final = 200
"""Most conversations that one run deletes for good by itself; the next run takes the others."""


async def erase_expired(store: ConversationStore, now: float) -> int:
    """Delete for good what has been in the trash for longer than ``TRASH_DAYS``.

    The oldest goes first, one transaction for each, so that nothing waits long behind this.

    Args:
        store: Where the trash is.
        now: Seconds since the Unix epoch.

    Returns:
        How many were deleted.

    Raises:
        StoreError: When the database refuses.
    """
    before = now - TRASH_DAYS * 86_400.0
    expired = [item for item in await store.list_trash() if _deleted_at(item) < before]
    expired.reverse()
    for item in expired[:ERASED_AT_ONCE]:
        await store.erase_conversation(item.id)
    return min(len(expired), ERASED_AT_ONCE)


def _deleted_at(conversation: Conversation) -> float:
    return conversation.deleted_at or 0.0
