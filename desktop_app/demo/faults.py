"""The common faults by name, so that a test says what happens and not how it is spelt.

Functions make answers; :data:`FAULTS` names all that need no argument, so that a test can walk
them. Where text arrives at all, it is ``Hel`` before the fault and ``lo`` after it.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from desktop_app.demo.chunks import Envelope, Json, usage_of
from desktop_app.demo.events import (
    DONE,
    Call,
    CallShape,
    Chunk,
    Comment,
    Data,
    Delta,
    Endless,
    ErrorStyle,
    Event,
    Raw,
    SseError,
    Think,
)
from desktop_app.demo.framing import EVENT_STREAM, Framing
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
from desktop_app.demo.rules import NO_KEY, WRONG_KEY, bad_request
from desktop_app.demo.script import End, Reply
from desktop_app.demo.steps import Answer, Close, Flood, Hold, Send

THOUGHT: Final = Think("The word is Hello.")

# -- errors as the chat path sends them ---------------------------------------------------------


def no_key() -> HttpError:
    """401, code 1004."""
    return NO_KEY


def wrong_key() -> HttpError:
    """401, code 2049: an unknown key, or one of the other region."""
    return WRONG_KEY


def no_balance(status: int = 402) -> HttpError:
    """Code 1008; today 402, formerly 500 or 429."""
    return HttpError(status, 1008, "insufficient balance")


def rate_limited(code: int = 1002, *, retry_after: str | None = None) -> HttpError:
    """429 with one of 1002, 1039, 1041, 2045, 2062; the live host sends no Retry-After."""
    headers = [] if retry_after is None else [("Retry-After", retry_after)]
    return HttpError(429, code, "rate limit exceeded, please retry later", headers=headers)


def plan_used_up(resets_at: str = "2026-12-01T00:00:00Z") -> HttpError:
    """429, code 2056: waiting does not help before the time in the message."""
    return HttpError(429, 2056, f"usage limit exceeded, resets at {resets_at}")


def input_sensitive(status: int = 422) -> HttpError:
    """Code 1026; 422, or 500 as api_error."""
    return HttpError(status, 1026, "input new_sensitive")


def output_sensitive(status: int = 422) -> HttpError:
    """Code 1027; 422, or 500 as api_error."""
    return HttpError(status, 1027, "output new_sensitive")


def unknown_model(name: str = "MiniMax-M9") -> HttpError:
    """400, code 2013; this host has no 404 for it."""
    return bad_request(f"unknown model '{name}'")


def context_too_long() -> HttpError:
    """400, code 2013; this host has no 413 for it."""
    return bad_request("context window exceeds limit")


def server_error(status: int = 500, code: int = 1000) -> HttpError:
    """500 or 520 with 1000, 1001, 1013, 1024 or 1033."""
    return HttpError(status, code, "unknown error, 999")


def overloaded() -> HttpError:
    """529, code 2064, in Chinese as the host in China sends it."""
    return HttpError(529, 2064, "当前服务集群负载较高，请稍后重试")


def gateway_error(status: int, headers: Mapping[str, str] | None = None) -> Http:
    """An error page that a proxy made: HTML, no code."""
    page = f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    lines = list((headers or {}).items())
    return Http(status, page, content_type="text/html", headers=lines)


def odd_error_body(status: int, body: bytes | str) -> Http:
    """An error whose body is empty, a bare string, a list, or not JSON."""
    return Http(status, body)


def endless_error_body(status: int = 500) -> Http:
    """An error whose body never ends."""
    return Http(
        status,
        b'{"error":{"message":"',
        framing=Framing.CLOSE,
        after=[Flood(b"x" * 65_536)],
    )


# -- one event or body among ordinary ones ---------------------------------------------------------


def chunk(text: str = "Hel", finish_reason: str | None = None) -> Json:
    """An ordinary chunk with a piece of the answer."""
    delta = {"content": text, "role": "assistant"}
    return Envelope("MiniMax-M2").delta_chunk(delta, finish_reason)


def between(*events: Event) -> Reply:
    """``Hel``, the events, ``lo``."""
    return Reply([THOUGHT, "Hel", *events, "lo"])


def after_text(end: End, **options: Any) -> Reply:  # noqa: ANN401 - passed on to Reply
    """``Hel`` and ``lo``, ended so."""
    return replace(Reply([THOUGHT, "Hel", "lo"], end=end), **options)


def error_in_stream(
    style: ErrorStyle, code: int = 1027, message: str = "output new_sensitive"
) -> Reply:
    """``Hel``, then an error, then the end."""
    return Reply([THOUGHT, "Hel", SseError(code, message, style)], end=End.NO_FINISH)


def calls(*made: Call) -> Reply:
    """Thinking, then tool calls."""
    return Reply([THOUGHT, *made])


def gzip_bomb(megabytes: int = 64) -> Http:
    """A small compressed body that unpacks to zeros in a stream's clothes."""
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(b"\0" * 1_048_576) for _ in range(megabytes))
    lines = [("Content-Encoding", "gzip")]
    return Http(body=packed + packer.flush(), content_type=EVENT_STREAM, headers=lines)


