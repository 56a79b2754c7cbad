"""JSON text as a person reads it: broken into lines, its escapes readable, nothing else changed.

The text is never parsed into values and written anew: a key that stands twice stays there twice,
and a number keeps every digit. What is hidden stays visible: characters without a shape of their
own are left as escapes, or marked where they are painted.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from desktop_app.ui.transcript.invisible import hidden_in

LONGEST: Final = 200_000
"""Characters beyond which a text is left as it came. Laying out takes 0.2 us a character, in one go."""
_SHORT: Final = 56
"""Letters of a list or object without others in it that stay on one line."""
_INDENT: Final = "  "
GUTTER: Final = "\u2502 "
"""Begins a line that goes on inside a string. Outside strings it cannot stand in JSON, so nothing
that a string says can be taken for a part of the structure."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL
)
_OPENING, _CLOSING = frozenset("{["), frozenset("}]")


@lru_cache(maxsize=64)
def laid_out(text: str, *, breaks_strings: bool = False) -> str | None:
    """Return the JSON text in lines, or ``None`` where it is no JSON object or list, or too long.

    Args:
        text: Any text.
        breaks_strings: Whether a string of several lines is shown in several lines, each but the
            first behind a :data:`GUTTER`. The result is then for reading, and no JSON any more.
    """
    head = text.lstrip()[:1]
    if head not in _OPENING or not head or len(text) > LONGEST or not _is_json(text):
        return None
    return "".join(_pieces(_TOKEN.findall(text), breaks_strings=breaks_strings))


def _is_json(text: str) -> bool:
    try:
        # Numbers stay text: those of thousands of digits are refused otherwise.
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _pieces(signs: list[str], *, breaks_strings: bool) -> Iterator[str]:
    depth, place = 0, 0
    while place < len(signs):
        sign = signs[place]
        if sign in _OPENING:
            end = _end_of_short(signs, place)
            if end is not None:
                yield _in_one_line(signs[place : end + 1])
                place = end + 1
                continue
            depth += 1
            yield f"{sign}\n{_INDENT * depth}"
        elif sign in _CLOSING:
            depth -= 1
            yield f"\n{_INDENT * depth}{sign}"
        elif sign == ",":
            yield f",\n{_INDENT * depth}"
        elif sign == ":":
            yield ": "
        elif sign[0] == '"':
            yield _readable(sign, _INDENT * (depth + 1) if breaks_strings else "")
        else:
            yield sign
        place += 1


def _end_of_short(signs: list[str], start: int) -> int | None:
    """Return where a list or object ends that is short and has no others in it."""
    length = 0
    for place in range(start + 1, len(signs)):
        sign = signs[place]
        if sign in _CLOSING:
            return place
        length += len(sign)
        if sign in _OPENING or length > _SHORT:
            return None
    return None


def _in_one_line(signs: list[str]) -> str:
    shown = (_readable(sign, "") if sign[0] == '"' else sign for sign in signs)
    return "".join(f"{sign} " if sign in ",:" else sign for sign in shown)


def _readable(string: str, indent: str) -> str:
    """Return a string with escaped letters as letters, and broken at its line ends if indented."""
    if "\\" not in string:
        return string

    def shown(found: re.Match[str]) -> str:
        escape = found.group()
        if escape == "\\n" and indent:
            return f"{escape}\n{indent}{GUTTER}"
        if escape[1] != "u":
            return escape
        letter = json.loads(f'"{escape}"')
        is_plain = letter.isprintable() and letter not in '"\\' and not hidden_in(letter)
        return letter if is_plain else escape

    return _ESCAPE.sub(shown, string)
