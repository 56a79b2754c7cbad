"""The port ``PermissionStore`` on a database: one row for each tool allowed in a conversation."""

from typing import Any, Final

import apsw

from desktop_app.domain.permission import Permission
from desktop_app.domain.text import storable
from desktop_app.storage.database import Database

_SELECT: Final = """
    SELECT CAST(conversation.id AS BLOB), CAST(permission.source AS BLOB), CAST(tool AS BLOB),
        CAST(fingerprint AS BLOB), given_at
    FROM permission JOIN conversation ON conversation.seq = permission.conversation
"""
_ORDER: Final = " ORDER BY given_at DESC, permission.source, tool"
_ALL: Final = f"{_SELECT} WHERE deleted_at IS NULL {_ORDER}"
_OF_ONE: Final = f"{_SELECT} WHERE conversation.id = ? {_ORDER}"


class SqlitePermissionStore:
    """Permissions in ``database``; every method raises ``StoreError`` when the database refuses.

    What was overwritten on the disk is another fingerprint, or another tool, and so allows nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def permissions(self, conversation_id: str | None = None) -> tuple[Permission, ...]:
        """Return those of a conversation, or all of conversations that are not in the trash."""

        def job(connection: apsw.Connection) -> tuple[Permission, ...]:
            if conversation_id is None:
                found: list[Any] = connection.execute(_ALL).fetchall()
            else:
                found = connection.execute(_OF_ONE, (conversation_id,)).fetchall()
            return tuple(map(_permission, found))

        return await self._database.run(job)

    async def save_permission(self, permission: Permission) -> None:
        """Keep ``permission``; nothing is kept of a conversation that is not stored."""

        def job(connection: apsw.Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO permission (conversation, source, tool, fingerprint, given_at)"
                " SELECT seq, ?, ?, ?, ? FROM conversation WHERE id = ?",
                (
                    storable(permission.source),
                    storable(permission.tool),
                    permission.fingerprint,
                    permission.given_at,
                    permission.conversation,
                ),
            )

        await self._database.write(job)

    async def remove_permission(self, permission: Permission) -> None:
        """Forget the permission with the key of this one."""

        def job(connection: apsw.Connection) -> None:
            connection.execute(
                "DELETE FROM permission WHERE source = ? AND tool = ?"
                " AND conversation = (SELECT seq FROM conversation WHERE id = ?)",
                (
                    storable(permission.source),
                    storable(permission.tool),
                    permission.conversation,
                ),
            )

        await self._database.write(job)


def _permission(row: tuple[bytes, bytes, bytes, bytes, float]) -> Permission:
    *texts, given_at = row
    conversation_id, source, tool, fingerprint = (text.decode(errors="replace") for text in texts)
    return Permission(conversation_id, source, tool, fingerprint, given_at)
