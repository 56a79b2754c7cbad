"""Blocking work of a tool, in a daemon thread that is told when nobody wants its answer any more."""

import asyncio
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from desktop_app.chat.background import in_daemon_thread
from desktop_app.chat.tool_ports import ToolError

T = TypeVar("T")

_PATIENCE_SECONDS: Final = 4.0
"""How long Stop waits for a thread that hangs in the system, such as on a dead network drive."""


class StoppedError(Exception):
    """The work was given up; nobody waits for what it would have answered."""


class Stop:
    """Tells work that it is not wanted any more; set once, from the event loop's thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._listeners: list[Callable[[], None]] = []

    def set(self) -> None:
        """Tell it."""
        with self._lock:
            self._is_set = True
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def look(self) -> None:
        """Break off, if it was told so; called every now and then by the work.

        Raises:
            StoppedError: When it was.
        """
        if self._is_set:
            raise StoppedError

    def call(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called when it is told so; at once when it was already."""
        with self._lock:
            if not self._is_set:
                self._listeners.append(listener)
                return
        listener()


async def in_thread(work: Callable[[Stop], T], name: str) -> T:
    """Return what ``work`` returns, or raise what it raises, without blocking the loop.

    Cancelling tells the work to stop and waits until it has, four seconds at most. The thread is a
    daemon, so that even one that hangs keeps nobody from leaving.

    Raises:
        ToolError: Also when the system refuses something that the work did not foresee.
    """
    stop = Stop()

    def run() -> T:
        try:
            return work(stop)
        except OSError as failure:
            raise ToolError(sentence_of(failure)) from None

    ready = in_daemon_thread(run, name)
    # Looked at, so that asyncio does not complain of an error that came after the call was given up.
    ready.add_done_callback(lambda done: done.cancelled() or done.exception())
    try:
        await asyncio.wait((ready,))
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait((ready,), timeout=_PATIENCE_SECONDS)
        raise
    return ready.result()


def sentence_of(error: OSError) -> str:
    """Return what the system refused, without the paths that its own words contain."""
    return f"The system refused: {error.strerror or type(error).__name__}."
