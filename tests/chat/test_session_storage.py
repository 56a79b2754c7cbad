"""A store that refuses: the answer streams on, it is said once, and saved when possible again."""

import pytest

from desktop_app.chat.events import StorageTrouble
from desktop_app.chat.ports import StoreError
from desktop_app.demo.journal import Gate
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, END, TEXT, THINKING
from tests.fakes.model import ScriptedAnswer

FULL = StoreError("The disk is full.")


@pytest.fixture(autouse=True)
def flush_at_once(monkeypatch):
    monkeypatch.setattr("desktop_app.chat.journal.FLUSH_CHARACTERS", 1)


def troubles(stage):
    return [event.detail for event in stage.watcher.of(StorageTrouble)]


async def assert_saved_when_possible_again(stage):
    stage.store.failures.clear()
    stage.store.failure = None
    told = len(troubles(stage))
    await stage.assert_answers()
    assert len(troubles(stage)) == told
    assert stage.store.conversations["c1"] == stage.session.conversation


@pytest.mark.parametrize(
    "refused",
    [{"add"}, {"append"}, {"finish"}, {"add", "finish"}, {"append", "finish"}, None],
    ids=lambda refused: "-".join(sorted(refused or ("nothing",))),
)
async def test_the_answer_streams_on_and_the_trouble_is_told_once(stage, refused):
    if refused is None:
        stage.store.failure = FULL
    else:
        stage.store.failures = dict.fromkeys(refused, FULL)
    answer = await stage.ask("Why tea?", COMPLETE)
    assert answer.state is MessageState.COMPLETE
    assert stage.watcher.text == "Because of leaves."
    assert troubles(stage) == ["The disk is full."]
    await assert_saved_when_possible_again(stage)


async def test_several_turns_wait_together(stage):
    stage.store.failure = FULL
    await stage.ask("one", COMPLETE)
    stage.session.set_model("other")
    await stage.ask("two", COMPLETE)
    assert stage.store.messages == {}
    # Once for each turn: what the status line said of the first was overwritten.
    assert troubles(stage) == ["The disk is full."] * 2
    await assert_saved_when_possible_again(stage)
    assert stage.store.conversations["c1"].model == "other"


async def test_an_answer_that_was_replaced_is_stored_too(stage):
    stage.store.failure = FULL
    first = await stage.ask("one", COMPLETE)
    stage.model.then(COMPLETE)
    stage.session.retry()
    second = await stage.settled()
    await assert_saved_when_possible_again(stage)
    assert stage.store.messages[first.id] == first
    assert stage.store.messages[second.id] == second
    assert first.parent == second.parent


async def test_room_in_the_middle_of_the_answer(stage):
    """Begun without room, it is kept whole at its end, and no half of it is journalled before."""
    stage.store.failures["add"] = FULL
    hold = Gate()
    stage.model.then(ScriptedAnswer((THINKING, hold, TEXT, END)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    stage.store.failures.clear()
    stage.session.set_model("other")
    hold.open()
    answer = await stage.settled()
    assert stage.stored == answer
    assert "append" not in stage.store.names
    assert stage.store.conversations["c1"].model == "other"
    assert troubles(stage) == ["The disk is full."]


async def test_stop_without_room(stage):
    stage.store.failure = FULL
    hold = Gate()
    stage.model.then(ScriptedAnswer((TEXT, hold)))
    stage.session.send("Why tea?")
    await hold.reached.arrived()
    stage.session.stop()
    stage.session.stop()
    answer = await stage.settled()
    assert answer.state is MessageState.STOPPED
    await assert_saved_when_possible_again(stage)


async def test_closing_tries_once_more(stage):
    stage.store.failures["finish"] = FULL
    answer = await stage.ask("Why tea?", COMPLETE)
    stage.store.failures.clear()
    await stage.session.close()
    assert stage.store.messages[answer.id] == answer


async def test_a_title_that_cannot_be_stored_is_told(stage):
    await stage.ask("Why tea?", COMPLETE)
    stage.store.failure = FULL
    stage.session.rename("Tea")
    await stage.settled()
    assert troubles(stage) == ["The disk is full."]
    await assert_saved_when_possible_again(stage)
    assert stage.store.conversations["c1"].title == "Tea"


@pytest.mark.parametrize("where", ["add", "append", "finish"])
async def test_a_bug_in_the_store_is_logged_and_ends_nothing(stage, where, expect_error_log):
    expect_error_log("failed unexpectedly")
    stage.store.failures[where] = ZeroDivisionError()
    answer = await stage.ask("Why tea?", COMPLETE)
    assert answer.state is MessageState.COMPLETE
    assert troubles(stage) == ["ZeroDivisionError"]
    await assert_saved_when_possible_again(stage)
