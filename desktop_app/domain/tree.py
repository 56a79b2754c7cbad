"""The tree that the messages of a conversation form: pure values, no text of theirs.

Messages with the same parent are versions of each other. A branch is the way from a first message
to a message without children.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A message without its contents; ``parent`` is ``None`` for a first one."""

    id: str
    parent: str | None


class Tree:
    """The messages of one conversation, in the order of their making.

    Args:
        nodes: A parent stands before its children; a node whose parent is not among them is left
            out, with all that hangs on it.
    """

    def __init__(self, nodes: Iterable[TreeNode] = ()) -> None:
        self._parents: dict[str, str | None] = {}
        self._places: dict[str, int] = {}
        self._children: dict[str | None, list[str]] = {}
        self._hidden: set[str] = set()
        for node in nodes:
            if node.parent is None or node.parent in self._parents:
                self.add(node)

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._parents and message_id not in self._hidden

    def add(self, node: TreeNode) -> None:
        """Add the message made last; one that is there already stays as it is.

        Raises:
            KeyError: When its parent is unknown.
        """
        if node.id in self._parents:
            return
        if node.parent is not None:
            self._parents[node.parent]
        self._parents[node.id] = node.parent
        self._places[node.id] = len(self._places)
        self._children.setdefault(node.parent, []).append(node.id)

    def versions(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of the message and its siblings, the oldest first.

        Raises:
            KeyError: When the message is unknown.
        """
        siblings = self._children[self._parents[message_id]]
        return tuple(sibling for sibling in siblings if sibling not in self._hidden)

    def path(self, message_id: str) -> tuple[str, ...]:
        """Return the ids from the first message of the branch down to this one.

        Raises:
            KeyError: When the message is unknown.
        """
        path = [message_id]
        while (parent := self._parents[path[-1]]) is not None:
            path.append(parent)
        return tuple(reversed(path))

    def subtree(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of the message and of all below it, a parent before its children.

        Raises:
            KeyError: When the message is unknown.
        """
        self._parents[message_id]
        found, waiting = [], [message_id]
        while waiting:
            current = waiting.pop()
            if current not in self._hidden:
                found.append(current)
                waiting.extend(self._children.get(current, ()))
        return tuple(found)

    def newest_leaf(self, message_id: str) -> str:
        """Return the id of the message made last of this one and all below it.

        Raises:
            KeyError: When the message is unknown.
        """
        return max(self.subtree(message_id), key=self._places.__getitem__, default=message_id)

    def hide(self, message_id: str) -> frozenset[str]:
        """Take the message and all below it out of what is found; return what that was."""
        hidden = frozenset(self.subtree(message_id))
        self._hidden |= hidden
        return hidden

    def unhide(self, message_ids: frozenset[str]) -> None:
        """Bring back what :meth:`hide` took out, at its old place."""
        self._hidden -= message_ids
