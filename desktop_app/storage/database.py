"""The one thread that owns the one connection that writes.

The window's loop hands it functions and awaits their results, so it never waits for the disk. A
function that was handed over runs, whatever becomes of the task that asked for it.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import apsw

from desktop_app.storage.connection import writing
from desktop_app.storage.errors import ClosedError, DamagedError, store_error

_log = logging.getLogger(__name__)

_JOIN_SECONDS: Final = 2.0

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Job:
    """A function for the worker, and the future that waits for it, if anybody does."""

    function: Callable[[], Any]
    loop: asyncio.AbstractEventLoop | None = None
    future: "asyncio.Future[Any] | None" = None


class Database:
    """Runs functions on the connection, one after the other, in the order in which they came.

    Every method is for the loop's thread, except that what is handed to :meth:`run`,
    :meth:`write` and :meth:`attach` runs on the worker.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection: apsw.Connection | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="storage", daemon=True)
        self._thread.start()

    async def attach(self, connect: Callable[[], tuple[apsw.Connection, R]]) -> R:
        """Open the connection on the worker; ``connect`` returns it with a word of its own.

        Raises:
            StoreError: When it cannot be opened.
        """

        def job() -> R:
            self._connection, outcome = connect()
            return outcome

        return await self._submit(job)

    async def run(self, function: Callable[[apsw.Connection], R]) -> R:
        """Return ``function(connection)``, which reads, or manages its own transactions.

        Cancelling the awaiting task leaves the function running; should it fail then, the failure
        goes to the log.

        Raises:
            StoreError: When SQLite refuses, or the database is closed.
        """
        return await self._submit(lambda: function(self._live()))

    async def write(self, function: Callable[[apsw.Connection], R]) -> R:
        """Return ``function(connection)`` run in one transaction, once that is on the disk.

        Raises:
            StoreError: When SQLite refuses, or the database is closed; then nothing was changed.
        """

        def job() -> R:
            connection = self._live()
            with writing(connection):
                return function(connection)

        return await self._submit(job)

    async def aclose(self) -> None:
        """Wait for what was handed over before, put the log into the file, end the worker.

        A second call does nothing. Never raises: what was acknowledged is safe in the log.
        """
        if self._closed:
            return
        try:
            await self._submit(self._shut)
        finally:
            self.abandon()
        self._thread.join(_JOIN_SECONDS)

    def abandon(self) -> None:
        """Let the worker close and end by itself after what was handed over; waits for nothing."""
        if not self._closed:
            self._closed = True
            self._jobs.put(_Job(self._shut))
            self._jobs.put(None)

    async def _submit(self, function: Callable[[], R]) -> R:
        if self._closed:
            raise ClosedError("The file for conversations is closed.")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._jobs.put(_Job(function, loop, future))
        return await future

    def _live(self) -> apsw.Connection:
        if self._connection is None:
            raise ClosedError("The file for conversations is closed.")
        return self._connection

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            result: Any = None
            failure: Exception | None = None
            try:
                result = job.function()
            except apsw.Error as error:
                failure = store_error(error)
                failure.__cause__ = error
            except UnicodeDecodeError as error:  # bytes of a text were overwritten on the disk
                failure = DamagedError("The file for conversations is damaged.")
                failure.__cause__ = error
            except Exception as error:
                failure = error
            _deliver(job, result, failure)
            # Nothing of a job may live on while the worker waits for the next one.
            del job, result, failure

    def _shut(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            # Of its own file alone: what is attached to it may only be read.
            connection.execute("PRAGMA main.optimize").fetchall()
            connection.wal_checkpoint("main", mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as error:
            _log.warning("The database was closed without a checkpoint: %s", error)
        finally:
            connection.close()


def _deliver(job: _Job, result: object, failure: Exception | None) -> None:
    if job.loop is not None and job.future is not None:
        try:
            job.loop.call_soon_threadsafe(_settle, job.future, result, failure)
        except RuntimeError:  # the loop was closed before its answer came
            pass
        else:
            return
    if failure is not None:
        _log.error("A write failed that nobody waited for: %s", failure, exc_info=failure)


def _settle(future: "asyncio.Future[Any]", result: object, failure: Exception | None) -> None:
    if future.done():
        if failure is not None:
            _log.error("A write failed that nobody waited for: %s", failure, exc_info=failure)
    elif failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(result)
