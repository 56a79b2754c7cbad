"""What it means that a text holds what was searched for: the definition, free of any index.

A query is words apart by spaces, each of which is needed, in any order; a phrase in quotation marks
is one. A word is found wherever it stands, inside of other words too. Texts are compared *folded*:
capital and small letters, full and half width, composed and decomposed letters are the same, any
space is one space, and what cannot be seen does not count. A word without accents is found in text
with them; one with accents is found as it is written.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final

from desktop_app.domain.search import Range

# Signs that only change how their neighbours look: soft hyphens, joiners, variation selectors.
_UNSEEN: Final = re.compile("[\u00ad\u034f\u180b-\u180e\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")

# Accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic. Other marks, such as
# those of kana and of the scripts of India, make another letter.
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u0655\u0670]")
_MAY_HAVE_MARKS: Final = re.compile("[\u00c0-\u06ff\u1e00-\u1fff]")

_WORD: Final = re.compile(r"\S+")

_OPENING: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
_LEAD: Final = 20
"""Columns before the place in an excerpt: about half a line of a narrow list."""

_EXCERPT: Final = 180


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that is needed, folded.

    Attributes:
        text: Never empty; holds single spaces only, and none at its ends.
        is_plain: Whether it has no accents, so that it is found in text with accents as well.
    """

    text: str
    is_plain: bool

    def is_in(self, folded: "FoldedText") -> bool:
        """Whether the text holds this term."""
        return self.text in folded.exact or (self.is_plain and self.text in folded.plain)


class FoldedText:
    """A text in the two forms in which it is compared; ``plain`` is without accents."""

    def __init__(self, text: str) -> None:
        self.exact = fold(text)

    @cached_property
    def plain(self) -> str:
        """The same object as ``exact`` where there are no accents."""
        return without_marks(self.exact)


def fold(text: str) -> str:
    """Return ``text`` with case, width and composition levelled, and each space a single blank."""
    if text.isascii():
        return " ".join(text.lower().split())
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def without_marks(folded: str) -> str:
    """Return a folded text without accents; the same object where there are none."""
    if folded.isascii() or not _MAY_HAVE_MARKS.search(folded):
        return folded
    apart = unicodedata.normalize("NFD", folded)
    bare = _MARKS.sub("", apart)
    if len(bare) == len(apart):
        return folded
    return " ".join(unicodedata.normalize("NFC", bare).split())


def parse(query: str) -> tuple[Term, ...]:
    """Return what is needed of a text; nothing for a query that is blank.

    A quotation mark begins a phrase where a word could begin, and ends it where a word could end, or
    with the query: so a search can be made while the phrase is typed, and `print("a` is a word.
    """
    terms: dict[str, Term] = {}
    for piece in _pieces(query):
        if (text := fold(piece)) and text not in terms:
            terms[text] = Term(text, without_marks(text) == text)
    return tuple(terms.values())


def matches(terms: Iterable[Term], text: str) -> bool:
    """Whether ``text`` holds every one of ``terms``."""
    folded = FoldedText(text)
    return all(term.is_in(folded) for term in terms)


def find(terms: Iterable[Term], text: str) -> tuple[Range, ...]:
    """Return where ``terms`` stand in ``text``, in order; what overlaps or touches is one range."""
    folded = FoldedText(text)
    found: list[Range] = []
    for term in terms:
        for is_plain, form in ((False, folded.exact), (True, folded.plain)):
            if is_plain and (not term.is_plain or form is folded.exact):
                continue
            places = list(_occurrences(term.text, form))
            found.extend(_in_text(text, places, is_plain=is_plain))
    return tuple(_merged(found))


def excerpt(terms: Iterable[Term], text: str) -> tuple[str, tuple[Range, ...]]:
    """Return what stands round the first place of the longest term, as one line, and its ranges."""
    terms = tuple(terms)
    start, end = _first(max(terms, key=lambda term: len(term.text)), text) if terms else (0, 0)
    begin = _back(text, start, 2 * _LEAD)
    if begin:
        begin = _back(text, start, _LEAD)
        # At a word, where one begins between here and the hit.
        space = re.compile(r"\s").search(text, begin, start)
        begin = space.end() if space else begin
    finish = min(len(text), max(end, begin + _EXCERPT))
    line = " ".join(text[begin:finish].split())
    line = f"{'…' if text[:begin].strip() else ''}{line}{'…' if text[finish:].strip() else ''}"
    return line, find(terms, line)


def _back(text: str, place: int, columns: int) -> int:
    """Go back from ``place`` by that many columns; a full-width letter takes two."""
    while place > 0 and columns > 0:
        place -= 1
        columns -= 2 if unicodedata.east_asian_width(text[place]) in "WF" else 1
    return place


