"""Sending, what is told of it, what is stored of it, and asking again."""

import pytest

from desktop_app.chat.events import (
    ConversationChanged,
    DeltasArrived,
    MessageAdded,
    MessageFinished,
    MessageRemoved,
    StatusChanged,
)
from desktop_app.chat.session import ChatSession
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.delta import FinishDelta, TextDelta, UsageDelta
from desktop_app.domain.message import MessageState, Role, Text, Thought
from desktop_app.domain.usage import Usage
from tests.chat.conftest import COMPLETE, END, TEXT, THINKING
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.model import ScriptedAnswer, ScriptedModel


@pytest.mark.parametrize("text", ["", " ", "\n\t \r\n", "\u3000"])
async def test_a_blank_message_is_not_sent(stage, text):
    assert not stage.session.send(text)
    assert stage.session.messages == ()
    assert stage.watcher.events == []
    assert stage.store.calls == []


async def test_an_answer_becomes_a_message(stage):
    answer = await stage.ask("Why tea?", COMPLETE)
    question = stage.session.messages[0]
    assert question.role is Role.USER
    assert question.text == "Why tea?"
    assert question.parent is None
    assert answer.role is Role.ASSISTANT
    assert answer.parent == question.id
    assert answer.model == "MiniMax-M2"
    assert answer.state is MessageState.COMPLETE
    assert answer.finish_reason == "stop"
    assert answer.error is None
    assert answer.text == "Because of leaves."
    assert [type(part) for part in answer.parts] == [Thought, Text]
    assert answer.thinking == "Let me see. Tea."
    assert answer.received["content"] == "Because of leaves."


async def test_it_is_stored_as_it_is_shown(stage):
    await stage.ask("Why tea?", COMPLETE)
    assert await stage.store.load_branch("c1") == stage.session.messages
    assert await stage.store.list_conversations() == (stage.session.conversation,)
    assert stage.store.names.count("add") == 1
    assert stage.store.names.count("finish") == 1


async def test_events_come_in_order(stage):
    await stage.ask("Why tea?", COMPLETE)
    question, answer = stage.session.messages
    kinds = [type(event) for event in stage.watcher.events]
    assert kinds == [
        MessageAdded, ConversationChanged, MessageAdded, StatusChanged,
        StatusChanged, DeltasArrived, StatusChanged, DeltasArrived, StatusChanged,
        DeltasArrived, MessageFinished, StatusChanged,
    ]  # fmt: skip
    added = [event.message for event in stage.watcher.of(MessageAdded)]
    assert added[0] == question
    assert added[1].id == answer.id
    assert added[1].state is MessageState.STREAMING
    assert stage.watcher.of(DeltasArrived) == [
        DeltasArrived(answer.id, THINKING),
        DeltasArrived(answer.id, TEXT),
        DeltasArrived(answer.id, END),
    ]
    assert stage.watcher.finished == [answer]
    assert stage.watcher.phases == ["connecting", "waiting", "thinking", "writing", "ready"]


async def test_the_words_are_stored_before_the_model_is_asked(stage):
    gate = stage.store.gates["add"] = Gate()
    stage.model.then(COMPLETE)
    stage.session.send("Why tea?")
    await gate.reached.arrived()
    assert stage.sourced == 0
    assert stage.model.requests == []
    assert stage.store.messages == {}
    gate.open()
    await stage.settled()
    # What was written first was the question with an empty answer, and only then was asked.
    name, (question, answer) = stage.store.calls[0]
    assert name == "add"
    assert question.text == "Why tea?"
    assert answer.parts == ()
    assert len(stage.model.requests) == 1


async def test_the_words_are_in_the_store_while_the_model_is_asked(stage):
    before = Gate()
    stage.model.then(ScriptedAnswer((TEXT, END), (before,)))
    stage.session.send("Why tea?")
    await before.reached.arrived()
    question, answer = await stage.store.load_branch("c1")
    assert question.text == "Why tea?"
    assert answer.state is MessageState.STREAMING
    before.open()
    assert (await stage.settled()).state is MessageState.COMPLETE


