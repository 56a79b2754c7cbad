"""The title that a text gives a conversation."""

import re
from collections.abc import Collection
from itertools import count
from typing import Final

from desktop_app.domain.text import one_line

_LOOKED_AT: Final = 500
"""Letters of a line; a title has sixty, and the patterns below are slow on long hostile lines."""

_FENCE: Final = re.compile(r"^\s*(?:```|~~~)")
_MARKERS: Final = re.compile(r"^(?:\s*(?:#{1,6}\s+|>|[-*+]\s+|\d{1,9}[.)]\s+))+")
_RULE: Final = re.compile(r"^\s*(?:[-*_=#]\s*)+$")
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_STRONG: Final = re.compile(r"\*\*|~~|`+|(?<!\w)__|__(?!\w)")
_EMPHASIS: Final = re.compile(r"(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_SENTENCE: Final = re.compile(r"^(?:.{15,}?[.!?](?=\s)|.{5,}?[。！？])")


def title_of(text: str) -> str:
    """Return the first sentence of the first line that has words, without Markdown's signs.

    It has at most 60 letters and cuts no character of a person's in two. Very short sentences,
    such as a greeting, take the next one along. Empty when there is nothing but space.
    """
    for line in text.splitlines():
        if not line.strip() or _FENCE.match(line) or _RULE.match(line):
            continue
        if title := one_line(_first_sentence(_plain(line[:_LOOKED_AT]))):
            return title
    return one_line(text)


def numbered(title: str, taken: Collection[str]) -> str:
    """Return ``title`` with the first number, from 2 on, that none of ``taken`` has."""
    stem = re.sub(r" \(\d{1,6}\)$", "", title)
    return next(name for n in count(2) if (name := f"{stem} ({n})") not in taken)


def _plain(line: str) -> str:
    line = _LINK.sub(r"\1", _MARKERS.sub("", line))
    return _EMPHASIS.sub(r"\2", _STRONG.sub("", line)).strip()


def _first_sentence(line: str) -> str:
    found = _SENTENCE.match(line)
    sentence = found.group() if found else line
    # An ellipsis says something; a full stop does not, at the end of a title.
    return sentence if sentence.endswith("..") else sentence.removesuffix(".").removesuffix("。")
