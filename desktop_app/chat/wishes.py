"""What a person wants of messages in later requests: pinned, left out, or a summary in their place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop_app.chat.events import WishesChanged
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.domain.message import Message, Sending
from desktop_app.domain.text import storable


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of one message; see :class:`~desktop_app.domain.message.Message`."""

    sending: Sending = Sending.AUTO
    summary: str = ""


def wish_of(message: Message) -> Wish:
    """Return what is wanted of ``message``."""
    return Wish(message.sending, message.summary)


class Wishes:
    """Changes what is wanted of the messages of an open conversation, and stores it.

    Args:
        desk: Whose messages they are.
    """

    def __init__(self, desk: OpenConversation) -> None:
        self._desk = desk

    def apply(self, wanted: Mapping[str, Wish]) -> Mapping[str, Wish]:
        """Want this from now on, by message id; return what was wanted before where it changed.

        A message that is unknown or still grows is passed over.
        """
        before: dict[str, Wish] = {}
        changed: list[Message] = []
        for message_id, wish in wanted.items():
            message = self._desk.branches.known(message_id)
            if message is None or not message.is_final:
                continue
            summary = storable(wish.summary).strip()
            after = replace(message, sending=wish.sending, summary=summary)
            if after != message:
                before[message_id] = wish_of(message)
                changed.append(after)
        for message in changed:
            self._desk.branches.replace(message)
        if changed:
            self._desk.ledger.note_wishes(changed)
            self._desk.saves.start(self._desk.ledger.write(), "save wishes")
            self._desk.emit(WishesChanged(tuple(changed)))
        return before
