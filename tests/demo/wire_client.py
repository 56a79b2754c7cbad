"""A plain client for the tests of the endpoint: the standard library's HTTP, no SDK between."""

import http.client
import json
import socket
from dataclasses import dataclass, field

QUESTION = [{"role": "user", "content": "Hi, how are you?"}]


def body_of(messages=None, **options):
    return {"model": "MiniMax-M2", "messages": messages or QUESTION, **options}


@dataclass
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def events(self):
        """The payloads of all SSE events, parsed where they are JSON."""
        payloads = []
        for block in self.body.decode().split("\n\n"):
            lines = [line[6:] for line in block.split("\n") if line.startswith("data: ")]
            if lines:
                text = "\n".join(lines)
                payloads.append(text if text == "[DONE]" else json.loads(text))
        return payloads

    @property
    def deltas(self):
        return [
            choice["delta"]
            for event in self.events
            if isinstance(event, dict)
            for choice in event.get("choices") or ()
            if "delta" in choice
        ]

    def joined(self, key):
        return "".join(delta.get(key) or "" for delta in self.deltas)

    @property
    def finish_reasons(self):
        return [
            choice["finish_reason"]
            for event in self.events
            if isinstance(event, dict)
            for choice in event.get("choices") or ()
            if choice.get("finish_reason")
        ]


@dataclass
class WireClient:
    """Keeps one connection, as a real client does."""

    port: int
    key: str | None = "sk-test"
    timeout: float = 10.0
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)

    def send(self, method, path, body=None, headers=None):
        lines = {} if self.key is None else {"Authorization": f"Bearer {self.key}"}
        lines |= headers or {}
        payload = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path, payload, lines)
        response = self.connection.getresponse()
        return Response(response.status, response.headers, response.read())

    def chat(self, messages=None, **options):
        return self.send("POST", "/v1/chat/completions", body_of(messages, **options))

    def stream(self, messages=None, **options):
        options = {"reasoning_split": True, "stream_options": {"include_usage": True}} | options
        return self.chat(messages, stream=True, **options)

    def close(self):
        self.connection.close()


def raw_request(port, body=None, *, timeout=10.0):
    """A socket on which a streaming request was sent and nothing was read."""
    payload = json.dumps(body or body_of(stream=True)).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-test\r\n"
        f"Content-Length: {len(payload)}\r\n\r\n"
    )
    raw = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    raw.sendall(head.encode() + payload)
    return raw


def read_until(raw, marker):
    """Reads until the marker has come; an end before it is an error."""
    seen = b""
    while marker not in seen:
        data = raw.recv(65536)
        assert data, f"ended before {marker!r}: {seen!r}"
        seen += data
    return seen


def read_all(raw, limit=300_000):
    """Reads to the end of the connection, or as far as the limit."""
    seen = b""
    while len(seen) < limit:
        data = raw.recv(65536)
        if not data:
            break
        seen += data
    return seen
