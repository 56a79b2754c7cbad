"""What of a conversation an earlier request held: read from its body, as it was recorded.

The body alone decides what was sent. Why something was not is said as it would be today; where
today it would be sent, nobody knows any more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.chat.outgoing import Item, ItemKind, Plan, Reason

_IN_PERSONS_ROLE = frozenset({ItemKind.QUESTION, ItemKind.SUMMARY})


@dataclass(slots=True)
class _Piece:
    """A piece of a body that is looked for among the items."""

    kind: ItemKind
    text: str
    place: int
    name: str = ""
    call_id: str = ""


def holds_thinking(body: str) -> bool:
    """Return whether thinking goes back in a body, beside the text of the answers."""
    return any("reasoning_details" in message for message in _messages(_object(body)))


def recorded_plan(body: str, today: Plan) -> Plan | None:
    """Return the plan of a request that was recorded; ``None`` when its body is no JSON object.

    Args:
        body: The JSON text that was sent.
        today: What a request for the same messages would hold now; its items are what is looked for.
    """
    value = _object(body)
    if not value:
        return None
    pieces = _pieces(_messages(value))
    items = [item for item in today if item.message_id]
    places = _found(pieces, items)
    with_text = {items[n].message_id for n in places if items[n].kind is ItemKind.TEXT}
    was: list[Item] = [*_tools(value)]
    was += [Item(p.kind, "", p.text, place=p.place, name=p.name, call_id=p.call_id) for p in pieces]
    for number, item in enumerate(items):
        place = places.get(number)
        if item.reason is Reason.IN_TEXT and item.message_id in with_text:
            was.append(item)
        elif place is None:
            known = item.reason if not item.sent else None
            why = known or Reason.NOT_RECORDED
            was.append(replace(item, sent=False, reason=why, place=None))
        else:
            kept = item.reason if item.sent else None
            was.append(replace(item, sent=True, reason=kept, place=place))
    return tuple(was)


def _found(pieces: list[_Piece], items: Sequence[Item]) -> dict[int, int]:
    """Match pieces with items from the end, where both have the newest question.

    Returns:
        For each item that was found its number, and the place it was sent at. What was found is
        taken out of ``pieces``.
    """
    places: dict[int, int] = {}
    before = len(items)
    for piece in reversed(tuple(pieces)):
        at = before
        while (found := _last_match(piece, items, at)) is not None:
            places[found] = piece.place
            at = before = found
            if piece.kind in _IN_PERSONS_ROLE and len(piece.text) > len(items[found].text):
                # Several were joined to one message, since no answer came between them.
                piece.text = piece.text[: -len(items[found].text)].removesuffix("\n\n")
                continue
            pieces.remove(piece)
            break
    return places


def _last_match(piece: _Piece, items: Sequence[Item], before: int) -> int | None:
    for number in range(before - 1, -1, -1):
        item = items[number]
        if piece.kind in _IN_PERSONS_ROLE:
            is_it = item.kind in _IN_PERSONS_ROLE and bool(item.text.strip())
            if is_it and (piece.text == item.text or piece.text.endswith(f"\n\n{item.text}")):
                return number
        elif item.kind is piece.kind:
            by_id = piece.kind in {ItemKind.CALL, ItemKind.RESULT}
            if (item.call_id == piece.call_id) if by_id else (item.text == piece.text):
                return number
    return None


def _pieces(messages: Sequence[Mapping[str, Any]]) -> list[_Piece]:
    found: list[_Piece] = []
    for place, message in enumerate(messages):
        content = message.get("content")
        text = (
            content if isinstance(content, str) else json.dumps(content or "", ensure_ascii=False)
        )
        match message.get("role"):
            case "system":
                found.append(_Piece(ItemKind.SYSTEM, text, place))
            case "user":
                found.append(_Piece(ItemKind.QUESTION, text, place))
            case "tool":
                call_id = str(message.get("tool_call_id") or "")
                found.append(_Piece(ItemKind.RESULT, text, place, call_id=call_id))
            case _:
                details = message.get("reasoning_details")
                if isinstance(details, list) and details:
                    words = [d.get("text") for d in details if isinstance(d, Mapping)]
                    thinking = "".join(word for word in words if isinstance(word, str))
                    found.append(_Piece(ItemKind.THINKING, thinking, place))
                if isinstance(content, str) and content:
                    found.append(_Piece(ItemKind.TEXT, text, place))
                found += _calls(message.get("tool_calls"), place)
    return found


def _calls(calls: object, place: int) -> list[_Piece]:
    found = []
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, Mapping):
            function = call.get("function")
            known = function if isinstance(function, Mapping) else {}
            arguments, name = str(known.get("arguments")), str(known.get("name"))
            call_id = str(call.get("id") or "")
            found.append(_Piece(ItemKind.CALL, arguments, place, name, call_id))
    return found


def _tools(value: Mapping[str, Any]) -> list[Item]:
    found = []
    tools = value.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        function = tool.get("function") if isinstance(tool, Mapping) else None
        name = function.get("name") if isinstance(function, Mapping) else ""
        text = json.dumps(tool, ensure_ascii=False)
        found.append(Item(ItemKind.TOOL, "", text, name=str(name)))
    return found


def _messages(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    messages = value.get("messages")
    found = messages if isinstance(messages, list) else []
    return [message for message in found if isinstance(message, Mapping)]


def _object(body: str) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}
