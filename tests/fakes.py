"""One fake for each port of ``chat``; each passes the same contract as the real room."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from desktop_app.chat.ports import StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta
from desktop_app.domain.keyring_state import KeyReading, KeyringState, KeyWriting
from desktop_app.domain.message import Message
from desktop_app.domain.message_builder import MessageBuilder


class MemoryConversationStore:
    """A ``ConversationStore`` in dictionaries; passes the same contract as the one on a disk.

    Set ``failure`` and every method raises it until it is ``None`` again, like a disk that is full.
    """

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.deleted: set[str] = set()
        self.messages: dict[str, Message] = {}
        self.deltas: dict[str, list[Delta]] = {}
        self.failure: StoreError | None = None
        self._owners: dict[str, str] = {}

    async def list_conversations(self) -> tuple[Conversation, ...]:
        self._refuse()
        # Made last comes first among equals, for the sort is stable.
        shown = [c for c in reversed(self.conversations.values()) if c.id not in self.deleted]
        return tuple(sorted(shown, key=lambda c: -c.updated_at))

    async def save_conversation(self, conversation: Conversation) -> None:
        self._refuse()
        stored = self.conversations.get(conversation.id)
        if not self._has_head(conversation):
            conversation = replace(conversation, head=stored.head if stored else None)
        self.conversations[conversation.id] = conversation

    async def delete_conversation(self, conversation_id: str) -> None:
        self._refuse()
        if conversation_id in self.conversations:
            self.deleted.add(conversation_id)

    async def restore_conversation(self, conversation_id: str) -> None:
        self._refuse()
        self.deleted.discard(conversation_id)

    async def load_branch(self, conversation_id: str) -> tuple[Message, ...]:
        self._refuse()
        conversation = self.conversations.get(conversation_id)
        branch: list[Message] = []
        next_id = conversation.head if conversation else None
        while next_id is not None:
            branch.append(self._so_far(self.messages[next_id]))
            next_id = branch[-1].parent
        return tuple(reversed(branch))

    async def add_messages(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        self._refuse()
        known = {id_ for id_, owner in self._owners.items() if owner == conversation.id}
        for message in messages:
            if message.id in self.messages or message.id in known:
                raise StoreError("a message with this id is there already")
            if message.parent is not None and message.parent not in known:
                raise StoreError("the parent is not in this conversation")
            known.add(message.id)
        if not self._has_head(conversation, known):
            raise StoreError("the head is not in this conversation")
        self.conversations[conversation.id] = conversation
        for message in messages:
            self.messages[message.id] = message
            self._owners[message.id] = conversation.id

    async def append_deltas(self, message_id: str, deltas: Sequence[Delta]) -> None:
        self._refuse()
        if not deltas:
            return
        message = self.messages.get(message_id)
        if message is None or message.is_final:
            raise StoreError("no message with this id is streaming")
        self.deltas.setdefault(message_id, []).extend(deltas)

    async def finish_message(self, message: Message) -> None:
        self._refuse()
        if not message.is_final:
            raise ValueError("a message that is finished cannot be streaming")
        if message.id not in self.messages:
            raise StoreError("no message with this id")
        # Its place in the tree was decided when it was added.
        first = self.messages[message.id]
        self.messages[message.id] = replace(
            message, parent=first.parent, role=first.role, created_at=first.created_at
        )
        self.deltas.pop(message.id, None)

    def _so_far(self, message: Message) -> Message:
        if message.is_final or message.id not in self.deltas:
            return message
        builder = MessageBuilder(clock=lambda: 0.0)
        builder.add(self.deltas[message.id])
        return replace(
            message,
            parts=(*message.parts, *builder.parts),
            usage=builder.usage or message.usage,
            finish_reason=builder.finish_reason or message.finish_reason,
            notices=tuple(dict.fromkeys((*message.notices, *builder.notices))),
        )

    def _has_head(self, conversation: Conversation, known: Collection[str] = ()) -> bool:
        head = conversation.head
        return head is None or head in known or self._owners.get(head) == conversation.id

    def _refuse(self) -> None:
        if self.failure is not None:
            raise self.failure


class MemoryKeyStore:
    """A ``KeyStore`` without a keyring.

    ``items`` is what the keyring holds, by account, and may be shared by several runs; ``this_run``
    is what was written or read in this one. Any ``state`` but ``READY`` refuses every call.
    """

    def __init__(
        self, items: dict[str, str] | None = None, state: KeyringState = KeyringState.READY
    ) -> None:
        self.items = {} if items is None else items
        self.this_run: dict[str, str] = {}
        self.state = state
        self._not_kept: set[str] = set()

    async def read(self, account: str, *, timeout: float | None = 10.0) -> KeyReading:
        if self.state is KeyringState.READY and account not in self._not_kept:
            self.this_run.pop(account, None)
            if account in self.items:
                self.this_run[account] = self.items[account]
        key = self.this_run.get(account)
        kept = key is not None and account not in self._not_kept
        return KeyReading(key, self.state, kept)

    async def write(self, account: str, key: str, *, timeout: float | None = None) -> KeyWriting:
        self.this_run[account] = key
        kept = self.state is KeyringState.READY
        if kept:
            self.items[account] = key
            self._not_kept.discard(account)
        else:
            self._not_kept.add(account)
        return KeyWriting(self.state, kept)

    async def delete(self, account: str, *, timeout: float | None = None) -> KeyWriting:
        self.this_run.pop(account, None)
        self._not_kept.discard(account)
        if self.state is KeyringState.READY:
            self.items.pop(account, None)
        may_remain = self.state not in {KeyringState.READY, KeyringState.ABSENT}
        return KeyWriting(self.state, may_remain)
