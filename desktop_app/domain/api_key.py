"""An API key as text: what is trimmed, what is refused, and how it is shown.

Key formats are not checked beyond that: the service has several, and may add more.
"""

import re
import unicodedata
from typing import Final

_HEADER: Final = re.compile(r"(?:authorization:\s*)?bearer(?:\s+|\Z)", re.IGNORECASE)


class KeyTextError(ValueError):
    """A key that cannot be sent; ``character`` is the first that is not allowed.

    The message names the character by its Unicode name and position, never the key.
    """

    def __init__(self, character: str, position: int) -> None:
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        super().__init__(f"character {position + 1} is {name}")
        self.character = character
        self.character_name = name
        self.position = position


def clean_key(text: str) -> str:
    """Return the key inside ``text``: without white space anywhere and without "Bearer".

    Keys are pasted with line ends and spaces round them or, from a wrapped e-mail, inside them.

    Raises:
        KeyTextError: When another character than printable ASCII stands in it, such as a curly
            quote or a zero-width space, which HTTP cannot carry.
    """
    text = text.strip()
    if header := _HEADER.match(text):
        text = text[header.end() :]
    key = "".join(text.split())
    for position, character in enumerate(key):
        if not "!" <= character <= "~":
            raise KeyTextError(character, position)
    return key


def masked(key: str) -> str:
    """Return ``key`` as it may be shown: its last four characters when it is long enough to hide."""
    return f"••••{key[-4:]}" if len(key) >= 12 else "••••"
