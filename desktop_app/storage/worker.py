"""A thread that runs functions one after the other, for a loop that must not wait for the disk.

A function that was handed over runs, whatever becomes of the task that asked for it.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import apsw

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.storage.errors import ClosedError, DamagedError, folder_error, store_error

_log = logging.getLogger(__name__)

_JOIN_SECONDS: Final = 2.0

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Job:
    """A function for the worker, and the future that waits for it, if anybody does."""

    function: Callable[[], Any]
    loop: asyncio.AbstractEventLoop | None = None
    future: "asyncio.Future[Any] | None" = None


class Worker:
    """Runs functions in the order in which they came. Its methods are for the loop's thread.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def is_closed(self) -> bool:
        """Whether nothing is taken any more."""
        return self._closed

    async def submit(self, function: Callable[[], R]) -> R:
        """Return ``function()``, run on the thread.

        Cancelling the awaiting task leaves the function running; should it fail then, the failure
        goes to the log.

        Raises:
            StoreError: When SQLite or the system refuses, or the worker was told to end.
        """
        if self._closed:
            raise ClosedError(QT_TRANSLATE_NOOP("Storage", "The file for conversations is closed."))
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._jobs.put(_Job(function, loop, future))
        return await future

    def end(self, last: Callable[[], object] = lambda: None) -> None:
        """Let the thread run ``last`` after what was handed over, and end; waits for nothing."""
        if not self._closed:
            self._closed = True
            self._jobs.put(_Job(last))
            self._jobs.put(None)

    def join(self, seconds: float = _JOIN_SECONDS) -> None:
        """Wait for the end of the thread, for so many seconds at most."""
        self._thread.join(seconds)

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
            except OSError as error:
                failure = folder_error(error)
                failure.__cause__ = error
            except Exception as error:
                failure = error
            _deliver(job, result, failure)
            # Nothing of a job may live on while the worker waits for the next one.
            del job, result, failure


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
