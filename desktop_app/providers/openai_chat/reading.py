"""An answer on its way in: bytes to deltas, in every form that servers give it.

Text comes out once, in order and for good: whether a server repeats the whole text so far or sends
what is new, in which field it puts the thinking, and where it cuts. Nothing here waits or raises;
what went wrong stands in ``AnswerReader.fault``, after the deltas that came before it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from desktop_app.domain.delta import (
    Delta,
    FinishDelta,
    NoticeDelta,
    ThinkingDelta,
    UsageDelta,
)
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Json
from desktop_app.domain.text import SurrogateJoiner, storable
from desktop_app.domain.usage import Usage
from desktop_app.providers.openai_chat.body import AnswerBody, Payload
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.growth import GrowthJudge, Piece
from desktop_app.providers.openai_chat.received import ReceivedMessage
from desktop_app.providers.openai_chat.think_tags import StrayClosing, ThinkSplitter
from desktop_app.providers.openai_chat.tool_calls import ToolCallAssembler

_DETAILS: Final = "reasoning_details"
_CONTENT: Final = "content"
_PLAIN_REASONING: Final = ("reasoning_content", "reasoning")
_DETAIL_TEXTS: Final = ("text", "summary")
_MOST_BARREN: Final = 50_000
MAX_TEXT: Final = 3 * 1024 * 1024
"""Code units of UTF-16 in one answer with its thinking and its calls: half as much again as the
largest model may write.

