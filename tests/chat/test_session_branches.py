"""Versions of questions and answers: made, shown, deleted, restored; nothing is overwritten."""

import pytest

from desktop_app.chat.branches import Versions
from desktop_app.chat.events import (
    BranchDeleted,
    BranchShown,
    BranchTrouble,
    ConversationChanged,
    MessageRemoved,
)
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, MessageState, Role, Text
from tests.chat.conftest import COMPLETE, END, TEXT, Watcher
from tests.fakes.model import ScriptedAnswer

FULL = StoreError("The disk is full.")


def answer(text):
    return ScriptedAnswer(((TextDelta(text),), END))


def words(session):
    return [message.text for message in session.messages]


async def chat(stage, *pairs):
    """Ask and answer; return the ids of the messages in order."""
    for question, reply in pairs:
        await stage.ask(question, answer(reply))
    return [message.id for message in stage.session.messages]


async def edited(stage, message_id, text, reply):
    stage.model.then(answer(reply))
    assert stage.session.edit(message_id, text)
    await stage.settled()
    return [message.id for message in stage.session.messages]


async def moved(stage, done):
    assert done
    await stage.settled()


async def assert_sends_what_is_shown(stage):
    shown = stage.session.messages
    await stage.ask("next", COMPLETE)
    assert stage.model.requests[-1].messages[:-1] == shown
    assert stage.model.requests[-1].messages[-1].text == "next"
    assert await stage.store.load_branch("c1") == stage.session.messages


async def test_an_edited_question_is_a_sibling_with_an_answer_of_its_own(stage):
    first = await chat(stage, ("one", "1"), ("two", "2"))
    before = dict(stage.store.messages)
    second = await edited(stage, first[2], "two?", "2!")
    assert words(stage.session) == ["one", "1", "two?", "2!"]
    assert second[:2] == first[:2]
    assert stage.session.messages[2].parent == first[1]
    assert [m.text for m in stage.model.requests[-1].messages] == ["one", "1", "two?"]
    assert stage.session.branches.versions(second[2]) == Versions((first[2], second[2]), 1)
    assert stage.watcher.of(MessageRemoved) == [MessageRemoved(i) for i in reversed(first[2:])]
    # Nothing was overwritten.
    assert {i: stage.store.messages[i] for i in before} == before
    assert await stage.store.load_branch("c1") == stage.session.messages


async def test_the_first_question_can_be_edited_and_the_title_stays(stage):
    first = await chat(stage, ("one", "1"))
    second = await edited(stage, first[0], "uno", "1!")
    assert stage.session.messages[0].parent is None
    assert stage.session.branches.versions(second[0]).ids == (first[0], second[0])
    assert stage.session.conversation.title == "one"


@pytest.mark.parametrize("text", ["", " \n"])
async def test_a_blank_edit_is_refused(stage, text):
    ids = await chat(stage, ("one", "1"))
    assert not stage.session.edit(ids[0], text)
    assert words(stage.session) == ["one", "1"]


async def test_only_own_messages_that_are_shown_can_be_edited(stage):
    ids = await chat(stage, ("one", "1"))
    assert not stage.session.edit(ids[1], "x")
    assert not stage.session.edit("nobody", "x")
    await edited(stage, ids[0], "uno", "1!")
    assert not stage.session.edit(ids[0], "x")
    assert not stage.session.retry(ids[1])
    assert not stage.session.retry(stage.session.messages[0].id)


async def test_any_answer_can_be_asked_for_again(stage):
    first = await chat(stage, ("one", "1"), ("two", "2"))
    stage.model.then(answer("1!"))
    assert stage.session.retry(first[1])
    await stage.settled()
    assert words(stage.session) == ["one", "1!"]
    assert [m.text for m in stage.model.requests[-1].messages] == ["one"]
    await moved(stage, stage.session.show_branch(first[1]))
    assert words(stage.session) == ["one", "1", "two", "2"]


async def test_a_version_is_shown_with_the_newest_that_hangs_on_it(stage):
    first = await chat(stage, ("one", "1"), ("two", "2"))
    second = await edited(stage, first[0], "uno", "1!")
    await moved(stage, stage.session.show_branch(first[0]))
    assert words(stage.session) == ["one", "1", "two", "2"]
    assert stage.session.conversation.head == first[3]
    assert stage.store.conversations["c1"].head == first[3]
    assert stage.watcher.of(BranchShown)[-1] == BranchShown(stage.session.messages, 0, second[0])
    await moved(stage, stage.session.show_branch(second[1]))
    assert words(stage.session) == ["uno", "1!"]
    third = await edited(stage, second[0], "eins", "1?")
    assert stage.session.branches.versions(third[0]) == Versions((first[0], second[0], third[0]), 2)
    assert stage.session.branches.versions(third[0]).previous == second[0]
    assert stage.session.branches.versions(third[0]).next is None
    assert stage.session.branches.versions(first[0]).previous is None
    await moved(stage, stage.session.show_branch(first[0]))
    await assert_sends_what_is_shown(stage)


