"""Messages in their tables: insert, replace, read a branch. Blocking, and without transactions.

The caller holds the transaction; this room's store and its recovery share what stands here.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.domain.delta import Delta
from desktop_app.domain.message import Message, MessageState, Role, Sending
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.text import storable
from desktop_app.storage import rows
from desktop_app.storage.connection import SqlValue

_log = logging.getLogger(__name__)

CHECKSUM_NOTICE: Final = "checksum"
"""Notice on a message whose text on the disk is not the text that was saved."""

_BRANCH: Final = """
    WITH RECURSIVE branch (seq, parent) AS (
        SELECT seq, parent FROM message WHERE seq = ?
        UNION ALL
        -- A parent was always made before its child, so this ends even in a damaged file.
        SELECT message.seq, message.parent
        FROM branch JOIN message ON message.seq = branch.parent AND message.seq < branch.seq
    )
"""

R = TypeVar("R")


class Folded:
    """What deltas that were kept add up to.

    Attributes:
        builder: Grown from them.
        count: How many rows they were.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self.builder = MessageBuilder(clock=lambda: self._now)
        self.count = 0

    def add(self, delta: Delta, at: float) -> None:
        """Take ``delta``, kept at the time ``at``: so thoughts get back how long they took."""
        self._now = max(self._now, at)  # the clock on the wall may have been set back
        self.builder.add((delta,))
        self.count += 1


def row_of(connection: apsw.Connection, conversation_id: str, message_id: str) -> int | None:
    """Return the row number of a message, deleted or not; ``None`` when it is not in there."""
    seq: Any = connection.execute(
        "SELECT message.seq FROM message JOIN conversation"
        " ON conversation.seq = message.conversation"
        " WHERE message.id = ? AND conversation.id = ?",
        (message_id, conversation_id),
    ).get
    return None if seq is None else int(seq)


def insert_message(connection: apsw.Connection, conversation_id: str, message: Message) -> None:
    """Insert ``message`` with its parts.

    Raises:
        StoreError: When its parent is not in the conversation.
    """
    parent = None
    if message.parent is not None:
        parent = row_of(connection, conversation_id, message.parent)
        if parent is None:
            raise StoreError(
                "The message that this one answers was not saved, so neither was this."
            )
    connection.execute(
        "INSERT INTO message (id, conversation, parent, role, state, created_at)"
        " VALUES (?, (SELECT seq FROM conversation WHERE id = ?), ?, ?, ?, ?)",
        (message.id, conversation_id, parent, message.role.value, message.state.value,
         message.created_at),
    )  # fmt: skip
    write_content(connection, connection.last_insert_rowid(), message)


def write_content(connection: apsw.Connection, seq: int, message: Message) -> None:
    """Write everything of ``message`` but its place in the tree, replacing what was there."""
    parts = [rows.part_row(part) for part in message.parts]
    received = rows.pack_received(message.received)
    connection.execute(
        "UPDATE message SET state = ?, model = ?, finish_reason = ?, usage = ?, error = ?,"
        " notices = ?, host = ?, sending = ?, summary = ?, received = ?, sha256 = ? WHERE seq = ?",
        (
            message.state.value,
            None if message.model is None else storable(message.model),
            None if message.finish_reason is None else storable(message.finish_reason),
            rows.usage_text(message.usage),
            rows.error_text(message.error),
            rows.notices_text(message.notices),
            None if message.host is None else storable(message.host),
            *_wishes(message),
            received,
            _checksum(message.role, parts, received) if message.is_final else None,
            seq,
        ),
    )
    connection.execute("DELETE FROM part WHERE message = ?", (seq,))
    connection.executemany(
        "INSERT INTO part (message, position, kind, text, meta) VALUES (?, ?, ?, ?, ?)",
        ((seq, position, *row) for position, row in enumerate(parts)),
    )
    connection.execute("DELETE FROM delta WHERE message = ?", (seq,))


def write_wishes(connection: apsw.Connection, message: Message) -> None:
    """Write what the person wants of ``message`` in later requests, and nothing else of it."""
    connection.execute(
        "UPDATE message SET sending = ?, summary = ? WHERE id = ?",
        (*_wishes(message), message.id),
    )


def _wishes(message: Message) -> tuple[str | None, str | None]:
    sending = None if message.sending is Sending.AUTO else message.sending.value
    return sending, storable(message.summary) or None


def read_branch(
    connection: apsw.Connection, conversation_id: str, head: str | None = None
) -> tuple[Message, ...]:
    """Return the messages from the root to ``head``, else to the conversation's, oldest first."""
    if head is None:
        start = connection.execute(
            "SELECT head FROM conversation WHERE id = ?", (conversation_id,)
        ).get
    else:
        start = connection.execute(
            "SELECT message.seq FROM message JOIN conversation"
            " ON conversation.seq = message.conversation"
            " WHERE message.id = ? AND conversation.id = ? AND message.removed_at IS NULL",
            (head, conversation_id),
        ).get
    return _read(connection, _BRANCH, "SELECT seq FROM branch", (start,))


def read_all(connection: apsw.Connection, conversation_id: str) -> tuple[Message, ...]:
    """Return every message of a conversation, whatever its branch, in the order of their making.

    Those of branches that were deleted are left out.
    """
    chosen = (
        "SELECT seq FROM message WHERE conversation = (SELECT seq FROM conversation WHERE id = ?)"
        " AND removed_at IS NULL"
    )
    return _read(connection, "", chosen, (conversation_id,))


