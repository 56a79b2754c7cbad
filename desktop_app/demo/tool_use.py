"""Which of the offered tools the demo calls, and with which arguments.

The demo cannot understand a tool. It takes one whose name or description shares a word with the
question, never one that sounds as if it changed something, and fills its schema with harmless
values.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_CHANGES_THINGS: Final = re.compile(
    r"write|creat|delet|remov|updat|edit|move|rename|send|post|exec|run|shell|bash|command|install"
    r"|pay|buy|kill",
    re.IGNORECASE,
)

_SAMPLES: Final[Mapping[str, Any]] = {
    "city": "Hangzhou",
    "location": "Hangzhou",
    "place": "Hangzhou",
    "expression": "2 * 10_000 * 9.21",
    "formula": "2 * 10_000 * 9.21",
    "timezone": "Asia/Shanghai",
    "tz": "Asia/Shanghai",
    "url": "https://www.minimax.io",
    "path": ".",
    "language": "en",
    "unit": "celsius",
}


CLOCK: Final = "current_time"
CALCULATOR: Final = "calculator"

_OF_THE_PROGRAM: Final = frozenset(
    {
        CLOCK,
        CALCULATOR,
        "list_folder",
        "read_file",
        "search_files",
        "write_file",
        "fetch_url",
        "run_python",
    }
)
"""They have a scene of their own: a clock in every answer would be odd."""


def name_of(tool: object) -> str:
    """The name of an offered tool; empty where it has none."""
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else ""


@dataclass(frozen=True)
class PlannedCall:
    """A call that the demo would make."""

    name: str
    arguments: dict[str, Any]


def plan(tools: Sequence[Any], question: str, *, used: Sequence[str]) -> PlannedCall | None:
    """The next call, or ``None`` when no offered tool is both harmless and unused.

    Args:
        tools: the request's ``tools``.
        question: what the user wrote.
        used: names of tools called since then.
    """
    words = set(re.findall(r"\w{4,}", question.lower()))
    best: tuple[int, Mapping[str, Any]] | None = None
    for tool in tools:
        name = name_of(tool)
        if not name or name in used or name in _OF_THE_PROGRAM or _CHANGES_THINGS.search(name):
            continue
        function = tool["function"]
        described = f"{name} {function.get('description', '')}".lower()
        shared = sum(1 for word in words if word in described)
        if best is None or shared > best[0]:
            best = (shared, function)
    if best is None:
        return None
    function = best[1]
    return PlannedCall(function["name"], _filled(function.get("parameters"), question))


def _filled(schema: object, question: str) -> dict[str, Any]:
    if not isinstance(schema, dict):
        return {}
    properties = schema.get("properties", {})
    needed = schema.get("required") or ()
    return {
        name: _value(name, properties.get(name, {}), question)
        for name in needed
        if isinstance(name, str)
    }


def _value(name: str, schema: Mapping[str, Any], question: str) -> Any:  # noqa: ANN401 - any JSON
    if schema.get("enum"):
        return schema["enum"][0]
    if "default" in schema:
        return schema["default"]
    match schema.get("type", "string"):
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return False
        case "array":
            return []
        case "object":
            return _filled(schema, question)
        case _:
            return _SAMPLES.get(name.lower(), question[:80])
