"""The shape of one message on the wire: as it came, built anew, or mended. Pure functions."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from desktop_app.domain.message import Message, Thought

MINIMAX: Final = "minimax"
OPENAI: Final = "openai"

_NAMELESS: Final = "unnamed"

WireMessage: TypeAlias = dict[str, Any]

_DETAIL: Final = {
    "type": "reasoning.text",
    "id": "reasoning-text-1",
    "format": "MiniMax-response-v1",
    "index": 0,
}
"""The shape of the service's own item, for thinking that is known as text only."""


def as_received(message: Message, *, is_minimax: bool) -> WireMessage | None:
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


def rebuilt(message: Message, *, is_minimax: bool) -> WireMessage:
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


def thinking_text(details: object) -> str:
    """Return the words in ``reasoning_details``; an item without words as the JSON that it is."""
    texts = []
    for detail in details if isinstance(details, list) else ():
        text = detail.get("text") if isinstance(detail, Mapping) else None
        texts.append(text if isinstance(text, str) else json.dumps(detail, ensure_ascii=False))
    return "".join(texts)


def id_of(call: object) -> str:
    """Return the id of a call, empty where it has none."""
    value = call.get("id") if isinstance(call, Mapping) else None
    return value if isinstance(value, str) else ""


def function_of(call: object) -> tuple[str, str]:
    """Return name and arguments of a call, as text whatever they are."""
    function = call.get("function") if isinstance(call, Mapping) else None
    found = function if isinstance(function, Mapping) else {}
    name, arguments = found.get("name"), found.get("arguments")
    return (
        name if isinstance(name, str) else "",
        arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False),
    )


def mended(call: Mapping[str, Any], call_id: str) -> WireMessage:
    """Return ``call`` under ``call_id``, and with what the service would refuse for good replaced.

    It answers broken arguments with 400 on this turn and every later one, and a call without a name.
    """
    function = call.get("function")
    name = function.get("name") if isinstance(function, Mapping) else None
    arguments = function.get("arguments") if isinstance(function, Mapping) else None
    if not (isinstance(name, str) and name and _is_object(arguments)):
        named = name if isinstance(name, str) and name else _NAMELESS
        sound = arguments if _is_object(arguments) else "{}"
        call = {**call, "function": {"name": named, "arguments": sound}}
    return {**call, "id": call_id}


def _is_object(arguments: object) -> bool:
    if not isinstance(arguments, str):
        return False
    try:
        # Python's parser takes NaN and its like, which no other does.
        return isinstance(json.loads(arguments, parse_constant=_refuse), dict)
    except (ValueError, RecursionError):
        return False


def _refuse(word: str) -> None:
    raise ValueError(word)
