"""Blocking work in a daemon thread, awaited: the loop goes on, and the program can end meanwhile.

A thread of an executor would keep the program from ending until its work is done.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")


class DaemonThread:
    """One thread that does one thing after the other, in the order in which they were given to it.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    async def run(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, or raise what it raises.

        Cancelling waits for nothing: the work is done all the same, unless it looks at something
        that tells it to end, and its outcome is dropped.
        """
        return await self.submit(work)

    def submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Have ``work`` done after the rest; the future gets what it returns or raises."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()

        def settle(deliver: Callable[[], None]) -> None:
            if not outcome.done():
                deliver()

        def job() -> None:
            try:
                result = work()
            except BaseException as error:
                failure = error
                deliver = lambda: outcome.set_exception(failure)  # noqa: E731
            else:
                deliver = lambda: outcome.set_result(result)  # noqa: E731
            # The loop is closed when the program ended first.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, deliver)

        self._jobs.put(job)
        return outcome

    def post(self, work: Callable[[], None]) -> None:
        """Have ``work`` done after the rest; nobody waits for it."""
        self._jobs.put(work)

    def end(self) -> None:
        """End the thread when what was given to it is done; waits for nothing."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:
                _log.exception("work that nobody waited for failed")
            # Nothing of a job may live on while the thread waits for the next one.
            del job


def in_daemon_thread(work: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Do ``work`` in a thread of its own; see :meth:`DaemonThread.submit`."""
    thread = DaemonThread(name)
    outcome = thread.submit(work)
    thread.end()
    return outcome
