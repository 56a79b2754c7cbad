"""Messages of one conversation that were written while an answer was on its way."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from desktop_app.chat.drafts import Drafts
from desktop_app.chat.events import Event, MessageFinished
from desktop_app.chat.session import ChatSession
from desktop_app.domain.draft import Queued
from desktop_app.domain.message import MessageState


class Outbox:
    """Sends what waits, one message after each whole answer, in the order of writing.

    After an answer that failed or was stopped, and after a restart, everything waits for the
    person: what comes next may read differently now.

    Args:
        session: Whose messages they are.
        drafts: Where they are kept until they are sent.
    """

    def __init__(self, session: ChatSession, drafts: Drafts) -> None:
        self._session = session
        self._drafts = drafts
        self._id = session.conversation.id
        self._held = bool(self.waiting)
        self._listeners: list[Callable[[], None]] = []
        session.subscribe(self._on_event)

    @property
    def waiting(self) -> tuple[Queued, ...]:
        """What waits, the first to be sent first."""
        return self._drafts.of(self._id).queue

    @property
    def is_held(self) -> bool:
        """Whether it waits for the person rather than for an answer."""
        return self._held and bool(self.waiting)

    def submit(self, text: str) -> bool:
        """Send ``text``, or let it wait for the answer that is on its way; ``False`` does neither."""
        if not text.strip():
            return False
        message = Queued(text)
        if self._session.is_busy:
            self._keep((*self.waiting, message))
            return True
        return self._send(message)

    def edit(self, message_id: str, text: str) -> bool:
        """Ask ``text`` in place of a message, as the session does; it is kept until it is stored."""
        message = Queued(text)
        if not self._session.edit(message_id, text, message.id):
            return False
        self._drafts.note_sent(self._id, message)
        return True

    def rewrite(self, message_id: str, text: str) -> None:
        """Give a message that waits another text; a blank one removes it."""
        if not text.strip():
            self.remove(message_id)
            return
        self._keep(
            tuple(
                replace(message, text=text) if message.id == message_id else message
                for message in self.waiting
            )
        )

    def remove(self, message_id: str) -> None:
        """Take a message out of what waits."""
        self._keep(tuple(message for message in self.waiting if message.id != message_id))

    def send(self) -> bool:
        """Send the first message now and the others after it; ``False`` when nothing can be sent."""
        if self._session.is_busy or not self.waiting:
            return False
        self._held = False
        return self._send_first()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when what waits, or what it waits for, changes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, MessageFinished) or not self.waiting:
            return
        if event.message.state is not MessageState.COMPLETE:
            self._held = True
            self._announce()
        elif not self._held:
            # Only after everybody has heard that the answer is whole.
            asyncio.get_running_loop().call_soon(self._send_first)

    def _send_first(self) -> bool:
        if self._held or not self.waiting:
            return False
        sent = self._send(self.waiting[0])
        if not sent and not self._session.is_busy:
            self._held = True
            self._announce()
        return sent

    def _send(self, message: Queued) -> bool:
        if not self._session.send(message.text, message.id):
            return False
        self._drafts.note_sent(self._id, message)
        self._keep(tuple(item for item in self.waiting if item.id != message.id))
        return True

    def _keep(self, queue: tuple[Queued, ...]) -> None:
        draft = self._drafts.of(self._id)
        self._held = self._held and bool(queue)
        if queue != draft.queue:
            self._drafts.keep(self._id, replace(draft, queue=queue), at_once=True)
            self._announce()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
