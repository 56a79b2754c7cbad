"""A model that says again what a recorded exchange said, without a network.

What was recorded goes through the same reading as what comes from a socket, so the same bytes make
the same message: parts, token counts, finish reason, and what is sent back.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Protocol
from urllib.parse import urlsplit

from desktop_app.chat.ports import ChatRequest, ModelExchange, nothing
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.exchange import ExchangeRecord, WireEvent
from desktop_app.providers.openai_chat.exchange import STOPPED, Exchange, RawAnswer, TimeLimits
from desktop_app.providers.openai_chat.faults import FaultNamer, RefusalError
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.recording import ExchangeRecorder
from desktop_app.providers.openai_chat.secret import Secret
from desktop_app.providers.openai_chat.wire_shape import MINIMAX, OPENAI

_EVER: Final = 10 * 365 * 24 * 3600.0
_PATIENT: Final = TimeLimits(_EVER, _EVER, _EVER, _EVER, _EVER, nap=_EVER)
"""A person who looks at one event after the other takes as long as they like."""

_SOME_KEY: Final = Secret("key")
"""Stands for the one that was sent: what a refusal means depends on whether there was any."""

_TURNS: Final = 5
"""Turns of the loop within which whoever reads has taken what had arrived."""

_MINIMAX_HOSTS: Final = ("minimax.io", "minimaxi.com")


_FROM_OUTSIDE: Final = frozenset(
    {ErrorKind.CONNECTION_LOST, ErrorKind.IDLE_TIMEOUT, ErrorKind.SLEPT, ErrorKind.INTERNAL}
)
"""What ends a document and does not stand in it."""


class Pace(Protocol):
    """Says when what was recorded happens again."""

    async def reach(self, at: float, *, is_event: bool) -> None:
        """Return when the moment ``at``, in seconds from the beginning, has come."""
        ...


class ReplayModel:
    """Answers every request with one recorded exchange; implements ``chat.ports.Model``.

    Args:
        record: What is played.
        pace: When.
        on_stopped: Called where the person had stopped the answer: nothing more comes after that.
    """

    def __init__(
        self, record: ExchangeRecord, pace: Pace, on_stopped: Callable[[], None] = nothing
    ) -> None:
        self._record = record
        self._pace = pace
        self._on_stopped = on_stopped
        self._connection = _connection_of(record)
        had_key = any(name.lower() == "authorization" for name, _ in record.request_headers)
        self._secret = _SOME_KEY if had_key else Secret("")
        self._faults = FaultNamer(self._connection, self._secret)

    @property
    def connection(self) -> Connection:
        """Where it was recorded."""
        return self._connection

    def stream(self, request: ChatRequest, on_sent: Callable[[], None] = nothing) -> ModelExchange:
        """Play the record, whatever ``request`` asks."""
        del request
        return self._play(on_sent)

    def stream_body(self, body: str, on_sent: Callable[[], None] = nothing) -> ModelExchange:
        """Play the record, whatever ``body`` asks."""
        del body
        return self._play(on_sent)

    async def list_models(self) -> tuple[str, ...]:
        """Return no names: nobody is asked."""
        return ()

    async def aclose(self) -> None:
        """Do nothing: nothing is open."""

    def _play(self, on_sent: Callable[[], None]) -> Exchange:
        reader = AnswerReader(MINIMAX if self._connection.is_minimax else OPENAI, self._faults)
        recorder = ExchangeRecorder(self._secret, on_sent)
        return Exchange(lambda: self._open(recorder), reader, self._faults, _PATIENT, recorder)

    @asynccontextmanager
    async def _open(self, recorder: ExchangeRecorder) -> AsyncIterator[RawAnswer]:
        record = self._record
        recorder.sending(
            record.method, record.url, record.request_headers, record.request_body.encode()
        )
        if record.sent_at is not None:
            await self._pace.reach(record.sent_at, is_event=False)
            recorder.sent()
        if record.status is None:
            await self._end()
            raise ChatError(self._fault(ErrorKind.CONNECTION_LOST.value))
        recorder.answered(
            record.status,
            [(n.encode(), v.encode("latin-1", "replace")) for n, v in record.response_headers],
        )
        if not 200 <= record.status < 300:
            await self._end()
            body = record.body.encode()
            recorder.arrived(body)
            headers = {name.lower(): value for name, value in record.response_headers}
            raise RefusalError(record.status, headers, body)
        yield _Recorded(self._body(recorder))

    async def _body(self, recorder: ExchangeRecorder) -> AsyncGenerator[bytes]:
        record = self._record
        events = iter(record.events)
        for event in events:
            await self._pace.reach(event.at, is_event=True)
            try:
                yield _as_sent(event)
            except GeneratorExit:
                # The reading ended here: the rest had come along in the same piece.
                for other in events:
                    recorder.arrived(_as_sent(other))
                raise
        if record.body:
            await self._pace.reach(record.first_byte_at or 0.0, is_event=not record.events)
            yield record.body.encode()
        await self._end()
        if not record.error:
            return
        fault = self._fault(record.error)
        is_document = bool(record.body) and not record.events
        if is_document and fault.kind not in _FROM_OUTSIDE:
            # The reader says more about an error that stands in it, once it has come to the end.
            return
        raise ChatError(fault)

    async def _end(self) -> None:
        """Wait for the end of the record; where the person ended it, have that done again."""
        record = self._record
        if record.ended_at is not None:
            await self._pace.reach(record.ended_at, is_event=False)
        if record.error == STOPPED:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            self._on_stopped()
            await asyncio.get_running_loop().create_future()

    def _fault(self, told: str) -> ErrorRecord:
        """Return what ``told``, kind and detail, stands for; the reader may know it better."""
        kind, _, detail = (self._record.error or told).partition(": ")
        known = kind in {one.value for one in ErrorKind}
        return ErrorRecord(
            ErrorKind(kind) if known else ErrorKind.CONNECTION_LOST,
            host=self._connection.host,
            detail=detail if known else self._record.error,
        )


class _Recorded:
    """The body of an answer, as the library's would be."""

    def __init__(self, body: AsyncGenerator[bytes]) -> None:
        self._body = body

    def aiter_stream(self) -> AsyncGenerator[bytes]:
        return self._body


def _as_sent(event: WireEvent) -> bytes:
    return f"{event.text}\n\n".encode()


def _connection_of(record: ExchangeRecord) -> Connection:
    """Return where ``record`` was made. That it is MiniMax shows in the host or in the request."""
    host = urlsplit(record.url).hostname or ""
    official = any(host == name or host.endswith(f".{name}") for name in _MINIMAX_HOSTS)
    return Connection(
        "replay",
        "Replay",
        record.url.removesuffix("/chat/completions"),
        ConnectionSource.CUSTOM,
        is_minimax=official or _asks_to_split(record.request_body),
        needs_key=False,
    )


def _asks_to_split(body: str) -> bool:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "reasoning_split" in value
