"""The assistant message as it came, kept for the way back.

The model works well only when its own words return unchanged (the vendor measured up to 23 points
less on agent benchmarks without the thinking), so what arrives is joined and otherwise left alone.
"""

import math
from collections.abc import Mapping
from typing import Any, Final, Self

from desktop_app.domain.text import storable

_DEEPEST: Final = 16


class _DetailItem:
    """One item of ``reasoning_details``; its text grows, its other fields do not."""

    __slots__ = ("fields", "has_text", "text")

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.text: list[str] = []
        self.has_text = False

    def is_continued_by(self, item: Mapping[str, Any]) -> bool:
        """Whether ``item`` has the same id and index, as far as both have one."""
        for key in ("id", "index"):
            mine, other = self.fields.get(key), item.get(key)
            if mine is not None and other is not None and mine != other:
                return False
        return True

    def take_fields(self, item: Mapping[str, Any]) -> None:
        for key, value in item.items():
            if key == "text":
                self.has_text = True
            elif self.fields.get(key) == value:
                continue
            elif value is not None and _is_shallow(value):
                self.fields[storable(key)] = _sendable(value)

    def as_received(self) -> dict[str, Any]:
        if not self.has_text:
            return dict(self.fields)
        return {**self.fields, "text": "".join(self.text)}


class ReceivedMessage:
    """Collects one assistant message, all but its tool calls."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._reasoning_field = ""
        self._reasoning: list[str] = []
        self._details: list[_DetailItem] = []

    def add_content(self, text: str) -> None:
        """Keep more of the content, tags and all."""
        self._content.append(text)

    def add_reasoning(self, field: str, text: str) -> None:
        """Keep more of the plain field in which this server sends thinking."""
        self._reasoning_field = field
        self._reasoning.append(text)

    def place_of(self, item: Mapping[str, Any]) -> int:
        """Keep what an item of ``reasoning_details`` says beside its text; return its place.

        The service repeats id, index and format in every chunk: all of them are one item.
        """
        for place, known in enumerate(self._details):
            if known.is_continued_by(item):
                known.take_fields(item)
                return place
        self._details.append(_DetailItem())
        self._details[-1].take_fields(item)
        return len(self._details) - 1

    def add_detail_text(self, place: int, text: str) -> None:
        """Keep more of the text of the item at ``place``."""
        self._details[place].text.append(text)

    def copy(self) -> Self:
        """Return one that grows on its own from here."""
        twin = type(self)()
        twin._content = list(self._content)  # noqa: SLF001 (its own class)
        twin._reasoning_field = self._reasoning_field  # noqa: SLF001
        twin._reasoning = list(self._reasoning)  # noqa: SLF001
        for item in self._details:
            other = _DetailItem()
            other.fields, other.text, other.has_text = item.fields, list(item.text), item.has_text
            twin._details.append(other)  # noqa: SLF001
        return twin

    def as_json(self, tool_calls: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Return the message so far, or ``None`` when nothing came."""
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._content)}
        if self._details:
            message["reasoning_details"] = [item.as_received() for item in self._details]
        elif self._reasoning:
            message[self._reasoning_field] = "".join(self._reasoning)
        if tool_calls:
            message["tool_calls"] = tool_calls
        return message if message["content"] or len(message) > 2 else None


def _is_shallow(value: object, depth: int = _DEEPEST) -> bool:
    """Whether ``value`` is nested little enough to be stored and sent back without trouble."""
    if isinstance(value, Mapping):
        return depth > 0 and all(_is_shallow(item, depth - 1) for item in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_shallow(item, depth - 1) for item in value)
    return True


def _sendable(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return ``value`` without what neither the store nor the next request takes, at any depth.

    Half of a surrogate pair fails in both, in a key as well as in a text; a number too large for
    JSON (``1e999`` is read as infinity) fails in the request.
    """
    match value:
        case str():
            return storable(value)
        case float() if not math.isfinite(value):
            return None
        case list():
            return [_sendable(item) for item in value]
        case dict():
            return {storable(key): _sendable(item) for key, item in value.items()}
        case _:
            return value
