"""A refused request is repeated by the session: one answer, a countdown, and Stop at any point."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from desktop_app.chat.events import MessageAdded, MessageRemoved, Phase, StatusChanged
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.session import ChatSession
from desktop_app.demo import faults
from desktop_app.demo.journal import Gate
from desktop_app.demo.script import Answer, Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta, NoticeDelta, TextDelta, ThinkingDelta, ToolCallDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import MessageState
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from tests.chat.conftest import COMPLETE, Stage, WatchedStore, Watcher
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.model import ScriptedAnswer, ScriptedModel

BUSY = ErrorRecord(ErrorKind.OVERLOADED, "scripted.example", 2064, 529)
REFUSED = ScriptedAnswer(connecting=(ChatError(BUSY),))


class Waiting:
    """Stands for ``asyncio.sleep``: notes what was asked for, and ends at once or at a gate."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.gate: Gate | None = None

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if self.gate is not None:
            self.gate.reached.mark()
            await self.gate.opened.arrived(None)


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
async def stage(
    store: WatchedStore, model: ScriptedModel, waiting: Waiting
) -> AsyncIterator[Stage]:
    stage = Stage(store, model)
    stage.session = ChatSession(
        Conversation("c1", model="MiniMax-M2"),
        (),
        store,
        stage._model_source,
        RetryPolicy(chance=lambda: 0.5),
        waiting,
    )
    stage.watcher = Watcher(stage.session)
    yield stage
    if waiting.gate is not None:
        waiting.gate.open()
    async with asyncio.timeout(10):
        await stage.session.close()


async def test_one_answer_stands_there_and_no_failure_in_between(
    stage: Stage, waiting: Waiting
) -> None:
    answer = await stage.ask("Why tea?", REFUSED, REFUSED, COMPLETE)
    assert (answer.state, answer.text) == (MessageState.COMPLETE, "Because of leaves.")
    assert answer.error is None
    assert waiting.seconds == [1.0, 2.0]
    assert len(stage.model.requests) == 3
    assert stage.model.requests[0] == stage.model.requests[2]
    # Seen: the question, one answer, one end; stored: the same.
    assert len(stage.watcher.of(MessageAdded)) == 2
    assert stage.watcher.of(MessageRemoved) == []
    assert stage.watcher.finished == [answer]
    assert stage.stored == answer
    assert stage.watcher.phases == [
        *["connecting", "retrying"] * 2,
        "connecting",
        "waiting",
        "thinking",
        "writing",
        "ready",
    ]
    await stage.assert_answers()


async def test_the_status_says_until_when_and_why(stage: Stage) -> None:
    before = time.monotonic()
    await stage.ask("Why tea?", REFUSED, COMPLETE)
    statuses = [event.status for event in stage.watcher.of(StatusChanged)]
    (retrying,) = [status for status in statuses if status.phase is Phase.RETRYING]
    assert before + 1.0 <= retrying.retry_due <= time.monotonic() + 1.0
    assert retrying.cause == BUSY
    assert retrying.turn_started > 0
    assert all(s.cause is None and not s.retry_due for s in statuses if s is not retrying)


async def test_after_the_last_try_the_failure_is_shown(stage: Stage, waiting: Waiting) -> None:
    answer = await stage.ask("Why tea?", *[REFUSED] * 4)
    assert answer.state is MessageState.FAILED
    assert answer.error == BUSY
    assert waiting.seconds == [1.0, 2.0, 4.0]
    assert len(stage.model.requests) == 4
    # The person's own Retry begins anew.
    stage.model.then(REFUSED, COMPLETE)
    assert stage.session.retry()
    assert (await stage.settled()).state is MessageState.COMPLETE
    await stage.assert_answers()


async def test_stop_ends_the_waiting(stage: Stage, waiting: Waiting) -> None:
    gate = waiting.gate = Gate()
    stage.model.then(REFUSED)
    stage.session.send("Why tea?")
    await gate.reached.arrived()
    assert stage.session.is_busy
    assert stage.session.status.phase is Phase.RETRYING
    assert stage.session.status.phase.is_busy
    stage.session.stop()
    answer = await stage.settled()
    assert (answer.state, answer.error) == (MessageState.STOPPED, None)
    assert stage.session.status.phase is Phase.STOPPED
    assert len(stage.model.requests) == 1
    waiting.gate = None
    await stage.assert_answers()


