"""Rows of parts as they are searched."""

from desktop_app.domain.message import Role
from desktop_app.domain.search import Scope, scope_of, searched_text
from desktop_app.storage import rows

_ROLES = {role.value.encode(): role for role in Role}


def searchable(kind: bytes, text: bytes, meta: rows.Stored, role: bytes) -> tuple[str, Scope]:
    """Return what is searched of a part, and who wrote it; the columns are cast to BLOB."""
    part = rows.part_value(kind, text, meta)
    return searched_text(part), scope_of(part, _ROLES.get(role, Role.ASSISTANT))
