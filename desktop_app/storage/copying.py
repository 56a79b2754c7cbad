"""Copies a database while it is written to, checks the copy, and puts it in its place whole.

Everything here blocks, and runs on a thread that writes no conversation: a copy of 250 MB takes a
second or two.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.storage.connection import number
from desktop_app.storage.errors import BackupError
from desktop_app.storage.inspection import SLICE, damaged_messages, structure_problem
from desktop_app.storage.migrations import APPLICATION_ID

_PAGES: Final = 256
"""Copied at once; in between the copying can be told to stop."""

_SYNC_AFTER: Final = 8
"""Steps, so 8 MB, after which the disk is given what was copied. All at the end, a write of the
conversation waited for up to 150 ms behind it; so, for 20 to 90 (246 MB, ext4)."""

_CHECKED_WHOLE: Final = 20_000
"""Messages up to which every checksum of a copy is computed; above, of about so many."""

TEMPORARY: Final = ".part"


class StoppedError(BackupError):
    """The copying was told to stop."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy turned out to be.

    Attributes:
        damaged: Messages in it that are not what was saved; in the original they are not either.
    """

    damaged: int


def copy_checked(
    source: apsw.Connection, target: Path, stopped: Callable[[], bool] = lambda: False
) -> Copied:
    """Copy what ``source`` holds at this moment to the new file ``target``, synced and checked.

    Others may go on writing: the copy shows the moment at which it was begun.

    Args:
        source: A connection of this thread, not in a transaction.
        target: Made, for its owner alone (0600); gone again when anything fails.
        stopped: Asked now and then.

    Raises:
        BackupError: When the copy is not sound, and so the original is not.
        StoppedError: When it was told to stop.
        apsw.Error: When SQLite refuses.
        OSError: When the system does.
    """
    target.unlink(missing_ok=True)
    try:
        descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _copy_pages(source, target, descriptor, stopped)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with reading(target) as copy:
            return _check(copy, stopped)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def put_in_place(temporary: Path, target: Path) -> None:
    """Give a file its name, so that it survives a power cut under it."""
    temporary.replace(target)
    if os.name == "nt":
        return
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[apsw.Connection]:
    """Open a database that nobody writes to, and leave no trace beside it.

    Raises:
        apsw.Error: When SQLite refuses.
    """
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(f"{path.absolute().as_uri()}?immutable=1", flags=flags)
    try:
        connection.execute("PRAGMA cell_size_check = ON").fetchall()
        connection.execute("PRAGMA trusted_schema = OFF").fetchall()
        yield connection
    finally:
        connection.close()


def _copy_pages(
    source: apsw.Connection, target: Path, descriptor: int, stopped: Callable[[], bool]
) -> None:
    copy = apsw.Connection(str(target))
    try:
        # A copy that breaks off is thrown away, so nothing has to be undone; it is synced here.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "mmap_size = 0"):
            copy.execute(f"PRAGMA {pragma}").fetchall()
        # Reading holds the moment; without it every write of another begins the copy anew.
        source.execute("BEGIN")
        try:
            source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
            with copy.backup("main", source, "main") as backup:
                steps = 0
                while not backup.done:
                    backup.step(_PAGES)
                    steps += 1
                    if steps % _SYNC_AFTER == 0:
                        os.fsync(descriptor)
                    if stopped():
                        raise StoppedError(
                            QT_TRANSLATE_NOOP("Storage", "The copy was not finished.")
                        )
        finally:
            source.execute("ROLLBACK")
        # A file on its own, which needs no log beside it to be read.
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    finally:
        copy.close()


def _check(copy: apsw.Connection, stopped: Callable[[], bool]) -> Copied:
    copy.set_progress_handler(stopped, 20_000)
    try:
        if number(copy, "PRAGMA application_id") != APPLICATION_ID:
            raise BackupError(QT_TRANSLATE_NOOP("Storage", "The copy is none of this program’s."))
        if problem := structure_problem(copy):
            raise BackupError(
                QT_TRANSLATE_NOOP(
                    "Storage", "The file for conversations is damaged, so it was not copied."
                )
            ) from ValueError(problem)
        count = number(copy, "SELECT count(*) FROM message")
        every = max(1, count // max(_CHECKED_WHOLE, SLICE))
        return Copied(damaged_messages(copy, every, lambda: not stopped()))
    except apsw.InterruptError as error:
        raise StoppedError(QT_TRANSLATE_NOOP("Storage", "The copy was not finished.")) from error
    finally:
        copy.set_progress_handler(None)