@pytest.mark.parametrize(
    "first",
    [ThinkingDelta("Hm."), TextDelta("Tea"), ToolCallDelta(0, "call_1", "search")],
    ids=["thinking", "text", "call"],
)
async def test_never_once_something_came(stage: Stage, waiting: Waiting, first: Delta) -> None:
    answer = await stage.ask("Why tea?", ScriptedAnswer(((first,), ChatError(BUSY))))
    assert answer.state is MessageState.FAILED
    assert answer.error == BUSY
    assert len(answer.parts) == 1
    assert waiting.seconds == []
    assert len(stage.model.requests) == 1


async def test_marks_of_a_refused_answer_are_not_the_next_ones(stage: Stage) -> None:
    marked = ScriptedAnswer(((NoticeDelta("input_sensitive"),), ChatError(BUSY)))
    answer = await stage.ask("Why tea?", marked, COMPLETE)
    assert answer.state is MessageState.COMPLETE
    assert answer.notices == ()


async def test_a_key_that_is_refused_is_never_sent_again(stage: Stage, waiting: Waiting) -> None:
    record = ErrorRecord(ErrorKind.INVALID_KEY, "scripted.example", 2049, 401)
    answer = await stage.ask("Why tea?", ScriptedAnswer(connecting=(ChatError(record),)))
    assert answer.error == record
    assert waiting.seconds == []


async def test_without_a_policy_every_failure_is_shown(
    store: WatchedStore, model: ScriptedModel
) -> None:
    plain = Stage(store, model)
    answer = await plain.ask("Why tea?", REFUSED)
    assert answer.error == BUSY
    await plain.session.close()


@pytest.mark.parametrize(
    ("answers", "posts", "state"),
    [
        ([faults.rate_limited(), faults.overloaded()], 3, MessageState.COMPLETE),
        ([faults.rate_limited(2062), faults.server_error()], 3, MessageState.COMPLETE),
        ([faults.gateway_error(502)], 2, MessageState.COMPLETE),
        ([faults.rate_limited(retry_after="2")], 2, MessageState.COMPLETE),
        ([faults.rate_limited(retry_after="900")], 1, MessageState.FAILED),
        ([faults.plan_used_up()], 1, MessageState.FAILED),
        ([faults.no_balance(500)], 1, MessageState.FAILED),
        ([faults.wrong_key()], 1, MessageState.FAILED),
        ([faults.unknown_model()], 1, MessageState.FAILED),
        ([faults.input_sensitive(500)], 1, MessageState.FAILED),
        ([faults.error_in_stream(faults.ErrorStyle.OBJECT, 1002)], 1, MessageState.FAILED),
    ],
    ids=[
        "limit-overload",
        "plan-limit-server",
        "gateway",
        "soon",
        "too-late",
        "plan-used-up",
        "no-balance",
        "wrong-key",
        "unknown-model",
        "input",
        "in-stream",
    ],
)
async def test_a_real_server_counts_the_requests(
    waiting: Waiting, answers: list[Answer], posts: int, state: MessageState
) -> None:
    with DemoServer() as server:
        server.enqueue(*answers, Reply([Think("Hm."), Say("Here.")]))
        connection = Connection(
            "test", "Test", server.base_url, ConnectionSource.CUSTOM, needs_key=False
        )
        model = OpenAIChatModel(connection, "test-key")

        async def source() -> OpenAIChatModel:
            return model

        session = ChatSession(
            Conversation("c1", model="MiniMax-M2"),
            (),
            MemoryConversationStore(),
            source,
            RetryPolicy(),
            waiting,
        )
        session.send("Go")
        async with asyncio.timeout(10):
            await session.settled()
        answer = session.messages[-1]
        await session.close()
        await model.aclose()
        assert answer.state is state
        assert len(server.posts) == posts
        assert len(waiting.seconds) == posts - 1
        assert all(0.75 <= seconds <= 3 for seconds in waiting.seconds)
