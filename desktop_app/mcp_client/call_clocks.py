"""Time limits of calls that are under way, which stand still while a person is asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager


class CallClocks:
    """The clocks of one connection."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Timeout, Callable[[], None]] = {}
        self._stops = 0

    @asynccontextmanager
    async def running(self, seconds: float, longest: float) -> AsyncIterator[Callable[[], None]]:
        """Give what begins the clock anew.

        Args:
            seconds: After which the body is cancelled.
            longest: After which it is, however often the clock began anew.

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
            self._running[clock] = begin
            try:
                begin()
                yield begin
            finally:
                del self._running[clock]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let no clock run out; afterwards each begins anew."""
        self._stops += 1
        for clock in self._running:
            if not clock.expired():
                clock.reschedule(None)
        try:
            yield
        finally:
            self._stops -= 1
            if not self._stops:
                for begin in tuple(self._running.values()):
                    begin()
