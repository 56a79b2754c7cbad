"""Messages that wait for an answer: their order, when they go, and that none is lost."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.events import MessageFinished, StatusChanged
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.demo.journal import Gate
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.draft import Draft
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, END, TEXT
from tests.fakes.draft_store import MemoryDraftStore
from tests.fakes.model import ScriptedAnswer

BROKEN = ChatError(ErrorRecord(ErrorKind.OVERLOADED))


def says(text):
    return ScriptedAnswer(((TextDelta(text),), END))


@pytest.fixture
def draft_store(store):
    return MemoryDraftStore(store)


@pytest.fixture
async def library(store, model, draft_store):
    async def source():
        return model

    library = Library(store, source, lambda: "MiniMax-M2", draft_store=draft_store)
    yield library
    for gate in store.gates.values():
        gate.open()
    async with asyncio.timeout(10):
        await library.close()


@pytest.fixture
def session(library):
    return library.new_session()


@pytest.fixture
def outbox(library, session):
    return library.outbox(session.conversation.id)


def waiting(outbox):
    return [message.text for message in outbox.waiting]


def words(session):
    return [message.text for message in session.messages]


async def until(session, reached):
    """Wait for the event after which ``reached()`` holds."""
    changed = asyncio.Event()
    leave = session.subscribe(lambda _: changed.set())
    async with asyncio.timeout(10):
        while not reached():
            await changed.wait()
            changed.clear()
    leave()
    await session.settled()


def idle_with(session, count):
    return lambda: len(session.messages) == count and not session.status.phase.is_busy


async def test_what_is_written_while_nothing_streams_is_sent(outbox, session, model):
    model.then(COMPLETE)
    assert outbox.submit("one")
    assert session.is_busy
    assert outbox.waiting == ()
    await session.settled()
    assert words(session)[0] == "one"


@pytest.mark.parametrize("text", ["", " \n"])
async def test_blanks_are_neither_sent_nor_kept(outbox, session, text):
    assert not outbox.submit(text)
    assert session.messages == ()


async def test_what_is_written_meanwhile_follows_in_its_order(outbox, session, model):
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold, END)), says("2"), says("3"))
    outbox.submit("one")
    await hold.reached.arrived()
    assert outbox.submit("two")
    assert outbox.submit("three")
    assert waiting(outbox) == ["two", "three"]
    assert not outbox.is_held
    hold.open()
    await until(session, idle_with(session, 6))
    assert words(session)[2:] == ["two", "2", "three", "3"]
    assert waiting(outbox) == []
    assert [m.text for m in model.requests[-1].messages][-3:] == ["two", "2", "three"]


async def test_everybody_hears_of_the_end_before_the_next_one_is_sent(outbox, session, model):
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold, END)), says("2"))
    order = []
    session.subscribe(
        lambda event: (
            order.append(type(event).__name__)
            if isinstance(event, MessageFinished)
            or (isinstance(event, StatusChanged) and event.status.phase.value == "connecting")
            else None
        )
    )
    outbox.submit("one")
    await hold.reached.arrived()
    outbox.submit("two")
    hold.open()
    await until(session, idle_with(session, 4))
    assert order == ["StatusChanged", "MessageFinished"] * 2


@pytest.mark.parametrize("ending", ["stop", "failure", "cut"])
async def test_after_a_failure_or_stop_they_wait_for_the_person(outbox, session, model, ending):
    hold = Gate()
    cut = ChatError(ErrorRecord(ErrorKind.CUT_OFF))
    end = {"failure": BROKEN, "cut": cut}.get(ending, END)
    model.then(ScriptedAnswer((TEXT, hold, end)))
    outbox.submit("one")
    await hold.reached.arrived()
    outbox.submit("two")
    outbox.submit("three")
    if ending == "stop":
        session.stop()
    else:
        hold.open()
    await session.settled()
    assert waiting(outbox) == ["two", "three"]
    assert outbox.is_held
    assert len(session.messages) == 2
    # Asking again does not set them off either.
    model.then(says("1"))
    session.retry()
    await session.settled()
    assert waiting(outbox) == ["two", "three"]
    assert outbox.is_held
    model.then(says("2"), says("3"))
    assert outbox.send()
    assert not outbox.is_held
    await until(session, idle_with(session, 6))
    assert words(session)[2:] == ["two", "2", "three", "3"]


async def test_what_waits_can_be_rewritten_and_removed(outbox, session, model):
    heard = []
    outbox.subscribe(lambda: heard.append(waiting(outbox)))
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold, END)), says("3"))
    outbox.submit("one")
    await hold.reached.arrived()
    for text in ("two", "three", "four"):
        outbox.submit(text)
    two, three, four = outbox.waiting
    outbox.rewrite(three.id, "three, please")
    outbox.remove(two.id)
    outbox.rewrite(four.id, " ")
    outbox.remove("nobody")
    assert waiting(outbox) == ["three, please"]
    assert heard[-1] == ["three, please"]
    hold.open()
    await until(session, idle_with(session, 4))
    assert words(session)[2] == "three, please"
    assert session.messages[2].id == three.id


async def test_a_session_that_takes_nothing_keeps_them(outbox, session, model):
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold, END)))
    outbox.submit("one")
    await hold.reached.arrived()
    outbox.submit("two")
    assert not outbox.send()
    await session.close()
    assert not outbox.send()
    assert waiting(outbox) == ["two"]
    assert outbox.is_held


async def test_what_waits_is_stored_at_once_and_held_in_the_next_run(
    library, outbox, session, model, draft_store, store
):
    hold = Gate()
    model.then(ScriptedAnswer((TEXT, hold, END)))
    outbox.submit("one")
    await hold.reached.arrived()
    outbox.submit("two")
    async with asyncio.timeout(10):
        while draft_store.drafts.get(session.conversation.id) != Draft(queue=outbox.waiting):
            await draft_store.saved.arrived(draft_store.saved.total + 1)
    # The next run, as after a kill.
    half = session.messages[1]
    store.messages[half.id] = replace(half, state=MessageState.INTERRUPTED)
    other = Library(store, library._model_source, lambda: "m", draft_store=draft_store)
    await other.load()
    reopened = await other.open(session.conversation.id)
    again = other.outbox(session.conversation.id)
    assert waiting(again) == ["two"]
    assert again.is_held
    model.then(says("2"))
    assert again.send()
    await reopened.settled()
    assert words(reopened)[-2:] == ["two", "2"]
    await other.close()
    hold.open()
    outbox.remove(outbox.waiting[0].id)


async def test_what_a_full_disk_refuses_is_somewhere(library, outbox, session, model, store):
    model.then(COMPLETE)
    store.failures["add"] = StoreError("The disk is full.")
    outbox.submit("one")
    await session.settled()
    await library.drafts.flush()
    stored = await library.drafts._store.load_drafts()
    assert [message.text for message in stored[session.conversation.id].queue] == ["one"]
    assert outbox.waiting == ()
    store.failures.clear()
    model.then(says("2"))
    outbox.submit("two")
    await session.settled()
    await library.drafts.flush()
    assert await library.drafts._store.load_drafts() == {}
    assert session.messages[0].id in store.messages


async def test_the_draft_of_a_conversation_without_a_message_is_gone_on_with(
    library, store, draft_store, model
):
    first = library.new_session().conversation.id
    library.drafts.keep(first, Draft("half a"))
    await library.drafts.flush()
    other = Library(store, library._model_source, lambda: "m", draft_store=draft_store)
    await other.load()
    session = other.new_session()
    assert session.conversation.id == first
    assert other.drafts.of(first) == Draft("half a")
    # It is taken once.
    assert other.new_session().conversation.id != first
    await other.close()


async def test_a_deleted_conversation_takes_its_draft_along(library, model, session, outbox):
    model.then(COMPLETE)
    outbox.submit("one")
    await session.settled()
    key = session.conversation.id
    library.drafts.keep(key, Draft("half a"))
    await library.delete(key)
    assert library.new_session().conversation.id != key
    await library.restore(key)
    await library.open(key)
    assert library.drafts.of(key) == Draft("half a")
    assert (await library.open(key)).messages[-1].state is MessageState.COMPLETE
