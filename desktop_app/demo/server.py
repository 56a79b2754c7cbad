"""The demo endpoint itself: a loopback HTTP server in a thread of its own.

It runs a plain asyncio loop in a daemon thread, so that neither the window's loop nor a test's loop
does its work, and its timings are its own. It binds 127.0.0.1 and nothing else. Requests are
recorded with their keys: the records are for tests and must not be logged.
"""

import asyncio
import contextlib
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Final, Self

from desktop_app.demo import chunks, scenario
from desktop_app.demo.connection import Connection, Departure
from desktop_app.demo.http_answers import Http, HttpError, JsonBody
from desktop_app.demo.journal import PATIENCE, Journal
from desktop_app.demo.pacing import AT_ONCE, LIFELIKE, Pacing
from desktop_app.demo.rules import Rules
from desktop_app.demo.steps import Answer, SeenRequest, Step

HOST: Final = "127.0.0.1"

Answering = Callable[[SeenRequest], Answer]
Queued = Answer | Answering

_NOT_FOUND: Final = Http(404, "404 page not found", content_type="text/plain")
_NOT_ALLOWED: Final = Http(405, "405 method not allowed", content_type="text/plain")


class DemoServer:
    """A chat endpoint on loopback that answers from a script, and from the demo when that is empty.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`. All other methods may be
    called from any thread, before or while it runs.

    Args:
        answer: what a POST gets when nothing is queued; by default the demo's scenario.
        pacing: of the scenario; at full speed unless told otherwise.
        rules: what requests are checked for before anything else. A refused one uses up no answer.
        models: what ``GET /v1/models`` lists.
        tls: speak TLS with this server-side context.
        port: 0 takes a free one.
        keep: how many requests to remember; ``None`` remembers all.

    Attributes:
        requests: all requests in order of arrival.
        posts: those to ``/v1/chat/completions``.
        disconnected: clients that left before their answer, or their own request, was complete.
        trouble: exceptions in the script itself; the context manager raises the first one.
    """

    def __init__(
        self,
        *,
        answer: Queued | None = None,
        pacing: Pacing = AT_ONCE,
        rules: Rules | None = None,
        models: Sequence[tuple[str, int]] = chunks.MODELS,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
        keep: int | None = None,
    ) -> None:
        self.requests: Journal[SeenRequest] = Journal("requests", keep=keep)
        self.posts: Journal[SeenRequest] = Journal("chat requests", keep=keep)
        self.disconnected: Journal[Departure] = Journal("disconnections", keep=keep)
        self.trouble: Journal[BaseException] = Journal("mistakes in the script")
        self.rules = rules or Rules()
        self._answer: Queued = answer or (lambda seen: scenario.answer(seen, pacing=pacing))
        self._models = models
        self._tls = tls
        self._wanted_port = port
        self._port: int | None = None
        self._lock = threading.Lock()
        self._queue: deque[Queued] = deque()
        self._model_queue: deque[Queued] = deque()
        self._greetings: deque[tuple[Step, ...]] = deque()
        self._connections: set[Connection] = set()
        self._accepted = 0
        self._numbered = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._listening = threading.Event()
        self._failure: BaseException | None = None

    @classmethod
    def for_people(cls) -> "DemoServer":
        """The endpoint behind ``--demo``: at a lifelike pace, with a short memory."""
        return cls(pacing=LIFELIKE, keep=20)

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> Self:
        """Starts the thread and returns once the socket listens.

        Raises:
            OSError: when the port cannot be had.
            RuntimeError: when it was started before.
        """
        if self._thread is not None:
            raise RuntimeError("a DemoServer starts once")
        self._thread = threading.Thread(target=self._run, name="demo-endpoint", daemon=True)
        self._thread.start()
        self._listening.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def stop(self) -> None:
        """Breaks off every connection and joins the thread. Stopping twice changes nothing."""
        loop, stopping, thread = self._loop, self._stopping, self._thread
        if loop is not None and stopping is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(stopping.set)
        if thread is not None:
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if error is None and self.trouble.total:
            raise self.trouble[0]

    @property
    def port(self) -> int:
        """The port it listens on; valid once it was started."""
        if self._port is None:
            raise RuntimeError("the DemoServer was not started")
        return self._port

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    @property
    def base_url(self) -> str:
        """What a client takes as its base URL."""
        return f"{self.origin}/v1"

    # -- script -------------------------------------------------------------------------------

    def enqueue(self, *answers: Queued) -> None:
        """Queues answers for the next chat requests: values, or functions of the request."""
        with self._lock:
            self._queue.extend(answers)

    def enqueue_models(self, *answers: Queued) -> None:
        """Queues answers for the next ``GET /v1/models``."""
        with self._lock:
            self._model_queue.extend(answers)

    def on_connect(self, *steps: Step) -> None:
        """Says what to do when the next connection is accepted, before anything is read from it.

        Called again, it speaks of the connection after that.
        """
        with self._lock:
            self._greetings.append(steps)

    def otherwise(self, answer: Queued) -> None:
        """Replaces what a chat request gets when nothing is queued."""
        self._answer = answer

    @property
    def pending(self) -> int:
        """How many queued answers nobody has asked for yet."""
        with self._lock:
            return len(self._queue) + len(self._model_queue)

    # -- observation --------------------------------------------------------------------------

    @property
    def accepted(self) -> int:
        """How many connections were ever accepted."""
        with self._lock:
            return self._accepted

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        with self._lock:
            return len(self._connections)

    def wait_for_requests(self, count: int, timeout: float = PATIENCE) -> list[SeenRequest]:
        """Blocks until that many requests of any kind came; ``TimeoutError`` otherwise."""
        return self.requests.wait_for(count, timeout)

    # -- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._listen())
        except BaseException as error:
            self._failure = error
        finally:
            self._listening.set()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        server = await loop.create_server(
            self._connection, HOST, self._wanted_port, ssl=self._tls, backlog=128
        )
        self._port = server.sockets[0].getsockname()[1]
        self._loop, self._stopping = loop, stopping
        self._listening.set()
        await stopping.wait()
        # No more are accepted, and one that was accepted just now gets the turns that it needs to
        # become a connection: asyncio leaves its socket open when the server is closed before that.
        for listener in server.sockets:
            with contextlib.suppress(NotImplementedError):  # Windows
                loop.remove_reader(listener.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        server.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.drop()
        await asyncio.gather(*(one.task for one in connections), return_exceptions=True)
        # One more turn of the loop lets the transports close their sockets.
        await asyncio.sleep(0)

    def _connection(self) -> Connection:
        with self._lock:
            self._accepted += 1
            steps = self._greetings.popleft() if self._greetings else ()
            number = self._accepted
        return Connection(
            number,
            steps,
            self._steps_for,
            self._next_number,
            self.disconnected.append,
            self._remember,
            self._forget,
        )

    def _remember(self, connection: Connection) -> None:
        connection.task.add_done_callback(self._note_trouble)
        with self._lock:
            self._connections.add(connection)

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            self._connections.discard(connection)

    def _note_trouble(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.trouble.append(error)

    def _next_number(self) -> int:
        self._numbered += 1
        return self._numbered

    def _steps_for(self, request: SeenRequest) -> Iterable[Step]:
        answer = self._route(request)
        self.requests.append(request)
        if request.path == "/v1/chat/completions" and request.method == "POST":
            self.posts.append(request)
        return answer.steps(request)

    def _route(self, request: SeenRequest) -> Answer:
        match request.path, request.method:
            case "/v1/chat/completions", "POST":
                return self._refusal(request) or self._chosen(self._queue, self._answer, request)
            case "/v1/models", "GET":
                fallback = JsonBody(chunks.model_list(self._models))
                return self._refusal(request) or self._chosen(self._model_queue, fallback, request)
            case "/v1/chat/completions" | "/v1/models", _:
                return _NOT_ALLOWED
            case _:
                return _NOT_FOUND

    def _refusal(self, request: SeenRequest) -> HttpError | None:
        return self.rules.refusal(request)

    def _chosen(self, queue: deque[Queued], fallback: Queued, request: SeenRequest) -> Answer:
        with self._lock:
            chosen = queue.popleft() if queue else fallback
        return chosen if isinstance(chosen, Answer) else chosen(request)
