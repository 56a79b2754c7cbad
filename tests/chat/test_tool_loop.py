"""A turn with tools: rounds, results, what is stored of them, and how many there may be."""

import asyncio

import pytest

from desktop_app.chat.events import DeltasArrived, MessageAdded, MessageFinished, StatusChanged
from desktop_app.chat.tool_use import ToolLimits
from desktop_app.demo.journal import Gate
from desktop_app.domain.delta import TextDelta, ThinkingDelta, ToolResultDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import ROUNDS_USED_UP, MessageState, Role, ToolResult
from desktop_app.domain.tool import ToolOutcome, ToolProgress
from tests.chat.conftest import COMPLETE
from tests.chat.tool_stage import it as it  # noqa: PLC0414 - a fixture
from tests.fakes.model import ScriptedAnswer
from tests.tool_fakes import calling

USER, ASSISTANT, TOOL = Role.USER, Role.ASSISTANT, Role.TOOL


async def test_think_call_result_think_answer(it):
    it.give("look", "three leaves")
    answer = await it.ask(
        "Why?",
        calling((it.name("look"), '{"at": "tea"}'), before=[(ThinkingDelta("hm"),)]),
        COMPLETE,
    )
    assert it.roles == [USER, ASSISTANT, TOOL, ASSISTANT]
    assert [m.state for m in it.session.messages] == [MessageState.COMPLETE] * 4
    assert [m.parent for m in it.session.messages[1:]] == [m.id for m in it.session.messages[:-1]]
    (call,) = it.source_of_tools.calls
    assert call.arguments == {"at": "tea"}
    (result,) = it.results
    assert (result.call_id, result.name, result.text) == ("c1", "files__look", "three leaves")
    assert not result.is_error
    assert result.seconds is not None
    assert answer.text == "Because of leaves."
    it.assert_usable()
    assert await it.store.load_branch("c1") == it.session.messages
    assert it.session.conversation.head == answer.id


async def test_the_next_request_has_everything_before_it(it):
    it.give("look")
    await it.ask("Why?", calling((it.name("look"), "{}")), COMPLETE)
    first, second = it.model.requests
    assert [m.role for m in first.messages] == [USER]
    assert second.messages == it.session.messages[:3]
    for request in (first, second):
        assert [spec.name for spec in request.tools] == ["files__look"]
        assert request.may_call


async def test_any_number_of_rounds(it):
    it.give("look")
    rounds = [calling((it.name("look"), "{}")) for _ in range(7)]
    await it.ask("Why?", *rounds, COMPLETE)
    assert it.roles == [USER, *[ASSISTANT, TOOL] * 7, ASSISTANT]
    assert it.calls == ["look"] * 7
    numbers = [
        (event.status.round, event.status.rounds)
        for event in it.watcher.of(StatusChanged)
        if event.status.phase == "connecting"
    ]
    assert numbers == [(number, 25) for number in range(1, 9)]
    assert (it.session.status.round, it.session.status.rounds) == (0, 0)


async def test_parallel_calls_run_together_and_answer_in_the_models_order(it):
    gates = {name: Gate() for name in ("a", "b", "c")}
    for name, gate in gates.items():
        it.give(name, gate)
    it.model.then(calling(*((it.name(name), "{}") for name in gates)), COMPLETE)
    assert it.session.send("Go")
    await it.source_of_tools.begun.arrived(3)  # none waits for another
    for name in ("c", "a", "b"):
        gates[name].open()
        await it.until_result_of(name)
    await it.settled()
    assert [result.name[-1] for result in it.results] == ["a", "b", "c"]
    came = [
        delta.result.name[-1]
        for event in it.watcher.of(DeltasArrived)
        for delta in event.deltas
        if isinstance(delta, ToolResultDelta)
    ]
    assert came == ["c", "a", "b"]
    assert len(it.tool_messages) == 1


async def test_a_result_is_on_the_disk_before_it_is_shown(it):
    shown = []

    def look(event):
        if isinstance(event, DeltasArrived) and isinstance(event.deltas[0], ToolResultDelta):
            written = it.store.deltas[event.message_id]
            shown.append(event.deltas[0] in written)

    it.session.subscribe(look)
    it.give("look")
    await it.ask("Go", calling((it.name("look"), "{}"), (it.name("look"), "{}")), COMPLETE)
    assert shown == [True, True]


async def test_answer_and_call_are_on_the_disk_before_the_tool_runs(it):
    states = []

    async def look(arguments, on_progress):
        branch = await it.store.load_branch("c1")
        states.extend((message.role, message.state) for message in branch)
        return "seen"

    it.give("look", look)
    await it.ask("Go", calling((it.name("look"), "{}")), COMPLETE)
    assert states == [
        (USER, MessageState.COMPLETE),
        (ASSISTANT, MessageState.COMPLETE),
        (TOOL, MessageState.STREAMING),
    ]


