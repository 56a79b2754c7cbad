"""One fake for each port of ``chat``; each passes the same contract as the real room."""

import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TypeAlias

from desktop_app.chat.ports import ChatRequest, Imported, StoreError, nothing, nothing_done
from desktop_app.demo.journal import Gate, Journal
from desktop_app.domain.backup import Backup, BackupReason, Damage
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.delta import Delta
from desktop_app.domain.draft import Draft
from desktop_app.domain.errors import ChatError
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.ids import new_id
from desktop_app.domain.keyring_state import KeyReading, KeyringState, KeyWriting
from desktop_app.domain.message import Json, Message, Text, Thought
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.permission import Permission
from desktop_app.domain.search import (
    MOST_COUNTED,
    ConversationHits,
    Hit,
    Scope,
    SearchQuery,
    SearchResult,
    Tally,
    scope_of,
    searched_text,
)
from desktop_app.domain.search_text import excerpt, matches, parse
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
            del self._owners[message_id], self.messages[message_id]
            self.deltas.pop(message_id, None)
            self.exchanges = {k: e for k, e in self.exchanges.items() if e.message_id != message_id}

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
        self.branches_deleted[message_id] = frozenset(below)

    async def restore_branch(self, conversation: Conversation, message_id: str) -> None:
        self._refuse()
        if self._owners.get(message_id) != conversation.id:
            raise StoreError("the message is not in this conversation")
        self.branches_deleted.pop(message_id, None)
        await self.save_conversation(conversation)

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


class MemorySearch:
    """A ``ConversationSearch`` that reads every text of a ``MemoryConversationStore``."""

    def __init__(self, store: MemoryConversationStore) -> None:
        self.store = store
        self.listeners: list[Callable[[], None]] = []
        self.queries: list[SearchQuery] = []

    async def search(self, query: SearchQuery) -> SearchResult:
        self.queries.append(query)
        self.store._refuse()
        terms = parse(query.text)
        counts = dict.fromkeys(Scope, 0)
        hits: dict[str, list[Hit]] = {}
        left = query.limit
        for message in reversed(self.store.messages.values() if terms else ()):
            conversation = self.store.conversations[self.store._owners[message.id]]
            if (
                message.id in self.store._gone
                or (conversation.id in self.store.deleted) is not query.in_trash
                or query.model not in {None, message.model or conversation.model}
                or (query.since is not None and message.created_at < query.since)
                or (query.until is not None and message.created_at >= query.until)
            ):
                continue
            for position, part in reversed(list(enumerate(message.parts))):
                text = searched_text(part)
                if not matches(terms, text):
                    continue
                scope = scope_of(part, message.role)
                counts[scope] += 1
                if scope in query.scopes and left:
                    left -= 1
                    line, ranges = excerpt(terms, text)
                    hits.setdefault(conversation.id, []).append(
                        Hit(message.id, position, scope, message.created_at, line, ranges)
                    )
        return SearchResult(
            tuple(
                ConversationHits(key, self.store.conversations[key].title, tuple(own))
                for key, own in hits.items()
            ),
            {
                scope: Tally(min(number, MOST_COUNTED), number > MOST_COUNTED)
                for scope, number in counts.items()
            },
        )

    def note_change(self) -> None:
        for listener in tuple(self.listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)


class MemorySafekeeper:
    """A ``Safekeeper`` that copies a ``MemoryConversationStore``; keeps every copy.

    Set ``failure`` and every method that can refuse raises it. ``damage`` is what is found, and
    ``room_was_needed`` what is said once of the spare room.
    """

    def __init__(self, store: MemoryConversationStore) -> None:
        self.store = store
        self.copies: dict[str, tuple[Backup, dict[str, object]]] = {}
        self.failure: StoreError | None = None
        self.damage = Damage()
        self.room_was_needed = False
        self.closed = False
        self._copied = self._content()

    async def list_backups(self) -> tuple[Backup, ...]:
        self._refuse()
        return tuple(backup for backup, _ in reversed(self.copies.values()))

    async def back_up(self, reason: BackupReason) -> Backup:
        self._refuse()
        self._copied = self._content()
        made_at = 1_795_000_000 + len(self.copies)
        shown = len(self.store.conversations) - len(self.store.deleted)
        name = f"{made_at}-{reason.value}"
        backup = Backup(name, made_at, reason, size=1, conversations=shown)
        self.copies[name] = backup, self._copied
        return backup

    async def back_up_changes(self) -> Backup | None:
        self._refuse()
        if self._content() == self._copied:
            return None
        return await self.back_up(BackupReason.AUTOMATIC)

    async def restore(self, name: str) -> Backup:
        self._refuse()
        if name not in self.copies:
            raise StoreError("there is no such copy")
        before = await self.back_up(BackupReason.BEFORE_RESTORE)
        self._copied = self.copies[name][1]
        vars(self.store).update(deepcopy(self._copied))
        return before

    async def find_damage(self) -> Damage:
        self._refuse()
        return self.damage

    async def keep_room(self) -> bool:
        was, self.room_was_needed = self.room_was_needed, False
        return was

    async def aclose(self) -> None:
        self.closed = True

    def _content(self) -> dict[str, object]:
        names = ("conversations", "deleted", "messages", "deltas", "exchanges", "_owners")
        return deepcopy({name: vars(self.store)[name] for name in names})

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


