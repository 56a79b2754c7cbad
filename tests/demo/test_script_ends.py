"""The script language: ends, framings and bodies, as they arrive over a real socket."""

import contextlib
import gzip
import json
import re
import socket

import pytest

from desktop_app.demo.script import (
    Backend,
    Call,
    Chunk,
    Comment,
    Data,
    Delta,
    End,
    Form,
    Framing,
    Http,
    JsonBody,
    RawBytes,
    Redirect,
    Reply,
    Think,
    base_resp_error,
)
from tests.demo.wire_client import body_of, raw_request, read_all, read_until

THINK = Think("The word is ")


MORE = Think("Hello.")


def ending_of(server, reply, marker):
    """The bytes up to the marker, or to the end without one, and what the connection does then."""
    server.enqueue(reply)
    with raw_request(server.port) as raw:
        if marker:
            seen = read_until(raw, marker)
            raw.settimeout(0.1)
            try:
                return seen, "closed" if raw.recv(1) == b"" else "more"
            except TimeoutError:
                return seen, "open"
        seen = b""
        try:
            while data := raw.recv(65536):
                seen += data
        except ConnectionResetError:
            return seen, "reset"
        return seen, "closed"


LAST = b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("end", "marker", "state", "finishes"),
    [
        (End.CLEAN, LAST, "open", True),
        (End.DONE, LAST, "open", True),
        (End.DONE_KEPT_OPEN, b"[DONE]\n\n\r\n", "open", True),
        (End.MESSAGE, LAST, "open", True),
        (End.NO_FINISH, LAST, "open", False),
        (End.DONE_WITHOUT_FINISH, LAST, "open", False),
        (End.NO_BLANK_LINE, LAST, "open", True),
        (End.FIN, None, "closed", False),
        (End.RST, None, "reset", False),
        (End.STALL, b'"lo"', "open", False),
    ],
)
def test_each_end_is_what_it_says(server, end, marker, state, finishes):
    seen, found = ending_of(server, Reply(["Hel", "lo"], end=end), marker)
    assert b'"lo"' in seen
    assert found == state
    assert (b'"finish_reason":"stop"' in seen) is finishes
    assert seen.endswith(LAST) is (marker == LAST)
    assert (b"[DONE]" in seen) is ("DONE" in end.name)


def test_an_event_can_be_cut(server):
    seen, _ = ending_of(server, Reply(["Hel", "lo"], end=End.CUT_EVENT), LAST)
    assert b"\n\n\r\n" + LAST not in seen


def test_a_last_blank_line_can_be_missing(server):
    seen, _ = ending_of(server, Reply(["Hello"], end=End.NO_BLANK_LINE), LAST)
    assert seen.endswith(b"}\r\n" + LAST)


def test_the_native_last_object_holds_the_whole_message(server, client):
    server.enqueue(Reply([THINK, MORE, "Hel", "lo"], end=End.MESSAGE))
    last = client.stream().events[-1]
    assert last["object"] == "chat.completion"
    assert "delta" not in last["choices"][0]
    assert last["choices"][0]["message"]["content"] == "Hello"
    assert last["choices"][0]["message"]["reasoning_content"] == "The word is Hello."


@pytest.mark.parametrize("end", [End.FIN, End.RST, End.STALL])
def test_an_unstreamed_answer_can_break_too(server, end):
    server.enqueue(Reply(["Hello" * 50], end=end))
    with raw_request(server.port, body_of()) as raw:
        head, _, rest = read_until(raw, b"HelloHello").partition(b"\r\n\r\n")
        if end is not End.STALL:
            with contextlib.suppress(ConnectionResetError):
                rest += read_all(raw)
    claimed = int(re.search(rb"Content-Length: (\d+)", head)[1])
    assert 0 < len(rest) < claimed


def test_an_unstreamed_answer_is_one_object(server, client):
    server.enqueue(Reply([THINK, MORE, "Hello", Call("a", {"x": 1})]))
    answer = client.chat(reasoning_split=True).json
    message = answer["choices"][0]["message"]
    assert message["content"] == "Hello"
    assert message["reasoning_details"][0]["text"] == "The word is Hello."
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"x": 1}
    assert answer["choices"][0]["finish_reason"] == "tool_calls"
    assert answer["object"] == "chat.completion"
    assert answer["base_resp"]["status_code"] == 0