def _pieces(query: str) -> Iterator[str]:
    """Words and phrases; a quotation mark that nothing follows is a word."""
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        mark = unicodedata.normalize("NFKC", query[at])
        closing = _OPENING.get(mark)
        if closing and query[at + 1 :].strip():
            rest = re.compile(rf"[{re.escape(closing)}{mark}＂](?=\s|$)").search(query, at + 1)
            end, after = (rest.start(), rest.end()) if rest else (len(query), len(query))
            if query[at + 1 : end].strip():
                yield query[at + 1 : end]
                at = after
                continue
        word = _WORD.match(query, at)
        end = word.end() if word else len(query)
        yield from fold(query[at:end]).split()
        at = end


def _occurrences(needle: str, haystack: str) -> Iterator[Range]:
    at = haystack.find(needle)
    while at >= 0:
        yield at, at + len(needle)
        at = haystack.find(needle, at + len(needle))


def _first(term: Term, text: str) -> Range:
    """Where ``term`` first stands in ``text``; its beginning where it does not."""
    folded = FoldedText(text)
    for is_plain, form in ((False, folded.exact), (True, folded.plain)):
        if is_plain and not term.is_plain:
            break
        if (at := form.find(term.text)) >= 0:
            return next(
                iter(_in_text(text, [(at, at + len(term.text))], is_plain=is_plain)), (0, 0)
            )
    return (0, 0)


def _in_text(text: str, places: Sequence[Range], *, is_plain: bool) -> list[Range]:
    """Return ``places`` of a folded text, which are in order, as places of ``text``.

    Folding goes word by word, so only words in which a place begins or ends are looked into.
    """
    begins: list[int] = []
    ends: list[int] = []
    position = 0
    for word in _WORD.finditer(text):
        if len(ends) == len(places):
            break
        folded = _fold_word(word[0], is_plain)
        edges = _Edges(word[0], folded, is_plain=is_plain)
        after = position + len(folded)
        while len(begins) < len(places) and places[len(begins)][0] < after:
            begins.append(word.start() + edges.begin(places[len(begins)][0] - position))
        while len(ends) < len(begins) and places[len(ends)][1] <= after:
            ends.append(word.start() + edges.end(places[len(ends)][1] - position))
        if folded:
            position = after + 1
    return [place for place in zip(begins, ends, strict=False) if place[0] < place[1]]


class _Edges:
    """The way back from a folded word to the word; a letter and its marks are never parted."""

    def __init__(self, word: str, folded: str, *, is_plain: bool) -> None:
        self._is_even = word.isascii()
        self._word = word
        self._folded = folded
        self._is_plain = is_plain

    def begin(self, at: int) -> int:
        """Return where the letter begins that ``at`` of the folded word is in."""
        if self._is_even:
            return max(0, at)
        starts, lengths = self._letters
        return starts[max(0, bisect_right(lengths, max(0, at)) - 1)]

    def end(self, at: int) -> int:
        """Return where the letter ends that ``at`` of the folded word ends."""
        if self._is_even:
            return at
        starts, lengths = self._letters
        # The last of several letters that end there: signs that nothing is left of belong to them.
        index = bisect_left(lengths, at)
        while index + 1 < len(lengths) and lengths[index + 1] == at:
            index += 1
        return starts[min(index, len(starts) - 1)]

    @cached_property
    def _letters(self) -> tuple[list[int], list[int]]:
        """Where each letter begins, in the word and in the folded one; both end with the whole."""
        starts, lengths = [0], [0]
        for letter in _letter().finditer(self._word):
            starts.append(letter.end())
            lengths.append(lengths[-1] + len(_fold_word(letter[0], self._is_plain)))
        return starts, lengths


@cache
def _letter() -> re.Pattern[str]:
    """A letter with what changes it, made when the first hit is to be placed: it takes 10 ms.

    That is combining marks, the later parts of a Hangul syllable, the sound marks of half-width
    kana. ``_UNSEEN`` stands after what it changes, too.
    """
    changing = "".join(
        chr(code) for code in range(0x300, 0xFFA0) if unicodedata.combining(chr(code))
    )
    return re.compile(
        rf"(?s:.)[{re.escape(changing)}\u1160-\u11ff\uff9e\uff9f"
        r"\u00ad\u034f\u180b-\u180e\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]*"
    )


@lru_cache(maxsize=8192)
def _fold_word(word: str, is_plain: bool) -> str:  # noqa: FBT001 - a key of the cache
    folded = fold(word)
    return without_marks(folded) if is_plain else folded


def _merged(ranges: list[Range]) -> Iterator[Range]:
    current: Range | None = None
    for start, end in sorted(ranges):
        if current is None or start > current[1]:
            if current is not None:
                yield current
            current = (start, end)
        else:
            current = (current[0], max(current[1], end))
    if current is not None:
        yield current
