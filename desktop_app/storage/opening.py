"""Opens the database, whatever state its file is in, and says what was found.

A file that cannot be read is kept aside under another name, never overwritten; a newer one is left
alone; where nothing can be saved, a database in memory serves for this run.
"""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.storage.ballast import Ballast
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
    DiskFullError,
    OpeningProblem,
    folder_error,
    is_disk_full,
    store_error,
)
from desktop_app.storage.header import read_header
from desktop_app.storage.migrations import APPLICATION_ID, TABLES, migrate, refuse_newer
from desktop_app.storage.newer import connect_to_read
from desktop_app.storage.recovery import recover_interrupted
from desktop_app.storage.upgrading import upgrade

_log = logging.getLogger(__name__)

_ALWAYS_CHECKED: Final = 16 * 1024 * 1024
"""Bytes up to which a file is checked at every start; that was 10 to 35 ms for 23 MB."""

_CHECK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Opening:
    """An open database and what happened on the way.

    Attributes:
        database: Ready for a store.
        path: The file; ``None`` when nothing can be saved.
        backups: Where its copies are.
        ballast: The room that is set aside beside it.
        was_killed: Whether the last run was not left in order.
        problem: What the person should be told once; ``None`` when all is well.
        kept_as: Where an unreadable file now is.
        sentence: The problem in English, for the log and for ``--ask``.
        in_memory: Whether everything is lost when this run ends.
        read_only: Whether everything can be read, and nothing is written.
        interrupted: How many messages the last run left half-written; they are kept.
    """

    database: Database
    path: Path | None = None
    backups: Path | None = None
    ballast: Ballast | None = None
    was_killed: bool = False
    problem: OpeningProblem | None = None
    kept_as: Path | None = None
    sentence: str = ""
    in_memory: bool = False
    read_only: bool = False
    interrupted: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    kept_as: Path | None
    interrupted: int
    was_killed: bool


async def open_storage(
    path: Path, backups: Path | None = None, *, busy_timeout: int = BUSY_TIMEOUT
) -> Opening:
    """Open the database at ``path`` or, where nothing can be saved there, one in memory.

    One that a newer version of the program wrote is opened to be read. Never raises for the state of
    the disk: ``problem`` says what it was.
    """
    try:
        return await open_database(path, backups, busy_timeout=busy_timeout)
    except StoreError as error:
        problem = error.problem if isinstance(error, DatabaseError) else OpeningProblem.OTHER
        if problem is OpeningProblem.NEWER:
            try:
                return await open_to_read(path, str(error))
            except StoreError as refusal:
                _log.warning("it cannot be read either: %s", refusal.__cause__ or refusal)
        # A trace helps only where nobody knows what happened.
        trace = problem in {OpeningProblem.OTHER, OpeningProblem.MIGRATION}
        _log.error("Conversations are kept for this run only: %s", error, exc_info=trace)
        return await open_in_memory(problem, str(error))


async def open_database(
    path: Path, backups: Path | None = None, *, busy_timeout: int = BUSY_TIMEOUT
) -> Opening:
    """Open the database at ``path``, making it where there is none.

    Args:
        path: The file.
        backups: Where a copy is put before the schema is changed; a folder beside it otherwise.
        busy_timeout: Milliseconds.

    Raises:
        NewerDatabaseError: When a newer version of the program made it; it is not touched.
        DatabaseError: When it cannot be opened for writing; it is not touched either.
    """
    folder = backups or path.with_name("backups")
    ballast = Ballast(path.with_name("ballast"))
    database = Database(ballast)

    def attach() -> tuple[apsw.Connection, _Found]:
        try:
            return _open(path, folder, busy_timeout)
        except DiskFullError:
            if not ballast.release():
                raise
            return _open(path, folder, busy_timeout)

    try:
        found = await database.attach(attach)
    except BaseException:
        database.abandon()
        raise
    opening = Opening(
        database, path, folder, ballast, found.was_killed, interrupted=found.interrupted
    )
    if found.kept_as is None:
        return opening
    return replace(
        opening,
        problem=OpeningProblem.UNREADABLE,
        kept_as=found.kept_as,
        sentence="The file for conversations could not be read. It was kept as"
        f" {found.kept_as.name}, and a new one was begun.",
    )


async def open_to_read(path: Path, sentence: str) -> Opening:
    """Open what a newer version of the program wrote, because of ``sentence``; it is not touched.

    Raises:
        StoreError: When it cannot be read by this version.
    """
    database = Database()
    try:
        database.refuse_writes(await database.attach(partial(connect_to_read, path)))
    except BaseException:
        database.abandon()
        raise
    return Opening(database, problem=OpeningProblem.NEWER, sentence=sentence, read_only=True)


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
    return Opening(database, problem=problem, sentence=sentence, in_memory=True)


def _open(path: Path, backups: Path, busy_timeout: int) -> tuple[apsw.Connection, _Found]:
    kept_as = None
    try:
        # Only a run that was not closed in order leaves a log behind.
        was_killed = _has_content(side_files(path)[0])
        connection, interrupted = _open_checked(path, backups, busy_timeout, was_killed=was_killed)
    except OSError as error:
        raise folder_error(error) from error
    except DamagedError as error:
        kept_as = _keep_aside(path)
        reason = error.__cause__ or error
        _log.error("The database was unreadable and is now %s: %s", kept_as, reason)
        connection, interrupted = _open_checked(path, backups, busy_timeout, was_killed=False)
    return connection, _Found(kept_as, interrupted, was_killed)


def _open_checked(
    path: Path, backups: Path, busy_timeout: int, *, was_killed: bool
) -> tuple[apsw.Connection, int]:
    """Open ``path``, check it, bring it up to date.

    Raises:
        DamagedError: When it should be kept aside. No connection is open then.
    """
    try:
        _refuse_newer_file(path)
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
        upgrade(connection, backups)
        _require_tables(connection)
        return connection, recover_interrupted(connection)
    except apsw.Error as error:
        full = is_disk_full(error, connection.system_errno)
        connection.close()
        raise store_error(apsw.FullError() if full else error) from error
    except UnicodeDecodeError as error:  # in the schema; the rows are read as bytes
        connection.close()
        raise DamagedError("The file for conversations is damaged.") from error
    except BaseException:
        connection.close()
        raise


def _refuse_newer_file(path: Path) -> None:
    """Look at the version before anything is opened: that alone may change a file."""
    header = read_header(path)
    if header is not None and header.application == APPLICATION_ID:
        refuse_newer(header.version)


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
