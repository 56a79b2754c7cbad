"""A server of raw bytes on loopback, and the things that provider tests are made of."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.errors import ChatError
from desktop_app.domain.message import Message, Role, Text
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.providers.openai_chat import loading
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits

PATIENCE = 20.0
"""Seconds after which a test that waits for something has failed."""

HOLD = "hold"
"""Say nothing more, and wait until the client leaves."""
CLOSE = "close"
RESET = "reset"
KEEP = "keep"
"""Go on with the next request on the same connection."""


@dataclass
class SeenRequest:
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2
        return found[0] if found else None

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """What one request gets: bytes, gates to wait at, and the manner of the end."""

    parts: list[bytes | asyncio.Event]
    end: str = CLOSE
    before_request: bool = False


@dataclass
class RawServer:
    port: int = 0
    requests: list[SeenRequest] = field(default_factory=list)
    connections: int = 0
    replies: list[Reply] = field(default_factory=list)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    client_left: asyncio.Event = field(default_factory=asyncio.Event)
    left_at: float = 0.0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def reply(self, *parts: bytes | asyncio.Event, end: str = CLOSE) -> None:
        self.replies.append(Reply(list(parts), end))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.connected.set()
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = CLOSE
        try:
            while True:
                if self.replies and self.replies[0].before_request:
                    reply = self.replies.pop(0)
                else:
                    self.requests.append(await _read_request(reader))
                    self.asked.set()
                    reply = self.replies.pop(0)
                for part in reply.parts:
                    if isinstance(part, asyncio.Event):
                        await part.wait()
                    else:
                        writer.write(part)
                        await writer.drain()
                end = reply.end
                if end == HOLD:
                    await reader.read()
                    break
                if end != KEEP:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            if end == RESET:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
            self.left_at = asyncio.get_running_loop().time()
            self.client_left.set()
            writer.transport.abort() if end == RESET else writer.close()


async def _read_request(reader: asyncio.StreamReader) -> SeenRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = [(k, v) for k, _, v in (line.partition(": ") for line in head[1:] if line)]
    length = next((int(v) for k, v in headers if k.lower() == "content-length"), 0)
    return SeenRequest(method, path, headers, await reader.readexactly(length))


@pytest.fixture(scope="session", autouse=True)
def _sdk_is_loaded():
    loading.preload()


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    raw = RawServer()
    listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.port = listener.sockets[0].getsockname()[1]
    yield raw
    listener.close()


@pytest.fixture
async def make_model(server: RawServer) -> AsyncIterator[Callable[..., OpenAIChatModel]]:
    made: list[OpenAIChatModel] = []

    def make(
        key: str = "sk-test-canary-0123456789",
        limits: TimeLimits | None = None,
        slept: Callable[[], float] = lambda: 0.0,
        **changes: Any,
    ) -> OpenAIChatModel:
        connection = replace(connection_to(server.base_url), **changes)
        model = OpenAIChatModel(connection, key, limits=limits or TimeLimits(), slept=slept)
        made.append(model)
        return model

    yield make
    for model in made:
        await model.aclose()


def connection_to(base_url: str, **changes: Any) -> Connection:
    connection = Connection("test", "Test", base_url, ConnectionSource.CUSTOM)
    return replace(connection, **changes)


def user(text: str) -> Message:
    return Message("u", Role.USER, (Text(text),))


def ask(text: str = "Hello", **parameters: Any) -> ChatRequest:
    return ChatRequest("MiniMax-M2", (user(text),), Parameters(**parameters))


@dataclass
class Heard:
    """What came of one question."""

    builder: MessageBuilder
    batches: list[list[Any]]
    received: Any
    error: ChatError | None

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.builder.parts if type(p).__name__ == "Text")

    @property
    def thinking(self) -> str:
        return "\n\n".join(p.text for p in self.builder.parts if type(p).__name__ == "Thought")


async def hear(model: OpenAIChatModel, request: ChatRequest | None = None) -> Heard:
    """Ask and listen to the end, be it good or bad."""
    builder = MessageBuilder()
    heard = Heard(builder, [], None, None)
    try:
        async with asyncio.timeout(PATIENCE), model.stream(request or ask()) as stream:
            try:
                async for deltas in stream:
                    builder.add(deltas)
                    heard.batches.append(list(deltas))
            finally:
                heard.received = stream.received
    except ChatError as error:
        heard.error = error
    return heard


# Bytes of the wire.


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> str:
    """One event in the shape that the service gives it."""
    choice: dict[str, Any] = {"index": 0, "delta": delta or {}}
    if finish is not None:
        choice["finish_reason"] = finish
    return json.dumps(
        {"id": "0" * 32, "choices": [choice], "usage": None, **more}, ensure_ascii=False
    )


def usage_chunk(prompt: int = 10, completion: int = 5) -> str:
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": 15}
    base = {"status_code": 0, "status_msg": ""}
    return json.dumps({"choices": [], "usage": usage, "base_resp": base})


def events(*datas: str, newline: str = "\n") -> bytes:
    return "".join(f"data: {data}{newline}{newline}" for data in datas).encode()


def details(text: str) -> dict[str, Any]:
    item = {
        "type": "reasoning.text",
        "id": "reasoning-text-1",
        "format": "MiniMax-response-v1",
        "index": 0,
        "text": text,
    }
    return {"role": "assistant", "reasoning_content": text, "reasoning_details": [item]}


def head(status: int = 200, content_type: str = "text/event-stream", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def with_length(
    body: bytes, status: int = 200, content_type: str = "application/json", **h: str
) -> bytes:
    return head(status, content_type, Content_Length=str(len(body)), **h) + body


def chunked(*bodies: bytes, last: bool = True) -> bytes:
    framed = b"".join(b"%x\r\n%s\r\n" % (len(body), body) for body in bodies)
    return framed + (b"0\r\n\r\n" if last else b"")
