"""What an exchange leaves behind: the request as the server saw it, the answer as it came, no key."""

import asyncio
import json
import re
import socket

import pytest

from desktop_app.chat.ports import Model
from desktop_app.demo import faults
from desktop_app.demo.journal import Gate
from desktop_app.demo.script import End, HttpError, JsonBody, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.recording import MAX_EVENTS, ExchangeRecorder
from desktop_app.providers.openai_chat.secret import Secret
from tests.providers.conftest import (
    HOLD,
    PATIENCE,
    ask,
    chunk,
    chunked,
    connection_to,
    details,
    events,
    head,
    hear,
    usage_chunk,
    with_length,
)

CANARY = "sk-test-canary-0123456789"
STREAM = (
    chunk(details("Let me see. 茶")),
    chunk({"content": "Tea 🍵"}),
    chunk({"content": "."}, "stop"),
    usage_chunk(),
)


async def record_of(model: Model, body: str | None = None) -> ExchangeRecord:
    """Ask, whatever comes of it, and return the record."""
    exchange = model.stream(ask("Why tea? 茶")) if body is None else model.stream_body(body)
    try:
        async with asyncio.timeout(PATIENCE), exchange as stream:
            async for _ in stream:
                pass
    except Exception as error:
        assert type(error).__name__ == "ChatError"  # noqa: PT017 (the record is what is tested)
    assert exchange.record is not None
    return exchange.record


def recorder_of(*parts: bytes, most: int = 10_000, status: int = 200) -> ExchangeRecorder:
    clock = iter(range(1_000_000))
    recorder = ExchangeRecorder(Secret(CANARY), clock=lambda: next(clock), most=most)
    recorder.begin()
    recorder.sending("POST", "http://x/v1", (), b"{}")
    recorder.answered(status, ())
    for part in parts:
        recorder.arrived(part)
    return recorder


async def test_the_request_is_recorded_as_the_server_saw_it(server, make_model):
    server.reply(head() + events(*STREAM, "[DONE]"))
    record = await record_of(make_model(CANARY))
    (seen,) = server.requests
    assert record.request_body.encode() == seen.body
    assert "茶" in record.request_body
    assert (record.method, record.url) == ("POST", f"{server.base_url}/chat/completions")
    masked = [(n, MASKED_KEY if n == "Authorization" else v) for n, v in seen.headers]
    assert list(record.request_headers) == masked
    assert dict(record.request_headers)["Authorization"] == MASKED_KEY
    assert seen.header("authorization") == f"Bearer {CANARY}"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
async def test_the_events_are_what_was_sent(server, make_model, newline):
    server.reply(head(Trace_Id="abc") + events(*STREAM, "[DONE]", newline=newline))
    record = await record_of(make_model())
    assert [event.text for event in record.events] == [f"data: {d}" for d in (*STREAM, "[DONE]")]
    assert record.status == 200
    assert ("Trace-Id", "abc") in record.response_headers
    assert (record.body, record.error, record.truncated) == ("", "", False)
    times = [event.at for event in record.events]
    assert times == sorted(times)
    assert record.sent_at is not None
    assert record.first_byte_at is not None
    assert record.ended_at is not None
    assert 0 <= record.sent_at <= record.first_byte_at <= times[0]
    assert times[-1] <= record.ended_at


async def test_comments_names_and_several_lines_stay_in_an_event(server, make_model):
    raw = f"\ufeff: ping\n\nevent: message\r\nid: 7\ndata: {STREAM[2]}\n\n"
    server.reply(head() + raw.encode())
    record = await record_of(make_model())
    assert [event.text for event in record.events] == [
        "\ufeff: ping",
        f"event: message\r\nid: 7\ndata: {STREAM[2]}",
    ]


async def test_an_event_that_was_cut_off_stands_in_the_body(server, make_model):
    server.reply(chunked_head() + chunked(events(STREAM[1]), b'data: {"choi', last=False))
    record = await record_of(make_model())
    assert [event.text for event in record.events] == [f"data: {STREAM[1]}"]
    assert record.body == 'data: {"choi'
    assert record.error.startswith("connection_lost")


def chunked_head() -> bytes:
    return head(Transfer_Encoding="chunked")


async def test_each_event_has_the_time_at_which_its_last_byte_came():
    recorder = recorder_of(b"data: a\n", b"\ndata: b\n\ndata", b": c\r", b"\n\r", b"\n")
    record = recorder.record
    assert [(e.at, e.text) for e in record.events] == [
        (2, "data: a"),
        (2, "data: b"),
        (5, "data: c"),
    ]
    assert record.first_byte_at == 1
    assert record.body == ""


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"choices": [{"message": {"content": "all"}, "finish_reason": "stop"}]}', ""),
        (b"\xef\xbb\xbf <html><title>Wi-Fi</title>", "web_page"),
    ],
)
async def test_a_body_that_is_no_stream(server, make_model, body, error):
    server.reply(with_length(body))
    record = await record_of(make_model())
    assert record.body.encode() == body
    assert record.events == ()
    assert record.error.partition(":")[0] == error


async def test_a_refusal(server, make_model):
    body = b"data: no stream, though it looks like one\n\nbad gateway"
    server.reply(with_length(body, 502, "text/plain", Retry_After="7"))
    record = await record_of(make_model())
    assert (record.status, record.body, record.events) == (502, body.decode(), ())
    assert ("Retry-After", "7") in record.response_headers
    assert record.error.startswith("server: ")
    assert record.ended_at is not None


