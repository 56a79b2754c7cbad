"""Any answer, in every wire form, cut at any byte positions into any network reads: one message.

Most examples go straight into the reader; some hundreds travel over a socket. A failure prints the
example; ``--hypothesis-seed=N`` plays a run again.
"""

import asyncio
import json

from hypothesis import HealthCheck, assume, given, settings

from desktop_app.chat.ports import ChatRequest
from desktop_app.demo.framing import EVENT_STREAM, Framing
from desktop_app.demo.http_answers import Http
from desktop_app.demo.server import DemoServer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.errors import ErrorRecord
from desktop_app.domain.message import Message, Role, Text, Thought, ToolCall
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.secret import Secret
from tests.wire.forms import Spoken, Wire, prepared, reads, spoken, stream, wires

IN_THE_READER = 10_000
OVER_A_SOCKET = 300

SERVICE = Connection("p", "P", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM)
NAMER = FaultNamer(SERVICE, Secret(""))
TOLERANT = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


def compare(said: Spoken, builder: MessageBuilder, fault: ErrorRecord | None) -> None:
    """The message is what was said."""
    assert fault is None
    assert builder.finish_reason == "stop"
    parts = builder.parts
    assert "\n\n".join(part.text for part in parts if isinstance(part, Thought)) == said.thinking
    assert "".join(part.text for part in parts if isinstance(part, Text)) == said.text
    calls = [part for part in parts if isinstance(part, ToolCall)]
    assert tuple((call.name, json.loads(call.arguments)) for call in calls) == said.calls


@settings(max_examples=IN_THE_READER, suppress_health_check=TOLERANT)
@given(spoken, wires)
def test_every_form_and_every_cut_give_the_same_message(said: Spoken, wire: Wire):
    said = prepared(said, wire)
    body = stream(said, wire)
    assume(body is not None)
    assert body is not None
    reader = AnswerReader("minimax", NAMER)
    builder = MessageBuilder(clock=lambda: 0.0)
    for data in reads(body, wire.seed):
        builder.add(reader.feed(data))
    builder.add(reader.finish())
    compare(said, builder, reader.fault)


def test_the_same_over_a_socket():
    loop = asyncio.new_event_loop()
    with DemoServer() as server:
        connection = Connection("p", "P", server.base_url, ConnectionSource.CUSTOM)
        model = OpenAIChatModel(connection, "key")
        question = Message("q", Role.USER, (Text("?"),))
        request = ChatRequest("MiniMax-M2", (question,), Parameters())

        async def hear() -> MessageBuilder:
            builder = MessageBuilder(clock=lambda: 0.0)
            async with asyncio.timeout(20), model.stream(request) as answer:
                async for deltas in answer:
                    builder.add(deltas)
            return builder

        @settings(max_examples=OVER_A_SOCKET, suppress_health_check=TOLERANT)
        @given(spoken, wires)
        def prove(said: Spoken, wire: Wire) -> None:
            said = prepared(said, wire)
            body = stream(said, wire)
            assume(body is not None)
            assert body is not None
            size = next(map(len, reads(body, wire.seed)))
            framing = list(Framing)[wire.seed % 3]
            server.enqueue(
                Http(body=body, content_type=EVENT_STREAM, framing=framing, split_every=size + 20)
            )
            compare(said, loop.run_until_complete(hear()), None)

        try:
            prove()
        finally:
            loop.run_until_complete(model.aclose())
            loop.close()
