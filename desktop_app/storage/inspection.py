"""Looks at a whole database: is its structure sound, is each message what was saved. Reads only."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import apsw

from desktop_app.storage import rows
from desktop_app.storage.connection import number

SLICE: Final = 500
"""Messages that are read at once."""

COUNTED: Final = ("conversation", "message", "part", "delta", "exchange")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What must be the same before and after a change of the schema.

    Attributes:
        counts: Rows, by table.
        sums: Over the checksums that stand beside the messages.
        damaged: How many messages do not match theirs.
    """

    counts: tuple[tuple[str, int], ...]
    sums: str
    damaged: int


def structure_problem(connection: apsw.Connection) -> str:
    """Return what SQLite finds wrong with the file and its indexes; empty when nothing is."""
    try:
        found = connection.execute("PRAGMA integrity_check(1)").get
    except (apsw.CorruptError, apsw.NotADBError) as error:
        return str(error)
    return "" if found == "ok" else str(found)


def damaged_messages(
    connection: apsw.Connection, every: int = 1, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Return how many messages are not what was saved, by their checksums.

    Args:
        connection: Only read.
        every: Looks at one slice of ``SLICE`` messages in so many; 1 looks at all of them.
        go_on: Asked between slices; what was found so far is returned when it says no.
    """
    last = number(connection, "SELECT coalesce(max(seq), 0) FROM message")
    return sum(
        _damaged_in(connection, first, first + SLICE)
        for first in range(1, last + 1, SLICE * every)
        if go_on()
    )


def inventory(connection: apsw.Connection) -> Inventory:
    """Count and sum up everything that a person would miss; tables not made yet count as empty."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    counts = tuple(
        (name, number(connection, f"SELECT count(*) FROM {name}") if name in there else 0)  # noqa: S608
        for name in COUNTED
    )
    digest = hashlib.sha256()
    if "message" not in there:
        return Inventory(counts, digest.hexdigest(), 0)
    for seq, sha256 in connection.execute("SELECT seq, sha256 FROM message ORDER BY seq"):
        digest.update(b"%d:" % seq + (sha256 or b"-"))
    return Inventory(counts, digest.hexdigest(), damaged_messages(connection))


def _damaged_in(connection: apsw.Connection, first: int, end: int) -> int:
    parts: dict[Any, list[tuple[bytes, bytes, rows.Stored]]] = {}
    for message, kind, text, meta in connection.execute(
        "SELECT message, CAST(kind AS BLOB), CAST(text AS BLOB), CAST(meta AS BLOB) FROM part"
        " WHERE message >= ? AND message < ? ORDER BY message, position",
        (first, end),
    ):
        parts.setdefault(message, []).append((kind, text, meta))
    found: list[Any] = connection.execute(
        "SELECT seq, CAST(role AS BLOB), CAST(received AS BLOB), sha256 FROM message"
        " WHERE seq >= ? AND seq < ? AND sha256 IS NOT NULL",
        (first, end),
    ).fetchall()
    return sum(
        not _is_sound(role, parts.get(seq, []), received, sha256)
        for seq, role, received, sha256 in found
    )


def _is_sound(
    role: bytes,
    parts: list[tuple[bytes, bytes, rows.Stored]],
    received: bytes | None,
    sha256: bytes,
) -> bool:
    try:
        return rows.checksum(role, parts, rows.received_json(received)) == sha256
    except rows.DamagedRow:
        return False
