"""Pinned, left out, summarised: kept with the messages, undone like any deed, and obeyed."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.events import WishesChanged
from desktop_app.chat.ledger import Ledger
from desktop_app.chat.library import Library
from desktop_app.chat.outlook import Outlook
from desktop_app.chat.ports import StoreError
from desktop_app.chat.undo import DeedKind, UndoStack
from desktop_app.chat.wish_deeds import wish
from desktop_app.chat.wishes import Wish
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.message import DRAFT, Message, MessageState, Role, Sending, Text
from desktop_app.providers.openai_chat.request import explain
from tests.chat.conftest import COMPLETE
from tests.fakes.model import SCRIPTED_CONNECTION

PINNED = Wish(Sending.PINNED)
LEFT_OUT = Wish(Sending.LEFT_OUT)

LONG = "a fairly long word " * 30_000
"""About 130,000 tokens."""


async def asked(stage):
    await stage.ask("Why tea?", COMPLETE)
    return [message.id for message in stage.session.messages]


async def test_what_is_wanted_is_told_and_stored(stage):
    question, answer = await asked(stage)
    before = stage.session.wishes.apply({question: PINNED, answer: Wish(), "nobody": PINNED})
    assert before == {question: Wish()}
    (event,) = stage.watcher.of(WishesChanged)
    assert [(m.id, m.sending) for m in event.messages] == [(question, Sending.PINNED)]
    assert stage.session.messages[0].sending is Sending.PINNED
    await stage.settled()
    assert await stage.store.load_branch("c1") == stage.session.messages
    assert stage.session.wishes.apply({question: PINNED}) == {}
    assert len(stage.watcher.of(WishesChanged)) == 1


async def test_a_summary_is_kept_without_space_around_it(stage):
    question, _ = await asked(stage)
    stage.session.wishes.apply({question: Wish(summary="  Tea. \n")})
    await stage.settled()
    assert stage.store.messages[question].summary == "Tea."


async def test_nothing_is_wanted_of_what_still_grows(stage):
    stage.model.then(COMPLETE)
    assert stage.session.send("Why?")
    growing = stage.session.messages[-1]
    assert not growing.is_final
    assert stage.session.wishes.apply({growing.id: LEFT_OUT}) == {}
    await stage.settled()


async def test_the_store_that_refuses_gets_it_later(stage, store):
    question, _ = await asked(stage)
    store.failure = StoreError("full")
    stage.session.wishes.apply({question: PINNED})
    await stage.settled()
    assert not await stage.session.save()
    store.failure = None
    assert await stage.session.save()
    assert store.messages[question].sending is Sending.PINNED


async def test_what_is_not_stored_yet_takes_its_wish_along(store):
    question = Message("m1", Role.USER, (Text("?"),))
    conversation = Conversation("c1", head="m1")
    ledger = Ledger(store, conversation, print)
    ledger.note_new(conversation, (question,))
    ledger.note_wishes((replace(question, sending=Sending.PINNED),))
    assert not ledger.is_settled
    await ledger.write()
    assert ledger.is_settled
    assert store.messages["m1"].sending is Sending.PINNED


@pytest.fixture
async def library(stage, store):
    await asked(stage)
    await stage.session.close()
    library = Library(store, stage._model_source, lambda: "m")
    await library.load()
    yield library
    await library.close()


async def test_it_can_be_undone_and_done_again(library, store):
    stack = UndoStack()
    question, answer = [m.id for m in (await library.open("c1")).messages]
    await wish(library, stack, DeedKind.SENDING, "c1", {question: PINNED})
    await wish(library, stack, DeedKind.SENDING, "c1", {question: LEFT_OUT, answer: LEFT_OUT})
    await wish(library, stack, DeedKind.SENDING, "c1", {question: LEFT_OUT})
    assert stack.last.kind is DeedKind.SENDING

    async def stored():
        await library.session("c1").settled()
        return [store.messages[id_].sending.value for id_ in (question, answer)]

    assert await stored() == ["left_out", "left_out"]
    await stack.undo()
    assert await stored() == ["pinned", "auto"]
    await stack.undo()
    assert await stored() == ["auto", "auto"]
    assert await stack.undo() is None
    await stack.redo()
    # Also when it was closed in between.
    await library.session("c1").close()
    library._forget_session(library.session("c1"))
    await stack.redo()
    assert await stored() == ["left_out", "left_out"]


async def test_of_a_conversation_that_is_gone_nothing_is_wanted(library):
    stack = UndoStack()
    await wish(library, stack, DeedKind.SENDING, "nobody", {"m": PINNED})
    assert stack.last is None


@pytest.fixture
def outlook():
    outlook = Outlook(explain, lambda: SCRIPTED_CONNECTION)
    yield outlook
    outlook.end()


@pytest.fixture
async def fitted(store, model, outlook):
    """A session whose requests are fitted, as the library opens it."""

    async def source():
        return model

    library = Library(store, source, lambda: "MiniMax-M2", outlook=outlook)
    session = library.new_session()

    async def ask(text):
        model.then(COMPLETE)
        assert session.send(text)
        async with asyncio.timeout(10):
            await session.settled()
        return session.messages[-1]

    session.ask = ask
    yield session
    await library.close()


async def test_only_what_fits_is_sent(fitted, model):
    for text in (LONG, "Short?", LONG):
        await fitted.ask(text)
    sent = [message.text for message in model.requests[-1].messages if message.role is Role.USER]
    assert sent == ["Short?", LONG]
    assert len(fitted.messages) == 6


async def test_what_is_too_large_alone_is_not_sent(fitted, model):
    answer = await fitted.ask(LONG * 2)
    assert answer.state is MessageState.FAILED
    assert answer.error.kind is ErrorKind.WINDOW_FULL
    assert model.requests == []
    # The conversation goes on, without it when there is no room.
    model._answers.clear()
    answer = await fitted.ask("Short?")
    assert answer.state is MessageState.COMPLETE
    assert [message.text for message in model.requests[0].messages] == ["Short?"]


async def test_what_is_left_out_is_not_sent_and_said(fitted, model, outlook):
    await fitted.ask("One?")
    question = fitted.messages[0].id
    fitted.wishes.apply({question: LEFT_OUT})
    await fitted.ask("Two?")
    assert [message.text for message in model.requests[-1].messages] == ["Two?"]
    request = fitted.next_request("Three?")
    assert request.messages[-1].id == DRAFT
    forecast = await outlook.forecast(fitted.conversation.id, request)
    assert [m.text for m in forecast.request.messages if m.role is Role.USER] == ["Two?", "Three?"]
    assert {item.message_id for item in forecast.plan if not item.sent} >= {question}
