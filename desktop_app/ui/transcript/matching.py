"""Finding words in text as people read it, not as it is encoded.

Letters are compared in clusters, a base letter with its marks, after folding: composed and
decomposed, full and half width, and, unless case matters, capital and small are the same. Folding
changes lengths ("ß" is "ss"), so every place is mapped back to the text; a hit begins and ends at
a cluster's edge. No Qt here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple


class Folded(NamedTuple):
    """A folded text; `places` maps the edges of its clusters back, or is None where all are."""

    text: str
    places: dict[int, int] | None


@dataclass(frozen=True)
class Query:
    """What is looked for, and how."""

    text: str
    matches_case: bool = False
    whole_words: bool = False

    @cached_property
    def folded(self) -> str:
        """The text in the form in which it is compared; empty for a blank one."""
        folded = fold(self.text, matches_case=self.matches_case).text
        return folded if folded.strip() else ""

    def find(self, text: str, folded: Folded | None = None) -> Iterator[tuple[int, int]]:
        """The hits in a text from left to right, as code point offsets that do not overlap.

        Args:
            text: Where to look.
            folded: The text folded before, with the same care for case.
        """
        needle = self.folded
        if not needle:
            return
        folded = folded or fold(text, matches_case=self.matches_case)
        haystack, places = folded
        at = haystack.find(needle)
        while at >= 0:
            end = at + len(needle)
            if places is None:
                hit = (at, end)
            elif at in places and end in places:
                hit = (places[at], places[end])
            else:
                at = haystack.find(needle, at + 1)
                continue
            if self.whole_words and not is_whole(text, *hit):
                at = haystack.find(needle, at + 1)
                continue
            yield hit
            at = haystack.find(needle, end)


def fold(text: str, *, matches_case: bool = False) -> Folded:
    """The text as it is compared, with the way back to the places in it."""
    if text.isascii():
        plain = text if matches_case else text.lower()
        return Folded(plain.translate(_BLANKS), None)
    if all(_is_simple(letter, matches_case) for letter in set(text)):
        return Folded("".join(fold_cluster(letter, matches_case) for letter in text), None)
    parts, places, length = [], {0: 0}, 0
    for start, end in clusters(text):
        part = fold_cluster(text[start:end], matches_case)
        parts.append(part)
        length += len(part)
        places[length] = end
    return Folded("".join(parts), places)


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each base letter with the marks after it."""
    start = 0
    for index in range(1, len(text)):
        if not _is_mark(text[index]):
            yield start, index
            start = index
    if text:
        yield start, len(text)


@lru_cache(maxsize=8192)
def fold_cluster(cluster: str, matches_case: bool) -> str:
    """One cluster as it is compared; never empty."""
    if cluster.isspace():
        return " "
    folded = unicodedata.normalize("NFKD", cluster)
    if not matches_case:
        folded = unicodedata.normalize("NFKD", folded.casefold())
        # The dotted capital of Turkish is the small letter that is dotted anyway.
        folded = folded.replace("i\u0307", "i")
    return "".join(letter for letter in folded if not _is_variation(letter)) or cluster


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether words begin and end at the edges of a hit. A Chinese character is a word by itself."""
    return _is_edge(text, start) and _is_edge(text, end)


def _is_edge(text: str, index: int) -> bool:
    if not 0 < index < len(text):
        return True
    before = index - 1
    while before and _is_mark(text[before]):
        before -= 1
    left, right = text[before], text[index]
    return not (_is_word(left) and _is_word(right)) or _is_ideograph(left) or _is_ideograph(right)


def _is_word(letter: str) -> bool:
    return letter == "_" or unicodedata.category(letter)[0] in "LNM"


def _is_ideograph(letter: str) -> bool:
    return (
        "\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or letter >= "\U00020000"
    )


@lru_cache(maxsize=4096)
def _is_simple(letter: str, matches_case: bool) -> bool:
    return not _is_mark(letter) and len(fold_cluster(letter, matches_case)) == 1


def _is_mark(letter: str) -> bool:
    return unicodedata.combining(letter) != 0 or _is_variation(letter)


def _is_variation(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f"


_BLANKS = {ord(blank): " " for blank in "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"}
