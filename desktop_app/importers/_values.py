"""Values out of foreign JSON, taken only for what they are. Pure; nothing here raises."""

import json
import math
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from desktop_app.domain.text import storable

Object = Mapping[str, Any]

_DAY: Final = 86_400.0
_EARLIEST: Final = 946_684_800.0
"""The year 2000: what is dated earlier has no date."""


def text(value: object) -> str:
    """Return a text that can be stored; empty for anything else."""
    return storable(value) if isinstance(value, str) else ""


def mapping(value: object) -> Object:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterator[Object]:
    """Yield the objects of a list."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield item


def identifier(value: object) -> str:
    """Return an identifier of at most 200 characters; empty for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:50]
    found = text(value)
    return found if len(found) <= 200 else ""


def moment(value: object) -> float | None:
    """Return seconds since the epoch, of a number in any usual unit or of ISO 8601.

    A moment before the year 2000, or more than a day from now, is a mistake and none.
    """
    seconds = _seconds(value)
    if seconds is None or not math.isfinite(seconds):
        return None
    for unit in (1e17, 1e14, 1e11):  # nanoseconds, microseconds, milliseconds
        if seconds >= unit:
            seconds /= unit / 1e8
            break
    return seconds if _EARLIEST <= seconds <= time.time() + _DAY else None


def json_text(value: object) -> str:
    """Return ``value`` as JSON text; a text is taken for JSON already."""
    if isinstance(value, str):
        return text(value)
    return "{}" if value is None else storable(json.dumps(value, ensure_ascii=False))


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return None
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        when = datetime.fromisoformat(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
