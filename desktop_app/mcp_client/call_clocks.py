"""Time limits of calls that are under way, which stand still while a person is asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Protocol

from desktop_app.domain.tool import ToolProgress


class Tell(Protocol):
    """Told whether a call waits for the person, when that changes."""

    def __call__(self, *, is_waiting: bool) -> None:
        """Take it."""
        ...


def nobody(*, is_waiting: bool) -> None:
    """Tell nobody."""
    del is_waiting


class CallProgress:
    """What is told of one call: how far it is, and whether it waits for the person."""

    def __init__(self, on_progress: Callable[[ToolProgress], None]) -> None:
        self._on_progress = on_progress
        self._said = ToolProgress()

    def note(self, progress: ToolProgress) -> None:
        """The server says how far it is; that alone does not end a wait."""
        self._said = replace(progress, is_waiting=self._said.is_waiting)
        self._on_progress(self._said)

    def wait(self, *, is_waiting: bool) -> None:
        """The call begins or ends to wait for the person."""
        self._said = replace(self._said, is_waiting=is_waiting)
        self._on_progress(self._said)


class CallClocks:
    """The clocks of one connection."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Timeout, tuple[Callable[[], None], Tell]] = {}
        self._stops = 0

    @asynccontextmanager
    async def running(
        self, seconds: float, longest: float, tell: Tell = nobody
    ) -> AsyncIterator[Callable[[], None]]:
        """Give what begins the clock anew.

        Args:
            seconds: After which the body is cancelled.
            longest: After which it is, however often the clock began anew.
            tell: Told when the clock begins and ends to stand still.

        Raises:
            TimeoutError: When the body was cancelled for that.
        """
        loop = asyncio.get_running_loop()
        last = loop.time() + max(seconds, longest)

        def begin() -> None:
            end = min(loop.time() + seconds, last)
            # Setting the last moment again would put it off to the next turn of the loop for ever.
            if not clock.expired() and not self._stops and clock.when() != end:
                clock.reschedule(end)

        async with asyncio.timeout(None) as clock:
            self._running[clock] = begin, tell
            try:
                begin()
                if self._stops:
                    tell(is_waiting=True)
                yield begin
            finally:
                del self._running[clock]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let no clock run out; afterwards each begins anew."""
        self._stops += 1
        for clock, (_, tell) in tuple(self._running.items()):
            if not clock.expired():
                clock.reschedule(None)
                if self._stops == 1:
                    tell(is_waiting=True)
        try:
            yield
        finally:
            self._stops -= 1
            if not self._stops:
                for begin, tell in tuple(self._running.values()):
                    begin()
                    tell(is_waiting=False)
