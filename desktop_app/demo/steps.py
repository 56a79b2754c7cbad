"""What the server does to a socket, one step at a time: the lowest words of the script language.

An answer, however elaborate, is a sequence of these. A step knows bytes and time; it knows neither
HTTP nor JSON.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from desktop_app.demo.journal import Gate


class Line(Protocol):
    """The connection as a step sees it."""

    async def write(self, data: bytes) -> None:
        """Sends bytes and returns once the kernel has taken them."""

    def close(self) -> None:
        """Ends the connection in order: the client reads a FIN."""

    def reset(self) -> None:
        """Breaks the connection: the client reads a RST, where the platform can send one."""


@dataclass(frozen=True)
class SeenRequest:
    """One request as it came in.

    Attributes:
        number: counts all requests of this server from 1.
        connection: counts accepted connections from 1; two requests with one number shared a socket.
        method: in capitals.
        target: path and query as sent.
        headers: names in lower case, in order, repetitions kept.
        body: the raw bytes.
        json: the body parsed, or ``None`` when it is not JSON.
        at: ``time.monotonic()`` when the last byte of it was read.
        keep_alive: whether the client wants to use the connection again.
    """

    number: int
    connection: int
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    json: Any
    at: float
    keep_alive: bool

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever the case of its name."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def field(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """A top-level field of a JSON object body."""
        return self.json.get(name, default) if isinstance(self.json, dict) else default


class Step(Protocol):
    """One thing done to a connection."""

    async def perform(self, line: Line) -> None:
        """Does it; returning means the next step may begin."""


@runtime_checkable
class Answer(Protocol):
    """Anything that can be queued as the reply to a request."""

    def steps(self, request: SeenRequest) -> Iterable[Step]:
        """What to do to the connection, lazily if need be (an endless answer is a generator)."""


@dataclass(frozen=True)
class Send:
    """Writes bytes, optionally in network writes of ``split_every`` bytes, ``gap`` seconds apart."""

    data: bytes
    split_every: int | None = None
    gap: float = 0.0

    async def perform(self, line: Line) -> None:
        """Writes; between two pieces the loop turns once, so that each is its own packet."""
        size = self.split_every or len(self.data) or 1
        for start in range(0, len(self.data), size):
            if start:
                await asyncio.sleep(self.gap)
            await line.write(self.data[start : start + size])


@dataclass(frozen=True)
class Flood:
    """Writes the same bytes again and again: ``times`` times, or until the client leaves."""

    data: bytes
    times: int | None = None
    gap: float = 0.0

    async def perform(self, line: Line) -> None:
        """Writes as fast as the client reads; the socket's own back-pressure bounds our memory."""
        count = 0
        while self.times is None or count < self.times:
            await line.write(self.data)
            await asyncio.sleep(self.gap)
            count += 1


@dataclass(frozen=True)
class Pause:
    """Lets time pass."""

    seconds: float

    async def perform(self, line: Line) -> None:  # noqa: ARG002 - the protocol's shape
        """Sleeps."""
        await asyncio.sleep(self.seconds)


@dataclass(frozen=True)
class Wait:
    """Stops until the test opens the gate."""

    gate: Gate

    async def perform(self, line: Line) -> None:  # noqa: ARG002
        """Announces the arrival and waits."""
        self.gate.reached.mark()
        await self.gate.opened.arrived(None)


@dataclass(frozen=True)
class Hold:
    """Says nothing more and keeps the connection open until the client or the server ends."""

    async def perform(self, line: Line) -> None:  # noqa: ARG002
        """Never returns; the connection's end cancels it."""
        await asyncio.Event().wait()


@dataclass(frozen=True)
class Close:
    """Ends the connection with a FIN."""

    async def perform(self, line: Line) -> None:
        """Closes in order."""
        line.close()


@dataclass(frozen=True)
class Reset:
    """Ends the connection with a RST."""

    async def perform(self, line: Line) -> None:
        """Breaks off."""
        line.reset()
