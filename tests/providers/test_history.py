import json

import pytest

from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.providers.openai_chat.history import NOT_ENDED, wire_messages
from tests.providers.conftest import user

DETAILS = [
    {
        "type": "reasoning.text",
        "id": "reasoning-text-7",
        "format": "MiniMax-response-v1",
        "index": 0,
        "text": "hm",
        "signature": "s",
    }
]
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def assistant(*parts, received=None, state=MessageState.COMPLETE, dialect="minimax", **more):
    kept = None
    if received is not None:
        kept = {"dialect": dialect, "message": {"role": "assistant", "content": "", **received}}
    return Message("a", Role.ASSISTANT, parts, received=kept, state=state, **more)


def tool(*parts):
    return Message("t", Role.TOOL, parts)


def wire(*messages, is_minimax=True, system=""):
    return wire_messages(messages, system_prompt=system, is_minimax=is_minimax)


def test_the_system_prompt_stands_first_unless_blank():
    assert wire(user("Hi"), system="Be kind.") == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
    ]
    assert wire(user("Hi"), system=" \n") == [{"role": "user", "content": "Hi"}]


def test_a_split_answer_goes_back_as_it_came():
    message = assistant(
        Thought("hm"), Text("Hello"), received={"content": "Hello", "reasoning_details": DETAILS}
    )
    assert wire(message) == [
        {"role": "assistant", "content": "Hello", "reasoning_details": DETAILS}
    ]


def test_an_answer_with_tags_goes_back_with_them():
    content = "<think>\nhm\n</think>\n\n\nHello"
    for dialect, is_minimax in (("minimax", True), ("openai", False)):
        message = assistant(
            Thought("hm"), Text("Hello"), received={"content": content}, dialect=dialect
        )
        assert wire(message, is_minimax=is_minimax) == [{"role": "assistant", "content": content}]


@pytest.mark.parametrize(("dialect", "is_minimax"), [("minimax", False), ("openai", False)])
def test_other_servers_get_no_field_of_minimax(dialect, is_minimax):
    received = {
        "content": "Hello",
        "reasoning_details": DETAILS,
        "reasoning_content": "hm",
        "name": "MiniMax AI",
        "audio_content": "",
    }
    message = assistant(Thought("hm"), Text("Hello"), received=received, dialect=dialect)
    assert wire(message, is_minimax=is_minimax) == [{"role": "assistant", "content": "Hello"}]


def test_tags_of_minimax_do_not_go_to_others():
    message = assistant(
        Thought("hm"), Text("Hello"), received={"content": "<think>hm</think>Hello"}
    )
    assert wire(message, is_minimax=False) == [{"role": "assistant", "content": "Hello"}]


def test_reasoning_content_is_sent_as_details_only():
    received = {"content": "Hello", "reasoning_content": "hm", "name": "MiniMax AI"}
    (sent,) = wire(assistant(Thought("hm"), Text("Hello"), received=received))
    assert sent.keys() == {"role", "content", "reasoning_details"}
    assert [item["text"] for item in sent["reasoning_details"]] == ["hm"]


@pytest.mark.parametrize("received", [None, {"dialect": "other"}, {"dialect": "minimax"}])
def test_without_what_was_received_the_parts_are_sent(received):
    message = Message(
        "a",
        Role.ASSISTANT,
        (Thought("one"), Text("Hel"), Thought("two"), Text("lo")),
        received=received,
    )
    (sent,) = wire(message)
    assert sent["content"] == "Hello"
    assert [item["text"] for item in sent["reasoning_details"]] == ["one\n\ntwo"]
    assert wire(message, is_minimax=False) == [{"role": "assistant", "content": "Hello"}]


@pytest.mark.parametrize(
    "message",
    [
        assistant(state=MessageState.FAILED, error=ErrorRecord(ErrorKind.SERVER)),
        assistant(Thought("hm"), state=MessageState.FAILED),
        assistant(
            Thought("hm"), state=MessageState.STOPPED, received={"reasoning_details": DETAILS}
        ),
        assistant(Thought("hm"), received={"content": "<think>\nhm\n</think>"}),
        assistant(Text(" \n")),
        user("  "),
    ],
)
def test_what_says_nothing_is_left_out(message):
    assert wire(user("A"), message, user("B")) == [{"role": "user", "content": "A\n\nB"}]


@pytest.mark.parametrize(
    "state",
    [MessageState.STOPPED, MessageState.CUT_OFF, MessageState.INTERRUPTED, MessageState.FAILED],
)
def test_a_part_of_an_answer_is_kept(state):
    assert [m["role"] for m in wire(user("A"), assistant(Text("Hel"), state=state), user("B"))] == [
        "user", "assistant", "user",
    ]  # fmt: skip


def test_tool_calls_and_results_go_together():
    call = assistant(
        Thought("hm"), ToolCall("c1", "f", '{"a": 1}'), received={"tool_calls": [CALL]}
    )
    result = tool(ToolResult("c1", "f", "42"))
    expected = [
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]
    assert wire(call, result) == expected
    rebuilt = wire(assistant(ToolCall("c1", "f", '{"a": 1}')), result, is_minimax=False)
    assert rebuilt == expected


def test_calls_without_results_and_results_without_calls_are_left_out():
    two = assistant(Text("Wait."), ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}"))
    sent = wire(two, tool(ToolResult("c2", "f", "2"), ToolResult("c9", "f", "9")), user("B"))
    assert [call["id"] for call in sent[0]["tool_calls"]] == ["c2"]
    assert sent[1:] == [
        {"role": "tool", "tool_call_id": "c2", "content": "2"},
        {"role": "user", "content": "B"},
    ]
    assert wire(two, user("B"))[0] == {"role": "assistant", "content": "Wait."}
    assert wire(assistant(ToolCall("c1", "f", "{}")), user("B")) == [
        {"role": "user", "content": "B"}
    ]
    assert wire(tool(ToolResult("c1", "f", "1"))) == []