Step: TypeAlias = Sequence[Delta] | Gate | Exception
"""Deltas that arrive together, a place to wait until the test opens it, or what is raised."""


@dataclass(frozen=True)
class ScriptedAnswer:
    """What a ``ScriptedModel`` does with one request.

    Attributes:
        steps: What arrives, in order, after the server began to answer.
        before: Gates to stop at, or an exception to raise, before that.
        connecting: The same, before the request has left.
    """

    steps: Sequence[Step] = ()
    before: Sequence[Gate | Exception] = ()
    connecting: Sequence[Gate | Exception] = ()


SCRIPTED_CONNECTION = Connection(
    "scripted", "Scripted", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM
)


class ScriptedModel:
    """A ``Model`` that answers from a script, one answer for each request.

    Attributes:
        requests: What was asked, each noted when the request is sent.
        bodies: The texts that were sent as they are.
        left: Requests whose caller went away before the answer ended, cancelled or not.
        open_streams: How many are being answered now.
        models: What ``list_models`` returns, or raises.
    """

    def __init__(self, *answers: ScriptedAnswer) -> None:
        self.connection = SCRIPTED_CONNECTION
        self.requests: list[ChatRequest] = []
        self.bodies: list[str] = []
        self.left: Journal[ChatRequest | str] = Journal("departures")
        self.open_streams = 0
        self.models: tuple[str, ...] | ChatError = ("MiniMax-M2",)
        self.closed = False
        self._answers = deque(answers)

    def then(self, *answers: ScriptedAnswer) -> None:
        """Queue more answers."""
        self._answers.extend(answers)

    def stream(
        self, request: ChatRequest, on_sent: Callable[[], None] = nothing
    ) -> "ScriptedExchange":
        assert all(message.is_final for message in request.messages)
        return ScriptedExchange(self, request, on_sent)

    def stream_body(self, body: str, on_sent: Callable[[], None] = nothing) -> "ScriptedExchange":
        return ScriptedExchange(self, body, on_sent)

    def next_answer(self, request: ChatRequest | str) -> ScriptedAnswer:
        """Note ``request`` and return what the script has for it."""
        assert self._answers, "more requests than the script has answers"
        if isinstance(request, str):
            self.bodies.append(request)
        else:
            self.requests.append(request)
        return self._answers.popleft()

    async def list_models(self) -> tuple[str, ...]:
        if isinstance(self.models, ChatError):
            raise self.models
        return self.models

    async def aclose(self) -> None:
        self.closed = True


class ScriptedExchange(AbstractAsyncContextManager["ScriptedStream"]):
    """A ``ModelExchange``; its record has a body in words of its own and no events."""

    def __init__(
        self, model: ScriptedModel, request: ChatRequest | str, on_sent: Callable[[], None]
    ) -> None:
        self.record: ExchangeRecord | None = None
        self._model = model
        self._request = request
        self._on_sent = on_sent
        self._running: AbstractAsyncContextManager[ScriptedStream] | None = None

    async def __aenter__(self) -> "ScriptedStream":
        self._running = self._run()
        return await self._running.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        assert self._running is not None
        return await self._running.__aexit__(kind, error, traceback)

    @asynccontextmanager
    async def _run(self) -> AsyncIterator["ScriptedStream"]:
        model, request = self._model, self._request
        answer = model.next_answer(request)
        self.record = _record_of(request)
        model.open_streams += 1
        stream = ScriptedStream(answer.steps)
        error = "stopped"
        try:
            for step in answer.connecting:
                await _pass(step)
            self.record = replace(self.record, sent_at=0.25)
            self._on_sent()
            for step in answer.before:
                await _pass(step)
            self.record = replace(self.record, status=200)
            yield stream
            error = "" if stream.over else error
        except ChatError as failure:
            # The answer itself ended so; the server sees no departure.
            stream.over = True
            error = failure.kind.value
            raise
        finally:
            self.record = replace(self.record, ended_at=1.0, error=error)
            model.open_streams -= 1
            if not stream.over:
                model.left.append(request)


def _record_of(request: ChatRequest | str) -> ExchangeRecord:
    if isinstance(request, ChatRequest):
        words = [message.text for message in request.messages]
        request = json.dumps({"model": request.model, "messages": words})
    url = f"{SCRIPTED_CONNECTION.base_url}/chat/completions"
    return ExchangeRecord(new_id(), "", 100.0, "POST", url, (), request)


class ScriptedStream:
    """A ``ModelStream``; ``over`` once the script has come to its end."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.over = False
        self._steps = deque(steps)
        self._builder = MessageBuilder(clock=lambda: 0.0)

    def __aiter__(self) -> "ScriptedStream":
        return self

    async def __anext__(self) -> Sequence[Delta]:
        while self._steps:
            step = self._steps.popleft()
            if isinstance(step, Sequence):
                self._builder.add(step)
                return step
            await _pass(step)
        self.over = True
        raise StopAsyncIteration

    @property
    def received(self) -> Json | None:
        if not self._builder.has_anything:
            return None
        parts = self._builder.parts
        thinking = "".join(part.text for part in parts if isinstance(part, Thought))
        return {
            "role": "assistant",
            "content": "".join(part.text for part in parts if isinstance(part, Text)),
            "reasoning_details": [{"type": "reasoning.text", "text": thinking}],
        }


async def _pass(step: Gate | Exception) -> None:
    if isinstance(step, Exception):
        raise step
    step.reached.mark()
    await step.opened.arrived(None)
