"""The body of an answer in as few pieces as it arrived in, not in as many as the server wrote.

A chat server writes an HTTP chunk for each event, and many of them come in one read of the network
when it is fast, or the window was busy. The HTTP library hands each out alone, through four
generators, and it is noted, fed and given on alone. Taken at once, 1,000 chunks that came together
cost 16 ms of processor time instead of 26, and such as came alone 94 ms instead of 106, where the
bare library takes 17 and 90 (2026-11-26, ``tests/benchmarks/bench_wire.py``).

The parser of HTTP/1.1 (h11) and the stream that feeds it (anyio), whose interfaces are public, are
taken from inside the library; closing goes through its own. A read of the library makes a time limit
and two context managers around it, also where no limit is asked for: 60 calls for each chunk. Where
one of them is not found, the library's own reading serves; ``tests/providers/test_joining.py`` fails
then.
"""

from collections.abc import AsyncGenerator
from typing import Final

import h11
import httpcore2
from anyio import BrokenResourceError, ClosedResourceError, EndOfStream
from anyio.abc import ByteReceiveStream

MOST_AT_ONCE: Final = 64 * 1024
"""Bytes of one read, as the library reads them: 2 ms of work without a turn of the event loop."""


class JoinedAnswer:
    """An accepted answer; a :class:`~desktop_app.providers.openai_chat.exchange.RawAnswer`.

    Args:
        answer: The library's, whose body nobody has begun to read. Closing it stays with its owner.
    """

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def aiter_stream(self) -> AsyncGenerator[bytes]:
        """Yield the body as it arrives.

        As in the library, what ends the reading early, a cancellation included, closes the
        connection at once.

        Raises:
            httpcore2.NetworkError: When the connection breaks.
            httpcore2.RemoteProtocolError: When it ends too early, or what came is no HTTP; what came
                before has been yielded.
        """
        parser = _parser_of(self._answer)
        network = _stream_of(self._answer)
        if parser is None or network is None:
            return self._answer.aiter_stream()
        return self._joined(parser, network)

    async def _joined(
        self, parser: h11.Connection, network: ByteReceiveStream
    ) -> AsyncGenerator[bytes]:
        parts: list[bytes] = []
        try:
            while True:
                error = None
                try:
                    while isinstance(event := parser.next_event(), h11.Data):
                        parts.append(event.data)
                except h11.RemoteProtocolError as broken:
                    error = httpcore2.RemoteProtocolError(broken)
                if parts:
                    yield b"".join(parts)
                    parts.clear()
                if error is not None:
                    raise error
                if event is not h11.NEED_DATA:
                    return
                try:
                    data = await network.receive(MOST_AT_ONCE)
                except EndOfStream:
                    data = b""
                except (BrokenResourceError, ClosedResourceError) as broken:
                    raise httpcore2.ReadError(broken) from broken
                parser.receive_data(data)
        except BaseException:
            await self._answer.aclose()
            raise


def _parser_of(answer: httpcore2.Response) -> h11.Connection | None:
    """Return the parser of the connection that ``answer`` comes over, as httpcore2 2.16 keeps it."""
    found: object = answer.stream
    for name in ("_stream", "_connection", "_h11_state"):
        found = getattr(found, name, None)
    return found if isinstance(found, h11.Connection) else None


def _stream_of(answer: httpcore2.Response) -> ByteReceiveStream | None:
    """Return the stream that the connection of ``answer`` reads, encrypted or not."""
    found: object = answer.extensions.get("network_stream")
    while found is not None and not isinstance(found, ByteReceiveStream):
        found = getattr(found, "_stream", None)
    return found
