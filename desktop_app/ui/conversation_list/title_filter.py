"""Which conversations the words in the search field mean: words of the title, and ``#tag``."""

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.search_text import FoldedText, Term, fold, parse


class TitleFilter:
    """What ``text`` asks for, as ``domain.search_text`` reads it.

    Every word or phrase must stand somewhere in the title; a word that begins with ``#`` may also
    be the beginning of a tag.
    """

    def __init__(self, text: str = "") -> None:
        self._terms = parse(text)
        self._folded: dict[str, FoldedText] = {}

    def asking(self, text: str) -> "TitleFilter":
        """Return what another text asks for; titles that were folded for this one are not again."""
        other = TitleFilter(text)
        other._folded = self._folded
        return other

    def __bool__(self) -> bool:
        return bool(self._terms)

    def matches(self, conversation: Conversation) -> bool:
        """Whether ``conversation`` is meant."""
        if not self._terms:
            return True
        title = conversation.title
        folded = self._folded.get(title) or self._folded.setdefault(title, FoldedText(title))
        return all(term.is_in(folded) or _is_tag(term, conversation) for term in self._terms)


def _is_tag(term: Term, conversation: Conversation) -> bool:
    if not term.text.startswith("#"):
        return False
    return any(fold(f"#{tag}").startswith(term.text) for tag in conversation.tags)
