"""Messages of a conversation as the wire takes them: pure functions, no network.

What a server sent goes back to a server of the same dialect as it came. Whatever would make a server
refuse the whole conversation (a call without its result, broken arguments, an empty message) is left
out or mended here, because such a message would fail every later turn as well.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from desktop_app.domain.message import Message, Role, Thought, ToolResult

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


def wire_messages(
    messages: Sequence[Message], *, system_prompt: str, is_minimax: bool
) -> list[WireMessage]:
    """Return ``messages`` for a request.

    Args:
        messages: The branch that is shown, oldest first, all final.
        system_prompt: Stands first, unless it is blank.
        is_minimax: Whether the server takes ``reasoning_details``; strict servers of others refuse
            a request that has them.
    """
    wire: list[WireMessage] = []
    if system_prompt.strip():
        wire.append({"role": "system", "content": system_prompt})
    for position, message in enumerate(messages):
        match message.role:
            case Role.USER:
                _add_user(wire, message)
            case Role.ASSISTANT:
                answered = _answered_calls(messages, position)
                wire.extend(_assistant(message, answered, is_minimax=is_minimax))
            case Role.TOOL:
                wire.extend(_results(message, _open_calls(wire)))
    return wire


def _add_user(wire: list[WireMessage], message: Message) -> None:
    text = message.text
    if not text.strip():
        return
    if wire and wire[-1]["role"] == "user":
        # An answer that failed was left out in between; many chat templates insist on turns.
        wire[-1] = {"role": "user", "content": f"{wire[-1]['content']}\n\n{text}"}
    else:
        wire.append({"role": "user", "content": text})


def _assistant(
    message: Message, answered: frozenset[str], *, is_minimax: bool
) -> Iterable[WireMessage]:
    """Return the message in a list, or an empty one when it holds nothing a server takes."""
    wire = _as_received(message, is_minimax=is_minimax) or _rebuilt(message, is_minimax=is_minimax)
    # By id, since a server refuses one that occurs twice as well as one without its result.
    calls = {_id_of(call): call for call in wire.pop("tool_calls", ())}
    kept = [_mended(call) for call_id, call in calls.items() if call_id in answered]
    if kept:
        wire["tool_calls"] = kept
    # Thinking alone is no answer: services refuse an assistant message without content.
    return [wire] if kept or message.text.strip() else []


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


def _results(message: Message, calls: frozenset[str]) -> Iterable[WireMessage]:
    for part in message.parts:
        if isinstance(part, ToolResult) and part.call_id in calls:
            yield {"role": "tool", "tool_call_id": part.call_id, "content": part.text}


def _answered_calls(messages: Sequence[Message], position: int) -> frozenset[str]:
    """Return the ids of calls that the tool messages right after ``position`` answer."""
    answered: set[str] = set()
    for message in messages[position + 1 :]:
        if message.role is not Role.TOOL:
            break
        answered.update(part.call_id for part in message.parts if isinstance(part, ToolResult))
    return frozenset(answered)


def _open_calls(wire: Sequence[WireMessage]) -> frozenset[str]:
    """Return the ids of calls of the last assistant message that have no result yet."""
    answered: set[str] = set()
    for message in reversed(wire):
        if message["role"] != "tool":
            return frozenset(map(_id_of, message.get("tool_calls", ()))) - answered
        answered.add(message["tool_call_id"])
    return frozenset()


def _id_of(call: object) -> str:
    value = call.get("id") if isinstance(call, Mapping) else None
    return value if isinstance(value, str) else ""


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
