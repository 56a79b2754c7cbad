"""Attacks on size and time, over a real socket: each ends at its limit, with a named error."""

import asyncio
import resource
import sys

import pytest

from desktop_app.domain.errors import ErrorKind
from tests.providers.conftest import chunk, events, head, hear

MB = 1024 * 1024
ENDLESS = {
    "a line": b"x" * MB,
    "a line of data": b"data: " + b"x" * (MB - 6),
    "an event of many lines": b"data: 12345678\n" * (MB // 15),
    "comments": b": keep-alive\n\n" * (MB // 14),
    "events": events(chunk({"content": "word " * 200})) * 800,
    "events without meaning": b"data: {}\n\n" * (MB // 10),
    "blank lines": b"\n" * MB,
    "a document": b'{"a": "' + b"x" * MB,
    "a page": b"<html>" + b"x" * MB,
}


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MB if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("what", ENDLESS)
async def test_an_endless_answer_ends(server, make_model, what):
    model = make_model()
    server.reply(head(), events(chunk({"content": "a"}, finish="stop")))
    await hear(model)
    before = peak_megabytes()
    server.reply(head(), *[ENDLESS[what]] * 200)
    heard = await hear(model)
    assert heard.error is not None
    expected = ErrorKind.WEB_PAGE if what == "a page" else ErrorKind.TOO_LARGE_ANSWER
    assert heard.error.kind is expected
    await asyncio.wait_for(server.client_left.wait(), 20)
    # The page size of Python's allocator and the server's own copy are in this number too.
    assert peak_megabytes() - before < 150
