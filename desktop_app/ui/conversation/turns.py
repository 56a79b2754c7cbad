"""Which messages of a branch belong together: what a person asked, and all that answers it."""

from collections.abc import Sequence

from desktop_app.domain.message import Message, Role


def turn_with(messages: Sequence[Message], message_id: str) -> Sequence[Message]:
    """Return the turn that a message belongs to; empty when it is not among ``messages``.

    The rest of an answer, which the program asked for, belongs to the turn of its first part.
    """
    # From the end, where what is asked for mostly stands.
    last = len(messages) - 1
    position = next((i for i in range(last, -1, -1) if messages[i].id == message_id), None)
    if position is None:
        return ()
    start = position
    while start > 0 and not _begins_turn(messages[start]):
        start -= 1
    end = start + 1
    while end < len(messages) and not _begins_turn(messages[end]):
        end += 1
    return messages[start:end]


def _begins_turn(message: Message) -> bool:
    return message.role is Role.USER and not message.is_continuation
