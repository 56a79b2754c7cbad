"""Which conversations the words in the search field mean: words of the title, and ``#tag``."""

from desktop_app.domain.conversation import Conversation


class TitleFilter:
    """The words of ``text``, parted by spaces.

    Every word must stand somewhere in the title; one that begins with ``#`` may also be the
    beginning of a tag. Case does not matter.
    """

    def __init__(self, text: str = "") -> None:
        self._words = tuple(text.casefold().split())

    def __bool__(self) -> bool:
        return bool(self._words)

    def matches(self, conversation: Conversation) -> bool:
        """Whether ``conversation`` is meant."""
        title = conversation.title.casefold()
        tags = [f"#{tag.casefold()}" for tag in conversation.tags]
        return all(
            word in title or (word[0] == "#" and any(tag.startswith(word) for tag in tags))
            for word in self._words
        )
