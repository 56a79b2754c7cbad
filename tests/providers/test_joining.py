"""A body over real sockets, in as few pieces as it arrived in, and a connection left in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

import httpcore2
import pytest

from desktop_app.providers.openai_chat.joining import JoinedAnswer
from desktop_app.providers.openai_chat.network import NetworkBackend
from tests.providers.conftest import (
    CLOSE,
    HOLD,
    KEEP,
    PATIENCE,
    RESET,
    RawServer,
    Reply,
    chunked,
    head,
)

PARTS = (b"data: one\n\n", b"data: two\n\n", b"data: three\n\n")
BODY = b"".join(PARTS)
AS_CHUNKS = head(Transfer_Encoding="chunked")

FRAMINGS = {
    "chunked": (AS_CHUNKS, chunked(*PARTS), KEEP),
    "with extensions and a trailer": (
        AS_CHUNKS,
        b"%x;a=b\r\n%s\r\n0\r\nX-After: y\r\n\r\n" % (len(BODY), BODY),
        KEEP,
    ),
    "of a length": (head(Content_Length=str(len(BODY))), BODY, KEEP),
    "until the end": (head(), BODY, CLOSE),
    "of HTTP/1.0": (head().replace(b"HTTP/1.1", b"HTTP/1.0"), BODY, CLOSE),
}


@pytest.fixture
async def pool() -> AsyncIterator[httpcore2.AsyncConnectionPool]:
    async with httpcore2.AsyncConnectionPool(network_backend=NetworkBackend()) as made:
        yield made


@asynccontextmanager
async def asking(
    pool: httpcore2.AsyncConnectionPool, server: RawServer
) -> AsyncIterator[httpcore2.Response]:
    """Ask, and close the answer in the end as the HTTP client does."""
    async with asyncio.timeout(PATIENCE):
        url = f"http://127.0.0.1:{server.port}/"
        request = httpcore2.Request("POST", url, headers={"Host": "127.0.0.1"})
        answer = await pool.handle_async_request(request)
        try:
            yield answer
        finally:
            await answer.aclose()


async def read(answer: httpcore2.Response, take: Callable[[bytes], None]) -> None:
    """Give each piece of ``answer`` to ``take``."""
    async with aclosing(JoinedAnswer(answer).aiter_stream()) as body:
        async for piece in body:
            take(piece)


async def pieces_of(pool: httpcore2.AsyncConnectionPool, server: RawServer) -> list[bytes]:
    pieces: list[bytes] = []
    async with asking(pool, server) as answer:
        await read(answer, pieces.append)
    return pieces


@pytest.mark.parametrize("name", FRAMINGS)
async def test_what_one_read_brought_is_one_piece(server, pool, name):
    """Fails for the chunks where a new version of the library keeps its parser elsewhere."""
    start, framed, end = FRAMINGS[name]
    server.reply(start + framed, end=end)
    assert await pieces_of(pool, server) == [BODY]


@pytest.mark.parametrize("name", FRAMINGS)
async def test_a_body_cut_anywhere_is_the_same_body(server, pool, name):
    start, framed, end = FRAMINGS[name]
    for place in range(1, len(framed)):
        gate = asyncio.Event()
        server.reply(start + framed[:place], gate, framed[place:], end=end)
        seen = bytearray()
        async with asking(pool, server) as answer:
            # The second half is sent once the reading has begun.
            asyncio.get_running_loop().call_soon(gate.set)
            await read(answer, seen.extend)
        assert seen == BODY
    asked = len(framed) - 1
    assert len(server.requests) == asked
    # Read to its end, a connection that the server keeps serves the next request.
    assert server.connections == (1 if end == KEEP else asked)


async def test_chunks_that_come_apart_are_given_out_apart(server, pool):
    gates = [asyncio.Event() for _ in PARTS]
    parts = zip(gates, PARTS, strict=True)
    framed = [part for gate, data in parts for part in (gate, chunked(data, last=False))]
    server.reply(AS_CHUNKS, *framed, chunked(), end=KEEP)
    seen = []
    async with asking(pool, server) as answer:
        gates.pop(0).set()
        async for piece in JoinedAnswer(answer).aiter_stream():
            seen.append(piece)
            if gates:
                gates.pop(0).set()
    assert tuple(seen) == PARTS


@pytest.mark.parametrize(
    ("framed", "end"),
    [
        (chunked(*PARTS, last=False) + b"what?\r\n", HOLD),
        (chunked(*PARTS, last=False)[:-2] + b"##", HOLD),
        (chunked(*PARTS, last=False), CLOSE),
    ],
    ids=["no size", "no end of line", "no last chunk"],
)
async def test_what_came_before_the_fault_is_given_out(server, pool, framed, end):
    server.reply(AS_CHUNKS + framed, end=end)
    seen = bytearray()
    async with asking(pool, server) as answer:
        with pytest.raises(httpcore2.RemoteProtocolError):
            await read(answer, seen.extend)
        # At once, whoever holds the answer.
        await server.client_left.wait()
    assert seen == BODY
    assert pool.connections == []


async def test_a_reset_is_an_error_of_the_network(server, pool):
    gate = asyncio.Event()
    server.reply(AS_CHUNKS + chunked(*PARTS, last=False), gate, end=RESET)
    async with asking(pool, server) as answer:
        with pytest.raises(httpcore2.ReadError):
            await read(answer, lambda _piece: gate.set())
    assert pool.connections == []


async def test_leaving_early_closes_the_connection(server, pool):
    server.reply(AS_CHUNKS + chunked(*PARTS, last=False), end=HOLD)
    async with asking(pool, server) as answer:
        async with aclosing(JoinedAnswer(answer).aiter_stream()) as body:
            assert await anext(body) == BODY
        await server.client_left.wait()
    assert pool.connections == []


@pytest.mark.parametrize("end", [KEEP, HOLD], ids=["answered", "held"])
async def test_a_cancellation_at_any_point_leaves_no_connection_behind(server, pool, end):
    """After each number of turns of the event loop, until the answer is there or never comes."""
    parts = [AS_CHUNKS, *(chunked(part, last=False) for part in PARTS)]
    server.replies = [Reply([*parts, *([chunked()] if end == KEEP else [])], end)] * 200
    loop = asyncio.get_running_loop()
    for turns in range(100):
        task = loop.create_task(pieces_of(pool, server))
        for _ in range(turns):
            await asyncio.sleep(0)
        answered = task.done()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            assert b"".join(await task) == BODY
        assert "Requests: 0 active, 0 queued | Connections: 0 active" in repr(pool)
    assert answered == (end == KEEP)
    if end == HOLD:
        assert pool.connections == []


async def test_an_answer_without_a_parser_is_read_as_the_library_reads_it():
    answer = httpcore2.Response(200, content=b"whole")
    assert [piece async for piece in JoinedAnswer(answer).aiter_stream()] == [b"whole"]
