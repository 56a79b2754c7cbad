"""What of a conversation a request holds, item by item, and why the rest is not in it.

Whoever puts a request together says both in one go: the provider for the form that its server takes,
:mod:`desktop_app.chat.context_window` for what there is no room for or what the person left out.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


class ItemKind(StrEnum):
    """What an item is."""

    SYSTEM = "system"
    """The system prompt."""
    TOOL = "tool"
    """The description of a tool that may be called."""
    SUMMARY = "summary"
    """What is sent in place of earlier messages."""
    QUESTION = "question"
    THINKING = "thinking"
    TEXT = "text"
    """Text of an answer."""
    CALL = "call"
    RESULT = "result"


class Reason(StrEnum):
    """Why an item is not sent, or is not sent as it came."""

    # Not sent
    EMPTY = "empty"
    FAILED = "failed"
    BROKE_OFF = "broke_off"
    THINKING_ALONE = "thinking_alone"
    OTHER_SERVER = "other_server"
    NOT_KEPT = "not_kept"
    NO_RESULT = "no_result"
    NO_CALL = "no_call"
    DUPLICATE = "duplicate"
    LEFT_OUT = "left_out"
    WINDOW_FULL = "window_full"
    SUMMARISED = "summarised"
    FOREIGN = "foreign"
    NOT_RECORDED = "not_recorded"
    # Sent, but not as it came
    ARGUMENTS_REPLACED = "arguments_replaced"
    REBUILT = "rebuilt"
    IN_TEXT = "in_text"
    NEW_ID = "new_id"
    NOT_ENDED = "not_ended"


REASON_TEXTS: Final = MappingProxyType(
    {
        Reason.EMPTY: QT_TRANSLATE_NOOP("Outgoing", "There is nothing in it to send."),
        Reason.FAILED: QT_TRANSLATE_NOOP("Outgoing", "The answer failed before it had any text."),
        Reason.BROKE_OFF: QT_TRANSLATE_NOOP(
            "Outgoing", "The answer was stopped or broke off before it had any text."
        ),
        Reason.THINKING_ALONE: QT_TRANSLATE_NOOP(
            "Outgoing", "It is thinking without an answer, which no service takes back."
        ),
        Reason.OTHER_SERVER: QT_TRANSLATE_NOOP(
            "Outgoing", "This server does not take thinking back."
        ),
        Reason.NOT_KEPT: QT_TRANSLATE_NOOP(
            "Outgoing", "It was not kept in the form in which the server takes it back."
        ),
        Reason.NO_RESULT: QT_TRANSLATE_NOOP(
            "Outgoing", "The call has no result; a server would refuse the whole conversation."
        ),
        Reason.NO_CALL: QT_TRANSLATE_NOOP("Outgoing", "The call that it answers is not sent."),
        Reason.DUPLICATE: QT_TRANSLATE_NOOP(
            "Outgoing", "Another result of the same call is sent; a server takes one."
        ),
        Reason.LEFT_OUT: QT_TRANSLATE_NOOP("Outgoing", "You left it out."),
        Reason.WINDOW_FULL: QT_TRANSLATE_NOOP(
            "Outgoing", "The model’s window is full; the oldest turns leave first."
        ),
        Reason.SUMMARISED: QT_TRANSLATE_NOOP("Outgoing", "The summary is sent in its place."),
        Reason.FOREIGN: QT_TRANSLATE_NOOP(
            "Outgoing", "It is of another program’s tools, which are not known here."
        ),
        Reason.NOT_RECORDED: QT_TRANSLATE_NOOP(
            "Outgoing", "It does not stand in the request that was recorded."
        ),
        Reason.ARGUMENTS_REPLACED: QT_TRANSLATE_NOOP(
            "Outgoing", "Its arguments or its name are broken, so sound ones are sent."
        ),
        Reason.REBUILT: QT_TRANSLATE_NOOP(
            "Outgoing", "It came from another kind of server, so its text is sent in a new form."
        ),
        Reason.IN_TEXT: QT_TRANSLATE_NOOP("Outgoing", "It is sent inside the answer’s text."),
        Reason.NEW_ID: QT_TRANSLATE_NOOP(
            "Outgoing",
            "It is sent under a new id, since servers refuse one that is empty or taken.",
        ),
        Reason.NOT_ENDED: QT_TRANSLATE_NOOP(
            "Outgoing", "What became of the call is not known; the model is told so."
        ),
    }
)
"""The sentence for each reason, translatable."""

HARMLESS: Final = frozenset(
    {Reason.EMPTY, Reason.REBUILT, Reason.IN_TEXT, Reason.DUPLICATE, Reason.NEW_ID}
)
"""Reasons for which the model misses nothing that it thought, said or was told."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a conversation, and what becomes of it in a request.

    Attributes:
        kind: What it is.
        message_id: The message it belongs to; empty for the system prompt and for tools.
        text: Word for word what is sent; of what is not sent, what there is of it. Of a call, its
            arguments.
        sent: Whether it is in the request.
        reason: Why it is not, or not as it came.
        name: Of a tool, a call or a result: the tool's name on the wire.
        call_id: Of a call or a result.
        place: The number of the request's message that holds it, counted from 0; ``None`` where it
            is not sent or stands beside the messages.
    """

    kind: ItemKind
    message_id: str
    text: str
    sent: bool = True
    reason: Reason | None = None
    name: str = ""
    call_id: str = ""
    place: int | None = None


Plan = tuple[Item, ...]
"""All items of a request and of the branch it is made for, in the order of the conversation."""


@dataclass(frozen=True, slots=True)
class Break:
    """The last place at which the chain that the model gets is not the chain that there was.

    Attributes:
        message_id: Where.
        reason: Why.
        items: How many items before it, itself among them, do not go back as they came.
    """

    message_id: str
    reason: Reason
    items: int


def last_break(plan: Iterable[Item], unfinished: Container[str] = ()) -> Break | None:
    """Return where the chain was last cut, ``None`` when all of it goes back as it came.

    Args:
        plan: What becomes of each piece.
        unfinished: Ids of messages that say nothing yet: their calls may still get results.
    """
    broken = [
        (item.message_id, item.reason)
        for item in plan
        if item.reason is not None
        and item.reason not in HARMLESS
        and item.message_id not in unfinished
    ]
    return Break(*broken[-1], len(broken)) if broken else None
