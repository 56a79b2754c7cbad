"""Retrying, going on, editing, deleting and comparing where an answer is many messages."""

import pytest

from desktop_app.chat.session import ChatSession
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Text,
    ToolCall,
    ToolResult,
)
from tests.chat.conftest import COMPLETE
from tests.chat.tool_stage import it as it  # noqa: PLC0414 - a fixture
from tests.fakes.model import ScriptedAnswer
from tests.tool_fakes import calling

USER, ASSISTANT, TOOL = Role.USER, Role.ASSISTANT, Role.TOOL
FAILURE = ChatError(ErrorRecord(ErrorKind.SERVER))


def said(text):
    return ScriptedAnswer(((TextDelta(text),), (FinishDelta("stop"),)))


async def two_rounds(it, question="Go"):
    it.give("look", "leaves")
    await it.ask(question, calling((it.name("look"), "{}")), COMPLETE)
    return it.session.messages


@pytest.mark.parametrize("place", [None, 1, 2, 3])
async def test_retrying_any_message_of_an_answer_begins_after_the_question(it, place):
    before = await two_rounds(it)
    it.model.then(said("Green."))
    assert it.session.retry("" if place is None else before[place].id)
    await it.settled()
    assert it.roles == [USER, ASSISTANT]
    assert it.model.requests[-1].messages == before[:1]
    versions = it.session.branches.versions(it.session.messages[1].id)
    assert versions.ids == (before[1].id, it.session.messages[1].id)
    # And back: the whole answer with its tools is shown again.
    assert it.session.show_branch(before[1].id)
    await it.settled()
    assert it.session.messages == before
    assert it.session.conversation.head == before[-1].id


async def test_retrying_in_the_middle_takes_the_turns_after_it_along(it):
    before = await two_rounds(it)
    await two_rounds(it, "And?")
    it.model.then(said("Green."))
    assert it.session.retry(before[2].id)
    await it.settled()
    assert it.roles == [USER, ASSISTANT]


async def test_an_edited_question_is_answered_with_tools_anew(it):
    before = await two_rounds(it)
    it.model.then(calling((it.name("look"), "{}")), COMPLETE)
    assert it.session.edit(before[0].id, "Go there")
    await it.settled()
    assert it.roles == [USER, ASSISTANT, TOOL, ASSISTANT]
    assert it.session.branches.versions(before[0].id).ids[0] == before[0].id


@pytest.mark.parametrize("place", [1, 2, 3])
async def test_deleting_a_message_of_an_answer_leaves_a_conversation_that_goes_on(it, place):
    before = await two_rounds(it)
    assert it.session.delete_branch(before[place].id)
    await it.settled()
    assert it.session.messages == before[:place]
    await it.assert_answers()
    assert it.session.restore_branch(before[place].id)
    await it.settled()
    assert it.session.messages == before


async def test_versions_are_compared_with_all_they_came_to(it):
    before = await two_rounds(it)
    await it.ask("Next?", said("A next answer."))
    it.model.then(said("Green."))
    assert it.session.retry(before[1].id)
    await it.settled()
    with_tools, plain = await it.session.branches.read_versions(before[1].id)
    assert with_tools.id == before[1].id
    assert with_tools.text == "Because of leaves."
    assert [type(part).__name__ for part in with_tools.parts] == [
        "ToolCall", "ToolResult", "Thought", "Text",
    ]  # fmt: skip
    assert plain.text == "Green."


async def test_they_are_read_when_they_were_not_seen_in_this_run(it):
    before = await two_rounds(it)
    it.model.then(said("Green."))
    it.session.retry()
    await it.settled()
    outline = await it.store.load_outline("c1")
    again = ChatSession(
        it.session.conversation, it.session.messages, it.store, it._model_source, outline=outline
    )
    with_tools, _ = await again.branches.read_versions(before[1].id)
    assert with_tools.text == "Because of leaves."
    await again.close()


# Going on


def opened(it, *messages):
    """A session as the next run of the program opens it."""
    chained = []
    for number, message in enumerate(messages):
        parent = chained[-1].id if chained else None
        fields = {name: getattr(message, name) for name in ("role", "parts", "state", "received")}
        chained.append(Message(f"m{number}", parent=parent, **fields))
    conversation = Conversation("c1", head=chained[-1].id, model="MiniMax-M2")
    it.store.conversations["c1"] = conversation
    for message in chained:
        it.store.messages[message.id] = message
        it.store._owners[message.id] = "c1"
    session = ChatSession(
        conversation, chained, it.store, it._model_source, tools=it.session._tools
    )
    return session, tuple(chained)


