"""Whether a server sends what is new in each chunk, or the whole text so far.

The vendor's quickstart reads its streams as whole texts so far ("cumulative"); every recording of
the service sends what is new ("incremental"). Both are read, decided on the fly for each field, and
text is given out only when it is right under the decision, so that nothing is ever taken back.
"""

import copy
from collections.abc import Hashable, Iterable
from typing import Final, Generic, NamedTuple, TypeVar

_TELLING_LENGTH: Final = 12
"""A text this long that is repeated at the start of the next piece is no accident; "a", "and" is."""

_GROWTHS_NEEDED: Final = 2
_HIGH_SURROGATES: Final = frozenset(map(chr, range(0xD800, 0xDC00)))
_REPEATS_OF_SHORT: Final = 3
_MOST_HELD: Final = 256


FieldT = TypeVar("FieldT", bound=Hashable)


class Piece(NamedTuple, Generic[FieldT]):
    """Text of one field of the wire."""

    field: FieldT
    text: str


class _Field:
    """What is known of one field."""

    __slots__ = ("cumulative", "given", "growths", "half", "last", "repeats", "telling")

    def __init__(self) -> None:
        self.cumulative: bool | None = None
        self.last: str | None = None
        self.given = ""
        self.half = ""
        self.growths = 0
        self.repeats = 0
        self.telling = 0

    def mended(self, text: str) -> str:
        """Return ``text`` without half a character at its end, which waits for the next piece.

        In a snapshot the next piece repeats it whole; in new text it brings the other half.
        """
        half, self.half = self.half, ""
        repeated = text.startswith(self.last) if self.last else _first_half(text) == half
        if half and not repeated:
            text = half + text
        if text[-1] in _HIGH_SURROGATES:
            self.half, text = text[-1], text[:-1]
        return text

    def observe(self, text: str) -> None:
        """Take the next piece as evidence.

        Cumulative is decided when every piece began with the whole one before it, at least two of
        them added to it, and the last to do so repeated a text long enough to be no accident.
        """
        last, self.last = self.last, text
        if last is None or self.cumulative is not None:
            return
        if not text.startswith(last):
            self.cumulative = False
        elif len(text) == len(last):
            self.repeats += 1
            if len(last) < _TELLING_LENGTH and self.repeats >= _REPEATS_OF_SHORT:
                self.cumulative = False
        else:
            self.growths += 1
            self.telling = len(last)
            if self.growths >= _GROWTHS_NEEDED and self.telling >= _TELLING_LENGTH:
                self.cumulative = True

    @property
    def is_open(self) -> bool:
        """Whether both readings are possible and differ."""
        return self.cumulative is None and bool(self.growths or self.repeats)

    def new_part(self, text: str) -> str:
        """Return what ``text`` adds under the decision, or as a first piece."""
        if not self.cumulative:
            if self.cumulative is None:
                self.given = text
            return text
        given = self.given
        if text.startswith(given):
            self.given = text
            return text[len(given) :]
        if given.startswith(text):
            return ""
        if given[:_TELLING_LENGTH] == text[:_TELLING_LENGTH] and len(given) >= _TELLING_LENGTH:
            # A snapshot that corrects itself: what stands cannot be taken back.
            self.given = text
            return text[len(given) :]
        self.cumulative = False
        return text


def _first_half(text: str) -> str:
    """Return the first of the two halves that the first character of ``text`` has, if it has two."""
    return text[:1].encode("utf-16-le", "surrogatepass")[:2].decode("utf-16-le", "surrogatepass")


class GrowthJudge(Generic[FieldT]):
    """Turns pieces of fields as they came into pieces of new text, in the order of arrival.

    Pieces wait while a field can be read both ways, which in an incremental stream lasts for a
    piece or two, and only when its text happens to begin with a repetition.
    """

    def __init__(self) -> None:
        self._fields: dict[FieldT, _Field] = {}
        self._waiting: list[Piece[FieldT]] = []

    def add(self, field: FieldT, text: str) -> Iterable[Piece[FieldT]]:
        """Take the next piece of ``field`` and return what is certain by now."""
        known = self._fields.get(field)
        if known is None:
            known = self._fields[field] = _Field()
        if known.half or text[-1:] in _HIGH_SURROGATES:
            text = known.mended(text)
        if not text:
            return ()
        if known.cumulative is None:
            known.observe(text)
        if not self._waiting:
            if not known.is_open:
                new = known.new_part(text)
                return (Piece(field, new),) if new else ()
            self._waiting.append(Piece(field, text))
            return ()
        self._waiting.append(Piece(field, text))
        if known.cumulative is None and len(self._waiting) < _MOST_HELD:
            return ()
        return self._decide_open_fields()

    def settle(self) -> Iterable[Piece[FieldT]]:
        """Return everything that waits: there is no more evidence to come."""
        decided = self._decide_open_fields() if self._waiting else []
        for name, field in self._fields.items():
            if field.half:
                decided.append(Piece(name, field.half))
                field.half = ""
        return decided

    def preview(self) -> list[Piece[FieldT]]:
        """Return what waits under the likelier reading, without deciding anything."""
        return list(copy.deepcopy(self).settle()) if self._waiting else []

    def _decide_open_fields(self) -> list[Piece[FieldT]]:
        """Decide all fields that are open, by what the others turned out to be, and empty the queue.

        A server that sends one field whole sends the others so too. Without such proof one growth
        over a telling length is enough here, as no further piece can come to confirm it.
        """
        proven = any(field.cumulative for field in self._fields.values())
        for field in self._fields.values():
            if field.is_open:
                field.cumulative = proven or field.telling >= _TELLING_LENGTH
        waiting, self._waiting = self._waiting, []
        pieces = (
            Piece(piece.field, self._fields[piece.field].new_part(piece.text)) for piece in waiting
        )
        return [piece for piece in pieces if piece.text]
