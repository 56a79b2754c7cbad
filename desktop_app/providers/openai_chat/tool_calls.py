"""Tool calls out of fragments, in the forms that servers cut them into."""

import json
from collections.abc import Mapping
from typing import Any, Final

from desktop_app.domain.delta import ToolCallDelta
from desktop_app.domain.text import SurrogateJoiner, storable

MAX_CALLS: Final = 128


class _Call:
    __slots__ = ("arguments", "call_id", "joiner", "name", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self.call_id = ""
        self.name = ""
        self.arguments: list[str] = []
        self.joiner = SurrogateJoiner()


class ToolCallAssembler:
    """Tells calls apart and gives each its position.

    A new id is a new call, whatever the index says: one of the service's back ends gives parallel
    calls the same index. A fragment without id continues the call of its index, or, where there is
    no index either, the last one.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}

    def __len__(self) -> int:
        """Return the number of calls so far."""
        return len(self._calls)

    def add(self, fragment: Mapping[str, Any]) -> ToolCallDelta | None:
        """Take one fragment from the wire; ``None`` when there is nothing in it to keep."""
        function = fragment.get("function")
        if not isinstance(function, Mapping):
            function = {}
        call_id = _text(fragment.get("id"))
        name = _text(function.get("name"))
        arguments = _arguments(function.get("arguments"))
        if not (call_id or name or arguments):
            return None
        call = self._call_of(fragment.get("index"), call_id, begins=bool(name))
        if call is None:
            return None
        arguments = call.joiner.feed(arguments)
        is_new = not (call.call_id or call.name or call.arguments)
        delta = ToolCallDelta(
            call.position,
            call_id if not call.call_id else "",
            name if not call.name else "",
            arguments,
        )
        call.call_id = call.call_id or call_id
        call.name = call.name or name
        if arguments:
            call.arguments.append(arguments)
        return delta if is_new or delta.call_id or delta.name or delta.arguments else None

    def as_received(self) -> list[dict[str, Any]]:
        """Return the calls joined, in the form in which the wire takes them back."""
        return [
            {
                "id": call.call_id,
                "type": "function",
                "function": {"name": call.name, "arguments": "".join(call.arguments)},
            }
            for call in self._calls
        ]

    def _call_of(self, index: object, call_id: str, *, begins: bool) -> _Call | None:
        if isinstance(index, int) and not isinstance(index, bool):
            call = self._by_index.get(index)
        else:
            index = None
            call = self._calls[-1] if self._calls else None
        if call is None or (call_id and call.call_id and call_id != call.call_id):
            known = next((c for c in self._calls if call_id and c.call_id == call_id), None)
            # At another index, what begins anew is another call, were it under an id that is taken.
            is_another = begins and index is not None and known is not None and known.arguments
            call = self._new_call() if known is None or is_another else known
        if call is not None and index is not None:
            self._by_index[index] = call
        return call

    def _new_call(self) -> _Call | None:
        if len(self._calls) >= MAX_CALLS:
            return None
        call = _Call(len(self._calls))
        self._calls.append(call)
        return call


def _text(value: object) -> str:
    return storable(value) if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    """Return arguments as JSON text; some servers send the object itself."""
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else ""
