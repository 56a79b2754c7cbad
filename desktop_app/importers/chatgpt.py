"""ChatGPT's export: an archive with ``conversations.json``, whose conversations are trees.

Each is an object with ``mapping``, from ids to nodes that name their ``parent`` and may hold a
``message``; ``current_node`` is the end of the branch that was shown. Large exports are cut into
``conversations-000.json`` and so on. Nobody publishes the format: what is not known is counted.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

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
from desktop_app.importers._format import Found, ImportFormat, Outline, each
from desktop_app.importers._nodes import Node, tree_of
from desktop_app.importers._values import Object, identifier, mapping, moment, objects, text

_FILE: Final = re.compile(r"conversations(?:-\d+)?\.json")
_CITATION: Final = re.compile("\ue200[^\ue201]{0,400}\ue201|[\ue200-\ue206]")
"""Marks of the page that showed sources; they mean nothing elsewhere."""
_SILENT: Final = frozenset({"reasoning_recap", "model_editable_context"})
_STATES: Final = {
    "interrupted": MessageState.STOPPED,
    "max_tokens": MessageState.CUT_OFF,
}


def _accepts(outline: Outline) -> bool:
    return "mapping" in outline.fields


def _conversation(value: Object, found: Found) -> ConversationTree | None:
    name = identifier(value.get("conversation_id")) or identifier(value.get("id"))
    nodes = mapping(value.get("mapping"))
    return tree_of(
        (_node(str(key), mapping(node), nodes, found) for key, node in nodes.items()),
        identifier(value.get("current_node")) or None,
        source=f"chatgpt:{name}" if name else "",
        title=text(value.get("title")),
        created_at=moment(value.get("create_time")),
        updated_at=moment(value.get("update_time")),
    )


def _node(key: str, value: Object, nodes: Object, found: Found) -> Node:
    parent = value.get("parent")
    node = Node(key, parent if isinstance(parent, str) else None)
    message = mapping(value.get("message"))
    if not message:
        return node
    metadata, author = mapping(message.get("metadata")), mapping(message.get("author"))
    role = text(author.get("role"))
    if role not in {"user", "assistant", "tool"} or metadata.get(
        "is_visually_hidden_from_conversation"
    ):
        found.left_out[LeftOut.HIDDEN] += bool(list(_texts(message.get("content"), found, None)))
        return node
    node.role = Role.USER if role == "user" else Role.ASSISTANT
    node.parts = list(_parts(key, parent, message, nodes, found))
    node.created_at = moment(message.get("create_time"))
    node.model = text(metadata.get("model_slug"))[:200] or None
    if message.get("status") == "in_progress":
        node.state = MessageState.INTERRUPTED
    ending = mapping(metadata.get("finish_details")).get("type")
    node.state = _STATES.get(str(ending), node.state)
    return node


def _parts(
    key: str, parent: object, message: Object, nodes: Object, found: Found
) -> Iterator[Part]:
    content = message.get("content")
    author, recipient = mapping(message.get("author")), text(message.get("recipient"))
    if mapping(content).get("content_type") == "thoughts":
        yield from _thoughts(mapping(content))
        return
    said = "\n\n".join(_texts(content, found, message))
    files = [text(a.get("name")) for a in objects(_attachments(message))]
    if not said.strip() and not files:
        return
    if author.get("role") == "tool":
        # The result belongs to the call it answers, which stands right before it.
        before = mapping(mapping(mapping(nodes).get(str(parent))).get("message"))
        call_id = str(parent) if _is_call(before) else key
        yield ToolResult(call_id, text(author.get("name"))[:200], said)
    elif _is_call(message):
        yield ToolCall(key, recipient[:200], said)
    else:
        found.left_out[LeftOut.FILES] += len(files)
        notes = [f"[File: {name}]" for name in files]
        yield Text("\n\n".join(filter(None, (*notes, said))))


def _is_call(message: Object) -> bool:
    is_assistant = mapping(message.get("author")).get("role") == "assistant"
    return is_assistant and text(message.get("recipient")) not in {"", "all"}


def _attachments(message: Object) -> Any:  # noqa: ANN401 - whatever is there
    return mapping(message.get("metadata")).get("attachments")


def _thoughts(content: Object) -> Iterator[Thought]:
    for thought in objects(content.get("thoughts")):
        summary, said = text(thought.get("summary")), text(thought.get("content"))
        if whole := "\n\n".join(filter(str.strip, (f"**{summary}**" if summary else "", said))):
            yield Thought(whole)


def _texts(value: object, found: Found, message: Object | None) -> Iterator[str]:
    """Yield the texts of a message's content, with a note for what is no text.

    Args:
        value: The content.
        found: Counts what is left out, unless ``message`` is ``None``.
        message: Whose content it is.
    """
    content = mapping(value)
    kind = text(content.get("content_type"))
    if kind in _SILENT:
        return
    for name in ("text", "result", "user_instructions", "content"):
        if isinstance(content.get(name), str) and content[name].strip():
            yield _clean(content[name])
            break
    known = any(isinstance(content.get(name), str) for name in ("text", "result", "content"))
    parts = content.get("parts")
    if isinstance(parts, list):
        known = True
        for part in parts:
            if isinstance(part, str):
                if part.strip():
                    yield _clean(part)
            elif isinstance(part, dict):
                yield from _multimodal(part, found, message)
    if not known and message is not None and kind not in {"", "user_editable_context"}:
        found.left_out[LeftOut.UNKNOWN_PARTS] += 1


def _multimodal(part: Object, found: Found, message: Object | None) -> Iterator[str]:
    kind = text(part.get("content_type"))
    if kind == "audio_transcription" and text(part.get("text")).strip():
        yield _clean(part["text"])
    elif message is None:
        return
    elif "image" in kind:
        found.left_out[LeftOut.PICTURES] += 1
        yield "[Image]"
    elif "audio" in kind or "video" in kind:
        found.left_out[LeftOut.FILES] += 1
    else:
        found.left_out[LeftOut.UNKNOWN_PARTS] += 1


def _clean(value: object) -> str:
    return _CITATION.sub("", text(value))


FORMAT: Final = ImportFormat(
    id="chatgpt",
    label="ChatGPT",
    members=lambda name: _FILE.fullmatch(name) is not None,
    accepts=_accepts,
    read=each(_conversation),
)
