"""Which messages of a branch belong together: what a person asked, and all that answers it.

An *answer* is what stands between two messages of the person: one message of the model, or one for
each round and the results of tools between them. It is read as one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_app.chat.turns import begins_turn
from desktop_app.domain.message import Message, Role
from desktop_app.ui.conversation.tool_calls import answers_to


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message of the model stands in its answer.

    Attributes:
        answer: All messages of the answer, those of tools too, from the first up to the last.
        follows: Whether another message of the model stands before it in the answer.
        ends: Whether it is the last one of the model.
        results: The results of its calls, as far as they are there.
        is_last: Whether nothing of the model or the person follows it in the branch.
    """

    answer: Sequence[Message] = ()
    follows: bool = False
    ends: bool = True
    results: Message | None = None
    is_last: bool = True


ALONE_IN_TURN = Place()
"""The place of a message by itself."""


def place_in_turn(messages: Sequence[Message], number: int) -> Place:
    """Return where the message ``number`` of a branch stands; its cost is the length of the answer."""
    start = end = number
    while start > 0 and messages[start - 1].role is not Role.USER:
        start -= 1
    while end + 1 < len(messages) and messages[end + 1].role is not Role.USER:
        end += 1
    message = messages[number]
    following = messages[number + 1] if number < end else None
    return Place(
        answer=messages[start : end + 1],
        follows=any(m.role is Role.ASSISTANT for m in messages[start:number]),
        ends=not any(m.role is Role.ASSISTANT for m in messages[number + 1 : end + 1]),
        results=answers_to(message, following),
        is_last=end + 1 == len(messages)
        and not any(m.role is Role.ASSISTANT for m in messages[number + 1 :]),
    )


def number_of(messages: Sequence[Message], message_id: str) -> int | None:
    """Return the number of a message in a branch; ``None`` when it is not there."""
    # From the end, where what is asked for mostly stands.
    last = len(messages) - 1
    return next((i for i in range(last, -1, -1) if messages[i].id == message_id), None)


def turn_with(messages: Sequence[Message], message_id: str) -> Sequence[Message]:
    """Return the turn that a message belongs to; empty when it is not among ``messages``.

    The rest of an answer, which the program asked for, belongs to the turn of its first part.
    """
    position = number_of(messages, message_id)
    if position is None:
        return ()
    start = position
    while start > 0 and not begins_turn(messages[start]):
        start -= 1
    end = start + 1
    while end < len(messages) and not begins_turn(messages[end]):
        end += 1
    return messages[start:end]


def version_shown_at(message: Message, place: Place, count_of: Callable[[str], int]) -> str:
    """Return the message whose versions are shown at ``message``; empty for none.

    The versions of an answer hang on its first message, and people look for them at its end, unless
    a later round was asked for again and has versions of its own there.

    Args:
        message: One of the person or the model.
        place: Where it stands.
        count_of: Says how many versions a message has.
    """
    spoken = [each.id for each in place.answer if each.role is Role.ASSISTANT]
    if message.role is Role.USER or len(spoken) < 2:
        return message.id
    first, last = spoken[0], spoken[-1]
    if message.id not in (first, last):
        return message.id
    ends_alone = count_of(last) < 2
    if message.id == last:
        return first if ends_alone else last
    return "" if ends_alone else first


def answer_with(messages: Sequence[Message], message_id: str) -> Sequence[Message]:
    """Return the messages of the answer that a message belongs to; only itself when it is unknown."""
    number = number_of(messages, message_id)
    if number is None or messages[number].role is Role.USER:
        return () if number is None else messages[number : number + 1]
    return place_in_turn(messages, number).answer


def text_of_answer(answer: Sequence[Message]) -> str:
    """Return the Markdown of all rounds of an answer, parted by blank lines."""
    texts = (m.text.strip("\n") for m in answer if m.role is Role.ASSISTANT)
    return "\n\n".join(text for text in texts if text)
