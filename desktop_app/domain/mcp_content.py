"""What MCP servers offer beside tools: resources, prompts, and questions to the person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be read from a server; all of it but ``server`` is the server's word.

    Attributes:
        server: Name of the server.
        uri: What it is asked for by.
        name: What it is called.
        description: What it says of it.
        mime: Its type; empty where the server says nothing.
        size: In bytes, where the server says so.
    """

    server: str
    uri: str
    name: str
    description: str = ""
    mime: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class ResourceText:
    """What was read: text, or ``base64`` where it is none."""

    uri: str
    mime: str
    text: str
    base64: str = ""


@dataclass(frozen=True, slots=True)
class PromptArgument:
    """Something that a prompt wants to be told."""

    name: str
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text that a server has ready for the person to send."""

    server: str
    name: str
    title: str = ""
    description: str = ""
    arguments: tuple[PromptArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a prompt: ``role`` is ``user`` or ``assistant``."""

    role: str
    text: str


class FieldKind(StrEnum):
    """What a field of a form takes."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"


FieldValue: TypeAlias = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a server's question.

    Attributes:
        name: Key of the answer.
        kind: What it takes.
        title: What the server calls it.
        description: What the server says of it.
        required: Whether it must be filled in.
        default: What stands in it at first.
        choices: Value and title of each, for the choices.
        least: Smallest number, or shortest text, or fewest choices.
        most: Largest number, or longest text, or most choices.
        text_format: ``email``, ``uri``, ``date`` or ``date-time``; empty for any text.
    """

    name: str
    kind: FieldKind
    title: str
    description: str = ""
    required: bool = False
    default: FieldValue | None = None
    choices: tuple[tuple[str, str], ...] = ()
    least: float | None = None
    most: float | None = None
    text_format: str = ""


@dataclass(frozen=True, slots=True)
class Elicitation:
    """A server's question to the person.

    Attributes:
        server: Name of the server that asks.
        message: What it says; untrusted.
        fields: What it wants to know; none of it may be a secret.
        url: An address to be opened instead, for the questions that are asked on a page.
    """

    server: str
    message: str
    fields: tuple[FormField, ...] = ()
    url: str = ""


class ElicitationChoice(StrEnum):
    """What the person did with a question."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ElicitationAnswer:
    """What the person said; ``values`` only for ``ACCEPT``."""

    choice: ElicitationChoice
    values: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sampling:
    """What a server asks the person's model for."""

    server: str
    system: str
    messages: tuple[PromptMessage, ...]
    most_tokens: int
