"""What the file of an exported exchange is called."""

from pathlib import Path
from typing import Final

SUFFIX: Final = ".interleave-exchange.json"


def with_suffix(chosen: Path) -> Path:
    """Return ``chosen`` with the suffix of exported exchanges, whatever of it was typed."""
    if chosen.name.endswith(SUFFIX):
        return chosen
    return chosen.with_name(chosen.name.removesuffix(".json") + SUFFIX)