def read_message(connection: apsw.Connection, seq: int) -> Message:
    """Return one message by its row number."""
    return _read(connection, "", "SELECT ?", (seq,))[0]


def read_deltas(connection: apsw.Connection, seq: int) -> Folded:
    """Fold what is kept of the streaming message in row ``seq``."""
    folded = Folded()
    for kind, stored, at in connection.execute(
        "SELECT CAST(kind AS BLOB), CAST(data AS BLOB), at FROM delta WHERE message = ?"
        " ORDER BY seq",
        (seq,),
    ):
        try:
            folded.add(rows.delta_value(kind, stored), at)
        except rows.DamagedRow as error:
            _log.warning("A delta of message row %d is damaged and left out: %s", seq, error)
    return folded


def _read(
    connection: apsw.Connection, with_clause: str, chosen: str, bindings: Sequence[SqlValue]
) -> tuple[Message, ...]:
    """Return the messages whose ``seq`` is among ``chosen``, in the order of their making."""
    parts: defaultdict[Any, list[tuple[bytes, bytes, rows.Stored]]] = defaultdict(list)
    for seq, *part in connection.execute(
        f"{with_clause} SELECT message, CAST(kind AS BLOB), CAST(text AS BLOB),"  # noqa: S608
        f" CAST(meta AS BLOB) FROM part WHERE message IN ({chosen}) ORDER BY message, position",
        bindings,
    ):
        parts[seq].append((part[0], part[1], part[2]))
    found = connection.execute(
        f"{with_clause} SELECT message.seq, message.created_at, message.sha256,"  # noqa: S608
        " CAST(message.id AS BLOB), CAST(parent.id AS BLOB), CAST(message.role AS BLOB), CAST(message.state AS BLOB),"
        " CAST(message.model AS BLOB), CAST(message.finish_reason AS BLOB),"
        " CAST(message.usage AS BLOB), CAST(message.error AS BLOB),"
        " CAST(message.notices AS BLOB), CAST(message.received AS BLOB),"
        " CAST(message.host AS BLOB), CAST(message.sending AS BLOB),"
        " CAST(message.summary AS BLOB)"
        " FROM message LEFT JOIN message AS parent ON parent.seq = message.parent"
        f" WHERE message.seq IN ({chosen}) ORDER BY message.seq",
        bindings,
    ).fetchall()
    return tuple(_message(connection, row, parts[row[0]]) for row in found)


def _message(
    connection: apsw.Connection,
    row: Sequence[Any],
    stored_parts: list[tuple[bytes, bytes, rows.Stored]],
) -> Message:
    seq, created_at, sha256, stored_id, parent, role = row[:6]
    message_id = _text(stored_id) or ""
    state, model, finish_reason, usage, error, notices, packed, host = row[6:14]
    sending, summary = row[14:]
    damages: list[str] = []

    def sound(read: Callable[[], R], otherwise: R) -> R:
        try:
            return read()
        except ValueError as damage:
            damages.append(str(damage))
            return otherwise

    received = sound(lambda: rows.received_json(packed), None)
    if sha256 is not None and rows.checksum(role, stored_parts, received) != sha256:
        damages.append("the checksum differs")
    message = Message(
        id=message_id,
        role=sound(lambda: Role(role.decode()), Role.ASSISTANT),
        parts=tuple(rows.part_value(*part) for part in stored_parts),
        parent=_text(parent),
        created_at=created_at,
        state=sound(lambda: MessageState(state.decode()), MessageState.INTERRUPTED),
        model=_text(model),
        finish_reason=_text(finish_reason),
        usage=sound(lambda: rows.usage_value(usage), None),
        error=sound(lambda: rows.error_value(error), None),
        received=sound(lambda: rows.json_value(received), None),
        notices=sound(lambda: rows.notices_value(notices), ()),
        host=_text(host),
        sending=sound(lambda: Sending(_text(sending) or Sending.AUTO), Sending.AUTO),
        summary=_text(summary) or "",
    )
    if not message.is_final:
        message = with_deltas(message, read_deltas(connection, seq))
    if damages:
        _log.error("Message %s is not as it was saved: %s", message_id, "; ".join(damages))
        notices = (*message.notices, CHECKSUM_NOTICE)
        message = replace(message, notices=tuple(dict.fromkeys(notices)))
    return message


def with_deltas(message: Message, folded: Folded) -> Message:
    """Return ``message`` with what has been kept of its stream after it was made."""
    builder = folded.builder
    return replace(
        message,
        parts=(*message.parts, *builder.parts),
        usage=builder.usage or message.usage,
        finish_reason=builder.finish_reason or message.finish_reason,
        notices=tuple(dict.fromkeys((*message.notices, *builder.notices))),
    )


def _checksum(role: Role, parts: Iterable[rows.PartRow], packed: str | bytes | None) -> bytes:
    return rows.checksum(
        role.value.encode(),
        (
            (
                part.kind.encode(),
                part.text.encode(),
                None if part.meta is None else part.meta.encode(),
            )
            for part in parts
        ),
        rows.received_json(packed),
    )


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else stored.decode(errors="replace")
