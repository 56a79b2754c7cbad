"""Brings an older schema up to date with a net under it: a copy first, a comparison after."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from desktop_app.domain.backup import BackupReason
from desktop_app.storage.backup_folder import make_backup
from desktop_app.storage.connection import number
from desktop_app.storage.errors import BackupError, DamagedError
from desktop_app.storage.migrations import MIGRATIONS, Migration, migrate


def upgrade(
    connection: apsw.Connection,
    backups: Path,
    migrations: Sequence[Migration] = MIGRATIONS,
    clock: Callable[[], float] = time.time,
) -> None:
    """Bring the schema to the newest version; a copy of an older one is kept in ``backups``.

    Raises:
        DamagedError: When the file is damaged, so that it was neither copied nor changed.
        MigrationError: When a step would have changed what is in it; it was undone.
        NewerDatabaseError: When the schema is newer than that; nothing was written.
        apsw.Error: When SQLite refuses; the steps before stand, this one left nothing.
        OSError: When the copy cannot be written; nothing was changed.
    """
    if 0 < number(connection, "PRAGMA user_version") < len(migrations):
        try:
            make_backup(connection, backups, BackupReason.BEFORE_MIGRATION, clock())
        except BackupError as error:
            raise DamagedError("The file for conversations is damaged.") from (
                error.__cause__ or error
            )
    migrate(connection, migrations)
