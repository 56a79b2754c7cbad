"""Messages of elsewhere, which point at each other, as a tree of ours.

They may point in circles or at nothing. What cannot be kept is stepped over; its answers hang on
whatever stands before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Message, MessageState, Part, Role, Text
from desktop_app.domain.text import one_line
from desktop_app.domain.usage import Usage

_SHARED_CHARACTERS: Final = 5_000_000
"""What answers that were made anew from their middle may take more by having it whole."""


@dataclass(slots=True)
class Node:
    """A message as it was found; without parts it only leads from one to the next.

    Attributes:
        id: Its id there.
        parent: The id of what it answers.
        role: Who speaks; tools speak within the assistant's messages.
        parts: What it consists of.
        created_at: When, if that is known.
        model: Which model wrote it.
        state: How it ended.
        finish_reason: The word for that.
        usage: Token counts.
    """

    id: str
    parent: str | None
    role: Role = Role.ASSISTANT
    parts: list[Part] = field(default_factory=list)
    created_at: float | None = None
    model: str | None = None
    state: MessageState = MessageState.COMPLETE
    finish_reason: str | None = None
    usage: Usage | None = None


def tree_of(
    nodes: Iterable[Node],
    head: str | None,
    *,
    source: str,
    title: str,
    created_at: float | None,
    updated_at: float | None,
    system_prompt: str = "",
) -> ConversationTree | None:
    """Return a conversation of ``nodes``; ``None`` when there is nothing in them.

    Args:
        nodes: In the order in which they were found.
        head: Id of the last one of the branch that was shown there.
        source: What the conversation is known by.
        title: Its title.
        created_at: When it was begun, if that is known.
        updated_at: When it was continued, if that is known.
        system_prompt: Instructions before it.
    """
    by_id: dict[str, Node] = {}
    for node in nodes:
        by_id.setdefault(node.id, node)
    parents = _kept_parents(by_id)
    ordered = _parents_first(by_id, parents)
    merged = _merge(ordered, parents)
    kept = _fork_at_questions([node for node in ordered if node.id not in merged], parents)
    begun = created_at or next((n.created_at for n in ordered if n.created_at), None) or 0.0
    ids: dict[str, str] = {}
    times: dict[str, float] = {}
    messages: list[Message] = []
    for node in kept:
        parent = parents[node.id]
        ids[node.id] = new_id()
        times[node.id] = node.created_at or times.get(parent or "", begun)
        messages.append(_message(node, ids, parent, times[node.id]))
    ids |= {gone: ids[into] for gone, into in merged.items() if into in ids}
    if not messages:
        return None
    newest = max(message.created_at for message in messages)
    return ConversationTree(
        Conversation(
            id=new_id(),
            title=one_line(title) or _first_words(messages),
            created_at=begun,
            updated_at=updated_at or newest,
            parameters=Parameters(system_prompt),
            head=_head(head, by_id, parents, ids) or _last_leaf(messages),
        ),
        tuple(messages),
        source=source,
    )


def _message(node: Node, ids: dict[str, str], parent: str | None, when: float) -> Message:
    is_answer = node.role is Role.ASSISTANT
    return Message(
        id=ids[node.id],
        role=node.role,
        parts=tuple(_parted(node.parts)),
        parent=None if parent is None else ids[parent],
        created_at=when,
        state=node.state if is_answer else MessageState.COMPLETE,
        model=node.model if is_answer else None,
        finish_reason=node.finish_reason,
        usage=node.usage,
    )


def _kept_parents(by_id: dict[str, Node]) -> dict[str, str | None]:
    """Return for every node with parts the nearest one above it that has some."""
    known: dict[str, str | None] = {}
    for node in by_id.values():
        path: list[str] = []
        seen: set[str] = set()
        above = node.parent
        while above is not None and above not in seen:
            found = by_id.get(above)
            if found is None:
                above = None
            elif found.parts:
                break
            elif above in known:
                path.append(above)
                above = known[above]
                break
            else:
                seen.add(above)
                path.append(above)
                above = found.parent
        else:
            above = None
        for passed in path:
            known[passed] = above
        known[node.id] = above
    return known


def _parents_first(by_id: dict[str, Node], parents: dict[str, str | None]) -> list[Node]:
    """Return the nodes with parts, each after its parent; a circle is opened where it is met."""
    ordered: list[Node] = []
    placed: set[str] = set()
    for first in by_id.values():
        if not first.parts or first.id in placed:
            continue
        waiting, on_the_way = [first.id], {first.id}
        while (above := parents[waiting[-1]]) is not None and above not in placed:
            if above in on_the_way:
                parents[waiting[-1]] = None
                break
            waiting.append(above)
            on_the_way.add(above)
        for node_id in reversed(waiting):
            placed.add(node_id)
            ordered.append(by_id[node_id])
    return ordered


def _fork_at_questions(ordered: list[Node], parents: dict[str, str | None]) -> list[Node]:
    """Let answers that share their beginning each have it whole, and drop what they shared.

    Branches are whole answers to a question here; elsewhere one may be made anew from its middle.
    """
    children: dict[str | None, list[Node]] = {}
    for node in ordered:
        children.setdefault(parents[node.id], []).append(node)
    dropped: set[str] = set()
    budget = _SHARED_CHARACTERS
    for node in ordered:
        below = children.get(node.id, [])
        if len(below) < 2 or not all(n.role is Role.ASSISTANT for n in (node, *below)):
            continue
        budget -= len(below) * sum(100 + len(str(part)) for part in node.parts)
        if budget < 0:
            break
        for child in below:
            child.parts = [*node.parts, *child.parts]
            child.created_at = node.created_at or child.created_at
            parents[child.id] = parents[node.id]
        dropped.add(node.id)
    return [node for node in ordered if node.id not in dropped]


def _parted(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield ``parts`` with a blank line between texts, which are shown as one."""
    is_first = True
    for part in parts:
        if not isinstance(part, Text):
            yield part
        elif said := part.text.strip("\n"):
            yield Text(said if is_first else f"\n\n{said}")
            is_first = False


