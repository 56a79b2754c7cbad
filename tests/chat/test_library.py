"""The list of conversations and the sessions that are open."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.events import BranchShown
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, END, TEXT
from tests.chat.library_kit import filled, titles
from tests.fakes.model import ScriptedAnswer


@pytest.fixture
async def library(store, model):
    async def source():
        return model

    library = Library(store, source, lambda: "MiniMax-M2")
    yield library
    for gate in store.gates.values():
        gate.open()
    async with asyncio.timeout(10):
        await library.close()


async def chat(library, model, text):
    model.then(COMPLETE)
    session = library.new_session()
    assert session.send(text)
    await session.settled()
    return session


async def test_a_new_conversation_joins_with_its_first_message(library, model):
    heard = []
    library.subscribe(lambda: heard.append(titles(library)))
    session = library.new_session()
    assert session.conversation.model == "MiniMax-M2"
    session.set_model("other")
    assert titles(library) == []
    model.then(COMPLETE)
    session.send("tea")
    assert titles(library) == ["tea"]
    assert heard == [["tea"]]
    await session.settled()
    assert library.session(session.conversation.id) is session


async def test_the_newest_comes_first(library, model, monkeypatch):
    now = iter(range(1000, 2000))
    monkeypatch.setattr("desktop_app.chat.session.time.time", lambda: float(next(now)))
    first = await chat(library, model, "one")
    await chat(library, model, "two")
    assert titles(library) == ["two", "one"]
    model.then(COMPLETE)
    first.send("more")
    assert titles(library) == ["one", "two"]
    await first.settled()
    # A new name is no new message.
    library.session(library.conversations[1].id).rename("second")
    assert titles(library) == ["one", "second"]


async def test_the_list_is_read_from_the_store(library, store):
    for name, updated in (("a", 1.0), ("b", 3.0), ("c", 2.0)):
        await store.save_conversation(Conversation(name, title=name, updated_at=updated))
    heard = []
    library.subscribe(lambda: heard.append(True))
    await library.load()
    assert titles(library) == ["b", "c", "a"]
    assert heard == [True]


async def test_opening_twice_gives_the_same_session(library, store, model):
    await chat(library, model, "tea")
    conversation_id = library.conversations[0].id
    again = Library(store, lambda: None, lambda: "m")
    await again.load()
    first, second = await asyncio.gather(again.open(conversation_id), again.open(conversation_id))
    assert first is second
    assert await again.open(conversation_id) is first
    assert first.messages == await store.load_branch(conversation_id)
    await again.close()


async def test_an_unknown_conversation(library):
    with pytest.raises(KeyError):
        await library.open("nowhere")


async def test_a_conversation_deleted_while_it_is_read(library, store, model, monkeypatch):
    await chat(library, model, "tea")
    conversation_id = library.conversations[0].id
    again = Library(store, lambda: None, lambda: "m")
    await again.load()
    plain = store.load_branch

    async def load_branch(wanted):
        await again.delete(wanted)
        return await plain(wanted)

    monkeypatch.setattr(store, "load_branch", load_branch)
    with pytest.raises(KeyError):
        await again.open(conversation_id)
    assert again.session(conversation_id) is None


async def test_an_answer_streams_on_when_another_conversation_is_shown(library, model):
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold, END)), COMPLETE)
    first = library.new_session()
    first.send("one")
    await hold.reached.arrived()
    second = library.new_session()
    second.send("two")
    await second.settled()
    assert library.busy == {first.conversation.id}
    hold.open()
    await first.settled()
    assert library.busy == frozenset()
    assert [s.messages[-1].state for s in (first, second)] == [MessageState.COMPLETE] * 2


async def test_activity_is_announced(library, model):
    seen = []
    stop = library.subscribe_activity(lambda: seen.append(len(library.busy)))
    await chat(library, model, "tea")
    assert seen[0] == 1
    assert seen[-1] == 0
    stop()
    count = len(seen)
    await chat(library, model, "tea")
    assert len(seen) == count


async def test_deleting_stops_the_answer_and_restoring_brings_it_back(library, store, model):
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold)))
    session = library.new_session()
    session.send("tea")
    await hold.reached.arrived()
    conversation_id = session.conversation.id
    await library.delete(conversation_id)
    await model.left.arrived(1)
    assert titles(library) == []
    assert library.session(conversation_id) is None
    assert await store.list_conversations() == ()
    assert not session.send("more")

    await library.restore(conversation_id)
    assert titles(library) == ["tea"]
    again = await library.open(conversation_id)
    assert again is not session
    assert again.messages == session.messages
    assert again.messages[-1].state is MessageState.STOPPED
    assert again.messages[-1].text == "Because of leaves."


async def test_a_conversation_that_cannot_be_deleted_goes_on(library, store, model):
    session = await chat(library, model, "tea")
    store.failure = StoreError("no")
    with pytest.raises(StoreError):
        await library.delete(session.conversation.id)
    store.failure = None
    assert titles(library) == ["tea"]
    assert await library.open(session.conversation.id) is session
    model.then(COMPLETE)
    assert session.send("more")
    await session.settled()


async def test_deleting_one_that_is_not_open(library, store, model):
    await store.save_conversation(Conversation("c1", title="a"))
    await library.load()
    await library.delete("c1")
    assert titles(library) == []
    await library.restore("c1")
    assert titles(library) == ["a"]


async def test_what_could_not_be_stored_stays_in_the_list(library, store, model):
    await store.save_conversation(Conversation("c1", title="a"))
    store.failures["add"] = StoreError("full")
    await chat(library, model, "tea")
    await library.restore("c1")
    assert titles(library) == ["tea", "a"]


async def test_closing_stops_all_and_waits_for_the_saves(library, store, model):
    holds = [Gate(), Gate()]
    model.then(*(ScriptedAnswer((TEXT, hold)) for hold in holds))
    sessions = [library.new_session() for _ in holds]
    for session, hold in zip(sessions, holds, strict=True):
        session.send("tea")
        await hold.reached.arrived()
    gate = store.gates["finish"] = Gate()
    closing = asyncio.get_running_loop().create_task(library.close())
    await gate.reached.arrived()
    # Both are stopped although the first is still being stored.
    await model.left.arrived(2)
    assert not closing.done()
    gate.open()
    await closing
    for session in sessions:
        assert store.messages[session.messages[-1].id].state is MessageState.STOPPED


async def test_nobody_hears_anything_after_unsubscribing(library, model):
    heard = []
    stop = library.subscribe(lambda: heard.append(True))
    stop()
    await chat(library, model, "tea")
    assert heard == []


async def test_open_or_not_a_conversation_takes_its_place(library, store, model):
    session = await chat(library, model, "tea")
    await store.save_conversation(Conversation("c1", title="coffee", folder="Kitchen"))
    await library.load()
    heard = []
    library.subscribe(lambda: heard.append(True))
    for conversation_id in (session.conversation.id, "c1"):
        await library.amend(conversation_id, lambda c: replace(c, pinned=True, tags=("hot",)))
    await session.settled()
    assert len(heard) == 2
    assert library.find(session.conversation.id) == session.conversation
    stored = await store.list_conversations()
    assert [(c.pinned, c.tags) for c in stored] == [(True, ("hot",))] * 2
    assert library.conversations == stored
    assert library.folders == ("Kitchen",)
    assert library.tags == ("hot",)
    await library.amend("c1", lambda c: c)
    assert len(heard) == 2
    with pytest.raises(KeyError):
        await library.amend("nowhere", lambda c: c)


async def test_the_archive_is_no_part_of_the_list(store):
    library = await filled(
        store,
        Conversation("a", "a", updated_at=1.0),
        Conversation("b", "b", updated_at=2.0, folder="F"),
        Conversation("c", "c", updated_at=3.0, archived=True, folder="G"),
    )
    await library.amend("a", lambda c: replace(c, archived=True))
    assert titles(library) == ["b"]
    assert [c.title for c in library.archived] == ["c", "a"]
    assert library.folders == ("F",)
    assert library.find("a").archived


async def test_a_change_that_is_refused_changes_nothing(store):
    library = await filled(store, Conversation("a", "a"))
    store.failure = StoreError("full")
    with pytest.raises(StoreError):
        await library.amend("a", lambda c: replace(c, pinned=True))
    with pytest.raises(StoreError):
        await library.duplicate("a")
    store.failure = None
    assert library.conversations == (Conversation("a", "a"),)


async def test_a_copy_stands_beside_its_original(library, store, model):
    session = await chat(library, model, "tea")
    original = session.conversation.id
    await library.amend(original, lambda c: replace(c, pinned=True, folder="F", tags=("t",)))
    first = await library.duplicate(original)
    second = await library.duplicate(first.id)
    assert [first.title, second.title] == ["tea (2)", "tea (3)"]
    assert (first.pinned, first.folder, first.tags) == (False, "F", ("t",))
    opened = await library.open(first.id)
    assert [m.text for m in opened.messages] == [m.text for m in session.messages]
    model.then(COMPLETE)
    assert opened.send("more")
    await opened.settled()
    assert len(session.messages) == 2
    assert len(await store.load_branch(first.id)) == 4
    with pytest.raises(KeyError):
        await library.duplicate("nowhere")


async def test_an_emptied_conversation_keeps_its_messages_for_the_way_back(library, store, model):
    session = await chat(library, model, "tea")
    conversation_id, shown = session.conversation.id, session.messages
    head = session.conversation.head
    deleted = await library.empty(conversation_id)
    assert titles(library) == ["tea"]
    emptied = await library.open(conversation_id)
    assert emptied.messages == ()
    # It is named and placed like any other.
    await library.amend(conversation_id, lambda c: replace(c, folder="F"))
    assert (await store.list_conversations())[0].folder == "F"
    assert emptied.conversation.folder == "F"
    await library.restore_branches(conversation_id, deleted, head)
    assert (await library.open(conversation_id)).messages == shown
    # What is written after it was emptied begins anew.
    await library.empty(conversation_id)
    again = await library.open(conversation_id)
    model.then(COMPLETE)
    assert again.send("coffee")
    await again.settled()
    asked = await store.load_branch(conversation_id)
    assert asked[0].text == "coffee"
    # It is no version of what was there before.
    assert again.branches.versions(asked[0].id).ids == (asked[0].id,)


async def test_only_the_person_takes_a_title_from_the_person(library, model):
    session = await chat(library, model, "tea")
    session.suggest_title("About tea")
    assert titles(library) == ["About tea"]
    session.rename("Mine")
    session.suggest_title("Not mine")
    session.suggest_title(" ")
    assert titles(library) == ["Mine"]
    assert session.conversation.named


async def test_a_message_on_another_branch_is_shown_with_what_came_of_it(library, model, store):
    session = await chat(library, model, "why tea")
    first = session.messages[-1]
    model.then(COMPLETE)
    session.retry()
    await session.settled()
    second = session.messages[-1]
    conversation = session.conversation.id
    assert await library.open_at(conversation, second.id) is session
    assert session.messages[-1].id == second.id
    heard = []
    session.subscribe(heard.append)
    assert await library.open_at(conversation, first.id) is session
    assert session.messages[-1] == first
    assert BranchShown(session.messages, 1, second.id) in heard
    await session.settled()
    assert store.conversations[conversation].head == first.id
    model.then(COMPLETE)
    assert session.send("and coffee?")
    await session.settled()
    assert session.messages[-2].parent == first.id
    assert await store.load_branch(conversation) == session.messages


async def test_a_branch_stays_while_an_answer_is_on_its_way(library, model):
    session = await chat(library, model, "why tea")
    first = session.messages[-1]
    gate = Gate()
    model.then(ScriptedAnswer((TEXT, gate, END)))
    session.retry()
    shown = [message.id for message in session.messages]
    assert await library.open_at(session.conversation.id, first.id) is session
    assert [message.id for message in session.messages] == shown
    gate.open()
    await session.settled()
    assert not session.show_branch("nobody")
    await library.open_at(session.conversation.id, "nobody")
    assert [message.id for message in session.messages] == shown
