"""An exchange as JSON, for a file or another program, and back without loss.

What comes in may be anything: it is checked to the last field before it is a record, and it is
never run, opened or sent from here.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final
from urllib.parse import urlsplit

from desktop_app.domain.exchange import ExchangeRecord, WireEvent

FORMAT: Final = "interleave-exchange"
VERSION: Final = 1
MAX_CHARACTERS: Final = 64 * 1024 * 1024
MAX_EVENTS: Final = 100_000
MAX_HEADERS: Final = 1_000

_TOKEN: Final = frozenset(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


class ExchangeFormatError(ValueError):
    """A text is no exported exchange; the message says why, in English, for a person's eyes."""


def as_json(record: ExchangeRecord) -> str:
    """Return ``record`` as one JSON object, each event on a line of its own."""
    rest = {field.name: getattr(record, field.name) for field in fields(record)}
    events = rest.pop("events")
    head = _written({"format": FORMAT, "version": VERSION, **rest}, indent=1)
    lines = ",\n  ".join(_written([event.at, event.text]) for event in events)
    return f'{head[:-2]},\n "events": [\n  {lines}\n ]\n}}\n'


def from_json(text: str) -> ExchangeRecord:
    """Return the record that :func:`as_json` wrote.

    Raises:
        ExchangeFormatError: When ``text`` is anything else, or is longer than 64 million characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExchangeFormatError("The file is too large to be an exported exchange.")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ExchangeFormatError("The file is no JSON: it is nested too deeply.") from None
    except ValueError as error:
        raise ExchangeFormatError(f"The file is no JSON: {error}") from None
    return from_value(value)


def from_value(value: object) -> ExchangeRecord:
    """Return the record in ``value``, which is what JSON that :func:`as_json` wrote parses to.

    Raises:
        ExchangeFormatError: When it is anything else.
    """
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ExchangeFormatError("The file is no exported exchange.")
    if value.get("version") != VERSION:
        raise ExchangeFormatError(
            f"The exchange was exported in version {value.get('version')!r:.40};"
            f" this program reads version {VERSION}."
        )
    return _record(value)


def _record(value: Mapping[str, Any]) -> ExchangeRecord:
    status = value.get("status")
    if status is not None and not (type(status) is int and 100 <= status <= 999):
        raise _wrong("status")
    truncated = value.get("truncated")
    if not isinstance(truncated, bool):
        raise _wrong("truncated")
    started_at = _seconds(value, "started_at")
    if started_at is None:
        raise _wrong("started_at")
    url = _text(value, "url")
    if not _is_address(url):
        raise _wrong("url")
    return ExchangeRecord(
        id=_text(value, "id"),
        message_id=_text(value, "message_id"),
        started_at=started_at,
        method=_text(value, "method"),
        url=url,
        request_headers=_headers(value, "request_headers"),
        request_body=_text(value, "request_body"),
        status=status,
        response_headers=_headers(value, "response_headers"),
        events=_events(value),
        body=_text(value, "body"),
        sent_at=_seconds(value, "sent_at"),
        first_byte_at=_seconds(value, "first_byte_at"),
        ended_at=_seconds(value, "ended_at"),
        error=_text(value, "error"),
        truncated=truncated,
    )


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not _is_storable(text):
        raise _wrong(name)
    return text


def _seconds(value: Mapping[str, Any], name: str) -> float | None:
    number = value.get(name)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise _wrong(name)
    try:
        seconds = float(number)
    except OverflowError:
        raise _wrong(name) from None
    if not math.isfinite(seconds) or seconds < 0:
        raise _wrong(name)
    return seconds


def _headers(value: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    pairs = value.get(name)
    if not isinstance(pairs, list) or len(pairs) > MAX_HEADERS:
        raise _wrong(name)
    headers = []
    for pair in pairs:
        match pair:
            case [str(key), str(text)] if (
                key and _TOKEN.issuperset(key) and _is_storable(text) and not {*"\r\n\0"} & {*text}
            ):
                headers.append((key, text))
            case _:
                raise _wrong(name)
    return tuple(headers)


def _events(value: Mapping[str, Any]) -> tuple[WireEvent, ...]:
    found = value.get("events")
    if not isinstance(found, list) or len(found) > MAX_EVENTS:
        raise _wrong("events")
    events = []
    for item in found:
        if not isinstance(item, list) or len(item) != 2:
            raise _wrong("events")
        at = _seconds({"events": item[0]}, "events")
        if at is None:
            raise _wrong("events")
        events.append(WireEvent(at, _text({"events": item[1]}, "events")))
    return tuple(events)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable()


def _is_storable(text: str) -> bool:
    """Whether ``text`` has no half of a surrogate pair, which no file and no socket takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _written(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _wrong(name: str) -> ExchangeFormatError:
    return ExchangeFormatError(f"The exchange is damaged: {name} is missing or wrong.")
