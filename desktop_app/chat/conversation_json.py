"""Whole conversations as JSON, for a file or another program, and back without loss.

The format, version 1: one object with ``format``, ``version`` and ``conversations``. A conversation
is an object with the fields of :class:`~desktop_app.domain.conversation.Conversation`, its
``source``, and two lists: ``messages``, in the order of their making, a parent before its children,
with ``head`` naming the one that is shown last; and ``exchanges``, each as
:mod:`desktop_app.chat.exchange_json` writes it. A message has the fields of
:class:`~desktop_app.domain.message.Message`; those that hold nothing are left out. ``received`` is
what the service sent, as it came: whoever continues the conversation has to send it back unchanged.
Times are seconds since the Unix epoch, UTC. The text is UTF-8.

What comes in may be anything: it is checked to the last field before it is a conversation.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final, TypeVar

from desktop_app.chat import exchange_json
from desktop_app.domain.conversation import Conversation, ParameterError, Parameters
from desktop_app.domain.conversation_tree import ConversationTree, TreeError
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import (
    Message,
    MessageState,
    Part,
    ResultImage,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.text import storable
from desktop_app.domain.usage import Usage

FORMAT: Final = "interleave-conversations"
VERSION: Final = 1
HEAD: Final = f'{{"format": "{FORMAT}", "version": {VERSION}, "conversations": [\n'
BETWEEN: Final = ",\n"
TAIL: Final = "\n]}\n"

LATEST: Final = 253_402_300_800.0
"""The year 10000, from which on no calendar of the program knows a date."""

T = TypeVar("T")


class ConversationFormatError(ValueError):
    """A value is no conversation of this format; the message says why, in English."""


def as_json(trees: Iterable[ConversationTree]) -> str:
    """Return ``trees`` as one file."""
    return HEAD + BETWEEN.join(map(tree_json, trees)) + TAIL


def tree_json(tree: ConversationTree) -> str:
    """Return one element of the list in the file, each message on a line of its own.

    A message that still streams is written as one that was interrupted: what is there is all that
    the file will ever hold of it.
    """
    conversation = asdict(tree.conversation)
    conversation |= conversation.pop("parameters")
    del conversation["deleted_at"]
    head = _written({**conversation, "source": tree.source})
    messages = ",\n  ".join(_written(_message_value(message)) for message in tree.messages)
    exchanges = ",\n".join(exchange_json.as_json(r).rstrip("\n") for r in tree.exchanges)
    return f'{head[:-1]},\n "messages": [\n  {messages}\n ],\n "exchanges": [\n{exchanges}\n ]}}'


def tree_from_value(value: object) -> ConversationTree:
    """Return the conversation in ``value``, which is what :func:`tree_json` parses to.

    Raises:
        ConversationFormatError: When it is anything else.
    """
    fields = _Fields(value)
    try:
        parameters = Parameters(
            fields.text("system_prompt"),
            fields.maybe("temperature", float),
            fields.maybe("top_p", float),
            fields.maybe("max_tokens", int),
        )
        tree = ConversationTree(
            conversation=Conversation(
                id=fields.name("id"),
                title=fields.text("title"),
                created_at=fields.time("created_at"),
                updated_at=fields.time("updated_at"),
                model=fields.text("model"),
                parameters=parameters,
                head=fields.maybe("head", str),
                # Files from before these fields: nobody knows who chose the title.
                named=fields.maybe("named", bool) is not False,
                pinned=fields.maybe("pinned", bool) is True,
                archived=fields.maybe("archived", bool) is True,
                folder=fields.maybe("folder", str) or "",
                tags=tuple(_Fields({"tags": tag}).text("tags") for tag in fields.list("tags", ())),
            ),
            messages=tuple(map(_message, fields.list("messages"))),
            exchanges=tuple(map(exchange_json.from_value, fields.list("exchanges"))),
            source=fields.text("source"),
        )
        tree.check()
    except (ParameterError, TreeError, exchange_json.ExchangeFormatError) as error:
        raise ConversationFormatError(str(error)) from None
    return tree


def _message_value(message: Message) -> dict[str, Any]:
    state = message.state if message.is_final else MessageState.INTERRUPTED
    value: dict[str, Any] = {
        "id": message.id,
        "parent": message.parent,
        "role": message.role,
        "state": state,
        "created_at": message.created_at,
        "model": message.model,
        "host": message.host,
        "finish_reason": message.finish_reason,
        "usage": None if message.usage is None else asdict(message.usage),
        "error": None if message.error is None else asdict(message.error),
        "notices": message.notices or None,
        "parts": [_part_value(part) for part in message.parts],
        "received": message.received,
    }
    return {name: field for name, field in value.items() if field is not None}


def _part_value(part: Part) -> dict[str, Any]:
    value = {name: field for name, field in asdict(part).items() if field not in (None, ())}
    return {"kind": _KINDS[type(part)], **value}


_KINDS: Final[Mapping[type[Part], str]] = {
    Thought: "thought",
    Text: "text",
    ToolCall: "tool_call",
    ToolResult: "tool_result",
}


def _message(value: object) -> Message:
    fields = _Fields(value)
    received = fields.maybe("received", dict)
    return Message(
        id=fields.name("id"),
        role=fields.word("role", Role),
        parts=tuple(map(_part, fields.list("parts"))),
        parent=fields.maybe("parent", str),
        created_at=fields.time("created_at"),
        state=fields.word("state", MessageState, but=MessageState.STREAMING),
        model=fields.maybe("model", str),
        finish_reason=fields.maybe("finish_reason", str),
        usage=_usage(fields),
        error=_error(fields),
        received=received,
        notices=tuple(_Fields({"notices": n}).text("notices") for n in fields.list("notices", ())),
        host=fields.maybe("host", str),
    )


def _part(value: object) -> Part:
    fields = _Fields(value)
    match fields.text("kind"):
        case "thought":
            return Thought(fields.text("text"), fields.maybe("seconds", float))
        case "text":
            return Text(fields.text("text"))
        case "tool_call":
            return ToolCall(fields.text("call_id"), fields.text("name"), fields.text("arguments"))
        case "tool_result":
            return ToolResult(
                call_id=fields.text("call_id"),
                name=fields.text("name"),
                text=fields.text("text"),
                is_error=fields.maybe("is_error", bool) is True,
                sent=fields.maybe("sent", str),
                images=tuple(map(_image, fields.list("images", ()))),
                seconds=fields.maybe("seconds", float),
            )
        case _:
            raise _wrong("kind")


def _image(value: object) -> ResultImage:
    fields = _Fields(value)
    return ResultImage(fields.text("mime"), fields.text("data"))


def _usage(message: "_Fields") -> Usage | None:
    if (value := message.maybe("usage", dict)) is None:
        return None
    counts = _Fields(value)
    return Usage(
        *(counts.maybe(name, int) for name in ("prompt", "completion", "cached", "reasoning"))
    )


def _error(message: "_Fields") -> ErrorRecord | None:
    if (value := message.maybe("error", dict)) is None:
        return None
    fields = _Fields(value)
    return ErrorRecord(
        kind=fields.word("kind", ErrorKind),
        host=fields.maybe("host", str),
        code=fields.maybe("code", int),
        status=fields.maybe("status", int),
        trace_id=fields.maybe("trace_id", str),
        detail=fields.text("detail"),
        retry_at=fields.maybe("retry_at", float),
    )


class _Fields:
    """The fields of an object, each looked at before it is taken."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise ConversationFormatError("The file is damaged: something in it is no object.")
        self._value: Mapping[str, Any] = value

    def maybe(self, name: str, kind: type[T]) -> T | None:
        """Return the field, ``None`` where there is none; a whole number serves as a float."""
        value = self._value.get(name)
        if value is None:
            return None
        if kind is float and type(value) is int and abs(value) < 2**53:
            value = float(value)
        # By type, for True is an int to Python.
        if type(value) is not kind:
            raise _wrong(name)
        if isinstance(value, float) and not math.isfinite(value):
            raise _wrong(name)
        if isinstance(value, int) and abs(value) >= 2**63:
            raise _wrong(name)
        return storable(value) if isinstance(value, str) else value  # type: ignore[return-value]

    def text(self, name: str) -> str:
        """Return a text that has to be there."""
        if (value := self.maybe(name, str)) is None:
            raise _wrong(name)
        return value

    def name(self, name: str) -> str:
        """Return an identifier: short, and not empty."""
        value = self.text(name)
        if not 0 < len(value) <= 200:
            raise _wrong(name)
        return value

    def time(self, name: str) -> float:
        """Return seconds since the epoch that a calendar knows."""
        value = self.maybe(name, float)
        if value is None or not 0 <= value < LATEST:
            raise _wrong(name)
        return value

    def list(self, name: str, default: Iterable[object] | None = None) -> Iterable[object]:
        """Return a list that has to be there, unless there is a ``default``."""
        value = self._value.get(name, default)
        if not isinstance(value, list | tuple):
            raise _wrong(name)
        return value

    def word(self, name: str, words: Callable[[str], T], but: T | None = None) -> T:
        """Return a field that holds one of a few words, and not ``but``."""
        try:
            value = words(self.text(name))
        except ValueError:
            raise _wrong(name) from None
        if value == but:
            raise _wrong(name)
        return value


def _written(value: object) -> str:
    """Return ``value`` in one line; halves of surrogate pairs as escapes, which UTF-8 cannot have."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, default=_plain)
    return text


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _wrong(name: str) -> ConversationFormatError:
    return ConversationFormatError(f"The file is damaged: {name} is missing or wrong.")
