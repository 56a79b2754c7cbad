"""The port ``Safekeeper`` on a database file: a thread of its own reads while the worker writes."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import apsw

from desktop_app.domain.backup import Backup, BackupReason, Damage
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.storage.backup_folder import list_backups, make_backup
from desktop_app.storage.backup_rules import backup_named
from desktop_app.storage.ballast import Ballast
from desktop_app.storage.connection import BUSY_TIMEOUT
from desktop_app.storage.copying import StoppedError
from desktop_app.storage.database import Database
from desktop_app.storage.errors import BackupError
from desktop_app.storage.inspection import damaged_messages, structure_problem
from desktop_app.storage.restoring import restore_into
from desktop_app.storage.worker import Worker

_JOIN_SECONDS: Final = 10.0


class SqliteSafekeeper:
    """Guards the file at ``path``.

    Args:
        database: Whose worker writes to that file.
        path: The file.
        folder: Where the copies are; made with the first (0700).
        ballast: The room that is set aside.
        was_killed: Whether the last run was not left in order, so that its changes have no copy.
        clock: Seconds since the Unix epoch.
    """

    def __init__(
        self,
        database: Database,
        path: Path,
        folder: Path,
        ballast: Ballast | None = None,
        *,
        was_killed: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._path = path
        self._folder = folder
        self._ballast = ballast
        self._clock = clock
        self._stopped = threading.Event()
        self._worker = Worker("safekeeper")
        self._copied_changes = -1 if was_killed else database.changes_at_start

    async def list_backups(self) -> tuple[Backup, ...]:
        """All copies, the newest first."""
        return await self._worker.submit(lambda: list_backups(self._folder))

    async def back_up(self, reason: BackupReason) -> Backup:
        """Make a copy, check it, and drop the ones that are kept no longer.

        Raises:
            BackupError: When what is stored is damaged.
            StoreError: When the copy cannot be written.
        """
        return await self._back_up(reason)

    async def back_up_changes(self) -> Backup | None:
        """Make an automatic copy, unless nothing was changed since the last copy."""
        changes = await self._database.run(apsw.Connection.total_changes)
        if changes == self._copied_changes:
            return None
        return await self.back_up(BackupReason.AUTOMATIC)

    async def restore(self, name: str) -> Backup:
        """Put the copy ``name`` in the place of what is stored now; all of it or nothing.

        Raises:
            StoreError: Also when what is stored now cannot be copied first.
        """
        if backup_named(name) is None:
            raise BackupError(
                QT_TRANSLATE_NOOP("Storage", "This file is no backup of this program.")
            )
        file = self._folder / name

        def put_back(connection: apsw.Connection) -> bool:
            if connection.total_changes() != self._copied_changes:
                return False
            restore_into(connection, file)
            return True

        before = await self._back_up(BackupReason.BEFORE_RESTORE, spared=name)
        while not await self._database.run(put_back):
            # Something was written while the copy was made: it would be in neither.
            before = await self._back_up(BackupReason.BEFORE_RESTORE, spared=name)
        self._copied_changes = await self._database.run(apsw.Connection.total_changes)
        return before

    async def find_damage(self) -> Damage:
        """Look at everything that is stored; takes a while, and breaks off when this is closed."""

        def look() -> Damage:
            try:
                with self._reading_beside() as connection:
                    connection.set_progress_handler(self._stopped.is_set, 20_000)
                    return _damage(connection, self._goes_on)
            except apsw.InterruptError as error:
                raise StoppedError(
                    QT_TRANSLATE_NOOP("Storage", "The examination was not finished.")
                ) from error

        return await self._worker.submit(look)

    async def keep_room(self) -> bool:
        """Set room aside for the moment when there is none; whether it had to be given up."""
        ballast = self._ballast
        if ballast is None:
            return False

        def lay() -> bool:
            released = ballast.take_released()
            ballast.lay()
            return released

        return await self._worker.submit(lay)

    async def aclose(self) -> None:
        """Break off what is under way; a second call does nothing."""
        self._stopped.set()
        self._worker.end()
        self._worker.join(_JOIN_SECONDS)

    async def _back_up(self, reason: BackupReason, spared: str = "") -> Backup:
        # Counted before: what is written during the copy is not in it, and asks for the next one.
        changes = await self._database.run(apsw.Connection.total_changes)
        backup = await self._worker.submit(lambda: self._copy(reason, spared))
        self._copied_changes = changes
        return backup

    def _goes_on(self) -> bool:
        return not self._stopped.is_set()

    def _copy(self, reason: BackupReason, spared: str) -> Backup:
        now, stopped = self._clock(), self._stopped.is_set
        with self._reading_beside() as source:
            return make_backup(source, self._folder, reason, now, stopped, spared)

    @contextlib.contextmanager
    def _reading_beside(self) -> Iterator[apsw.Connection]:
        """Read the file while the worker writes to it."""
        connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(BUSY_TIMEOUT)
            connection.execute("PRAGMA mmap_size = 0").fetchall()
            yield connection
        finally:
            connection.close()


def _damage(connection: apsw.Connection, go_on: Callable[[], bool]) -> Damage:
    structure = structure_problem(connection)
    try:
        damaged = damaged_messages(connection, go_on=go_on)
    except apsw.CorruptError as error:
        return Damage(structure or str(error))
    if not go_on():
        raise StoppedError(QT_TRANSLATE_NOOP("Storage", "The examination was not finished."))
    return Damage(structure, damaged)
