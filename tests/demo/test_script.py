"""The script language: forms, tool calls, ends and bodies, as they arrive over a real socket."""

import contextlib
import gzip
import itertools
import json
import re
import socket

import pytest

from desktop_app.demo.pacing import Pacing, characters, coarse
from desktop_app.demo.script import (
    Backend,
    Call,
    CallShape,
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
    Tags,
    Think,
    base_resp_error,
)
from tests.demo.wire_client import body_of, raw_request, read_all, read_until

THINK = Think("The word is ")
MORE = Think("Hello.")


def test_a_split_chunk_looks_like_the_live_hosts(server, client):
    server.enqueue(Reply([THINK, MORE, "Hel", "lo"]))
    response = client.stream(model="MiniMax-M2.7")
    first, second, third, last, usage = response.events
    created, identity = first["created"], first["id"]
    assert re.fullmatch(r"[0-9a-f]{32}", identity)
    assert response.headers["Trace-Id"] == identity
    assert response.headers["Content-Type"] == "text/event-stream"
    item = {
        "type": "reasoning.text",
        "id": "reasoning-text-1",
        "format": "MiniMax-response-v1",
        "index": 0,
        "text": "The word is ",
    }
    assert first == {
        "id": identity,
        "choices": [
            {
                "index": 0,
                "delta": {
                    "role": "assistant",
                    "name": "MiniMax AI",
                    "audio_content": "",
                    "reasoning_content": "The word is ",
                    "reasoning_details": [item],
                },
            }
        ],
        "created": created,
        "model": "MiniMax-M2.7",
        "object": "chat.completion.chunk",
        "usage": None,
        "input_sensitive": False,
        "output_sensitive": False,
        "input_sensitive_type": 0,
        "output_sensitive_type": 0,
        "output_sensitive_int": 0,
    }
    assert second["choices"][0]["delta"]["content"] == ""
    assert second["choices"][0]["delta"]["reasoning_details"][0]["text"] == "Hello."
    assert "finish_reason" not in third["choices"][0]
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["choices"][0]["delta"]["content"] == "lo"
    assert usage["choices"] == []
    assert usage["base_resp"] == {"status_code": 0, "status_msg": ""}
    assert usage["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
    assert "input_sensitive" not in usage
    assert "[DONE]" not in response.events


def test_usage_comes_only_when_asked(server, client):
    server.enqueue(Reply(["Hello"]))
    response = client.stream(stream_options=None)
    assert [event["usage"] for event in response.events] == [None]


def text_in(form, response):
    """Thinking and answer as a reader of that form finds them."""
    content = response.joined("content")
    match form:
        case Form.SPLIT | Form.REASONING_CONTENT:
            return response.joined("reasoning_content"), content
        case Form.REASONING:
            return response.joined("reasoning"), content
        case Form.DETAILS:
            details = [d for delta in response.deltas for d in delta.get("reasoning_details", ())]
            return "".join(item["text"] for item in details), content
        case Form.CUMULATIVE:
            wholes = [d["reasoning_content"] for d in response.deltas if "reasoning_content" in d]
            answers = [d["content"] for d in response.deltas if d.get("content")]
            assert all(b.startswith(a) for a, b in itertools.pairwise(answers))
            return wholes[-1], answers[-1]
        case Form.THINK_TAGS | Form.MIRRORED:
            found = re.fullmatch(r"<think>\n(.*)\n</think>\n\n(.*)", content, re.DOTALL)
            return found.groups()


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("backend", Backend)
@pytest.mark.parametrize("pieces", [characters, coarse])
def test_every_form_says_the_same(server, client, form, backend, pieces):
    thinking, answer = "先想一想。Then think. 🎉", "# 你好\n\nHello 👩‍💻"
    server.enqueue(
        Reply([Think(thinking), answer], form=form, backend=backend, pieces=pieces),
    )
    response = client.stream()
    assert text_in(form, response) == (thinking, answer)
    assert response.finish_reasons == ["stop"]


def test_mirrored_thinking_comes_twice(server, client):
    server.enqueue(Reply([THINK, MORE, "Hello"], form=Form.MIRRORED))
    response = client.stream()
    assert response.joined("reasoning_content") == "The word is Hello."
    assert response.joined("content").startswith("<think>\nThe word is Hello.\n</think>")


def test_without_split_thinking_stands_in_tags(server, client):
    server.enqueue(Reply([THINK, MORE, "Hel", "lo"]))
    response = client.stream(reasoning_split=False)
    assert [delta["content"] for delta in response.deltas] == [
        "<think>\nThe word is ",
        "Hello.",
        "\n</think>\n\nHel",
        "lo",
    ]
    assert "reasoning_content" not in response.deltas[0]


def test_split_hidden_in_extra_body_is_ignored(server, client):
    server.enqueue(Reply([THINK, "Hello"]))
    response = client.stream(reasoning_split=None, extra_body={"reasoning_split": True})
    assert response.joined("content").startswith("<think>")


@pytest.mark.parametrize(
    ("tags", "content"),
    [
        (Tags(closing="</think>\n\n\n\n\n", apart=True), "<think>\nT</think>\n\n\n\n\nA"),
        (Tags(opening=""), "T\n</think>\n\nA"),
        (Tags(closing=""), "<think>\nTA"),
        (Tags("<mm:think>", "</mm:think>"), "<mm:think>T</mm:think>A"),
    ],
)
def test_tags_can_be_any(server, client, tags, content):
    server.enqueue(Reply([Think("T"), "A"], form=Form.THINK_TAGS, tags=tags))
    assert client.stream().joined("content") == content


def test_a_limit_within_thinking_closes_the_tag(server, client):
    server.enqueue(Reply([THINK], finish_reason="length"))
    response = client.stream(reasoning_split=False)
    assert response.joined("content") == "<think>\nThe word is \n</think>\n\n"
    assert response.finish_reasons == ["length"]


def gathered(response):
    """Tool calls put together by index, as a careful client does."""
    calls = {}
    for delta in response.deltas:
        for part in delta.get("tool_calls") or ():
            call = calls.setdefault(part["index"], {"id": part.get("id"), "name": "", "text": ""})
            call["name"] += part["function"].get("name", "")
            call["text"] += part["function"]["arguments"]
    return calls


@pytest.mark.parametrize("shape", CallShape)
@pytest.mark.parametrize(
    ("backend", "style"),
    [
        (Backend.MAIN, r"call_function_\w{12}_1"),
        (Backend.SMALL, r"call_[0-9a-f]{24}"),
        (Backend.SELF_HOSTED, r"chatcmpl-tool-\w+"),
    ],
)
def test_a_call_is_cut_in_every_known_way(server, client, shape, backend, style):
    call = Call("get_weather", {"location": "杭州"}, shape, pieces=3)
    server.enqueue(Reply([THINK, call], backend=backend))
    response = client.stream()
    (made,) = gathered(response).values()
    assert made["name"] == "get_weather"
    assert json.loads(made["text"]) == {"location": "杭州"}
    assert re.fullmatch(style, made["id"])
    assert response.finish_reasons == ["tool_calls"]
    parts = [delta for delta in response.deltas if delta.get("tool_calls")]
    assert len(parts) == {"WHOLE": 1, "ARGUMENTS_SPLIT": 3, "NAME_FIRST": 4}[shape.name]


def test_parallel_calls_count_on(server, client):
    server.enqueue(Reply([Call("a"), Call("b")]))
    response = client.stream()
    made = gathered(response)
    assert [made[index]["name"] for index in (0, 1)] == ["a", "b"]
    assert made[1]["id"].endswith("_2")


def test_odd_indices_and_arguments_go_out_as_given(server, client):
    calls = [Call("a", index=0), Call("b", "{bad", index=0), Call("c", index=None)]
    server.enqueue(Reply(calls, finish_reason="tool_call"))
    response = client.stream()
    parts = [part for delta in response.deltas for part in delta["tool_calls"]]
    assert [part.get("index", "none") for part in parts] == [0, 0, "none"]
    assert parts[1]["function"]["arguments"] == "{bad"
    assert response.finish_reasons == ["tool_call"]


def test_finish_may_come_apart(server, client):
    server.enqueue(Reply(["Hello"], finish_apart=True))
    response = client.stream()
    assert [delta["content"] for delta in response.deltas] == ["Hello", ""]
    assert response.finish_reasons == ["stop"]


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


def test_pacing_can_be_repeated():
    pacing = Pacing(first=0.5, shortest=0.06, longest=0.15, seed=3)
    first, second = pacing.waits(), pacing.waits()
    waits = [next(first) for _ in range(20)]
    assert waits == [next(second) for _ in range(20)]
    assert waits[0] == 0.5
    assert all(0.06 <= wait <= 0.15 for wait in waits[1:])


@pytest.mark.parametrize("text", ["", "a", "Hello there, this is a sentence. " * 30, "中文" * 90])
def test_coarse_pieces_lose_nothing(text):
    pieces = coarse(text)
    assert "".join(pieces) == text
    assert all(pieces)
    assert all(len(piece) <= 100 for piece in pieces)
    if len(text) > 100:
        assert len(pieces[0]) < 10
