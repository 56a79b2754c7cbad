"""Titles from the model: when it is asked, what it is told, and what becomes of its reply."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.library import Library
from desktop_app.demo.journal import Gate
from desktop_app.domain.connection import ConnectionSource
from desktop_app.domain.delta import (
    TEXT_WAS_THINKING,
    FinishDelta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
)
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import Role
from tests.chat.conftest import COMPLETE, TEXT
from tests.fakes.model import ScriptedAnswer

WAS_THINKING = (NoticeDelta(TEXT_WAS_THINKING),)
TEA = (TextDelta("About tea"), FinishDelta("stop"))


def named(*texts, reason="stop"):
    """A reply whose text is ``texts``."""
    words = tuple(map(TextDelta, texts))
    return ScriptedAnswer(((ThinkingDelta("A name."),), words, (FinishDelta(reason),)))


@pytest.fixture
async def wanted():
    return [True]


@pytest.fixture
async def library(store, model, wanted):
    async def source():
        return model

    library = Library(store, source, lambda: "M", names_by_model=lambda: wanted[0])
    yield library
    async with asyncio.timeout(10):
        await library.close()


async def ask(library, model, *answers, text="Why tea?", session=None):
    model.then(*answers)
    session = session or library.new_session()
    assert session.send(text)
    await settled(library, session)
    return session


async def settled(library, session):
    async with asyncio.timeout(10):
        await session.settled()
        await library.namer.settled()
        await session.settled()


async def test_the_first_whole_answer_gets_a_title(library, store, model):
    session = await ask(library, model, COMPLETE, named("About ", "tea"))
    assert session.conversation.title == "About tea"
    assert library.conversations == (session.conversation,)
    assert await store.list_conversations() == (session.conversation,)
    assert not session.conversation.named
    request = model.requests[1]
    (message,) = request.messages
    assert message.role is Role.USER
    assert message.text == "Question:\nWhy tea?\n\nAnswer:\nBecause of leaves."
    assert request.model == "M"
    assert 0 < request.parameters.max_tokens <= 500
    # It is not asked a second time, and what was asked is no part of the conversation.
    await ask(library, model, COMPLETE, session=session)
    assert len(model.requests) == 3
    assert len(session.messages) == 4
    assert model.requests[2].messages[0].text == "Why tea?"


async def test_long_texts_are_told_in_part(library, model):
    await ask(library, model, COMPLETE, named("Long"), text="x" * 5000)
    assert len(model.requests[1].messages[0].text) < 1100


@pytest.mark.parametrize(
    ("reply", "title"),
    [
        (named('"Tea, explained."'), "Tea, explained"),
        (named("\n**Tea**\n\nI chose this because ..."), "Tea"),
        (named("《茶道》"), "茶道"),
        (named("x" * 300), "x" * 59 + "…"),
        (ScriptedAnswer(((TextDelta("Let me see."),), WAS_THINKING, TEA)), "About tea"),
        (named("   "), "Why tea?"),
        (named("Half a na", reason="length"), "Why tea?"),
        (ScriptedAnswer(((ThinkingDelta("hm"),), (FinishDelta("stop"),))), "Why tea?"),
        (ScriptedAnswer(before=(ChatError(ErrorRecord(ErrorKind.RATE_LIMIT)),)), "Why tea?"),
        (ScriptedAnswer((TEXT, ChatError(ErrorRecord(ErrorKind.CUT_OFF)))), "Why tea?"),
    ],
)
async def test_what_becomes_of_a_reply(library, model, reply, title):
    session = await ask(library, model, COMPLETE, reply)
    assert session.conversation.title == title
    assert model.open_streams == 0
    assert not session.is_busy


async def test_unless_it_is_wanted_nothing_is_asked(library, model, wanted):
    wanted[0] = False
    session = await ask(library, model, COMPLETE)
    assert session.conversation.title == "Why tea?"
    assert len(model.requests) == 1


async def test_the_demo_is_not_asked(library, model):
    model.connection = replace(model.connection, source=ConnectionSource.DEMO)
    session = await ask(library, model, COMPLETE)
    assert session.conversation.title == "Why tea?"
    assert len(model.requests) == 1


async def test_an_answer_that_is_not_whole_gets_none(library, model):
    failed = ScriptedAnswer((TEXT, ChatError(ErrorRecord(ErrorKind.CUT_OFF))))
    session = await ask(library, model, failed)
    assert len(model.requests) == 1
    # Asked again and answered as a whole, it is the first.
    model.then(COMPLETE, named("About tea"))
    assert session.retry()
    await settled(library, session)
    assert session.conversation.title == "About tea"


async def test_a_title_of_the_person_stays(library, model):
    hold = Gate()
    model.then(COMPLETE, ScriptedAnswer((hold, *named("About tea").steps)))
    session = library.new_session()
    session.send("Why tea?")
    await hold.reached.arrived()
    session.rename("Mine")
    hold.open()
    await settled(library, session)
    assert session.conversation.title == "Mine"
    model.then(COMPLETE)
    assert session.retry()
    await settled(library, session)
    assert len(model.requests) == 3


async def test_the_next_question_need_not_wait_for_the_title(library, model):
    hold = Gate()
    model.then(COMPLETE, ScriptedAnswer((hold, *named("Late").steps)), COMPLETE)
    session = library.new_session()
    session.send("Why tea?")
    await hold.reached.arrived()
    assert session.send("And coffee?")
    await session.settled()
    assert len(session.messages) == 4
    hold.open()
    await settled(library, session)
    # By then it is about something else.
    assert session.conversation.title == "Why tea?"


async def test_a_title_on_its_way_keeps_nobody_from_leaving(library, store, model):
    hold = Gate()
    model.then(COMPLETE, ScriptedAnswer((hold,)))
    session = library.new_session()
    session.send("Why tea?")
    await hold.reached.arrived()
    await library.close()
    assert model.open_streams == 0
    assert [c.title for c in await store.list_conversations()] == ["Why tea?"]


async def test_a_deleted_conversation_is_not_named(library, store, model):
    hold = Gate()
    model.then(COMPLETE, ScriptedAnswer((hold, *named("Late").steps)))
    session = library.new_session()
    session.send("Why tea?")
    await hold.reached.arrived()
    await library.delete(session.conversation.id)
    hold.open()
    await library.namer.settled()
    assert [c.title for c in await store.list_trash()] == ["Why tea?"]
