"""Stop at every moment of an answer: the text is kept, stored once, and the session goes on."""

import asyncio

import pytest

from desktop_app.demo.journal import Gate
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, END, TEXT, THINKING
from tests.fakes.model import ScriptedAnswer

PRESSES = pytest.mark.parametrize("presses", [1, 2, 5])


def press_stop(stage, presses):
    for _ in range(presses):
        stage.session.stop()


async def assert_stopped(stage, text, thinking=""):
    answer = await stage.settled()
    assert answer.state is MessageState.STOPPED
    assert answer.error is None
    assert answer.text == text
    assert answer.thinking == thinking
    assert stage.session.status.phase == "stopped"
    assert stage.watcher.finished[-1] == answer
    assert stage.stored == answer
    assert await stage.store.load_branch("c1") == stage.session.messages
    finished = [m for name, m in stage.store.calls if name == "finish" and m.id == answer.id]
    added = [m for name, ms in stage.store.calls if name == "add" for m in ms]
    assert len(finished) == 1
    assert [m.id for m in added].count(answer.id) == 1
    await stage.assert_answers()


@PRESSES
async def test_in_the_same_moment_as_send(stage, presses):
    """The task of the turn has not made its first step yet."""
    stage.session.send("Why tea?")
    press_stop(stage, presses)
    answer = await stage.settled()
    assert answer.state is MessageState.STOPPED
    assert stage.model.requests == []
    assert await stage.store.load_branch("c1") == stage.session.messages
    assert stage.session.messages[0].text == "Why tea?"
    assert stage.watcher.phases == ["connecting", "stopped"]
    await stage.assert_answers()


@PRESSES
async def test_while_the_store_is_busy_with_the_question(stage, presses):
    gate = stage.store.gates["add"] = Gate()
    stage.session.send("Why tea?")
    await gate.reached.arrived()
    press_stop(stage, presses)
    await stage.watcher.until(lambda: stage.watcher.finished)
    assert stage.session.status.phase == "stopped"
    assert stage.model.requests == []
    gate.open()
    await assert_stopped(stage, "")


@PRESSES
async def test_while_the_model_is_looked_up(stage, presses):
    reached = asyncio.Event()

    async def source():
        reached.set()
        await asyncio.Event().wait()

    stage.source = source
    stage.session.send("Why tea?")
    await reached.wait()
    press_stop(stage, presses)
    await stage.settled()
    stage.source = None
    assert stage.model.requests == []
    await assert_stopped(stage, "")


@PRESSES
async def test_while_connecting(stage, presses):
    before = Gate()
    stage.model.then(ScriptedAnswer((TEXT, END), connecting=(before,)))
    stage.session.send("Why tea?")
    await before.reached.arrived()
    assert stage.session.status.phase == "connecting"
    press_stop(stage, presses)
    await stage.model.left.arrived(1)
    await assert_stopped(stage, "")


@PRESSES
async def test_before_the_first_word(stage, presses):
    hold = Gate()
    stage.model.then(ScriptedAnswer((hold, TEXT, END)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    assert stage.session.status.phase == "waiting"
    press_stop(stage, presses)
    await stage.model.left.arrived(1)
    await assert_stopped(stage, "")


@PRESSES
async def test_in_the_middle_of_thinking(stage, presses):
    hold = Gate()
    stage.model.then(ScriptedAnswer((THINKING, hold, TEXT, END)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    press_stop(stage, presses)
    await assert_stopped(stage, "", "Let me see. Tea.")


@PRESSES
async def test_in_the_middle_of_the_answer(stage, presses):
    hold = Gate()
    stage.model.then(ScriptedAnswer((THINKING, TEXT, hold, (TextDelta("never"),))))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    press_stop(stage, presses)
    await stage.model.left.arrived(1)
    answer = await stage.settled()
    # What was received is taken too, for the way back.
    assert answer.received["content"] == "Because of leaves."
    await assert_stopped(stage, "Because of leaves.", "Let me see. Tea.")
    sent_back = stage.model.requests[-1].messages[1]
    assert sent_back == answer


@PRESSES
async def test_while_the_store_is_busy_with_the_deltas(stage, presses, monkeypatch):
    monkeypatch.setattr("desktop_app.chat.journal.FLUSH_CHARACTERS", 1)
    gate = stage.store.gates["append"] = Gate()
    hold = Gate()
    stage.model.then(ScriptedAnswer((TEXT, hold)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    await gate.reached.arrived()
    press_stop(stage, presses)
    await stage.watcher.until(lambda: stage.watcher.finished)
    assert "finish" not in stage.store.names
    gate.open()
    await assert_stopped(stage, "Because of leaves.")


@PRESSES
async def test_while_the_answer_is_being_stored_changes_nothing(stage, presses):
    gate = stage.store.gates["finish"] = Gate()
    stage.model.then(COMPLETE)
    stage.session.send("Why tea?")
    await gate.reached.arrived()
    press_stop(stage, presses)
    gate.open()
    answer = await stage.settled()
    assert answer.state is MessageState.COMPLETE
    assert stage.stored == answer
    assert stage.store.names.count("finish") == 1
    await stage.assert_answers()


async def test_stopped_with_a_hanging_store_the_next_question_queues(stage):
    """The store answers late; question, answer and the next turn still end up in order."""
    gate = stage.store.gates["add"] = Gate()
    stage.session.send("one")
    await gate.reached.arrived()
    stage.session.stop()
    await stage.watcher.until(lambda: len(stage.watcher.finished) == 1)
    stage.model.then(COMPLETE)
    assert stage.session.send("two")
    gate.open()
    answer = await stage.settled()
    assert answer.state is MessageState.COMPLETE
    assert [m.text for m in await stage.store.load_branch("c1")] == [
        "one", "", "two", "Because of leaves.",
    ]  # fmt: skip
    assert await stage.store.load_branch("c1") == stage.session.messages


async def test_without_an_answer_does_nothing(stage):
    stage.session.stop()
    await stage.ask("Why tea?", COMPLETE)
    events = len(stage.watcher.events)
    stage.session.stop()
    assert len(stage.watcher.events) == events
    await stage.assert_answers()


async def test_closing_stops_and_stores(stage):
    hold = Gate()
    stage.model.then(ScriptedAnswer((TEXT, hold)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    await stage.session.close()
    assert stage.stored.state is MessageState.STOPPED
    assert stage.stored.text == "Because of leaves."
    assert stage.model.open_streams == 0


async def test_closing_in_the_same_moment_as_send_keeps_the_words(stage):
    stage.session.send("Why tea?")
    await stage.session.close()
    question, answer = await stage.store.load_branch("c1")
    assert question.text == "Why tea?"
    assert answer.state is MessageState.STOPPED


async def test_giving_up_waiting_for_the_close_does_not_end_the_saving(stage):
    gate = stage.store.gates["finish"] = Gate()
    stage.model.then(COMPLETE)
    stage.session.send("Why tea?")
    await gate.reached.arrived()
    closing = asyncio.get_running_loop().create_task(stage.session.close())
    await asyncio.wait({closing}, timeout=0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    gate.open()
    answer = await stage.settled()
    assert stage.stored == answer
    assert answer.state is MessageState.COMPLETE
