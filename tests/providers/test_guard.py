"""What leaves the machine: our headers alone, to one origin alone, and the key nowhere else."""

import io
import logging
import os
import pickle
import subprocess
import sys
import traceback

import pytest

from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.log import redacted
from desktop_app.providers.openai_chat import sdk
from desktop_app.providers.openai_chat.secret import Secret
from tests.providers.conftest import (
    RESET,
    ask,
    chunk,
    events,
    head,
    hear,
    with_length,
)

KEY = "sk-test-canary-0123456789"
HOSTILE = {
    "OPENAI_API_KEY": "sk-of-somebody-else",
    "OPENAI_ADMIN_KEY": "sk-admin-of-somebody-else",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/elsewhere",
    "OPENAI_ORG_ID": "org-leak",
    "OPENAI_PROJECT_ID": "proj-leak",
    "OPENAI_WEBHOOK_SECRET": "hook-leak",
    "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer evil\nX-Leak: yes\nHost: evil.example\n"
    "Content-Length: 3\nX-Stainless-Raw-Response: true",
    "OPENAI_LOG": "debug",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
}


def answer() -> tuple[bytes, bytes]:
    return head(), events(chunk({"content": "Hi"}, finish="stop"))


async def test_the_headers_are_ours_alone(server, make_model):
    server.reply(*answer())
    await hear(make_model(KEY))
    (request,) = server.requests
    assert {name.lower(): value for name, value in request.headers} == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "text/event-stream, application/json",
        "accept-encoding": "identity",
        "user-agent": request.header("user-agent"),
        "content-type": "application/json",
        "content-length": str(len(request.body)),
        "authorization": f"Bearer {KEY}",
    }
    assert request.header("user-agent").startswith("Interleave/")


async def test_without_a_key_there_is_no_authorization(server, make_model):
    server.reply(*answer())
    assert (await hear(make_model(""))).text == "Hi"
    assert server.requests[0].header("authorization") is None


@pytest.mark.parametrize("variable", HOSTILE)
async def test_an_environment_variable_changes_nothing(server, make_model, monkeypatch, variable):
    for name in HOSTILE:
        monkeypatch.delenv(name, raising=False)
    server.reply(*answer())
    await hear(make_model(KEY))
    monkeypatch.setenv(variable, HOSTILE[variable])
    server.reply(*answer())
    heard = await hear(make_model(KEY))
    assert heard.text == "Hi"
    plain, hostile = server.requests
    assert hostile == plain


def test_loading_the_sdk_under_hostile_variables_sets_up_no_logging():
    """The SDK reads ``OPENAI_LOG`` when it is imported and configures the root logger."""
    code = (
        "import logging, os\n"
        "from desktop_app.providers.openai_chat import loading\n"
        "loading.preload()\n"
        "print(logging.getLogger().handlers, logging.getLogger('openai').level,"
        " os.environ['OPENAI_LOG'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **HOSTILE},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[] 0 debug"
    assert done.stderr == ""


def test_importing_the_provider_does_not_load_the_sdk():
    code = (
        "import sys\n"
        "import desktop_app.providers.openai_chat.client, desktop_app.providers.openai_chat.probe\n"
        "print(sorted({'openai', 'httpx2', 'truststore', 'anyio'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


async def test_another_origin_is_refused(server):
    client = sdk.build_client(server.base_url, Secret(KEY), connect_timeout=5, context=None)
    for url in (
        f"http://localhost:{server.port}/v1/models",
        "http://127.0.0.1:9/v1/models",
        f"https://127.0.0.1:{server.port}/v1/models",
    ):
        with pytest.raises(ChatError) as raised:
            await client.get(url, cast_to=object)
        assert raised.value.kind is ErrorKind.BAD_ENDPOINT
    await client.close()
    assert server.connections == 0


async def test_plain_http_beyond_loopback_is_refused():
    client = sdk.build_client("http://192.0.2.1/v1", Secret(KEY), connect_timeout=5, context=None)
    with pytest.raises(ChatError) as raised:
        await client.get("/models", cast_to=object)
    assert raised.value.kind is ErrorKind.BAD_ENDPOINT
    await client.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(server, make_model, status):
    server.reply(head(status, Location="https://evil.example/v1/x?y", Content_Length="0"))
    heard = await hear(make_model(KEY))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.REDIRECT
    assert "evil.example" in heard.error.record.detail
    assert heard.error.record.status == status
    assert len(server.requests) == 1


async def test_a_request_that_is_too_large_is_not_sent(server, make_model):
    heard = await hear(make_model(KEY), ask("x" * (21 * 1024 * 1024)))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.TOO_LARGE_REQUEST
    assert server.requests == []


async def test_a_packed_answer_is_refused_unread(server, make_model):
    server.reply(head(Content_Encoding="gzip") + b"\x1f\x8b" + b"0" * 100)
    heard = await hear(make_model(KEY))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.BAD_DATA
    assert "gzip" in heard.error.record.detail


async def test_the_key_shows_nowhere(server, make_model, caplog):
    """Whatever fails, and wherever it is printed, logged or pickled."""
    echo = f'{{"error":{{"message":"bad key {KEY} (2049)"}},"request_id":"{KEY}"}}'.encode()
    replies = [
        ([with_length(echo, 401, Trace_Id=KEY)], "close"),
        ([head(500) + f"<html>{KEY}</html>".encode()], "close"),
        ([head() + events(f'{{"error":"{KEY}"}}')], "close"),
        ([head() + events(f'{{"choices": {KEY}')], "close"),
        ([with_length(f"<title>{KEY}</title>".encode(), content_type="text/html")], "close"),
        ([head(302, Location=f"https://h/{KEY}")], "close"),
        ([b"garbage\r\n\r\n"], "close"),
        ([], "close"),
        ([], RESET),
    ]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    model = make_model(KEY)
    seen = [repr(model), repr(vars(model)), str(pickle.dumps(Secret(KEY)))]
    try:
        with caplog.at_level(logging.DEBUG):
            for parts, end in replies:
                server.reply(*parts, end=end)
                error = (await hear(model)).error
                assert error is not None
                seen.append(str(pickle.dumps(error.record)))
                seen.append(repr(error) + repr(error.record))
                # With every frame's variables, as some crash reporters print it.
                shown = traceback.TracebackException.from_exception(error, capture_locals=True)
                seen.append("".join(shown.format()))
            server.reply(*answer())
            assert (await hear(model)).error is None
    finally:
        logging.getLogger().removeHandler(handler)
    assert stream.getvalue()
    seen += [stream.getvalue(), caplog.text]
    for text in seen:
        assert KEY not in text
        assert redacted(text).count(KEY) == 0
    assert all(request.header("authorization") == f"Bearer {KEY}" for request in server.requests)