def test_results_in_two_messages_and_a_repeated_id():
    twice = assistant(
        ToolCall("c1", "f", "{}"), ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}")
    )
    results = (
        tool(ToolResult("c1", "f", "1")),
        tool(ToolResult("c2", "f", "2"), ToolResult("c1", "f", "x")),
    )
    sent = wire(twice, *results)
    assert [call["id"] for call in sent[0]["tool_calls"]] == ["c1", "c2"]
    assert [message["tool_call_id"] for message in sent[1:]] == ["c1", "c2"]


@pytest.mark.parametrize("arguments", ['{"a": ', "", "[1]", "null", "[" * 100_000])
def test_broken_arguments_do_not_poison_the_conversation(arguments):
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    message = assistant(ToolCall("c1", "f", arguments), received={"tool_calls": [call]})
    sent = wire(message, tool(ToolResult("c1", "f", "no")))
    assert sent[0]["tool_calls"][0] == {
        "id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"},
    }  # fmt: skip


def test_nothing_is_changed_in_place():
    message = assistant(
        Text("x"), received={"content": "x", "tool_calls": [CALL], "reasoning_details": DETAILS}
    )
    before = json.dumps(message.received)
    for is_minimax in (True, False):
        wire(message, tool(ToolResult("c1", "f", "1")), is_minimax=is_minimax)
        wire(message, is_minimax=is_minimax)
    assert json.dumps(message.received) == before


def test_what_was_decided_to_be_sent_of_a_result_goes_out():
    call = assistant(ToolCall("c1", "f", "{}"), received={"tool_calls": [CALL]})
    for result, content in (
        (ToolResult("c1", "f", "all", sent="part"), "part"),
        (ToolResult("c1", "f", "all", sent=""), "(no text)"),
        (ToolResult("c1", "f", ""), "(no text)"),
    ):
        assert wire(call, tool(result))[1]["content"] == content


def test_results_go_out_in_the_models_order():
    calls = [{**CALL, "id": call_id} for call_id in ("a", "b", "c")]
    message = assistant(
        *(ToolCall(c["id"], "f", "{}") for c in calls), received={"tool_calls": calls}
    )
    results = tool(*(ToolResult(call_id, "f", call_id) for call_id in ("c", "a", "b")))
    assert [m.get("tool_call_id") for m in wire(message, results)] == [None, "a", "b", "c"]


@pytest.mark.parametrize("results", [(), (tool(),), (tool(ToolResult("b", "f", "2")),)])
def test_a_whole_answer_goes_back_whole_and_what_is_missing_is_said(results):
    calls = [{**CALL, "id": call_id} for call_id in ("a", "b")]
    message = assistant(
        Thought("hm"),
        *(ToolCall(call["id"], "f", '{"a": 1}') for call in calls),
        received={"tool_calls": calls, "reasoning_details": DETAILS},
    )
    sent = wire(message, *results, user("B"))
    assert sent[0]["tool_calls"] == calls
    assert sent[0]["reasoning_details"] == DETAILS
    assert sent[1] == {"role": "tool", "tool_call_id": "a", "content": NOT_ENDED}
    assert sent[2]["content"] == ("2" if results and results[0].parts else NOT_ENDED)


@pytest.mark.parametrize(
    "state",
    [MessageState.STOPPED, MessageState.CUT_OFF, MessageState.FAILED, MessageState.INTERRUPTED],
)
def test_calls_of_an_answer_that_broke_off_stay_here(state):
    broken = assistant(ToolCall("c1", "f", '{"a'), received={"tool_calls": [CALL]}, state=state)
    assert wire(broken, user("B")) == [{"role": "user", "content": "B"}]


def test_an_id_that_was_used_before_is_replaced_with_its_result():
    call = {**CALL, "id": "call_0"}
    one, two = (
        Message(
            f"message-{number * 12}",
            Role.ASSISTANT,
            (ToolCall("call_0", "f", '{"a": 1}'),),
            received={"dialect": "minimax", "message": {"content": "", "tool_calls": [call]}},
        )
        for number in "12"
    )
    sent = wire(
        one, tool(ToolResult("call_0", "f", "1")), two, tool(ToolResult("call_0", "f", "2"))
    )
    ids = [m["tool_calls"][0]["id"] for m in sent if "tool_calls" in m]
    assert ids == ["call_0", "call_222222222222_0"]
    assert [(m["tool_call_id"], m["content"]) for m in sent if m["role"] == "tool"] == [
        ("call_0", "1"),
        ("call_222222222222_0", "2"),
    ]


@pytest.mark.parametrize("function", [None, "f", {}, {"name": ""}, {"name": 5, "arguments": "{}"}])
def test_a_call_without_a_name_gets_one(function):
    call = {"id": "c1", "type": "function", "function": function}
    message = assistant(ToolCall("c1", "", ""), received={"tool_calls": [call]})
    assert wire(message)[0]["tool_calls"][0]["function"] == {"name": "unnamed", "arguments": "{}"}


def test_numbers_that_no_other_parser_takes_are_broken_arguments():
    arguments = '{"a": NaN}'
    call = {**CALL, "function": {"name": "f", "arguments": arguments}}
    message = assistant(ToolCall("c1", "f", arguments), received={"tool_calls": [call]})
    assert wire(message)[0]["tool_calls"][0]["function"]["arguments"] == "{}"
