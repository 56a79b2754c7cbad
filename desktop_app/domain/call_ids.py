"""Ids of tool calls that serve to tell them apart: pure."""

from collections.abc import Sequence
from dataclasses import replace

from desktop_app.domain.message import Message, ToolCall


def distinct_ids(ids: Sequence[str], message_id: str) -> tuple[str, ...]:
    """Return ``ids``, the empty ones and repetitions replaced; the same for the same each time.

    A server needs not give ids, and the service refuses a request with an empty one or with one
    twice, so the result of such a call would have nothing to refer to.

    Args:
        ids: Of the calls of one message, in the model's order.
        message_id: Which message.
    """
    seen: set[str] = set()
    distinct: list[str] = []
    for place, call_id in enumerate(ids):
        chosen, number = call_id, place
        while not chosen or chosen in seen:
            chosen = f"call_{message_id[-12:]}_{number}"
            number += len(ids)  # a server may have chosen that very id
        seen.add(chosen)
        distinct.append(chosen)
    return tuple(distinct)


def calls_of(message: Message) -> tuple[ToolCall, ...]:
    """Return the calls of ``message`` in the model's order, each with an id of its own."""
    calls = message.tool_calls
    ids = distinct_ids([call.call_id for call in calls], message.id)
    return tuple(
        call if call.call_id == own else replace(call, call_id=own)
        for call, own in zip(calls, ids, strict=True)
    )
