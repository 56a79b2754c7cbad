"""What answers cost by the vendor's price list. Pure; knows tokens and prices, not what was billed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from desktop_app.catalog.models import ModelInfo, find_model
from desktop_app.catalog.regions import region_of_host
from desktop_app.domain.message import Message
from desktop_app.domain.usage import Usage

_PER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars, and the day on which the price list said so."""

    dollars: float
    as_of: date


@dataclass(frozen=True, slots=True)
class Tally:
    """Several answers together.

    Attributes:
        usage: The sums; a count that no answer reported is ``None``.
        cost: Of the answers whose price is known, by the oldest list used; ``None`` without any.
        unpriced: How many answers took tokens whose price is not known.
    """

    usage: Usage
    cost: Cost | None
    unpriced: int


def cost_of(usage: Usage, model: ModelInfo | None) -> Cost | None:
    """Return what one request cost, or ``None`` when counts or price are not known.

    The length of the whole request decides the tier. Tokens read from the cache have their own price
    where one is published; thinking is part of the answer and costs what the answer does.
    """
    if model is None or usage.prompt is None or usage.completion is None or not usage.total:
        return None
    price = model.price(usage.prompt)
    if price is None:
        return None
    cached = min(usage.cached or 0, usage.prompt)
    cache_read = price.input if price.cache_read is None else price.cache_read
    dollars = (
        (usage.prompt - cached) * price.input
        + cached * cache_read
        + usage.completion * price.output
    ) / _PER
    return Cost(dollars, price.as_of)


def request_cost(tokens: int, model: str, host: str | None) -> Cost | None:
    """Return what a request of so many tokens costs at most, before its answer; ``None`` unknown.

    At most, since nobody knows beforehand what the service still has in its cache.
    """
    info = find_model(model) if region_of_host(host) is not None else None
    return cost_of(Usage(prompt=tokens, completion=0), info)


def message_cost(message: Message) -> Cost | None:
    """Return what an answer cost, by the name of the model that was asked.

    The price list is that of the two regions: a model of the same name on a server of one's own, on
    a gateway or in the demo costs something else, or nothing. Of an answer whose host was not
    recorded, nobody knows.
    """
    if message.usage is None or region_of_host(message.host) is None:
        return None
    return cost_of(message.usage, find_model(message.model or ""))


def tally(messages: Iterable[Message]) -> Tally:
    """Add up what ``messages`` took; those without counts, or with nothing but zeros, add nothing."""
    counted = [m for m in messages if m.usage is not None and m.usage.total]
    usages = [message.usage for message in counted if message.usage is not None]
    costs = [message_cost(message) for message in counted]
    known = [cost for cost in costs if cost is not None]
    whole = None
    if known:
        whole = Cost(sum(cost.dollars for cost in known), min(cost.as_of for cost in known))
    return Tally(
        usage=Usage(
            prompt=_sum(usage.prompt for usage in usages),
            completion=_sum(usage.completion for usage in usages),
            cached=_sum(usage.cached for usage in usages),
            reasoning=_sum(usage.reasoning for usage in usages),
        ),
        cost=whole,
        unpriced=len(costs) - len(known),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
