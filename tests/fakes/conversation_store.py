"""A ``ConversationStore`` in memory."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from desktop_app.chat.ports import Imported, StoreError, nothing_done
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.delta import Delta
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Message
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.permission import Permission
from desktop_app.domain.tree import TreeNode


class MemoryConversationStore:
    """A ``ConversationStore`` in dictionaries; passes the same contract as the one on a disk.

    Set ``failure`` and every method raises it until it is ``None`` again, like a disk that is full.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.deleted: dict[str, float] = {}
        self.messages: dict[str, Message] = {}
        self.deltas: dict[str, list[Delta]] = {}
        self.exchanges: dict[str, ExchangeRecord] = {}
        self.sources: dict[str, str] = {}
        self.failure: StoreError | None = None
        self.branches_deleted: dict[str, frozenset[str]] = {}
        self.branches_deleted_at: dict[str, float] = {}
        self.permissions: dict[tuple[str, str, str], Permission] = {}
        self._owners: dict[str, str] = {}
        self._clock = clock

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
        self.conversations[conversation.id] = replace(conversation, deleted_at=None)

    async def delete_conversation(self, conversation_id: str) -> None:
        self._refuse()
        if conversation_id in self.conversations:
            self.deleted.setdefault(conversation_id, self._clock())

    async def restore_conversation(self, conversation_id: str) -> None:
        self._refuse()
        self.deleted.pop(conversation_id, None)

    async def list_trash(self) -> tuple[Conversation, ...]:
        self._refuse()
        found = [
            replace(self.conversations[id_], deleted_at=at) for id_, at in self.deleted.items()
        ]
        order = list(self.conversations)
        return tuple(sorted(found, key=lambda c: (-(c.deleted_at or 0.0), -order.index(c.id))))

    async def erase_conversation(self, conversation_id: str) -> None:
        self._refuse()
        if conversation_id not in self.deleted:
            return
        del self.deleted[conversation_id], self.conversations[conversation_id]
        self.permissions = {k: p for k, p in self.permissions.items() if k[0] != conversation_id}
        for message_id in [id_ for id_, o in self._owners.items() if o == conversation_id]:
            self._forget_message(message_id)

    async def copy_conversation(self, conversation_id: str, copy: Conversation) -> Conversation:
        self._refuse()
        if conversation_id not in self.conversations:
            raise StoreError("no conversation with this id")
        owned = [m for m in self.messages.values() if self._owners[m.id] == conversation_id]
        ids = {message.id: new_id() for message in owned if message.is_final}
        for message in owned:
            if message.is_final:
                new, parent = ids[message.id], message.parent
                self.messages[new] = replace(message, id=new, parent=parent and ids[parent])
                self._owners[new] = copy.id
        head = self.conversations[conversation_id].head
        if head is not None and head not in ids:
            head = self.messages[head].parent
        self.conversations[copy.id] = replace(copy, head=head and ids[head], deleted_at=None)
        return self.conversations[copy.id]

    async def load_branch(
        self, conversation_id: str, head: str | None = None
    ) -> tuple[Message, ...]:
        self._refuse()
        conversation = self.conversations.get(conversation_id)
        next_id = head or (conversation.head if conversation else None)
        if self._owners.get(next_id or "") != conversation_id or next_id in self._gone:
            return ()
        branch: list[Message] = []
        while next_id is not None:
            branch.append(self._so_far(self.messages[next_id]))
            next_id = branch[-1].parent
        return tuple(reversed(branch))

    async def load_outline(self, conversation_id: str) -> tuple[TreeNode, ...]:
        self._refuse()
        return tuple(
            TreeNode(message.id, message.parent)
            for message in self.messages.values()
            if self._owners[message.id] == conversation_id and message.id not in self._gone
        )

    async def delete_branch(self, conversation: Conversation, message_id: str) -> None:
        self._refuse()
        outline = await self.load_outline(conversation.id)
        if message_id not in {node.id for node in outline}:
            raise StoreError("the message is not in this conversation")
        below = {message_id}
        for node in outline:
            if node.parent in below:
                below.add(node.id)
        if conversation.head in below:
            raise StoreError("the head would be deleted")
        await self.save_conversation(conversation)
        self._mark_deleted(message_id, below)

    async def delete_messages(self, conversation_id: str) -> tuple[str, ...]:
        self._refuse()
        outline = await self.load_outline(conversation_id)
        tops = {node.id: {node.id} for node in outline if node.parent is None}
        for node in outline:
            for below in tops.values():
                if node.parent in below:
                    below.add(node.id)
        conversation = self.conversations[conversation_id]
        self.conversations[conversation_id] = replace(conversation, head=None)
        for top, below in tops.items():
            self._mark_deleted(top, below)
        return tuple(tops)

    async def restore_branches(
        self, conversation: Conversation, message_ids: Sequence[str]
    ) -> None:
        self._refuse()
        if any(self._owners.get(message_id) != conversation.id for message_id in message_ids):
            raise StoreError("the message is not in this conversation")
        for message_id in message_ids:
            self.branches_deleted.pop(message_id, None)
        await self.save_conversation(conversation)

    async def erase_branches(self, before: float, limit: int) -> int:
        self._refuse()
        expired = {
            message_id
            for top, below in self.branches_deleted.items()
            if self.branches_deleted_at[top] < before
            for message_id in below
        }
        # Those below are always younger.
        gone = [message_id for message_id in self._owners if message_id in expired][::-1][:limit]
        for message_id in gone:
            self._forget_message(message_id)
        for top, below in tuple(self.branches_deleted.items()):
            left = below.difference(gone)
            if left:
                self.branches_deleted[top] = left
            else:
                del self.branches_deleted[top]
        return len(gone)

    def _mark_deleted(self, top: str, below: Iterable[str]) -> None:
        self.branches_deleted[top] = frozenset(below)
        self.branches_deleted_at[top] = self._clock()

    def _forget_message(self, message_id: str) -> None:
        del self._owners[message_id], self.messages[message_id]
        self.deltas.pop(message_id, None)
        self.exchanges = {k: e for k, e in self.exchanges.items() if e.message_id != message_id}

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

    async def save_wishes(self, messages: Sequence[Message]) -> None:
        self._refuse()
        for message in messages:
            if (stored := self.messages.get(message.id)) is not None:
                self.messages[message.id] = replace(
                    stored, sending=message.sending, summary=message.summary
                )

    async def save_exchange(self, record: ExchangeRecord) -> None:
        self._refuse()
        if record.message_id not in self.messages:
            raise StoreError("no message with this id")
        self.exchanges.pop(record.id, None)
        self.exchanges[record.id] = record

    async def load_exchanges(self, message_id: str) -> tuple[ExchangeRecord, ...]:
        self._refuse()
        return tuple(r for r in self.exchanges.values() if r.message_id == message_id)

    @property
    def _gone(self) -> frozenset[str]:
        return frozenset().union(*self.branches_deleted.values())

    async def load_tree(self, conversation_id: str) -> ConversationTree:
        self._refuse()
        if conversation_id not in self.conversations:
            raise StoreError("no such conversation")
        ids = [
            id_
            for id_ in self.messages
            if self._owners[id_] == conversation_id and id_ not in self._gone
        ]
        records = self.exchanges.values()
        return ConversationTree(
            self.conversations[conversation_id],
            tuple(self._so_far(self.messages[id_]) for id_ in ids),
            tuple(record for id_ in ids for record in records if record.message_id == id_),
            self.sources.get(conversation_id, ""),
        )

    async def import_conversations(
        self, trees: Sequence[ConversationTree], on_stored: Callable[[int], None] = nothing_done
    ) -> Imported:
        self._refuse()
        for tree in trees:
            tree.check()
            if not all(message.is_final for message in tree.messages):
                raise ValueError("a message that is brought in cannot be streaming")
        before = {
            name: dict(getattr(self, name))
            for name in ("conversations", "messages", "exchanges", "sources", "_owners")
        }
        ids: list[str] = []
        try:
            for wanted in reversed(trees):
                tree = wanted.with_new_ids(new_id) if self._is_taken(wanted) else wanted
                self.conversations[tree.conversation.id] = tree.conversation
                for message in tree.messages:
                    self.messages[message.id] = message
                    self._owners[message.id] = tree.conversation.id
                self.exchanges.update({record.id: record for record in tree.exchanges})
                if tree.source:
                    self.sources[tree.conversation.id] = tree.source
                ids.append(tree.conversation.id)
                on_stored(len(ids))
        except BaseException:
            vars(self).update(before)
            raise
        return Imported(tuple(reversed(ids)))

    async def delete_conversations(self, conversation_ids: Sequence[str]) -> None:
        self._refuse()
        for conversation_id in conversation_ids:
            if conversation_id in self.conversations:
                self.deleted.setdefault(conversation_id, self._clock())

    async def list_sources(self) -> Mapping[str, str]:
        self._refuse()
        return {s: id_ for id_, s in self.sources.items() if id_ not in self.deleted}

    def _is_taken(self, tree: ConversationTree) -> bool:
        return (
            tree.conversation.id in self.conversations
            or any(message.id in self.messages for message in tree.messages)
            or any(record.id in self.exchanges for record in tree.exchanges)
        )

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
