"""Every failure is named: refusals, errors inside answers, and the ways a connection fails."""

import asyncio
import datetime as dt
import json
import socket
import ssl
import time
from dataclasses import replace

import pytest

from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.errors import ErrorKind
from desktop_app.providers.openai_chat import tls
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.faults import FaultNamer, RefusalError
from desktop_app.providers.openai_chat.secret import Secret
from tests.providers.conftest import CLOSE, RESET, chunk, events, head, hear, with_length

SERVICE = Connection("r", "R", "https://api.example/v1", ConnectionSource.REGION)
OTHER = replace(SERVICE, is_minimax=False)
FUTURE = "2099-05-15T15:00:00Z"


def service_body(kind: str, message: str) -> bytes:
    error = {"type": kind, "message": message, "http_code": "0"}
    return json.dumps({"type": "error", "error": error, "request_id": "0631"}).encode()


def named(status, body, *, connection=SERVICE, key="sk-test-0123456789", **headers):
    namer = FaultNamer(connection, Secret(key))
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return namer.of_refusal(RefusalError(status, headers, body))


@pytest.mark.parametrize(
    ("status", "kind", "message", "expected", "code"),
    [
        (401, "authorized_error", "login fail: carry the key (1004)", ErrorKind.INVALID_KEY, 1004),
        (401, "authorized_error", "invalid api key (2049)", ErrorKind.INVALID_KEY, 2049),
        (402, "insufficient_balance_error", "no balance (1008)", ErrorKind.BALANCE, 1008),
        (500, "api_error", "insufficient balance (1008)", ErrorKind.BALANCE, 1008),
        (429, "rate_limit_error", "rate limit (1002)", ErrorKind.RATE_LIMIT, 1002),
        (429, "rate_limit_error", "TPM (1039)", ErrorKind.RATE_LIMIT, 1039),
        (429, "rate_limit_error", "connections (1041)", ErrorKind.RATE_LIMIT, 1041),
        (429, "rate_limit_error", "growth (2045)", ErrorKind.RATE_LIMIT, 2045),
        (429, "rate_limit_error", "plan rate (2062)", ErrorKind.RATE_LIMIT, 2062),
        (429, "rate_limit_error", "usage limit (2056)", ErrorKind.PLAN_EXHAUSTED, 2056),
        (400, "bad_request_error", "invalid params, x (2013)", ErrorKind.BAD_REQUEST, 2013),
        (400, "bad_request_error", "unknown model 'm3.1' (2013)", ErrorKind.UNKNOWN_MODEL, 2013),
        (
            400,
            "bad_request_error",
            "invalid params, context window exceeds limit (2013)",
            ErrorKind.CONTEXT_TOO_LONG,
            2013,
        ),
        (422, "x", "input new_sensitive (1026)", ErrorKind.SENSITIVE_INPUT, 1026),
        (500, "api_error", "output new_sensitive (1027)", ErrorKind.SENSITIVE_OUTPUT, 1027),
        (520, "api_error", "unknown error, 999 (1000)", ErrorKind.SERVER, 1000),
        (504, "api_error", "timeout (1001)", ErrorKind.SERVER, 1001),
        (500, "api_error", "internal (1013)", ErrorKind.SERVER, 1013),
        (500, "api_error", "internal (1024)", ErrorKind.SERVER, 1024),
        (500, "api_error", "internal (1033)", ErrorKind.SERVER, 1033),
        (529, "overloaded_error", "集群繁忙 (2064)", ErrorKind.OVERLOADED, 2064),
    ],
)
def test_the_services_numbers_decide(status, kind, message, expected, code):
    record = named(status, service_body(kind, message), trace_id="trace-1")
    assert record.kind is expected
    assert (record.code, record.status) == (code, status)
    assert record.trace_id == "trace-1"
    assert record.host == "api.example"
    assert record.detail == message


def test_the_body_names_the_request_where_no_header_does():
    assert named(500, service_body("api_error", "x (1000)")).trace_id == "0631"


