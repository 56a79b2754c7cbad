"""Which messages of a branch a request holds: what the person wants, and what there is room for.

Pure. Whole turns leave, the oldest first, so that no call is parted from its result and no answer
from its question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from desktop_app.catalog.models import find_model
from desktop_app.chat.outgoing import Reason
from desktop_app.chat.turns import rounds_of, turns_of
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import SUMMARY, Message, Role, Sending, Text

ANSWER_SHARE: Final = 8
"""Unless the person set a limit for it, an answer may have one part of the window in so many."""

SUMMARY_HEAD: Final = "Summary of the earlier part of this conversation, which is not sent again:"


@dataclass(frozen=True, slots=True)
class Room:
    """How many tokens a request may have.

    Attributes:
        window: What request and answer may have together; ``None`` where nobody knows.
        reserve: What of it is kept for the answer.
    """

    window: int | None
    reserve: int = 0

    @property
    def for_request(self) -> int | None:
        """What is left for the request."""
        return None if self.window is None else max(0, self.window - self.reserve)


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes and what stays behind.

    Attributes:
        messages: What goes, oldest first; the summary stands among them as a message.
        left: By message id, why it stays behind.
        cut: The id of the first message after those that left for want of room, or that a summary
            stands for; empty where none did.
        tokens: What goes takes, all that stands beside the messages included.
        fits: Whether there is room for it; if not, nothing more can be left out.
    """

    messages: tuple[Message, ...]
    left: Mapping[str, Reason]
    cut: str
    tokens: int
    fits: bool


def room_of(model: str, parameters: Parameters) -> Room:
    """Return the room in the window of ``model``; a model that is not listed has no known end."""
    info = find_model(model)
    if info is None:
        return Room(None)
    share = min(info.context_window // ANSWER_SHARE, info.max_output or info.context_window)
    return Room(info.context_window, parameters.max_tokens or share)


def summary_message(message: Message) -> Message:
    """Return what is sent before ``message`` in place of all that stands above it."""
    text = Text(f"{SUMMARY_HEAD}\n\n{message.summary}")
    return Message(f"{message.id}/summary", Role.USER, (text,), notices=(SUMMARY,))


def select(
    messages: Sequence[Message],
    limit: int | None,
    tokens_of: Callable[[Message], int],
    beside: int = 0,
) -> Selection:
    """Choose what of a branch is sent.

    The newest turn always goes whole, whatever its size, and so does what is pinned.

    Args:
        messages: The branch, oldest first; the question that is asked stands in the last turn.
        limit: Most tokens that the request may have; ``None`` for no limit.
        tokens_of: How many a message takes, the one made of a summary included.
        beside: What system prompt, tools and the service itself take.
    """
    turns = turns_of(messages)
    left: dict[str, Reason] = {}
    summarised = next((n for n in reversed(range(len(turns))) if turns[n][0].summary), None)
    summary = None if summarised is None else summary_message(turns[summarised][0])
    for number, turn in enumerate(turns):
        is_last = number == len(turns) - 1
        wish = turn[0].sending
        if summarised is not None and number < summarised and wish is not Sending.PINNED:
            left.update((message.id, Reason.SUMMARISED) for message in turn)
        elif wish is Sending.LEFT_OUT and not is_last:
            left.update((message.id, Reason.LEFT_OUT) for message in turn)
        else:
            for round_ in rounds_of(turn):
                is_question = round_[0].role is Role.USER
                if round_[0].sending is Sending.LEFT_OUT and not is_question:
                    left.update((message.id, Reason.LEFT_OUT) for message in round_)
    sizes = [sum(tokens_of(m) for m in turn if m.id not in left) for turn in turns]
    tokens = beside + sum(sizes) + (0 if summary is None else tokens_of(summary))
    for turn, size in zip(turns[:-1], sizes, strict=False):
        if limit is None or tokens <= limit:
            break
        if turn[0].sending is not Sending.PINNED:
            tokens -= size
            left.update((m.id, Reason.WINDOW_FULL) for m in turn if m.id not in left)
    going: list[Message] = []
    for number, turn in enumerate(turns):
        if summary is not None and number == summarised:
            going.append(summary)
        going += [message for message in turn if message.id not in left]
    return Selection(
        messages=tuple(going),
        left=left,
        cut=_cut(turns, left),
        tokens=tokens,
        fits=limit is None or tokens <= limit,
    )


def _cut(turns: Sequence[Sequence[Message]], left: Mapping[str, Reason]) -> str:
    """Return the first message after the last turn that is behind, though nobody left it out."""
    gone = {Reason.WINDOW_FULL, Reason.SUMMARISED}
    last = next((n for n in reversed(range(len(turns))) if left.get(turns[n][0].id) in gone), None)
    return "" if last is None or last + 1 >= len(turns) else turns[last + 1][0].id
