"""Takes answers of a server that are almost what the protocol says, so that one odd part costs no more.

Measured with mcp 2.3: a listing in which one tool's schema has no ``type`` is refused as a whole, and
so is a result with one block of a kind that is not known. Output schemas are left out: checking them
would run a server's regular expressions here, and would throw away answers that miss them.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from mcp.shared.dispatcher import CallOptions
from mcp.shared.jsonrpc_dispatcher import JSONRPCDispatcher
from mcp.shared.transport_context import TransportContext
from mcp_types import RequestId

MOST_NAME_LETTERS: Final = 500
_MOST_DEPTH: Final = 60


class RepairingDispatcher(JSONRPCDispatcher[TransportContext]):
    """The SDK's dispatcher with a look at what comes back.

    Attributes:
        listed: The tools of the last page as the server sent them, by name.
    """

    listed: dict[str, Mapping[str, Any]]

    async def send_raw_request(
        self,
        method: str,
        params: Mapping[str, Any] | None,
        opts: CallOptions | None = None,
        *,
        _related_request_id: RequestId | None = None,
    ) -> dict[str, Any]:
        """Send a request and return its result, repaired; see the base class."""
        result = await super().send_raw_request(
            method, params, opts, _related_request_id=_related_request_id
        )
        if method == "tools/list":
            self.listed, repaired = repaired_listing(result)
            return repaired
        if method == "tools/call":
            return repaired_result(result)
        return result


def dispatcher_over(read: Any, write: Any) -> RepairingDispatcher:  # noqa: ANN401 (SDK streams)
    """Return a dispatcher over a transport's streams."""
    dispatcher = RepairingDispatcher(read, write)
    dispatcher.listed = {}
    return dispatcher


def repaired_listing(
    result: Mapping[str, Any],
) -> tuple[dict[str, Mapping[str, Any]], dict[str, Any]]:
    """Return the usable tools by name as they were sent, and a page that the SDK takes.

    The first of two tools of the same name counts.
    """
    listed: dict[str, Mapping[str, Any]] = {}
    found = result.get("tools")
    for tool in found if isinstance(found, list) else ():
        name = tool.get("name") if isinstance(tool, Mapping) else None
        if isinstance(name, str) and 0 < len(name) <= MOST_NAME_LETTERS:
            listed.setdefault(name, tool)
    kept = {key: value for key, value in result.items() if key != "tools"}
    return listed, kept | {"tools": [_tool(name, tool) for name, tool in listed.items()]}


def raw_schema(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema as the server gave it; one that is no object, or too deep, allows any object."""
    schema = tool.get("inputSchema")
    if not isinstance(schema, Mapping) or _depth(schema) > _MOST_DEPTH:
        return {"type": "object"}
    return schema


def repaired_result(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a call with every block of a kind that the SDK knows."""
    if result.get("resultType") == "input_required":
        return dict(result)
    content = result.get("content")
    blocks = content if isinstance(content, list) else [] if content is None else [content]
    repaired: dict[str, Any] = {
        "content": [block if _is_known(block) else _as_text(block) for block in map(_bare, blocks)],
        "isError": result.get("isError") is True,
        "resultType": "complete",
    }
    structured = result.get("structuredContent")
    if isinstance(structured, Mapping):
        repaired["structuredContent"] = structured
    elif structured is not None:
        repaired["content"].append(_as_text(structured))
    return repaired


def _tool(name: str, tool: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"name": name, "inputSchema": {**raw_schema(tool), "type": "object"}}
    for key in ("title", "description"):
        if isinstance(tool.get(key), str):
            kept[key] = tool[key]
    notes = tool.get("annotations")
    if isinstance(notes, Mapping) and isinstance(notes.get("title"), str):
        kept["annotations"] = {"title": notes["title"]}
    return kept


def _bare(block: object) -> object:
    """Without annotations and the like, which nobody here reads and which may be odd too."""
    if not isinstance(block, Mapping):
        return block
    left_out = {"annotations", "_meta", "icons"}
    return {key: value for key, value in block.items() if key not in left_out}


def _is_known(block: object) -> bool:
    if not isinstance(block, Mapping):
        return False

    def texts(source: Mapping[str, Any], *keys: str) -> bool:
        return all(isinstance(source.get(key), str) for key in keys)

    match block.get("type"):
        case "text":
            return texts(block, "text")
        case "image" | "audio":
            return texts(block, "data", "mimeType")
        case "resource_link":
            return texts(block, "uri", "name") and all(
                isinstance(block.get(key, ""), str) for key in ("title", "description", "mimeType")
            )
        case "resource":
            inner = block.get("resource")
            return (
                isinstance(inner, Mapping)
                and texts(inner, "uri")
                and (texts(inner, "text") or texts(inner, "blob"))
                and isinstance(inner.get("mimeType", ""), str)
            )
    return False


def _as_text(value: object) -> dict[str, Any]:
    return {"type": "text", "text": json.dumps(value, ensure_ascii=False, default=str)}


def _depth(value: object) -> int:
    """How deep ``value`` is nested, without recursion."""
    deepest, left = 0, [(value, 1)]
    while left:
        inner, depth = left.pop()
        deepest = max(deepest, depth)
        if isinstance(inner, Mapping):
            left += [(item, depth + 1) for item in inner.values()]
        elif isinstance(inner, list):
            left += [(item, depth + 1) for item in inner]
    return deepest
