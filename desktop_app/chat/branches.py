"""The branch of a conversation that is shown, and what this run knows of the others.

No task, no event and nothing to write: the session decides what happens, this keeps what there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.domain.message import Message, Role
from desktop_app.domain.tree import Tree, TreeNode


@dataclass(frozen=True, slots=True)
class Versions:
    """Where a message stands among those that could stand in its place.

    Attributes:
        ids: All of them, the oldest first.
        position: Which one it is, counted from 0.
    """

    ids: tuple[str, ...]
    position: int

    @property
    def previous(self) -> str | None:
        """The id of the version made before it."""
        return self.ids[self.position - 1] if self.position else None

    @property
    def next(self) -> str | None:
        """The id of the version made after it."""
        following = self.position + 1
        return self.ids[following] if following < len(self.ids) else None


class Branches:
    """The messages of one conversation, as far as they were seen in this run.

    A message that was seen stays in memory, so that one that could not be stored is not lost by
    looking at another branch.

    Args:
        conversation_id: Whose they are.
        messages: The branch that is shown, oldest first.
        outline: The whole tree; what of ``messages`` is missing there is added.
        store: Where branches are read that were not seen yet.
    """

    def __init__(
        self,
        conversation_id: str,
        messages: Sequence[Message],
        outline: Sequence[TreeNode],
        store: ConversationStore,
    ) -> None:
        self._conversation_id = conversation_id
        self._store = store
        self._tree = Tree(outline)
        self._known = {message.id: message for message in messages}
        self._shown = list(messages)
        known: set[str] = set()
        for message in messages:
            # Of a damaged file a branch may begin in the middle.
            parent = message.parent if message.parent in known else None
            self._tree.add(TreeNode(message.id, parent))
            known.add(message.id)

    @property
    def shown(self) -> tuple[Message, ...]:
        """The branch that is shown, oldest first."""
        return tuple(self._shown)

    @property
    def last(self) -> Message | None:
        """The message that ends it."""
        return self._shown[-1] if self._shown else None

    def place_of(self, message_id: str) -> int | None:
        """Return how many messages stand before it in the branch that is shown."""
        # From the end, where what is asked for mostly stands.
        for place in range(len(self._shown) - 1, -1, -1):
            if self._shown[place].id == message_id:
                return place
        return None

    def first_of_answer(self, message_id: str) -> str | None:
        """Return the first of the shown messages that answer the same question as this one.

        An answer with tools is many messages, and its versions are those of the first of them.
        ``None`` for what a person wrote, and for what is not shown.
        """
        place = self.place_of(message_id)
        if place is None or self._shown[place].role is Role.USER:
            return None
        while place and self._shown[place - 1].role is not Role.USER:
            place -= 1
        return self._shown[place].id

    def known(self, message_id: str) -> Message | None:
        """Return a message that was seen in this run, on whatever branch."""
        return self._known.get(message_id)

    def versions(self, message_id: str) -> Versions:
        """Return the versions of a message.

        Raises:
            KeyError: When it is unknown.
        """
        ids = self._tree.versions(message_id)
        return Versions(ids, ids.index(message_id))

    def way_through(self, message_id: str) -> tuple[str, ...]:
        """Return the branch through a message that was added to last, as ids; empty without it."""
        if message_id not in self._tree:
            return ()
        return self._tree.path(self._tree.newest_leaf(message_id))

    def way_without(self, message_id: str) -> tuple[str, ...]:
        """Return the branch to show once a message and all below it are gone.

        That is its next version, else the one before, else what stood above it. Where it is not
        shown, the branch stays as it is.
        """
        if self.place_of(message_id) is None:
            return tuple(message.id for message in self._shown)
        versions = self.versions(message_id)
        if (other := versions.next or versions.previous) is not None:
            return self.way_through(other)
        return self._tree.path(message_id)[:-1]

    def hangs(self, message_id: str) -> bool:
        """Whether what stands above a message is there, so that it can come back."""
        return all(above in self._tree for above in self._tree.path(message_id)[:-1])

    def add(self, message: Message) -> None:
        """Put a new message at the end of the branch that is shown."""
        self._known[message.id] = message
        self._shown.append(message)
        self._tree.add(TreeNode(message.id, message.parent))

    def replace(self, message: Message) -> None:
        """Take the newer form of a message."""
        self._known[message.id] = message
        if (place := self.place_of(message.id)) is not None:
            self._shown[place] = message

    def drop_last(self) -> Message:
        """Take the last message out of the branch that is shown; it stays known."""
        return self._shown.pop()

    def has(self, way: Sequence[str]) -> bool:
        """Whether every message of ``way`` was seen already, so that it can be shown at once."""
        return all(message_id in self._known for message_id in way)

    async def load(self, way: Sequence[str]) -> None:
        """Read what is missing of ``way``.

        Raises:
            StoreError: When the store refuses, or does not have it any more.
        """
        missing = [message_id for message_id in way if message_id not in self._known]
        if not missing:
            return
        # What could not be stored hangs on what could, and was seen: so what is missing is all in
        # the store, above the last of it.
        for message in await self._store.load_branch(self._conversation_id, missing[-1]):
            self._known.setdefault(message.id, message)
        if not self.has(way):
            raise StoreError("This version is not in the file for conversations any more.")

    async def read_through(self, message_id: str) -> None:
        """Read the branch through a message that was added to last, so that it can be shown.

        Raises:
            StoreError: When the store refuses, or does not have it any more.
        """
        await self.load(self.way_through(message_id))

    async def read_versions(self, message_id: str) -> tuple[Message, ...]:
        """Return all versions of a message, the oldest first, reading what was not seen yet.

        A version that goes on with tools is returned as one message with all that it came to.

        Raises:
            StoreError: When the store refuses, or does not have one any more.
            KeyError: When the message is unknown.
        """
        return tuple([await self._read_answer(it) for it in self._tree.versions(message_id)])

    async def _read_answer(self, first_id: str) -> Message:
        """Return a message, joined with the rounds that follow it on its newest branch."""
        way = self._tree.path(self._tree.newest_leaf(first_id))
        place = way.index(first_id)
        await self.load(way[: place + 1])
        answer = [self._known[first_id]]
        for end in range(place + 2, len(way) + 1):
            if not (answer[-1].tool_calls or answer[-1].role is Role.TOOL):
                break
            await self.load(way[:end])
            following = self._known[way[end - 1]]
            if following.role is Role.USER:
                break
            answer.append(following)
        parts = tuple(part for message in answer for part in message.parts)
        return replace(answer[0], parts=parts, state=answer[-1].state, error=answer[-1].error)

    def show(self, way: Sequence[str]) -> tuple[int, str]:
        """Show the branch ``way``.

        Returns:
            How many of its messages, from the first, were shown before, and the id of the message
            that stood after these.
        """
        messages = [self._known[message_id] for message_id in way]
        kept = 0
        for message, shown in zip(messages, self._shown, strict=False):
            if message.id != shown.id:
                break
            kept += 1
        replaced = self._shown[kept].id if kept < len(self._shown) else ""
        self._shown = messages
        return kept, replaced

    def hide(self, message_id: str) -> frozenset[str]:
        """Forget that there is a message, with all below it, until ``unhide``."""
        return self._tree.hide(message_id)

    def unhide(self, hidden: frozenset[str]) -> None:
        """Know again of what ``hide`` returned."""
        self._tree.unhide(hidden)
