"""Messages of a conversation as the wire takes them, and what became of each: no network.

What a server sent goes back to a server of the same dialect as it came. Whatever would make a server
refuse the whole conversation (a call without its result, broken arguments, an empty message) is left
out or mended here, because such a message would fail every later turn as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.chat.outgoing import Item, ItemKind, Reason
from desktop_app.domain.call_ids import distinct_ids
from desktop_app.domain.message import Message, MessageState, Role, ToolResult
from desktop_app.providers.openai_chat.wire_shape import (
    WireMessage,
    as_received,
    function_of,
    id_of,
    mended,
    rebuilt,
    thinking_text,
)

NOT_ENDED: Final = (
    "Nothing is known of what became of this call: it was interrupted, or never made. Look before"
    " making it again."
)
"""The result of a call that has none, mostly since a kill took it. The same words each time."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The messages of a request, and what each piece of the conversation became in them."""

    wire: list[WireMessage]
    items: list[Item]


def wire_messages(
    messages: Sequence[Message], *, system_prompt: str, is_minimax: bool
) -> list[WireMessage]:
    """Return the messages of a request alone; see :func:`compose`."""
    return compose(messages, system_prompt=system_prompt, is_minimax=is_minimax).wire


def compose(messages: Sequence[Message], *, system_prompt: str, is_minimax: bool) -> Composed:
    """Return ``messages`` for a request, and say of each piece whether it is in it.

    Args:
        messages: The branch that is shown, oldest first, all final.
        system_prompt: Stands first, unless it is blank.
        is_minimax: Whether the server takes ``reasoning_details``; strict servers of others refuse
            a request that has them.
    """
    composer = _Composer(is_minimax=is_minimax)
    if system_prompt.strip():
        composer.add_system(system_prompt)
    for position, message in enumerate(messages):
        match message.role:
            case Role.USER:
                composer.add_user(message)
            case Role.ASSISTANT:
                composer.add_answer(message, _results_after(messages, position))
            case Role.TOOL:
                composer.add_results(message)
    return Composed(composer.wire, composer.items)


@dataclass(frozen=True, slots=True)
class _Result:
    """A result, and where it stands: in which message, and as which of its parts."""

    message_id: str
    place: int
    part: ToolResult


