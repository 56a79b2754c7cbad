"""What the next request of a conversation will hold, and how much of the window it takes.

The request that is sent and what is said of it beforehand come from the same choice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from desktop_app.chat.context_window import (
    Room,
    Selection,
    room_of,
    select,
    summary_message,
)
from desktop_app.chat.cost import Cost, request_cost
from desktop_app.chat.outgoing import Item, ItemKind, Plan, Reason
from desktop_app.chat.ports import ChatRequest
from desktop_app.chat.token_estimate import PER_MESSAGE, PER_REQUEST, TokenCounter
from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import Message, Role

Explain = Callable[[ChatRequest, Connection], Plan]
"""Says, item by item, what a provider makes of a request."""

_REPORTS_USED: Final = 5


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will go.

    Attributes:
        branch: The messages that might have gone: the whole branch, and the question.
        request: The request with the messages that go.
        plan: Every piece of the branch, in order, and what becomes of it.
        sizes: How many tokens each of them takes, or would take.
        tokens: What the request takes, about.
        error: By how much that may be wrong, as a share.
        room: The room there is.
        cost: What the request costs at most, without its answer; ``None`` where that is not known.
        cut: The id of the first message after those that there is no room for, or that a summary
            stands for; empty where there are none.
        fits: Whether there is room.
    """

    branch: tuple[Message, ...]
    request: ChatRequest
    plan: Plan
    sizes: tuple[int, ...]
    tokens: int
    error: float
    room: Room
    cost: Cost | None
    cut: str
    fits: bool

    @property
    def is_full(self) -> bool:
        """Whether something is not sent because there is no room for it."""
        return not self.fits or any(item.reason is Reason.WINDOW_FULL for item in self.plan)

    @property
    def share(self) -> float | None:
        """What part of the window the request takes; ``None`` where the window is not known."""
        return None if self.room.window is None else self.tokens / self.room.window


class Forecaster:
    """Fits the requests of one conversation into the window, and says what goes.

    Args:
        explain: The provider's word on a request.
    """

    def __init__(self, explain: Explain) -> None:
        self._explain = explain
        self.counter = TokenCounter()

    def fit(self, request: ChatRequest, connection: Connection) -> ChatRequest:
        """Return ``request`` with what goes of its messages.

        Raises:
            ChatError: When there is no room, although all was left out that can be.
        """
        forecast = self.forecast(request, connection)
        if not forecast.fits:
            limit = forecast.room.for_request
            detail = f"about {forecast.tokens} tokens, room for {limit}"
            raise ChatError(ErrorRecord(ErrorKind.WINDOW_FULL, host=connection.host, detail=detail))
        return forecast.request

    def forecast(self, request: ChatRequest, connection: Connection) -> Forecast:
        """Say what goes of ``request``, which holds the whole branch and the question."""
        whole = self._explain(request, connection)
        room = room_of(request.model, request.parameters)
        chosen = self._select(request, whole, room)
        plan, fitted = whole, request
        if chosen.messages != request.messages:
            fitted = replace(request, messages=chosen.messages)
            plan = _merged(request.messages, chosen, whole, self._explain(fitted, connection))
        tokens = self.counter.total(plan)
        return Forecast(
            branch=request.messages,
            request=fitted,
            plan=plan,
            sizes=tuple(map(self.counter.tokens, plan)),
            tokens=tokens,
            error=self.counter.error,
            room=room,
            cost=request_cost(tokens, request.model, connection.host),
            cut=chosen.cut,
            fits=chosen.fits,
        )

    def of_plan(self, plan: Plan, request: ChatRequest) -> Forecast:
        """Return the figures of a request that was made, by its plan; what it cost is not asked."""
        room, tokens = room_of(request.model, request.parameters), self.counter.total(plan)
        sizes = tuple(map(self.counter.tokens, plan))
        return Forecast(
            branch=request.messages,
            request=request,
            plan=plan,
            sizes=sizes,
            tokens=tokens,
            error=self.counter.error,
            room=room,
            cost=None,
            cut="",
            fits=True,
        )

    def learn(self, request: ChatRequest, connection: Connection) -> None:
        """Correct the counting by what this server counted for the last answers of a branch."""
        answers = [
            message
            for message in request.messages
            if message.role is Role.ASSISTANT
            and message.usage is not None
            and message.usage.prompt
            and message.host == connection.host
        ][-_REPORTS_USED:]
        if not answers:
            return
        plan = self.forecast(request, connection).plan
        firsts: dict[str, int] = {}
        for place, item in enumerate(plan):
            firsts.setdefault(item.message_id, place)
        self.counter.correct(
            (message.usage.prompt, plan[: firsts[message.id]])
            for message in answers
            if message.id in firsts and message.usage is not None and message.usage.prompt
        )

    def _select(self, request: ChatRequest, plan: Plan, room: Room) -> Selection:
        counter = self.counter
        sizes: defaultdict[str, int] = defaultdict(int)
        beside = round(PER_REQUEST * counter.ratio)
        around = PER_MESSAGE * counter.ratio
        places: dict[str, set[int]] = defaultdict(set)
        for item in plan:
            if not item.sent:
                continue
            if not item.message_id:
                beside += counter.tokens(item) + round(around)
                continue
            sizes[item.message_id] += counter.tokens(item)
            if item.place is not None:
                places[item.message_id].add(item.place)

        def tokens_of(message: Message) -> int:
            if message.is_summary:
                text = message.text
                item = Item(ItemKind.SUMMARY, message.id, text)
                return counter.tokens(item) + round(around)
            return sizes[message.id] + round(around * len(places[message.id]))

        return select(request.messages, room.for_request, tokens_of, beside)


def _merged(messages: Sequence[Message], chosen: Selection, whole: Plan, fitted: Plan) -> Plan:
    """Return what goes as ``fitted`` says it, and between it what stays behind, in order."""
    behind, going = _by_message(whole), _by_message(fitted)
    summaries = {message.id for message in chosen.messages if message.is_summary}

    def items() -> Iterator[Item]:
        yield from going[""]
        for message in messages:
            summary = summary_message(message).id if message.summary else ""
            if summary in summaries:
                yield from going[summary]
            why = chosen.left.get(message.id)
            if why is None:
                yield from going[message.id]
                continue
            for item in behind[message.id]:
                # What would not have been sent anyway keeps its own reason.
                yield item if not item.sent else replace(item, sent=False, reason=why, place=None)

    return tuple(items())


def _by_message(plan: Plan) -> Mapping[str, list[Item]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in plan:
        found[item.message_id].append(item)
    return found
