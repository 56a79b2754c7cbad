"""Text that is safe to store, to show in one line, and to send again."""

import re
from typing import Final

from desktop_app.domain.graphemes import boundary_before

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_SPACE: Final = re.compile(r"\s+")
_BACKTICKS: Final = re.compile(r"`{3,}")
_HIGH_SURROGATE: Final = range(0xD800, 0xDC00)

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
TITLE_LENGTH: Final = 60


def storable(text: str) -> str:
    """Return ``text`` with halves of surrogate pairs joined and what cannot be kept replaced.

    A lone surrogate makes both SQLite and the next request fail with ``UnicodeEncodeError``, and a
    NUL ends the text for SQLite's own functions; each becomes U+FFFD. Text without either is
    returned as it is.
    """
    if not _UNSTORABLE.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", REPLACEMENT)


class SurrogateJoiner:
    """Joins a surrogate pair that a server cut in two and makes every fragment storable.

    JSON may carry one astral character as two escapes in two events; taken apart, both halves
    would be lost.
    """

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return the part of ``text`` that is whole; a trailing high surrogate waits."""
        if not self._held and text.isascii() and "\x00" not in text:
            return text
        text = self._held + text
        self._held = ""
        if text and ord(text[-1]) in _HIGH_SURROGATE:
            self._held, text = text[-1], text[:-1]
        return storable(text)

    def flush(self) -> str:
        """Return what still waits, as a replacement character; nothing in the usual case."""
        held, self._held = self._held, ""
        return storable(held)


def one_line(text: str, limit: int = TITLE_LENGTH) -> str:
    """Return ``text`` as one line of at most ``limit`` letters, cut at a word where possible.

    What a person takes for one character is not cut in two.
    """
    line = _SPACE.sub(" ", text).strip()
    if len(line) <= limit:
        return line
    space = line.rfind(" ", 0, limit)
    # A cut in mid-word is kept when the last space is far away, as in Chinese text.
    cut = line[:space] if space >= limit // 2 else line[: boundary_before(line, limit - 1, 0)]
    return cut.rstrip(" ,.;:，。；：、") + "…"


def fenced(text: str) -> str:
    """Return ``text`` as a block of code in Markdown, in a fence that it cannot end."""
    longest = max((len(found.group()) for found in _BACKTICKS.finditer(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}"
