import pytest

from desktop_app.chat.outgoing import Reason
from desktop_app.chat.summarising import request_for, sum_up, to_sum_up
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.message import Message, Role, Text, Thought, ToolResult
from tests.fakes import ScriptedAnswer, ScriptedModel

BRANCH = tuple(
    Message(
        f"{role}{turn}", Role.USER if role == "q" else Role.ASSISTANT, (Text(f"{role} {turn}"),)
    )
    for turn in range(4)
    for role in "qa"
)
CONVERSATION = Conversation("c", model="MiniMax-M2")


def ids(found):
    return [message.id for message in found[0]], found[1]


def test_what_left_for_want_of_room_is_summed_up():
    left = dict.fromkeys(("q0", "a0", "q1", "a1"), Reason.WINDOW_FULL)
    assert ids(to_sum_up(BRANCH, left, "q2")) == (["q0", "a0", "q1", "a1"], "q2")


def test_what_was_left_out_at_the_beginning_is_summed_up():
    left = dict.fromkeys(("q0", "a0"), Reason.LEFT_OUT)
    assert ids(to_sum_up(BRANCH, left, "")) == (["q0", "a0"], "q1")


def test_where_nothing_is_missing_there_is_nothing_to_sum_up():
    assert to_sum_up(BRANCH, {}, "") == ((), "")
    assert to_sum_up(BRANCH, {"q2": Reason.LEFT_OUT}, "") == ((), "")
    assert to_sum_up((), {}, "") == ((), "")
    done = dict.fromkeys(("q0", "a0"), Reason.SUMMARISED)
    assert to_sum_up(BRANCH, done, "q1") == ((), "")
    more = done | dict.fromkeys(("q1", "a1"), Reason.WINDOW_FULL)
    assert ids(to_sum_up(BRANCH, more, "q2")) == (["q0", "a0", "q1", "a1"], "q2")
    # The question that it would stand before is not stored yet.
    assert to_sum_up(BRANCH, dict.fromkeys((m.id for m in BRANCH), Reason.WINDOW_FULL), "next") == (
        (), "",
    )  # fmt: skip


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
    assert await sum_up(source, request_for(BRANCH, CONVERSATION)) == "They spoke of tea."


async def test_no_answer_is_said():
    with pytest.raises(ChatError) as raised:
        await sum_up(source_of(ThinkingDelta("hm")), request_for(BRANCH, CONVERSATION))
    assert raised.value.kind is ErrorKind.EMPTY_ANSWER
