"""What goes, what stays behind and what it takes, with the provider's own word on each piece."""

from dataclasses import replace

import pytest

from desktop_app.chat.forecast import Forecaster
from desktop_app.chat.outgoing import ItemKind, Reason
from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.errors import ChatError, ErrorKind
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
from desktop_app.domain.usage import Usage
from desktop_app.providers.openai_chat.request import arguments, explain

REGION = Connection("r", "R", "https://api.minimax.io/v1", ConnectionSource.REGION)
OWN = Connection("o", "O", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM)

LONG = "a fairly long word " * 20_000
"""About 80,000 tokens."""


def user(name, text="Hi", **more):
    return Message(name, Role.USER, (Text(text),), **more)


def answer(name, text="Hello", **more):
    return Message(name, Role.ASSISTANT, (Thought("hm"), Text(text)), **more)


def request(*messages, model="MiniMax-M2", **parameters):
    return ChatRequest(model, messages, Parameters(**parameters))


@pytest.fixture
def forecaster():
    return Forecaster(explain)


def behind(plan):
    return {item.message_id: item.reason for item in plan if not item.sent}


def test_with_room_the_request_is_left_as_it_is(forecaster):
    whole = request(user("1"), answer("2"), user("3"), system_prompt="Be kind.")
    forecast = forecaster.forecast(whole, REGION)
    assert forecast.request is whole
    assert forecaster.fit(whole, REGION) is whole
    assert [item.kind for item in forecast.plan] == [
        ItemKind.SYSTEM, ItemKind.QUESTION, ItemKind.THINKING, ItemKind.TEXT, ItemKind.QUESTION,
    ]  # fmt: skip
    assert forecast.fits
    assert forecast.tokens / 204_800 == forecast.share
    assert forecast.cost is not None
    assert forecast.cost.dollars == pytest.approx(forecast.tokens * 0.30 / 1e6)


def test_nobody_knows_the_window_and_price_of_another_server_and_model(forecaster):
    forecast = forecaster.forecast(request(user("1", LONG * 10), model="house-blend"), OWN)
    assert (forecast.share, forecast.cost, forecast.fits) == (None, None, True)


def test_when_the_window_is_full_the_oldest_turn_leaves_and_is_spoken_of(forecaster):
    whole = request(
        user("1", LONG), answer("2", LONG), user("3", LONG), answer("4"), user("5"),
        system_prompt="Be kind.",
    )  # fmt: skip
    forecast = forecaster.forecast(whole, REGION)
    assert [m.id for m in forecast.request.messages] == ["3", "4", "5"]
    assert behind(forecast.plan) == {"1": Reason.WINDOW_FULL, "2": Reason.WINDOW_FULL}
    assert forecast.cut == "3"
    assert forecast.tokens <= forecast.room.for_request
    # In the order of the conversation, and all of it.
    assert list(dict.fromkeys(item.message_id for item in forecast.plan)) == [
        "", "1", "2", "3", "4", "5",
    ]  # fmt: skip
    assert arguments(forecast.request, REGION)["messages"][0]["role"] == "system"


def test_a_message_that_is_too_large_is_refused_before_anything_is_sent(forecaster):
    with pytest.raises(ChatError) as raised:
        forecaster.fit(request(user("1"), answer("2"), user("3", LONG * 3)), REGION)
    assert raised.value.kind is ErrorKind.WINDOW_FULL


def test_a_limit_for_the_answer_takes_room_from_the_request(forecaster):
    messages = (user("1", LONG), answer("2"), user("3", LONG))
    assert len(forecaster.fit(request(*messages), REGION).messages) == 3
    fitted = forecaster.fit(request(*messages, max_tokens=100_000), REGION)
    assert [m.id for m in fitted.messages] == ["3"]


def test_what_would_not_go_anyway_keeps_its_own_reason(forecaster):
    failed = Message("2", Role.ASSISTANT, (Thought("hm"),), state=MessageState.FAILED)
    whole = request(user("1", sending=Sending.LEFT_OUT), failed, user("3"))
    assert behind(forecaster.forecast(whole, REGION).plan) == {
        "1": Reason.LEFT_OUT,
        "2": Reason.FAILED,
    }


def test_a_summary_goes_in_place_of_what_is_above_it(forecaster):
    whole = request(user("1"), answer("2"), user("3", summary="They greeted."), answer("4"))
    forecast = forecaster.forecast(whole, REGION)
    assert behind(forecast.plan) == {"1": Reason.SUMMARISED, "2": Reason.SUMMARISED}
    assert forecast.cut == "3"
    (summary,) = [item for item in forecast.plan if item.kind is ItemKind.SUMMARY]
    assert "They greeted." in summary.text
    first = arguments(forecast.request, REGION)["messages"][0]
    assert first["role"] == "user"
    assert first["content"].endswith("They greeted.\n\nHi")


def test_half_a_tool_round_is_never_sent(forecaster):
    call, result = ToolCall("c", "f", "{}"), ToolResult("c", "f", LONG)
    rounds = (
        Message("2", Role.ASSISTANT, (call,)),
        Message("3", Role.TOOL, (result,)),
        answer("4", LONG),
    )
    fitted = forecaster.fit(request(user("1"), *rounds, user("5", LONG)), REGION)
    assert [m.id for m in fitted.messages] == ["5"]
    # A result that is left out takes its call along.
    left = (replace(rounds[0], sending=Sending.LEFT_OUT), *rounds[1:])
    plan = forecaster.forecast(request(user("1"), *left, user("5")), REGION).plan
    assert behind(plan) == {"2": Reason.LEFT_OUT, "3": Reason.LEFT_OUT}


def test_the_counting_follows_the_server(forecaster):
    words = "one two three four five " * 200
    asked = (user("1", words), answer("2", words), user("3", words))
    before = forecaster.forecast(request(*asked), REGION).tokens
    counted = round(before * 1.3)
    answered = answer("4", words, usage=Usage(counted, 10), host=REGION.host)
    forecaster.learn(request(*asked, answered, user("5")), REGION)
    assert forecaster.forecast(request(*asked), REGION).tokens == pytest.approx(counted, rel=0.01)
    assert forecaster.counter.is_corrected


def test_what_another_server_counted_corrects_nothing(forecaster):
    elsewhere = answer("2", usage=Usage(10_000, 1), host="elsewhere.example.com")
    nothing = answer("4", usage=Usage(None, None), host=REGION.host)
    forecaster.learn(request(user("1"), elsewhere, user("3"), nothing, user("5")), REGION)
    assert not forecaster.counter.is_corrected
