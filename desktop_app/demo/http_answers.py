"""Answers that are one body or bare bytes: errors, JSON, pages, redirects, garbage, silence."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_app.demo import chunks
from desktop_app.demo.framing import JSON_TYPE, Body, Framing, Headers, head
from desktop_app.demo.steps import Close, Hold, Reset, SeenRequest, Send, Step


@dataclass(frozen=True)
class Http:
    """Any HTTP response.

    Attributes:
        status: the code.
        body: bytes, or text in UTF-8.
        content_type: ``None`` sends no such header.
        headers: further header lines.
        framing: how the body's end is told.
        content_length: what is claimed with ``Framing.LENGTH``; by default the truth.
        reason: the phrase; by default the usual one.
        trace_id: by default a new one.
        close: whether to close the connection afterwards although the client would keep it.
        gzip: whether to compress the body.
        before: steps before the status line.
        after: steps after the body.
        split_every: size in bytes of the network writes.
        split_gap: seconds between them.
    """

    status: int = 200
    body: bytes | str = b""
    content_type: str | None = JSON_TYPE
    headers: Headers = ()
    framing: Framing = Framing.LENGTH
    content_length: int | None = None
    reason: str | None = None
    trace_id: str | None = None
    close: bool = False
    gzip: bool = False
    before: Sequence[Step] = ()
    after: Sequence[Step] = ()
    split_every: int | None = None
    split_gap: float = 0.0

    def steps(self, request: SeenRequest) -> Iterator[Step]:
        """The response, then the end of the connection where one is due."""
        yield from self.before
        raw = self.body.encode() if isinstance(self.body, str) else self.body
        body = Body(self.framing, gzip=self.gzip)
        packed = body.wrap(raw) + body.end()
        length = len(packed) if self.content_length is None else self.content_length
        closes = self.close or self.framing is Framing.CLOSE or not request.keep_alive
        lines = [] if self.content_type is None else [("Content-Type", self.content_type)]
        if self.status != 204:
            lines += body.headers(length)
        if closes and self.framing is not Framing.CLOSE:
            lines.append(("Connection", "close"))
        lines += self.headers
        trace_id = self.trace_id or uuid.uuid4().hex
        data = head(self.status, lines, reason=self.reason, trace_id=trace_id) + packed
        yield Send(data, self.split_every, self.split_gap)
        yield from self.after
        if closes:
            yield Close()


@dataclass(frozen=True)
class HttpError:
    """An error as MiniMax's chat path sends it: HTTP status, JSON body, code inside the message.

    Attributes:
        status: the HTTP status.
        code: MiniMax's code.
        message: the sentence without the code.
        kind: ``error.type``; by default the one that goes with the status.
        headers: further header lines, such as ``Retry-After``.
        before: steps before the status line.
    """

    status: int
    code: int
    message: str
    kind: str | None = None
    headers: Headers = ()
    before: Sequence[Step] = ()

    def steps(self, request: SeenRequest) -> Iterator[Step]:
        """The error response."""
        trace_id = uuid.uuid4().hex
        shape = chunks.error_body(self.status, self.code, self.message, kind=self.kind, id=trace_id)
        return Http(
            self.status,
            json.dumps(shape, ensure_ascii=False),
            headers=self.headers,
            trace_id=trace_id,
            before=self.before,
        ).steps(request)


@dataclass(frozen=True)
class JsonBody:
    """A JSON body where a stream may have been asked for."""

    value: Any
    status: int = 200
    headers: Headers = ()
    before: Sequence[Step] = ()

    def steps(self, request: SeenRequest) -> Iterator[Step]:
        """The response."""
        text = json.dumps(self.value, ensure_ascii=False)
        return Http(self.status, text, headers=self.headers, before=self.before).steps(request)


def base_resp_error(code: int, message: str, *, keys: Mapping[str, Any] | None = None) -> JsonBody:
    """HTTP 200 with ``choices: null`` and the error in ``base_resp``."""
    shape = chunks.base_resp_body(code, message, id=uuid.uuid4().hex)
    return JsonBody(shape | dict(keys or {}))


@dataclass(frozen=True)
class Redirect:
    """Sends the client elsewhere."""

    location: str
    status: int = 307

    def steps(self, request: SeenRequest) -> Iterator[Step]:
        """The redirect, without a body."""
        where = [("Location", self.location)]
        return Http(self.status, content_type=None, headers=where).steps(request)


@dataclass(frozen=True)
class RawBytes:
    """Writes bytes that need not be HTTP, then does ``then``."""

    data: bytes = b""
    split_every: int | None = None
    split_gap: float = 0.0
    then: Step = field(default_factory=Close)

    def steps(self, request: SeenRequest) -> Iterator[Step]:  # noqa: ARG002 - the protocol's shape
        """The bytes and the end."""
        yield Send(self.data, self.split_every, self.split_gap)
        yield self.then


@dataclass(frozen=True)
class Stall:
    """Sends ``after`` and then nothing, with the connection open."""

    after: bytes = b""

    def steps(self, request: SeenRequest) -> Iterator[Step]:
        """The bytes and the silence."""
        return RawBytes(self.after, then=Hold()).steps(request)


def hang_up(*, reset: bool = False, after: bytes = b"") -> RawBytes:
    """Closes (or resets) the connection after the request was read, without a whole response."""
    return RawBytes(after, then=Reset() if reset else Close())
