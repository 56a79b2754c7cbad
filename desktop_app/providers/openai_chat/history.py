"""Messages of a conversation as the wire takes them, and what became of each: no network.

What a server sent goes back to a server of the same dialect as it came. Whatever would make a server
refuse the whole conversation (a call without its result, broken arguments, an empty message) is left
out or mended here, because such a message would fail every later turn as well.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from desktop_app.chat.outgoing import Item, ItemKind, Reason
from desktop_app.domain.message import Message, MessageState, Role, Thought, ToolResult

MINIMAX: Final = "minimax"
OPENAI: Final = "openai"

WireMessage: TypeAlias = dict[str, Any]

_DETAIL: Final = {
    "type": "reasoning.text",
    "id": "reasoning-text-1",
    "format": "MiniMax-response-v1",
    "index": 0,
}
"""The shape of the service's own item, for thinking that is known as text only."""


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
                composer.add_assistant(message, _answered_calls(messages, position))
            case Role.TOOL:
                composer.add_results(message)
    return Composed(composer.wire, composer.items)


class _Composer:
    """Grows the messages of a request, and what is to be said of them, side by side."""

    def __init__(self, *, is_minimax: bool) -> None:
        self.wire: list[WireMessage] = []
        self.items: list[Item] = []
        self._is_minimax = is_minimax

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

    def add_assistant(self, message: Message, answered: frozenset[str]) -> None:
        """Add the message, unless it holds nothing that a server takes."""
        received = _as_received(message, is_minimax=self._is_minimax)
        wire = received or _rebuilt(message, is_minimax=self._is_minimax)
        calls = list(wire.pop("tool_calls", ()))
        # By id, since a server refuses one that occurs twice as well as one without its result.
        first = {_id_of(calls[number]): number for number in reversed(range(len(calls)))}
        kept = {number for call_id, number in first.items() if call_id in answered}
        if kept:
            wire["tool_calls"] = [_mended(calls[number]) for number in sorted(kept)]
        # Thinking alone is no answer: services refuse an assistant message without content.
        missing = None if kept or message.text.strip() else _nothing_to_say(message)
        if missing is None:
            self.wire.append(wire)
        self._note_thinking(message, wire, missing, is_rebuilt=received is None)
        text = wire["content"] if missing is None else message.text
        if text or not (message.thinking or calls):
            self._note(ItemKind.TEXT, message.id, text, sent=missing is None, reason=missing)
        for number, call in enumerate(calls):
            if number in kept:
                self._note_call(message.id, _mended(call), call)
            else:
                why = Reason.DUPLICATE if _id_of(call) in answered else Reason.NO_RESULT
                self._note_call(message.id, call, call, missing=why)

    def add_results(self, message: Message) -> None:
        """Add what answers a call that is sent and has no result yet."""
        called, open_calls = _calls_of_last_answer(self.wire)
        for part in message.parts:
            if not isinstance(part, ToolResult):
                continue
            text = part.text if part.sent is None else part.sent
            missing = None
            if part.call_id in open_calls:
                open_calls.discard(part.call_id)
                self.wire.append({"role": "tool", "tool_call_id": part.call_id, "content": text})
            else:
                missing = Reason.DUPLICATE if part.call_id in called else Reason.NO_CALL
            self._note(
                ItemKind.RESULT,
                message.id,
                text,
                sent=missing is None,
                reason=missing,
                name=part.name,
                call_id=part.call_id,
            )

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
        name, arguments = _function_of(call)
        self._note(
            ItemKind.CALL,
            message_id,
            arguments,
            sent=missing is None,
            reason=missing if call is original else Reason.ARGUMENTS_REPLACED,
            name=name,
            call_id=_id_of(call),
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


def thinking_text(details: object) -> str:
    """Return the words in ``reasoning_details``; an item without words as the JSON that it is."""
    texts = []
    for detail in details if isinstance(details, list) else ():
        text = detail.get("text") if isinstance(detail, Mapping) else None
        texts.append(text if isinstance(text, str) else json.dumps(detail, ensure_ascii=False))
    return "".join(texts)


def _nothing_to_say(message: Message) -> Reason:
    """Return why an answer without text and without calls that go back is not sent."""
    match message.state:
        case MessageState.FAILED:
            return Reason.FAILED
        case MessageState.STOPPED | MessageState.CUT_OFF | MessageState.INTERRUPTED:
            return Reason.BROKE_OFF
    return Reason.THINKING_ALONE if message.thinking else Reason.EMPTY


def _as_received(message: Message, *, is_minimax: bool) -> WireMessage | None:
    """Return what a server of the same dialect sent, ``None`` when there is no such thing."""
    kept = message.received or {}
    body = kept.get("message")
    if kept.get("dialect") != (MINIMAX if is_minimax else OPENAI) or not isinstance(body, Mapping):
        return None
    content = body.get("content")
    wire: WireMessage = {"role": "assistant", "content": content or ""}
    details, thinking = body.get("reasoning_details"), body.get("reasoning_content")
    if is_minimax and details:
        wire["reasoning_details"] = details
    elif is_minimax and thinking:
        # The service at times refuses its own reasoning_content in a request.
        wire["reasoning_details"] = [{**_DETAIL, "text": thinking}]
    if body.get("tool_calls"):
        wire["tool_calls"] = body["tool_calls"]
    return wire


def _rebuilt(message: Message, *, is_minimax: bool) -> WireMessage:
    """Return the message from its parts: imported, or written by a server of another kind."""
    wire: WireMessage = {"role": "assistant", "content": message.text}
    thinking = "\n\n".join(part.text for part in message.parts if isinstance(part, Thought))
    if is_minimax and thinking:
        wire["reasoning_details"] = [{**_DETAIL, "text": thinking}]
    if message.tool_calls:
        wire["tool_calls"] = [
            {
                "id": call.call_id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.tool_calls
        ]
    return wire


def _answered_calls(messages: Sequence[Message], position: int) -> frozenset[str]:
    """Return the ids of calls that the tool messages right after ``position`` answer."""
    answered: set[str] = set()
    # Not a slice of the rest: for every answer of ten thousand that took 0.2 s.
    for following in range(position + 1, len(messages)):
        message = messages[following]
        if message.role is not Role.TOOL:
            break
        answered.update(part.call_id for part in message.parts if isinstance(part, ToolResult))
    return frozenset(answered)


def _calls_of_last_answer(wire: Sequence[WireMessage]) -> tuple[frozenset[str], set[str]]:
    """Return the ids of the calls of the last assistant message: all, and those without a result."""
    answered: set[str] = set()
    for message in reversed(wire):
        if message["role"] != "tool":
            called = frozenset(map(_id_of, message.get("tool_calls", ())))
            return called, set(called - answered)
        answered.add(message["tool_call_id"])
    return frozenset(), set()


def _id_of(call: object) -> str:
    value = call.get("id") if isinstance(call, Mapping) else None
    return value if isinstance(value, str) else ""


def _function_of(call: object) -> tuple[str, str]:
    """Return name and arguments of a call, as text whatever they are."""
    function = call.get("function") if isinstance(call, Mapping) else None
    found = function if isinstance(function, Mapping) else {}
    name, arguments = found.get("name"), found.get("arguments")
    return (
        name if isinstance(name, str) else "",
        arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False),
    )


def _mended(call: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``call``, its arguments replaced by none where they are not a JSON object.

    The service answers broken arguments with 400 on this turn and every later one.
    """
    function = call.get("function")
    arguments = function.get("arguments") if isinstance(function, Mapping) else None
    try:
        if isinstance(arguments, str) and isinstance(json.loads(arguments), dict):
            return call
    except (ValueError, RecursionError):
        pass
    name = function.get("name") if isinstance(function, Mapping) else ""
    return {**call, "function": {"name": name, "arguments": "{}"}}
