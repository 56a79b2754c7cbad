"""One accepted connection: requests in through h11, scripted bytes out, and when the client left.

It reads all the time, while it answers too, because a client that presses Stop is only seen by
reading. What to answer is decided elsewhere.
"""

import asyncio
import json
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import h11

from desktop_app.demo.http_answers import Http
from desktop_app.demo.steps import SeenRequest, Step

MAX_BODY: Final = 64 * 1024 * 1024
"""Bytes; MiniMax's own limit for a request."""

MAX_HEAD: Final = 64 * 1024

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOO_LARGE: Final = Http(413, "request body too large", content_type="text/plain", close=True)
_BAD: Final = Http(400, "this is not HTTP/1.1", content_type="text/plain", close=True)


@dataclass(frozen=True)
class Departure:
    """A client that ended its connection before its answer was complete.

    Attributes:
        connection: the number of the connection.
        request: the number of the request that was being answered, ``None`` while one was read.
        at: ``time.monotonic()`` when the server noticed.
        sent: bytes written on this connection until then.
    """

    connection: int
    request: int | None
    at: float
    sent: int


class ClientLeftError(Exception):
    """The client is gone; there is nobody to answer."""


class Connection(asyncio.Protocol):
    """Serves one client until either side ends the connection.

    Args:
        number: of the connection.
        on_connect: steps to do before anything is read.
        answer: gives the steps for a request.
        next_number: numbers requests.
        departed: told when the client leaves in the middle.
        opened: told when the connection stands (with TLS: after the handshake).
        closed: told when it is over, whoever ended it.
    """

    def __init__(
        self,
        number: int,
        on_connect: Iterable[Step],
        answer: Callable[[SeenRequest], Iterable[Step]],
        next_number: Callable[[], int],
        departed: Callable[[Departure], None],
        opened: Callable[["Connection"], None],
        closed: Callable[["Connection"], None],
    ) -> None:
        self.number = number
        self._on_connect = on_connect
        self._answer = answer
        self._next_number = next_number
        self._departed = departed
        self._opened = opened
        self._closed = closed
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        self._arrivals: asyncio.Event = asyncio.Event()
        self._writable: asyncio.Event = asyncio.Event()
        self._writable.set()
        self._unread = bytearray()
        self._begun = False
        self._answering: SeenRequest | None = None
        self._over = False
        self._gone = False
        self._sent = 0

    # -- asyncio.Protocol ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Starts serving, with a write buffer so small that every write waits for the kernel."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows the type
        self._transport = transport
        # Not zero: asyncio's TLS transport (3.11) pauses at size >= high and so never resumes.
        transport.set_write_buffer_limits(high=1, low=0)
        self.task = asyncio.get_running_loop().create_task(self._serve())
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        """Keeps what came until the serving task wants it."""
        self._unread += data
        if len(self._unread) > MAX_BODY:
            self._transport.pause_reading()
        self._arrivals.set()

    def eof_received(self) -> bool:
        """A client that closes its side is taken to have left: that is what Stop looks like."""
        self._note_departure()
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Ends the serving task."""
        self._note_departure()
        self._over = True
        self._arrivals.set()
        self._writable.set()
        self.task.cancel()
        self._closed(self)

    def pause_writing(self) -> None:
        """Bytes wait in the process: the next write has to wait too."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The kernel has taken everything."""
        self._writable.set()

    # -- Line, for the steps ------------------------------------------------------------------

    async def write(self, data: bytes) -> None:
        """Sends bytes; returns when the kernel has them."""
        if self._over:
            raise ClientLeftError
        self._transport.write(data)
        self._sent += len(data)
        await self._writable.wait()

    def close(self) -> None:
        """Ends with a FIN."""
        self._over = True
        self._transport.close()

    def reset(self) -> None:
        """Ends with a RST: a lingering time of zero makes the kernel drop the connection."""
        self._over = True
        raw = self._transport.get_extra_info("socket")
        if raw is not None:
            linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    def drop(self) -> None:
        """Breaks off because the server stops; nobody departed."""
        self._over = True
        self.task.cancel()
        self._transport.abort()

    # -- serving ------------------------------------------------------------------------------

    async def _serve(self) -> None:
        try:
            await self._perform(self._on_connect)
            while not self._over:
                request = await self._next_request()
                self._answering = request
                await self._perform(self._answer(request))
                self._answering = None
        except ClientLeftError:
            self._transport.abort()
        except h11.RemoteProtocolError as error:
            oversized = error.error_status_hint == 413
            await self._perform((_TOO_LARGE if oversized else _BAD).steps(_nothing()))
        except Exception:
            # A mistake in the script: the server keeps the exception, the client must not wait.
            self.reset()
            raise

    async def _perform(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if self._over:
                return
            await step.perform(self)

    async def _next_request(self) -> SeenRequest:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._parser.next_event()
            if event is h11.NEED_DATA:
                if self._parser.they_are_waiting_for_100_continue:
                    await self.write(_CONTINUE)
                    self._parser.send(h11.InformationalResponse(status_code=100, headers=[]))
                await self._feed()
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MAX_BODY:
                    message = "request body too large"
                    raise h11.RemoteProtocolError(message, error_status_hint=413)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self._seen(head, bytes(body))
            elif isinstance(event, h11.ConnectionClosed):
                raise ClientLeftError

    async def _feed(self) -> None:
        while not self._unread:
            if self._over:
                raise ClientLeftError
            self._arrivals.clear()
            await self._arrivals.wait()
        self._begun = True
        data = bytes(self._unread)
        self._unread.clear()
        self._transport.resume_reading()
        self._parser.receive_data(data)

    def _seen(self, head: h11.Request, body: bytes) -> SeenRequest:
        # A fresh parser for each request: what we send never passes through h11, so its own cycle
        # would not come round.
        rest, _ = self._parser.trailing_data
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
        if rest:
            self._parser.receive_data(rest)
        self._begun = bool(rest)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers
        )
        said = ",".join(value.lower() for name, value in headers if name == "connection")
        keep_alive = head.http_version >= b"1.1" and "close" not in said
        return SeenRequest(
            self._next_number(),
            self.number,
            head.method.decode("ascii"),
            head.target.decode("latin-1"),
            headers,
            body,
            _parsed(body),
            time.monotonic(),
            keep_alive,
        )

    def _note_departure(self) -> None:
        if self._gone or self._over:
            return
        self._gone = True
        self._over = True
        self._arrivals.set()
        request = self._answering
        if request is not None or self._begun:
            number = request.number if request is not None else None
            self._departed(Departure(self.number, number, time.monotonic(), self._sent))
        self.task.cancel()


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON has no narrower type
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _nothing() -> SeenRequest:
    """Stands for a request that could not be read, for answers that close anyway."""
    return SeenRequest(0, 0, "", "", (), b"", None, time.monotonic(), keep_alive=False)
