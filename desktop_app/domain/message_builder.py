"""Folds deltas into a message: the same fold for what streams, what is stored and what is recovered."""

import time
from collections.abc import Callable, Iterable

from desktop_app.domain.delta import (
    TEXT_WAS_THINKING,
    Delta,
    FinishDelta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    ToolResultDelta,
    UsageDelta,
)
from desktop_app.domain.message import Part, Text, Thought, ToolCall, ToolResult
from desktop_app.domain.usage import Usage


class _OpenStretch:
    """A stretch of thinking or text that still grows; joined only when somebody asks."""

    def __init__(self, *, thinking: bool, now: float) -> None:
        self.thinking = thinking
        self.fragments: list[str] = []
        self.started = now
        self.ended = now

    def part(self) -> Part:
        text = "".join(self.fragments)
        if self.thinking:
            return Thought(text, round(self.ended - self.started, 3))
        return Text(text)


class _OpenCall:
    """A tool call whose arguments still grow."""

    def __init__(self, call_id: str, name: str) -> None:
        self.call_id = call_id
        self.name = name
        self.fragments: list[str] = []

    def part(self) -> Part:
        return ToolCall(self.call_id, self.name, "".join(self.fragments))


class _Result:
    """A tool's answer, which comes whole."""

    def __init__(self, result: ToolResult) -> None:
        self._result = result

    def part(self) -> Part:
        return self._result


class MessageBuilder:
    """Grows the parts of one message, an assistant's or of tools, in constant time per delta.

    Args:
        clock: Monotonic seconds, for the duration of thoughts.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: list[_OpenStretch | _OpenCall | _Result] = []
        self._calls: dict[int, _OpenCall] = {}
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.notices: list[str] = []

    def add(self, deltas: Iterable[Delta]) -> None:
        """Take ``deltas`` in their order."""
        for delta in deltas:
            match delta:
                case ThinkingDelta(text):
                    self._grow(text, thinking=True)
                case TextDelta(text):
                    self._grow(text, thinking=False)
                case ToolCallDelta():
                    self._grow_call(delta)
                case ToolResultDelta(result):
                    self._open.append(_Result(result))
                case UsageDelta(usage):
                    self.usage = usage
                case FinishDelta(reason):
                    self.finish_reason = reason
                    self._end_thought()
                case NoticeDelta(word) if word == TEXT_WAS_THINKING:
                    self._turn_into_thinking()
                case NoticeDelta(word):
                    if word not in self.notices:
                        self.notices.append(word)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What has arrived, as values; costs time in proportion to the text."""
        return tuple(item.part() for item in self._open)

    @property
    def has_text(self) -> bool:
        """Whether any of the answer itself has arrived."""
        return any(isinstance(item, _OpenStretch) and not item.thinking for item in self._open)

    @property
    def has_anything(self) -> bool:
        """Whether any thinking, text, call or result has arrived."""
        return bool(self._open)

    def _grow(self, text: str, *, thinking: bool) -> None:
        if not text:
            return
        last = self._open[-1] if self._open else None
        if not isinstance(last, _OpenStretch) or last.thinking is not thinking:
            self._end_thought()
            last = _OpenStretch(thinking=thinking, now=self._clock())
            self._open.append(last)
        last.fragments.append(text)
        if thinking:
            last.ended = self._clock()

    def _grow_call(self, delta: ToolCallDelta) -> None:
        call = self._calls.get(delta.position)
        if call is None:
            self._end_thought()
            call = self._calls[delta.position] = _OpenCall(delta.call_id, delta.name)
            self._open.append(call)
        else:
            call.call_id = call.call_id or delta.call_id
            call.name = call.name or delta.name
        call.fragments.append(delta.arguments)

    def _turn_into_thinking(self) -> None:
        """Make one thought of all thinking and text so far; calls stay as they are."""
        stretches = [item for item in self._open if isinstance(item, _OpenStretch)]
        if not stretches:
            return
        whole = _OpenStretch(thinking=True, now=stretches[0].started)
        whole.fragments = ["".join(part for item in stretches for part in item.fragments).rstrip()]
        whole.ended = self._clock()
        self._open = [whole, *(item for item in self._open if not isinstance(item, _OpenStretch))]

    def _end_thought(self) -> None:
        """Close the clock of a thought at the moment something else begins."""
        if self._open and isinstance(last := self._open[-1], _OpenStretch) and last.thinking:
            last.ended = self._clock()
