"""Which commands are meant by what was typed, the likeliest first. Knows nothing of widgets.

Every word has to stand somewhere in the names of a command, in any order: in the one that the
window shows, in the English one, or in what else it is found by. Who types initials is understood
too, where nothing else fits.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

from desktop_app.domain.search_text import FoldedText, Term, fold, parse

_FEWEST_INITIALS: Final = 2


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done.

    Attributes:
        id: Stays the same from run to run; unique among the commands, one line.
        title: What it is called, in the language of the window.
        run: Does it.
        english: What it is called in English.
        aside: Stands behind the title: its shortcut, or where it is from.
        told: What else there is to say of it, for whoever asks; also found.
        is_enabled: Whether it can be done at this moment.
        is_slow: Whether what it does may take a while and may fail.
    """

    id: str
    title: str
    run: Callable[[], object] = field(compare=False)
    english: str = ""
    aside: str = ""
    told: str = ""
    is_enabled: Callable[[], bool] = field(default=lambda: True, compare=False)
    is_slow: bool = False


class _Fit(IntEnum):
    """How well a command is what was typed; less is better."""

    BEGINNINGS = 0
    """Every word begins a word of it."""
    INSIDE = 1
    INITIALS = 2


def ranked(commands: Iterable[Command], text: str, recent: Sequence[str]) -> tuple[Command, ...]:
    """Return the commands that ``text`` means, the likeliest first.

    Among those that fit equally well the ones used recently come first, then the order given.

    Args:
        commands: All of them, in the order of the menu.
        text: What was typed; blank means all of them.
        recent: Ids of commands, the one used last first.
    """
    terms = parse(text)
    letters = fold(text)
    ages = {identifier: age for age, identifier in enumerate(recent)}
    found: list[tuple[int, int, Command]] = []
    for command in commands:
        fit = _fit(command, terms, letters)
        if fit is not None:
            found.append((fit, ages.get(command.id, len(ages)), command))
    # Sorting is stable: what is alike keeps its order.
    return tuple(command for _, _, command in sorted(found, key=lambda row: row[:2]))


def _fit(command: Command, terms: Sequence[Term], letters: str) -> _Fit | None:
    text = _folded(f"{command.title}\n{command.english}\n{command.aside}\n{command.told}")
    if all(term.is_in(text) for term in terms):
        is_begun = all(_begins_word(term, text) for term in terms)
        return _Fit.BEGINNINGS if is_begun else _Fit.INSIDE
    if len(letters) >= _FEWEST_INITIALS and len(terms) == 1:
        names = (command.title, command.english)
        if any(_is_within(letters, _initials(name)) for name in names):
            return _Fit.INITIALS
    return None


def _begins_word(term: Term, text: FoldedText) -> bool:
    form = text.plain if term.is_plain else text.exact
    place = form.find(term.text)
    while place > 0 and form[place - 1].isalnum():
        place = form.find(term.text, place + 1)
    return place >= 0


def _is_within(letters: str, initials: str) -> bool:
    """Whether ``letters`` stand in ``initials``, in this order, perhaps with others between."""
    rest = iter(initials)
    return all(letter in rest for letter in letters)


# Servers may offer thousands of resources, and every key that is typed looks at all of them.
@lru_cache(maxsize=8_192)
def _folded(text: str) -> FoldedText:
    return FoldedText(text)


@lru_cache(maxsize=8_192)
def _initials(name: str) -> str:
    return "".join(word[0] for word in fold(name).split() if word[0].isalnum())