async def test_a_second_message_waits_for_the_answer(stage):
    hold = Gate()
    stage.model.then(ScriptedAnswer((TEXT, hold, END)))
    assert stage.session.send("one")
    assert stage.session.is_busy
    assert not stage.session.send("two")
    assert not stage.session.retry()
    await hold.reached.arrived()
    assert not stage.session.send("two")
    assert len(stage.session.messages) == 2
    hold.open()
    await stage.settled()
    await stage.assert_answers()


async def test_the_next_message_may_be_sent_the_moment_an_answer_ends(stage):
    """Storing takes its time; the person need not wait for it."""
    stage.store.gates["finish"] = Gate()
    stage.model.then(COMPLETE, ScriptedAnswer(((TextDelta("Two."),), END)))
    sent = []

    def on_event(event):
        if isinstance(event, MessageFinished) and not sent:
            sent.append(stage.session.send("And then?"))

    stage.session.subscribe(on_event)
    stage.session.send("Why tea?")
    await stage.store.gates["finish"].reached.arrived()
    assert sent == [True]
    assert stage.session.status.phase.is_busy
    stage.store.gates["finish"].open()
    answer = await stage.settled()
    assert answer.text == "Two."
    assert await stage.store.load_branch("c1") == stage.session.messages
    assert len(stage.session.messages) == 4


async def test_the_whole_branch_is_sent(stage):
    first = await stage.ask("one", COMPLETE)
    await stage.ask("two", COMPLETE)
    request = stage.model.requests[1]
    assert [m.text for m in request.messages] == ["one", "Because of leaves.", "two"]
    assert request.messages[1] == first
    assert request.messages[1].received == first.received
    assert request.model == "MiniMax-M2"


async def test_usage_is_kept(stage):
    usage = Usage(1, 2, 3, 4)
    answer = await stage.ask("?", ScriptedAnswer((TEXT, (*END, UsageDelta(usage)))))
    assert answer.usage == usage


async def test_text_that_cannot_be_stored_is_repaired(stage):
    await stage.ask("a\x00b\ud83d\ude00c\ud800", COMPLETE)
    assert stage.session.messages[0].text == "a�b😀c�"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Why tea?", "Why tea?"),
        ("  first line\n\n  second\tline ", "first line"),
        ("用中文介绍一下交错思维（interleaved thinking）", None),
        ("茶" * 200, "茶" * 59 + "…"),
        ("word " * 40, ("word " * 12).strip() + "…"),
    ],
)
async def test_the_title_is_the_beginning_of_the_first_message(stage, text, title):
    await stage.ask(text, COMPLETE)
    shown = stage.session.conversation.title
    assert shown == (title or text)
    assert len(shown) <= 60
    await stage.ask("something else", COMPLETE)
    assert stage.session.conversation.title == shown
    assert stage.store.conversations["c1"].title == shown


async def test_a_new_name_is_kept(stage):
    await stage.ask("Why tea?", COMPLETE)
    stage.session.rename("  Tea\nand more ")
    stage.session.rename("   ")
    await stage.ask("more", COMPLETE)
    assert stage.session.conversation.title == "Tea and more"
    assert stage.store.conversations["c1"].title == "Tea and more"


async def test_model_and_parameters_are_used_and_stored(stage):
    parameters = Parameters("Be brief.", temperature=0.5, max_tokens=100)
    stage.session.set_model("other")
    stage.session.set_parameters(parameters)
    # Nothing is stored of a conversation without a message.
    assert (await stage.store.list_conversations()) == ()
    answer = await stage.ask("Why tea?", COMPLETE)
    assert answer.model == "other"
    assert stage.model.requests[0].model == "other"
    assert stage.model.requests[0].parameters == parameters
    assert stage.store.conversations["c1"].parameters == parameters

    stage.session.set_model("third")
    await stage.settled()
    assert stage.store.conversations["c1"].model == "third"
    changes = len(stage.watcher.of(ConversationChanged))
    stage.session.set_model("third")
    assert len(stage.watcher.of(ConversationChanged)) == changes