def slow_head(gap: float = 0.25) -> RawBytes:
    """A header block that comes one byte at a time and never ends."""
    head = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100_000
    return RawBytes(head, split_every=1, split_gap=gap, then=Hold())


def drip(gap: float = 0.25) -> Reply:
    """A stream that comes one byte at a time."""
    return Reply([THOUGHT, "Hello"], split_every=1, split_gap=gap)


def _stream_head(*lines: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/event-stream", *lines, b"", b""])


def _stream(body: bytes | str = b"", **options: Any) -> Http:  # noqa: ANN401
    return Http(body=body, content_type=EVENT_STREAM, **options)


_CHUNKED_HEAD: Final = _stream_head(b"Transfer-Encoding: chunked")
_EVENT: Final = b"data: " + json.dumps(chunk()).encode() + b"\n\n"
_ONE_CHUNK: Final = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)

FAULTS: Final[Mapping[str, Callable[[], Answer]]] = {
    # Before a status line, or instead of one.
    "closed without a byte": hang_up,
    "reset without a byte": lambda: hang_up(reset=True),
    "closed within the headers": lambda: hang_up(after=b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "garbage status line": lambda: hang_up(after=b"\x00\xffnonsense\r\n\r\n"),
    "http 0.9": lambda: hang_up(after=b"<html>hello</html>"),
    "200 KB header": lambda: hang_up(
        after=b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 200_000 + b"\r\nContent-Length: 0\r\n\r\n"
    ),
    "no answer at all": Stall,
    "slow header": slow_head,
    # HTTP errors.
    "401 without key": no_key,
    "401 wrong key": wrong_key,
    "402 no balance": no_balance,
    "403 page": lambda: gateway_error(403),
    "404 page": lambda: gateway_error(404),
    "407 page": lambda: gateway_error(407),
    "413 page": lambda: gateway_error(413),
    "400 unknown model": unknown_model,
    "400 context too long": context_too_long,
    "422 input sensitive": input_sensitive,
    "422 output sensitive": output_sensitive,
    "429 rate": rate_limited,
    "429 retry after 1": lambda: rate_limited(retry_after="1"),
    "429 retry after an hour": lambda: rate_limited(retry_after="3600"),
    "429 retry after nonsense": lambda: rate_limited(retry_after="soon"),
    "429 token plan": lambda: rate_limited(2062),
    "429 plan used up": plan_used_up,
    "500 unknown": server_error,
    "502 page": lambda: gateway_error(502),
    "503 page": lambda: gateway_error(503, {"Retry-After": "1"}),
    "504 page": lambda: gateway_error(504),
    "524 page": lambda: gateway_error(524),
    "529 overloaded": overloaded,
    "500 empty body": lambda: odd_error_body(500, b""),
    "500 bare string": lambda: odd_error_body(500, '"broken"'),
    "500 list": lambda: odd_error_body(500, "[1, 2]"),
    "500 endless body": endless_error_body,
    "307 elsewhere": lambda: Redirect("http://127.0.0.1:9/v1/chat/completions"),
    "302 elsewhere": lambda: Redirect("http://127.0.0.1:9/v1/chat/completions", 302),
    # 200 without the stream that was asked for.
    "204": lambda: Http(204, content_type=None),
    "200 empty": lambda: Http(content_type=None),
    "200 stream without events": _stream,
    "200 only done": lambda: _stream(b"data: [DONE]\n\n"),
    "200 error json": lambda: JsonBody({"error": {"message": "no such thing", "type": "x"}}),
    "200 whole json": lambda: JsonBody(
        Envelope("MiniMax-M2").completion(
            {"role": "assistant", "content": "Hello"}, "stop", usage_of("", "", "Hello")
        )
    ),
    "200 base_resp balance": lambda: base_resp_error(1008, "insufficient balance"),
    "200 base_resp rate": lambda: base_resp_error(2062, "token plan rate limit"),
    "200 base_resp model": lambda: base_resp_error(2061, "your plan does not support this model"),
    "200 html page": lambda: Http(
        body="<html><title>Wi-Fi login</title></html>", content_type="text/html"
    ),
    "200 html page with a data line": lambda: Http(
        body="<html>\ndata: log in first\n\n</html>", content_type="text/html"
    ),
    "200 invalid json": lambda: Http(body='{"choices": ['),
    # Streams in unusual but valid clothes.
    "crlf": lambda: after_text(End.DONE, eol="\r\n"),
    "cr": lambda: after_text(End.DONE, eol="\r"),
    "one byte at a time": lambda: after_text(End.CLEAN, split_every=1),
    "byte order mark": lambda: after_text(End.CLEAN, prefix=b"\xef\xbb\xbf"),
    "no space after data": lambda: after_text(End.DONE, data_field="data:"),
    "comments": lambda: between(Comment("keep-alive"), Comment()),
    "data on several lines": lambda: Reply(
        [Data(json.dumps(chunk("Hel"), indent=1)), "lo"], end=End.CLEAN
    ),
    "gzip": lambda: after_text(End.CLEAN, gzip=True),
    "http 1.0": lambda: after_text(End.CLEAN, framing=Framing.CLOSE, version="1.0"),
    "content length": lambda: after_text(End.CLEAN, framing=Framing.LENGTH),
    "early hints": lambda: after_text(
        End.CLEAN, before=[Send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")]
    ),
    "wrong content type": lambda: after_text(End.CLEAN, content_type="text/plain"),
    "text after done": lambda: Reply(
        ["Hel", Delta({"content": "lo"}, "stop"), DONE, "LATE"], end=End.NO_FINISH
    ),
    # Events to be passed over.
    "id alone": lambda: between(Raw(b"id: 7\n\n")),
    "ping without data": lambda: between(Raw(b"event: ping\n\n")),
    "ping with empty object": lambda: between(Data({}, event="ping")),
    "empty data": lambda: between(Raw(b"data:\n\n")),
    "choices null": lambda: between(Chunk({"choices": None})),
    "choices missing": lambda: between(Chunk({}, without=("choices",))),
    "data null": lambda: between(Data("null")),
    "data string": lambda: between(Data('"x"')),
    "data list": lambda: between(Data("[]")),
    "delta null": lambda: between(Delta(None)),
    "delta missing": lambda: between(Chunk({"choices": [{"index": 0}]})),
    "content number": lambda: between(Delta({"content": 5})),
    "content list": lambda: between(Delta({"content": ["x"]})),
    "second choice": lambda: between(
        Chunk({"choices": [{"index": 1, "delta": {"content": "OTHER"}}]})
    ),
    "role empty and no id": lambda: between(
        Chunk({"choices": [{"index": 0, "delta": {"role": "", "content": ""}}]}, without=("id",))
    ),
    "text after finish": lambda: Reply(
        ["Hel", Delta({"content": "lo"}, "stop"), Delta({"content": "LATE"})], end=End.NO_FINISH
    ),
    "unknown finish reason": lambda: Reply(["Hello"], finish_reason="tired"),
    "finish at the length": lambda: Reply([THOUGHT], finish_reason="length"),
    "sensitive": lambda: Reply(
        ["Hello"], flags={"output_sensitive": True, "output_sensitive_type": 1}
    ),
    # Errors inside a stream.
    "error object": lambda: error_in_stream(ErrorStyle.OBJECT),
    "error string": lambda: error_in_stream(ErrorStyle.STRING),
    "error event": lambda: error_in_stream(ErrorStyle.EVENT),
    "error base_resp": lambda: error_in_stream(ErrorStyle.BASE_RESP),
    # Ends.
    "no finish": lambda: after_text(End.NO_FINISH),
    "no finish, connection close": lambda: after_text(End.FIN, framing=Framing.CLOSE),
    "done without finish": lambda: after_text(End.DONE_WITHOUT_FINISH),
    "no blank line": lambda: after_text(End.NO_BLANK_LINE),
    "cut event": lambda: after_text(End.CUT_EVENT),
    "closed mid-stream": lambda: after_text(End.FIN),
    "reset mid-stream": lambda: after_text(End.RST),
    "stall mid-stream": lambda: after_text(End.STALL),
    "open after done": lambda: after_text(End.DONE_KEPT_OPEN),
    "whole message last": lambda: after_text(End.MESSAGE),
    "closed once idle": lambda: after_text(End.CLEAN, after=[Close()]),
    "length too large": lambda: after_text(End.FIN, framing=Framing.LENGTH, content_length=99_999),
    "length too small": lambda: after_text(
        End.FIN, framing=Framing.LENGTH, content_length=len(_EVENT)
    ),
    "bad chunk size": lambda: hang_up(after=_CHUNKED_HEAD + _ONE_CHUNK + b"zz\r\n"),
    # Bytes that do not decode.
    "truncated json": lambda: between(Data('{"choices":[{"index":0,"del')),
    "invalid utf-8": lambda: between(
        Raw(b'data: {"choices":[{"index":0,"delta":{"content":"\xff\xfe"}}]}\n\n')
    ),
    "brotli": lambda: _stream(b"\x8b\x02\x80hello\x03", headers=[("Content-Encoding", "br")]),
    "gzip garbage": lambda: _stream(b"not gzip", headers=[("Content-Encoding", "gzip")]),
    "gzip truncated": lambda: after_text(End.NO_FINISH, gzip=True),
    "huge number": lambda: between(Data('{"created":' + "9" * 5_000 + ',"choices":[]}')),
    "deep json": lambda: between(Data("[" * 200_000 + "]" * 200_000)),
    "lone surrogate": lambda: between(
        Data('{"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}')
    ),
    "surrogates apart": lambda: Reply(["Hel\ud83d", "\ude00lo"], ascii=True),
    "nul": lambda: Reply(["Hel", "\0", "lo"]),
    # Tool calls.
    "call whole": lambda: calls(Call("search", {"query": "tea"})),
    "call with split arguments": lambda: calls(
        Call("search", {"query": "tea"}, CallShape.ARGUMENTS_SPLIT, pieces=3)
    ),
    "call with name first": lambda: calls(
        Call("search", {"query": "tea"}, CallShape.NAME_FIRST, pieces=3)
    ),
    "parallel calls": lambda: calls(Call("search", {"query": "a"}), Call("search", {"query": "b"})),
    "parallel calls on one index": lambda: calls(
        Call("search", {"query": "a"}, index=0), Call("search", {"query": "b"}, index=0)
    ),
    "call without index": lambda: calls(Call("search", {"query": "tea"}, index=None)),
    "call with a huge index": lambda: calls(Call("search", {"query": "tea"}, index=2**31)),
    "call with bad arguments": lambda: calls(Call("search", '{"query": "te')),
    "call with null function": lambda: Reply(
        [
            Delta(
                {"tool_calls": [{"index": 0, "id": "call_x", "type": "function", "function": None}]}
            )
        ],
        finish_reason="tool_calls",
    ),
    "singular finish reason": lambda: replace(
        calls(Call("search", {"query": "tea"})), finish_reason="tool_call"
    ),
    "call leaking as text": lambda: Reply(
        ['<minimax:tool_call>\n<invoke name="search">\n</invoke>\n</minimax:tool_call>']
    ),
    # Attacks on memory and patience.
    "32 MB line": lambda: Reply(
        ["Hel", Raw(b"data: "), Endless(b"x" * 65_536, times=512), Raw(b"\n\n")], end=End.CLEAN
    ),
    "endless line": lambda: Reply(["Hel", Raw(b"data: "), Endless(b"x" * 65_536)]),
    "endless text": lambda: Reply(["Hel", Endless(_EVENT * 50)]),
    "endless comments": lambda: Reply(["Hel", Endless(b": keep-alive\n\n", gap=0.01)]),
    "gzip bomb": gzip_bomb,
    "drip": drip,
}
