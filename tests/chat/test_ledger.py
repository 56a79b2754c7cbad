"""What waits for the store, and in which order it gets there."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.ledger import Ledger
from desktop_app.chat.ports import StoreError
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, MessageState, Role, Text

EMPTY = Conversation("c1", title="Tea")
QUESTION = Message("m1", Role.USER, (Text("?"),))
STREAMING = Message("m2", Role.ASSISTANT, parent="m1", state=MessageState.STREAMING)
ANSWER = replace(STREAMING, parts=(Text("!"),), state=MessageState.COMPLETE)
ASKED = replace(EMPTY, head="m2")


@pytest.fixture
def troubles():
    return []


@pytest.fixture
def ledger(store, troubles):
    return Ledger(store, EMPTY, troubles.append)


async def test_nothing_noted_is_nothing_written(ledger, store):
    await ledger.write()
    assert store.calls == []
    assert ledger.is_settled


async def test_a_beginning_and_an_end(ledger, store):
    ledger.note_new(ASKED, (QUESTION, STREAMING))
    assert not ledger.is_settled
    assert not ledger.holds("m2")
    await ledger.write()
    assert ledger.is_settled
    assert ledger.holds("m2")
    ledger.note_final(ANSWER)
    assert not ledger.is_settled
    await ledger.write()
    await ledger.write()
    assert store.names == ["add", "finish"]
    assert await store.load_branch("c1") == (QUESTION, ANSWER)


async def test_an_end_during_the_beginning(ledger, store):
    gate = store.gates["add"] = Gate()
    ledger.note_new(ASKED, (QUESTION, STREAMING))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ledger.write())
        await gate.reached.arrived()
        ledger.note_final(ANSWER)
        tasks.create_task(ledger.write())
        gate.open()
    assert store.names == ["add", "finish"]
    assert await store.load_branch("c1") == (QUESTION, ANSWER)
    assert ledger.is_settled


async def test_an_end_before_the_beginning_is_one_write(ledger, store):
    ledger.note_new(ASKED, (QUESTION, STREAMING))
    ledger.note_final(ANSWER)
    await ledger.write()
    assert store.calls == [("add", (QUESTION, ANSWER))]


async def test_a_change_during_a_write_is_written_after_it(ledger, store):
    gate = store.gates["add"] = Gate()
    ledger.note_new(ASKED, (QUESTION, STREAMING))
    renamed = replace(ASKED, title="More tea")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ledger.write())
        await gate.reached.arrived()
        ledger.note_conversation(renamed)
        tasks.create_task(ledger.write())
        gate.open()
    assert store.names == ["add", "save"]
    assert store.conversations["c1"] == renamed


async def test_many_changes_are_one_write(ledger, store):
    ledger.note_new(ASKED, (QUESTION, STREAMING))
    await ledger.write()
    for number in range(5):
        ledger.note_conversation(replace(ASKED, title=str(number)))
    await asyncio.gather(*(ledger.write() for _ in range(5)))
    assert store.names == ["add", "save"]
    assert store.conversations["c1"].title == "4"


async def test_a_refusal_is_told_once_for_each_new_message(ledger, store, troubles):
    store.failure = StoreError("no room")
    ledger.note_new(ASKED, (QUESTION, STREAMING))
    await ledger.write()
    ledger.note_final(ANSWER)
    await ledger.write()
    assert troubles == ["no room"]
    more = Message("m3", Role.USER, (Text("more"),), parent="m2")
    ledger.note_new(replace(ASKED, head="m3"), (more,))
    await ledger.write()
    assert troubles == ["no room"] * 2
    store.failure = None
    await ledger.write()
    assert await store.load_branch("c1") == (QUESTION, ANSWER, more)
    assert ledger.is_settled
