"""A message and the parts it is made of, in the order in which they arrived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from desktop_app.domain.errors import ErrorRecord
from desktop_app.domain.usage import Usage

Json: TypeAlias = Mapping[str, Any]

CONTINUATION: Final = "continuation"
"""Notice on a message in the person's role that asks for the rest of an answer."""

ROUNDS_USED_UP: Final = "rounds_used_up"
"""Notice on the message that ends a turn because no more tools may be called in it."""


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class MessageState(StrEnum):
    """Where a message stands; every state but ``STREAMING`` is final."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    """The person pressed Stop."""
    FAILED = "failed"
    """An error ended it; ``Message.error`` says which. Text that came before is kept."""
    CUT_OFF = "cut_off"
    """The stream ended without saying that the answer was finished, or at a length limit."""
    INTERRUPTED = "interrupted"
    """The program ended while it streamed."""


@dataclass(frozen=True, slots=True)
class Thought:
    """One uninterrupted stretch of thinking; ``seconds`` is how long it took, if known."""

    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One stretch of the answer (Markdown), or the whole of what a person wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for. ``arguments`` is the JSON text as the model wrote it."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ResultImage:
    """A picture that a tool answered; ``data`` is base64."""

    mime: str
    data: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered to the call ``call_id``.

    Attributes:
        call_id: Which call.
        name: The name under which the model called it.
        text: All of the answer, for the person.
        is_error: Whether it failed, was denied or never ran.
        sent: What the model is given in its place, word for word the same each time; ``None``
            gives it ``text``.
        images: Pictures that came with it.
        seconds: How long the call took, where that is known.
    """

    call_id: str
    name: str
    text: str
    is_error: bool = False
    sent: str | None = None
    images: tuple[ResultImage, ...] = ()
    seconds: float | None = None


Part: TypeAlias = Thought | Text | ToolCall | ToolResult


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Attributes:
        id: Identifier from :func:`desktop_app.domain.ids.new_id`.
        role: Who speaks.
        parts: What it consists of, in the order of arrival.
        parent: The message it answers; ``None`` for the first of a conversation. Two messages with
            the same parent are siblings: branches of the conversation.
        created_at: Seconds since the Unix epoch, UTC.
        state: Where it stands.
        model: Name of the model that wrote it, or was asked to.
        finish_reason: The server's word for why the answer ended; ``None`` when it gave none.
        usage: Token counts, when the server sent them.
        error: What ended the answer, for ``FAILED``.
        received: The assistant message as the provider received it, for the way back: the model
            works well only when its own words return unchanged. Only the provider reads inside.
        notices: Machine words for what the person should know, such as ``output_sensitive``.
        host: The host (and port) that was asked; ``None`` where that was not recorded.
    """

    id: str
    role: Role
    parts: tuple[Part, ...] = ()
    parent: str | None = None
    created_at: float = 0.0
    state: MessageState = MessageState.COMPLETE
    model: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    error: ErrorRecord | None = None
    received: Json | None = field(default=None, compare=True)
    notices: tuple[str, ...] = ()
    host: str | None = None

    @property
    def text(self) -> str:
        """The answer, or what the person wrote, as one string of Markdown."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def thinking(self) -> str:
        """All thinking of this message; separate stretches are parted by a blank line."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Thought))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The calls this message asks for, in the model's order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))

    @property
    def is_continuation(self) -> bool:
        """Whether the program asked in the person's name for the rest of an answer."""
        return self.role is Role.USER and CONTINUATION in self.notices

    @property
    def can_continue(self) -> bool:
        """Whether it is an answer that ended too early and has text to go on from.

        Thinking alone is no answer: no service takes it back as one.
        """
        early = {
            MessageState.STOPPED,
            MessageState.FAILED,
            MessageState.CUT_OFF,
            MessageState.INTERRUPTED,
        }
        return self.role is Role.ASSISTANT and self.state in early and bool(self.text.strip())

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be added."""
        return self.state is not MessageState.STREAMING
