"""A message that grows, an answer's or that of its tools: stored from its beginning to its end."""

import asyncio
from collections.abc import Sequence

from desktop_app.chat.journal import DeltaJournal
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.domain.delta import Delta
from desktop_app.domain.message import Message


class GrowingMessage:
    """Keeps the last message of the branch while it grows.

    Args:
        message_id: Which one; the conversation has begun it.
        desk: Where it is shown and kept.
    """

    def __init__(self, message_id: str, desk: OpenConversation) -> None:
        self._id = message_id
        self._desk = desk
        self._journal = DeltaJournal(desk.store, message_id, desk.saves, desk.ledger.tell_trouble)
        self._journals = False

    async def begin(self) -> None:
        """Wait until it is stored as it is, or refused; Stop ends the waiting, not the write."""
        ledger = self._desk.ledger
        await asyncio.shield(self._desk.saves.start(ledger.write(), f"begin {self._id}"))
        # Deltas that are kept from the middle on would be a wrong text after a crash.
        self._journals = ledger.holds(self._id)

    def grow(self, deltas: Sequence[Delta]) -> None:
        """Show ``deltas``, and have them stored a moment later; returns at once."""
        if self._journals:
            self._journal.add(deltas)
        self._desk.grow(self._id, tuple(deltas))

    async def store_and_grow(self, deltas: Sequence[Delta]) -> None:
        """Show ``deltas`` once they are stored, or refused."""
        if self._journals:
            await self._journal.write(deltas)
        self._desk.grow(self._id, tuple(deltas))

    async def save(self, message: Message) -> None:
        """Store the final form, after everything that was written while it grew."""
        await self._journal.close()
        self._desk.ledger.note_final(message)
        await self._desk.ledger.write()
