"""A scripted reply given to one request: from events to bytes and steps.

The events are laid into chunks, the chunks into server-sent events, those into the framing that the
reply asks for, and the end is spoilt in the way that it says. Nothing is written here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desktop_app.demo import chunks
from desktop_app.demo.chunks import Backend, Envelope, Json
from desktop_app.demo.events import (
    DONE,
    Call,
    Chunk,
    Comment,
    Data,
    Delta,
    End,
    Endless,
    ErrorStyle,
    Raw,
    Say,
    SseError,
    Think,
)
from desktop_app.demo.forms import Form, Voice
from desktop_app.demo.framing import Body, Framing, head
from desktop_app.demo.http_answers import Http
from desktop_app.demo.steps import Close, Flood, Hold, Pause, Reset, SeenRequest, Send, Step

if TYPE_CHECKING:
    from desktop_app.demo.script import Reply


@dataclass
class Performance:
    """One reply being given to one request."""

    reply: "Reply"
    request: SeenRequest

    def __post_init__(self) -> None:
        reply, request = self.reply, self.request
        asked = Form.SPLIT if request.field("reasoning_split") is True else Form.THINK_TAGS
        self.voice = Voice(reply.form or asked, reply.backend, reply.tags)
        model = reply.model or str(request.field("model", "MiniMax-M2"))
        self.envelope = Envelope(model, reply.backend, flags=reply.flags)
        self.calls: list[Json] = []
        self.finishing = reply.end.finishes

    def steps(self) -> Iterator[Step]:
        """Everything to do to the connection, in order."""
        yield from self.reply.before
        if self.request.field("stream") is True:
            yield from self._streamed()
        else:
            yield from self._whole()

    # -- streamed ---------------------------------------------------------------------------

    def _streamed(self) -> Iterator[Step]:
        reply = self.reply
        body = Body(reply.framing, gzip=reply.gzip)
        parts = list(self._parts())
        if reply.framing is Framing.LENGTH:
            # The length must be known first, and compression must not run twice over one stream.
            plain = b"".join(part for part in parts if isinstance(part, bytes))
            parts = [part for part in parts if not isinstance(part, bytes)]
            parts.append(plain)
            packed = body.wrap(plain) + body.end()
            body = _Packed(packed)
            length = len(packed) if reply.content_length is None else reply.content_length
        else:
            length = 0
        lines = [("Content-Type", reply.content_type), ("Cache-Control", "no-cache")]
        lines += Body(reply.framing, gzip=reply.gzip).headers(length)
        lines += reply.headers
        yield self._send(head(200, lines, version=reply.version, trace_id=self.envelope.id))
        waits = reply.pacing.waits()
        for part in parts:
            if isinstance(part, bytes):
                yield Pause(next(waits))
                yield self._send(body.wrap(part))
            elif isinstance(part, Endless):
                yield Flood(body.wrap(part.data), part.times, part.gap)
            else:
                yield part
        yield from self._ending(body)

    def _ending(self, body: Body) -> Iterator[Step]:
        match self.reply.end:
            case End.FIN:
                yield Close()
            case End.RST:
                yield Reset()
            case End.STALL | End.DONE_KEPT_OPEN:
                yield Hold()
            case _:
                if not (self.reply.gzip and self.reply.end is End.NO_FINISH):
                    yield self._send(body.end())
                else:
                    # A compressed stream that stops early has no trailer either.
                    yield self._send(b"0\r\n\r\n" if body.framing is Framing.CHUNKED else b"")
                yield from self.reply.after
                if self._closes(self.reply.framing):
                    yield Close()

    def _closes(self, framing: Framing) -> bool:
        return framing is Framing.CLOSE or not self.request.keep_alive

    def _parts(self) -> Iterator[bytes | Endless | Step]:
        """Body pieces in order, with the steps between them."""
        reply = self.reply
        if reply.prefix:
            yield reply.prefix
        if reply.backend is Backend.SELF_HOSTED:
            opening = {"role": "assistant", "content": ""}
            yield self._event(self.envelope.delta_chunk(opening))
        drafts = list(self._drafts())
        tail = self._closing_draft(drafts)
        for position, draft in enumerate(drafts):
            if isinstance(draft, dict):
                last = tail is None and position == len(drafts) - 1
                yield self._last(draft) if last else self._event(self.envelope.delta_chunk(draft))
            else:
                yield draft
        if tail is not None:
            yield self._last(tail)
        usage = self._usage_if_wanted()
        if usage is not None:
            yield self._event(self.envelope.usage_chunk(usage))
        if reply.end in {End.DONE, End.DONE_KEPT_OPEN, End.DONE_WITHOUT_FINISH}:
            yield self._sse(DONE)

    def _closing_draft(self, drafts: list[Json | bytes | Endless | Step]) -> Json | None:
        """An empty delta for finish_reason, or ``None`` when the last text carries it or none is due."""
        if not self.finishing:
            return None
        drafts += self.voice.close()
        apart = self.reply.finish_apart or not drafts or not isinstance(drafts[-1], dict)
        return self.voice.silence() if apart else None

    def _last(self, delta: Json) -> bytes:
        """The chunk with finish_reason, mangled where the end is."""
        if not self.finishing:
            return self._event(self.envelope.delta_chunk(delta))
        reason = self._finish_reason()
        if self.reply.end is End.MESSAGE:
            message = self.voice.message(self.calls)
            whole_object = self.envelope.completion(message, reason, self._usage())
            return self._event(self.envelope.delta_chunk(delta)) + self._event(whole_object)
        event = self._event(self.envelope.delta_chunk(delta, reason))
        if self.reply.end is End.NO_BLANK_LINE:
            return event.removesuffix((self.reply.eol * 2).encode())
        if self.reply.end is End.CUT_EVENT:
            return event[: len(event) // 2]
        return event

    def _drafts(self) -> Iterator[Json | bytes | Endless | Step]:
        """Deltas still without their chunk, everything else ready."""
        for item in self.reply.events:
            match item:
                case str(text) | Say(text):
                    for piece in self.reply.pieces(text):
                        yield from self.voice.say(piece)
                case Think(text):
                    for piece in self.reply.pieces(text):
                        yield from self.voice.think(piece)
                case Call():
                    yield from self.voice.call(self._fragments(item))
                case Delta(delta, reason):
                    yield self._event(self._odd_chunk(delta, reason))
                case Chunk(keys, without):
                    made = {**self.envelope.chunk([]), **keys}
                    yield self._event({k: v for k, v in made.items() if k not in without})
                case SseError():
                    yield self._error(item)
                case Data():
                    yield self._sse(item)
                case Comment(text):
                    yield f": {text}{self.reply.eol * 2}".encode()
                case Raw(data):
                    yield data
                case _:
                    yield item

    def _odd_chunk(self, delta: Mapping[str, Any] | None, reason: str | None) -> Json:
        choice: Json = {"index": 0, "delta": delta}
        if reason is not None:
            choice["finish_reason"] = reason
        return self.envelope.chunk([choice])

    def _fragments(self, call: Call) -> list[Json]:
        fragments = call.fragments(len(self.calls), self.reply.backend)
        kept = replace(call, id=fragments[0]["id"])
        self.calls.append(kept.whole(len(self.calls), self.reply.backend))
        return fragments

    def _error(self, error: SseError) -> bytes:
        shape = chunks.error_body(error.status, error.code, error.message, id=self.envelope.id)
        match error.style:
            case ErrorStyle.OBJECT:
                return self._sse(Data(shape))
            case ErrorStyle.STRING:
                return self._sse(Data({"error": shape["error"]["message"]}))
            case ErrorStyle.EVENT:
                return self._sse(Data(shape["error"], event="error"))
            case ErrorStyle.BASE_RESP:
                resp = {"status_code": error.code, "status_msg": error.message}
                return self._event(self.envelope.chunk(None) | {"base_resp": resp})

    # -- whole ------------------------------------------------------------------------------

    def _whole(self) -> Iterator[Step]:
        yield Pause(self.reply.pacing.first)
        for draft in self._drafts():
            if not isinstance(draft, dict | bytes | Endless):
                yield draft
        message = self.voice.message(self.calls)
        body = self._json(
            self.envelope.completion(message, self._finish_reason(), self._usage())
        ).encode("utf-8", "surrogatepass")
        cut = self.reply.end in {End.FIN, End.RST, End.STALL}
        answer = Http(
            body=body[: len(body) // 2] if cut else body,
            content_length=len(body),
            headers=self.reply.headers,
            trace_id=self.envelope.id,
            split_every=self.reply.split_every,
            after=() if cut else self.reply.after,
        )
        yield from answer.steps(self.request)
        if cut:
            yield from self._ending(Body(Framing.LENGTH))

    # -- small parts ------------------------------------------------------------------------

    def _finish_reason(self) -> str:
        return self.reply.finish_reason or ("tool_calls" if self.calls else "stop")

    def _usage_if_wanted(self) -> Json | None:
        options = self.request.field("stream_options")
        asked = isinstance(options, dict) and options.get("include_usage") is True
        complete = self.reply.end in {End.CLEAN, End.DONE, End.DONE_KEPT_OPEN}
        if self.reply.usage is None or not complete or not (asked or self.reply.usage_anyway):
            return None
        return self._usage()

    def _usage(self) -> Json:
        usage = self.reply.usage
        if not callable(usage):
            return dict(usage or {})
        prompt = json.dumps(self.request.field("messages", []), ensure_ascii=False)
        called = "".join(str(call["function"]) for call in self.calls)
        return usage(prompt, self.voice.thought, self.voice.said + called)

    def _send(self, data: bytes) -> Send:
        return Send(data, self.reply.split_every, self.reply.split_gap)

    def _event(self, value: Json) -> bytes:
        return self._sse(Data(value))

    def _sse(self, data: Data) -> bytes:
        text = data.payload if isinstance(data.payload, str) else self._json(data.payload)
        lines = [] if data.event is None else [f"event: {data.event}"]
        lines += [] if data.id is None else [f"id: {data.id}"]
        lines += [f"{self.reply.data_field}{line}" for line in text.split("\n")]
        ended = [*lines, "", ""]
        return self.reply.eol.join(ended).encode("utf-8", "surrogatepass")

    def _json(self, value: object) -> str:
        return json.dumps(value, ensure_ascii=self.reply.ascii, separators=(",", ":"))


class _Packed(Body):
    """A body whose bytes were made in advance, for ``Framing.LENGTH``."""

    def __init__(self, packed: bytes) -> None:
        super().__init__(Framing.LENGTH)
        self._packed = packed

    def wrap(self, data: bytes) -> bytes:
        """The packed bytes stand for the one part that there is."""
        return self._packed if data else b""

    def end(self) -> bytes:
        """Nothing is left to say."""
        return b""
