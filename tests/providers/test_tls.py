"""TLS on loopback: who is trusted, what is told, and that Stop works in the middle of a handshake."""

import asyncio
import contextlib
import ssl

import pytest

from desktop_app.domain.delta import FinishDelta, TextDelta
from desktop_app.domain.errors import ErrorKind
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from tests.providers.conftest import (
    KEEP,
    PATIENCE,
    RawServer,
    ask,
    chunk,
    chunked,
    connection_to,
    events,
    head,
    hear,
)
from tests.servers.certificates import self_signed, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a fresh key and a certificate for 127.0.0.1 that signs itself."""
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def tls_server(certificate):
    raw = RawServer()
    context = serving(certificate)
    listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=context)
    raw.port = listener.sockets[0].getsockname()[1]
    yield raw
    listener.close()


def trusting(certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


async def test_a_trusted_server_answers(tls_server, certificate):
    base_url = tls_server.base_url.replace("http:", "https:")
    model = OpenAIChatModel(
        connection_to(base_url), "key-1", context_factory=lambda: trusting(certificate)
    )
    tls_server.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))
    heard = await hear(model)
    await model.aclose()
    assert heard.error is None
    assert heard.text == "Hi"
    assert tls_server.requests[0].header("authorization") == "Bearer key-1"


async def test_chunks_that_come_together_are_one_batch_and_the_connection_is_kept(
    tls_server, certificate
):
    base_url = tls_server.base_url.replace("http:", "https:")
    model = OpenAIChatModel(
        connection_to(base_url), "key-1", context_factory=lambda: trusting(certificate)
    )
    texts = [chunk({"content": "H"}), chunk({"content": "i"}, finish="stop"), "[DONE]"]
    for _ in range(2):
        framed = chunked(*(events(text) for text in texts))
        tls_server.reply(head(Transfer_Encoding="chunked") + framed, end=KEEP)
        heard = await hear(model)
        assert heard.batches == [[TextDelta("H"), TextDelta("i"), FinishDelta("stop")]]
    await model.aclose()
    assert tls_server.connections == 1


@pytest.mark.parametrize(("slept", "connections"), [(0.0, 1), (9.0, 1), (60.0, 2)])
async def test_a_kept_connection_is_not_trusted_after_sleep(
    tls_server, certificate, slept, connections
):
    """It looks alive, and a request would vanish in it."""
    clock = [500.0]
    model = OpenAIChatModel(
        connection_to(tls_server.base_url.replace("http:", "https:")),
        "key-1",
        context_factory=lambda: trusting(certificate),
        slept=lambda: clock[0],
    )
    for _ in range(2):
        framed = chunked(events(chunk({"content": "Hi"}, finish="stop")))
        tls_server.reply(head(Transfer_Encoding="chunked") + framed, end=KEEP)
    assert (await hear(model)).text == "Hi"
    clock[0] += slept
    assert (await hear(model)).text == "Hi"
    await model.aclose()
    assert tls_server.connections == connections


async def test_a_certificate_that_nobody_vouches_for_is_refused(tls_server):
    base_url = tls_server.base_url.replace("http:", "https:")
    model = OpenAIChatModel(
        connection_to(base_url), "key-1", context_factory=ssl.create_default_context
    )
    heard = await hear(model)
    await model.aclose()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.TLS_UNKNOWN_ISSUER
    assert "self-signed" in heard.error.record.detail
    assert tls_server.requests == []


async def test_a_certificate_for_another_host_is_refused(tls_server, certificate):
    model = OpenAIChatModel(
        connection_to(f"https://localhost:{tls_server.port}/v1"),
        context_factory=lambda: trusting(certificate),
    )
    heard = await hear(model)
    await model.aclose()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.TLS_OTHER_HOST
    assert "localhost" in heard.error.record.detail


async def test_stop_closes_the_socket_in_the_middle_of_the_handshake(certificate):
    loop = asyncio.get_running_loop()
    greeted, left = asyncio.Event(), asyncio.Event()

    async def silent(reader, writer):
        await reader.read(1)
        greeted.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        left.set()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    model = OpenAIChatModel(
        connection_to(f"https://127.0.0.1:{port}/v1"), context_factory=lambda: trusting(certificate)
    )
    task = loop.create_task(hear(model, ask()))
    async with asyncio.timeout(PATIENCE):
        await greeted.wait()
        # The client's whole greeting is read only once it has left.
        task.cancel()
        stopped_at = loop.time()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await left.wait()
    assert loop.time() - stopped_at < 0.2
    listener.close()
    await model.aclose()
