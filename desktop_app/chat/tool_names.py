"""The names under which the model calls tools: valid on the wire, stable, one for each tool. Pure."""

import hashlib
import json
import re
from typing import Final

from desktop_app.domain.tool import Tool

BUILTIN: Final = "builtin"
"""Source of the tools that are part of the program."""

LONGEST: Final = 64
_VALID: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
_OTHERS: Final = re.compile(r"[^a-zA-Z0-9_-]+", re.ASCII)
_BETWEEN: Final = "__"


def wire_name(tool: Tool, digits: int = 8) -> str:
    """Return the name of ``tool`` on the wire; it depends on nothing but the tool's own two names.

    A built-in tool keeps its name, and any other has that of its source before it. Where that is no
    valid name, or could be the name of two tools, ``digits`` of a hash make it one.
    """
    if tool.source == BUILTIN:
        plain, is_clear = tool.name, _BETWEEN not in tool.name
    else:
        plain = f"{tool.source}{_BETWEEN}{tool.name}"
        # "a_" and "b" would meet "a" and "_b".
        both_named = bool(tool.source and tool.name)
        is_clear = both_named and plain.count(_BETWEEN) == 1 and "___" not in plain
    if is_clear and _VALID.fullmatch(plain):
        return plain
    both = json.dumps([tool.source, tool.name])
    mark = hashlib.sha256(both.encode()).hexdigest()[:digits]
    readable = _OTHERS.sub("_", plain).strip("_-")[: LONGEST - digits - 1]
    return f"{readable}_{mark}" if readable else f"tool_{mark}"
