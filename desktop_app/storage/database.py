"""The one thread that owns the one connection that writes.

The window's loop hands it functions and awaits their results, so it never waits for the disk. A
function that was handed over runs, whatever becomes of the task that asked for it.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

import apsw

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.storage.ballast import Ballast
from desktop_app.storage.connection import writing
from desktop_app.storage.errors import (
    ClosedError,
    NewerDatabaseError,
    is_disk_full,
    store_error,
)
from desktop_app.storage.worker import Worker

_log = logging.getLogger(__name__)

R = TypeVar("R")

_NOT_WRITTEN = QT_TRANSLATE_NOOP(
    "Storage", "A newer version of this program wrote these conversations; nothing is changed here."
)


class Database:
    """Runs functions on the connection, one after the other, in the order in which they came.

    Every method is for the loop's thread, except that what is handed to :meth:`run`,
    :meth:`write` and :meth:`attach` runs on the worker.

    Args:
        ballast: Given up when the disk is full, so that the write can be tried once more.
    """

    def __init__(self, ballast: Ballast | None = None) -> None:
        self._worker = Worker("storage")
        self._connection: apsw.Connection | None = None
        self.changes_at_start = 0
        """Rows that opening itself changed, such as those of a new schema."""
        self._ballast = ballast
        self._refuses_writes = False
        self._after_closing: Callable[[], None] = lambda: None

    async def attach(self, connect: Callable[[], tuple[apsw.Connection, R]]) -> R:
        """Open the connection on the worker; ``connect`` returns it with a word of its own.

        Raises:
            StoreError: When it cannot be opened.
        """

        def job() -> R:
            self._connection, outcome = connect()
            self.changes_at_start = self._connection.total_changes()
            return outcome

        return await self._worker.submit(job)

    def refuse_writes(self, after_closing: Callable[[], None]) -> None:
        """Let every later :meth:`write` fail with the reason: a newer program's file is open.

        Args:
            after_closing: Called on the worker once the connection is closed.
        """
        self._refuses_writes = True
        self._after_closing = after_closing

    async def run(self, function: Callable[[apsw.Connection], R]) -> R:
        """Return ``function(connection)``, which reads, or manages its own transactions.

        Cancelling the awaiting task leaves the function running; should it fail then, the failure
        goes to the log.

        Raises:
            StoreError: When SQLite refuses, or the database is closed.
        """
        return await self._worker.submit(lambda: function(self._live()))

    async def write(self, function: Callable[[apsw.Connection], R]) -> R:
        """Return ``function(connection)`` run in one transaction, once that is on the disk.

        On a full disk the ballast is given up, and ``function`` called a second time: what it did
        the first time was rolled back.

        Raises:
            StoreError: When SQLite refuses, or the database is closed; then nothing was changed.
        """
        if self._refuses_writes:
            raise NewerDatabaseError(_NOT_WRITTEN)

        def job() -> R:
            connection = self._live()
            try:
                with writing(connection):
                    return function(connection)
            except apsw.Error as error:
                if not is_disk_full(error, connection.system_errno):
                    raise
                if self._ballast is None or not self._ballast.release():
                    raise store_error(apsw.FullError()) from error
            _log.warning("The disk is full; the space that was set aside was given up")
            with writing(connection):
                return function(connection)

        return await self._worker.submit(job)

    async def aclose(self) -> None:
        """Wait for what was handed over before, put the log into the file, end the worker.

        A second call does nothing. Never raises: what was acknowledged is safe in the log.
        """
        if self._worker.is_closed:
            return
        try:
            await self._worker.submit(self._shut)
        finally:
            self.abandon()
        self._worker.join()

    def abandon(self) -> None:
        """Let the worker close and end by itself after what was handed over; waits for nothing."""
        self._worker.end(self._shut)

    def _live(self) -> apsw.Connection:
        if self._connection is None:
            raise ClosedError(QT_TRANSLATE_NOOP("Storage", "The file for conversations is closed."))
        return self._connection

    def _shut(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not connection.readonly("main"):
                # Of its own file alone: what is attached to it may only be read.
                connection.execute("PRAGMA main.optimize").fetchall()
                connection.wal_checkpoint("main", mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as error:
            _log.warning("The database was closed without a checkpoint: %s", error)
        finally:
            connection.close()
            self._after_closing()