def test_a_refused_key_that_was_not_sent_is_a_missing_one():
    body = service_body("authorized_error", "login fail (1004)")
    assert named(401, body, key="").kind is ErrorKind.MISSING_KEY


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ErrorKind.BAD_REQUEST),
        (401, ErrorKind.INVALID_KEY),
        (402, ErrorKind.BALANCE),
        (403, ErrorKind.FORBIDDEN),
        (404, ErrorKind.NOT_FOUND),
        (405, ErrorKind.BAD_REQUEST),
        (407, ErrorKind.PROXY),
        (408, ErrorKind.SERVER),
        (409, ErrorKind.BAD_REQUEST),
        (413, ErrorKind.TOO_LARGE_REQUEST),
        (415, ErrorKind.BAD_REQUEST),
        (422, ErrorKind.BAD_REQUEST),
        (429, ErrorKind.RATE_LIMIT),
        (451, ErrorKind.BAD_REQUEST),
        (500, ErrorKind.SERVER),
        (502, ErrorKind.SERVER),
        (503, ErrorKind.OVERLOADED),
        (504, ErrorKind.SERVER),
        (524, ErrorKind.SERVER),
        (529, ErrorKind.OVERLOADED),
        (304, ErrorKind.REDIRECT),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b'"text"', b"[1]", b"{}", b"null", b"<html><b>Oops</b></html>", b"\xff\x00"]
)
def test_without_a_number_the_status_decides(status, expected, body):
    for connection in (SERVICE, OTHER):
        record = named(status, body, connection=connection)
        assert record.kind is expected
        assert record.status == status
        assert record.code is None
        assert "<" not in record.detail
        assert "\x00" not in record.detail


@pytest.mark.parametrize(
    ("status", "body", "expected", "detail"),
    [
        (404, {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}},
         ErrorKind.UNKNOWN_MODEL, "The model `x` does not exist"),
        (404, {"detail": "Not Found"}, ErrorKind.NOT_FOUND, "Not Found"),
        (400, {"object": "error", "message": "maximum context length is 8", "code": 400},
         ErrorKind.CONTEXT_TOO_LONG, "maximum context length is 8"),
        (400, {"error": "plain words"}, ErrorKind.BAD_REQUEST, "plain words"),
        (429, {"error": {"message": "no money", "type": "insufficient_quota"}},
         ErrorKind.BALANCE, "no money"),
        (500, {"error": {"message": "x (2049)"}}, ErrorKind.SERVER, "x (2049)"),
        (422, {"detail": [{"loc": ["body"], "msg": "bad"}]}, ErrorKind.BAD_REQUEST,
         "[{'loc': ['body'], 'msg': 'bad'}]"),
    ],
)  # fmt: skip
def test_other_servers_are_read_by_status_and_name(status, body, expected, detail):
    record = named(status, json.dumps(body).encode(), connection=OTHER)
    assert record.kind is expected
    assert record.detail == detail
    assert record.code is None


def test_details_are_short_plain_and_without_the_key():
    key = "sk-test-0123456789"
    record = named(500, service_body("x", f"key {key}\x1b[31m\u202e " + "long " * 400), key=key)
    assert key not in record.detail
    assert "••••6789" in record.detail
    assert len(record.detail) <= 500
    assert all(character.isprintable() for character in record.detail)


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry_after": "30"}, "", 30),
        ({"retry_after": "0"}, "", None),
        ({"retry_after": "-5"}, "", None),
        ({"retry_after": "soon"}, "", None),
        ({"retry_after": "9" * 50}, "", None),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", None),
        ({}, "no word of time", None),
        ({}, "resets at 2015-05-15T15:00:00Z", None),
        ({}, "resets at 2026-99-99T15:00:00Z", None),
    ],
)
def test_when_to_come_back(headers, message, seconds):
    now = time.time()
    at = named(429, service_body("x", f"{message} (2056)"), **headers).retry_at
    if seconds is None:
        assert at is None
    else:
        assert abs(at - now - seconds) < 5


