"""What an earlier request held, read from bodies that the provider made."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.forecast import Forecaster
from desktop_app.chat.outgoing import ItemKind, Reason
from desktop_app.chat.ports import ChatRequest
from desktop_app.chat.recorded_plan import holds_thinking, recorded_plan
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Sending,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.tool import ToolSpec
from desktop_app.providers.openai_chat.request import arguments, explain

SERVER = Connection("p", "P", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM)


def request(*messages, **more):
    return ChatRequest("MiniMax-M2", messages, Parameters(), **more)


def body_of(wanted, connection=SERVER):
    given = arguments(wanted, connection)
    given.update(given.pop("extra_body", {}))
    return json.dumps(given, ensure_ascii=False)


def user(name, text, **more):
    return Message(name, Role.USER, (Text(text),), **more)


def answer(name, text, **more):
    return Message(name, Role.ASSISTANT, (Thought(f"hm {name}"), Text(text)), **more)


def round_of(name):
    return (
        Message(name, Role.ASSISTANT, (Thought(f"hm {name}"), ToolCall(f"c{name}", "f", "{}"))),
        Message(f"t{name}", Role.TOOL, (ToolResult(f"c{name}", "f", f"found {name}"),)),
    )


ALL = (user("1", "one"), *round_of("2"), answer("3", "three"), user("4", "four"))


def test_a_body_that_holds_all_says_what_the_plan_says():
    whole = request(*ALL, tools=(ToolSpec("f", "does f", {"type": "object"}),))
    today = explain(whole, SERVER)
    assert recorded_plan(body_of(whole), today) == today


def test_what_does_not_stand_in_the_body_was_not_sent():
    today = explain(request(*ALL), SERVER)
    was = recorded_plan(body_of(request(ALL[0], *ALL[3:])), today)
    missing = {(i.message_id, i.kind): i.reason for i in was if not i.sent}
    assert missing == {
        ("2", ItemKind.THINKING): Reason.NOT_RECORDED,
        ("2", ItemKind.CALL): Reason.NOT_RECORDED,
        ("t2", ItemKind.RESULT): Reason.NOT_RECORDED,
    }


def test_the_body_knows_better_than_today():
    # Today the server takes no thinking; then it did.
    other = replace(SERVER, is_minimax=False)
    today = explain(request(*ALL), other)
    assert any(item.reason is Reason.OTHER_SERVER for item in today)
    body = body_of(request(*ALL))
    assert holds_thinking(body)
    assert all(item.sent for item in recorded_plan(body, today))
    # And the other way round: what is missing has today's reason where there is one.
    then = recorded_plan(body_of(request(*ALL), other), today)
    assert {item.reason for item in then if not item.sent} == {Reason.OTHER_SERVER}
    assert not holds_thinking(body_of(request(*ALL), other))


def test_questions_that_were_joined_are_both_found():
    failed = Message("2", Role.ASSISTANT, (), state=MessageState.FAILED)
    messages = (user("1", "one\n\nand more"), failed, user("3", "three"))
    today = explain(request(*messages), SERVER)
    was = recorded_plan(body_of(request(*messages)), today)
    assert [(i.message_id, i.sent) for i in was] == [("1", True), ("2", False), ("3", True)]


def test_what_belongs_to_no_message_is_told_too():
    body = body_of(request(user("x", "something else"), *ALL))
    was = recorded_plan(body, explain(request(*ALL), SERVER))
    (other,) = [item for item in was if not item.message_id]
    assert (other.kind, other.text, other.sent) == (ItemKind.QUESTION, "something else", True)


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 100_000])
def test_a_body_that_is_no_object_says_nothing(body):
    assert recorded_plan(body, ()) is None
    assert not holds_thinking(body)


@pytest.mark.parametrize(
    "body",
    [
        {"messages": "none"},
        {"messages": [1, {"role": "user"}, {"role": "assistant", "tool_calls": [7, {}]}]},
        {"messages": [{"role": "user", "content": [{"type": "text"}]}], "tools": [3, {}]},
    ],
)
def test_a_body_of_any_shape_is_read(body):
    assert recorded_plan(json.dumps(body), ()) is not None


SHAPES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(Sending), st.booleans()), min_size=1, max_size=6
)


@given(SHAPES, st.booleans())
def test_what_was_left_out_then_is_found_missing(shapes, is_minimax):
    connection = replace(SERVER, is_minimax=is_minimax)
    messages = []
    for turn, (rounds, sending, fails) in enumerate(shapes):
        messages.append(user(f"q{turn}", f"question {turn}", sending=sending))
        for round_ in range(rounds):
            messages += round_of(f"{turn}.{round_}")
        state = MessageState.FAILED if fails else MessageState.COMPLETE
        messages.append(answer(f"a{turn}", "" if fails else f"answer {turn}", state=state))
    messages.append(user("next", "the next question"))
    whole = request(*messages)
    forecast = Forecaster(explain).forecast(whole, connection)
    was = recorded_plan(body_of(forecast.request, connection), explain(whole, connection))

    def fates(plan):
        return [(i.message_id, i.kind, i.call_id, i.sent) for i in plan]

    assert fates(was) == fates(forecast.plan)
