"""The script language: what the endpoint shall answer next, faults included.

A test queues answers, the server performs them in order. :class:`Reply` speaks the chat protocol
in any of its forms and may end in any way; :class:`Http`, :class:`HttpError`, :class:`JsonBody`
are single bodies; :class:`RawBytes` writes what it is given, HTTP or not. Nothing here opens a
socket, and nothing sleeps unless the script says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.demo import chunks
from desktop_app.demo.chunks import Backend, Json
from desktop_app.demo.events import (
    DONE,
    Call,
    CallShape,
    Chunk,
    Comment,
    Data,
    Delta,
    End,
    Endless,
    ErrorStyle,
    Event,
    Raw,
    Say,
    SseError,
    Think,
)
from desktop_app.demo.forms import Form, Tags
from desktop_app.demo.framing import EVENT_STREAM, Framing, Headers
from desktop_app.demo.http_answers import (
    Http,
    HttpError,
    JsonBody,
    RawBytes,
    Redirect,
    Stall,
    base_resp_error,
    hang_up,
)
from desktop_app.demo.journal import Gate
from desktop_app.demo.pacing import AT_ONCE, Pacing, whole
from desktop_app.demo.performance import Performance
from desktop_app.demo.steps import (
    Answer,
    Close,
    Flood,
    Hold,
    Pause,
    Reset,
    SeenRequest,
    Send,
    Step,
    Wait,
)

__all__ = [
    "DONE", "Answer", "Backend", "Call", "CallShape", "Chunk", "Close", "Comment", "Data", "Delta",
    "End", "Endless", "ErrorStyle", "Event", "Flood", "Form", "Framing", "Gate", "Hold", "Http",
    "HttpError", "JsonBody", "Pause", "Raw", "RawBytes", "Redirect", "Reply", "Reset", "Say",
    "SeenRequest", "Send", "SseError", "Stall", "Step", "Tags", "Think", "Wait", "base_resp_error",
    "hang_up",
]  # fmt: skip


Usage = Mapping[str, Any] | None
FromTexts = Callable[[str, str, str], Json]


@dataclass(frozen=True)
class Reply:
    """An answer of ``POST /v1/chat/completions``, streamed or not as the request asks.

    Attributes:
        events: what it contains, in order; plain strings are answer text.
        form: where thinking goes; by default what the request asks for with ``reasoning_split``.
        end: how it ends. For an answer that is not streamed only FIN, RST and STALL differ.
        finish_reason: by default ``tool_calls`` when there are calls, else ``stop``.
        finish_apart: whether it comes in an empty delta of its own instead of with the last text.
        pieces: cuts each text; by default every event is one chunk.
        pacing: waits before and between chunks.
        usage: the object or how to compute it from prompt, reasoning and answer; ``None`` for none.
            It is sent when the request asks for it.
        usage_anyway: send it even if not asked.
        backend: which server's keys to send.
        tags: for the forms with tags.
        model: by default the one asked for.
        flags: keys laid over every chunk, such as ``{"output_sensitive": True}`` or a usage of zeros.
        before: steps before the status line.
        after: steps after a proper end, such as closing a connection that was to be kept.
        headers: further header lines.
        content_type: of the stream.
        framing: of the stream.
        content_length: what ``Framing.LENGTH`` claims, true or not; by default the truth.
        version: of HTTP.
        gzip: whether the body is compressed.
        eol: the line end within events.
        prefix: body bytes before the first event, such as a byte order mark.
        data_field: ``data:`` with or without the space.
        ascii: escape everything beyond ASCII in JSON, which lone surrogates need.
        split_every: size in bytes of the network writes.
        split_gap: seconds between them.
    """

    events: Sequence[Event | str] = ()
    form: Form | None = None
    end: End = End.CLEAN
    finish_reason: str | None = None
    finish_apart: bool = False
    pieces: Callable[[str], Iterable[str]] = whole
    pacing: Pacing = AT_ONCE
    usage: Usage | FromTexts = chunks.usage_of
    usage_anyway: bool = False
    backend: Backend = Backend.MAIN
    tags: Tags = field(default_factory=Tags)
    model: str | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)
    before: Sequence[Step] = ()
    after: Sequence[Step] = ()
    headers: Headers = ()
    content_type: str = EVENT_STREAM
    framing: Framing = Framing.CHUNKED
    content_length: int | None = None
    version: str = "1.1"
    gzip: bool = False
    eol: str = "\n"
    prefix: bytes = b""
    data_field: str = "data: "
    ascii: bool = False
    split_every: int | None = None
    split_gap: float = 0.0

    def steps(self, request: SeenRequest) -> Iterator[Step]:
        """Streamed or whole, as the request asks."""
        return Performance(self, request).steps()
