"""The scene that shows the program's own tools, over HTTP."""

import json
from datetime import UTC, datetime

import pytest

from desktop_app.chat.tool_results import result_of
from desktop_app.demo import scenario
from desktop_app.demo.tool_tour import unframed
from desktop_app.demo.tool_use import plan
from desktop_app.domain.message import ToolCall
from desktop_app.domain.tool import ToolOutcome
from tests.demo.test_scenario import tool

CLOCK = tool("current_time")
CLOCK["function"]["parameters"]["properties"] = {"time_zones": {"type": "array"}}
CALCULATOR = tool("calculator", formula={"type": "string"})
OFFERED = [CLOCK, CALCULATOR, tool("write_file")]
NOW = "this computer: 2026-11-26T21:30:15+08:00 (Thursday, CST, UTC+0800, week 48)"


def framed(name, text):
    return result_of(ToolCall("c", name, "{}"), ToolOutcome(text), 10_000, 0.0).sent


def calls_in(response):
    return [part for delta in response.deltas for part in delta.get("tool_calls", ())]


def play(client, question, answers, tools=OFFERED):
    """Play all rounds; ``answers`` says what each tool answers, called with its arguments."""
    messages = [{"role": "user", "content": question}]
    rounds = []
    for _ in range(6):
        response = client.stream(messages, tools=tools)
        assert response.status == 200
        rounds.append(response)
        calls = calls_in(response)
        if not calls:
            return rounds
        messages.append({"role": "assistant", "content": "", "tool_calls": calls})
        for call in calls:
            name, arguments = call["function"]["name"], json.loads(call["function"]["arguments"])
            messages.append(
                {
                    "role": "tool",
                    "tool_call_id": call["id"],
                    "content": answers[name](arguments),
                }
            )
    raise AssertionError("the demo calls without end")


WORKING = {
    "current_time": lambda arguments: framed("current_time", NOW),
    "calculator": lambda arguments: framed("calculator", str(eval(arguments["formula"]))),
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (scenario.TOOL_STARTER, "minutes** are left"),
        (scenario.TOOL_STARTER_IN_CHINESE, "分钟** ⏳"),
    ],
)
def test_three_calls_in_two_rounds_and_the_right_number(client, question, words):
    rounds = play(client, question, WORKING)
    assert [len(calls_in(response)) for response in rounds] == [2, 1, 0]
    assert all(response.joined("reasoning_content") for response in rounds)
    answer = rounds[-1].joined("content")
    left = datetime(2027, 1, 1, tzinfo=UTC) - datetime(2026, 11, 26, 21, 30, tzinfo=UTC)
    assert f"{int(left.total_seconds()) // 60:,}" in answer
    assert words in answer
    assert "[result" not in answer


@pytest.mark.parametrize("refused", ["current_time", "calculator"])
@pytest.mark.parametrize("question", [scenario.TOOL_STARTER, scenario.TOOL_STARTER_IN_CHINESE])
def test_what_was_not_allowed_is_said(client, refused, question):
    answers = {**WORKING, refused: lambda arguments: "The person did not allow this call."}
    rounds = play(client, question, answers)
    assert len(rounds) == 2
    assert "> `" + refused + "`: The person did not allow this call." in rounds[-1].joined(
        "content"
    )


@pytest.mark.parametrize("tools", [[], [CLOCK], [CALCULATOR]])
def test_without_the_tools_that_is_said(client, tools):
    (response,) = play(client, scenario.TOOL_STARTER, {}, tools)
    assert "no clock and no calculator" in response.joined("content")


def test_where_none_may_be_called_none_is(client):
    messages = [{"role": "user", "content": scenario.TOOL_STARTER}]
    assert calls_in(client.stream(messages, tools=OFFERED, tool_choice="none")) == []
    messages = [{"role": "user", "content": scenario.STARTERS[0]}]
    weather = tool("get_weather", city={"type": "string"})
    assert calls_in(client.stream(messages, tools=[weather], tool_choice="none")) == []
    assert calls_in(client.stream(messages, tools=[weather]))


def test_other_scenes_leave_the_programs_tools_alone(client):
    assert plan(OFFERED, "What is the time?", used=()) is None
    messages = [{"role": "user", "content": scenario.STARTERS[0]}]
    assert calls_in(client.stream(messages, tools=OFFERED)) == []


@pytest.mark.parametrize("text", ["leaves", "two\nlines", "", "[x]\n[y]"])
def test_the_frame_of_a_result_is_taken_off(text):
    assert unframed(framed("look", text)) == (text or "(no text)")
    assert unframed("no frame") == "no frame"
