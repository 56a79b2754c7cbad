"""A delta is the smallest step by which an answer grows; a *chunk* is what the wire calls its own."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from desktop_app.domain.message import ToolResult
from desktop_app.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """More thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """More of a tool call. ``position`` tells calls apart within one message, counted from 0.

    ``call_id`` and ``name`` are set in the first delta of a call and empty afterwards; ``arguments``
    is a fragment to append.
    """

    position: int
    call_id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class ToolResultDelta:
    """The whole answer of one tool; of calls that run together, in the order of their ends."""

    result: ToolResult


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """Token counts, once, at the end."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class FinishDelta:
    """Why the answer ended, in the server's word: ``stop``, ``length``, ``tool_calls`` ..."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoticeDelta:
    """Something the person should know, as a machine word."""

    word: str


TEXT_WAS_THINKING: Final = "text_was_thinking"
"""The notice that all text so far was thinking: a thought was closed that was never opened.

llama.cpp's template begins inside the thinking, so the only tag to come is the closing one, long
after the words were shown.
"""

Delta: TypeAlias = (
    ThinkingDelta
    | TextDelta
    | ToolCallDelta
    | ToolResultDelta
    | UsageDelta
    | FinishDelta
    | NoticeDelta
)
