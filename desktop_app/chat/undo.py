"""What was done and can be undone, the last first. Knows nothing of what the deeds are about."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DEEDS_KEPT: Final = 100


class DeedKind(StrEnum):
    """What was done."""

    DELETE = "delete"
    VERSION = "version"
    RESTORE = "restore"
    EMPTY = "empty"
    DUPLICATE = "duplicate"
    RENAME = "rename"
    MOVE = "move"
    TAG = "tag"
    PIN = "pin"
    UNPIN = "unpin"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    SENDING = "sending"
    """Messages were pinned, left out, or neither any more."""
    SUMMARY = "summary"
    """A summary was put in the place of messages, changed or taken away."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done, with the way back and the way there again.

    Either may be taken a second time after it failed half-way: both lead to a state, not by a step.

    Attributes:
        kind: What it was.
        ids: The conversations it was done to, or made.
        undo: Brings back what was before.
        redo: Does it again, after it was undone.
    """

    kind: DeedKind
    ids: tuple[str, ...]
    undo: Callable[[], Awaitable[None]]
    redo: Callable[[], Awaitable[None]]


class UndoStack:
    """The deeds of this run, for undo and redo; one runs at a time, in the order of the asking."""

    def __init__(self) -> None:
        self._done: list[Deed] = []
        self._undone: list[Deed] = []
        self._lock = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def last(self) -> Deed | None:
        """What :meth:`undo` would undo."""
        return self._done[-1] if self._done else None

    @property
    def can_redo(self) -> bool:
        """Whether something was undone, and nothing new done since."""
        return bool(self._undone)

    @asynccontextmanager
    async def doing(self) -> AsyncIterator[Callable[[Deed], None]]:
        """Wait for one's turn to do something; gives what notes a deed once it is done."""
        async with self._lock:
            yield self._note

    async def undo(self) -> Deed | None:
        """Undo the last deed and return it; ``None`` when there is none.

        Raises:
            StoreError: When the database refuses; the deed is then still the last.
        """
        async with self._lock:
            if not self._done:
                return None
            deed = self._done[-1]
            await deed.undo()
            self._move(deed, self._done, self._undone)
            return deed

    async def redo(self) -> Deed | None:
        """Do again what was undone last and return it; ``None`` when there is nothing.

        Raises:
            StoreError: When the database refuses; it can then be tried again.
        """
        async with self._lock:
            if not self._undone:
                return None
            deed = self._undone[-1]
            await deed.redo()
            self._move(deed, self._undone, self._done)
            return deed

    def forget(self, ids: Collection[str]) -> None:
        """Drop the deeds that were done to none but ``ids``, which are gone for good."""
        self._done = [deed for deed in self._done if not set(deed.ids) <= set(ids)]
        self._undone = [deed for deed in self._undone if not set(deed.ids) <= set(ids)]
        self._announce()

    def clear(self) -> None:
        """Drop all deeds: what they were done to is not what is stored now."""
        self._done.clear()
        self._undone.clear()
        self._announce()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when what can be undone or redone has changed."""
        self._listeners.append(listener)

    def _note(self, deed: Deed) -> None:
        self._done.append(deed)
        del self._done[:-DEEDS_KEPT]
        self._undone.clear()
        self._announce()

    def _move(self, deed: Deed, source: list[Deed], target: list[Deed]) -> None:
        # It may have been forgotten while it ran.
        if deed in source:
            source.remove(deed)
            target.append(deed)
        self._announce()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