async def test_what_was_shown_before_stays_where_it_is(stage):
    ids = await chat(stage, ("one", "1"), ("two", "2"))
    await edited(stage, ids[2], "two?", "2!")
    await moved(stage, stage.session.show_branch(ids[2]))
    assert stage.watcher.of(BranchShown)[-1].kept == 2
    await moved(stage, stage.session.show_branch(ids[3]))
    assert stage.watcher.of(BranchShown)[-1].kept == 4


async def test_showing_another_branch_is_no_news_for_the_list(stage):
    ids = await chat(stage, ("one", "1"))
    await edited(stage, ids[0], "uno", "1!")
    updated = stage.session.conversation.updated_at
    await moved(stage, stage.session.show_branch(ids[0]))
    assert stage.watcher.of(ConversationChanged)[-1].conversation.head == ids[1]
    assert stage.session.conversation.updated_at == updated


@pytest.fixture
async def library(store, model):
    async def source():
        return model

    library = Library(store, source, lambda: "MiniMax-M2")
    await library.load()
    yield library
    await library.close()


async def test_a_branch_of_an_earlier_run_is_read_when_it_is_wanted(stage, library, model):
    first = await chat(stage, ("one", "1"), ("two", "2"))
    second = await edited(stage, first[2], "two?", "2!")
    await library.load()
    session = await library.open("c1")
    watcher = Watcher(session)
    assert session.branches.versions(second[2]) == Versions((first[2], second[2]), 1)
    assert session.show_branch(first[2])
    assert not session.send("too soon")
    await session.settled()
    assert words(session) == ["one", "1", "two", "2"]
    assert watcher.of(BranchShown) == [BranchShown(session.messages, 2, second[2])]
    model.then(COMPLETE)
    assert session.send("three")
    await session.settled()
    assert [m.text for m in model.requests[-1].messages] == ["one", "1", "two", "2", "three"]


async def test_a_branch_that_cannot_be_read_leaves_all_as_it_is(stage, library, store):
    first = await chat(stage, ("one", "1"))
    await edited(stage, first[0], "uno", "1!")
    await library.load()
    session = await library.open("c1")
    watcher = Watcher(session)
    shown = session.messages
    store.failure = FULL
    assert session.show_branch(first[0])
    await session.settled()
    assert watcher.events == [BranchTrouble("The disk is full.")]
    assert session.messages == shown
    store.failure = None
    assert session.show_branch(first[0])
    await session.settled()
    assert words(session) == ["one", "1"]


async def test_a_branch_that_is_not_stored_any_more_is_told(stage, library, store):
    first = await chat(stage, ("one", "1"))
    await edited(stage, first[0], "uno", "1!")
    await library.load()
    session = await library.open("c1")
    watcher = Watcher(session)
    await store.delete_branch(session.conversation, first[0])
    assert session.show_branch(first[0])
    await session.settled()
    assert len(watcher.of(BranchTrouble)) == 1
    assert words(session) == ["uno", "1!"]


async def test_nothing_moves_while_an_answer_streams(stage):
    ids = await chat(stage, ("one", "1"))
    await edited(stage, ids[0], "uno", "1!")
    hold = Gate()
    stage.model.then(ScriptedAnswer((TEXT, hold, END)))
    assert stage.session.send("two")
    await hold.reached.arrived()
    session, shown = stage.session, stage.session.messages
    assert not session.show_branch(ids[0])
    assert not session.delete_branch(ids[0])
    assert not session.restore_branch(ids[0])
    assert not session.edit(shown[0].id, "x")
    assert not session.retry(shown[1].id)
    assert not session.continue_answer()
    assert session.messages == shown
    hold.open()
    assert (await stage.settled()).state is MessageState.COMPLETE
    await moved(stage, session.show_branch(ids[0]))


async def test_what_could_not_be_stored_is_not_lost_by_looking_at_another_version(stage):
    first = await chat(stage, ("one", "1"))
    stage.store.failure = FULL
    second = await edited(stage, first[0], "uno", "1!")
    third = await edited(stage, second[0], "eins", "1?")
    for ids, text in ((first, "one"), (second, "uno"), (third, "eins"), (second, "uno")):
        await moved(stage, stage.session.show_branch(ids[0]))
        assert words(stage.session)[0] == text
        assert [message.id for message in stage.session.messages] == ids
    stage.store.failure = None
    await assert_sends_what_is_shown(stage)
    for ids in (first, second, third):
        assert set(ids) <= set(stage.store.messages)
        assert stage.store.messages[ids[1]].is_final


