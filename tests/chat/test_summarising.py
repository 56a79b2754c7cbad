from dataclasses import replace

import pytest

from desktop_app.chat.forecast import Forecaster
from desktop_app.chat.ports import ChatRequest
from desktop_app.chat.summarising import request_for, sum_up, to_sum_up
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.message import DRAFT, Message, Role, Sending, Text, Thought, ToolResult
from desktop_app.providers.openai_chat.request import explain
from tests.fakes.model import ScriptedAnswer, ScriptedModel

CONVERSATION = Conversation("c", model="MiniMax-M2")
REGION = Connection("r", "R", "https://api.minimax.io/v1", ConnectionSource.REGION)
WORDS = "because of the leaves " * 60
"""About 280 tokens, the turn with it about 290."""


def branch(**wishes):
    """Four turns; ``wishes`` are changes to messages, by their ids."""
    found = []
    for turn in range(4):
        found.append(Message(f"q{turn}", Role.USER, (Text(f"question {turn}"),)))
        found.append(Message(f"a{turn}", Role.ASSISTANT, (Text(WORDS),)))
    return [replace(m, **wishes.get(m.id, {})) for m in found]


def found_in(messages, room=100_000):
    asked = (*messages, Message(DRAFT, Role.USER, (Text("next"),)))
    parameters = Parameters(max_tokens=204_800 - room)
    forecast = Forecaster(explain).forecast(ChatRequest("MiniMax-M2", asked, parameters), REGION)
    found = to_sum_up(forecast)
    return found and ([m.id for m in found.messages], found.before)


def test_what_was_left_out_at_the_beginning_is_summed_up():
    left = {"sending": Sending.LEFT_OUT}
    assert found_in(branch(q0=left)) == (["q0", "a0"], "q1")
    assert found_in(branch(q0=left, q1=left, q3=left)) == (["q0", "a0", "q1", "a1"], "q2")


def test_where_nothing_is_missing_there_is_nothing_to_sum_up():
    assert found_in(branch()) is None
    assert found_in(()) is None
    # In the middle it would stand for what is still sent.
    assert found_in(branch(q2={"sending": Sending.LEFT_OUT})) is None
    # What a summary stands for already needs no other.
    assert found_in(branch(q1={"summary": "Tea."})) is None


def test_a_summary_makes_room_for_itself():
    # The first turn has left; with a summary the second would have to go as well.
    assert found_in(branch(), room=1_000) == (["q0", "a0", "q1", "a1", "q2", "a2"], "q3")
    assert found_in(branch(), room=1_200) == (["q0", "a0", "q1", "a1"], "q2")


def test_the_last_turn_stays():
    assert found_in(branch(), room=100) == (["q0", "a0", "q1", "a1", "q2", "a2"], "q3")
    assert found_in(branch()[:2], room=100) is None


def test_what_left_after_a_summary_is_summed_up_with_it():
    messages = branch(q1={"summary": "Tea."})
    assert found_in(messages, room=500) == (["q0", "a0", "q1", "a1", "q2", "a2"], "q3")


def test_the_model_is_told_what_was_said_and_the_summary_before():
    messages = (
        Message("q", Role.USER, (Text("Why?"),), summary="They greeted."),
        Message("a", Role.ASSISTANT, (Thought("hm"), Text("Because."))),
        Message("t", Role.TOOL, (ToolResult("c", "f", "42"),)),
        Message("b", Role.ASSISTANT, ()),
    )
    request = request_for(messages, CONVERSATION)
    assert request.messages[0].text == (
        "Summary of what came before:\nThey greeted.\n\nPerson:\nWhy?\n\nAssistant:\nBecause."
    )
    assert request.model == "MiniMax-M2"
    assert request.tools == ()


def test_of_too_much_the_newest_part_is_told():
    long = "a fairly long word " * 20_000
    messages = (
        Message("1", Role.USER, (Text("old"),)),
        Message("2", Role.ASSISTANT, (Text(long),)),
        Message("3", Role.USER, (Text(long),)),
    )
    text = request_for(messages, CONVERSATION).messages[0].text
    assert text == f"Person:\n{long.strip()}"


def source_of(*deltas):
    model = ScriptedModel(ScriptedAnswer((deltas, (FinishDelta("stop"),))))

    async def source():
        return model

    return source


async def test_the_answer_without_its_thinking_is_the_summary():
    source = source_of(ThinkingDelta("hm"), TextDelta(" They spoke"), TextDelta(" of tea.\n"))
    assert await sum_up(source, request_for(branch(), CONVERSATION)) == "They spoke of tea."


async def test_no_answer_is_said():
    with pytest.raises(ChatError) as raised:
        await sum_up(source_of(ThinkingDelta("hm")), request_for(branch(), CONVERSATION))
    assert raised.value.kind is ErrorKind.EMPTY_ANSWER