async def test_a_connection_that_is_refused():
    with socket.socket() as bound:  # and it does not listen
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        model = OpenAIChatModel(connection_to(f"http://127.0.0.1:{port}/v1"), CANARY)
        record = await record_of(model)
        await model.aclose()
    assert record.status is None
    assert record.sent_at is None
    assert record.first_byte_at is None
    assert record.ended_at is not None
    assert record.error.startswith("refused: ")
    assert json.loads(record.request_body)["messages"]


async def test_a_server_that_says_nothing(server, make_model):
    server.reply(end=HOLD)
    record = await record_of(make_model(limits=TimeLimits(first_byte=0.05)))
    assert record.sent_at is not None
    assert record.error == "first_byte_timeout"
    assert (record.status, record.first_byte_at) == (None, None)


@pytest.mark.parametrize("placeholder", ["x", "ollama"])
async def test_a_placeholder_for_a_key_does_not_garble_what_is_kept(
    server, make_model, placeholder
):
    body = json.dumps({"messages": [{"role": "user", "content": f"What is {placeholder}?"}]})
    server.reply(head() + events(*STREAM, "[DONE]"))
    record = await record_of(make_model(placeholder), body)
    assert json.loads(record.request_body) == json.loads(body)
    assert dict(record.request_headers)["Authorization"] == "Bearer ••••"


async def test_stop_keeps_what_had_come():
    gate = Gate()
    with DemoServer() as server:
        server.enqueue(Reply([Think("Hm."), Wait(gate), Say("never")]))
        connection = Connection("demo", "Demo", server.base_url, ConnectionSource.DEMO)
        model = OpenAIChatModel(connection, CANARY)
        exchange = model.stream(ask())
        heard = asyncio.Event()

        async def listen() -> None:
            async with exchange as stream:
                async for _ in stream:
                    heard.set()

        task = asyncio.get_running_loop().create_task(listen())
        async with asyncio.timeout(PATIENCE):
            await heard.wait()
        assert exchange.record.ended_at is None
        task.cancel()
        await asyncio.wait({task})
        record = exchange.record
        await model.aclose()
    assert record.error == "stopped"
    assert record.ended_at is not None
    assert len(record.events) == 1
    assert "Hm." in record.events[0].text


async def test_a_body_goes_out_byte_for_byte_and_is_read_the_same_way(server, make_model):
    body = '{ "model":"m",\n "messages" : [{"role":"user","content":"\\u8336 茶"}],"x":1.0}'
    server.reply(head() + events(*STREAM, "[DONE]"))
    record = await record_of(make_model(CANARY), body)
    (seen,) = server.requests
    assert seen.body == body.encode()
    assert seen.path == "/v1/chat/completions"
    assert seen.header("authorization") == f"Bearer {CANARY}"
    assert seen.header("content-type") == "application/json"
    assert record.request_body == body
    assert len(record.events) == 5


@pytest.mark.parametrize("status", [200, 401])
async def test_no_record_holds_the_key_even_if_the_server_repeats_it(server, make_model, status):
    data = chunk({"content": f"your key is {CANARY}"}, "stop")
    body = events(data) if status == 200 else f'{{"error": "{CANARY} is bad"}}'.encode()
    server.reply(head(status, X_Echo=f"Bearer {CANARY}") + body)
    record = await record_of(make_model(CANARY))
    assert record.status == status
    assert CANARY not in repr(record)


ENDS = ("\n", "\r\n", "\r")


@pytest.mark.parametrize(
    # A carriage return and a line feed are one end, not two.
    ("first", "second"),
    [(a, b) for a in ENDS for b in ENDS if a + b != "\r\n"],
)
async def test_a_blank_line_may_end_in_any_two_ways(first, second):
    record = recorder_of(f"data: a{first}data: b{first}{second}data: c".encode()).record
    assert [event.text for event in record.events] == [f"data: a{first}data: b"]
    assert record.body == "data: c"


async def test_a_long_answer_is_cut_and_says_so():
    recorder = recorder_of(*[b"data: 12345678\n\n"] * 10, most=5 * 32)
    record = recorder.record
    assert record.truncated
    assert [event.text for event in record.events] == ["data: 12345678"] * 5
    refused = recorder_of(b"x" * 100, most=50, status=500).record
    assert refused.truncated
    assert refused.body == "x" * 34


async def test_single_bytes_and_empty_events_stay_within_the_bound():
    recorder = recorder_of(*[b"a"] * 5_000, most=17 * 1_000)
    assert recorder.record.truncated
    assert len(recorder.record.body) == 1_000
    many = recorder_of(b"a\n\n" * (MAX_EVENTS + 10), most=8_000_000).record
    assert len(many.events) == MAX_EVENTS
    assert many.truncated


@pytest.mark.parametrize(
    "answer",
    [
        Reply([Think("a"), Say("b")], end=End.NO_FINISH),
        Reply([Think("a"), Say("b")], end=End.FIN),
        Reply([Say("b")], gzip=True),
        JsonBody({"base_resp": {"status_code": 1008, "status_msg": "no money"}}),
        HttpError(529, 2064, "busy"),
        faults.wrong_key(),
    ],
)
async def test_every_end_is_recorded_with_the_kind_that_the_person_is_told(answer):
    with DemoServer() as server:
        server.enqueue(answer, answer)
        connection = Connection("demo", "Demo", server.base_url, ConnectionSource.DEMO)
        model = OpenAIChatModel(connection, CANARY)
        record = await record_of(model)
        heard = await hear(model)
        await model.aclose()
    assert heard.error is not None
    assert re.match(rf"{heard.error.kind.value}(: |$)", record.error)
    assert record.ended_at is not None
