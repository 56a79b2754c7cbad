"""Domain values as rows and back: parts, deltas, errors, usage, and the checksum over them.

Pure functions. What comes out of the database is taken as bytes and decoded here, because bytes
that were overwritten on the disk need not be UTF-8 any more, and one bad message must not keep a
conversation from opening.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final, NamedTuple, TypeAlias

from desktop_app.domain.delta import (
    Delta,
    FinishDelta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    ToolResultDelta,
    UsageDelta,
)
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import (
    Json,
    Part,
    ResultImage,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.text import storable
from desktop_app.domain.usage import Usage

_COMPRESS_FROM: Final = 1024
"""Bytes of JSON from which compression pays; ``received`` repeats all text of an answer."""

Stored: TypeAlias = bytes | None
"""A text column as bytes, so read with ``CAST(... AS BLOB)``."""


class PartRow(NamedTuple):
    """A part as it is written."""

    kind: str
    text: str
    meta: str | None


class DeltaRow(NamedTuple):
    """A delta as it is written."""

    kind: str
    data: str


class DamagedRow(ValueError):  # noqa: N818 - a finding, not a failure: the message is still shown
    """What stands in the database is not what was written there."""


# JSON columns


def json_text(value: object) -> str:
    """Return ``value`` as compact JSON that parses to the same again: key order and floats kept.

    A lone surrogate, which SQLite refuses, is written as an escape, and so survives as it is.
    """
    text = _dump(value, ascii_only=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _dump(value, ascii_only=True)
    return text


def json_value(stored: Stored) -> Any:  # noqa: ANN401 - JSON may be anything
    """Return what :func:`json_text` was given.

    Raises:
        DamagedRow: When it is not JSON.
    """
    if stored is None:
        return None
    try:
        return json.loads(stored)
    except (ValueError, RecursionError) as error:
        raise DamagedRow(str(error)) from error


def _dump(value: object, *, ascii_only: bool) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    """Return any mapping as the one that the JSON encoder knows."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


# The opaque slot of the provider


def pack_received(received: Json | None) -> str | bytes | None:
    """Return ``received`` as JSON text or, where that is long, as the same compressed."""
    if received is None:
        return None
    text = json_text(received)
    return text if len(text) < _COMPRESS_FROM else zlib.compress(text.encode())


def received_json(packed: str | bytes | None) -> bytes | None:
    """Return the JSON text inside ``packed``, as UTF-8.

    Raises:
        DamagedRow: When it cannot be unpacked.
    """
    if not isinstance(packed, bytes):
        return None if packed is None else packed.encode()
    if packed[:1] == b"{":  # short enough to be plain; zlib's first byte is 0x78
        return packed
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise DamagedRow(str(error)) from error


# Parts


def part_row(part: Part) -> PartRow:
    """Return ``part`` as a row; its main text stands alone, so that a search can index it."""
    match part:
        case Thought(text, seconds):
            meta = None if seconds is None else json_text({"seconds": seconds})
            return PartRow("thought", storable(text), meta)
        case Text(text):
            return PartRow("text", storable(text), None)
        case ToolCall(call_id, name, arguments):
            meta = json_text({"call_id": call_id, "name": name})
            return PartRow("tool_call", storable(arguments), meta)
        case ToolResult():
            return PartRow("tool_result", storable(part.text), json_text(_result_meta(part)))


def part_value(kind: bytes, stored: bytes, stored_meta: Stored) -> Part:
    """Return the part of a row. Bytes that are no text show as U+FFFD; lost names are empty."""
    text = stored.decode(errors="replace")
    try:
        found = json_value(stored_meta)
    except DamagedRow:
        found = None
    meta: dict[str, Any] = found if isinstance(found, dict) else {}
    match kind:
        case b"thought":
            return Thought(text, meta.get("seconds"))
        case b"tool_call":
            return ToolCall(meta.get("call_id", ""), meta.get("name", ""), text)
        case b"tool_result":
            return _result_value(text, meta)
        case _:
            return Text(text)


def _result_meta(result: ToolResult) -> dict[str, Any]:
    """Return all of ``result`` but its text; what is not set is left out."""
    meta: dict[str, Any] = {
        "call_id": result.call_id,
        "name": result.name,
        "is_error": result.is_error,
    }
    if result.sent is not None:
        meta["sent"] = result.sent
    if result.images:
        meta["images"] = [[image.mime, image.data] for image in result.images]
    if result.seconds is not None:
        meta["seconds"] = result.seconds
    return meta


def _images(stored: object) -> Iterable[ResultImage]:
    for pair in stored if isinstance(stored, list) else ():
        if isinstance(pair, list) and len(pair) == 2:
            yield ResultImage(*map(str, pair))


def _result_value(text: str, meta: Mapping[str, Any]) -> ToolResult:
    return ToolResult(
        call_id=meta.get("call_id", ""),
        name=meta.get("name", ""),
        text=text,
        is_error=meta.get("is_error", False),
        sent=meta.get("sent"),
        images=tuple(_images(meta.get("images"))),
        seconds=meta.get("seconds"),
    )


