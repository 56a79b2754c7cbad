"""MiniMax's chat models, one row each: windows, abilities, and prices with the day they were read.

A model that is not listed here works all the same; only its window and price are not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens.

    Attributes:
        as_of: The day on which the vendor's page said so.
        input: Tokens of the request that were not in the cache.
        output: Tokens of the answer, thinking included.
        cache_read: Tokens of the request that were in the cache; ``None`` when not published.
        cache_write: Tokens put into the cache; ``None`` when not published.
        up_to: The longest request, in tokens, that this price holds for; ``None`` means any.
    """

    as_of: date
    input: float
    output: float
    cache_read: float | None = None
    cache_write: float | None = None
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What is known of a model.

    Attributes:
        name: As the service spells it.
        context_window: Tokens that request and answer may have together.
        max_output: Most tokens of one answer, thinking included; ``None`` when not published.
        prices: Cheapest tier first; empty when the model is sold within a plan only, or the price
            is not published.
        images: Whether it takes pictures.
        video: Whether it takes films.
        always_thinks: Whether its thinking cannot be switched off.
        legacy: Whether the vendor calls it so.
        listed: Whether ``GET /models`` names it; some work without being listed.
        aliases: Names the vendor used for it earlier.
    """

    name: str
    context_window: int
    max_output: int | None = None
    prices: tuple[Price, ...] = ()
    images: bool = False
    video: bool = False
    always_thinks: bool = True
    legacy: bool = False
    listed: bool = True
    aliases: tuple[str, ...] = ()

    def price(self, prompt_tokens: int) -> Price | None:
        """Return the price of a request of this length, or ``None`` when it is not known."""
        for price in self.prices:
            if price.up_to is None or prompt_tokens <= price.up_to:
                return price
        return None


_READ: Final = date(2026, 9, 29)
_WINDOW: Final = 204_800

DEFAULT_MODEL: Final = "MiniMax-M2"

MODELS: Final = (
    ModelInfo(
        name=DEFAULT_MODEL,
        context_window=_WINDOW,
        max_output=131_072,
        prices=(Price(_READ, input=0.30, output=1.20, cache_read=0.03, cache_write=0.375),),
        legacy=True,
    ),
    ModelInfo(
        # The same weights, served for many parallel requests; no price of its own is published.
        name="MiniMax-M2-Stable",
        context_window=_WINDOW,
        max_output=131_072,
        legacy=True,
        listed=False,
    ),
    ModelInfo(
        name="MiniMax-M2.1",
        context_window=_WINDOW,
        prices=(Price(_READ, input=0.30, output=1.20, cache_read=0.03),),
    ),
    ModelInfo(
        name="MiniMax-M2.1-highspeed",
        context_window=_WINDOW,
        prices=(Price(_READ, input=0.60, output=2.40),),
        aliases=("MiniMax-M2.1-lightning",),
    ),
    ModelInfo(
        name="MiniMax-M2.5",
        context_window=_WINDOW,
        prices=(Price(_READ, input=0.30, output=1.20, cache_read=0.03, cache_write=0.375),),
    ),
    ModelInfo(
        name="MiniMax-M2.5-highspeed",
        context_window=_WINDOW,
        prices=(Price(_READ, input=0.60, output=2.40, cache_read=0.03),),
        aliases=("MiniMax-M2.5-Lightning",),
    ),
    ModelInfo(
        name="MiniMax-M2.7",
        context_window=_WINDOW,
        prices=(Price(_READ, input=0.30, output=1.20, cache_read=0.06, cache_write=0.375),),
    ),
    ModelInfo(
        name="MiniMax-M2.7-highspeed",
        context_window=_WINDOW,
        prices=(Price(_READ, input=0.60, output=2.40, cache_read=0.06, cache_write=0.375),),
    ),
    ModelInfo(
        name="MiniMax-M3",
        context_window=1_000_000,
        max_output=524_288,
        prices=(
            Price(_READ, input=0.30, output=1.20, cache_read=0.06, up_to=512_000),
            Price(_READ, input=0.60, output=2.40, cache_read=0.12),
        ),
        images=True,
        video=True,
        always_thinks=False,
    ),
    ModelInfo(
        name="MiniMax-M3.1-Flash-Preview",
        context_window=1_000_000,
        listed=False,
    ),
)
"""In the order in which the picker shows them."""


def _by_name(models: Iterable[ModelInfo]) -> Mapping[str, ModelInfo]:
    return MappingProxyType(
        {name.casefold(): model for model in models for name in (model.name, *model.aliases)}
    )


_MODELS_BY_NAME: Final = _by_name(MODELS)


def find_model(name: str) -> ModelInfo | None:
    """Return what is known of the model called ``name``; the service ignores case in names."""
    return _MODELS_BY_NAME.get(name.strip().casefold())
