"""One connection to one SQLite file: how it is opened, what it is told, how it writes.

Everything here blocks and belongs on the database's own thread, never on the window's.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import apsw

from desktop_app.storage.errors import DatabaseError, ReadOnlyError, folder_error

OLDEST_SQLITE: Final = (3, 51, 3)
"""Up to 3.51.2 two connections that write and checkpoint at once can damage a WAL database."""

BUSY_TIMEOUT: Final = 5000
"""Milliseconds to wait for another process that holds the file."""

SqlValue: TypeAlias = str | bytes | int | float | None

# The promise is that what was acknowledged survives a power cut as well; measured at 0.2 to 2 ms for a
# flush of 300 bytes. EXTRA is FULL once there is a log; before, it also makes the deletion of the first
# journal durable, which after a power cut could come back and undo the file under its log. No mapped memory: there an error of the disk would be a
# signal that ends the process rather than an exception.
_PRAGMAS: Final = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    "foreign_keys = ON",
    "synchronous = EXTRA",
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 67108864",
)

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


def side_files(path: Path) -> tuple[Path, ...]:
    """The files that SQLite may put beside ``path`` and that belong to it."""
    return tuple(path.with_name(path.name + suffix) for suffix in _SIDE_FILES)


def connect(path: Path, *, busy_timeout: int = BUSY_TIMEOUT) -> apsw.Connection:
    """Open ``path`` for reading and writing, making it and its folder where they are missing.

    A folder that is made is for its owner alone (0700), and so is the file (0600); SQLite gives the
    files beside it the same mode. A folder that was there is left as it is.

    Reading through the connection changes nothing in the file, and neither does closing it, until
    :func:`accept` is called: a damaged file is kept as it was found, its log included.

    Raises:
        DatabaseError: When the file cannot be made, or can only be read.
        apsw.Error: When SQLite refuses it otherwise.
    """
    _require_sqlite()
    try:
        make_private(path)
    except OSError as error:
        raise folder_error(error) from error
    connection = apsw.Connection(
        str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    )
    try:
        # SQLite falls back to reading when it may not write, and says so only at the first write.
        if connection.readonly("main"):
            raise ReadOnlyError(
                "The file for conversations is read-only, so nothing can be saved there."
            )
        # Closing the last connection copies the log into the file and deletes it.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        configure(connection, busy_timeout)
    except BaseException:
        connection.close()
        raise
    return connection


def accept(connection: apsw.Connection) -> None:
    """Make a connection whose file has been found good ready for writing."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()


def connect_in_memory() -> apsw.Connection:
    """Open a database that lasts as long as its connection, for a run that cannot save."""
    connection = apsw.Connection(":memory:")
    configure(connection, BUSY_TIMEOUT)
    return connection


def writing(connection: apsw.Connection) -> contextlib.AbstractContextManager[None]:
    """One write transaction, all or nothing; it is on the disk when this is left.

    It begins ``IMMEDIATE``: a transaction that reads first and writes later fails at once, without
    waiting, when another process has written in between (SQLITE_BUSY_SNAPSHOT).
    """
    return transaction(connection, "BEGIN IMMEDIATE")


@contextlib.contextmanager
def transaction(connection: apsw.Connection, begin: str = "BEGIN") -> Iterator[None]:
    """One transaction, all or nothing, that locks what it touches when it does."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled it back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def number(connection: apsw.Connection, sql: str) -> int:
    """Return the one integer that ``sql`` asks for."""
    value: Any = connection.execute(sql).get
    return int(value)


def _require_sqlite() -> None:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        sentence = (
            f"SQLite {apsw.sqlite_lib_version()} can damage saved conversations;"
            f" {oldest} or newer is needed."
        )
        raise DatabaseError(sentence)


def make_private(path: Path) -> None:
    """Make the file at ``path`` and its folder where they are missing, for their owner alone."""
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    elif path.is_file() and path.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):  # another's file that we may use but not change
            path.chmod(0o600)


def configure(connection: apsw.Connection, busy_timeout: int = BUSY_TIMEOUT) -> None:
    """Tell ``connection`` what every connection of this room is told."""
    connection.set_busy_timeout(busy_timeout)
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    for pragma in _PRAGMAS:
        # One by one and to the end: apsw leaves a script where it first returns a row.
        connection.execute(f"PRAGMA {pragma}").fetchall()
