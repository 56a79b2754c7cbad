"""Claude's export: an archive with ``conversations.json``, an array of conversations.

Each has ``chat_messages`` in order, whose ``content`` is a list of blocks: text, thinking, calls of
tools and their results. Later exports name the ``parent_message_uuid`` of each, and so have branches.
"""

import re
from collections.abc import Iterator
from typing import Final

from desktop_app.chat.importing import LeftOut
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.message import Part, Role, Text, Thought, ToolCall, ToolResult
from desktop_app.importers._format import Found, ImportFormat, Outline, each
from desktop_app.importers._nodes import Node, chained, tree_of
from desktop_app.importers._values import (
    Object,
    identifier,
    json_text,
    moment,
    objects,
    text,
)

_ROLES: Final = {"human": Role.USER, "assistant": Role.ASSISTANT}
_FENCE: Final = re.compile(r"`{3,}")
_SILENT: Final = frozenset({"token_budget", "flag"})


def _accepts(outline: Outline) -> bool:
    return "chat_messages" in outline.fields


def _conversation(value: Object, found: Found) -> ConversationTree | None:
    messages = list(objects(value.get("chat_messages")))
    nodes = [_node(number, message, found) for number, message in enumerate(messages)]
    if not any("parent_message_uuid" in message for message in messages):
        nodes = chained(nodes)
    name = identifier(value.get("uuid"))
    return tree_of(
        nodes,
        identifier(value.get("current_leaf_message_uuid")) or None,
        source=f"claude:{name}" if name else "",
        title=text(value.get("name")),
        created_at=moment(value.get("created_at")),
        updated_at=moment(value.get("updated_at")),
    )


def _node(number: int, message: Object, found: Found) -> Node:
    key = identifier(message.get("uuid")) or f"#{number}"
    node = Node(key, identifier(message.get("parent_message_uuid")) or None)
    role = _ROLES.get(text(message.get("sender")))
    if role is None:
        found.left_out[LeftOut.HIDDEN] += 1
        return node
    node.role, node.created_at = role, moment(message.get("created_at"))
    node.model = text(message.get("model"))[:200] or None
    files = list(_files(message, found))
    said = list(_parts(message, found))
    if not said and (whole := text(message.get("text"))).strip():
        said = [Text(whole)]
    node.parts = [*files, *said]
    return node


def _parts(message: Object, found: Found) -> Iterator[Part]:
    names: dict[str, str] = {}
    for block in objects(message.get("content")):
        match text(block.get("type")):
            case "text" | "voice_note":
                if (said := text(block.get("text"))).strip():
                    yield Text(said)
            case "thinking":
                if (said := text(block.get("thinking"))).strip():
                    yield Thought(said, _seconds(block))
            case "tool_use":
                call_id, name = identifier(block.get("id")), text(block.get("name"))[:200]
                names[call_id] = name
                yield ToolCall(call_id, name, json_text(block.get("input")))
            case "tool_result":
                call_id = identifier(block.get("tool_use_id"))
                name = text(block.get("name"))[:200] or names.get(call_id, "")
                said = _result(block.get("content"), found)
                yield ToolResult(call_id, name, said, block.get("is_error") is True)
            case "image":
                found.left_out[LeftOut.PICTURES] += 1
                yield Text("[Image]")
            case kind if kind not in _SILENT:
                found.left_out[LeftOut.UNKNOWN_PARTS] += 1


def _result(content: object, found: Found) -> str:
    if isinstance(content, str):
        return text(content)
    said = []
    for block in objects(content):
        if block.get("type") == "text":
            said.append(text(block.get("text")))
        elif block.get("type") == "image":
            found.left_out[LeftOut.PICTURES] += 1
            said.append("[Image]")
        else:
            said.append(json_text(block))
    return "\n\n".join(filter(str.strip, said))


def _files(message: Object, found: Found) -> Iterator[Text]:
    """Yield the text that was taken out of attached files, and the names of the rest."""
    for attached in objects(message.get("attachments")):
        name = text(attached.get("file_name")) or text(attached.get("file_type"))
        content = text(attached.get("extracted_content"))
        if content.strip():
            longest = max((len(m.group()) for m in _FENCE.finditer(content)), default=2)
            fence = "`" * (longest + 1)
            yield Text(f"[File: {name}]\n\n{fence}\n{content}\n{fence}\n\n")
        else:
            found.left_out[LeftOut.FILES] += 1
            yield Text(f"[File: {name}]\n\n")
    for file in objects(message.get("files")):
        found.left_out[LeftOut.FILES] += 1
        if name := text(file.get("file_name")):
            yield Text(f"[File: {name}]\n\n")


def _seconds(block: Object) -> float | None:
    begun, ended = moment(block.get("start_timestamp")), moment(block.get("stop_timestamp"))
    if begun is None or ended is None or ended < begun:
        return None
    return round(ended - begun, 3)


FORMAT: Final = ImportFormat(
    id="claude",
    label="Claude",
    members=lambda name: name == "conversations.json",
    accepts=_accepts,
    read=each(_conversation),
)
