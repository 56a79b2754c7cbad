"""Puts a copy in the place of what is stored. Blocking; for the worker that owns the connection."""

from pathlib import Path

import apsw

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.storage.connection import number
from desktop_app.storage.copying import reading
from desktop_app.storage.errors import BackupError
from desktop_app.storage.inspection import structure_problem
from desktop_app.storage.migrations import APPLICATION_ID, migrate, refuse_newer
from desktop_app.storage.recovery import recover_interrupted


def restore_into(connection: apsw.Connection, backup: Path) -> None:
    """Replace everything in ``connection`` by what ``backup`` holds, and bring that up to date.

    The pages are written as one transaction of the database itself: after a kill or a power cut at
    any moment the old content is there, or the new. No file is moved, so no connection, lock or log
    can be left with the wrong one.

    Raises:
        BackupError: When the file is not a sound copy of ours.
        NewerDatabaseError: When a newer version of the program made it.
        apsw.Error: When SQLite refuses; the old content is there.
    """
    try:
        with reading(backup) as source:
            _require_sound(source)
            with connection.backup("main", source, "main") as copying:
                copying.step(-1)
    except (apsw.CantOpenError, apsw.NotADBError, apsw.CorruptError) as error:
        raise BackupError(QT_TRANSLATE_NOOP("Storage", "This backup cannot be read.")) from error
    migrate(connection)
    recover_interrupted(connection)
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)


def _require_sound(source: apsw.Connection) -> None:
    if number(source, "PRAGMA application_id") != APPLICATION_ID:
        raise BackupError(QT_TRANSLATE_NOOP("Storage", "This file is no backup of this program."))
    refuse_newer(number(source, "PRAGMA user_version"))
    if problem := structure_problem(source):
        raise BackupError(QT_TRANSLATE_NOOP("Storage", "This backup is damaged.")) from ValueError(
            problem
        )
