"""What of one conversation is in the store, and what still waits to get there.

Writes are made one after the other, in the order in which things happened. What the store refuses
is not given up: it goes along with the next write, so that a disk with room again gets everything.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message

_log = logging.getLogger(__name__)


class Ledger:
    """Keeps one conversation in ``store``.

    The methods that note something return at once; ``write`` brings all that was noted to the disk.

    Args:
        store: Where it is kept.
        conversation: As it is stored by now.
        on_trouble: Called with the reason when the store refuses, once for each new message that is
            noted, however often it refuses after that.
    """

    def __init__(
        self,
        store: ConversationStore,
        conversation: Conversation,
        on_trouble: Callable[[str], None],
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._changed = False
        self._new: dict[str, Message] = {}
        self._final: dict[str, Message] = {}
        self._wishes: dict[str, Message] = {}
        self._on_trouble = on_trouble
        self._trouble_told = False
        self._lock = asyncio.Lock()

    def note_new(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Take messages that are not stored yet, and the conversation whose head is the last."""
        self._conversation = conversation
        self._new.update((message.id, message) for message in messages)
        self._trouble_told = False

    def note_final(self, message: Message) -> None:
        """Take the final form of a message that was noted before."""
        waiting = self._new if message.id in self._new else self._final
        waiting[message.id] = message

    def note_conversation(self, conversation: Conversation) -> None:
        """Take a conversation that changed without a new message."""
        self._conversation = conversation
        self._changed = True

    def note_wishes(self, messages: Sequence[Message]) -> None:
        """Take messages of which something else is wanted in later requests."""
        for message in messages:
            for waiting in (self._new, self._final, self._wishes):
                if message.id in waiting or waiting is self._wishes:
                    waiting[message.id] = message
                    break
        self._trouble_told = False

    def holds(self, message_id: str) -> bool:
        """Whether the store has the message, in whatever form; true of those never noted too."""
        return message_id not in self._new

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits."""
        return not (self._new or self._final or self._wishes or self._changed)

    async def write(self) -> None:
        """Bring everything that waits to the store; a refusal is told and ends nothing."""
        async with self._lock:
            try:
                await self._write_new()
                await self._write_final()
                await self._write_wishes()
            except StoreError as error:
                _log.warning("a conversation cannot be stored: %s", error)
                self.tell_trouble(str(error))
            except Exception as error:
                _log.exception("storing a conversation failed unexpectedly")
                self.tell_trouble(type(error).__name__)

    def tell_trouble(self, detail: str) -> None:
        """Pass on that something could not be stored, unless that was said already."""
        if not self._trouble_told:
            self._trouble_told = True
            self._on_trouble(detail)

    async def _write_new(self) -> None:
        conversation = self._conversation
        written = dict(self._new)
        if written:
            await self._store.add_messages(conversation, tuple(written.values()))
        elif self._changed:
            await self._store.save_conversation(conversation)
        for message_id, message in written.items():
            latest = self._new.pop(message_id)
            # It became final while the store was busy with its beginning.
            if latest is not message:
                self._final[message_id] = latest
        self._changed = self._changed and self._conversation is not conversation

    async def _write_final(self) -> None:
        while self._final:
            message_id, message = next(iter(self._final.items()))
            await self._store.finish_message(message)
            del self._final[message_id]

    async def _write_wishes(self) -> None:
        written = dict(self._wishes)
        if written:
            await self._store.save_wishes(tuple(written.values()))
        for message_id, message in written.items():
            if self._wishes[message_id] is message:
                del self._wishes[message_id]
