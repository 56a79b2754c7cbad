"""Our own MCP server over streamable HTTP and over the older way with SSE, on loopback."""

import contextlib
import json
import queue
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.servers.mcp_behaviour import Behaviour, options


class McpHttp:
    """Serves ``/mcp`` (streamable) and ``/sse`` until it is left.

    Attributes:
        seen: Path and headers of each request.
        redirect_to: Where every request is sent, when it is set.
        status: Answered to every POST, when it is set.
        as_stream: Whether answers come as events.
        gzip: Whether answers claim to be compressed.
        waiting: Set when a call came that is never answered.
    """

    def __init__(self, *arguments: str) -> None:
        self.chosen = options(list(arguments))
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.redirect_to, self.status = "", 0
        self.waiting = threading.Event()
        self.as_stream, self.gzip, self.forgets = False, False, False
        owner = self

        class Handler(_Handler):
            server_of_ours = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.streams: list[queue.Queue[str | None]] = []
        self.pending: dict[Any, queue.Queue[Mapping[str, Any]]] = {}
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        for stream in self.streams:
            stream.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_of_ours: McpHttp
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        ours = self.server_of_ours
        ours.seen.append((f"GET {self.path}", dict(self.headers)))
        if self._turned_away():
            return
        if self.path != "/sse":
            self._answer(405, b"")
            return
        events: queue.Queue[str | None] = queue.Queue()
        ours.streams.append(events)
        behaviour = Behaviour(ours.chosen, lambda m: events.put(_event("message", json.dumps(m))))
        ours.sse_behaviour = behaviour  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        events.put(_event("endpoint", "/messages?session_id=1"))
        self.close_connection = True
        with contextlib.suppress(OSError):
            while (text := events.get()) is not None:
                self.wfile.write(text.encode())
                self.wfile.flush()

    def do_DELETE(self) -> None:
        self.server_of_ours.seen.append((f"DELETE {self.path}", dict(self.headers)))
        self._answer(204, b"")

    def do_POST(self) -> None:
        ours = self.server_of_ours
        ours.seen.append((f"POST {self.path}", dict(self.headers)))
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self._turned_away():
            return
        if self.path.startswith("/messages"):
            ours.sse_behaviour.take(message)  # type: ignore[attr-defined]
            self._answer(202, b"")
            return
        if ours.forgets and self.headers.get("mcp-session-id"):
            ours.forgets = False
            self._answer(404, b"")
            return
        if "id" not in message:
            self._answer(202, b"")
            return
        if message["method"] == "tools/call" and message["params"]["name"] == "wait":
            ours.waiting.set()
        answers: queue.Queue[Mapping[str, Any]] = queue.Queue()
        behaviour = Behaviour(ours.chosen, answers.put)
        threading.Thread(target=behaviour.answer, args=(message,), daemon=True).start()
        if ours.as_stream:
            self._stream(answers)
        else:
            self._answer(200, json.dumps(answers.get()).encode())

    def _turned_away(self) -> bool:
        ours = self.server_of_ours
        if ours.redirect_to:
            self.send_response(307)
            self.send_header("Location", ours.redirect_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return True
        if ours.status:
            self._answer(ours.status, b"no")
            return True
        return False

    def _stream(self, answers: "queue.Queue[Mapping[str, Any]]") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Mcp-Session-Id", "s1")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while True:
            message = answers.get()
            self.wfile.write(_event("message", json.dumps(message)).encode())
            self.wfile.flush()
            if "id" in message and "method" not in message:
                return

    def _answer(self, status: int, body: bytes) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Mcp-Session-Id", "s1")
            if self.server_of_ours.gzip:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
