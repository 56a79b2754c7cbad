"""The turns of a branch: what a person asked, and all that answers it. Pure."""

from collections.abc import Sequence

from desktop_app.domain.message import Message, Role


def begins_turn(message: Message) -> bool:
    """Whether the person speaks here; the rest of an answer, asked for by the program, is no turn."""
    return message.role is Role.USER and not message.is_continuation


def turns_of(messages: Sequence[Message]) -> tuple[tuple[Message, ...], ...]:
    """Return the turns of a branch, oldest first; the first may lack its question, if imported."""
    starts = [place for place, message in enumerate(messages) if begins_turn(message)]
    if not messages:
        return ()
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    ends = [*starts[1:], len(messages)]
    return tuple(tuple(messages[start:end]) for start, end in zip(starts, ends, strict=True))


def rounds_of(turn: Sequence[Message]) -> tuple[tuple[Message, ...], ...]:
    """Return a turn's question, and each answer with the results of its calls."""
    found: list[list[Message]] = []
    for message in turn:
        if message.role is Role.TOOL and found:
            found[-1].append(message)
        else:
            found.append([message])
    return tuple(map(tuple, found))