QUESTION = Message("q", USER, (Text("Go"),))
CALLED = Message(
    "a", ASSISTANT, (ToolCall("c1", "files__look", "{}"),), received={"role": "assistant"}
)
RESULTS = Message("t", TOOL, (ToolResult("c1", "files__look", "leaves"),))
INTERRUPTED = Message("t", TOOL, (), state=MessageState.INTERRUPTED)


@pytest.mark.parametrize(
    "messages",
    [
        (QUESTION, CALLED),  # killed before the results had a place
        (QUESTION, CALLED, INTERRUPTED),
        (QUESTION, CALLED, RESULTS),  # killed before the next round had one
    ],
)
async def test_what_a_kill_left_goes_on_with_the_next_round(it, messages):
    session, kept = opened(it, *messages)
    assert session.can_continue
    it.model.then(COMPLETE)
    assert session.continue_answer()
    await session.settled()
    assert session.messages[: len(kept)] == kept
    assert session.messages[-1].state is MessageState.COMPLETE
    assert it.model.requests[-1].messages == kept
    assert not session.can_continue
    await session.close()


@pytest.mark.parametrize("messages", [(QUESTION, CALLED), (QUESTION, CALLED, INTERRUPTED)])
async def test_what_a_kill_left_is_retried_from_the_question(it, messages):
    session, kept = opened(it, *messages)
    it.model.then(COMPLETE)
    assert session.retry()
    await session.settled()
    assert it.model.requests[-1].messages == kept[:1]
    await session.close()


@pytest.mark.parametrize(
    "broken",
    [
        ScriptedAnswer(before=(FAILURE,)),
        ScriptedAnswer(((ThinkingDelta("hm"),), FAILURE)),
        ScriptedAnswer((calling(("files__look", '{"a')).steps[0], FAILURE)),
    ],
)
async def test_a_round_that_failed_is_asked_again_with_what_the_tools_found(it, broken):
    it.give("look", "leaves")
    failed = await it.ask("Go", calling((it.name("look"), "{}")), broken)
    assert failed.state is MessageState.FAILED
    assert it.session.can_continue
    it.model.then(COMPLETE)
    assert it.session.continue_answer()
    answer = await it.settled()
    assert it.calls == ["look"]
    assert it.roles == [USER, ASSISTANT, TOOL, ASSISTANT]
    assert it.model.requests[-1].messages == it.session.messages[:3]
    assert it.session.branches.versions(answer.id).ids == (failed.id, answer.id)


async def test_a_text_that_broke_off_after_tools_is_gone_on_with(it):
    it.give("look", "leaves")
    half = ScriptedAnswer(((TextDelta("Because"),), FAILURE))
    await it.ask("Go", calling((it.name("look"), "{}")), half)
    it.model.then(said(" of leaves."))
    assert it.session.continue_answer()
    await it.settled()
    assert it.session.messages[-2].is_continuation


async def test_after_stop_in_the_tools_it_goes_on(it):
    gate = Gate()
    it.give("look", gate)
    it.model.then(calling((it.name("look"), "{}")))
    it.session.send("Go")
    await gate.reached.arrived()
    assert not it.session.can_continue
    it.session.stop()
    await it.settled()
    assert it.session.can_continue
    it.model.then(COMPLETE)
    assert it.session.continue_answer()
    answer = await it.settled()
    assert answer.state is MessageState.COMPLETE
    assert answer.parent == it.tool_messages[0].id


async def test_there_is_nothing_to_go_on_with(it):
    assert not it.session.can_continue
    assert not it.session.continue_answer()
    await it.ask("Go", COMPLETE)
    assert not it.session.can_continue
    assert not it.session.continue_answer()
    assert not it.session.retry(it.session.messages[0].id)


async def test_what_was_brought_from_elsewhere_with_its_results_is_whole(it):
    imported = Message(
        "a", ASSISTANT, (ToolCall("x", "f", "{}"), ToolResult("x", "f", "1"), Text("One."))
    )
    session, _ = opened(it, QUESTION, imported)
    assert not session.can_continue
    await session.close()


# A resent request


async def test_a_body_that_is_sent_again_may_call_tools(it):
    it.give("look", "leaves")
    await it.ask("Go", COMPLETE)
    (record,) = await it.store.load_exchanges(it.session.messages[1].id)
    it.model.then(calling((it.name("look"), "{}")), COMPLETE)
    assert it.session.resend(record)
    await it.settled()
    assert it.roles == [USER, ASSISTANT, TOOL, ASSISTANT]
    assert it.calls == ["look"]
