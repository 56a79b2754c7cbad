"""A ``DraftStore`` in memory."""

from collections.abc import Mapping
from dataclasses import replace

from desktop_app.chat.ports import StoreError
from desktop_app.demo.journal import Journal
from desktop_app.domain.draft import Draft
from tests.fakes.conversation_store import MemoryConversationStore


class MemoryDraftStore:
    """A ``DraftStore`` in a dictionary, beside a store of conversations.

    Set ``failure`` and every method raises it until it is ``None`` again.
    """

    def __init__(self, conversations: MemoryConversationStore) -> None:
        self.drafts: dict[str, Draft] = {}
        self.saved: Journal[tuple[str, Draft]] = Journal("drafts saved")
        self.failure: StoreError | None = None
        self._conversations = conversations

    async def load_drafts(self) -> Mapping[str, Draft]:
        if self.failure is not None:
            raise self.failure
        found: dict[str, Draft] = {}
        for conversation_id, draft in reversed(self.drafts.items()):
            sent = self._conversations.messages
            waiting = tuple(item for item in draft.queue if item.id not in sent)
            kept = replace(draft, queue=waiting)
            if conversation_id not in self._conversations.deleted and not kept.is_empty:
                found[conversation_id] = kept
        return found

    async def save_draft(self, conversation_id: str, draft: Draft) -> None:
        if self.failure is not None:
            raise self.failure
        self.drafts.pop(conversation_id, None)
        if not draft.is_empty:
            self.drafts[conversation_id] = draft
        self.saved.append((conversation_id, draft))