async def test_closing_stores_what_waits_on_a_branch_that_is_not_shown(stage):
    first = await chat(stage, ("one", "1"))
    stage.store.failure = FULL
    second = await edited(stage, first[0], "uno", "1!")
    await moved(stage, stage.session.show_branch(first[0]))
    stage.store.failure = None
    await stage.session.close()
    assert stage.store.messages[second[1]].text == "1!"
    assert stage.store.conversations["c1"].head == first[1]


async def test_a_deleted_version_makes_room_for_the_next_and_comes_back(stage):
    ids = await chat(stage, ("one", "1"), ("two", "2"))
    other = await edited(stage, ids[0], "uno", "1!")
    await moved(stage, stage.session.show_branch(ids[0]))
    shown = stage.session.messages
    await moved(stage, stage.session.delete_branch(ids[0]))
    assert words(stage.session) == ["uno", "1!"]
    assert stage.session.branches.versions(other[0]) == Versions((other[0],), 0)
    assert stage.watcher.of(BranchDeleted) == [BranchDeleted(ids[0])]
    assert {node.id for node in await stage.store.load_outline("c1")} == set(other)
    assert await stage.store.load_branch("c1") == stage.session.messages
    assert not stage.session.show_branch(ids[0])
    await moved(stage, stage.session.restore_branch(ids[0]))
    assert stage.session.messages == shown
    assert stage.session.branches.versions(ids[0]) == Versions((ids[0], other[0]), 0)
    assert await stage.store.load_branch("c1") == shown
    assert not stage.session.restore_branch(ids[0])
    await assert_sends_what_is_shown(stage)


async def test_the_last_version_makes_room_for_the_one_before(stage):
    ids = await chat(stage, ("one", "1"))
    stage.model.then(answer("1!"))
    stage.session.retry()
    again = await stage.settled()
    await moved(stage, stage.session.delete_branch(again.id))
    assert [message.id for message in stage.session.messages] == ids
    assert stage.store.conversations["c1"].head == ids[1]


async def test_a_version_that_is_not_shown_is_deleted_without_a_move(stage):
    ids = await chat(stage, ("one", "1"))
    await edited(stage, ids[0], "uno", "1!")
    shown = stage.session.messages
    await moved(stage, stage.session.delete_branch(ids[0]))
    assert stage.session.messages == shown
    await moved(stage, stage.session.restore_branch(ids[0]))
    assert stage.session.messages == shown
    assert len(await stage.store.load_outline("c1")) == 4


async def test_without_another_version_what_is_above_is_shown(stage):
    ids = await chat(stage, ("one", "1"), ("two", "2"))
    await moved(stage, stage.session.delete_branch(ids[2]))
    assert words(stage.session) == ["one", "1"]
    await assert_sends_what_is_shown(stage)


async def test_the_only_beginning_cannot_be_deleted(stage):
    ids = await chat(stage, ("one", "1"))
    assert not stage.session.delete_branch(ids[0])
    assert not stage.session.delete_branch("nobody")
    assert words(stage.session) == ["one", "1"]


async def test_a_branch_comes_back_only_under_what_it_hangs_on(stage):
    ids = await chat(stage, ("one", "1"), ("two", "2"))
    await edited(stage, ids[0], "uno", "1!")
    await moved(stage, stage.session.delete_branch(ids[2]))
    await moved(stage, stage.session.delete_branch(ids[0]))
    assert not stage.session.restore_branch(ids[2])
    await moved(stage, stage.session.restore_branch(ids[0]))
    await moved(stage, stage.session.restore_branch(ids[2]))
    await moved(stage, stage.session.show_branch(ids[0]))
    assert words(stage.session) == ["one", "1", "two", "2"]


@pytest.mark.parametrize("method", ["delete_branch", "restore_branch"])
async def test_a_store_that_refuses_leaves_all_as_it_is(stage, method):
    ids = await chat(stage, ("one", "1"))
    await edited(stage, ids[0], "uno", "1!")
    await moved(stage, stage.session.show_branch(ids[0]))
    if method == "restore_branch":
        await moved(stage, stage.session.delete_branch(ids[0]))
    shown, outline = stage.session.messages, await stage.store.load_outline("c1")
    stage.store.failure = FULL
    await moved(stage, getattr(stage.session, method)(ids[0]))
    assert stage.watcher.of(BranchTrouble) == [BranchTrouble("The disk is full.")]
    assert stage.session.messages == shown
    stage.store.failure = None
    assert await stage.store.load_outline("c1") == outline
    await moved(stage, getattr(stage.session, method)(ids[0]))
    assert stage.session.messages != shown


async def test_a_message_whose_beginning_is_missing_is_shown_all_the_same(store, model):
    """A damaged file gives a branch that begins in the middle."""

    async def source():
        return model

    orphan = Message("a", Role.ASSISTANT, (Text("1"),), parent="lost")
    session = ChatSession(Conversation("c1", head="a"), (orphan,), store, source)
    assert session.messages == (orphan,)
    assert session.branches.versions("a").ids == ("a",)
    assert not session.retry()
    await session.close()
