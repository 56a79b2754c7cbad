"""The person's words by which conversations are put in order: names of folders, and tags."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from desktop_app.domain.text import one_line, storable

LONGEST_TAG: Final = 30


def folder_name(text: str, known: Iterable[str] = ()) -> str:
    """Return ``text`` as the name of a folder; one of ``known`` that differs in case alone is meant.

    Empty for a blank text.
    """
    return _meant(one_line(storable(text)), known)


def tags_in(text: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the tags that ``text`` lists, parted by spaces or commas, with or without ``#``.

    None comes twice, also not in another case; one of ``known`` that differs in case alone is meant.
    """
    known = tuple(known)
    tags: dict[str, str] = {}
    for word in re.split(r"[\s,，、;；]+", storable(text)):
        tag = word.strip("#")[:LONGEST_TAG]
        if tag:
            tags.setdefault(tag.casefold(), _meant(tag, known))
    return tuple(tags.values())


def _meant(name: str, known: Iterable[str]) -> str:
    folded = name.casefold()
    return next((other for other in known if other.casefold() == folded), name)


def sorted_names(names: Collection[str]) -> tuple[str, ...]:
    """Return ``names`` in the order of the alphabet, whatever their case."""
    return tuple(sorted(names, key=lambda name: (name.casefold(), name)))
