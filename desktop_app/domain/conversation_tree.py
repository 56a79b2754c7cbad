"""A whole conversation: every message of its tree, whichever branch is shown. Pure; changes nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Message


class TreeError(ValueError):
    """Messages that are no tree: an id twice, a parent that does not stand before its child ..."""


def own_source(conversation_id: str) -> str:
    """Return the source of what was copied from a conversation of this program."""
    return f"interleave:{conversation_id}"


@dataclass(frozen=True, slots=True)
class ConversationTree:
    """What a conversation consists of, to be taken elsewhere and back.

    Attributes:
        conversation: Everything but its messages.
        messages: All of them, in the order of their making: a parent stands before its children.
        exchanges: What is kept of what went over the wire for them, the oldest of a message first.
        source: Where it was brought from, such as ``chatgpt:ID``; empty when it was begun here
            or is the very conversation that was exported.
    """

    conversation: Conversation
    messages: tuple[Message, ...] = ()
    exchanges: tuple[ExchangeRecord, ...] = ()
    source: str = ""

    @property
    def branch(self) -> tuple[Message, ...]:
        """The branch that is shown: from the first message to the conversation's head."""
        by_id = {message.id: message for message in self.messages}
        branch: list[Message] = []
        next_id = self.conversation.head
        while next_id is not None and (message := by_id.pop(next_id, None)) is not None:
            branch.append(message)
            next_id = message.parent
        return tuple(reversed(branch))

    @property
    def branch_count(self) -> int:
        """How many messages have none below them: the ways through the conversation."""
        parents = {message.parent for message in self.messages}
        return sum(message.id not in parents for message in self.messages)

    def check(self) -> None:
        """Look whether the messages are a tree and the rest belongs to them.

        Raises:
            TreeError: When they are not.
        """
        known: set[str] = set()
        for message in self.messages:
            if message.id in known:
                raise TreeError(f"the message {message.id!r:.60} stands there twice")
            if message.parent is not None and message.parent not in known:
                raise TreeError(f"the message {message.id!r:.60} stands before the one it answers")
            known.add(message.id)
        head = self.conversation.head
        if head is not None and head not in known:
            raise TreeError("the message that is shown last is missing")
        if any(record.message_id not in known for record in self.exchanges):
            raise TreeError("an exchange belongs to no message")
        twice = [key for key, count in Counter(r.id for r in self.exchanges).items() if count > 1]
        if twice:
            raise TreeError(f"the exchange {twice[0]!r:.60} stands there twice")

    def with_new_ids(self, new_id: Callable[[], str]) -> "ConversationTree":
        """Return the same conversation as a copy: nothing in it has an id that it had before.

        It is still known where it came from.
        """
        ids = {message.id: new_id() for message in self.messages}
        conversation = self.conversation
        return ConversationTree(
            conversation=replace(
                conversation,
                id=new_id(),
                head=None if conversation.head is None else ids[conversation.head],
            ),
            messages=tuple(
                replace(
                    message,
                    id=ids[message.id],
                    parent=None if message.parent is None else ids[message.parent],
                )
                for message in self.messages
            ),
            exchanges=tuple(
                replace(record, id=new_id(), message_id=ids[record.message_id])
                for record in self.exchanges
            ),
            source=self.source or own_source(conversation.id),
        )
