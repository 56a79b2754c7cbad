"""Conversations in their table. Blocking, and without transactions of its own."""

from collections.abc import Sequence
from typing import Any, Final

import apsw

from desktop_app.domain.conversation import Conversation, ParameterError, Parameters
from desktop_app.domain.text import storable
from desktop_app.storage import rows
from desktop_app.storage.connection import SqlValue
from desktop_app.storage.message_table import row_of

_UPSERT: Final = """
    INSERT INTO conversation (
        id, title, created_at, updated_at, model, system_prompt, temperature, top_p, max_tokens,
        named, pinned, archived, folder, tags
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
        title = excluded.title, created_at = excluded.created_at,
        updated_at = excluded.updated_at, model = excluded.model,
        system_prompt = excluded.system_prompt, temperature = excluded.temperature,
        top_p = excluded.top_p, max_tokens = excluded.max_tokens,
        named = excluded.named, pinned = excluded.pinned, archived = excluded.archived,
        folder = excluded.folder, tags = excluded.tags
"""

_ALL: Final = """
    SELECT CAST(conversation.id AS BLOB), CAST(title AS BLOB), CAST(conversation.model AS BLOB),
        CAST(system_prompt AS BLOB), CAST(message.id AS BLOB), CAST(folder AS BLOB),
        CAST(tags AS BLOB), conversation.created_at, updated_at, temperature, top_p, max_tokens,
        named, pinned, archived, deleted_at
    FROM conversation LEFT JOIN message ON message.seq = conversation.head
"""
_TRASH: Final = f"""
    {_ALL} WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, conversation.seq DESC
"""
_LIST: Final = f"{_ALL} WHERE deleted_at IS NULL ORDER BY updated_at DESC, conversation.seq DESC"
_ONE: Final = f"{_ALL} WHERE conversation.id = ?"


def read_list(connection: apsw.Connection) -> tuple[Conversation, ...]:
    """Return all that are not in the trash, the one with the newest message first."""
    return _read(connection, _LIST)


def read_trash(connection: apsw.Connection) -> tuple[Conversation, ...]:
    """Return all in the trash, the one deleted last first."""
    return _read(connection, _TRASH)


def read_one(connection: apsw.Connection, conversation_id: str) -> Conversation | None:
    """Return a conversation, wherever it stands."""
    row = connection.execute(_ONE, (conversation_id,)).fetchone()
    return None if row is None else _conversation(row)


def upsert(connection: apsw.Connection, conversation: Conversation) -> None:
    """Insert or update everything about ``conversation`` but its head."""
    connection.execute(_UPSERT, _conversation_row(conversation))


def _read(connection: apsw.Connection, sql: str) -> tuple[Conversation, ...]:
    found: list[Any] = connection.execute(sql).fetchall()
    return tuple(map(_conversation, found))


def _conversation(row: Sequence[Any]) -> Conversation:
    """A conversation of the list; bytes that are no text any more show as U+FFFD."""
    texts = [None if stored is None else stored.decode(errors="replace") for stored in row[:6]]
    conversation_id, title, model, system_prompt, head, folder = texts
    tags, created_at, updated_at, *numbers = row[6:12]
    named, pinned, archived, deleted_at = row[12:]
    return Conversation(
        id=conversation_id or "",
        title=title or "",
        created_at=created_at,
        updated_at=updated_at,
        model=model or "",
        parameters=_parameters(system_prompt or "", *numbers),
        head=head,
        named=bool(named),
        pinned=bool(pinned),
        archived=bool(archived),
        folder=folder or "",
        tags=rows.tags_value(tags),
        deleted_at=deleted_at,
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
        conversation.named,
        conversation.pinned,
        conversation.archived,
        storable(conversation.folder),
        rows.notices_text(tuple(map(storable, conversation.tags))),
    )


def set_head(connection: apsw.Connection, conversation: Conversation) -> bool:
    """Set the head; return whether it is a message of the conversation, or none is wanted."""
    head = None
    if conversation.head is not None:
        head = row_of(connection, conversation.id, conversation.head)
        if head is None:
            return False
    connection.execute("UPDATE conversation SET head = ? WHERE id = ?", (head, conversation.id))
    return True
