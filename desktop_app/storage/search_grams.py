"""The words of the search index: every run of one, two or three letters that a text holds.

A text that holds a word holds all its runs, so whoever looks for the runs misses nothing; what is
found wrongly is sorted out by looking into the text. That is why each run is kept once for a text,
without its places (``detail=none``), and why runs across spaces are not kept at all. Measured on
20,000 texts of 900 characters of code: 0.5 ms for each, and 0.7 bytes for each byte of text.

Runs of three are not kept where an ideograph, kana or Hangul is among them: there two are rare
enough already, and most words have no more.
"""

import re
from collections.abc import Iterable
from typing import Final

from desktop_app.domain.search import Scope
from desktop_app.domain.search_text import FoldedText, Term

VERSION: Final = 1
"""Counts changes to this module and to the folding; an index of another version is made anew."""

_DENSE: Final = (
    "\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
_SPARSE_RUN: Final = re.compile(f"[^{_DENSE}]+")
_IS_DENSE: Final = re.compile(f"[{_DENSE}]")

# FTS5's tokenizer "ascii" takes all but ASCII as it is; of ASCII it keeps letters and digits. The
# rest goes where private signs are: should a text hold such a sign itself, too much is found.
_SIGNS: Final = {
    code: 0xE000 + code for code in range(128) if not chr(code).isalnum() and code != ord(" ")
}

_LATEST: Final = 1e11
_MOST_MONTHS: Final = 60

# Longer than any run, so it cannot be one.
_SCOPE_WORDS: Final = {scope: f"scope{scope.value}" for scope in Scope}


def document(text: str, scope: Scope, created_at: float) -> str:
    """Return the words under which ``text`` is kept, apart by spaces."""
    folded = FoldedText(text)
    # Most texts say the same words again and again.
    words = set(folded.exact.translate(_SIGNS).split(" "))
    if folded.plain is not folded.exact:
        words.update(folded.plain.translate(_SIGNS).split(" "))
    grams: set[str] = {_SCOPE_WORDS[scope], f"month{_month(created_at)}"}
    for word in words:
        size = len(word)
        grams.update(word)
        grams.update([word[at : at + 2] for at in range(size - 1)])
        if word.isascii() or not _IS_DENSE.search(word):
            grams.update([word[at : at + 3] for at in range(size - 2)])
        else:
            for run in _SPARSE_RUN.findall(word):
                grams.update([run[at : at + 3] for at in range(len(run) - 2)])
    return " ".join(grams)


def expression(
    terms: Iterable[Term], scopes: frozenset[Scope], times: tuple[float, float] | None = None
) -> str:
    """Return the FTS5 query for texts that may hold all of ``terms``.

    Args:
        terms: At least one.
        scopes: Who wrote them; at least one.
        times: The first and the last moment at which they may have been written.
    """
    words = {word for term in terms for word in term.text.translate(_SIGNS).split(" ")}
    needed = [f'"{gram}"' for gram in sorted({gram for word in words for gram in _needed(word)})]
    if scopes != frozenset(Scope):
        either = " OR ".join(_SCOPE_WORDS[scope] for scope in sorted(scopes))
        needed.append(f"({either})")
    if times is not None:
        first, last = map(_month, times)
        if last - first < _MOST_MONTHS:
            either = " OR ".join(f"month{month}" for month in range(first, max(first, last) + 1))
            needed.append(f"({either})")
    return " AND ".join(needed)


def _month(moment: float) -> int:
    """Count stretches of thirty days since the epoch; times that cannot be are the nearest."""
    return int(min(max(moment, 0.0), _LATEST) // (30 * 86_400))


def _needed(word: str) -> Iterable[str]:
    """The fewest runs that cover ``word``."""
    if len(word) < 3:
        return {word}
    runs: set[str] = set()
    for at in range(len(word) - 2):
        three = word[at : at + 3]
        if _IS_DENSE.search(three):
            runs.update((three[:2], three[1:]))
        else:
            runs.add(three)
    return runs
