"""What requests cost: tiers, the cache, and what is not known."""

from datetime import date

import pytest

from desktop_app.catalog.models import ModelInfo, Price, find_model
from desktop_app.chat.cost import Cost, cost_of, message_cost, tally
from desktop_app.domain.message import Message, Role
from desktop_app.domain.usage import Usage

DAY = date(2026, 9, 1)
EARLIER = date(2026, 3, 1)
FLAT = ModelInfo("flat", 1000, prices=(Price(DAY, input=0.5, output=2.0),))
CACHING = ModelInfo("caching", 1000, prices=(Price(DAY, input=0.5, output=2.0, cache_read=0.05),))
TIERED = ModelInfo(
    "tiered",
    1_000_000,
    prices=(
        Price(DAY, input=0.5, output=2.0, cache_read=0.1, up_to=512_000),
        Price(EARLIER, input=1.0, output=4.0, cache_read=0.2),
    ),
)
BOUNDED = ModelInfo("bounded", 1000, prices=(Price(DAY, input=1.0, output=1.0, up_to=100),))


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        (FLAT, Usage(1_000_000, 1_000_000), 2.5),
        (FLAT, Usage(1000, 100), 0.0007),
        (FLAT, Usage(1000, 0), 0.0005),
        # No price for the cache: what came from it costs what the rest does.
        (FLAT, Usage(1_000_000, 0, cached=400_000), 0.5),
        (CACHING, Usage(1_000_000, 0, cached=400_000), 0.32),
        (CACHING, Usage(1_000_000, 0, cached=1_000_000), 0.05),
        # More from the cache than was asked cannot be.
        (CACHING, Usage(1_000_000, 0, cached=2_000_000), 0.05),
        # Thinking is part of the answer and is not counted twice.
        (CACHING, Usage(0, 1_000_000, reasoning=900_000), 2.0),
        (TIERED, Usage(512_000, 1_000_000), 2.256),
        (TIERED, Usage(512_001, 1_000_000), 4.512001),
        (TIERED, Usage(600_000, 0, cached=500_000), 0.2),
        (BOUNDED, Usage(100, 100), 0.0002),
    ],
)
def test_dollars(model: ModelInfo, usage: Usage, dollars: float) -> None:
    cost = cost_of(usage, model)
    assert cost is not None
    assert cost.dollars == pytest.approx(dollars)


def test_the_day_is_the_one_of_the_tier() -> None:
    assert cost_of(Usage(1, 1), TIERED) == Cost(pytest.approx(2.5e-6), DAY)
    assert cost_of(Usage(600_000, 1), TIERED) == Cost(pytest.approx(0.600004), EARLIER)


@pytest.mark.parametrize(
    ("model", "usage"),
    [
        (None, Usage(10, 10)),
        (ModelInfo("free", 10), Usage(10, 10)),
        (BOUNDED, Usage(101, 1)),
        (FLAT, Usage(None, 10)),
        (FLAT, Usage(10, None)),
        (FLAT, Usage(0, 0)),
        (FLAT, Usage()),
    ],
)
def test_what_is_not_known_has_no_cost(model: ModelInfo | None, usage: Usage) -> None:
    assert cost_of(usage, model) is None


def answer(model: str | None, usage: Usage | None, host: str | None = "api.minimax.io") -> Message:
    return Message(id="a", role=Role.ASSISTANT, model=model, usage=usage, host=host)


def test_the_price_of_the_catalogue_is_found_by_name() -> None:
    usage = Usage(1_000_000, 1_000_000, cached=500_000)
    cost = message_cost(answer("minimax-m2", usage))
    known = find_model("MiniMax-M2")
    assert known is not None
    (price,) = known.prices
    expected = (price.input + (price.cache_read or price.input)) / 2 + price.output
    assert cost == Cost(pytest.approx(expected), price.as_of)
    assert message_cost(answer("house-blend", usage)) is None
    assert message_cost(answer(None, usage)) is None
    assert message_cost(answer("MiniMax-M2", None)) is None


@pytest.mark.parametrize(
    ("host", "is_priced"),
    [
        ("api.minimax.io", True),
        ("api.minimaxi.com", True),
        # The demo, a server or a gateway of one's own, another port, and one that only looks alike.
        ("127.0.0.1:8000", False),
        ("models.example.com", False),
        ("api.minimax.io:8443", False),
        ("api.minimax.io.example.com", False),
        # Written before hosts were recorded.
        (None, False),
    ],
)
def test_the_price_list_is_that_of_the_two_regions(host: str | None, is_priced: bool) -> None:
    one = answer("MiniMax-M2", Usage(1000, 100), host)
    assert (message_cost(one) is not None) is is_priced
    sums = tally([one])
    assert sums.usage.total == 1100
    assert (sums.cost is not None, sums.unpriced) == (is_priced, 0 if is_priced else 1)


def test_a_conversation_may_have_been_led_with_several_servers() -> None:
    usage = Usage(1_000_000, 0)
    sums = tally([answer("MiniMax-M2", usage), answer("MiniMax-M2", usage, "127.0.0.1:8000")])
    assert sums.usage.prompt == 2_000_000
    assert sums.cost is not None
    assert sums.cost.dollars == pytest.approx(0.3)
    assert sums.unpriced == 1


def test_a_conversation_is_the_sum_of_its_answers() -> None:
    sums = tally(
        [
            Message(id="q", role=Role.USER),
            answer("MiniMax-M2", Usage(1000, 100, cached=600)),
            answer("MiniMax-M2", Usage(2000, 200, reasoning=150)),
            answer("house-blend", Usage(10, 1)),
            answer("house-blend", Usage(0, 0)),
            answer("house-blend", None),
        ]
    )
    assert sums.usage == Usage(prompt=3010, completion=301, cached=600, reasoning=150)
    assert sums.unpriced == 1
    assert sums.cost is not None
    assert sums.cost.dollars == pytest.approx((2400 * 0.3 + 600 * 0.03 + 300 * 1.2) / 1e6)


def test_nothing_adds_up_to_nothing() -> None:
    sums = tally([Message(id="q", role=Role.USER), answer("MiniMax-M2", None)])
    assert sums.usage == Usage()
    assert (sums.cost, sums.unpriced) == (None, 0)
