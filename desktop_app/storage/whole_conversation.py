"""A conversation with all its messages: copied as a whole, or deleted for good.

Blocking, and without transactions of its own.
"""

from typing import Any

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import MessageState


def erase(connection: apsw.Connection, conversation_id: str) -> None:
    """Delete a conversation that is in the trash, its draft too; any other is left as it is."""
    seq = connection.execute(
        "SELECT seq FROM conversation WHERE id = ? AND deleted_at IS NOT NULL", (conversation_id,)
    ).get
    if seq is None:
        return
    messages: list[Any] = connection.execute(
        "SELECT seq FROM message WHERE conversation = ? ORDER BY seq DESC", (seq,)
    ).fetchall()
    connection.execute("UPDATE conversation SET head = NULL WHERE seq = ?", (seq,))
    # The last comes first: deleting a parent deletes its children from within, one level for each
    # message that follows, and SQLite refuses at 1,000 levels.
    connection.executemany("DELETE FROM message WHERE seq = ?", messages)
    connection.execute("DELETE FROM conversation WHERE seq = ?", (seq,))
    connection.execute("DELETE FROM draft WHERE conversation = ?", (conversation_id,))


def copy_messages(connection: apsw.Connection, source_id: str, copy_id: str) -> str | None:
    """Copy the final messages, but for deleted versions, of one conversation, with new ids, into another that has none.

    What went over the wire for them is not copied: it belongs to the request that was made.

    Returns:
        The head of the copy, which is also set; ``None`` when the source has none.

    Raises:
        StoreError: When there is no conversation ``source_id``.
    """
    source: Any = connection.execute(
        "SELECT seq, head FROM conversation WHERE id = ?", (source_id,)
    ).fetchone()
    if source is None:
        raise StoreError("The conversation that was to be copied is not there any more.")
    source_seq, head = source
    copy_seq = connection.execute("SELECT seq FROM conversation WHERE id = ?", (copy_id,)).get
    copies: dict[Any, int] = {}
    parents: dict[Any, Any] = {}
    # A parent was always made before its child.
    for seq, parent, state in connection.execute(
        "SELECT seq, parent, state FROM message WHERE conversation = ? AND removed_at IS NULL"
        " ORDER BY seq",
        (source_seq,),
    ).fetchall():
        parents[seq] = parent
        if state == MessageState.STREAMING:
            continue
        connection.execute(
            "INSERT INTO message (id, conversation, parent, role, state, model, created_at,"
            " finish_reason, usage, error, notices, received, sha256, host, sending, summary)"
            " SELECT ?, ?, ?, role, state, model, created_at, finish_reason, usage, error, notices,"
            " received, sha256, host, sending, summary FROM message WHERE seq = ?",
            (new_id(), copy_seq, copies.get(parent), seq),
        )
        copies[seq] = connection.last_insert_rowid()
        connection.execute(
            "INSERT INTO part (message, position, kind, text, meta)"
            " SELECT ?, position, kind, text, meta FROM part WHERE message = ? ORDER BY position",
            (copies[seq], seq),
        )
    if head is not None and head not in copies:
        head = parents.get(head)
    new_head = copies.get(head)
    connection.execute("UPDATE conversation SET head = ? WHERE seq = ?", (new_head, copy_seq))
    found: Any = connection.execute("SELECT id FROM message WHERE seq = ?", (new_head,)).get
    return None if found is None else str(found)
