"""What a person searches all conversations for, and what is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from desktop_app.domain.message import Part, Role, Text, Thought, ToolCall, ToolResult


class Scope(StrEnum):
    """Who or what wrote a text."""

    ANSWERS = "answers"
    THINKING = "thinking"
    TOOLS = "tools"
    """Calls of tools, with their names and arguments, and what the tools answered."""
    MINE = "mine"


ALL_SCOPES: Final = frozenset(Scope)
MOST_HITS: Final = 100
MOST_COUNTED: Final = 1000

Range: TypeAlias = tuple[int, int]
"""Begin and end of a stretch of text, in code points; the end is exclusive."""


def scope_of(part: Part, role: Role) -> Scope:
    """Return who wrote ``part`` of a message of ``role``."""
    match part:
        case Thought():
            return Scope.THINKING
        case ToolCall() | ToolResult():
            return Scope.TOOLS
        case Text():
            return _TEXT_SCOPES[role]


def searched_text(part: Part) -> str:
    """Return what can be found of ``part``: its text, after the tool's name where there is one."""
    match part:
        case Thought(text) | Text(text):
            return text
        case ToolCall(_, name, text) | ToolResult(_, name, text):
            return f"{name}\n{text}"


_TEXT_SCOPES: Final = {
    Role.USER: Scope.MINE,
    Role.ASSISTANT: Scope.ANSWERS,
    Role.TOOL: Scope.TOOLS,
}


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for, and where.

    Attributes:
        text: As it was typed; :func:`desktop_app.domain.search_text.parse` says what it means.
        scopes: Where hits are wanted. The others are counted all the same.
        model: Only what this model wrote or was asked; ``None`` takes all.
        since: Only messages made at or after this time, in seconds since the Unix epoch.
        until: Only messages made before this time.
        in_trash: Whether the trash is searched, in place of the conversations that are listed.
        limit: Most hits that are returned.
    """

    text: str
    scopes: frozenset[Scope] = ALL_SCOPES
    model: str | None = None
    since: float | None = None
    until: float | None = None
    in_trash: bool = False
    limit: int = MOST_HITS

    @property
    def is_narrowed(self) -> bool:
        """Whether more might be found by asking for less."""
        return (
            self.scopes != ALL_SCOPES
            or self.model is not None
            or self.since is not None
            or self.until is not None
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """One part of a message in which every word was found.

    Attributes:
        message_id: The message.
        position: Which of the message's parts it is, counted from 0.
        scope: Who or what wrote it.
        created_at: When the message was made, in seconds since the Unix epoch.
        excerpt: What stands round the first place, as one line of plain text.
        ranges: Where in the excerpt the words are, in order, without overlap.
    """

    message_id: str
    position: int
    scope: Scope
    created_at: float
    excerpt: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class ConversationHits:
    """The hits in one conversation, newest first."""

    conversation_id: str
    title: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many parts were found; ``is_least`` when counting ended early."""

    number: int = 0
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found.

    Attributes:
        conversations: Those with hits, the one with the newest hit first.
        counts: For each scope, wanted or not.
        is_complete: Whether everything was looked at; ``False`` while the index is being built.
    """

    conversations: tuple[ConversationHits, ...] = ()
    counts: Mapping[Scope, Tally] | None = None
    is_complete: bool = True

    def count(self, scope: Scope) -> Tally:
        """Return how many were found in ``scope``."""
        return (self.counts or {}).get(scope, Tally())
