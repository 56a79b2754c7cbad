"""Messages of a conversation as the wire takes them: pure functions, no network.

What a server sent goes back to a server of the same dialect as it came. Whatever would make a server
refuse the whole conversation (a call without its result, broken arguments, an empty message) is left
out or mended here, because such a message would fail every later turn as well.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from desktop_app.domain.call_ids import distinct_ids
from desktop_app.domain.message import Message, MessageState, Role, Thought, ToolResult

MINIMAX: Final = "minimax"
OPENAI: Final = "openai"

NOT_ENDED: Final = (
    "Nothing is known of what became of this call: it was interrupted, or never made. Look before"
    " making it again."
)
"""The result of a call that has none, mostly since a kill took it. The same words each time."""

_NAMELESS: Final = "unnamed"

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
    taken: set[str] = set()
    if system_prompt.strip():
        wire.append({"role": "system", "content": system_prompt})
    for position, message in enumerate(messages):
        match message.role:
            case Role.USER:
                _add_user(wire, message)
            case Role.ASSISTANT:
                results = _results_after(messages, position)
                wire.extend(_answer(message, results, taken, is_minimax=is_minimax))
            case Role.TOOL:
                pass  # goes with the answer whose calls it answers, or not at all
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


def _answer(
    message: Message, results: Mapping[str, ToolResult], taken: set[str], *, is_minimax: bool
) -> Iterable[WireMessage]:
    """Return the message with the results of its calls; nothing when no server takes it.

    Args:
        message: An assistant's.
        results: What answers its calls, by their ids.
        taken: Ids of calls before it; those of this one are added.
        is_minimax: Whether the server takes ``reasoning_details``.
    """
    wire = _as_received(message, is_minimax=is_minimax) or _rebuilt(message, is_minimax=is_minimax)
    received = [call for call in wire.pop("tool_calls", ()) if isinstance(call, Mapping)]
    # A server refuses an id that occurs twice, as well as a call without its result.
    own = distinct_ids([_id_of(call) for call in received], message.id)
    sent = distinct_ids(["" if call_id in taken else call_id for call_id in own], message.id)
    calls: list[WireMessage] = []
    answers: list[WireMessage] = []
    for call, call_id, sent_id in zip(received, own, sent, strict=True):
        text = _result_text(message, results.get(call_id))
        if text is not None:
            calls.append(_mended(call, sent_id))
            answers.append({"role": "tool", "tool_call_id": sent_id, "content": text})
            taken.add(sent_id)
    if calls:
        wire["tool_calls"] = calls
    # Thinking alone is no answer: services refuse an assistant message without content.
    return [wire, *answers] if calls or message.text.strip() else []


def _result_text(message: Message, result: ToolResult | None) -> str | None:
    """Return what answers a call, ``None`` when the call is left out because nothing does."""
    if result is not None:
        return (result.text if result.sent is None else result.sent) or "(no text)"
    # A whole answer of a server asked for it in earnest, and goes back whole. What was brought from
    # elsewhere has its results inside, and what broke off in the middle has half a call.
    is_owed = message.state is MessageState.COMPLETE and message.received is not None
    has_results = any(isinstance(part, ToolResult) for part in message.parts)
    return NOT_ENDED if is_owed and not has_results else None


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


def _results_after(messages: Sequence[Message], position: int) -> Mapping[str, ToolResult]:
    """Return the results in the tool messages right after ``position``, by the ids of their calls."""
    results: dict[str, ToolResult] = {}
    for message in messages[position + 1 :]:
        if message.role is not Role.TOOL:
            break
        for part in message.parts:
            if isinstance(part, ToolResult):
                results.setdefault(part.call_id, part)
    return results


def _id_of(call: object) -> str:
    value = call.get("id") if isinstance(call, Mapping) else None
    return value if isinstance(value, str) else ""


def _mended(call: Mapping[str, Any], call_id: str) -> WireMessage:
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
