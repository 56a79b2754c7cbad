"""Bringing conversations in: what a file turned out to hold, why one is refused, and the storing.

How files are read is a matter of :mod:`desktop_app.importers`, which is handed in.
"""

import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from desktop_app.chat.background import DaemonThread
from desktop_app.chat.library import Library
from desktop_app.chat.ports import ConversationStore, Imported
from desktop_app.domain.conversation_tree import ConversationTree, own_source

DEADLINE_SECONDS: Final = 600.0


class ImportProblem(StrEnum):
    """Why a file is refused."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    BAD_ZIP = "bad_zip"
    ENCRYPTED = "encrypted"
    BAD_ENCODING = "bad_encoding"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    WEB_PAGE = "web_page"
    DATABASE = "database"
    UNKNOWN = "unknown"
    RAW_BACKUP = "raw_backup"
    NEWER = "newer"
    DAMAGED = "damaged"
    NOTHING = "nothing"
    TOO_LONG = "too_long"


class ImportRefusedError(Exception):
    """A file cannot be brought in; nothing was."""

    def __init__(self, problem: ImportProblem, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {detail}" if detail else problem.value)
        self.problem = problem
        self.detail = detail


class ImportCancelledError(Exception):
    """The person does not want it any more."""


class LeftOut(StrEnum):
    """What a file has and a conversation here cannot hold, or should not."""

    PICTURES = "pictures"
    FILES = "files"
    HIDDEN = "hidden"
    UNKNOWN_PARTS = "unknown_parts"
    DAMAGED = "damaged"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """What a file holds.

    Attributes:
        format: Name of the format, as a person knows it.
        trees: The conversations, as the file has them.
        left_out: What is not in them, with how many of it.
    """

    format: str
    trees: tuple[ConversationTree, ...]
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)


class Watch:
    """Follows a piece of work from another thread: how far it is, and whether to end it.

    Args:
        deadline: Seconds that it may take.
    """

    def __init__(self, deadline: float = DEADLINE_SECONDS) -> None:
        self._cancelled = threading.Event()
        self._end = time.monotonic() + deadline
        self.share = 0.0
        """How much of it is done, from 0 to 1."""

    def cancel(self) -> None:
        """End it as soon as it looks here."""
        self._cancelled.set()

    def look(self, share: float | None = None) -> None:
        """Say how far the work is; called by it every now and then.

        Raises:
            ImportCancelledError: When it is to end.
            ImportRefusedError: When it takes too long.
        """
        if share is not None:
            self.share = share
        if self._cancelled.is_set():
            raise ImportCancelledError
        if time.monotonic() > self._end:
            raise ImportRefusedError(ImportProblem.TOO_LONG)


Reader = Callable[[Path, Watch], ImportBatch]
"""Reads a file; blocks. Raises ``ImportRefusedError`` and ``ImportCancelledError``."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation that could be brought in.

    Attributes:
        tree: It.
        is_known: Whether it is here already, from the same source.
    """

    tree: ConversationTree
    is_known: bool


class Importing:
    """Reads files and puts what is chosen of them into ``store``.

    Args:
        store: Where conversations are kept.
        library: The list that shows them.
        read: Reads a file of any known format.
        default_model: Says with which model a conversation from elsewhere is continued: its own
            does not exist here.
        back_up: Makes a copy to go back to before anything is stored; ``None`` where none can be.
    """

    def __init__(
        self,
        store: ConversationStore,
        library: Library,
        read: Reader,
        default_model: Callable[[], str],
        back_up: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._store, self._library, self._read = store, library, read
        self._default_model = default_model
        self._back_up = back_up

    async def preview(self, path: Path, watch: Watch) -> tuple[ImportBatch, tuple[Candidate, ...]]:
        """Read ``path`` in a thread of its own and say what is in it; nothing is stored.

        Raises:
            ImportRefusedError: When it cannot be brought in.
            ImportCancelledError: When ``watch`` was told so.
            StoreError: When the database refuses.
        """
        thread = DaemonThread("import")
        try:
            batch = await thread.run(partial(self._read, path, watch))
        finally:
            watch.cancel()  # whoever stopped waiting wants no more of it
            thread.end()
        listed = (*self._library.conversations, *self._library.archived)
        here = {conversation.id for conversation in listed}
        here |= {*await self._store.list_sources()}
        return batch, tuple(Candidate(tree, bool(_names(tree) & here)) for tree in batch.trees)

    async def store(self, trees: Sequence[ConversationTree], watch: Watch) -> Imported:
        """Store ``trees``, all or none, and show them in the list.

        Raises:
            ImportCancelledError: When ``watch`` was told so; nothing was stored.
            StoreError: When the database refuses; nothing was stored.
        """
        total = max(1, len(trees))
        if self._back_up is not None:
            await self._back_up()
        imported = await self._store.import_conversations(
            [self._continued_here(tree) for tree in trees],
            lambda done: watch.look(done / total),
        )
        await self._library.load()
        return imported

    async def undo(self, imported: Imported) -> None:
        """Move what was brought in to the trash.

        Raises:
            StoreError: When the database refuses.
        """
        await self._library.delete_several(imported.conversation_ids)

    def _continued_here(self, tree: ConversationTree) -> ConversationTree:
        conversation = tree.conversation
        if not conversation.model:
            conversation = replace(conversation, model=self._default_model())
        return replace(tree, conversation=conversation)


def _names(tree: ConversationTree) -> set[str]:
    """Return what a conversation would be called here, were it here already."""
    return {tree.conversation.id, tree.source or own_source(tree.conversation.id)}