Text is held several times over while it is joined and stored: 60 MB of it took 300 MB of memory.
An emoji counts twice, as it does in Qt: Python keeps four bytes for each character beside one.
"""

_FLAGS: Final = ("input_sensitive", "output_sensitive")


class _TextField:
    """A field of the wire that brings text.

    Attributes:
        name: The field's; items of one list have the same.
        keep: Adds new text of the field to what goes back.
        joiner: Puts characters together that were cut in two.
    """

    __slots__ = ("joiner", "keep", "name")

    def __init__(self, name: str, keep: Callable[[ReceivedMessage, str], None]) -> None:
        self.name = name
        self.keep = keep
        self.joiner = SurrogateJoiner()


class AnswerReader:
    """Reads one answer.

    Args:
        dialect: ``minimax`` or ``openai``, kept with what is received.
        faults: Names what goes wrong.

    Attributes:
        fault: Why the answer failed; final once set.
        finish_reason: The server's word; text that comes after it is no part of the answer.
        chunks: How many events carried a piece of the answer, to tell progress from keep-alives.
    """

    def __init__(self, dialect: str, faults: FaultNamer) -> None:
        self.fault: ErrorRecord | None = None
        self.finish_reason: str | None = None
        self.chunks = 0
        self._barren = 0
        self._dialect = dialect
        self._faults = faults
        self._body = AnswerBody()
        self._growth: GrowthJudge[_TextField] = GrowthJudge()
        self._content = _TextField(_CONTENT, ReceivedMessage.add_content)
        self._reasonings = tuple(map(_reasoning_field, _PLAIN_REASONING))
        self._details: list[_TextField] = []
        self._received = ReceivedMessage()
        self._calls = ToolCallAssembler()
        self._source: str | None = None
        self._reasoning: list[str] = []
        self._stray = StrayClosing()
        self._splitter = ThinkSplitter(lambda: "".join(self._reasoning))
        self._usage: Usage | None = None
        self._noticed: set[str] = set()
        self._streamed = False
        self._length = 0

    @property
    def done(self) -> bool:
        """Whether the server said that nothing more comes, or nothing more is to be read."""
        return self._body.done or self.fault is not None

    @property
    def received(self) -> Json | None:
        """The assistant message so far, as it goes back; ``None`` while there is none."""
        message = self._received
        waiting = self._growth.preview()
        if waiting:
            message = message.copy()
            for piece in waiting:
                piece.field.keep(message, piece.text)
        body = message.as_json(self._calls.as_received())
        return None if body is None else {"dialect": self._dialect, "message": body}

    def feed(self, data: bytes) -> list[Delta]:
        """Take bytes from the network and return what they add to the answer."""
        deltas: list[Delta] = []
        for payload in self._body.feed(data):
            self._read(payload, deltas)
            if self.fault is not None:
                return deltas
        self._take_trouble()
        return deltas

    def finish(self) -> list[Delta]:
        """Return what waited for the end of the body, and judge whether the answer is whole."""
        deltas: list[Delta] = []
        if self.fault is None:
            for payload in self._body.finish():
                self._read(payload, deltas)
            self._take_trouble()
        self._end_text(deltas)
        if self._usage is not None:
            deltas.append(UsageDelta(self._usage))
        if self.fault is None and self.finish_reason is None and not self._body.whole:
            kind = ErrorKind.CUT_OFF if self.chunks else ErrorKind.EMPTY_ANSWER
            self.fault = self._faults.plain(kind, "" if self.chunks else self._body.opening)
        return deltas

    def fail(self, fault: ErrorRecord) -> None:
        """End the answer with ``fault``, unless it is complete or failed already."""
        if self.finish_reason is None and self.fault is None:
            self.fault = fault

    def _take_trouble(self) -> None:
        trouble = self._body.trouble
        if trouble is not None and self.fault is None:
            self.fault = self._faults.plain(trouble.kind, trouble.detail)

    def _read(self, payload: Payload, deltas: list[Delta]) -> None:
        value = payload.value
        choices = value.get("choices")
        if "error" in value or "base_resp" in value or payload.event == "error" or not choices:
            self.fault = self._faults.of_payload(value, event=payload.event)
            if self.fault is not None:
                return
        usage = value.get("usage")
        if usage:
            self._usage = _usage(usage) or self._usage
        for flag in _FLAGS:
            if value.get(flag) is True and flag not in self._noticed:
                self._noticed.add(flag)
                deltas.append(NoticeDelta(flag))
        choice = _first_choice(choices) if choices else None
        if choice is not None:
            self.chunks += 1
            self._read_choice(choice, deltas)
        else:
            self._barren += 1
            if self._barren > _MOST_BARREN:
                detail = f"more than {_MOST_BARREN} events without a piece of the answer"
                self.fault = self._faults.plain(ErrorKind.TOO_LARGE_ANSWER, detail)

    def _read_choice(self, choice: Mapping[str, Any], deltas: list[Delta]) -> None:
        delta = choice.get("delta")
        message = choice.get("message")
        if isinstance(delta, dict) and delta:
            if self.finish_reason is None:
                self._read_delta(delta, deltas)
        elif isinstance(message, dict) and not self._streamed:
            # The whole answer at once. After a stream it would only repeat everything.
            self._read_delta(message, deltas)
            self._end_text(deltas)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason and self.finish_reason is None:
            self.finish_reason = storable(reason)
            self._end_text(deltas)
            deltas.append(FinishDelta(self.finish_reason))

    def _read_delta(self, delta: Mapping[str, Any], deltas: list[Delta]) -> None:
        details = delta.get(_DETAILS)
        if details:
            self._read_details(details, deltas)
        for field in self._reasonings:
            text = delta.get(field.name)
            if text and isinstance(text, str) and self._is_source(field.name):
                self._streamed = True
                self._take(self._growth.add(field, text), deltas)
        content = delta.get(_CONTENT)
        if content and isinstance(content, str):
            self._streamed = True
            self._take(self._growth.add(self._content, content), deltas)
        calls = delta.get("tool_calls")
        if isinstance(calls, list):
            self._read_calls(calls, deltas)

    def _read_details(self, details: object, deltas: list[Delta]) -> None:
        for item in details if isinstance(details, list) else ():
            if not isinstance(item, dict):
                continue
            place = self._received.place_of(item)
            if place == len(self._details):
                self._details.append(_detail_field(place))
            text = _detail_text(item)
            if text:
                self._streamed = True
                self._is_source(_DETAILS)
                self._take(self._growth.add(self._details[place], text), deltas)

    def _read_calls(self, calls: Iterable[object], deltas: list[Delta]) -> None:
        for fragment in calls:
            delta = self._calls.add(fragment) if isinstance(fragment, dict) else None
            if delta is not None:
                self._streamed = True
                self._take(self._growth.settle(), deltas)
                self._end_thought(deltas)
                deltas.append(delta)
                self._measure(delta.arguments)

    def _is_source(self, field: str) -> bool:
        """Whether thinking is taken from ``field``: the first one that has any, for this stream."""
        if self._source is None and not self._splitter.found_thinking:
            self._source = field
            self._splitter.stop_watching()
        return self._source == field

    def _take(self, pieces: Iterable[Piece[_TextField]], deltas: list[Delta]) -> None:
        """Keep new text and give it out as thinking or as part of the answer."""
        for field, piece in pieces:
            text = field.joiner.feed(piece)
            if not text:
                continue
            field.keep(self._received, text)
            self._measure(text)
            if field is self._content:
                parts = self._splitter.feed(text)
                if parts:
                    self._end_thought(deltas)
                    deltas += parts
            elif field.name == self._source:
                self._reasoning.append(text)
                thought = self._stray.feed(text)
                if thought:
                    deltas.append(ThinkingDelta(thought))

    def _measure(self, text: str) -> None:
        """Add ``text`` to the length of the answer, and end it where that is beyond all measure."""
        self._length += (
            len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
        )
        if self._length > MAX_TEXT and self.fault is None:
            detail = f"more than {MAX_TEXT // 1024 // 1024} million characters"
            self.fault = self._faults.plain(ErrorKind.TOO_LARGE_ANSWER, detail)

    def _end_thought(self, deltas: list[Delta]) -> None:
        thought = self._stray.finish()
        if thought:
            deltas.append(ThinkingDelta(thought))

    def _end_text(self, deltas: list[Delta]) -> None:
        """Give out everything that waits: no more text belongs to this answer."""
        self._take(self._growth.settle(), deltas)
        for field in (*self._details, *self._reasonings, self._content):
            rest = field.joiner.flush()
            if rest:
                self._take((Piece(field, rest),), deltas)
        self._end_thought(deltas)
        deltas += self._splitter.finish()


def _reasoning_field(name: str) -> _TextField:
    return _TextField(name, lambda message, text: message.add_reasoning(name, text))


def _detail_field(place: int) -> _TextField:
    return _TextField(_DETAILS, lambda message, text: message.add_detail_text(place, text))


def _detail_text(item: Mapping[str, Any]) -> str:
    for key in _DETAIL_TEXTS:
        text = item.get(key)
        if text and isinstance(text, str):
            return text
    return ""


def _first_choice(choices: object) -> Mapping[str, Any] | None:
    """Return the choice with index 0; others were not asked for."""
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return None


def _usage(value: object) -> Usage | None:
    """Return the counts in ``value``; ``None`` when there is none, or all are zero."""
    if not isinstance(value, dict):
        return None
    prompt_details = value.get("prompt_tokens_details")
    completion_details = value.get("completion_tokens_details")
    usage = Usage(
        prompt=_count(value, "prompt_tokens"),
        completion=_count(value, "completion_tokens"),
        cached=_count(prompt_details, "cached_tokens"),
        reasoning=_count(completion_details, "reasoning_tokens"),
    )
    return usage if usage.prompt or usage.completion else None


def _count(value: object, key: str) -> int | None:
    number = value.get(key) if isinstance(value, dict) else None
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        return None
    return number
