"""The open leaf of an image that a text carries in itself: a line with a `data:` address.

Such a line has up to millions of letters; they are gathered, never laid out. Everything else that
looks like an image stays a chip in running text (see `inline`): nothing is ever fetched or opened.
"""

from __future__ import annotations

import re
from typing import Self

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.leaves import Frame, Leaf, ParagraphLeaf

_OPENING = re.compile(r"[ ]{0,3}!\[([^\]\n]{0,200})\]\((data:image/(?:png|jpeg|gif|webp);base64,)")
_LETTERS = re.compile(r"[A-Za-z0-9+/]*={0,2}\Z")


class ImageLeaf(Leaf):
    """One line; a paragraph with a chip where it turns out not to be an image."""

    is_literal = True

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._alt = ""
        self._scheme = ""
        self._parts: list[str] = []

    @staticmethod
    def opens(rest: str) -> bool:
        """Whether a line opens an image that stands by itself."""
        return rest.lstrip(" ").startswith("![") and _OPENING.match(rest) is not None

    def fork(self) -> Self:
        """A copy that can be fed ahead."""
        twin = super().fork()
        twin._parts = list(self._parts)  # noqa: SLF001 - its own twin
        return twin

    def ends_before(self, rest: str, *, is_blank: bool) -> bool:
        """An image is one line."""
        del rest, is_blank
        return True

    def literal(self, rest: str, closed: list[Block], line: str = "") -> bool:
        """The line, or the head of a long one; never its end, which only the next line tells."""
        del closed, line
        found = _OPENING.match(rest)
        if found is not None:
            self._alt, self._scheme = found.group(1).strip(), found.group(2)
            self._parts.append(rest[found.end() :])
        return False

    def more(self, text: str, closed: list[Block]) -> None:
        """More of the same line."""
        del closed
        self._parts.append(text)

    def close(self, closed: list[Block]) -> None:
        """The line is over."""
        letters, bracket, rest = "".join(self._parts).rstrip().partition(")")
        if bracket and not rest and _LETTERS.match(letters):
            self._put(closed, f"{self._scheme}{letters}")
            return
        path, marker, loose, _ = self.frame
        paragraph = ParagraphLeaf(Frame(path, marker, loose))
        # The letters of what cannot be shown tell nobody anything.
        paragraph.line(f"![{self._alt}]({self._scheme}){rest}", closed)
        paragraph.close(closed)

    def close_as_image(self, closed: list[Block]) -> None:
        """The image so far, shown as one that is on its way."""
        self._put(closed, "")

    def _put(self, closed: list[Block], address: str) -> None:
        path, marker, loose, _ = self.frame
        closed.append(Block(BlockKind.IMAGE, self._alt, path, marker, loose=loose, header=address))
