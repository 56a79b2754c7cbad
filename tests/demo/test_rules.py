"""What the endpoint refuses, in the words of the live host."""

import pytest

from desktop_app.demo.rules import LENIENT
from desktop_app.demo.server import DemoServer
from tests.demo.wire_client import QUESTION, WireClient

TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def call(name="call_1", arguments="{}"):
    function = {"name": "f", "arguments": arguments}
    return {"id": name, "type": "function", "function": function}


@pytest.mark.parametrize("key", [None, "", "   "])
def test_a_missing_key_is_refused(server, key):
    client = WireClient(server.port, key)
    for response in (client.stream(), client.send("GET", "/v1/models")):
        assert response.status == 401
        assert response.json["error"]["type"] == "authorized_error"
        assert response.json["error"]["message"].endswith("(1004)")
    client.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"messages": []}, "messages is empty"),
        ({"messages": "hi"}, "messages is empty"),
        ({"messages": [{"role": "user", "content": "  "}]}, "chat content is empty"),
        ({"messages": [{"role": "system", "content": "Be brief."}]}, "chat content is empty"),
        ({"model": "MiniMax-M9"}, "unknown model 'MiniMax-M9'"),
        ({"model": ""}, "expr_path=model"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": 1.01}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"max_completion_tokens": 600_000}, "max_completion_tokens"),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            "function name or parameters",
        ),
        (
            {"messages": [*QUESTION, {"role": "tool", "tool_call_id": "x", "content": "1"}]},
            "tool result's tool id(x) not found",
        ),
        (
            {"messages": [*QUESTION, {"role": "assistant", "tool_calls": [call(arguments="{")]}]},
            "invalid function arguments json string, tool_call_id: call_1",
        ),
        (
            {"messages": [*QUESTION, {"role": "assistant", "tool_calls": [call(), call()]}]},
            "duplicate tool_call id",
        ),
    ],
)
def test_bad_bodies_are_refused(client, change, words):
    body = {"model": "MiniMax-M2", "messages": QUESTION} | change
    response = client.send("POST", "/v1/chat/completions", body)
    assert response.status == 400
    error = response.json["error"]
    assert error["type"] == "bad_request_error"
    assert words in error["message"]
    assert error["message"].endswith("(2013)")


@pytest.mark.parametrize("body", [b'{"model": ', b"[]", b""])
def test_what_is_no_json_object_is_refused(client, body):
    response = client.send("POST", "/v1/chat/completions", body)
    assert response.status == 400
    assert "Syntax error" in response.json["error"]["message"]


@pytest.mark.parametrize("model", ["MiniMax-M2", "minimax-m2-stable", "MINIMAX-M3"])
def test_known_models_are_accepted_in_any_case(client, model):
    response = client.stream(model=model)
    assert response.status == 200
    assert response.events[0]["model"] == model


def test_good_parameters_and_tools_are_accepted(client):
    assert client.stream(temperature=1.0, top_p=0.95, tools=[TOOL]).status == 200


def test_a_whole_tool_round_is_accepted(client):
    messages = [
        *QUESTION,
        {"role": "assistant", "content": "", "tool_calls": [call()]},
        {"role": "tool", "tool_call_id": "call_1", "content": "42"},
    ]
    assert client.stream(messages, tools=[TOOL]).status == 200


def test_text_may_come_in_parts(client):
    parts = [{"type": "text", "text": "Hi, how are you?"}]
    assert client.stream([{"role": "user", "content": parts}]).status == 200


def test_a_server_at_home_asks_for_nothing():
    with DemoServer(rules=LENIENT) as server:
        client = WireClient(server.port, None)
        assert client.stream(model="my-model", temperature=2).status == 200
        assert client.send("GET", "/v1/models").status == 200
        client.close()
