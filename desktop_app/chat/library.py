"""The conversations there are, and the sessions of those that are open."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from typing import Final

from desktop_app.chat.events import ConversationChanged, Event, MessageFinished, StatusChanged
from desktop_app.chat.ports import ConversationStore, Model
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.session import ChatSession
from desktop_app.chat.titles import Namer
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Message

TRASH_DAYS: Final = 30
"""How long what was deleted can be brought back."""

_ERASED_AT_ONCE: Final = 200
"""Most conversations that one run deletes for good by itself; the next run takes the others."""


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
    ) -> None:
        self._store = store
        self._model_source = model_source
        self._default_model = default_model
        self._retry = retry
        self._keeps_exchanges = keeps_exchanges
        self._clock = clock
        self.namer = Namer(model_source, names_by_model)
        self._conversations: dict[str, Conversation] = {}
        self._sessions: dict[str, ChatSession] = {}
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
        return _sorted_names({item.folder for item in self.conversations if item.folder})

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that a conversation of the list or the archive has, by name."""
        return _sorted_names({tag for item in self._conversations.values() for tag in item.tags})

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation of the list or the archive as it stands."""
        return self._conversations.get(conversation_id)

    async def trash(self) -> tuple[Conversation, ...]:
        """Return what is in the trash, with ``deleted_at``, the one deleted last first.

        Raises:
            StoreError: When the database refuses.
        """
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

    def new_session(self) -> ChatSession:
        """Begin a conversation; it joins the list with its first message."""
        now = time.time()
        conversation = Conversation(
            id=new_id(), created_at=now, updated_at=now, model=self._default_model()
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
        # Another caller may have opened or deleted it while this one waited.
        if (session := self._sessions.get(conversation_id)) is not None:
            return session
        return self._adopt(self._conversations[conversation_id], messages)

    async def delete(self, conversation_id: str) -> None:
        """Move a conversation to the trash; an answer on its way is stopped and kept with it.

        Raises:
            StoreError: When the database refuses; the conversation stays as it is.
        """
        if (session := self._sessions.get(conversation_id)) is not None:
            session.stop()
            await session.settled()
        await self._store.delete_conversation(conversation_id)
        if session is not None:
            await session.close()
            self._sessions.pop(conversation_id, None)
        self._conversations.pop(conversation_id, None)
        self._announce()

    async def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        await self._store.restore_conversation(conversation_id)
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
            title=_numbered(source.title, titles),
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
        """Let a conversation end with the message ``head``, or be empty; messages stay stored.

        An answer on its way is stopped and kept. An open session is closed: what is shown must be
        opened again.

        Returns:
            The head before.

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
            self._sessions.pop(conversation_id, None)
        self._conversations[conversation_id] = changed
        self._announce()
        return before.head

    async def erase(self, conversation_id: str) -> None:
        """Delete a conversation that is in the trash for good.

        Raises:
            StoreError: When the database refuses.
        """
        await self._store.erase_conversation(conversation_id)

    async def erase_expired(self) -> int:
        """Delete for good what has been in the trash for longer than ``TRASH_DAYS``.

        The oldest goes first, one transaction for each, so that nothing waits long behind this.

        Returns:
            How many were deleted.

        Raises:
            StoreError: When the database refuses.
        """
        before = self._clock() - TRASH_DAYS * 86_400.0
        expired = [item for item in await self._store.list_trash() if _deleted_at(item) < before]
        expired.reverse()
        for item in expired[:_ERASED_AT_ONCE]:
            await self._store.erase_conversation(item.id)
        return min(len(expired), _ERASED_AT_ONCE)

    def session(self, conversation_id: str) -> ChatSession | None:
        """Return the session of a conversation when it is open."""
        return self._sessions.get(conversation_id)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the list changes; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def subscribe_activity(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when an answer begins or ends anywhere; returns how to stop that."""
        self._activity_listeners.append(listener)
        return lambda: self._activity_listeners.remove(listener)

    async def close(self) -> None:
        """Stop every answer and wait until everything is stored."""
        await self.namer.aclose()
        sessions = tuple(self._sessions.values())
        # All at once: none may go on and be billed while another is being stored.
        for session in sessions:
            session.stop()
        for session in sessions:
            await session.close()
        self._sessions.clear()

    def _sorted(self) -> list[Conversation]:
        return sorted(self._conversations.values(), key=lambda item: item.updated_at, reverse=True)

    def _adopt(self, conversation: Conversation, messages: tuple[Message, ...]) -> ChatSession:
        session = ChatSession(
            conversation,
            messages,
            self._store,
            self._model_source,
            self._retry,
            keeps_exchanges=self._keeps_exchanges,
        )
        session.subscribe(lambda event: self._on_event(session, event))
        self._sessions[conversation.id] = session
        return session

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


def _sorted_names(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (name.casefold(), name)))


def _numbered(title: str, taken: set[str]) -> str:
    """Return ``title`` with the first number, from 2 on, that none of ``taken`` has."""
    stem = re.sub(r" \(\d{1,6}\)$", "", title)
    return next(name for n in count(2) if (name := f"{stem} ({n})") not in taken)


def _deleted_at(conversation: Conversation) -> float:
    return conversation.deleted_at or 0.0