class _Composer:
    """Grows the messages of a request, and what is to be said of them, side by side."""

    def __init__(self, *, is_minimax: bool) -> None:
        self.wire: list[WireMessage] = []
        self.items: list[Item] = []
        self._is_minimax = is_minimax
        self._taken: set[str] = set()
        """Ids of calls that are sent."""
        self._used: set[tuple[str, int]] = set()
        """Where the results stood that are sent: message, and place in it."""
        self._answered: set[str] = set()
        """Ids of the calls that these answered, as they were in the conversation."""

    def add_system(self, prompt: str) -> None:
        self.wire.append({"role": "system", "content": prompt})
        self._note(ItemKind.SYSTEM, "", prompt)

    def add_user(self, message: Message) -> None:
        kind = ItemKind.SUMMARY if message.is_summary else ItemKind.QUESTION
        text = message.text
        if not text.strip():
            self._note(kind, message.id, text, sent=False, reason=Reason.EMPTY)
            return
        if self.wire and self.wire[-1]["role"] == "user":
            # An answer that failed was left out in between; many chat templates insist on turns.
            before = self.wire[-1]["content"]
            self.wire[-1] = {"role": "user", "content": f"{before}\n\n{text}"}
        else:
            self.wire.append({"role": "user", "content": text})
        self._note(kind, message.id, text)

    def add_answer(self, message: Message, results: Mapping[str, _Result]) -> None:
        """Add the message with the results of its calls, unless no server takes it.

        Args:
            message: An assistant's.
            results: What answers its calls, by their ids.
        """
        received = as_received(message, is_minimax=self._is_minimax)
        wire = received or rebuilt(message, is_minimax=self._is_minimax)
        calls = [call for call in wire.pop("tool_calls", ()) if isinstance(call, Mapping)]
        # A server refuses an id that occurs twice, as well as a call without its result.
        own = distinct_ids([id_of(call) for call in calls], message.id)
        sent = distinct_ids(["" if i in self._taken else i for i in own], message.id)
        kept = {i: results.get(i) for i in own if i in results or _is_owed(message)}
        going = [
            mended(call, sent_id)
            for call, call_id, sent_id in zip(calls, own, sent, strict=True)
            if call_id in kept
        ]
        if going:
            wire["tool_calls"] = going
        # Thinking alone is no answer: services refuse an assistant message without content.
        missing = None if going or message.text.strip() else _nothing_to_say(message)
        if missing is None:
            self.wire.append(wire)
        self._note_thinking(message, wire, missing, is_rebuilt=received is None)
        text = wire["content"] if missing is None else message.text
        if text or not (message.thinking or calls):
            self._note(ItemKind.TEXT, message.id, text, sent=missing is None, reason=missing)
        foreign = _own_results(message)
        sound = iter(going)
        for call, call_id in zip(calls, own, strict=True):
            if call_id in kept:
                self._note_call(message.id, next(sound), call)
            else:
                why = Reason.FOREIGN if foreign else Reason.NO_RESULT
                self._note_call(message.id, call, call, missing=why)
        for part in foreign:
            self._note_result(message.id, part, missing=Reason.FOREIGN)
        for call_id, sent_id in zip(own, sent, strict=True):
            if call_id in kept:
                self._add_result(message.id, sent_id, kept[call_id])

    def add_results(self, message: Message) -> None:
        """Say of the results that went with no answer why they did not."""
        for place, part in enumerate(message.parts):
            if isinstance(part, ToolResult) and (message.id, place) not in self._used:
                why = Reason.DUPLICATE if part.call_id in self._answered else Reason.NO_CALL
                self._note_result(message.id, part, missing=why)

    def _add_result(self, answer_id: str, sent_id: str, result: "_Result | None") -> None:
        self._taken.add(sent_id)
        if result is None:
            self.wire.append({"role": "tool", "tool_call_id": sent_id, "content": NOT_ENDED})
            made_up = ToolResult(sent_id, "", NOT_ENDED)
            self._note_result(answer_id, made_up, sent_id=sent_id, reason=Reason.NOT_ENDED)
            return
        part = result.part
        self._used.add((result.message_id, result.place))
        self._answered.add(part.call_id)
        text = _text_of(part)
        self.wire.append({"role": "tool", "tool_call_id": sent_id, "content": text})
        why = None if part.call_id == sent_id else Reason.NEW_ID
        self._note_result(result.message_id, part, sent_id=sent_id, reason=why)

    def _note_thinking(
        self, message: Message, wire: WireMessage, missing: Reason | None, *, is_rebuilt: bool
    ) -> None:
        details = wire.get("reasoning_details")
        if missing is None and details:
            why = Reason.REBUILT if is_rebuilt and message.received else None
            self._note(ItemKind.THINKING, message.id, thinking_text(details), reason=why)
        elif not (thinking := message.thinking):
            return
        elif missing is not None:
            self._note(ItemKind.THINKING, message.id, thinking, sent=False, reason=missing)
        elif not is_rebuilt and "<think>" in wire["content"]:
            self._note(ItemKind.THINKING, message.id, "", reason=Reason.IN_TEXT)
        else:
            why = Reason.NOT_KEPT if self._is_minimax else Reason.OTHER_SERVER
            self._note(ItemKind.THINKING, message.id, thinking, sent=False, reason=why)

    def _note_call(
        self,
        message_id: str,
        call: Mapping[str, Any],
        original: Mapping[str, Any],
        missing: Reason | None = None,
    ) -> None:
        name, arguments = function_of(call)
        why = missing
        if missing is None and (name, arguments) != function_of(original):
            why = Reason.ARGUMENTS_REPLACED
        elif missing is None and id_of(call) != id_of(original):
            why = Reason.NEW_ID
        self._note(
            ItemKind.CALL,
            message_id,
            arguments,
            sent=missing is None,
            reason=why,
            name=name,
            call_id=id_of(call),
        )

    def _note_result(
        self,
        message_id: str,
        part: ToolResult,
        *,
        missing: Reason | None = None,
        sent_id: str = "",
        reason: Reason | None = None,
    ) -> None:
        self._note(
            ItemKind.RESULT,
            message_id,
            _text_of(part),
            sent=missing is None,
            reason=missing or reason,
            name=part.name,
            call_id=sent_id or part.call_id,
        )

    def _note(
        self,
        kind: ItemKind,
        message_id: str,
        text: str,
        *,
        sent: bool = True,
        reason: Reason | None = None,
        name: str = "",
        call_id: str = "",
    ) -> None:
        place = len(self.wire) - 1 if sent else None
        self.items.append(Item(kind, message_id, text, sent, reason, name, call_id, place))


def _nothing_to_say(message: Message) -> Reason:
    """Return why an answer without text and without calls that go back is not sent."""
    match message.state:
        case MessageState.FAILED:
            return Reason.FAILED
        case MessageState.STOPPED | MessageState.CUT_OFF | MessageState.INTERRUPTED:
            return Reason.BROKE_OFF
    return Reason.THINKING_ALONE if message.thinking else Reason.EMPTY


def _results_after(messages: Sequence[Message], position: int) -> Mapping[str, _Result]:
    """Return the results in the tool messages right after ``position``, by the ids of their calls."""
    results: dict[str, _Result] = {}
    # Not a slice of the rest: for every answer of ten thousand that took 0.2 s.
    for following in range(position + 1, len(messages)):
        message = messages[following]
        if message.role is not Role.TOOL:
            break
        for place, part in enumerate(message.parts):
            if isinstance(part, ToolResult):
                results.setdefault(part.call_id, _Result(message.id, place, part))
    return results


def _own_results(message: Message) -> tuple[ToolResult, ...]:
    """Return results inside an answer: it was brought from elsewhere, and so were its tools."""
    return tuple(part for part in message.parts if isinstance(part, ToolResult))


def _is_owed(message: Message) -> bool:
    """Whether calls that nothing answers go back all the same.

    A whole answer of a server asked for it in earnest, and goes back whole. What was brought from
    elsewhere has its results inside, and what broke off in the middle has half a call.
    """
    is_whole = message.state is MessageState.COMPLETE and message.received is not None
    return is_whole and not _own_results(message)


def _text_of(result: ToolResult) -> str:
    """Return what the model is given; the service refuses a result without a word."""
    return (result.text if result.sent is None else result.sent) or "(no text)"
