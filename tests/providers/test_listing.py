import asyncio
import json
import socket

import pytest

from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.probe import check_key
from tests.providers.conftest import HOLD, PATIENCE, connection_to, head, with_length

LISTED = {"object": "list", "data": [{"id": "MiniMax-M2"}, {"id": "MiniMax-M3"}]}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (LISTED, ("MiniMax-M2", "MiniMax-M3")),
        ({"data": [{"id": "a", "display_name": "A"}], "has_more": False}, ("a",)),
        ({"models": [{"name": "a"}, {"model": "b"}, "c"]}, ("a", "b", "c")),
        (["a", {"id": "b"}], ("a", "b")),
        ({"data": []}, ()),
        ({"data": [{"id": "a"}, {"id": "a"}, {"id": " "}, {"id": 5}, None, {}]}, ("a",)),
        ({"data": [{"id": "x" * 5000}]}, ()),
        ({"data": [{"id": "a"}], "base_resp": {"status_code": 0}}, ("a",)),
    ],
)
async def test_lists_in_their_forms(server, make_model, body, names):
    server.reply(with_length(json.dumps(body).encode()))
    assert await make_model().list_models() == names
    assert (server.requests[0].method, server.requests[0].path) == ("GET", "/v1/models")
    assert server.requests[0].header("authorization") == "Bearer sk-test-canary-0123456789"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (with_length(b"404 page not found", 404, "text/plain"), ErrorKind.NOT_FOUND),
        (with_length(b'{"error":{"message":"x (2049)"}}', 401), ErrorKind.INVALID_KEY),
        (with_length(b'{"base_resp":{"status_code":1004}}'), ErrorKind.INVALID_KEY),
        (with_length(b"<html><title>Sign in</title>"), ErrorKind.WEB_PAGE),
        (with_length(b""), ErrorKind.EMPTY_ANSWER),
        (with_length(b"hello"), ErrorKind.BAD_DATA),
        (with_length(b'{"data": 5}'), ErrorKind.BAD_DATA),
        (with_length(b"[" * 50_000), ErrorKind.BAD_DATA),
        (head(200, "application/json") + b" " * (5 * 1024 * 1024), ErrorKind.TOO_LARGE_ANSWER),
        (b"", ErrorKind.CONNECTION_LOST),
    ],
)
async def test_what_is_no_list_is_an_error(server, make_model, reply, kind):
    server.reply(reply)
    with pytest.raises(ChatError) as raised:
        await make_model().list_models()
    assert raised.value.kind is kind
    assert raised.value.__context__ is None


async def test_a_list_that_never_comes_ends(server, make_model):
    server.reply(head(200, "application/json"), end=HOLD)
    with pytest.raises(ChatError) as raised:
        await make_model(limits=TimeLimits(first_byte=0.2)).list_models()
    assert raised.value.kind is ErrorKind.FIRST_BYTE_TIMEOUT
    async with asyncio.timeout(PATIENCE):
        await server.client_left.wait()


async def test_a_key_that_works(server):
    server.reply(with_length(json.dumps(LISTED).encode()))
    check = await check_key(connection_to(server.base_url), "key-1")
    assert check.error is None
    assert check.models == ("MiniMax-M2", "MiniMax-M3")
    assert check.error is None
    assert 0 <= check.milliseconds < 10_000
    assert server.requests[0].header("authorization") == "Bearer key-1"


async def test_a_key_that_is_refused(server):
    server.reply(with_length(b'{"error":{"message":"invalid api key (2049)"}}', 401))
    check = await check_key(connection_to(server.base_url), "key-1")
    assert check.error is not None
    assert check.error is not None
    assert (check.error.kind, check.error.code) == (ErrorKind.INVALID_KEY, 2049)


async def test_a_silent_server_is_told_within_the_limit(server):
    server.reply(end=HOLD)
    check = await check_key(connection_to(server.base_url), "key-1", limit=0.3)
    assert check.error is not None
    assert check.error.kind is ErrorKind.FIRST_BYTE_TIMEOUT
    assert check.milliseconds < 5000
    async with asyncio.timeout(PATIENCE):
        await server.client_left.wait()


async def test_a_server_that_is_not_there_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    check = await check_key(connection_to(f"http://127.0.0.1:{port}/v1"), "")
    assert check.error is not None
    assert check.error.kind is ErrorKind.REFUSED


async def test_without_tls_no_line_is_used_twice(server, make_model):
    """The first stays open, and the server is done with it without a word, as some are."""
    body = with_length(json.dumps(LISTED).encode())
    server.reply(body, end=HOLD)
    server.reply(body)
    model = make_model(limits=TimeLimits(first_byte=PATIENCE))
    assert await model.list_models() == await model.list_models() == ("MiniMax-M2", "MiniMax-M3")
    assert server.connections == 2
