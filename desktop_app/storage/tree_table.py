"""Whole conversations in and out of their tables. Blocking, and without transactions of its own."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final

import apsw

from desktop_app.chat.ports import Imported
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.ids import new_id
from desktop_app.domain.text import storable
from desktop_app.storage import exchange_table, message_table

_HAVE_EXCHANGES: Final = """
    SELECT DISTINCT message.id FROM exchange JOIN message ON message.seq = exchange.message
        JOIN conversation ON conversation.seq = message.conversation
    WHERE conversation.id = ? AND message.removed_at IS NULL ORDER BY message.seq
"""


def read(connection: apsw.Connection, conversation: Conversation) -> ConversationTree:
    """Return the whole of ``conversation``, which is stored, but for versions that were deleted."""
    source = connection.execute(
        "SELECT CAST(source AS BLOB) FROM conversation WHERE id = ?", (conversation.id,)
    ).get
    logged = connection.execute(_HAVE_EXCHANGES, (conversation.id,)).fetchall()
    return ConversationTree(
        conversation=conversation,
        messages=message_table.read_all(connection, conversation.id),
        exchanges=tuple(
            chain.from_iterable(exchange_table.read(connection, str(id_)) for (id_,) in logged)
        ),
        source="" if source is None else source.decode(errors="replace"),
    )


def insert_all(
    connection: apsw.Connection,
    trees: Sequence[ConversationTree],
    insert: Callable[[apsw.Connection, ConversationTree], None],
    exchange_cap: int,
    on_stored: Callable[[int], None],
) -> Imported:
    """Insert ``trees``; whose ids are taken gets new ones.

    Args:
        connection: In a transaction.
        trees: The first is inserted last: among equally old ones the list shows the last one first.
        insert: Inserts a conversation and its messages.
        exchange_cap: Bytes that exchanges may take.
        on_stored: Told how many are there after each.
    """
    ids: list[str] = []
    left_out = 0
    for tree in reversed(trees):
        inserted = tree.with_new_ids(new_id) if _is_taken(connection, tree) else tree
        insert(connection, inserted)
        if inserted.source:
            connection.execute(
                "UPDATE conversation SET source = ? WHERE id = ?",
                (storable(inserted.source), inserted.conversation.id),
            )
        left_out += _insert_exchanges(connection, inserted, exchange_cap)
        ids.append(inserted.conversation.id)
        on_stored(len(ids))
    return Imported(tuple(reversed(ids)), left_out)


def read_sources(connection: apsw.Connection) -> Mapping[str, str]:
    """Return the sources of what is not in the trash, with the id of the newest from each."""
    return {
        bytes(source).decode(errors="replace"): str(conversation_id)
        for source, conversation_id in connection.execute(
            "SELECT CAST(source AS BLOB), id FROM conversation"
            " WHERE source IS NOT NULL AND deleted_at IS NULL ORDER BY seq"
        )
    }


def _insert_exchanges(connection: apsw.Connection, tree: ConversationTree, cap: int) -> int:
    """Insert what there is room for; return how many found none."""
    left_out = 0
    for record in tree.exchanges:
        seq = connection.execute("SELECT seq FROM message WHERE id = ?", (record.message_id,)).get
        left_out += not exchange_table.insert_if_room(connection, seq, record, cap)
    return left_out


def _is_taken(connection: apsw.Connection, tree: ConversationTree) -> bool:
    wanted = (
        ("conversation", (tree.conversation.id,)),
        ("message", [message.id for message in tree.messages]),
        ("exchange", [record.id for record in tree.exchanges]),
    )
    return any(
        connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (id_,)).get is not None  # noqa: S608
        for table, ids in wanted
        for id_ in ids
    )
