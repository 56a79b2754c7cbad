"""What hangs on the end of an answer, where the answer is a turn with tools."""

import asyncio

import pytest

from desktop_app.chat.events import ApprovalAsked, MessageFinished
from desktop_app.chat.library import Library
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_use import ToolUse
from desktop_app.demo.journal import Gate
from desktop_app.domain.delta import FinishDelta, TextDelta
from desktop_app.domain.message import Role
from desktop_app.domain.tool import Decision, Risk
from tests.chat.conftest import COMPLETE, Watcher
from tests.fakes.model import ScriptedAnswer
from tests.tool_fakes import FakeSource, calling

TITLE = ScriptedAnswer(((TextDelta("About tea"),), (FinishDelta("stop"),)))


@pytest.fixture
def source():
    return FakeSource("builtin")


@pytest.fixture
async def library(store, model, source):
    async def model_source():
        return model

    tools = ToolUse(ToolBox([source]), Permissions(reading_is_allowed=lambda: True))
    library = Library(store, model_source, lambda: "M", names_by_model=lambda: True, tools=tools)
    yield library
    async with asyncio.timeout(10):
        await library.close()


async def test_the_title_is_asked_for_once_the_turn_has_ended(library, model, source):
    gate = Gate()
    source.give("look", gate, risk=Risk.READS)
    model.then(calling(("look", "{}")), COMPLETE, TITLE)
    session = library.new_session()
    session.send("Why tea?")
    await gate.reached.arrived()
    assert len(model.requests) == 1
    gate.open()
    await session.settled()
    await library.namer.settled()
    assert session.conversation.title == "About tea"
    told = model.requests[2].messages[0].text
    assert told == "Question:\nWhy tea?\n\nAnswer:\nBecause of leaves."


async def test_what_waits_is_sent_after_the_turn_and_not_between_its_rounds(library, model, source):
    gate = Gate()
    source.give("look", gate, risk=Risk.READS)
    model.then(calling(("look", "{}")), COMPLETE, COMPLETE, TITLE)
    session = library.new_session()
    sent = []
    session.subscribe(
        lambda event: sent.append(event.message.role) if isinstance(event, MessageFinished) else 0
    )
    outbox = library.outbox(session.conversation.id)
    assert outbox.submit("Why tea?")
    await gate.reached.arrived()
    assert outbox.submit("And coffee?")
    gate.open()
    for _ in range(3):
        await session.settled()
        await asyncio.sleep(0)
    assert outbox.waiting == ()
    assert [message.role for message in session.messages] == [
        Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.USER, Role.ASSISTANT,
    ]  # fmt: skip
    assert not outbox.is_held


async def test_after_stop_in_the_tools_what_waits_stays(library, model, source):
    gate = Gate()
    source.give("look", gate, risk=Risk.READS)
    model.then(calling(("look", "{}")))
    session = library.new_session()
    outbox = library.outbox(session.conversation.id)
    outbox.submit("Why tea?")
    await gate.reached.arrived()
    outbox.submit("And coffee?")
    assert library.busy == {session.conversation.id}
    session.stop()
    await session.settled()
    assert outbox.is_held
    assert library.busy == frozenset()


async def test_deleting_a_conversation_ends_its_tools(library, model, source):
    gate = Gate()
    source.give("look", gate, risk=Risk.READS)
    model.then(calling(("look", "{}")))
    session = library.new_session()
    session.send("Why tea?")
    await gate.reached.arrived()
    await library.delete(session.conversation.id)
    assert source.calls[0].ended == "CancelledError"


async def ask_and_wait(session):
    """Send a question and wait until the person is asked something in turn."""
    watcher = Watcher(session)
    assert session.send("Write")
    await watcher.until(lambda: bool(watcher.of(ApprovalAsked)))


async def test_two_conversations_each_wait_for_their_own_person(library, model, source):
    source.give("write", risk=Risk.WRITES)
    one, two = library.new_session(), library.new_session()
    model.then(calling(("write", "{}")), calling(("write", "{}")), *[COMPLETE] * 4)
    for session in (one, two):
        await ask_and_wait(session)
    one.decide("c1", Decision.ALLOW_HERE)
    await one.settled()
    assert len(source.calls) == 1
    assert two.approvals
    two.decide("c1", Decision.DENY)
    await two.settled()
    assert len(source.calls) == 1