# Deltas


def delta_rows(deltas: Iterable[Delta]) -> list[DeltaRow]:
    """Return ``deltas`` as rows; neighbours that only carry more of one text become one row."""
    rows: list[DeltaRow] = []
    kind, texts = "", list[str]()
    for delta in deltas:
        row = _delta_row(delta)
        if row.kind == kind:
            texts.append(row.data)
            continue
        if texts:
            rows.append(DeltaRow(kind, storable("".join(texts))))
        kind, texts = "", []
        if row.kind in {"thinking", "text"}:
            kind, texts = row.kind, [row.data]
        else:
            rows.append(row)
    if texts:
        rows.append(DeltaRow(kind, storable("".join(texts))))
    return rows


def _delta_row(delta: Delta) -> DeltaRow:
    match delta:
        case ThinkingDelta(text):
            return DeltaRow("thinking", text)
        case TextDelta(text):
            return DeltaRow("text", text)
        case ToolCallDelta(position, call_id, name, arguments):
            return DeltaRow("tool_call", json_text([position, call_id, name, arguments]))
        case ToolResultDelta(result):
            return DeltaRow("tool_result", json_text({**_result_meta(result), "text": result.text}))
        case UsageDelta(usage):
            return DeltaRow("usage", usage_text(usage) or "")
        case FinishDelta(reason):
            return DeltaRow("finish", storable(reason))
        case NoticeDelta(word):
            return DeltaRow("notice", storable(word))


def delta_value(kind: bytes, stored: bytes) -> Delta:
    """Return the delta of a row.

    Raises:
        DamagedRow: When it is none.
    """
    text = stored.decode(errors="replace")
    match kind:
        case b"thinking":
            return ThinkingDelta(text)
        case b"text":
            return TextDelta(text)
        case b"finish":
            return FinishDelta(text)
        case b"notice":
            return NoticeDelta(text)
        case b"usage":
            return UsageDelta(usage_value(stored) or Usage())
        case b"tool_call":
            try:
                position, call_id, name, arguments = json_value(stored)
            except (TypeError, ValueError) as error:
                raise DamagedRow(str(error)) from error
            return ToolCallDelta(position, call_id, name, arguments)
        case b"tool_result":
            try:
                meta = json_value(stored)
                return ToolResultDelta(_result_value(meta["text"], meta))
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                raise DamagedRow(str(error)) from error
        case _:
            raise DamagedRow(repr(kind))


# Usage, errors, notices


def usage_text(usage: Usage | None) -> str | None:
    """Return ``usage`` as JSON."""
    return None if usage is None else json_text(asdict(usage))


def usage_value(stored: Stored) -> Usage | None:
    """Return the usage in ``stored``.

    Raises:
        DamagedRow: When there is another thing in it.
    """
    found = json_value(stored)
    try:
        return None if found is None else Usage(**found)
    except TypeError as error:
        raise DamagedRow(str(error)) from error


def error_text(error: ErrorRecord | None) -> str | None:
    """Return ``error`` as JSON."""
    return None if error is None else json_text(asdict(error))


def error_value(stored: Stored) -> ErrorRecord | None:
    """Return the error in ``stored``.

    Raises:
        DamagedRow: When there is another thing in it.
    """
    found = json_value(stored)
    try:
        return None if found is None else ErrorRecord(**{**found, "kind": ErrorKind(found["kind"])})
    except (TypeError, ValueError, KeyError) as error:
        raise DamagedRow(str(error)) from error


def notices_text(notices: tuple[str, ...]) -> str | None:
    """Return ``notices`` as JSON, or nothing for none."""
    return json_text(notices) if notices else None


def notices_value(stored: Stored) -> tuple[str, ...]:
    """Return the notices in ``stored``.

    Raises:
        DamagedRow: When there is another thing in it.
    """
    found = json_value(stored)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise DamagedRow("notices are no list")
    return tuple(map(str, found))


def tags_value(stored: Stored) -> tuple[str, ...]:
    """Return the tags in ``stored``; what is damaged counts as none."""
    try:
        return notices_value(stored)
    except DamagedRow:
        return ()


# What was said


def checksum(
    role: bytes, parts: Iterable[tuple[bytes, bytes, Stored]], received: bytes | None
) -> bytes:
    """Return the SHA-256 of what was said: role, every part as ``(kind, text, meta)``, received.

    SQLite's own integrity check does not see text that was overwritten within its page. Only what
    never changes once a message is final goes in, so that later columns need no new sums.
    """
    digest = hashlib.sha256()
    for field in (role, received, *(field for part in parts for field in part)):
        if field is None:
            digest.update(b"-")
        else:
            digest.update(b"%d:" % len(field))
            digest.update(field)
    return digest.digest()
