"""Stop ends tools; what they had answered stays, and every call has a result."""

import asyncio

import pytest

from desktop_app.chat import tool_call
from desktop_app.chat.events import DeltasArrived
from desktop_app.chat.ports import StoreError
from desktop_app.demo.journal import Gate
from desktop_app.domain.delta import ToolResultDelta
from desktop_app.domain.message import MessageState, Role
from tests.chat.conftest import COMPLETE
from tests.chat.tool_stage import it as it  # noqa: PLC0414 - a fixture
from tests.tool_fakes import calling


async def test_stop_ends_the_tools_and_keeps_what_they_answered(it):
    gate = Gate()
    it.give("slow", gate)
    it.give("fast", "leaves")
    it.model.then(calling((it.name("slow"), "{}"), (it.name("fast"), "{}")))
    it.session.send("Go")
    await gate.reached.arrived()
    await it.until_result_of("fast")
    it.session.stop()
    last = await it.settled()
    assert {call.tool.name: call.ended for call in it.source_of_tools.calls} == {
        "slow": "CancelledError",
        "fast": "answered",
    }
    assert last.role is Role.TOOL
    assert last.state is MessageState.STOPPED
    assert [(result.text, result.is_error) for result in it.results] == [
        ("The person stopped the answer before this call ended.", True),
        ("leaves", False),
    ]
    assert it.session.status.phase == "stopped"
    assert it.stored == last
    await it.assert_answers()
    assert it.model.requests[-1].messages[2] == last


@pytest.mark.parametrize("presses", [1, 2, 5])
async def test_stop_may_be_pressed_more_than_once(it, presses):
    gate = Gate()
    it.give("slow", gate)
    it.model.then(calling((it.name("slow"), "{}")))
    it.session.send("Go")
    await gate.reached.arrived()
    for _ in range(presses):
        it.session.stop()
        await asyncio.sleep(0)
    last = await it.settled()
    assert last.state is MessageState.STOPPED
    assert it.source_of_tools.calls[0].ended == "CancelledError"
    await it.assert_answers()


async def test_a_tool_that_will_not_end_is_left_behind(it, monkeypatch, caplog):
    monkeypatch.setattr(tool_call, "GRACE_SECONDS", 0.01)
    gate, deaf = Gate(), Gate()

    async def stubborn(arguments, on_progress):
        while not gate.opened.happened:
            try:
                await gate.opened.arrived(None)
            except asyncio.CancelledError:
                deaf.reached.mark()
        return "at last"

    it.give("slow", stubborn)
    it.model.then(calling((it.name("slow"), "{}")))
    it.session.send("Go")
    await it.source_of_tools.begun.arrived(1)
    it.session.stop()
    last = await it.settled()
    assert deaf.reached.happened
    assert last.state is MessageState.STOPPED
    assert "is left behind" in caplog.text
    await it.assert_answers()
    gate.open()
    await it.source_of_tools.ended.arrived(1)
    assert it.source_of_tools.calls[0].ended == "answered"
    assert "at last" not in it.results[0].text


async def test_a_listener_that_stops_when_the_calls_are_there(it):
    it.give("look")

    def look(event):
        if isinstance(event, DeltasArrived) and it.session.messages[-1].tool_calls:
            it.session.stop()

    it.session.subscribe(look)
    last = await it.ask("Go", calling((it.name("look"), "{}")))
    assert last.state is MessageState.STOPPED
    assert it.calls == []


@pytest.mark.parametrize("at", ["MessageFinished", "MessageAdded"])
async def test_stop_between_two_messages_of_a_turn(it, at):
    it.give("look")

    def look(event):
        message = getattr(event, "message", None)
        if type(event).__name__ == at and message.role is not Role.USER and len(it.roles) > 2:
            it.session.stop()

    it.session.subscribe(look)
    last = await it.ask("Go", calling((it.name("look"), "{}")))
    assert last.is_final
    assert all(message.is_final for message in it.session.messages)
    assert await it.store.load_branch("c1") == it.session.messages
    it.session.subscribe(lambda event: None)
    assert not it.session.is_busy


async def test_stop_at_a_result_keeps_it(it):
    it.give("look", "leaves")

    def look(event):
        if isinstance(event, DeltasArrived) and isinstance(event.deltas[0], ToolResultDelta):
            it.session.stop()

    it.session.subscribe(look)
    await it.ask("Go", calling((it.name("look"), "{}")))
    assert it.results[0].text == "leaves"
    assert it.tool_messages[0].state is MessageState.STOPPED


async def test_closing_ends_tools_and_stores(it):
    gate = Gate()
    it.give("slow", gate)
    it.model.then(calling((it.name("slow"), "{}")))
    it.session.send("Go")
    await gate.reached.arrived()
    await it.session.close()
    assert it.stored.state is MessageState.STOPPED
    assert it.source_of_tools.calls[0].ended == "CancelledError"


async def test_a_disk_that_refuses_while_tools_run_loses_nothing(it):
    it.give("look", "leaves")
    it.store.failures["append"] = StoreError("full")
    await it.ask("Go", calling((it.name("look"), "{}")), COMPLETE)
    assert it.results[0].text == "leaves"
    it.store.failures.clear()
    await it.session.save()
    assert await it.store.load_branch("c1") == it.session.messages
