"""The port ``DraftStore`` on a database: one row for each conversation with something unsent."""

import time
from collections.abc import Mapping
from typing import Any

import apsw

from desktop_app.domain.draft import Draft, Queued
from desktop_app.domain.text import storable
from desktop_app.storage.database import Database
from desktop_app.storage.rows import DamagedRow, Stored, json_text, json_value


class SqliteDraftStore:
    """Drafts in ``database``; every method raises ``StoreError`` when the database refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load_drafts(self) -> Mapping[str, Draft]:
        """All drafts by the id of their conversation, the one written last first."""
        return await self._database.run(_read)

    async def save_draft(self, conversation_id: str, draft: Draft) -> None:
        """Keep ``draft``, or nothing where it is empty."""

        def job(connection: apsw.Connection) -> None:
            if draft.is_empty:
                connection.execute("DELETE FROM draft WHERE conversation = ?", (conversation_id,))
                return
            queue = json_text([[item.id, item.text] for item in draft.queue])
            connection.execute(
                "INSERT OR REPLACE INTO draft"
                " (conversation, updated_at, text, queue, editing, edited)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    conversation_id,
                    time.time(),
                    storable(draft.text),
                    queue if draft.queue else None,
                    storable(draft.editing),
                    storable(draft.edited),
                ),
            )

        await self._database.write(job)


def _read(connection: apsw.Connection) -> Mapping[str, Draft]:
    # A deleted conversation keeps its draft, for the day on which it is restored.
    found: list[Any] = connection.execute(
        "SELECT CAST(conversation AS BLOB), CAST(text AS BLOB), CAST(queue AS BLOB),"
        " CAST(editing AS BLOB), CAST(edited AS BLOB) FROM draft"
        " WHERE conversation NOT IN (SELECT id FROM conversation WHERE deleted_at IS NOT NULL)"
        " ORDER BY updated_at DESC, rowid DESC"
    ).fetchall()
    drafts: dict[str, Draft] = {}
    for conversation_id, *columns in found:
        queue = tuple(item for item in _queue(columns[1]) if not _is_sent(connection, item.id))
        text, editing, edited = (_text(columns[place]) for place in (0, 2, 3))
        drafts[_text(conversation_id)] = Draft(text, queue, editing, edited)
    return {key: draft for key, draft in drafts.items() if not draft.is_empty}


def _queue(stored: Stored) -> tuple[Queued, ...]:
    try:
        found = json_value(stored) or []
        return tuple(Queued(str(text), str(item_id)) for item_id, text in found)
    except (DamagedRow, TypeError, ValueError):
        # Something a person wrote is shown as it can be read, rather than dropped.
        return (Queued(_text(stored)),)


def _is_sent(connection: apsw.Connection, message_id: str) -> bool:
    row = connection.execute("SELECT 1 FROM message WHERE id = ?", (storable(message_id),)).get
    return row is not None


def _text(stored: Stored) -> str:
    return "" if stored is None else stored.decode(errors="replace")