async def test_events_and_phases(it):
    it.give("look", title="Look around")
    await it.ask("Go", calling((it.name("look"), "{}")), COMPLETE)
    assert it.watcher.phases == [
        "connecting", "waiting", "writing", "running_tool", "asking", "running_tool",
        "running_tool", "connecting", "waiting", "thinking", "writing", "ready",
    ]  # fmt: skip
    tools = [e.status.tool for e in it.watcher.of(StatusChanged) if e.status.tool]
    assert tools == ["Look around"]
    added = [event.message.id for event in it.watcher.of(MessageAdded)]
    assert added == [message.id for message in it.session.messages]
    finished = [event.message for event in it.watcher.of(MessageFinished)]
    assert finished == list(it.session.messages[1:])


async def test_the_session_is_busy_until_the_turn_ends(it):
    gate = Gate()
    it.give("look", gate)
    it.model.then(calling((it.name("look"), "{}")), COMPLETE)
    it.session.send("Go")
    await gate.reached.arrived()
    assert it.session.is_busy
    assert it.session.status.phase.is_busy
    assert not it.session.send("And?")
    assert not it.session.retry()
    growing = it.session.messages[-1]
    assert (growing.role, growing.state, growing.parts) == (TOOL, MessageState.STREAMING, ())
    gate.open()
    await it.settled()
    it.assert_usable()


async def test_with_no_rounds_left_the_model_is_asked_for_words(it):
    it.limits = ToolLimits(rounds=2)
    it.give("look")
    rounds = [calling((it.name("look"), "{}")) for _ in range(2)]
    answer = await it.ask("Go", *rounds, COMPLETE)
    assert [request.may_call for request in it.model.requests] == [True, True, False]
    assert it.model.requests[-1].tools == it.model.requests[0].tools
    assert it.calls == ["look"] * 2
    assert answer.notices == (ROUNDS_USED_UP,)
    assert answer.state is MessageState.COMPLETE
    assert it.stored.notices == (ROUNDS_USED_UP,)
    await it.assert_answers()


async def test_a_model_that_calls_all_the_same_is_refused_and_the_turn_ends(it):
    it.limits = ToolLimits(rounds=1)
    it.give("look")
    last = await it.ask("Go", *[calling((it.name("look"), "{}")) for _ in range(2)])
    assert it.roles == [USER, ASSISTANT, TOOL, ASSISTANT, TOOL]
    assert it.calls == ["look"]
    assert last.notices == (ROUNDS_USED_UP,)
    (refused,) = last.parts
    assert refused.is_error
    assert "No more tools" in refused.text
    assert it.session.status.phase == "ready"
    await it.assert_answers()


async def test_without_tools_an_answer_that_calls_ends_the_turn(stage):
    answer = await stage.ask("Go", calling(("look", "{}")))
    assert answer.state is MessageState.COMPLETE
    assert len(stage.session.messages) == 2
    assert stage.model.requests[0].tools == ()


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (ChatError(ErrorRecord(ErrorKind.SERVER)), MessageState.FAILED),
        (ChatError(ErrorRecord(ErrorKind.CUT_OFF)), MessageState.CUT_OFF),
    ],
)
async def test_calls_of_an_answer_that_broke_off_are_not_run(it, end, state):
    it.give("look")
    broken = calling((it.name("look"), '{"a": '))
    answer = await it.ask("Go", ScriptedAnswer((broken.steps[0], end)))
    assert answer.state is state
    assert it.calls == []
    assert it.roles == [USER, ASSISTANT]


async def test_a_round_that_fails_ends_the_turn_and_keeps_what_was_found(it):
    it.give("look", "leaves")
    failure = ScriptedAnswer(before=(ChatError(ErrorRecord(ErrorKind.BALANCE)),))
    answer = await it.ask("Go", calling((it.name("look"), "{}")), failure)
    assert it.roles == [USER, ASSISTANT, TOOL, ASSISTANT]
    assert answer.state is MessageState.FAILED
    assert it.session.status.phase == "failed"
    assert it.results[0].text == "leaves"
    assert await it.store.load_branch("c1") == it.session.messages


async def test_progress_is_passed_on_now_and_then_and_in_one_line(it):
    async def work(arguments, on_progress):
        for number in range(50):
            on_progress(ToolProgress(f"step\n{number} " + "x" * 5_000, number / 50))
        return "done"

    it.give("work", work)
    await it.ask("Go", calling((it.name("work"), "{}")), COMPLETE)
    (event,) = it.progress
    assert event.call_id == "c1"
    assert event.progress.fraction == 0.0
    assert event.progress.note.startswith("step 0 x")
    assert len(event.progress.note) <= 200


