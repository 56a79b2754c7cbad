"""The conversations there are, and the sessions of those that are open."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from desktop_app.chat.drafts import Drafts
from desktop_app.chat.events import ConversationChanged, Event, MessageFinished, StatusChanged
from desktop_app.chat.outbox import Outbox
from desktop_app.chat.ports import ConversationStore, DraftStore, Model, StoreError
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.session import ChatSession
from desktop_app.chat.titles import Namer
from desktop_app.chat.tool_use import ToolUse
from desktop_app.chat.trash import erase_expired
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.ids import new_id
from desktop_app.domain.labels import sorted_names
from desktop_app.domain.message import Message
from desktop_app.domain.title import numbered
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.domain.tree import TreeNode

R = TypeVar("R")


class Library:
    """All conversations, newest first, and at most one session for each.

    A session goes on when another conversation is shown: its answer streams to its end.

    Args:
        store: Where conversations are kept.
        model_source: Given to every session.
        default_model: Says which model a new conversation is begun with.
        retry: Given to every session.
        keeps_exchanges: Given to every session.
        clock: Seconds since the Unix epoch; says how old the trash is.
        names_by_model: Whether the model is asked for titles, see :class:`Namer`.
        draft_store: Where unsent text is kept; ``None`` keeps it for this run.
        tools: Given to every session.
    """

    def __init__(
        self,
        store: ConversationStore,
        model_source: Callable[[], Awaitable[Model]],
        default_model: Callable[[], str],
        retry: RetryPolicy | None = None,
        *,
        keeps_exchanges: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.time,
        names_by_model: Callable[[], bool] = lambda: False,
        draft_store: DraftStore | None = None,
        tools: ToolUse | None = None,
    ) -> None:
        self._store = store
        self._model_source = model_source
        self._default_model = default_model
        self._retry = retry
        self._keeps_exchanges = keeps_exchanges
        self._clock = clock
        self._tools = tools
        self.namer = Namer(model_source, names_by_model)
        self._conversations: dict[str, Conversation] = {}
        self._sessions: dict[str, ChatSession] = {}
        self._outboxes: dict[str, Outbox] = {}
        self._deleted: set[str] = set()
        self.drafts = Drafts(draft_store, self._holds_message)
        self._listeners: list[Callable[[], None]] = []
        self._activity_listeners: list[Callable[[], None]] = []

    @property
    def busy(self) -> frozenset[str]:
        """The ids of the conversations in which an answer is on its way."""
        return frozenset(
            key for key, session in self._sessions.items() if session.status.phase.is_busy
        )

    @property
    def conversations(self) -> tuple[Conversation, ...]:
        """Those of the list: all that have had a message and are not in the archive or the trash.

        The one with the newest message comes first.
        """
        return tuple(item for item in self._sorted() if not item.archived)

    @property
    def archived(self) -> tuple[Conversation, ...]:
        """Those in the archive, the one with the newest message first."""
        return tuple(item for item in self._sorted() if item.archived)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that hold a conversation, by name."""
        return sorted_names({item.folder for item in self.conversations if item.folder})

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that a conversation of the list or the archive has, by name."""
        return sorted_names({tag for item in self._conversations.values() for tag in item.tags})

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation of the list or the archive as it stands."""
        return self._conversations.get(conversation_id)

    async def trash(self) -> tuple[Conversation, ...]:
        """Return what is in the trash, as :meth:`ConversationStore.list_trash` does."""
        return await self._store.list_trash()

    async def load(self) -> None:
        """Read the list.

        Raises:
            StoreError: When the database refuses.
        """
        listed = await self._store.list_conversations()
        self._conversations = {conversation.id: conversation for conversation in listed}
        # What is open may be newer than the database, or not in it when the disk is full.
        for session in self._sessions.values():
            if session.messages:
                self._conversations[session.conversation.id] = session.conversation
        self._announce()
        await self.drafts.load()

    def new_session(self) -> ChatSession:
        """Begin a conversation; it joins the list with its first message.

        One that was begun in an earlier run and has a draft, but no message, is gone on with.
        """
        now = time.time()
        taken = {*self._conversations, *self._sessions, *self._deleted}
        conversation = Conversation(
            id=self.drafts.newest_without(taken) or new_id(),
            created_at=now,
            updated_at=now,
            model=self._default_model(),
        )
        return self._adopt(conversation, ())

    async def open(self, conversation_id: str) -> ChatSession:
        """Return the session of a conversation, reading its messages when it is not open yet.

        Raises:
            KeyError: When there is no such conversation.
            StoreError: When the database refuses.
        """
        if (session := self._sessions.get(conversation_id)) is not None:
            return session
        self._conversations[conversation_id]
        messages = await self._store.load_branch(conversation_id)
        outline = await self._store.load_outline(conversation_id)
        # Another caller may have opened or deleted it while this one waited.
        if (session := self._sessions.get(conversation_id)) is not None:
            return session
        return self._adopt(self._conversations[conversation_id], messages, outline)

    async def open_at(self, conversation_id: str, message_id: str) -> ChatSession:
        """Open a conversation on a branch that holds a message.

        While an answer is on its way the branch stays; the caller sees whether the message is there.

        Raises:
            KeyError: When there is no such conversation.
            StoreError: When the database refuses.
        """
        session = await self.open(conversation_id)
        if all(message.id != message_id for message in session.messages):
            await session.branches.read_through(message_id)
            session.show_branch(message_id)
        return session

    async def delete(self, conversation_id: str) -> None:
        """Move a conversation to the trash, as :meth:`delete_several` does with several."""
        await self.delete_several((conversation_id,))

    async def delete_several(self, conversation_ids: Sequence[str]) -> None:
        """Move conversations to the trash at once; answers on their way are stopped and kept.

        Raises:
            StoreError: When the database refuses; all of them stay as they are.
        """
        sessions = [s for key in conversation_ids if (s := self._sessions.get(key)) is not None]
        for session in sessions:
            session.stop()
        for session in sessions:
            await session.settled()
        await self._store.delete_conversations(conversation_ids)
        for session in sessions:
            await session.close()
            self._forget_session(session)
        for conversation_id in conversation_ids:
            self._conversations.pop(conversation_id, None)
        self._deleted.update(conversation_ids)
        self._announce()

    async def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        await self._store.restore_conversation(conversation_id)
        self._deleted.discard(conversation_id)
        await self.load()

    async def amend(
        self, conversation_id: str, change: Callable[[Conversation], Conversation]
    ) -> None:
        """Let ``change`` say anew what is known of a conversation beside its messages.

        What an open session cannot store at once it stores later, as it does with messages.

        Raises:
            KeyError: When there is no such conversation.
            StoreError: When the database refuses; the conversation stays as it is.
        """
        stored = self._conversations[conversation_id]
        session = self._sessions.get(conversation_id)
        if session is not None and session.messages:
            session.amend(change)
            return
        changed = change(stored)
        if changed == stored:
            return
        await self._store.save_conversation(changed)
        if session is not None:
            session.amend(change)
        self._conversations[conversation_id] = changed
        self._announce()

    async def duplicate(self, conversation_id: str) -> Conversation:
        """Copy a conversation with all its messages, every branch; return the copy.

        An answer that is on its way is left out. The copy is of today, and not pinned.

        Raises:
            KeyError: When there is no such conversation.
            StoreError: When the database refuses; then there is no copy.
        """
        source = self._conversations[conversation_id]
        now = self._clock()
        titles = {item.title for item in self._conversations.values()}
        copy = replace(
            source,
            id=new_id(),
            title=numbered(source.title, titles),
            head=None,
            pinned=False,
            created_at=now,
            updated_at=now,
        )
        copy = await self._store.copy_conversation(conversation_id, copy)
        self._conversations[copy.id] = copy
        self._announce()
        return copy

    async def show_branch(self, conversation_id: str, head: str | None) -> str | None:
        """Let a conversation end with the message ``head``, or be empty; return its head before.

        Messages stay stored, and an answer on its way is stopped and kept. An open session is
        closed: what is shown must be opened again.

        Raises:
            KeyError: When there is no such conversation.
            StoreError: When the database refuses; the conversation stays as it is.
        """
        session = self._sessions.get(conversation_id)
        if session is not None:
            session.stop()
            await session.settled()
        before = self._conversations[conversation_id]
        changed = replace(before, head=head)
        await self._store.save_conversation(changed)
        if session is not None:
            await session.close()
            self._forget_session(session)
        self._conversations[conversation_id] = changed
        self._announce()
        return before.head

    async def erase(self, conversation_id: str) -> None:
        """Delete a conversation that is in the trash for good; ``StoreError`` when refused."""
        await self._store.erase_conversation(conversation_id)

    async def erase_expired(self) -> int:
        """Delete for good what has been in the trash for its days; return how many that were."""
        return await erase_expired(self._store, self._clock())

    def session(self, conversation_id: str) -> ChatSession | None:
        """Return the session of a conversation when it is open."""
        return self._sessions.get(conversation_id)

    def outbox(self, conversation_id: str) -> Outbox:
        """Return what waits in a conversation that is open.

        Raises:
            KeyError: When it is not open.
        """
        return self._outboxes[conversation_id]

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the list changes; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def subscribe_activity(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when an answer begins or ends anywhere; returns how to stop that."""
        self._activity_listeners.append(listener)
        return lambda: self._activity_listeners.remove(listener)

    async def save_waiting(self) -> None:
        """Try once more to store what the store refused, in every open conversation."""
        for session in tuple(self._sessions.values()):
            await session.save()

    async def replace(self, change: Callable[[], Awaitable[R]]) -> R:
        """Return what ``change`` returns, which replaces what is stored; then read the list anew.

        Every answer is stopped and stored first, and every session closed.

        Raises:
            StoreError: When something that is open cannot be stored, and nothing was replaced; or
                from ``change``.
        """
        for session in self._sessions.values():
            session.stop()
        for session in tuple(self._sessions.values()):
            await session.settled()
            if not await session.save():
                raise StoreError(
                    QT_TRANSLATE_NOOP(
                        "Storage",
                        "An open conversation could not be saved, so nothing was replaced.",
                    )
                )
        await self.close()
        try:
            return await change()
        finally:
            await self.close()  # what was opened meanwhile is there no longer
            await self.load()

    async def close(self) -> None:
        """Stop every answer and wait until everything is stored."""
        await self.namer.aclose()
        # All at once: none may go on and be billed while another is being stored.
        for session in (sessions := tuple(self._sessions.values())):
            session.stop()
        for session in sessions:
            await session.close()
        await self.drafts.close()
        self._sessions.clear()
        self._outboxes.clear()

    def _sorted(self) -> list[Conversation]:
        return sorted(self._conversations.values(), key=lambda item: item.updated_at, reverse=True)

    def _adopt(
        self,
        conversation: Conversation,
        messages: tuple[Message, ...],
        outline: tuple[TreeNode, ...] = (),
    ) -> ChatSession:
        session = ChatSession(
            conversation,
            messages,
            self._store,
            self._model_source,
            self._retry,
            keeps_exchanges=self._keeps_exchanges,
            outline=outline,
            tools=self._tools,
        )
        session.subscribe(lambda event: self._on_event(session, event))
        self._sessions[conversation.id] = session
        self._outboxes[conversation.id] = Outbox(session, self.drafts)
        return session

    def _forget_session(self, session: ChatSession) -> None:
        self._sessions.pop(session.conversation.id, None)
        self._outboxes.pop(session.conversation.id, None)

    def _holds_message(self, conversation_id: str, message_id: str) -> bool:
        session = self._sessions.get(conversation_id)
        return session is None or session.holds(message_id)

    def _on_event(self, session: ChatSession, event: Event) -> None:
        if isinstance(event, ConversationChanged | MessageFinished) and session.messages:
            conversation = session.conversation
            if self._conversations.get(conversation.id) != conversation:
                self._conversations[conversation.id] = conversation
                self._announce()
        if isinstance(event, MessageFinished):
            self.namer.consider(session)
        if isinstance(event, StatusChanged):
            for listener in tuple(self._activity_listeners):
                listener()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
