"""Takes JSON apart at its outermost level, without reading what is inside.

A file of two hundred megabytes is then parsed one conversation at a time, and one that is nested
without end is refused before a parser meets it.
"""

import re
from collections.abc import Iterator
from typing import Final

from desktop_app.chat.importing import ImportProblem, ImportRefusedError, Watch

DEEPEST: Final = 200
_LOOK_EVERY: Final = 4 * 1024 * 1024

_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^\s,\[\]{}:\"]+")
_BRACKET: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}"]', re.DOTALL)
_PAIRS: Final = {b"[": b"]", b"{": b"}"}

Slice = tuple[int, int]


def kind_of(text: bytes, start: int = 0) -> bytes:
    """Return the bracket with which the value at ``start`` begins, or nothing."""
    begin = _skip(text, start)
    found = text[begin : begin + 1]
    return found if found in _PAIRS else b""


def elements(text: bytes, start: int, watch: Watch) -> Iterator[Slice]:
    """Yield where each element of the array at ``start`` stands.

    Raises:
        ImportRefusedError: When it is no array, is cut off, or is nested too deeply.
    """
    place = _open(text, start, b"[")
    while text[place : place + 1] != b"]":
        end = _end(text, place, watch)
        yield place, end
        place = _separator(text, end, b"]")


def members(text: bytes, start: int, watch: Watch) -> Iterator[tuple[str, Slice]]:
    """Yield each name of the object at ``start`` with where its value stands.

    Raises:
        ImportRefusedError: When it is no object, is cut off, or is nested too deeply.
    """
    place = _open(text, start, b"{")
    while text[place : place + 1] != b"}":
        name = _STRING.match(text, place)
        if name is None:
            raise _not_json(place)
        place = _skip(text, name.end())
        if text[place : place + 1] != b":":
            raise _not_json(place)
        place = _skip(text, place + 1)
        end = _end(text, place, watch)
        yield name.group()[1:-1].decode(errors="replace"), (place, end)
        place = _separator(text, end, b"}")


def _open(text: bytes, start: int, bracket: bytes) -> int:
    place = _skip(text, start)
    if text[place : place + 1] != bracket:
        raise _not_json(place)
    return _skip(text, place + 1)


def _separator(text: bytes, end: int, closing: bytes) -> int:
    """Return where the next element begins, or the closing bracket."""
    place = _skip(text, end)
    found = text[place : place + 1]
    if found == b",":
        return _skip(text, place + 1)
    if found != closing:
        raise _not_json(place)
    return place


def _end(text: bytes, start: int, watch: Watch) -> int:
    """Return where the value at ``start`` ends."""
    if text[start : start + 1] in _PAIRS:
        return _closing(text, start, watch)
    found = _STRING.match(text, start) or _SCALAR.match(text, start)
    if found is None:
        raise _not_json(start)
    return found.end()


def _closing(text: bytes, start: int, watch: Watch) -> int:
    expected: list[bytes] = []
    looked = start
    for found in _BRACKET.finditer(text, start):
        token = found.group()
        if found.start() - looked > _LOOK_EVERY:
            watch.look()
            looked = found.start()
        if token in _PAIRS:
            expected.append(_PAIRS[token])
            if len(expected) > DEEPEST:
                raise ImportRefusedError(ImportProblem.TOO_DEEP)
        elif len(token) == 1:
            # A lone quotation mark begins a text that never ends.
            if token != expected.pop():
                raise _not_json(found.start())
            if not expected:
                return found.end()
    raise _not_json(len(text))


def _skip(text: bytes, start: int) -> int:
    found = _SPACE.match(text, start)
    return start if found is None else found.end()


def _not_json(place: int) -> ImportRefusedError:
    return ImportRefusedError(ImportProblem.NOT_JSON, f"byte {place}")
