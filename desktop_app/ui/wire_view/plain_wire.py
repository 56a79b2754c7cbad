"""Text from the wire made fit to be looked at: nothing hidden, nothing acted on, nothing endless.

Pure functions of text. What they return is for the eye alone: copying and exporting take the record
itself.
"""

import json
import re
from dataclasses import replace
from typing import Final

from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord

SHOWN_LENGTH: Final = 200_000
"""Characters of one text that are laid out; Qt needs seconds for a line of several millions."""

PREVIEW_LENGTH: Final = 240

_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters but tab and line feed, what turns or hides text, and halves of pairs."""

_LINE_END: Final = re.compile("\r\n|\r|\n")

_SECRET_HEADERS: Final = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie"}
)


def visible(text: str) -> str:
    """Return ``text`` with a sign in place of each character that would hide or turn something."""
    return _HIDDEN.sub(lambda found: _sign(found.group()), text)


def shown_part(text: str) -> str:
    """Return as much of ``text`` as is laid out, made visible."""
    return visible(text[:SHOWN_LENGTH])


def preview(text: str) -> str:
    """Return the beginning of an event's data in one line; its length does not cost time."""
    return visible(" ".join(text[:PREVIEW_LENGTH].removeprefix("data:").split()))


def pretty_json(text: str) -> str:
    """Return ``text`` indented where it is JSON, as it is otherwise."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def pretty_event(text: str) -> str:
    """Return an event of a stream with the JSON of its data indented."""
    lines = _LINE_END.split(text)
    data = [line for line in lines if line.startswith("data:")]
    rest = [line for line in lines if not line.startswith("data:")]
    payload = "\n".join(line.removeprefix("data:").removeprefix(" ") for line in data)
    pretty = pretty_json(payload)
    return "\n".join((*rest, pretty)) if pretty != payload else text


def header_lines(headers: tuple[tuple[str, str], ...]) -> str:
    """Return headers, one a line."""
    return "\n".join(f"{name}: {value}" for name, value in headers)


def without_secrets(record: ExchangeRecord) -> ExchangeRecord:
    """Return ``record`` with every header that carries a secret masked.

    Recording masks the key at its source; a record from elsewhere must not undo that.
    """
    headers = tuple(
        (name, MASKED_KEY if name.casefold() in _SECRET_HEADERS else value)
        for name, value in record.request_headers
    )
    return replace(record, request_headers=headers)


def _sign(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"
