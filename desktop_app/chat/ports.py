"""What the chat room needs of the outside, as Protocols. The rooms above implement them.

Each port has one suite of contract tests that its fake (``tests/fakes``) and its real room both
pass, so that a fake cannot promise what the real room does not keep.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from desktop_app.domain.backup import Backup, BackupReason, Damage
from desktop_app.domain.connection import Connection
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.delta import Delta
from desktop_app.domain.draft import Draft
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.keyring_state import KeyReading, KeyWriting
from desktop_app.domain.message import Json, Message
from desktop_app.domain.search import SearchQuery, SearchResult
from desktop_app.domain.tool import ToolSpec
from desktop_app.domain.tree import TreeNode


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request for an answer.

    Attributes:
        model: Name of the model, as the service spells it or as the person typed it.
        messages: The branch that is shown, oldest first, all of them final.
        parameters: Sent only where set.
        tools: What the model may call, in the order in which it is told.
        may_call: Whether it may call any of them now; ``False`` wants an answer in words.
    """

    model: str
    messages: tuple[Message, ...]
    parameters: Parameters
    tools: tuple[ToolSpec, ...] = ()
    may_call: bool = True


def nothing() -> None:
    """Do nothing; stands where nobody wants to be told."""


class ModelStream(Protocol):
    """An answer that is arriving."""

    def __aiter__(self) -> AsyncIterator[Sequence[Delta]]:
        """Yield deltas, all that arrived together in one sequence; ends when the answer does.

        Raises:
            ChatError: When the answer fails; what was yielded before stays valid.
        """
        ...

    @property
    def received(self) -> Json | None:
        """The assistant message as received so far, to be kept and sent back unchanged."""
        ...


class ModelExchange(AbstractAsyncContextManager[ModelStream], Protocol):
    """A request and its answer: the connection is open while this is entered."""

    @property
    def record(self) -> ExchangeRecord | None:
        """What has gone over the wire so far, without the key; ``None`` before there was a request.

        It can be asked for at any time, also after entering has failed and after leaving early.
        """
        ...


class Model(Protocol):
    """A server that answers."""

    @property
    def connection(self) -> Connection:
        """Where it is."""
        ...

    def stream(self, request: ChatRequest, on_sent: Callable[[], None] = nothing) -> ModelExchange:
        """Send ``request``; entering waits until the server accepts it and begins to answer.

        ``on_sent`` is called at most once, as soon as the request has left: from then on the waiting
        is the server's.

        Leaving closes the connection at once, however far the answer has come, so that no more
        tokens are billed. One call sends at most one request.

        Raises:
            ChatError: On entering, when the server cannot be reached or refuses.
        """
        ...

    def stream_body(self, body: str, on_sent: Callable[[], None] = nothing) -> ModelExchange:
        """Send ``body``, the JSON text of an earlier request, as it is; else as ``stream``."""
        ...

    async def list_models(self) -> tuple[str, ...]:
        """Return the names of the models that the server lists.

        Raises:
            ChatError: When it cannot be asked or refuses.
        """
        ...

    async def aclose(self) -> None:
        """Close connections that were kept open."""
        ...


class KeyStore(Protocol):
    """The keyring of the operating system, with this run's memory behind it."""

    async def read(self, account: str, *, timeout: float | None = 10.0) -> KeyReading:
        """Return the key of ``account``; never raises. ``timeout`` in seconds, ``None`` waits."""
        ...

    async def write(self, account: str, key: str, *, timeout: float | None = None) -> KeyWriting:
        """Store ``key`` and read it back. When that fails the key is kept for this run only."""
        ...

    async def delete(self, account: str, *, timeout: float | None = None) -> KeyWriting:
        """Remove the key of ``account`` from the keyring and from this run's memory."""
        ...


class StoreError(Exception):
    """The store could not do what was asked; the message is for a person's eyes, in English."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of conversations that were brought in.

    Attributes:
        conversation_ids: The ids they have here, in the order in which they were given.
        exchanges_left_out: How many records of the wire found no room any more.
    """

    conversation_ids: tuple[str, ...]
    exchanges_left_out: int = 0


def nothing_done(done: int) -> None:
    """Hear of progress and do nothing."""
    del done


