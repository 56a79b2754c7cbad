"""The last lines of one server's log, bounded in lines and letters: a flood costs no memory."""

import re
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from desktop_app.domain.mcp_server import LogLine, LogOrigin
from desktop_app.log import redacted

MOST_LINES: Final = 1_000
MOST_LETTERS: Final = 2_000
"""Of one line; what is beyond is left out and said."""


_COLOURS: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class ServerLog:
    """A ring of lines, secrets taken out.

    Args:
        on_line: Called after each line.
    """

    def __init__(self, on_line: Callable[[], None] = lambda: None) -> None:
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._on_line = on_line

    @property
    def lines(self) -> tuple[LogLine, ...]:
        """The lines, the oldest first."""
        return tuple(self._lines)

    def add(self, origin: LogOrigin, text: str) -> None:
        """Keep one line."""
        text = _COLOURS.sub("", text[: MOST_LETTERS * 2])
        if len(text) > MOST_LETTERS:
            text = f"{text[:MOST_LETTERS]}…"
        shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in text.rstrip())
        self._lines.append(LogLine(time.time(), origin, redacted(shown.replace("\ufffd", " "))))
        self._on_line()


class LineSplitter:
    """Cuts a stream of bytes into lines, none longer than ``most`` bytes; the rest is dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rest = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> list[str]:
        """Take what came and return the lines that it ended."""
        lines = []
        *ended, rest = data.split(b"\n")
        for part in ended:
            if not self._skipping:
                self._rest += part
                lines.append(self._taken())
            self._skipping = False
        if not self._skipping:
            self._rest += rest
            if len(self._rest) > self._most:
                lines.append(self._taken())
                self._skipping = True
        return lines

    def end(self) -> list[str]:
        """Return what came after the last line break."""
        return [self._taken()] if self._rest and not self._skipping else []

    def _taken(self) -> str:
        text = bytes(self._rest[: self._most]).decode("utf-8", "replace").rstrip("\r")
        self._rest.clear()
        return text
