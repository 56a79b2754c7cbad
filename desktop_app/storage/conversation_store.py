"""The port ``ConversationStore`` on a database: each method is one job for its worker."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import apsw

from desktop_app.chat.ports import Imported, StoreError, nothing_done
from desktop_app.domain.conversation import Conversation, ParameterError, Parameters
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.delta import Delta
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Message, MessageState
from desktop_app.domain.text import storable
from desktop_app.domain.tree import TreeNode
from desktop_app.storage import branch_table, exchange_table, message_table, rows, tree_table
from desktop_app.storage.connection import SqlValue
from desktop_app.storage.database import Database

EXCHANGE_BYTES: Final = 64 * 1024 * 1024
"""What all exchanges may take together, unless the person wants it otherwise."""

_UPSERT: Final = """
    INSERT INTO conversation (
        id, title, created_at, updated_at, model, system_prompt, temperature, top_p, max_tokens
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
        title = excluded.title, created_at = excluded.created_at,
        updated_at = excluded.updated_at, model = excluded.model,
        system_prompt = excluded.system_prompt, temperature = excluded.temperature,
        top_p = excluded.top_p, max_tokens = excluded.max_tokens
"""

_ALL: Final = """
    SELECT CAST(conversation.id AS BLOB), CAST(title AS BLOB), CAST(conversation.model AS BLOB),
        CAST(system_prompt AS BLOB), CAST(message.id AS BLOB), conversation.created_at, updated_at,
        temperature, top_p, max_tokens
    FROM conversation LEFT JOIN message ON message.seq = conversation.head
"""
_LIST: Final = f"{_ALL} WHERE deleted_at IS NULL ORDER BY updated_at DESC, conversation.seq DESC"
_ONE: Final = f"{_ALL} WHERE conversation.id = ?"


class SqliteConversationStore:
    """Conversations in ``database``. What it returns from has been written to the disk.

    Every method raises ``StoreError`` when the database refuses, and has changed nothing then; the
    next call may succeed again.

    Args:
        database: Where they are.
        exchange_bytes: Says how much room exchanges may take, compressed; asked at each one.
    """

    def __init__(
        self, database: Database, exchange_bytes: Callable[[], int] = lambda: EXCHANGE_BYTES
    ) -> None:
        self._database = database
        self._exchange_bytes = exchange_bytes

    async def list_conversations(self) -> tuple[Conversation, ...]:
        """All conversations that are not deleted, the one with the newest message first."""
        return await self._database.run(_list)

    async def save_conversation(self, conversation: Conversation) -> None:
        """Insert or update everything about ``conversation`` but its messages.

        A head that is not stored, or not yet, leaves the one that is: a new title is kept even
        while the messages themselves cannot be.
        """

        def job(connection: apsw.Connection) -> None:
            connection.execute(_UPSERT, _conversation_row(conversation))
            _set_head(connection, conversation)

        await self._database.write(job)

    async def delete_conversation(self, conversation_id: str) -> None:
        """Move a conversation to the trash; one that is there or unknown is left as it is."""
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE conversation SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                (time.time(), conversation_id),
            )
        )

    async def restore_conversation(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE conversation SET deleted_at = NULL WHERE id = ?", (conversation_id,)
            )
        )

    async def load_branch(
        self, conversation_id: str, head: str | None = None
    ) -> tuple[Message, ...]:
        """The messages from the first to ``head``, else to the conversation's head, oldest first.

        Empty where there is no such message, or it was deleted. A message that still streams comes
        with what has been kept of it. One that is not what was saved, by its checksum, carries the
        notice ``checksum``.
        """
        return await self._database.run(
            lambda connection: message_table.read_branch(connection, conversation_id, head)
        )

    async def load_outline(self, conversation_id: str) -> tuple[TreeNode, ...]:
        """The tree of a conversation without its contents, in the order of making."""
        return await self._database.run(
            lambda connection: branch_table.read_outline(connection, conversation_id)
        )

    async def delete_branch(self, conversation: Conversation, message_id: str) -> None:
        """Delete a message with all below it, and save ``conversation`` with its new head.

        Raises:
            StoreError: Also when the message is not stored, or the head would be deleted.
        """

        def job(connection: apsw.Connection) -> None:
            connection.execute(_UPSERT, _conversation_row(conversation))
            _set_head(connection, conversation)
            branch_table.delete_branch(connection, conversation.id, message_id, time.time())

        await self._database.write(job)

    async def restore_branch(self, conversation: Conversation, message_id: str) -> None:
        """Bring back what was deleted with a message, and save ``conversation`` with its new head.

        Raises:
            StoreError: Also when the message is not stored.
        """

        def job(connection: apsw.Connection) -> None:
            branch_table.restore_branch(connection, conversation.id, message_id)
            connection.execute(_UPSERT, _conversation_row(conversation))
            _set_head(connection, conversation)

        await self._database.write(job)

    async def add_messages(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Add ``messages`` and save ``conversation`` (with its new head) in one transaction."""

        def job(connection: apsw.Connection) -> None:
            connection.execute(_UPSERT, _conversation_row(conversation))
            for message in messages:
                message_table.insert_message(connection, conversation.id, message)
            if not _set_head(connection, conversation):
                raise StoreError("The last message of this conversation was not saved.")

        await self._database.write(job)

    async def append_deltas(self, message_id: str, deltas: Sequence[Delta]) -> None:
        """Keep more of a message in state ``STREAMING``, in order, in one transaction.

        Costs what ``deltas`` cost, however long the message already is.

        Raises:
            StoreError: Also when the message is unknown, or final.
        """
        if not deltas:
            return
        found = rows.delta_rows(deltas)
        at = time.time()

        def job(connection: apsw.Connection) -> None:
            seq = _streaming_row(connection, message_id)
            first = connection.execute(
                "SELECT coalesce(max(seq) + 1, 0) FROM delta WHERE message = ?", (seq,)
            ).get
            connection.executemany(
                "INSERT INTO delta (message, seq, kind, data, at) VALUES (?, ?, ?, ?, ?)",
                ((seq, first + offset, *row, at) for offset, row in enumerate(found)),
            )

        await self._database.write(job)

    async def finish_message(self, message: Message) -> None:
        """Replace what was kept of a streaming message by its final form, in one transaction.

        Raises:
            StoreError: Also when the message is unknown.
            ValueError: When ``message`` is not final.
        """
        if not message.is_final:
            raise ValueError("a message that is finished cannot be streaming")

        def job(connection: apsw.Connection) -> None:
            seq, _ = _message_row(connection, message.id)
            message_table.write_content(connection, seq, message)

        await self._database.write(job)

    async def save_exchange(self, record: ExchangeRecord) -> None:
        """Keep what went over the wire for a message; the oldest of all make room for it.

        Raises:
            StoreError: Also when the message is unknown.
        """
        cap = self._exchange_bytes()

        def job(connection: apsw.Connection) -> None:
            seq, _ = _message_row(connection, record.message_id)
            exchange_table.insert(connection, seq, record, cap)

        await self._database.write(job)

    async def load_exchanges(self, message_id: str) -> tuple[ExchangeRecord, ...]:
        """Return what is kept of the exchanges for a message, the newest last."""
        return await self._database.run(
            lambda connection: exchange_table.read(connection, message_id)
        )

    async def load_tree(self, conversation_id: str) -> ConversationTree:
        """Return everything of a conversation, all its branches and exchanges.

        Raises:
            StoreError: Also when there is no such conversation.
        """

        def job(connection: apsw.Connection) -> ConversationTree:
            row = connection.execute(_ONE, (conversation_id,)).fetchone()
            if row is None:
                raise StoreError("This conversation is not there any more.")
            return tree_table.read(connection, _conversation(row))

        return await self._database.run(job)

    async def import_conversations(
        self, trees: Sequence[ConversationTree], on_stored: Callable[[int], None] = nothing_done
    ) -> Imported:
        """Add whole conversations in one transaction; see the port.

        Other writes wait for it: measured, 10,000 messages take about a second of processor time.
        """
        cap = self._exchange_bytes()

        def insert(connection: apsw.Connection, tree: ConversationTree) -> None:
            tree.check()
            if not all(message.is_final for message in tree.messages):
                raise ValueError("a message that is brought in cannot be streaming")
            connection.execute(_UPSERT, _conversation_row(tree.conversation))
            for message in tree.messages:
                message_table.insert_message(connection, tree.conversation.id, message)
            _set_head(connection, tree.conversation)

        return await self._database.write(
            lambda connection: tree_table.insert_all(connection, trees, insert, cap, on_stored)
        )

    async def delete_conversations(self, conversation_ids: Sequence[str]) -> None:
        """Move several conversations to the trash in one transaction."""
        now = time.time()
        await self._database.write(
            lambda connection: connection.executemany(
                "UPDATE conversation SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                ((now, conversation_id) for conversation_id in conversation_ids),
            )
        )

    async def list_sources(self) -> Mapping[str, str]:
        """Return where conversations that are not deleted were brought from: source to id."""
        return await self._database.run(tree_table.read_sources)


def require_readable(connection: apsw.Connection) -> None:
    """Read a little of everything that is read later, from a schema that may be another.

    Raises:
        apsw.Error: When a table or a column is not there.
    """
    _list(connection)
    message_table.read_branch(connection, "")
    exchange_table.read(connection, "")


def _list(connection: apsw.Connection) -> tuple[Conversation, ...]:
    found: list[Any] = connection.execute(_LIST).fetchall()
    return tuple(map(_conversation, found))


def _conversation(row: Sequence[Any]) -> Conversation:
    """A conversation of the list; bytes that are no text any more show as U+FFFD."""
    texts = [None if stored is None else stored.decode(errors="replace") for stored in row[:5]]
    conversation_id, title, model, system_prompt, head = texts
    created_at, updated_at, *numbers = row[5:]
    return Conversation(
        id=conversation_id or "",
        title=title or "",
        created_at=created_at,
        updated_at=updated_at,
        model=model or "",
        parameters=_parameters(system_prompt or "", *numbers),
        head=head,
    )


def _parameters(
    system_prompt: str, temperature: float | None, top_p: float | None, max_tokens: int | None
) -> Parameters:
    """Parameters of a row; a number outside its range, which only damage can put there, is unset."""
    try:
        return Parameters(system_prompt, temperature, top_p, max_tokens)
    except ParameterError:
        return Parameters(system_prompt)


def _conversation_row(conversation: Conversation) -> tuple[SqlValue, ...]:
    parameters = conversation.parameters
    return (
        conversation.id,
        storable(conversation.title),
        conversation.created_at,
        conversation.updated_at,
        storable(conversation.model),
        storable(parameters.system_prompt),
        parameters.temperature,
        parameters.top_p,
        parameters.max_tokens,
    )


def _set_head(connection: apsw.Connection, conversation: Conversation) -> bool:
    """Set the head; return whether it is a message of the conversation, or none is wanted."""
    head = None
    if conversation.head is not None:
        head = connection.execute(
            "SELECT message.seq FROM message JOIN conversation"
            " ON conversation.seq = message.conversation"
            " WHERE message.id = ? AND conversation.id = ?",
            (conversation.head, conversation.id),
        ).get
        if head is None:
            return False
    connection.execute("UPDATE conversation SET head = ? WHERE id = ?", (head, conversation.id))
    return True


def _message_row(connection: apsw.Connection, message_id: str) -> tuple[int, str]:
    row = connection.execute(
        "SELECT seq, state FROM message WHERE id = ?", (message_id,)
    ).fetchone()
    if row is None:
        raise StoreError("The beginning of this message was not saved, so neither was the rest.")
    return row[0], row[1]


def _streaming_row(connection: apsw.Connection, message_id: str) -> int:
    seq, state = _message_row(connection, message_id)
    if state != MessageState.STREAMING:
        raise StoreError("This message is finished already; nothing can be added to it.")
    return seq
