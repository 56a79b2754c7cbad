"""What a scripted stream may contain: thinking, words, tool calls, and every kind of oddity.

These are descriptions. :mod:`desktop_app.demo.script` turns them into bytes.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal

from desktop_app.demo.chunks import Backend, Json
from desktop_app.demo.steps import Step


@dataclass(frozen=True)
class Think:
    """Thinking. One chunk, unless the reply cuts texts into pieces."""

    text: str


@dataclass(frozen=True)
class Say:
    """Answer text. One chunk, unless the reply cuts texts into pieces."""

    text: str


class CallShape(Enum):
    """The ways in which a streamed tool call is cut."""

    WHOLE = "everything in one delta"
    ARGUMENTS_SPLIT = "id, name and first arguments, then arguments alone"
    NAME_FIRST = "id and name with empty arguments, then arguments alone"


@dataclass(frozen=True)
class Call:
    """A tool call.

    Attributes:
        name: of the function.
        arguments: an object, or a string that need not be JSON.
        shape: how it is cut.
        index: ``"next"`` counts the calls of the answer; a number is sent as it is, so a reused or
            a huge one can be had; ``None`` leaves the key out.
        id: by default one in the style of the back end.
        pieces: how many fragments the arguments make where the shape cuts them.
    """

    name: str
    arguments: str | Mapping[str, Any] = field(default_factory=dict)
    shape: CallShape = CallShape.WHOLE
    index: int | Literal["next"] | None = "next"
    id: str | None = None
    pieces: int = 2

    def fragments(self, position: int, backend: Backend) -> list[Json]:
        """The elements of ``tool_calls``, one for each delta."""
        text = self._arguments_text()
        size = -(-len(text) // self.pieces) or 1
        cut = [text[start : start + size] for start in range(0, len(text), size)]
        head: Json = {"id": self.id or _call_id(position, backend), "type": "function"}
        where = position if self.index == "next" else self.index
        place: Json = {} if where is None else {"index": where}
        if self.shape is CallShape.WHOLE:
            first, rest = text, []
        elif self.shape is CallShape.NAME_FIRST:
            first, rest = "", cut
        else:
            first, rest = cut[0] if cut else "", cut[1:]
        made = [{**head, "function": {"name": self.name, "arguments": first}, **place}]
        made += [{"type": "function", "function": {"arguments": piece}, **place} for piece in rest]
        return made

    def whole(self, position: int, backend: Backend) -> Json:
        """The call as it stands in a message that is not streamed."""
        return Call(self.name, self._arguments_text(), index=self.index, id=self.id).fragments(
            position, backend
        )[0]

    def _arguments_text(self) -> str:
        if isinstance(self.arguments, str):
            return self.arguments
        return json.dumps(dict(self.arguments), ensure_ascii=False)


def _call_id(position: int, backend: Backend) -> str:
    digits = uuid.uuid4().hex
    match backend:
        case Backend.MAIN:
            return f"call_function_{digits[:12]}_{position + 1}"
        case Backend.SMALL:
            return f"call_{digits[:24]}"
        case Backend.SELF_HOSTED:
            return f"chatcmpl-tool-{digits}"


@dataclass(frozen=True)
class Delta:
    """A delta as given, in an ordinary chunk: wrong types, ``None``, unknown keys."""

    delta: Mapping[str, Any] | None
    finish_reason: str | None = None


@dataclass(frozen=True)
class Chunk:
    """Keys laid over an ordinary chunk without choices: ``{"choices": None}``, a second choice."""

    keys: Mapping[str, Any]
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Data:
    """One SSE event as given. ``payload`` is text, or a value to be made JSON."""

    payload: Any
    event: str | None = None
    id: str | None = None


class ErrorStyle(Enum):
    """How an error travels inside a stream that began with 200."""

    OBJECT = "data with an error object"
    STRING = "data with an error string"
    EVENT = "event: error with a plain object"
    BASE_RESP = "a chunk with choices null and base_resp"


@dataclass(frozen=True)
class SseError:
    """An error in the middle of a stream."""

    code: int
    message: str
    style: ErrorStyle = ErrorStyle.OBJECT
    status: int = 500


@dataclass(frozen=True)
class Comment:
    """An SSE comment line, as proxies send to keep a connection alive."""

    text: str = ""


@dataclass(frozen=True)
class Raw:
    """Bytes inside the body, framed like the rest but otherwise untouched."""

    data: bytes


@dataclass(frozen=True)
class Endless:
    """Body bytes repeated ``times`` times, or for ever; framed like the rest."""

    data: bytes
    times: int | None = None
    gap: float = 0.0


Event = Think | Say | Call | Delta | Chunk | Data | SseError | Comment | Raw | Endless | Step

DONE: Final = Data("[DONE]")


class End(Enum):
    """How a streamed reply ends."""

    CLEAN = "finish_reason, usage if asked, proper end of body: the live host"
    DONE = "the same with a [DONE] event"
    DONE_KEPT_OPEN = "the same, and then the connection stays open in silence"
    MESSAGE = "finish_reason comes with a last object that holds the whole message again"
    NO_FINISH = "proper end of body, but no finish_reason ever came"
    DONE_WITHOUT_FINISH = "[DONE], but no finish_reason ever came"
    NO_BLANK_LINE = "the last event, with finish_reason, lacks the blank line after it"
    CUT_EVENT = "the last event stops in the middle of its JSON, then a proper end of body"
    FIN = "the connection closes in the middle of the body"
    RST = "the connection is reset in the middle of the body"
    STALL = "nothing more comes, the connection stays open"

    @property
    def finishes(self) -> bool:
        """Whether a finish_reason is sent."""
        return self in {
            End.CLEAN, End.DONE, End.DONE_KEPT_OPEN, End.MESSAGE, End.NO_BLANK_LINE, End.CUT_EVENT
        }  # fmt: skip
