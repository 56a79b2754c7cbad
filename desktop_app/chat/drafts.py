"""What is unsent in every conversation, kept in memory and, a moment later, in the store."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final

from desktop_app.chat.ports import DraftStore, StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.draft import Draft, Queued

_log = logging.getLogger(__name__)

WRITE_SECONDS: Final = 1.0
"""What was typed this long ago survives a kill."""


class Drafts:
    """The drafts of all conversations, those that are not stored yet among them.

    Args:
        store: Where they are kept; ``None`` keeps them for this run.
        holds_message: Says of a conversation and a message whether that is stored.
    """

    def __init__(self, store: DraftStore | None, holds_message: Callable[[str, str], bool]) -> None:
        self._store = store
        self._holds_message = holds_message
        self._drafts: dict[str, Draft] = {}
        self._sent: dict[str, tuple[Queued, ...]] = {}
        self._changed: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._scope = TaskScope()
        self._lock = asyncio.Lock()

    @property
    def conversations(self) -> frozenset[str]:
        """The ids of the conversations in which something is unsent."""
        return frozenset(
            key for key, draft in self._drafts.items() if draft.text.strip() or draft.queue
        )

    async def load(self) -> None:
        """Read what earlier runs left; what was written in this one stays.

        Raises:
            StoreError: When the database refuses.
        """
        if self._store is not None:
            self._drafts = {**await self._store.load_drafts(), **self._drafts}
            self._announce()

    def of(self, conversation_id: str) -> Draft:
        """Return what is unsent in a conversation."""
        return self._drafts.get(conversation_id, Draft())

    def newest_without(self, conversation_ids: Collection[str]) -> str:
        """Return the id of the draft written last whose conversation is none of these, or empty."""
        ids = (key for key, draft in self._drafts.items() if not draft.is_empty)
        return next((key for key in ids if key not in conversation_ids), "")

    def keep(self, conversation_id: str, draft: Draft, *, at_once: bool = False) -> None:
        """Keep ``draft`` in place of what was; it is stored ``at_once``, or after a second."""
        if draft == self.of(conversation_id):
            return
        before = self.conversations
        self._drafts[conversation_id] = draft
        self._changed.add(conversation_id)
        if at_once:
            self._write_now()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WRITE_SECONDS, self._write_now)
        if self.conversations != before:
            self._announce()

    def note_sent(self, conversation_id: str, message: Queued) -> None:
        """Keep ``message``, which was just sent, until it is stored as part of its conversation."""
        self._sent[conversation_id] = (*self._sent.get(conversation_id, ()), message)
        self._changed.add(conversation_id)

    async def flush(self) -> None:
        """Store what is not stored yet; what is refused is tried again with the next change."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        async with self._lock:
            refused: set[str] = set()
            while self._changed:
                conversation_id = self._changed.pop()
                if not await self._write(conversation_id):
                    refused.add(conversation_id)
            self._changed |= refused

    def flush_soon(self) -> None:
        """Begin to store what is not stored yet."""
        if self._changed:
            self._write_now()

    async def close(self) -> None:
        """Store what is not stored yet, and wait for what is being stored."""
        await self._scope.join()
        self._changed |= self._sent.keys()
        await self.flush()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when a conversation gets or loses a draft; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _write_now(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._scope.start(self.flush(), "store drafts")

    async def _write(self, conversation_id: str) -> bool:
        waiting = tuple(
            message
            for message in self._sent.pop(conversation_id, ())
            if not self._holds_message(conversation_id, message.id)
        )
        if waiting:
            # A full disk refused it, or has not answered yet: it must be somewhere.
            self._sent[conversation_id] = waiting
        draft = self.of(conversation_id)
        if self._store is None:
            return True
        try:
            await self._store.save_draft(
                conversation_id, replace(draft, queue=(*waiting, *draft.queue))
            )
        except StoreError as error:
            _log.warning("a draft cannot be stored: %s", error)
            return False
        return True

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
