"""Every way in which an answer fails: what came stays, the reason is kept, and one can retry."""

import pytest

from desktop_app.domain.delta import FinishDelta, NoticeDelta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE, END, TEXT, THINKING
from tests.fakes.model import SCRIPTED_CONNECTION, ScriptedAnswer

HOST = SCRIPTED_CONNECTION.host


async def assert_retry_works(stage):
    failed = stage.session.messages[-1]
    assert stage.session.status.phase == "failed"
    assert stage.stored == failed
    stage.assert_usable()
    stage.model.then(COMPLETE)
    assert stage.session.retry()
    answer = await stage.settled()
    assert answer.state is MessageState.COMPLETE
    assert answer.parent == failed.parent
    assert stage.store.messages[failed.id] == failed
    await stage.assert_answers()


@pytest.mark.parametrize("kind", list(ErrorKind))
async def test_a_refusal(stage, kind):
    record = ErrorRecord(kind, host="h", code=2049, status=401, trace_id="t", detail="no")
    answer = await stage.ask("?", ScriptedAnswer(before=(ChatError(record),)))
    wanted = MessageState.CUT_OFF if kind is ErrorKind.CUT_OFF else MessageState.FAILED
    assert answer.state is wanted
    assert answer.error == record
    assert answer.parts == ()
    assert answer.received is None
    await assert_retry_works(stage)


async def test_no_key(stage):
    record = ErrorRecord(ErrorKind.NO_KEY, host="h")

    async def source():
        raise ChatError(record)

    stage.source = source
    answer = await stage.ask("?")
    assert answer.state is MessageState.FAILED
    assert answer.error == record
    assert stage.session.messages[0].text == "?"
    stage.source = None
    await assert_retry_works(stage)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (ErrorKind.CONNECTION_LOST, MessageState.FAILED),
        (ErrorKind.IDLE_TIMEOUT, MessageState.FAILED),
        (ErrorKind.SENSITIVE_OUTPUT, MessageState.FAILED),
        (ErrorKind.BAD_DATA, MessageState.FAILED),
        (ErrorKind.CUT_OFF, MessageState.CUT_OFF),
    ],
)
async def test_a_break_in_the_middle_keeps_the_text(stage, kind, state):
    record = ErrorRecord(kind, host="h")
    answer = await stage.ask("?", ScriptedAnswer((THINKING, TEXT, ChatError(record))))
    assert answer.state is state
    assert answer.error == record
    assert answer.text == "Because of leaves."
    assert answer.thinking == "Let me see. Tea."
    assert answer.received["content"] == "Because of leaves."
    await assert_retry_works(stage)


@pytest.mark.parametrize("steps", [(ZeroDivisionError("secret"),), (TEXT, KeyError("secret"))])
async def test_our_own_bug_is_logged_and_keeps_the_text(stage, steps, expect_error_log, caplog):
    expect_error_log("a round failed unexpectedly")
    answer = await stage.ask("?", ScriptedAnswer(steps))
    assert answer.state is MessageState.FAILED
    assert answer.error == ErrorRecord(
        ErrorKind.INTERNAL, host=HOST, detail=type(steps[-1]).__name__
    )
    assert answer.text == ("" if len(steps) == 1 else "Because of leaves.")
    assert any(record.exc_info for record in caplog.records)
    await assert_retry_works(stage)


async def test_a_bug_in_the_look_up_of_the_model(stage, expect_error_log):
    expect_error_log("a round failed unexpectedly")

    async def source():
        raise ZeroDivisionError

    stage.source = source
    answer = await stage.ask("?")
    assert answer.error == ErrorRecord(ErrorKind.INTERNAL, detail="ZeroDivisionError")
    stage.source = None
    await assert_retry_works(stage)


@pytest.mark.parametrize(
    ("deltas", "kind"),
    [
        ((*THINKING, *TEXT), ErrorKind.LENGTH),
        (THINKING, ErrorKind.LENGTH_IN_THINKING),
        ((), ErrorKind.LENGTH_IN_THINKING),
    ],
)
async def test_the_length_limit(stage, deltas, kind):
    answer = await stage.ask("?", ScriptedAnswer(((*deltas, FinishDelta("length")),)))
    assert answer.state is MessageState.CUT_OFF
    assert answer.error == ErrorRecord(kind, host=HOST)
    assert answer.finish_reason == "length"
    assert answer.text == "".join(d.text for d in deltas if isinstance(d, TextDelta))
    await assert_retry_works(stage)


@pytest.mark.parametrize(
    "steps", [(), (END,), ((TextDelta(""), ThinkingDelta("")), END)], ids=["none", "end", "blank"]
)
async def test_an_empty_answer(stage, steps):
    answer = await stage.ask("?", ScriptedAnswer(steps))
    assert answer.state is MessageState.FAILED
    assert answer.error == ErrorRecord(ErrorKind.EMPTY_ANSWER, host=HOST)
    await assert_retry_works(stage)


async def test_an_unknown_end_is_an_end(stage):
    answer = await stage.ask("?", ScriptedAnswer((TEXT, (FinishDelta("tired"),))))
    assert answer.state is MessageState.COMPLETE
    assert answer.finish_reason == "tired"


async def test_notices_are_kept_once(stage):
    odd = NoticeDelta("output_sensitive")
    answer = await stage.ask("?", ScriptedAnswer((TEXT, (odd,), (odd,), END)))
    assert answer.notices == ("output_sensitive",)


async def test_failed_answers_go_along_with_the_next_question(stage):
    lost = ChatError(ErrorRecord(ErrorKind.CONNECTION_LOST))
    failed = await stage.ask("one", ScriptedAnswer((TEXT, lost)))
    await stage.ask("two", COMPLETE)
    assert stage.model.requests[1].messages[1] == failed
