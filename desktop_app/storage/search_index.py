"""The search index: a file beside the conversations that can be thrown away and made anew.

It holds nothing but what stands in the conversations too. It is a file of its own so that backups
need not carry it, damage to it damages nothing else, and its merging keeps no answer from being
saved. `search_change` in the conversations says what it has not seen yet.

Everything here blocks, and belongs on the thread of the search.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import apsw

from desktop_app.storage.connection import (
    configure,
    make_private,
    number,
    side_files,
    transaction,
)
from desktop_app.storage.search_grams import VERSION, document
from desktop_app.storage.search_rows import searchable

_log = logging.getLogger(__name__)

_BATCH: Final = 200
"""Parts that are read at once; the time is looked at after each batch."""

_SCHEMA: Final = """
    CREATE VIRTUAL TABLE gram USING fts5 (
        words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
    );
    CREATE TABLE state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL,
        source BLOB NOT NULL,     -- the token of the conversations
        applied INTEGER NOT NULL, -- the last change that was taken in
        floor INTEGER NOT NULL,   -- parts from this number on are in it; 0 when all are
        latest REAL NOT NULL      -- when the newest message in it was made
    ) STRICT;
"""

_PARTS: Final = """
    SELECT part.id, CAST(part.kind AS BLOB), CAST(part.text AS BLOB), CAST(part.meta AS BLOB),
        CAST(message.role AS BLOB), message.created_at
    FROM chat.part CROSS JOIN chat.message ON message.seq = part.message
"""


@dataclass(frozen=True, slots=True)
class State:
    """How far an index has come.

    Attributes:
        applied: The last change of the conversations that was taken in.
        floor: The least row number of a part that is in it; 0 when all are.
        latest: When the newest message in it was made.
    """

    applied: int
    floor: int
    latest: float


@dataclass(frozen=True, slots=True)
class Progress:
    """What one slice of work came to: up to which change, and whether nothing is left."""

    applied: int
    is_done: bool


def index_path(database: Path) -> Path:
    """Return where the index for ``database`` is."""
    return database.with_name(f"{database.stem}-search.db")


def open_index(path: Path, database: Path) -> apsw.Connection:
    """Open the index at ``path`` with ``database`` beside it as ``chat``, which is only read.

    An index that is missing, damaged, of another version or of other conversations is made anew,
    empty.

    Raises:
        DatabaseError: When the file cannot be made.
        apsw.Error: When SQLite refuses it otherwise.
    """
    try:
        connection = _connect(path, database)
    except (apsw.CorruptError, apsw.NotADBError) as error:
        _log.warning("The search index is damaged and made anew: %s", error)
    else:
        if _fits(connection):
            return connection
        connection.close()
    remove_index(path)
    connection = _connect(path, database)
    try:
        _begin(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def remove_index(path: Path) -> None:
    """Delete the index; nothing may have it open."""
    for file in (*side_files(path), path):
        file.unlink(missing_ok=True)


def read_state(connection: apsw.Connection) -> State:
    """Return how far the index has come."""
    row: Any = connection.execute("SELECT applied, floor, latest FROM main.state").fetchone()
    return State(*row)


def work(connection: apsw.Connection, is_over: Callable[[], bool]) -> Progress:
    """Take in changes, then parts that were never taken in, the newest first, in one transaction.

    Args:
        connection: From :func:`open_index`.
        is_over: Asked after every batch; at least one is done.
    """
    with transaction(connection):
        state = read_state(connection)
        while True:
            before, state = state, _step(connection, state)
            if state == before or is_over():
                break
        connection.execute(
            "UPDATE main.state SET applied = ?, floor = ?, latest = ?",
            (state.applied, state.floor, state.latest),
        )
    return Progress(state.applied, state == before)


def until(seconds: float, or_when: Callable[[], bool] = lambda: False) -> Callable[[], bool]:
    """Return what says whether ``seconds`` from now have passed, or the other is true."""
    deadline = time.monotonic() + seconds
    return lambda: time.monotonic() >= deadline or or_when()


def _connect(path: Path, database: Path) -> apsw.Connection:
    make_private(path)
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(str(path), flags=flags)
    try:
        configure(connection)
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        # Read-only, so that nothing here can ever hold up whoever writes.
        connection.execute("ATTACH ? AS chat", (f"{database.absolute().as_uri()}?mode=ro",))
    except BaseException:
        connection.close()
        raise
    return connection


def _fits(connection: apsw.Connection) -> bool:
    try:
        row: Any = connection.execute("SELECT version, source, applied FROM state").fetchone()
        connection.execute("SELECT rowid FROM gram('none') LIMIT 1").fetchall()
    except apsw.Error as error:
        _log.info("There is no search index that can be used: %s", error)
        return False
    if row is None or row[:2] != (VERSION, _source(connection)):
        return False
    # Conversations that were taken back to an earlier state have fewer changes behind them.
    return bool(row[2] <= _last_change(connection))


def _begin(connection: apsw.Connection) -> None:
    with transaction(connection):
        connection.execute(_SCHEMA).fetchall()
        highest = number(connection, "SELECT coalesce(max(id), 0) FROM chat.part")
        connection.execute(
            "INSERT INTO state VALUES (1, ?, ?, ?, ?, 0)",
            (VERSION, _source(connection), _last_change(connection), highest + 1),
        )


def _source(connection: apsw.Connection) -> object:
    return connection.execute("SELECT token FROM chat.search_source").get


def _last_change(connection: apsw.Connection) -> int:
    return number(
        connection,
        "SELECT coalesce(max(seq), 0) FROM chat.sqlite_sequence WHERE name = 'search_change'",
    )


def _step(connection: apsw.Connection, state: State) -> State:
    changes: list[Any] = connection.execute(
        "SELECT seq, part FROM chat.search_change WHERE seq > ? ORDER BY seq LIMIT ?",
        (state.applied, _BATCH),
    ).fetchall()
    if changes:
        # What is below the floor is taken in with the rest.
        parts = sorted({part for _, part in changes if part >= state.floor})
        found: list[Any] = []
        for part in parts:
            connection.execute("DELETE FROM gram WHERE rowid = ?", (part,))
            found += connection.execute(f"{_PARTS} WHERE part.id = ?", (part,))
        return State(changes[-1][0], state.floor, _insert(connection, found, state.latest))
    if not state.floor:
        return state
    older: list[Any] = connection.execute(
        f"{_PARTS} WHERE part.id < ? ORDER BY part.id DESC LIMIT ?", (state.floor, _BATCH)
    ).fetchall()
    if not older:
        return replace(state, floor=0)
    # Ascending, for FTS5 begins a new segment with every row number that goes back.
    latest = _insert(connection, older[::-1], state.latest)
    return State(state.applied, older[-1][0], latest)


def _insert(connection: apsw.Connection, parts: Sequence[Any], latest: float) -> float:
    """Take in ``parts``; return when the newest was made, or ``latest``."""
    connection.executemany(
        "INSERT INTO gram (rowid, words) VALUES (?, ?)",
        (
            (part, document(*searchable(*columns), created_at))
            for part, *columns, created_at in parts
        ),
    )
    return max(latest, *(created_at for *_, created_at in parts)) if parts else latest
