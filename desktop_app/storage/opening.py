"""Opens the database, whatever state its file is in, and says what was found.

A file that cannot be read is kept aside under another name, never overwritten; a newer one is left
alone; where nothing can be saved, a database in memory serves for this run.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.storage.connection import (
    BUSY_TIMEOUT,
    accept,
    connect,
    connect_in_memory,
    number,
    side_files,
)
from desktop_app.storage.database import Database
from desktop_app.storage.errors import (
    DamagedError,
    DatabaseError,
    OpeningProblem,
    folder_error,
    store_error,
)
from desktop_app.storage.migrations import APPLICATION_ID, TABLES, migrate, refuse_newer
from desktop_app.storage.recovery import recover_interrupted

_log = logging.getLogger(__name__)

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_LENGTH: Final = 100
_VERSION_AT: Final = slice(60, 64)
_APPLICATION_AT: Final = slice(68, 72)

_ALWAYS_CHECKED: Final = 16 * 1024 * 1024
"""Bytes up to which a file is checked at every start; that was 10 to 35 ms for 23 MB."""

_CHECK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Opening:
    """An open database and what happened on the way.

    Attributes:
        database: Ready for a store.
        problem: What the person should be told once; ``None`` when all is well.
        kept_as: Where an unreadable file now is.
        sentence: The problem in English, for the log and for ``--ask``.
        in_memory: Whether everything is lost when this run ends.
        interrupted: How many messages the last run left half-written; they are kept.
    """

    database: Database
    problem: OpeningProblem | None = None
    kept_as: Path | None = None
    sentence: str = ""
    in_memory: bool = False
    interrupted: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    kept_as: Path | None
    interrupted: int


async def open_storage(path: Path, *, busy_timeout: int = BUSY_TIMEOUT) -> Opening:
    """Open the database at ``path`` or, where nothing can be saved there, one in memory.

    Never raises for the state of the disk: ``problem`` says what it was.
    """
    try:
        return await open_database(path, busy_timeout=busy_timeout)
    except StoreError as error:
        problem = error.problem if isinstance(error, DatabaseError) else OpeningProblem.OTHER
        # A trace helps only where nobody knows what happened.
        trace = problem is OpeningProblem.OTHER
        _log.error("Conversations are kept for this run only: %s", error, exc_info=trace)
        return await open_in_memory(problem, str(error))


async def open_database(path: Path, *, busy_timeout: int = BUSY_TIMEOUT) -> Opening:
    """Open the database at ``path``, making it where there is none. Times in milliseconds.

    Raises:
        NewerDatabaseError: When a newer version of the program made it; it is not touched.
        DatabaseError: When it cannot be opened for writing; it is not touched either.
    """
    database = Database()
    try:
        found = await database.attach(partial(_open, path, busy_timeout))
    except BaseException:
        database.abandon()
        raise
    if found.kept_as is None:
        return Opening(database, interrupted=found.interrupted)
    return Opening(
        database,
        OpeningProblem.UNREADABLE,
        found.kept_as,
        "The file for conversations could not be read. It was kept as"
        f" {found.kept_as.name}, and a new one was begun.",
    )


async def open_in_memory(problem: OpeningProblem | None = None, sentence: str = "") -> Opening:
    """Open a database that lasts for this run, because of ``problem``."""

    def attach() -> tuple[apsw.Connection, None]:
        connection = connect_in_memory()
        migrate(connection)
        return connection, None

    database = Database()
    try:
        await database.attach(attach)
    except BaseException:
        database.abandon()
        raise
    return Opening(database, problem, sentence=sentence, in_memory=True)


def _open(path: Path, busy_timeout: int) -> tuple[apsw.Connection, _Found]:
    kept_as = None
    try:
        connection, interrupted = _open_checked(path, busy_timeout)
    except DamagedError as error:
        kept_as = _keep_aside(path)
        reason = error.__cause__ or error
        _log.error("The database was unreadable and is now %s: %s", kept_as, reason)
        connection, interrupted = _open_checked(path, busy_timeout)
    return connection, _Found(kept_as, interrupted)


def _open_checked(path: Path, busy_timeout: int) -> tuple[apsw.Connection, int]:
    """Open ``path``, check it, bring it up to date.

    Raises:
        DamagedError: When it should be kept aside. No connection is open then.
    """
    try:
        _refuse_newer_file(path)
        # Only a run that was not closed in order leaves a log behind.
        was_killed = _has_content(side_files(path)[0])
        if was_killed and not _has_content(path):
            # SQLite would take it for new and delete the log, which may be all that is left.
            raise DamagedError("The file for conversations is empty, but its log is not.")
        is_small = not path.exists() or path.stat().st_size <= _ALWAYS_CHECKED
    except OSError as error:
        raise folder_error(error) from error
    try:
        connection = connect(path, busy_timeout=busy_timeout)
    except apsw.Error as error:
        raise store_error(error) from error
    try:
        _refuse_foreign(connection)
        if was_killed or is_small:
            _quick_check(connection)
        accept(connection)
        migrate(connection)
        _require_tables(connection)
        return connection, recover_interrupted(connection)
    except apsw.Error as error:
        connection.close()
        raise store_error(error) from error
    except UnicodeDecodeError as error:  # in the schema; the rows are read as bytes
        connection.close()
        raise DamagedError("The file for conversations is damaged.") from error
    except BaseException:
        connection.close()
        raise


def _refuse_newer_file(path: Path) -> None:
    """Look at the version before anything is opened for writing: that alone may change a file."""
    if not _has_content(path):
        return
    with path.open("rb") as file:
        header = file.read(_HEADER_LENGTH)
    if len(header) < _HEADER_LENGTH or not header.startswith(_MAGIC):
        return
    if int.from_bytes(header[_APPLICATION_AT], "big") == APPLICATION_ID:
        refuse_newer(int.from_bytes(header[_VERSION_AT], "big"))
    if not _has_content(side_files(path)[0]):
        return
    # The newest header may still stand in the log, which only SQLite reads rightly.
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    except apsw.Error:
        return
    try:
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        if number(connection, "PRAGMA application_id") == APPLICATION_ID:
            refuse_newer(number(connection, "PRAGMA user_version"))
    except apsw.Error:
        return  # what is wrong with it is found again, and named, when it is opened for writing
    finally:
        connection.close()


def _refuse_foreign(connection: apsw.Connection) -> None:
    application = number(connection, "PRAGMA application_id")
    if application == APPLICATION_ID:
        return
    if application != 0 or number(connection, "SELECT count(*) FROM sqlite_schema") > 0:
        raise DamagedError("The file for conversations belongs to another program.")


def _quick_check(connection: apsw.Connection) -> None:
    """Check the structure of the file, for half a second at most.

    What a check that was cut short would have found shows when the rows are read.
    """
    deadline = time.monotonic() + _CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
    try:
        found = connection.execute("PRAGMA quick_check(1)").get
    except apsw.InterruptError:
        _log.info("The check of the database was cut short after %.1f s", _CHECK_SECONDS)
        return
    finally:
        connection.set_progress_handler(None)
    if found != "ok":
        raise DamagedError("The file for conversations is damaged.") from ValueError(found)


def _require_tables(connection: apsw.Connection) -> None:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if missing := TABLES - names:
        raise DamagedError("The file for conversations is damaged.") from ValueError(
            f"no table {', '.join(sorted(missing))}"
        )


def _keep_aside(path: Path) -> Path:
    """Rename the database and what belongs to it, to names that nothing bears yet."""
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    target = wanted = path.with_name(f"{path.name}.unreadable-{moment}")
    attempt = 1
    while any(file.exists() for file in (target, *side_files(target))):
        attempt += 1
        target = wanted.with_name(f"{wanted.name}-{attempt}")
    try:
        # The log first: a log that is left beside a new database would be taken for its own.
        for file, name in zip(side_files(path), side_files(target), strict=True):
            if file.exists():
                file.rename(name)
        path.rename(target)
    except OSError as error:
        raise folder_error(error) from error
    return target


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
