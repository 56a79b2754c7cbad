"""What was recorded makes the same message again, in every form and after every end."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.exchange_json import as_json, from_json
from desktop_app.chat.ports import Model
from desktop_app.chat.session import ChatSession
from desktop_app.demo import faults
from desktop_app.demo.journal import Gate
from desktop_app.demo.script import (
    Call,
    CallShape,
    Comment,
    Data,
    End,
    Form,
    HttpError,
    JsonBody,
    Reply,
    Say,
    SseError,
    Tags,
    Think,
    Wait,
    base_resp_error,
)
from desktop_app.demo.server import DemoServer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Message, MessageState, Thought
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.replay import ReplayModel
from tests.fakes.conversation_store import MemoryConversationStore

KEY = "sk-replay-0123456789"
SAID = [
    Think("Let me see. 茶, "),
    Think("🍵 and <b>"),
    Say("Tea is"),
    Say(" made of\r\n\u2028*leaves* 👩‍🔬"),
    Say("."),
]
CALLS = [Think("Look."), Say("One moment."), Call("look", '{"at": "tea"}'), Call("taste", "{}")]

ANSWERS = {
    **{f"form {form.name}": Reply(SAID, form=form) for form in Form},
    **{f"end {end.name}": Reply(SAID, end=end) for end in End if end is not End.STALL},
    **{f"calls {shape.name}": Reply([replace(c, shape=shape) if isinstance(c, Call) else c for c in CALLS]) for shape in CallShape},
    "crlf": Reply(SAID, eol="\r\n"),
    "cr": Reply(SAID, eol="\r"),
    "byte order mark": Reply(SAID, prefix=b"\xef\xbb\xbf"),
    "single bytes": Reply(SAID, split_every=1),
    "no space": Reply(SAID, data_field="data:", ascii=True),
    "comments": Reply([Comment("ping"), *SAID, Comment("pong")]),
    "odd tags": Reply(SAID, form=Form.THINK_TAGS, tags=Tags("", "</think>", apart=True)),
    "at the limit": Reply(SAID, finish_reason="length"),
    "flags": Reply(SAID, flags={"output_sensitive": True}),
    "no usage": Reply(SAID, usage=None),
    "nothing": Reply([]),
    "bad data": Reply([Say("Hel"), Data('{"choices": [')]),
    "error in the stream": Reply([Think("Hm"), Say("Hel"), SseError(1027, "output new_sensitive")]),
    "error of the service": base_resp_error(1008, "insufficient balance"),
    "one document": JsonBody({"choices": [{"message": {"content": "all"}, "finish_reason": "stop"}]}),
    "compressed": Reply(SAID, gzip=True),
    "overloaded": HttpError(529, 2064, "busy"),
    "rate limit": faults.rate_limited(),
    "wrong key": faults.wrong_key(),
    "server error": faults.server_error(),
}  # fmt: skip


class AtOnce:
    """The pace of tests; notes what was reached."""

    def __init__(self) -> None:
        self.reached: list[tuple[float, bool]] = []

    async def reach(self, at: float, *, is_event: bool) -> None:
        self.reached.append((at, is_event))


def session_with(model: Model, store: MemoryConversationStore) -> ChatSession:
    async def source() -> Model:
        return model

    return ChatSession(Conversation("c1", model="MiniMax-M2"), (), store, source)


async def recorded(
    model: Model, heard: asyncio.Event | None = None
) -> tuple[Message, ExchangeRecord]:
    """Ask once, stop after ``heard`` if it is given; return the message and its stored record."""
    store = MemoryConversationStore()
    session = session_with(model, store)
    session.send("Why tea? 茶")
    async with asyncio.timeout(20):
        if heard is not None:
            session.subscribe(lambda event: heard.set() if session.messages[-1].text else None)
            await heard.wait()
            session.stop()
        await session.settled()
    answer = session.messages[-1]
    (record,) = await store.load_exchanges(answer.id)
    await session.close()
    await model.aclose()
    return answer, from_json(as_json(record))


async def replayed(record: ExchangeRecord) -> tuple[Message, ExchangeRecord]:
    store = MemoryConversationStore()
    sessions: list[ChatSession] = []
    model = ReplayModel(record, AtOnce(), lambda: sessions[0].stop())
    sessions.append(session_with(model, store))
    sessions[0].send("?")
    async with asyncio.timeout(20):
        await sessions[0].settled()
    answer = sessions[0].messages[-1]
    (again,) = await store.load_exchanges(answer.id)
    await sessions[0].close()
    return answer, again


def essence(message: Message) -> Message:
    """``message`` without what differs between any two: its name, its place, and clocks."""
    parts = tuple(
        replace(part, seconds=None) if isinstance(part, Thought) else part for part in message.parts
    )
    error = None if message.error is None else replace(message.error, retry_at=None)
    return replace(message, id="", parent=None, created_at=0.0, parts=parts, error=error)


def model_for(server: DemoServer, *, is_minimax: bool = True) -> OpenAIChatModel:
    connection = Connection(
        "demo", "Demo", server.base_url, ConnectionSource.DEMO, is_minimax, is_minimax
    )
    return OpenAIChatModel(connection, KEY, limits=TimeLimits(idle=0.5))


@pytest.mark.parametrize("is_minimax", [True, False], ids=["minimax", "other"])
@pytest.mark.parametrize("name", ANSWERS)
async def test_a_replay_makes_the_same_message(name, is_minimax):
    with DemoServer() as server:
        server.enqueue(ANSWERS[name])
        answer, record = await recorded(model_for(server, is_minimax=is_minimax))
    again, its_record = await replayed(record)
    assert essence(again) == essence(answer)
    assert KEY not in as_json(record)
    # A replay can be replayed.
    assert its_record.request_body == record.request_body
    assert [event.text for event in its_record.events] == [event.text for event in record.events]
    assert (its_record.status, its_record.body) == (record.status, record.body)
    assert its_record.error == record.error


async def test_a_stopped_answer_stops_at_the_same_place():
    gate = Gate()
    with DemoServer() as server:
        server.enqueue(Reply([Think("Hm."), Say("Tea is"), Wait(gate), Say("never")]))
        answer, record = await recorded(model_for(server), asyncio.Event())
    assert answer.state is MessageState.STOPPED
    again, _ = await replayed(record)
    assert essence(again) == essence(answer)
    assert again.text == "Tea is"


async def test_a_server_that_is_not_there():
    server = DemoServer().start()
    server.stop()
    answer, record = await recorded(model_for(server))
    assert answer.state is MessageState.FAILED
    again, _ = await replayed(record)
    assert essence(again) == essence(answer)


async def test_a_silence():
    with DemoServer() as server:
        server.enqueue(Reply(SAID, end=End.STALL))
        answer, record = await recorded(model_for(server))
    again, _ = await replayed(record)
    assert essence(again) == essence(answer)
    assert again.error.kind.value == "idle_timeout"


async def test_everything_happens_at_its_time():
    with DemoServer() as server:
        server.enqueue(Reply(SAID))
        _, record = await recorded(model_for(server))
    pace = AtOnce()
    session = session_with(ReplayModel(record, pace), MemoryConversationStore())
    session.send("?")
    await session.settled()
    await session.close()
    assert [at for at, is_event in pace.reached if is_event] == [e.at for e in record.events]
    assert (record.sent_at, False) in pace.reached
    times = [at for at, _ in pace.reached]
    assert times == sorted(times)


async def test_a_body_that_is_sent_again_is_played_too_and_no_models_are_known():
    with DemoServer() as server:
        server.enqueue(Reply(SAID))
        _, record = await recorded(model_for(server))
    model = ReplayModel(record, AtOnce())
    sent: list[bool] = []
    async with model.stream_body("{}", lambda: sent.append(True)) as stream:
        assert [batch async for batch in stream]
    assert sent == [True]
    assert await model.list_models() == ()


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "[" * 100_000])
async def test_a_record_of_somebody_else_with_an_unknown_error(body):
    record = ExchangeRecord(
        "e", "m", 0.0, "POST", "http://host.example/x", (), body, error="unheard_of: too bad"
    )
    answer, _ = await replayed(record)
    assert answer.state is MessageState.FAILED
    assert answer.error.host == "host.example"
    assert "too bad" in answer.error.detail
