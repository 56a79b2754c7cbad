"""The port ``ConversationStore`` on a database: each method is one job for its worker."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import apsw

from desktop_app.chat.ports import Imported, StoreError, nothing_done
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.delta import Delta
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Message, MessageState
from desktop_app.domain.tree import TreeNode
from desktop_app.storage import (
    branch_table,
    conversation_table,
    exchange_table,
    message_table,
    rows,
    tree_table,
    whole_conversation,
)
from desktop_app.storage.database import Database

EXCHANGE_BYTES: Final = 64 * 1024 * 1024
"""What all exchanges may take together, unless the person wants it otherwise."""


class SqliteConversationStore:
    """Conversations in ``database``. What it returns from has been written to the disk.

    Every method raises ``StoreError`` when the database refuses, and has changed nothing then; the
    next call may succeed again.

    Args:
        database: Where they are.
        exchange_bytes: Says how much room exchanges may take, compressed; asked at each one.
        clock: Seconds since the Unix epoch, for the day on which something went to the trash.
    """

    def __init__(
        self,
        database: Database,
        exchange_bytes: Callable[[], int] = lambda: EXCHANGE_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._exchange_bytes = exchange_bytes
        self._clock = clock

    async def list_conversations(self) -> tuple[Conversation, ...]:
        """All conversations that are not deleted, the one with the newest message first."""
        return await self._database.run(conversation_table.read_list)

    async def list_trash(self) -> tuple[Conversation, ...]:
        """All conversations in the trash, with ``deleted_at``, the one deleted last first."""
        return await self._database.run(conversation_table.read_trash)

    async def save_conversation(self, conversation: Conversation) -> None:
        """Insert or update everything about ``conversation`` but its messages.

        A head that is not stored, or not yet, leaves the one that is: a new title is kept even
        while the messages themselves cannot be.
        """

        def job(connection: apsw.Connection) -> None:
            conversation_table.upsert(connection, conversation)
            conversation_table.set_head(connection, conversation)

        await self._database.write(job)

    async def delete_conversation(self, conversation_id: str) -> None:
        """Move a conversation to the trash; one that is there or unknown is left as it is."""
        await self.delete_conversations((conversation_id,))

    async def restore_conversation(self, conversation_id: str) -> None:
        """Take a conversation out of the trash."""
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE conversation SET deleted_at = NULL WHERE id = ?", (conversation_id,)
            )
        )

    async def erase_conversation(self, conversation_id: str) -> None:
        """Delete a conversation that is in the trash for good; any other is left as it is."""
        await self._database.write(
            lambda connection: whole_conversation.erase(connection, conversation_id)
        )

    async def copy_conversation(self, conversation_id: str, copy: Conversation) -> Conversation:
        """Insert ``copy`` with copies of all final messages of a conversation, every branch.

        Returns:
            ``copy`` with the head that stands for the original's, or for the message before that
            where it still streams.

        Raises:
            StoreError: Also when there is no such conversation.
        """

        def job(connection: apsw.Connection) -> Conversation:
            conversation_table.upsert(connection, copy)
            head = whole_conversation.copy_messages(connection, conversation_id, copy.id)
            return replace(copy, head=head)

        return await self._database.write(job)

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
            conversation_table.upsert(connection, conversation)
            conversation_table.set_head(connection, conversation)
            branch_table.delete_branch(connection, conversation.id, message_id, self._clock())

        await self._database.write(job)

    async def delete_messages(self, conversation_id: str) -> tuple[str, ...]:
        """Delete all messages of a conversation; return what :meth:`restore_branches` wants."""

        def job(connection: apsw.Connection) -> tuple[str, ...]:
            connection.execute(
                "UPDATE conversation SET head = NULL WHERE id = ?", (conversation_id,)
            )
            return branch_table.delete_all(connection, conversation_id, self._clock())

        return await self._database.write(job)

    async def restore_branches(
        self, conversation: Conversation, message_ids: Sequence[str]
    ) -> None:
        """Bring back what was deleted with messages, and save ``conversation`` with its new head.

        Raises:
            StoreError: Also when one of the messages is not stored.
        """

        def job(connection: apsw.Connection) -> None:
            for message_id in message_ids:
                branch_table.restore_branch(connection, conversation.id, message_id)
            conversation_table.upsert(connection, conversation)
            conversation_table.set_head(connection, conversation)

        await self._database.write(job)

    async def erase_branches(self, before: float, limit: int) -> int:
        """Delete for good messages of branches that were deleted earlier; return how many."""
        return await self._database.write(
            lambda connection: branch_table.erase_deleted(connection, before, limit)
        )

    async def add_messages(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Add ``messages`` and save ``conversation`` (with its new head) in one transaction."""

        def job(connection: apsw.Connection) -> None:
            conversation_table.upsert(connection, conversation)
            for message in messages:
                message_table.insert_message(connection, conversation.id, message)
            if not conversation_table.set_head(connection, conversation):
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

    async def save_wishes(self, messages: Sequence[Message]) -> None:
        """Keep ``sending`` and ``summary`` of messages that are stored, in one transaction."""

        def job(connection: apsw.Connection) -> None:
            for message in messages:
                message_table.write_wishes(connection, message)

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
            found = conversation_table.read_one(connection, conversation_id)
            if found is None:
                raise StoreError("This conversation is not there any more.")
            return tree_table.read(connection, found)

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
            conversation_table.upsert(connection, tree.conversation)
            for message in tree.messages:
                message_table.insert_message(connection, tree.conversation.id, message)
            conversation_table.set_head(connection, tree.conversation)

        return await self._database.write(
            lambda connection: tree_table.insert_all(connection, trees, insert, cap, on_stored)
        )

    async def delete_conversations(self, conversation_ids: Sequence[str]) -> None:
        """Move several conversations to the trash in one transaction."""
        now = self._clock()
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
    conversation_table.read_list(connection)
    message_table.read_branch(connection, "")
    exchange_table.read(connection, "")


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
