"""MiniMax's regions, one row each. A key works in the region that issued it and nowhere else."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Region:
    """One of the service's two separate homes.

    Attributes:
        id: Stable word for settings and key accounts.
        name: Translatable, for people.
        base_url: Where requests go.
        key_page: The page on which a person finds or makes a key.
        other: The ``id`` of the region to try when this one refuses a key.
    """

    id: str
    name: str
    base_url: str
    key_page: str
    other: str


REGIONS: Final = (
    Region(
        id="international",
        name=QT_TRANSLATE_NOOP("Regions", "International"),
        base_url="https://api.minimax.io/v1",
        key_page="https://platform.minimax.io/user-center/basic-information/interface-key",
        other="china",
    ),
    Region(
        id="china",
        name=QT_TRANSLATE_NOOP("Regions", "China"),
        base_url="https://api.minimaxi.com/v1",
        key_page="https://platform.minimaxi.com/user-center/basic-information/interface-key",
        other="international",
    ),
)
"""All regions; the first is the one a new installation starts with."""


def find_region(region_id: str) -> Region | None:
    """Return the region with this ``id``, or ``None``."""
    return next((region for region in REGIONS if region.id == region_id), None)


def region_of_host(host: str | None) -> Region | None:
    """Return the region whose requests go to ``host``, with its port where it has one, or ``None``."""
    return next((region for region in REGIONS if host == urlsplit(region.base_url).netloc), None)
