"""What a server answered, as text and pictures. JSON in, values out; knows no SDK."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from desktop_app.domain.message import ResultImage
from desktop_app.domain.tool import ToolOutcome

_IMAGE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What is shown as a picture. SVG is a program and is not among them."""


def outcome_of(result: Mapping[str, Any]) -> ToolOutcome:
    """Return the answer of a tool.

    Structured content is the answer where there is some; texts that only repeat it, as servers send
    them for older clients, are left out, and so is structure that only wraps the text.

    Args:
        result: A ``CallToolResult`` as JSON.
    """
    texts: list[str] = []
    images: list[ResultImage] = []
    for block in result.get("content") or ():
        text, image = block_of(block)
        if image is not None:
            images.append(image)
        if text:
            texts.append(text)
    structured = result.get("structuredContent")
    if structured is not None and not _only_wraps(structured, texts):
        texts = [text for text in texts if not _repeats(text, structured)]
        texts.insert(0, json.dumps(structured, ensure_ascii=False, indent=2))
    return ToolOutcome("\n\n".join(texts), result.get("isError") is True, tuple(images))


def block_of(block: Mapping[str, Any]) -> tuple[str, ResultImage | None]:
    """Return the text of one content block, and its picture where it is one."""
    match block.get("type"):
        case "text":
            return str(block["text"]), None
        case "image":
            return _picture(block["mimeType"], block["data"])
        case "audio":
            return _left_out("audio", block["mimeType"], block["data"]), None
        case "resource_link":
            title = block.get("title") or block["name"]
            described = f"\n{block['description']}" if block.get("description") else ""
            return f"[{title}]({block['uri']}){described}", None
        case "resource":
            return _embedded(block["resource"])
    return json.dumps(block, ensure_ascii=False), None


def text_of(blocks: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    """Return the text of one block or several, pictures named and left out."""
    several = [blocks] if isinstance(blocks, Mapping) else blocks
    texts = []
    for block in several:
        text, image = block_of(block)
        texts.append(text or (_left_out("image", image.mime, image.data) if image else ""))
    return "\n\n".join(filter(None, texts))


def _embedded(resource: Mapping[str, Any]) -> tuple[str, ResultImage | None]:
    mime = resource.get("mimeType") or ""
    if "text" in resource:
        return f"{resource['uri']}\n{resource['text']}", None
    if mime in _IMAGE_TYPES:
        return str(resource["uri"]), ResultImage(mime, resource["blob"])
    return _left_out(resource["uri"], mime, resource["blob"]), None


def _picture(mime: str, data: str) -> tuple[str, ResultImage | None]:
    if mime in _IMAGE_TYPES:
        return "", ResultImage(mime, data)
    return _left_out("image", mime, data), None


def _left_out(what: str, mime: str, base64: str) -> str:
    return f"[{what}: {mime or 'application/octet-stream'}, {len(base64) * 3 // 4} bytes]"


def _only_wraps(structured: object, texts: Sequence[str]) -> bool:
    """Whether it is nothing but the text under some name, as frameworks wrap a plain answer."""
    if not isinstance(structured, Mapping) or len(structured) != 1:
        return False
    (value,) = structured.values()
    return isinstance(value, str) and value == "\n\n".join(texts)


def _repeats(text: str, structured: object) -> bool:
    try:
        return bool(json.loads(text) == structured)
    except (ValueError, RecursionError):
        return False
