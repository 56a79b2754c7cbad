"""The script language: forms and tool calls, as they arrive over a real socket."""

import itertools
import json
import re

import pytest

from desktop_app.demo.pacing import characters, coarse
from desktop_app.demo.script import Backend, Call, CallShape, Form, Reply, Tags, Think

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
