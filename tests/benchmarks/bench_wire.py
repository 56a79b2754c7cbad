"""What a streamed chunk costs from the socket to the domain's deltas, beside other ways to read it.

Chunks come in two ways: all at once, so that one read of the network brings a hundred, and each
alone, sent when the reader has nothing left to do. A fast server and a busy window are between them.

Processor time of the reading thread alone; the server runs in another. All ways read the same bytes
in one run, so the ratios hold on any machine, and the microseconds on none but yours.

    python -m tests.benchmarks.bench_wire
"""

import asyncio
import json
import selectors
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

import httpx2
import openai

from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import Message, Role, Text
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits

CHUNKS = 2_000
ROUNDS = 15
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

Reading = Callable[[str, int], Awaitable[int]]


def chunks() -> list[bytes]:
    """Return an answer in the service's shape: half thinking, half text, an HTTP chunk per event."""
    flags = {"input_sensitive": False, "output_sensitive": False, "output_sensitive_int": 0}
    parts = []
    for number in range(CHUNKS):
        text = f"word {number} "
        delta: dict[str, object] = {"role": "assistant", "name": "MiniMax AI", "audio_content": ""}
        if number < CHUNKS // 2:
            item = {"type": "reasoning.text", "id": "reasoning-text-1", "index": 0, "text": text}
            delta |= {"reasoning_content": text, "reasoning_details": [item]}
        else:
            delta["content"] = text
        choice: dict[str, object] = {"index": 0, "delta": delta}
        if number == CHUNKS - 1:
            choice["finish_reason"] = "stop"
        chunk = {"id": "0" * 32, "choices": [choice], "created": 1790008394, "usage": None, **flags}
        event = (
            f"data: {json.dumps({**chunk, 'model': 'M', 'object': 'chat.completion.chunk'})}\n\n"
        )
        parts.append(b"%x\r\n%s\r\n" % (len(event), event.encode()))
    return parts


class Idleness(selectors.DefaultSelector):
    """The selector of the reader's event loop; tells the server when the loop begins to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait as usual."""
        if timeout is None or timeout > 0:
            self.begun.set()
        return super().select(timeout)


@contextmanager
def server(answer: Sequence[bytes], idleness: Idleness) -> Iterator[int]:
    """Serve ``answer`` to every request, from a thread, and yield the port.

    Each part is sent alone, when all before it have been read.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(65536)
                head, _, rest = request.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                while len(rest) < length:
                    rest += connection.recv(65536)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for part in answer:
                    idleness.begun.wait()
                    idleness.begun.clear()
                    connection.sendall(part)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


async def raw_socket(base_url: str, port: int) -> int:
    """Read the socket, cut at blank lines, parse: what nothing can undercut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
    count, buffer = 0, b""
    while data := await reader.read(65536):
        *events, buffer = (buffer + data).split(b"\n\n")
        for event in events:
            json.loads(event[event.index(b"data: ") + 6 :])
            count += 1
    writer.close()
    return count


async def http_library(base_url: str, port: int) -> int:
    """Read through the bare HTTP library, cut at blank lines, parse."""
    count, buffer = 0, b""
    async with (
        httpx2.AsyncClient(trust_env=False, verify=False) as client,
        client.stream("POST", f"{base_url}/chat/completions", json={}) as response,
    ):
        async for data in response.aiter_raw():
            *events, buffer = (buffer + data).split(b"\n\n")
            for event in events:
                json.loads(event[6:])
                count += 1
    return count


async def ours(base_url: str, port: int) -> int:
    """Read through the provider, to deltas."""
    connection = Connection("b", "B", base_url, ConnectionSource.DEMO)
    # What one chunk costs: they are not gathered for a frame, as they are in the window.
    model = OpenAIChatModel(connection, "key", limits=TimeLimits(gather=0))
    request = ChatRequest("M", (Message("u", Role.USER, (Text("x"),)),), Parameters())
    count = 0
    async with model.stream(request) as stream:
        async for deltas in stream:
            count += len(deltas)
    await model.aclose()
    return count - 1


async def sdk(base_url: str, port: int) -> int:
    """Read the SDK's own stream objects."""
    http_client = httpx2.AsyncClient(trust_env=False, verify=False)
    client = openai.AsyncOpenAI(base_url=base_url, api_key="key", http_client=http_client)
    stream = await client.chat.completions.create(model="M", messages=[], stream=True)
    count = 0
    async with stream:
        async for _ in stream:
            count += 1
    await client.close()
    return count


WAYS: dict[str, Reading] = {
    "raw socket + json.loads": raw_socket,
    "bare HTTP library + json.loads": http_library,
    "ours, to deltas": ours,
    "SDK stream objects": sdk,
}


async def measure(way: Reading, port: int) -> float:
    """Return processor seconds of this thread for one answer."""
    before = time.thread_time()
    count = await way(f"http://127.0.0.1:{port}/v1", port)
    spent = time.thread_time() - before
    if count != CHUNKS:
        raise AssertionError(f"{count} of {CHUNKS} chunks were read")
    return spent


def compare(title: str, answer: Sequence[bytes]) -> None:
    """Print processor time per 1,000 chunks, and the ratios of one run."""
    best: dict[str, float] = {}
    idleness = Idleness()
    with (
        server(answer, idleness) as port,
        asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(idleness)) as runner,
    ):
        for round_number in range(ROUNDS + 1):
            for name, way in WAYS.items():
                spent = runner.run(measure(way, port))
                if round_number:  # the first warms caches up
                    best[name] = min(spent, best.get(name, spent))
    library = best["bare HTTP library + json.loads"]
    print(f"{title:34}{'ms':>8}   of the bare HTTP library")
    for name, spent in best.items():
        print(f"{name:34}{spent / CHUNKS * 1e6:8.1f}{spent / library:9.2f}x")


def main() -> None:
    """Compare for chunks that come together and for chunks that come alone."""
    parts = chunks()
    end = b"0\r\n\r\n"
    compare("1,000 chunks, all at once", [HEAD + b"".join(parts) + end])
    compare("1,000 chunks, each alone", [HEAD, *parts, end])


if __name__ == "__main__":
    main()
