"""What went over the wire in one exchange, kept while it happens at next to no cost.

While bytes arrive they are only put aside with their time; they are cut into events when somebody
asks for the record. The key never gets in: the header that carries it is masked before it comes
here, and where a server repeats the key it is blotted out.
"""

import re
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Final

from desktop_app.chat.ports import nothing
from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord, WireEvent
from desktop_app.domain.ids import new_id
from desktop_app.providers.openai_chat.secret import Secret

MAX_KEPT: Final = 8 * 1024 * 1024
"""Bytes of an answer that are kept, what is noted about their arrival included."""

MAX_EVENTS: Final = 100_000

_NOTE: Final = 16
"""Bytes that the time and the place of one packet take."""

_BLANK_LINE: Final = re.compile(rb"\n(?:\r\n?|\n)|\r\n(?:\r\n?|\n)|\r(?:\r\n?)")
"""Two line ends of any kind, spelled out: as a repeated group it takes six times as long."""
_BOM: Final = b"\xef\xbb\xbf"


class ExchangeRecorder:
    """Takes notes of one exchange.

    Args:
        secret: The key that must not be in the record.
        on_sent: Called when the request has left.
        clock: Seconds that never go back.
        most: Bytes of the answer that are kept.
    """

    def __init__(
        self,
        secret: Secret,
        on_sent: Callable[[], None] = nothing,
        *,
        clock: Callable[[], float] = time.monotonic,
        most: int = MAX_KEPT,
    ) -> None:
        self._secret = secret
        self._on_sent = on_sent
        self._clock = clock
        self._room = most
        self._id = new_id()
        self._began = clock()
        self._started_at = time.time()
        self._request: tuple[str, str, tuple[tuple[str, str], ...], bytes] | None = None
        self._status: int | None = None
        self._response_headers: tuple[tuple[str, str], ...] = ()
        self._sent_at: float | None = None
        self._ended_at: float | None = None
        self._error = ""
        self._body = bytearray()
        self._ends = array("Q")
        self._times = array("d")
        self._truncated = False
        self._whole: ExchangeRecord | None = None

    @property
    def record(self) -> ExchangeRecord | None:
        """The exchange as far as it has come; ``None`` before there was a request."""
        if self._whole is not None:
            return self._whole
        if self._request is None:
            return None
        record = self._written(*self._request)
        if self._ended_at is not None:
            self._whole = record
        return record

    def begin(self) -> None:
        """Note the beginning, from which all times are counted."""
        self._began = self._clock()
        self._started_at = time.time()

    def sending(
        self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> None:
        """Note a request that goes out now; ``headers`` may still carry the key."""
        masked = tuple(
            (name, MASKED_KEY if name.lower() == "authorization" else value)
            for name, value in headers
        )
        self._request = (method, url, masked, body)

    def sent(self) -> None:
        """Note that the request has left."""
        if self._sent_at is None:
            self._sent_at = self._since(self._clock())
            self._on_sent()

    def answered(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Note the head of the answer."""
        self._status = status
        self._response_headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in headers
        )

    def arrived(self, data: bytes, now: float | None = None) -> None:
        """Note bytes of the answer's body; ``now`` is by the clock, where it was read already."""
        if self._truncated:
            return
        self._room -= len(data) + _NOTE
        if self._room < 0:
            self._truncated = True
            data = data[: max(self._room + len(data), 0)]
        body = self._body
        body += data
        self._ends.append(len(body))
        self._times.append(self._clock() if now is None else now)

    def ended(self, error: str = "") -> None:
        """Note the end; the first one counts. ``error`` is kind and detail of what went wrong."""
        if self._ended_at is None:
            self._ended_at = self._since(self._clock())
            self._error = error

    def _since(self, moment: float) -> float:
        return max(0.0, moment - self._began)

    def _written(
        self, method: str, url: str, headers: tuple[tuple[str, str], ...], body: bytes
    ) -> ExchangeRecord:
        events, rest = self._cut()
        return ExchangeRecord(
            id=self._id,
            message_id="",
            started_at=self._started_at,
            method=method,
            url=self._blotted(url),
            request_headers=headers,
            request_body=self._text(body),
            status=self._status,
            response_headers=tuple((n, self._blotted(v)) for n, v in self._response_headers),
            events=events,
            body=rest,
            sent_at=self._sent_at,
            first_byte_at=self._since(self._times[0]) if self._times else None,
            ended_at=self._ended_at,
            error=self._blotted(self._error),
            truncated=self._truncated,
        )

    def _cut(self) -> tuple[tuple[WireEvent, ...], str]:
        """Return the events, and the text that is none: a document, or what the end cut off."""
        body = bytes(self._body)
        first = body.lstrip().removeprefix(_BOM).lstrip()[:1]
        refused = self._status is not None and not 200 <= self._status < 300
        if refused or first in {b"{", b"[", b"<"}:
            return (), self._text(body)
        events: list[WireEvent] = []
        start = 0
        for gap in _BLANK_LINE.finditer(body):
            event = body[start : gap.start()].lstrip(b"\r\n")
            start = gap.end()
            if not event:
                continue
            if len(events) == MAX_EVENTS:
                self._truncated = True
                return tuple(events), ""
            at = self._since(self._times[bisect_left(self._ends, start)])
            events.append(WireEvent(at, self._text(event)))
        return tuple(events), self._text(body[start:].lstrip(b"\r\n"))

    def _text(self, data: bytes) -> str:
        return self._blotted(data.decode("utf-8", "replace"))

    def _blotted(self, text: str) -> str:
        return self._secret.blotted(text)


RECORDER: Final[ContextVar[ExchangeRecorder | None]] = ContextVar("recorder", default=None)
"""Where the guard notes what it sends; holds within the task that sends it."""
