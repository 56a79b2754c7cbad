"""Lists, moments and gates that two threads share: the server writes, a test waits, or both.

Everything here can be waited for in two ways: blocking (``wait_for``, ``wait``) from a plain
thread, or awaited (``arrived``) on any asyncio loop. Neither polls. This module knows nothing of
HTTP.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a wait lasts unless the caller says otherwise: long for a busy machine, finite."""


class Journal(Generic[T]):
    """An append-only list that may be read, and waited for, from any thread.

    Args:
        name: what the entries are, for the message of a wait that fails.
        keep: how many of the newest entries stay in memory; ``None`` keeps all. Counting goes on.
    """

    def __init__(self, name: str, *, keep: int | None = None) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._entries: deque[T] = deque(maxlen=keep)
        self._total = 0
        self._waiters: list[tuple[int, Callable[[], None]]] = []

    @property
    def total(self) -> int:
        """How many entries were ever appended, forgotten ones included."""
        with self._lock:
            return self._total

    def append(self, entry: T) -> None:
        """Adds an entry and wakes whoever waited for that many."""
        with self._lock:
            self._entries.append(entry)
            self._total += 1
            due = [wake for count, wake in self._waiters if count <= self._total]
            self._waiters = [pair for pair in self._waiters if pair[0] > self._total]
        for wake in due:
            wake()

    def entries(self) -> list[T]:
        """A copy of what is remembered, oldest first."""
        with self._lock:
            return list(self._entries)

    def wait_for(self, count: int, timeout: float = PATIENCE) -> list[T]:
        """Blocks until ``count`` entries were appended since the start, then returns them all.

        Raises:
            TimeoutError: when fewer came within ``timeout`` seconds.
        """
        woken = threading.Event()
        waiter = self._enrol(count, woken.set)
        if waiter is not None and not woken.wait(timeout):
            self._dismiss(waiter)
            raise TimeoutError(self._shortfall(count, timeout))
        return self.entries()

    async def arrived(self, count: int, timeout: float | None = PATIENCE) -> list[T]:
        """Like :meth:`wait_for`, without holding up the running loop; ``None`` waits for ever."""
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()

        def settle() -> None:
            if not woken.done():
                woken.set_result(None)

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop that waited is closed by now
                loop.call_soon_threadsafe(settle)

        waiter = self._enrol(count, wake)
        if waiter is not None:
            try:
                await asyncio.wait_for(woken, timeout)
            except TimeoutError:
                raise TimeoutError(self._shortfall(count, timeout)) from None
            finally:
                self._dismiss(waiter)
        return self.entries()

    def _enrol(self, count: int, wake: Callable[[], None]) -> tuple[int, Callable[[], None]] | None:
        with self._lock:
            if self._total >= count:
                return None
            waiter = (count, wake)
            self._waiters.append(waiter)
            return waiter

    def _dismiss(self, waiter: tuple[int, Callable[[], None]]) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._waiters.remove(waiter)

    def _shortfall(self, count: int, timeout: float | None) -> str:
        return f"{self.total} of {count} {self._name} within {timeout} s"

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def __getitem__(self, index: int) -> T:
        with self._lock:
            return self._entries[index]

    def __iter__(self) -> Iterator[T]:
        return iter(self.entries())


class Moment:
    """Something that happens once; later waits return at once."""

    def __init__(self, name: str) -> None:
        self._marks: Journal[float] = Journal(name)

    @property
    def happened(self) -> bool:
        """Whether it has happened."""
        return self._marks.total > 0

    def mark(self) -> None:
        """Says that it happens now. Marking again changes nothing."""
        if not self.happened:
            self._marks.append(time.monotonic())

    def wait(self, timeout: float = PATIENCE) -> None:
        """Blocks until it has happened; raises ``TimeoutError`` after ``timeout`` seconds."""
        self._marks.wait_for(1, timeout)

    async def arrived(self, timeout: float | None = PATIENCE) -> None:
        """Awaits it; raises ``TimeoutError`` after ``timeout`` seconds, never with ``None``."""
        await self._marks.arrived(1, timeout)


@dataclass(frozen=True)
class Gate:
    """A place in a scripted answer where the server stops until the test lets it go on.

    ``reached`` happens when the server stands before the gate, with everything earlier handed to
    the socket; :meth:`open` lets it through, before or after that, once and for all.
    """

    reached: Moment = field(default_factory=lambda: Moment("arrivals at the gate"))
    opened: Moment = field(default_factory=lambda: Moment("openings of the gate"))

    def open(self) -> None:
        """Lets the server through, from any thread."""
        self.opened.mark()
