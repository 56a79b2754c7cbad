"""Which words of two texts differ: for reading two versions side by side.

Lines are compared first, then the words within lines that differ. The work is bounded: a stretch
that is too long to be compared word by word is marked as a whole. Nothing is left out or changed:
the pieces of a side always make up its text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, TypeAlias

_CJK: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WORD: Final = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])\w)+|\s+|.", re.DOTALL)
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")

MOST_PAIRS: Final = 64_000_000
"""Pairs of words that are looked at in all: two stretches of 8,000. Prose takes 0.15 s for so many
on one core, the worst text that was found 5 s."""

MOST_LINES: Final = 20_000
"""Lines of one text up to which lines are compared."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``changed`` says that the other side has not got it there."""

    text: str
    changed: bool


Pieces: TypeAlias = tuple[Piece, ...]
_Compare: TypeAlias = Callable[[list[str], list[str]], None]


def word_diff(left: str, right: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces; what is not changed is the same on both sides, in order."""
    comparison = _Comparison()
    comparison.compare(left, right)
    return comparison.left.pieces(), comparison.right.pieces()


class _Side:
    """Pieces of one text as they are found; neighbours of a kind are joined."""

    def __init__(self) -> None:
        self._found: list[tuple[bool, list[str]]] = []

    def add(self, texts: Sequence[str], *, changed: bool) -> None:
        if not texts:
            return
        if not self._found or self._found[-1][0] is not changed:
            self._found.append((changed, []))
        self._found[-1][1].extend(texts)

    def pieces(self) -> Pieces:
        return tuple(Piece("".join(texts), changed) for changed, texts in self._found)


class _Comparison:
    """Both sides as they grow, and how much may still be looked at."""

    def __init__(self) -> None:
        self.left = _Side()
        self.right = _Side()
        self._pairs = MOST_PAIRS

    def compare(self, left: str, right: str) -> None:
        self._between_ends(_LINE.findall(left), _LINE.findall(right), self._lines)

    def _between_ends(self, left: list[str], right: list[str], compare: _Compare) -> None:
        """Take off what both begin and end with, and compare the rest."""
        start = 0
        shortest = min(len(left), len(right))
        while start < shortest and left[start] == right[start]:
            start += 1
        end = 0
        while end < shortest - start and left[-1 - end] == right[-1 - end]:
            end += 1
        self._same(left[:start])
        compare(left[start : len(left) - end], right[start : len(right) - end])
        self._same(left[len(left) - end :])

    def _lines(self, left: list[str], right: list[str]) -> None:
        if max(len(left), len(right)) > MOST_LINES:
            self._changed(left, right)
            return
        for kind, a, b, c, d in SequenceMatcher(None, left, right).get_opcodes():
            if kind == "equal":
                self._same(left[a:b])
            else:
                words = _WORD.findall("".join(left[a:b])), _WORD.findall("".join(right[c:d]))
                self._between_ends(*words, self._words)

    def _words(self, left: list[str], right: list[str]) -> None:
        pairs = len(left) * len(right)
        if pairs > self._pairs:
            self._changed(left, right)
            return
        self._pairs -= pairs
        # Spaces stand everywhere, so they say nothing about where the texts meet. What else stands
        # nearly everywhere is left to the library to find: with such words the time is cubic.
        matcher = SequenceMatcher(str.isspace, left, right)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                self._same(left[a:b])
            else:
                self._changed(left[a:b], right[c:d])

    def _same(self, texts: Sequence[str]) -> None:
        self.left.add(texts, changed=False)
        self.right.add(texts, changed=False)

    def _changed(self, left: Sequence[str], right: Sequence[str]) -> None:
        self.left.add(left, changed=True)
        self.right.add(right, changed=True)
