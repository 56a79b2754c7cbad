"""Open WebUI's export: an array of chats, each with a tree of messages in ``chat.history``.

Thinking and tools stand in an answer's text as ``<details type="reasoning">`` and ``<details
type="tool_calls">`` elements; they are taken out of it again, in their order.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from desktop_app.chat.importing import LeftOut
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.message import (
    MessageState,
    Part,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.usage import Usage
from desktop_app.importers._format import Found, ImportFormat, Outline, each
from desktop_app.importers._nodes import Node, chained, tree_of
from desktop_app.importers._values import Object, identifier, mapping, moment, objects, text

_DETAILS: Final = re.compile(r'<details((?:\s+[\w-]+="[^"]*")*)\s*>', re.IGNORECASE)
_DETAILS_END: Final = "</details>"
_SUMMARY, _SUMMARY_END = "<summary>", "</summary>"
_ATTRIBUTE: Final = re.compile(r'([\w-]+)="([^"]*)"')
_QUOTE: Final = re.compile(r"^> ?", re.MULTILINE)


def _accepts(outline: Outline) -> bool:
    fields = outline.fields
    return "chat" in fields or ("history" in fields and "messages" in fields)


def _conversation(value: Object, found: Found) -> ConversationTree | None:
    chat = mapping(value.get("chat")) or value
    history = mapping(chat.get("history"))
    kept = mapping(history.get("messages"))
    nodes = [_node(str(key), mapping(message), found) for key, message in kept.items()]
    if not nodes:
        listed = enumerate(objects(chat.get("messages")))
        nodes = chained(_node(f"#{number}", message, found) for number, message in listed)
    name = identifier(value.get("id")) or identifier(chat.get("id"))
    return tree_of(
        nodes,
        identifier(history.get("currentId")) or None,
        source=f"open-webui:{name}" if name else "",
        title=text(value.get("title")) or text(chat.get("title")),
        created_at=moment(value.get("created_at")) or moment(chat.get("timestamp")),
        updated_at=moment(value.get("updated_at")),
        system_prompt=text(mapping(chat.get("params")).get("system")) or text(chat.get("system")),
    )


def _node(key: str, message: Object, found: Found) -> Node:
    node = Node(key, identifier(message.get("parentId")) or None)
    role = text(message.get("role"))
    if role not in {"user", "assistant"}:
        found.left_out[LeftOut.HIDDEN] += 1
        return node
    node.role = Role.USER if role == "user" else Role.ASSISTANT
    node.created_at = moment(message.get("timestamp"))
    node.model = text(message.get("model"))[:200] or None
    said = text(message.get("content"))
    if role == "user":
        node.parts = [Text(said)] if said.strip() else []
    else:
        node.parts = list(_parts(said))
        if thinking := text(message.get("reasoning_content")).strip():
            node.parts.insert(0, Thought(thinking))
    for file in objects(message.get("files")):
        is_picture = file.get("type") == "image"
        found.left_out[LeftOut.PICTURES if is_picture else LeftOut.FILES] += 1
        name = text(file.get("name"))
        node.parts.append(Text("\n\n[Image]" if is_picture else f"\n\n[File: {name}]"))
    if error := mapping(message.get("error")):
        node.state = MessageState.INTERRUPTED
        if not node.parts and (said := text(error.get("content"))).strip():
            node.parts = [Text(said)]
    elif message.get("done") is False:
        node.state = MessageState.INTERRUPTED
    node.usage = _usage(mapping(message.get("usage")))
    return node


def _parts(content: str) -> Iterator[Part]:
    place = 0
    for number, opening in enumerate(_DETAILS.finditer(content)):
        attributes = {key: unescape(value) for key, value in _ATTRIBUTE.findall(opening.group(1))}
        kind = attributes.get("type")
        if kind not in {"reasoning", "tool_calls", "code_interpreter"} or opening.start() < place:
            continue
        # No regular expression from end to end: for thousands that never end it would take hours.
        end = content.find(_DETAILS_END, opening.end())
        if end < 0:
            break
        if (before := content[place : opening.start()]).strip():
            yield Text(before.strip("\n"))
        place = end + len(_DETAILS_END)
        inner = unescape(_without_summary(content[opening.end() : end]))
        if kind == "reasoning":
            if thinking := _QUOTE.sub("", inner).strip():
                yield Thought(thinking, _duration(attributes.get("duration", "")))
            continue
        name = attributes.get("name", kind)[:200]
        call_id = attributes.get("id", "")[:200] or f"call_{number}"
        yield ToolCall(call_id, name, attributes.get("arguments", "") or inner.strip() or "{}")
        result = attributes.get("result", "") or attributes.get("output", "")
        if result.strip():
            yield ToolResult(call_id, name, result)
    if (rest := content[place:]).strip():
        yield Text(rest.strip("\n"))


def _without_summary(inner: str) -> str:
    inner = inner.lstrip()
    if inner.startswith(_SUMMARY) and (end := inner.find(_SUMMARY_END)) >= 0:
        return inner[end + len(_SUMMARY_END) :]
    return inner


def _duration(seconds: str) -> float | None:
    try:
        found = float(seconds)
    except ValueError:
        return None
    return found if 0 < found < 86_400 else None


def _usage(usage: Object) -> Usage | None:
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    whole = [count if type(count) is int and 0 <= count < 2**40 else None for count in counts]
    return Usage(*whole) if any(whole) else None


FORMAT: Final = ImportFormat(
    id="open_webui",
    label="Open WebUI",
    members=lambda name: name.startswith("chat-export") and name.endswith(".json"),
    accepts=_accepts,
    read=each(_conversation),
)
