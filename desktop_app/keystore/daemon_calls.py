"""Blocking calls in a daemon thread, one at a time, awaited from the event loop.

Measured: a direct call stalls the window for as long as a keyring's prompt is open, and a thread of
an executor keeps the program from ending until the prompt is answered. A daemon thread does neither.
Knows nothing of keyrings.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Call(Generic[T]):
    """One call that waits, runs or has run; belongs to the loop that was running at its making.

    Args:
        work: What to run in the thread. It answers with a value for everything it foresees.
        failed: Turns what it did not foresee into a value, so that nobody waits for ever.
    """

    def __init__(self, work: Callable[[], T], failed: Callable[[BaseException], T]) -> None:
        self._work = work
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[T] = self._loop.create_future()
        # Whoever takes it first decides: the thread to run the call, or the last waiter to drop it.
        self._ticket = threading.Lock()
        self._waiters = 0
        self._dropped = False

    @property
    def answer(self) -> T | None:
        """What the call returned; ``None`` while it has not."""
        return self._answer.result() if self._answer.done() else None

    @property
    def can_be_awaited(self) -> bool:
        """Whether it was not dropped, and belongs to the loop that asks."""
        return not self._dropped and self._loop is asyncio.get_running_loop()

    async def wait(self, timeout: float | None) -> T | None:
        """Return the answer, or ``None`` after ``timeout`` seconds (``None`` waits).

        A call that has not begun when its last waiter gives up never begins. One that has begun
        goes on, and its answer can still be fetched afterwards.
        """
        self._waiters += 1
        try:
            await asyncio.wait((self._answer,), timeout=timeout)
        finally:
            self._waiters -= 1
            if not self._waiters and not self._answer.done():
                self._dropped = self._ticket.acquire(blocking=False)
        return self.answer

    def run(self) -> None:
        """Run it, in the thread, unless it was dropped."""
        if not self._ticket.acquire(blocking=False):
            return
        try:
            value = self._work()
        except BaseException as error:
            value = self._failed(error)
        # The loop is closed when the program ended or gave up before the prompt was answered.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._settle, value)

    def _settle(self, value: T) -> None:
        if not self._answer.done():
            self._answer.set_result(value)


class OneAtATime:
    """Runs calls in the order of their making, in a daemon thread that lives while there are any."""

    def __init__(self, thread_name: str) -> None:
        self._thread_name = thread_name
        self._lock = threading.Lock()
        self._calls: deque[Call[Any]] = deque()
        self._running = False

    def submit(self, call: Call[T]) -> Call[T]:
        """Queue ``call`` and return it."""
        with self._lock:
            self._calls.append(call)
            if not self._running:
                threading.Thread(target=self._run_all, name=self._thread_name, daemon=True).start()
                self._running = True
        return call

    def _run_all(self) -> None:
        while (call := self._next()) is not None:
            call.run()

    def _next(self) -> Call[Any] | None:
        with self._lock:
            if self._calls:
                return self._calls.popleft()
            self._running = False
            return None