async def test_progress_after_the_end_is_not_heard(it):
    kept = []

    async def work(arguments, on_progress):
        kept.append(on_progress)
        return "done"

    it.give("work", work)
    await it.ask("Go", calling((it.name("work"), "{}")), COMPLETE)
    kept[0](ToolProgress("late", 1.0))
    assert it.progress == []


async def test_a_tool_that_fails_is_an_error_for_the_model_and_the_turn_goes_on(
    it, expect_error_log
):
    expect_error_log("the tool wreck of files failed unexpectedly")

    async def broken(arguments, on_progress):
        raise ZeroDivisionError

    it.give("wreck", broken)
    it.give("says", lambda a, p: _later(ToolOutcome("no such file", is_error=True)))
    answer = await it.ask(
        "Go", calling((it.name("wreck"), "{}"), (it.name("says"), "{}")), COMPLETE
    )
    first, second = it.results
    assert first.is_error
    assert "ZeroDivisionError" in first.text
    assert (second.is_error, second.text) == (True, "no such file")
    assert answer.state is MessageState.COMPLETE


async def test_a_tool_that_takes_too_long_is_ended(it):
    it.limits = ToolLimits(seconds=0.01)
    it.give("sleep", Gate())
    answer = await it.ask("Go", calling((it.name("sleep"), "{}")), COMPLETE)
    (result,) = it.results
    assert result.is_error
    assert "0.01 seconds" in result.text
    assert it.source_of_tools.calls[0].ended == "CancelledError"
    assert answer.state is MessageState.COMPLETE


async def test_a_turn_of_many_rounds_keeps_every_message(it):
    it.limits = ToolLimits(rounds=300)
    it.give("look")
    await it.ask("Go", *[calling((it.name("look"), "{}")) for _ in range(100)], COMPLETE)
    assert len(it.session.messages) == 202
    assert await it.store.load_branch("c1") == it.session.messages


async def _later(value):
    await asyncio.sleep(0)
    return value


async def test_a_turn_is_of_one_model_and_the_next_of_another(it):
    async def change(arguments, on_progress):
        it.session.set_model("MiniMax-M3")
        return "done"

    it.give("look", change)
    await it.ask("Go", calling((it.name("look"), "{}")), COMPLETE)
    await it.ask("Go on", COMPLETE)
    assert [request.model for request in it.model.requests] == [
        "MiniMax-M2", "MiniMax-M2", "MiniMax-M3",
    ]  # fmt: skip
    assert it.session.conversation.model == "MiniMax-M3"


async def test_text_before_the_calls_stays(it):
    it.give("look")
    await it.ask(
        "Go", calling((it.name("look"), "{}"), before=[(TextDelta("Let me look."),)]), COMPLETE
    )
    assert it.session.messages[1].text == "Let me look."
    assert [type(part) for part in it.session.messages[2].parts] == [ToolResult]


async def test_the_time_of_a_call_stands_still_while_it_waits_for_the_person(it):
    it.limits = ToolLimits(seconds=0.1)
    loop = asyncio.get_running_loop()

    async def ask(arguments, on_progress):
        on_progress(ToolProgress("step 1"))
        on_progress(ToolProgress("step 1", is_waiting=True))
        over = asyncio.Event()
        # More than the limit, and told of on the way as well.
        loop.call_later(0.11, on_progress, ToolProgress("still", is_waiting=True))
        loop.call_later(0.15, over.set)
        await over.wait()
        on_progress(ToolProgress("step 2"))
        return "said"

    it.give("ask", ask)
    await it.ask("Go", calling((it.name("ask"), "{}")), COMPLETE)
    assert [result.text for result in it.results] == ["said"]
    # That it begins and ends to wait is told at once, however soon that is.
    waits = [event.progress.is_waiting for event in it.progress]
    assert waits[:2] == [False, True]
    assert waits[-1] is False


async def test_after_the_wait_the_rest_of_the_time_is_what_was_left(it):
    it.limits = ToolLimits(seconds=0.05)

    async def ask(arguments, on_progress):
        on_progress(ToolProgress(is_waiting=True))
        on_progress(ToolProgress(is_waiting=False))
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            # What is said while it is being ended moves nothing any more.
            on_progress(ToolProgress(is_waiting=True))

    it.give("ask", ask)
    await it.ask("Go", calling((it.name("ask"), "{}")), COMPLETE)
    (result,) = it.results
    assert result.is_error
    assert "did not answer within 0.05 seconds" in result.text


async def test_a_call_that_waits_for_the_person_can_be_stopped(it):
    waiting = asyncio.Event()

    async def ask(arguments, on_progress):
        on_progress(ToolProgress(is_waiting=True))
        waiting.set()
        await asyncio.get_running_loop().create_future()

    it.give("ask", ask)
    it.model.then(calling((it.name("ask"), "{}")))
    it.session.send("Go")
    await waiting.wait()
    it.session.stop()
    await it.settled()
    assert it.source_of_tools.calls[0].ended == "CancelledError"