class ConversationStore(Protocol):
    """Where conversations are kept. Every method that changes something returns once it is durable.

    Raises:
        StoreError: From every method, when the database refuses (full disk, read-only folder ...).
    """

    async def list_conversations(self) -> tuple[Conversation, ...]:
        """All conversations that are not deleted, the one with the newest message first."""
        ...

    async def list_trash(self) -> tuple[Conversation, ...]:
        """All conversations in the trash, with ``deleted_at``, the one deleted last first."""
        ...

    async def save_conversation(self, conversation: Conversation) -> None:
        """Insert or update everything about ``conversation`` but its messages."""
        ...

    async def delete_conversation(self, conversation_id: str) -> None:
        """Move a conversation to the trash."""
        ...

    async def restore_conversation(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        ...

    async def erase_conversation(self, conversation_id: str) -> None:
        """Delete a conversation that is in the trash for good; any other is left as it is."""
        ...

    async def copy_conversation(self, conversation_id: str, copy: Conversation) -> Conversation:
        """Insert ``copy`` with copies, under new ids, of all final messages of a conversation.

        Returns ``copy`` with the head that stands for the original's, or for the message before
        that where it still streams.
        """
        ...

    async def load_branch(
        self, conversation_id: str, head: str | None = None
    ) -> tuple[Message, ...]:
        """The messages from the first to ``head``, else to the conversation's head, oldest first.

        Empty where there is no such message in the conversation, or it was deleted.
        """
        ...

    async def load_outline(self, conversation_id: str) -> tuple[TreeNode, ...]:
        """The tree of a conversation without its contents, in the order of making."""
        ...

    async def delete_branch(self, conversation: Conversation, message_id: str) -> None:
        """Delete a message with all below it, and save ``conversation`` with its new head.

        What was deleted is no longer in the outline, and no branch with it is loaded.

        Raises:
            StoreError: Also when the message is not stored, or the head would be deleted; then
                nothing was changed.
        """
        ...

    async def delete_messages(self, conversation_id: str) -> tuple[str, ...]:
        """Delete all messages of a conversation; return what :meth:`restore_branches` wants."""
        ...

    async def restore_branches(
        self, conversation: Conversation, message_ids: Sequence[str]
    ) -> None:
        """Bring back what was deleted with messages, and save ``conversation`` with its new head.

        What had been deleted before that, further down, stays so.

        Raises:
            StoreError: Also when one of the messages is not stored.
        """
        ...

    async def erase_branches(self, before: float, limit: int) -> int:
        """Delete for good at most ``limit`` messages of branches that were deleted earlier.

        Args:
            before: Seconds since the Unix epoch.
            limit: Bounds how long others wait for this.

        Returns:
            How many messages were deleted.
        """
        ...

    async def add_messages(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Add ``messages`` and save ``conversation`` (with its new head) in one transaction."""
        ...

    async def append_deltas(self, message_id: str, deltas: Sequence[Delta]) -> None:
        """Keep more of a message in state ``STREAMING``, in order."""
        ...

    async def finish_message(self, message: Message) -> None:
        """Replace what was kept of a streaming message by its final form, in one transaction."""
        ...

    async def save_wishes(self, messages: Sequence[Message]) -> None:
        """Keep ``sending`` and ``summary`` of messages that are stored; nothing else of them."""
        ...

    async def save_exchange(self, record: ExchangeRecord) -> None:
        """Keep what went over the wire for the message ``record.message_id``, which is stored.

        The same ``record.id`` replaces what was kept under it. Old records may go for new ones.
        """
        ...

    async def load_exchanges(self, message_id: str) -> tuple[ExchangeRecord, ...]:
        """What is still kept of the exchanges for a message, the newest last."""
        ...

    async def load_tree(self, conversation_id: str) -> ConversationTree:
        """Everything of a conversation, all its branches, and what is kept of its exchanges.

        Raises:
            StoreError: Also when there is no such conversation.
        """
        ...

    async def import_conversations(
        self, trees: Sequence[ConversationTree], on_stored: Callable[[int], None] = nothing_done
    ) -> Imported:
        """Add whole conversations, all or none.

        One with an id that is taken, its own or a message's, gets new ones throughout. Exchanges
        take what room there is and drive none out.

        Args:
            trees: Each with its messages a tree, all of them final.
            on_stored: Called after each conversation with how many there are by now, on any thread;
                what it raises is raised here, and nothing was added.

        Raises:
            TreeError: When the messages of one are no tree.
            ValueError: When a message is still streaming.
        """
        ...

    async def delete_conversations(self, conversation_ids: Sequence[str]) -> None:
        """Move several conversations to the trash at once."""
        ...

    async def list_sources(self) -> Mapping[str, str]:
        """Where conversations that are not deleted were brought from: source to id."""
        ...


class ConversationSearch(Protocol):
    """Finds text in all conversations; :mod:`desktop_app.domain.search_text` says what is found."""

    async def search(self, query: SearchQuery) -> SearchResult:
        """Return what ``query`` finds, the newest first; a blank one finds nothing.

        What was stored before the call is found. Cancelling the task ends the search itself.

        Raises:
            StoreError: When the conversations cannot be read.
        """
        ...

    def note_change(self) -> None:
        """Hear that something was stored, or is about to be; returns at once."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` a moment after a change, when a search may find more; returns an end."""
        ...


class Safekeeper(Protocol):
    """Guards what the store holds: copies, the way back to one, a search for damage, spare room.

    None of it makes the store wait, but for ``restore``.

    Raises:
        StoreError: From every method but ``keep_room`` and ``aclose``, when it cannot be done; what
            is stored is as it was then.
    """

    async def list_backups(self) -> tuple[Backup, ...]:
        """All copies, the newest first."""
        ...

    async def back_up(self, reason: BackupReason) -> Backup:
        """Make a copy, check it, and drop the ones that are kept no longer."""
        ...

    async def back_up_changes(self) -> Backup | None:
        """Make an automatic copy, unless nothing was changed since the last copy."""
        ...

    async def restore(self, name: str) -> Backup:
        """Put the copy ``name`` in the place of what is stored now; all of it or nothing.

        Returns:
            The copy of what was stored until then, made first.
        """
        ...

    async def find_damage(self) -> Damage:
        """Look at everything that is stored; takes a while."""
        ...

    async def keep_room(self) -> bool:
        """Set room aside for the moment when there is none; whether it had to be given up."""
        ...

    async def aclose(self) -> None:
        """Break off what is under way."""
        ...


class DraftStore(Protocol):
    """Where unsent text is kept, of conversations that are stored and of those that are not yet.

    Raises:
        StoreError: From every method, when the database refuses.
    """

    async def load_drafts(self) -> Mapping[str, Draft]:
        """All drafts by the id of their conversation, the one written last first.

        Those of deleted conversations are left out, and so is a queued message that is stored.
        """
        ...

    async def save_draft(self, conversation_id: str, draft: Draft) -> None:
        """Keep ``draft``, or nothing where it is empty; returns once that is durable."""
        ...
