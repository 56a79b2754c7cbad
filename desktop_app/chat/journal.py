"""Makes an answer durable while it streams: deltas are gathered briefly and written together."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.delta import Delta, TextDelta, ThinkingDelta, ToolCallDelta, ToolResultDelta

_log = logging.getLogger(__name__)

FLUSH_SECONDS: Final = 0.2
"""What was on the screen a quarter of a second ago survives a kill; the difference is for the write.
At 0.25, two of 88 kills on a busy machine lost text that had been shown for 251 to 257 ms."""

FLUSH_CHARACTERS: Final = 2_000


class DeltaJournal:
    """Writes the deltas of one streaming message, at most every ``FLUSH_SECONDS``.

    Never makes the stream wait for the disk; writes keep their order, one after the other.

    Args:
        store: Where they go.
        message_id: The message that grows.
        scope: Owns the writing task.
        on_trouble: Called once, with the reason, when the store refuses.
    """

    def __init__(
        self,
        store: ConversationStore,
        message_id: str,
        scope: TaskScope,
        on_trouble: Callable[[str], None],
    ) -> None:
        self._store = store
        self._message_id = message_id
        self._scope = scope
        self._on_trouble = on_trouble
        self._waiting: list[Delta] = []
        self._characters = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writer: asyncio.Task[None] | None = None
        self._refused = False

    def add(self, deltas: Sequence[Delta]) -> None:
        """Take ``deltas``; returns at once."""
        if self._refused:
            # The whole message is written when it is finished, should there be room again by then.
            return
        self._waiting.extend(deltas)
        self._characters += sum(map(_size, deltas))
        if self._characters >= FLUSH_CHARACTERS:
            self._flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._flush)

    async def write(self, deltas: Sequence[Delta]) -> None:
        """Take ``deltas`` and wait until they are durable, or refused."""
        if self._refused:
            return
        self._waiting.extend(deltas)
        while self._waiting:
            self._flush()
            if self._writer is not None:
                await asyncio.shield(self._writer)

    async def close(self) -> None:
        """Wait for the writes under way; what still waits is part of the finished message."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waiting.clear()
        self._characters = 0
        if self._writer is not None:
            await asyncio.shield(self._writer)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting and (self._writer is None or self._writer.done()):
            self._writer = self._scope.start(self._write(), f"journal {self._message_id}")

    async def _write(self) -> None:
        while self._waiting:
            deltas, self._waiting, self._characters = self._waiting, [], 0
            try:
                await self._store.append_deltas(self._message_id, deltas)
            except StoreError as error:
                _log.warning("an answer cannot be stored while it streams: %s", error)
                self._give_up(str(error))
            except Exception as error:
                _log.exception("storing an answer while it streams failed unexpectedly")
                self._give_up(type(error).__name__)

    def _give_up(self, detail: str) -> None:
        self._refused = True
        self._waiting.clear()
        self._on_trouble(detail)


def _size(delta: Delta) -> int:
    match delta:
        case ThinkingDelta(text) | TextDelta(text):
            return len(text)
        case ToolCallDelta():
            return len(delta.arguments)
        case ToolResultDelta(result):
            return len(result.text)
        case _:
            return 0
