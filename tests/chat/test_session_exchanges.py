"""What went over the wire is stored with the answer, and can be sent once more as it was."""

import json
from dataclasses import replace

import pytest

from desktop_app.chat.events import MessageRemoved
from desktop_app.chat.ports import StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, END, TEXT, THINKING
from tests.fakes.model import ScriptedAnswer

REFUSED = ChatError(ErrorRecord(ErrorKind.SERVER))


async def exchange_of(stage, message):
    (record,) = await stage.store.load_exchanges(message.id)
    return record


async def test_a_complete_answer_has_its_exchange(stage):
    answer = await stage.ask("Why tea?", COMPLETE)
    record = await exchange_of(stage, answer)
    assert record.message_id == answer.id
    assert "Why tea?" in record.request_body
    assert (record.status, record.error) == (200, "")


async def test_a_refused_one_too(stage):
    answer = await stage.ask("Why tea?", ScriptedAnswer(before=(REFUSED,)))
    assert answer.state is MessageState.FAILED
    record = await exchange_of(stage, answer)
    assert record.error == "server"
    assert record.ended_at is not None


async def test_a_stopped_one_too(stage):
    pause = Gate()
    stage.model.then(ScriptedAnswer((THINKING, pause, TEXT, END)))
    stage.session.send("Why tea?")
    await pause.reached.arrived()
    stage.session.stop()
    answer = await stage.settled()
    assert (await exchange_of(stage, answer)).error == "stopped"


async def test_one_that_never_asked_has_none(stage):
    stage.session.send("Why tea?")
    stage.session.stop()
    answer = await stage.settled()
    assert await stage.store.load_exchanges(answer.id) == ()


async def test_nothing_is_stored_when_that_is_not_wanted(store, model):
    async def source():
        return model

    wanted = False
    session = ChatSession(
        Conversation("c1", model="m"), (), store, source, keeps_exchanges=lambda: wanted
    )
    model.then(COMPLETE, COMPLETE)
    session.send("One")
    await session.settled()
    assert store.exchanges == {}
    wanted = True
    session.send("Two")
    await session.settled()
    assert len(store.exchanges) == 1
    await session.close()


@pytest.mark.parametrize("failure", [StoreError("full"), ValueError("a bug")])
@pytest.mark.logs_errors("storing an exchange failed unexpectedly")
async def test_a_store_that_refuses_disturbs_nothing(stage, monkeypatch, failure):
    async def refuse(record):
        raise failure

    monkeypatch.setattr(stage.store, "save_exchange", refuse)
    answer = await stage.ask("Why tea?", COMPLETE)
    assert answer.state is MessageState.COMPLETE
    assert stage.stored == answer
    assert not any(type(event).__name__ == "StorageTrouble" for event in stage.watcher.events)
    await stage.assert_answers()


async def test_without_its_message_an_exchange_is_dropped(stage):
    stage.store.failures["add"] = StoreError("full")
    answer = await stage.ask("Why tea?", COMPLETE)
    assert answer.state is MessageState.COMPLETE
    assert stage.store.exchanges == {}
    stage.store.failures.clear()
    await stage.assert_answers()


async def test_an_exchange_is_sent_again_as_it_was(stage):
    first = await stage.ask("Why tea?", COMPLETE)
    body = '{"model": "other",\n "messages": []}'
    record = replace(await exchange_of(stage, first), request_body=body)
    stage.model.then(COMPLETE)
    assert stage.session.resend(record)
    again = await stage.settled()
    assert stage.model.bodies == [body]
    assert again.id != first.id
    assert again.parent == first.parent
    assert again.model == "other"
    assert [event.message_id for event in stage.watcher.of(MessageRemoved)] == [first.id]
    assert stage.store.messages[first.id] == first
    assert stage.stored == again
    assert (await exchange_of(stage, again)).request_body == body
    assert stage.watcher.phases[-5:] == ["connecting", "waiting", "thinking", "writing", "ready"]
    await stage.assert_answers()


async def test_what_follows_the_answer_leaves_the_branch_and_stays_stored(stage):
    first = await stage.ask("One", COMPLETE)
    record = await exchange_of(stage, first)
    second = await stage.ask("Two", COMPLETE)
    question = stage.session.messages[2]
    stage.model.then(COMPLETE)
    assert stage.session.resend(record)
    again = await stage.settled()
    assert [m.id for m in stage.session.messages] == [first.parent, again.id]
    removed = [event.message_id for event in stage.watcher.of(MessageRemoved)]
    assert removed == [second.id, question.id, first.id]
    assert {second.id, question.id, first.id} <= stage.store.messages.keys()
    assert await stage.store.load_branch("c1") == stage.session.messages


async def test_what_cannot_be_sent_again_does_nothing(stage):
    answer = await stage.ask("Why tea?", COMPLETE)
    record = await exchange_of(stage, answer)
    shown = stage.session.messages
    assert not stage.session.resend(replace(record, message_id="nobody"))
    assert not stage.session.resend(replace(record, message_id=shown[0].id))
    assert not stage.session.resend(replace(record, request_body=""))
    pause = Gate()
    stage.model.then(ScriptedAnswer((THINKING, pause, TEXT, END)))
    stage.session.send("And now?")
    await pause.reached.arrived()
    assert not stage.session.resend(record)
    pause.open()
    await stage.settled()
    await stage.session.close()
    assert not stage.session.resend(record)
    assert stage.model.bodies == []
    assert json.loads(record.request_body)["model"] == "MiniMax-M2"
