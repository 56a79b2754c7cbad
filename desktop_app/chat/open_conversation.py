"""An open conversation as it is shown, stored and told: everything but what is being done with it.

A session and its turn both change it; neither of them knows how it gets to the disk or the screen.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial

from desktop_app.chat.branches import Branches
from desktop_app.chat.events import (
    ConversationChanged,
    DeltasArrived,
    Event,
    MessageAdded,
    MessageFinished,
    Status,
    StatusChanged,
    StorageTrouble,
)
from desktop_app.chat.ledger import Ledger
from desktop_app.chat.ports import ConversationStore
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta
from desktop_app.domain.message import Message
from desktop_app.domain.tree import TreeNode

_log = logging.getLogger(__name__)


class OpenConversation:
    """What is shown of a conversation, and whoever watches it.

    Args:
        conversation: What it is about.
        messages: The branch that is shown, oldest first.
        outline: The tree of all messages.
        store: Where it is kept.
    """

    def __init__(
        self,
        conversation: Conversation,
        messages: Sequence[Message],
        outline: Sequence[TreeNode],
        store: ConversationStore,
    ) -> None:
        self.store = store
        self.branches = Branches(conversation.id, messages, outline, store)
        self.saves = TaskScope()
        self.ledger = Ledger(store, conversation, lambda why: self.emit(StorageTrouble(why)))
        self.status = Status()
        self._conversation = conversation
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands."""
        return self._conversation

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with every event; returns how to stop that."""
        self._listeners.append(listener)
        return partial(self._unsubscribe, listener)

    def forget_listeners(self) -> None:
        """Tell nobody any more."""
        self._listeners.clear()

    def show(self, message: Message) -> None:
        """Put a message at the end of the branch; nothing is stored yet."""
        self.branches.add(message)
        self.emit(MessageAdded(message))

    def title(self, title: str) -> None:
        """Give the conversation a title together with its next message."""
        self._conversation = replace(self._conversation, title=title)

    def begin(self, message: Message, before: tuple[Message, ...] = ()) -> None:
        """Put a message that is going to grow at the end of the branch, and store it as it is.

        Args:
            message: Streaming.
            before: What is shown above it and not stored yet.
        """
        self._conversation = replace(
            self._conversation, head=message.id, updated_at=message.created_at
        )
        self.ledger.note_new(self._conversation, (*before, message))
        self.emit(ConversationChanged(self._conversation))
        self.show(message)

    def grow(self, message_id: str, deltas: tuple[Delta, ...]) -> None:
        """Tell that a message grew."""
        self.emit(DeltasArrived(message_id, deltas))

    def finish(self, message: Message, save: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Show the final form of a message, and let ``save`` store it; returns that task.

        Nothing cancels it, however often Stop is pressed.
        """
        self.branches.replace(message)
        saving = self.saves.start(save, f"save {message.id}")
        self.emit(MessageFinished(message))
        return saving

    def change(self, conversation: Conversation) -> None:
        """Take another form of everything but the messages, and store it."""
        if conversation == self._conversation:
            return
        self._conversation = conversation
        self.emit(ConversationChanged(conversation))
        # One that has no message yet is stored with its first.
        if self.branches.last is not None:
            self.ledger.note_conversation(conversation)
            self.saves.start(self.ledger.write(), "save conversation")

    def set_status(self, status: Status) -> None:
        """Say what is done from now on."""
        before, self.status = self.status, status
        # The time of the last data is read by the status line's own clock, not announced.
        if (status.phase, status.tool, status.round) != (before.phase, before.tool, before.round):
            self.emit(StatusChanged(status))

    def emit(self, event: Event) -> None:
        """Tell everybody who watches."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                # Whoever watches must not be able to end an answer or to keep it from being stored.
                _log.exception("a listener failed on %s", type(event).__name__)

    def _unsubscribe(self, listener: Callable[[Event], None]) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)