async def test_a_change_while_an_answer_streams_is_for_the_next_one(stage):
    hold = Gate()
    stage.model.then(ScriptedAnswer((TEXT, hold, END)))
    stage.session.send("one")
    await hold.reached.arrived()
    stage.session.set_model("other")
    hold.open()
    assert (await stage.settled()).model == "MiniMax-M2"
    stored = stage.store.conversations["c1"]
    assert stored.model == "other"
    assert stored.head == stage.session.messages[-1].id
    assert (await stage.ask("two", COMPLETE)).model == "other"


async def test_retry_makes_a_sibling(stage):
    first = await stage.ask("Why tea?", ScriptedAnswer(((TextDelta("One."),), END)))
    stage.model.then(ScriptedAnswer(((TextDelta("Two."),), END)))
    assert stage.session.retry()
    second = await stage.settled()
    assert second.id != first.id
    assert second.parent == first.parent == stage.session.messages[0].id
    assert [m.text for m in stage.session.messages] == ["Why tea?", "Two."]
    assert [m.text for m in stage.model.requests[1].messages] == ["Why tea?"]
    # The first is still there, as it was.
    assert stage.store.messages[first.id] == first
    assert stage.store.conversations["c1"].head == second.id
    assert stage.watcher.of(MessageRemoved) == [MessageRemoved(first.id)]
    assert stage.session.conversation.updated_at >= second.created_at


async def test_there_is_nothing_to_retry_in_an_empty_conversation(stage):
    assert not stage.session.retry()
    assert stage.watcher.events == []


async def test_a_question_without_an_answer_can_be_asked_again(stage, store, model):
    await stage.ask("Why tea?", COMPLETE)
    question = stage.session.messages[0]

    async def source():
        return model

    reopened = ChatSession(stage.session.conversation, (question,), store, source)
    model.then(COMPLETE)
    assert reopened.retry()
    await reopened.settled()
    assert reopened.messages[0] == question
    assert reopened.messages[1].parent == question.id
    await reopened.close()


async def test_a_reopened_conversation_goes_on(stage, store, model):
    await stage.ask("one", COMPLETE)

    async def source():
        return model

    branch = await store.load_branch("c1")
    reopened = ChatSession(store.conversations["c1"], branch, store, source)
    model.then(COMPLETE)
    assert reopened.send("two")
    await reopened.settled()
    assert model.requests[1].messages[:2] == branch
    assert model.requests[1].messages[1].received == stage.session.messages[1].received
    assert await store.load_branch("c1") == reopened.messages
    await reopened.close()


async def test_nobody_hears_anything_after_unsubscribing(stage):
    stage.watcher.unsubscribe()
    stage.watcher.unsubscribe()
    await stage.ask("Why tea?", COMPLETE)
    assert stage.watcher.events == []


async def test_a_listener_that_fails_ends_no_answer(stage, expect_error_log):
    expect_error_log("a listener failed on DeltasArrived")
    expect_error_log("a listener failed on MessageFinished")

    def on_event(event):
        if isinstance(event, DeltasArrived | MessageFinished):
            raise ZeroDivisionError

    stage.session.subscribe(on_event)
    answer = await stage.ask("Why tea?", COMPLETE)
    assert answer.state is MessageState.COMPLETE
    assert stage.stored == answer
    await stage.assert_answers()


async def test_a_closed_session_sends_nothing(stage):
    await stage.ask("Why tea?", COMPLETE)
    await stage.session.close()
    assert not stage.session.send("more")
    assert not stage.session.retry()


async def test_a_session_works_on_the_plain_store():
    store, model = MemoryConversationStore(), ScriptedModel(COMPLETE)

    async def source():
        return model

    session = ChatSession(Conversation("c1", model="m"), (), store, source)
    session.send("?")
    await session.close()
    assert (await store.load_branch("c1"))[-1].is_final


async def test_the_status_says_when_something_last_came(stage):
    hold = Gate()
    stage.model.then(ScriptedAnswer((THINKING, hold, (FinishDelta("stop"),))))
    stage.session.send("?")
    assert stage.session.status.turn_started > 0
    assert stage.session.status.last_data == 0
    await hold.reached.arrived()
    assert stage.session.status.last_data >= stage.session.status.turn_started
    hold.open()
    await stage.settled()
    assert stage.session.status.turn_started == 0
