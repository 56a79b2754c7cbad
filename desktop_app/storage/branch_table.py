"""The tree of a conversation in its table: its outline, deleting a branch and bringing it back.

Blocking, and without transactions: the caller holds one for what writes.
"""

from typing import Any, Final

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.domain.tree import TreeNode
from desktop_app.storage.message_table import row_of

_OUTLINE: Final = """
    SELECT CAST(message.id AS BLOB), CAST(parent.id AS BLOB)
    FROM message LEFT JOIN message AS parent ON parent.seq = message.parent
    WHERE message.conversation = (SELECT seq FROM conversation WHERE id = ?)
        AND message.removed_at IS NULL
    ORDER BY message.seq
"""

_DELETE: Final = """
    WITH RECURSIVE below (seq) AS (
        SELECT ?
        UNION ALL
        -- A child was always made after its parent, so this ends even in a damaged file.
        SELECT message.seq FROM below JOIN message ON message.parent = below.seq
            AND message.seq > below.seq
    )
    UPDATE message SET removed_at = ?, removed_with = ?
    WHERE seq IN (SELECT seq FROM below) AND removed_at IS NULL
"""

_TOPS: Final = """
    SELECT message.seq, message.id FROM message JOIN conversation
        ON conversation.seq = message.conversation
    WHERE conversation.id = ? AND message.parent IS NULL AND message.removed_at IS NULL
"""


def read_outline(connection: apsw.Connection, conversation_id: str) -> tuple[TreeNode, ...]:
    """Return all messages of a conversation that are not deleted, in the order of their making."""
    found: list[Any] = connection.execute(_OUTLINE, (conversation_id,)).fetchall()
    return tuple(
        TreeNode(stored.decode(errors="replace"), parent and parent.decode(errors="replace"))
        for stored, parent in found
    )


def delete_branch(
    connection: apsw.Connection, conversation_id: str, message_id: str, now: float
) -> None:
    """Mark a message and all below it as deleted ``now``, in seconds since the Unix epoch.

    Raises:
        StoreError: When the message is not in the conversation, or the head would be deleted.
    """
    top = _row(connection, conversation_id, message_id)
    connection.execute(_DELETE, (top, now, top))
    head_is_deleted = connection.execute(
        "SELECT 1 FROM conversation JOIN message ON message.seq = conversation.head"
        " WHERE conversation.id = ? AND message.removed_at IS NOT NULL",
        (conversation_id,),
    ).get
    if head_is_deleted is not None:
        raise StoreError("A version that is shown cannot be deleted.")


def delete_all(connection: apsw.Connection, conversation_id: str, now: float) -> tuple[str, ...]:
    """Mark all messages as deleted ``now``; return the ids of the first ones, which took the rest."""
    tops: list[Any] = connection.execute(_TOPS, (conversation_id,)).fetchall()
    for seq, _ in tops:
        connection.execute(_DELETE, (seq, now, seq))
    return tuple(message_id for _, message_id in tops)


def restore_branch(connection: apsw.Connection, conversation_id: str, message_id: str) -> None:
    """Bring back what was deleted together with a message; one that was not is left as it is.

    Raises:
        StoreError: When the message is not in the conversation.
    """
    top = _row(connection, conversation_id, message_id)
    connection.execute(
        "UPDATE message SET removed_at = NULL, removed_with = NULL WHERE removed_with = ?", (top,)
    )


def erase_deleted(connection: apsw.Connection, before: float, limit: int) -> int:
    """Delete for good what was marked as deleted earlier than ``before``; return how many.

    A message never goes before those below it: they were marked with it, or earlier, and have the
    greater ``seq``.

    Args:
        connection: Within a transaction.
        before: Seconds since the Unix epoch.
        limit: Most messages to delete.
    """
    expired: list[Any] = connection.execute(
        # The index knows deleted messages alone; the table has everybody's texts.
        "SELECT seq FROM message WHERE removed_with IS NOT NULL AND removed_at < ?"
        " ORDER BY seq DESC LIMIT ?",
        (before, limit),
    ).fetchall()
    connection.executemany("DELETE FROM message WHERE seq = ?", expired)
    return len(expired)


def _row(connection: apsw.Connection, conversation_id: str, message_id: str) -> int:
    seq = row_of(connection, conversation_id, message_id)
    if seq is None:
        raise StoreError("This version was not saved, so there is nothing to delete or restore.")
    return seq