def test_an_unstreamed_answer_without_split_has_tags(server, client):
    server.enqueue(Reply([THINK, "Hello"]))
    message = client.chat().json["choices"][0]["message"]
    assert message["content"] == "<think>\nThe word is \n</think>\n\nHello"
    assert "reasoning_details" not in message


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("packed", [False, True])
def test_every_framing_arrives_whole(server, client, framing, packed):
    server.enqueue(Reply([THINK, "Hel", "lo"], framing=framing, gzip=packed))
    response = client.stream()
    if packed:
        response.body = gzip.decompress(response.body)
    assert response.joined("content") == "Hello"
    assert response.finish_reasons == ["stop"]


@pytest.mark.parametrize("size", [1, 3, 7])
def test_network_writes_can_be_of_any_size(server, client, size):
    server.enqueue(Reply([THINK, "中文 🎉"], split_every=size))
    assert client.stream().joined("content") == "中文 🎉"


def test_events_can_be_dressed_oddly(server, client):
    server.enqueue(
        Reply(
            [Comment("keep-alive"), Data('{"a":\n1}', event="ping", id="7"), "Hello"],
            prefix=b"\xef\xbb\xbf",
            eol="\r\n",
            data_field="data:",
        )
    )
    body = client.stream().body
    assert body.startswith(b"\xef\xbb\xbf: keep-alive\r\n\r\n")
    assert b'event: ping\r\nid: 7\r\ndata:{"a":\r\ndata:1}\r\n\r\n' in body


def test_lone_surrogates_travel_as_escapes(server, client):
    server.enqueue(Reply(["a\ud83d", "\ude00b"], ascii=True))
    response = client.stream()
    assert rb"\ud83d" in response.body
    assert response.deltas[0]["content"] == "a\ud83d"


def test_chunks_and_deltas_go_out_as_given(server, client):
    server.enqueue(
        Reply(
            [Chunk({"choices": None}), Chunk({}, without=("choices", "id")), Delta(None), "Hello"],
            flags={"output_sensitive": True},
        )
    )
    first, second, third, *_ = client.stream().events
    assert first["choices"] is None
    assert "choices" not in second
    assert "id" not in second
    assert third["choices"] == [{"index": 0, "delta": None}]
    assert first["output_sensitive"] is True


def test_self_hosted_chunks_have_null_fields(server, client):
    server.enqueue(
        Reply([THINK, "Hello"], backend=Backend.SELF_HOSTED, form=Form.REASONING, end=End.DONE)
    )
    response = client.stream()
    assert response.deltas[0] == {"role": "assistant", "content": ""}
    thinking = response.deltas[1]
    assert thinking["content"] is None
    assert thinking["role"] is None
    assert thinking["reasoning"] == "The word is "
    assert response.events[-1] == "[DONE]"
    assert "base_resp" not in response.events[-2]


def test_bodies_that_are_no_stream(server, client):
    server.enqueue(
        base_resp_error(1008, "insufficient balance"),
        JsonBody({"error": "x"}, status=418),
        Http(body="<html></html>", content_type="text/html"),
        Redirect("http://127.0.0.1:9/v1", 308),
        Http(204, content_type=None),
    )
    first = client.stream()
    assert first.status == 200
    assert first.headers["Content-Type"].startswith("application/json")
    assert first.json["choices"] is None
    assert first.json["base_resp"] == {"status_code": 1008, "status_msg": "insufficient balance"}
    assert client.stream().status == 418
    assert client.stream().headers["Content-Type"] == "text/html"
    moved = client.stream()
    assert (moved.status, moved.headers["Location"]) == (308, "http://127.0.0.1:9/v1")
    assert client.stream().status == 204
    assert server.accepted == 1


def test_raw_bytes_are_sent_as_they_are(server):
    server.enqueue(RawBytes(b"\x00garbage\r\n", split_every=2))
    with raw_request(server.port) as raw:
        assert read_all(raw) == b"\x00garbage\r\n"
        assert isinstance(raw, socket.socket)