def test_the_message_says_when_the_plan_is_renewed():
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)
    for text in (soon.isoformat(timespec="seconds"), soon.strftime("%Y-%m-%dT%H:%M:%SZ")):
        message = f"usage limit exceeded (0/0 used), resets at {text} (2056)"
        record = named(429, service_body("rate_limit_error", message))
        assert record.retry_at == pytest.approx(soon.timestamp(), abs=2)


IN_A_STREAM = [
    (events('{"error":{"message":"boom (1000)","type":"api_error"}}'), ErrorKind.SERVER, 1000),
    (events('{"error":"just words"}'), ErrorKind.SERVER, None),
    (b'event: error\ndata: {"message":"plain object"}\n\n', ErrorKind.SERVER, None),
    (b"event: error\ndata: not json\n\n", ErrorKind.SERVER, None),
    (events('{"choices":null,"base_resp":{"status_code":1008,"status_msg":"no"}}'),
     ErrorKind.BALANCE, 1008),
    (events('{"choices":[],"base_resp":{"status_code":1027,"status_msg":"no"}}'),
     ErrorKind.SENSITIVE_OUTPUT, 1027),
    (events('{"error":{"message":"slow down","code":429}}'), ErrorKind.RATE_LIMIT, None),
    (events('{"type":"error","error":{"message":"output new_sensitive (1027)"}}'),
     ErrorKind.SENSITIVE_OUTPUT, 1027),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "code"), IN_A_STREAM)
async def test_an_error_inside_a_stream_keeps_the_text(server, make_model, body, kind, code):
    server.reply(head(), events(chunk({"content": "Hel"})), body, end="hold")
    heard = await hear(make_model())
    assert heard.text == "Hel"
    assert heard.error is not None
    assert heard.error.kind is kind
    assert heard.error.record.code == code
    assert heard.received["message"]["content"] == "Hel"
    await asyncio.wait_for(server.client_left.wait(), 5)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"choices":null,"base_resp":{"status_code":2061,"status_msg":"no"}}',
         ErrorKind.PLAN_LACKS_MODEL),
        (b'{"base_resp":{"status_code":1004,"status_msg":"login fail"}}', ErrorKind.INVALID_KEY),
        (b'{"choices":null,"base_resp":{"status_code":2062}}', ErrorKind.RATE_LIMIT),
        (b'\xef\xbb\xbf {"error":{"message":"x (1000)"}}', ErrorKind.SERVER),
        (b'{"choices":null}', ErrorKind.EMPTY_ANSWER),
        (b'{"hello":1}', ErrorKind.EMPTY_ANSWER),
        (b'{"choices":[', ErrorKind.BAD_DATA),
        (b"[1,2]", ErrorKind.BAD_DATA),
        (b"[" * 100_000, ErrorKind.BAD_DATA),
        (b'{"a":' + b"9" * 5000 + b"}", ErrorKind.BAD_DATA),
        (b"", ErrorKind.EMPTY_ANSWER),
        (b"\n\n  \n", ErrorKind.EMPTY_ANSWER),
        (b"Bad gateway, sorry", ErrorKind.EMPTY_ANSWER),
        (b"<!doctype html><title>Wi-Fi &amp; more</title><p>Sign in", ErrorKind.WEB_PAGE),
        (b"data: <html>\n\n", ErrorKind.BAD_DATA),
        (b"data: [DONE]\n\n", ErrorKind.EMPTY_ANSWER),
        (b": comment\n\nid: 1\n\nevent: ping\n\ndata:\n\ndata: {}\n\n", ErrorKind.EMPTY_ANSWER),
        (b'data: null\n\ndata: []\n\ndata: "x"\n\n', ErrorKind.EMPTY_ANSWER),
    ],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["text/event-stream", "application/json", "text/html"])