def _merge(ordered: list[Node], parents: dict[str, str | None]) -> dict[str, str]:
    """Put what an assistant says in one go into one message; return which went into which.

    Elsewhere thinking, each call, each result and the answer are messages of their own. ``parents``
    then names what is left.
    """
    by_id = {node.id: node for node in ordered}
    children: dict[str | None, int] = {}
    for node in ordered:
        children[parents[node.id]] = children.get(parents[node.id], 0) + 1
    merged: dict[str, str] = {}
    for node in ordered:
        above = parents[node.id]
        if above is None or children[above] != 1:
            continue
        into = by_id[merged.get(above, above)]
        if node.role is not Role.ASSISTANT or into.role is not Role.ASSISTANT:
            continue
        into.parts += node.parts
        into.model = node.model or into.model
        into.state, into.finish_reason = node.state, node.finish_reason or into.finish_reason
        into.usage = node.usage or into.usage
        merged[node.id] = into.id
    for node in ordered:
        above = parents[node.id]
        parents[node.id] = above if above is None else merged.get(above, above)
    return merged


def _head(
    head: str | None, by_id: dict[str, Node], parents: dict[str, str | None], ids: dict[str, str]
) -> str | None:
    if head is None or head not in by_id:
        return None
    kept = head if head in ids else parents.get(head)
    return None if kept is None else ids.get(kept)


def _last_leaf(messages: list[Message]) -> str:
    parents = {message.parent for message in messages}
    return next(m.id for m in reversed(messages) if m.id not in parents)


def _first_words(messages: list[Message]) -> str:
    return next((one_line(m.text) for m in messages if m.text.strip()), "")


def chained(nodes: Iterable[Node]) -> list[Node]:
    """Return ``nodes`` one below the other, for a format that knows no branches."""
    chain: list[Node] = []
    for node in nodes:
        chain.append(replace(node, parent=chain[-1].id if chain else None))
    return chain
