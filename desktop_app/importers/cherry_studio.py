"""Cherry Studio's backup: an archive with ``data.json``, which holds two databases of its window.

``indexedDB.topics`` are the conversations, with their messages; what those say stands in
``indexedDB.message_blocks``, or in older backups in the messages themselves. What topics are called
stands in ``localStorage``, as JSON within JSON within JSON. Several models that answer one question
are branches here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from desktop_app.importers._format import Found, ImportFormat, Outline
from desktop_app.importers._nodes import Node, tree_of
from desktop_app.importers._shallow import elements, kind_of, members
from desktop_app.importers._values import (
    Object,
    identifier,
    json_text,
    mapping,
    moment,
    objects,
    text,
)

_PERSISTED: Final = "persist:cherry-studio"
_STATES: Final = {
    "paused": MessageState.STOPPED,
    "error": MessageState.INTERRUPTED,
    "processing": MessageState.INTERRUPTED,
    "pending": MessageState.INTERRUPTED,
}
_SILENT: Final = frozenset({"unknown", "citation", "error", "translation"})


def _accepts(outline: Outline) -> bool:
    return "indexedDB" in outline.names and "localStorage" in outline.names


def _read(outlines: Sequence[Outline], found: Found) -> None:
    for outline in outlines:
        document, watch = outline.document, found.watch
        tables = dict(members(document.text, outline.names["indexedDB"][0], watch))
        named = _topics(mapping(outline.member("localStorage")))
        blocks: dict[str, Object] = {}
        if _is_array(outline, tables.get("message_blocks")):
            for begin, end in elements(document.text, tables["message_blocks"][0], watch):
                watch.look(end / len(document.text))
                block = mapping(document.value(begin, end))
                blocks[identifier(block.get("id"))] = block
        if _is_array(outline, tables.get("topics")):
            for begin, end in elements(document.text, tables["topics"][0], watch):
                watch.look()
                found.add(_conversation(mapping(document.value(begin, end)), named, blocks, found))


def _is_array(outline: Outline, place: tuple[int, int] | None) -> bool:
    return place is not None and kind_of(outline.document.text, place[0]) == b"["


def _topics(storage: Object) -> Mapping[str, tuple[Object, str]]:
    """Return what is known of each topic, with the instructions of its assistant."""
    kept = mapping(_json(mapping(_json(storage.get(_PERSISTED))).get("assistants")))
    assistants = [*objects(kept.get("assistants")), mapping(kept.get("defaultAssistant"))]
    return {
        identifier(topic.get("id")): (topic, text(assistant.get("prompt")))
        for assistant in reversed(assistants)
        for topic in objects(assistant.get("topics"))
    }


def _json(value: object) -> Any:  # noqa: ANN401 - JSON may be anything
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _conversation(
    topic: Object,
    named: Mapping[str, tuple[Object, str]],
    blocks: Mapping[str, Object],
    found: Found,
) -> ConversationTree | None:
    name = identifier(topic.get("id"))
    described, prompt = named.get(name, ({}, ""))
    return tree_of(
        _linked(list(objects(topic.get("messages"))), blocks, found),
        None,
        source=f"cherry-studio:{name}" if name else "",
        title=text(described.get("name")) or text(topic.get("name")),
        created_at=moment(described.get("createdAt")) or moment(topic.get("createdAt")),
        updated_at=None,
        system_prompt=text(described.get("prompt")) or prompt,
    )


def _linked(messages: list[Object], blocks: Mapping[str, Object], found: Found) -> Iterator[Node]:
    """Yield the messages, each below the one before; answers to one question side by side."""
    last: str | None = None
    asked: dict[str, str | None] = {}
    chosen: dict[str, bool] = {}
    for number, message in enumerate(messages):
        key = identifier(message.get("id")) or f"#{number}"
        node = Node(key, last)
        role = text(message.get("role"))
        if message.get("type") == "clear" or role not in {"user", "assistant"}:
            found.left_out[LeftOut.HIDDEN] += role not in {"user", "assistant"}
            continue
        node.role = Role.USER if role == "user" else Role.ASSISTANT
        node.created_at = moment(message.get("createdAt"))
        model = mapping(message.get("model"))
        named = text(model.get("id")) or text(message.get("modelId"))
        node.model = named[:200] or None
        node.state = _STATES.get(text(message.get("status")), MessageState.COMPLETE)
        node.parts = list(_parts(message, blocks, found))
        question = identifier(message.get("askId"))
        if role == "assistant" and question:
            node.parent = asked.setdefault(question, last if last != key else None)
        yield node
        is_chosen = message.get("useful") is True or message.get("foldSelected") is True
        if node.parts and (is_chosen or not chosen.get(question, False) or not question):
            last = key
        if question and is_chosen:
            chosen[question] = True


def _parts(message: Object, blocks: Mapping[str, Object], found: Found) -> Iterator[Part]:
    listed = message.get("blocks")
    if isinstance(listed, list) and listed:
        for block_id in listed:
            block = blocks.get(identifier(block_id))
            if block is None:
                found.left_out[LeftOut.DAMAGED] += 1
            else:
                yield from _block(block, found)
        return
    thinking = text(message.get("reasoning_content"))
    if thinking.strip():
        yield Thought(thinking)
    said = text(message.get("content"))
    pictures, files = message.get("images"), list(objects(message.get("files")))
    found.left_out[LeftOut.PICTURES] += len(pictures) if isinstance(pictures, list) else 0
    found.left_out[LeftOut.FILES] += len(files)
    notes = [f"[File: {_file_name(file)}]" for file in files]
    if whole := "\n\n".join(filter(str.strip, (*notes, said))):
        yield Text(whole)


def _block(block: Object, found: Found) -> Iterator[Part]:
    kind, content = text(block.get("type")), block.get("content")
    said = text(content)
    match kind:
        case "main_text":
            if said.strip():
                yield Text(said)
        case "thinking":
            if said.strip():
                yield Thought(said, _duration(block.get("thinking_millsec")))
        case "code":
            yield Text(f"\n\n```{text(block.get('language'))[:30]}\n{said}\n```\n\n")
        case "tool":
            yield from _tool(block)
        case "image":
            found.left_out[LeftOut.PICTURES] += 1
            yield Text("[Image]")
        case "file":
            found.left_out[LeftOut.FILES] += 1
            yield Text(f"[File: {_file_name(mapping(block.get('file')))}]\n\n")
        case _ if kind not in _SILENT:
            found.left_out[LeftOut.UNKNOWN_PARTS] += 1


def _duration(milliseconds: object) -> float | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    return milliseconds / 1000 if 0 < milliseconds < 86_400_000 else None


def _tool(block: Object) -> Iterator[Part]:
    raw = mapping(mapping(block.get("metadata")).get("rawMcpToolResponse"))
    call_id = identifier(block.get("toolId")) or identifier(block.get("id"))
    name = text(block.get("toolName")) or text(mapping(raw.get("tool")).get("name"))
    arguments = block.get("arguments") or raw.get("arguments")
    yield ToolCall(call_id, name[:200], json_text(arguments))
    content = block.get("content") or raw.get("response")
    if content is not None:
        failed = mapping(content).get("isError") is True or raw.get("status") == "error"
        yield ToolResult(call_id, name[:200], _result(content), failed)


def _result(content: object) -> str:
    said = [text(item.get("text")) for item in objects(mapping(content).get("content"))]
    return "\n\n".join(filter(str.strip, said)) or json_text(content)


def _file_name(file: Object) -> str:
    return text(file.get("origin_name")) or text(file.get("name"))


FORMAT: Final = ImportFormat(
    id="cherry_studio",
    label="Cherry Studio",
    members=lambda name: name == "data.json",
    accepts=_accepts,
    read=_read,
)