async def test_a_200_that_is_no_answer(server, make_model, body, kind, content_type):
    server.reply(with_length(body, content_type=content_type))
    heard = await hear(make_model())
    if heard.error is None:
        # The turn itself calls an answer without any part empty.
        assert kind is ErrorKind.EMPTY_ANSWER
        assert not heard.builder.has_anything
    else:
        assert heard.error.kind is kind
        if kind is ErrorKind.WEB_PAGE:
            assert heard.error.record.detail == "Wi-Fi & more"
    assert len(server.requests) == 1


async def test_204_is_an_empty_answer(server, make_model):
    server.reply(b"HTTP/1.1 204 No Content\r\n\r\n")
    heard = await hear(make_model())
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.EMPTY_ANSWER


async def test_an_endless_error_body_is_read_to_its_limit(server, make_model):
    """Measured with the SDK's own reading: 2 GB of memory in 6 seconds."""
    part = b'{"error":{"message":"x' + b"x" * 65_536
    server.reply(head(500, "application/json"), *[part] * 100, end="hold")
    heard = await hear(make_model())
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.SERVER
    assert len(heard.error.record.detail) <= 500


@pytest.mark.parametrize(
    ("parts", "end", "kind"),
    [
        ((), CLOSE, ErrorKind.CONNECTION_LOST),
        ((), RESET, ErrorKind.CONNECTION_LOST),
        ((b"HTTP/1.1 200",), CLOSE, ErrorKind.CONNECTION_LOST),
        ((b"garbage\r\n\r\n",), CLOSE, ErrorKind.CONNECTION_LOST),
        ((b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000,), CLOSE, ErrorKind.CONNECTION_LOST),
        ((head(Transfer_Encoding="chunked"), b"zz\r\n"), CLOSE, ErrorKind.CONNECTION_LOST),
    ],
)
async def test_a_connection_that_breaks(server, make_model, parts, end, kind):
    server.reply(*parts, end=end)
    heard = await hear(make_model())
    assert heard.error is not None
    assert heard.error.kind is kind
    assert len(server.requests) == 1


async def test_nothing_listens(server, make_model):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    heard = await hear(make_model(base_url=f"http://127.0.0.1:{port}/v1"))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.REFUSED
    assert heard.error.record.host == f"127.0.0.1:{port}"


async def test_a_host_that_does_not_exist(make_model, monkeypatch):
    async def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    heard = await hear(make_model(base_url="https://no.such.host.invalid/v1"))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.HOST_NOT_FOUND


async def test_a_host_that_does_not_answer(make_model, monkeypatch):
    async def getaddrinfo(*_args, **_kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    model = make_model(base_url="https://slow.invalid/v1", limits=TimeLimits(connect=0.2))
    heard = await hear(model)
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.CONNECT_TIMEOUT


async def test_https_to_a_server_of_plain_http(server, make_model):
    async def plain(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    heard = await hear(make_model(base_url=f"https://127.0.0.1:{port}/v1"))
    listener.close()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.NOT_TLS


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_stale_certificate_variable_is_named(server, make_model, monkeypatch, variable):
    monkeypatch.setenv(variable, "/no/such/place")
    heard = await hear(make_model(base_url=server.base_url.replace("http:", "https:")))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.TLS
    assert variable in heard.error.record.detail
    assert heard.error.record.host == f"127.0.0.1:{server.port}"
    # Where no TLS is used, it does not matter.
    server.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))
    assert (await hear(make_model())).text == "Hi"


def test_the_default_context_verifies():
    context = tls.system_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert tls.system_context() is context


async def test_an_error_of_ours_is_no_error_of_the_network(server, monkeypatch):
    connection = replace(SERVICE, base_url=server.base_url)

    def broken() -> ssl.SSLContext:
        raise ZeroDivisionError

    model = OpenAIChatModel(
        replace(connection, base_url="https://127.0.0.1:9/v1"), context_factory=broken
    )
    with pytest.raises(ZeroDivisionError):
        await hear(model)
    with pytest.raises(ZeroDivisionError):
        await model.list_models()
