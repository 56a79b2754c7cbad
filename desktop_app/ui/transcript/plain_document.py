"""Plain text that grows, as blocks of bounded length: the counterpart of `StreamDocument`.

For what a person typed and for other text whose signs mean nothing. Pieces are cut at line ends,
and inside a line only where it is longer than a piece; where depends on the text alone.
"""

from __future__ import annotations

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.stream_document import drawable

PIECE = 1_000
"""Characters in one block, the line end not counted."""


class PlainDocument:
    """Text in, blocks out; nothing in it is syntax."""

    def __init__(
        self, kind: BlockKind = BlockKind.PLAIN, header: str = "", language: str = ""
    ) -> None:
        self._kind = kind
        self._header = header
        self._language = language
        self._open = ""
        self._is_first = True
        self._is_mid_line = False
        self.is_finished = False

    def feed(self, text: str) -> list[Block]:
        """Read more text; the blocks that it closed, in order."""
        text, start = self._open + drawable(text), 0
        closed = []
        # A piece is closed one character late, so that the last one is known to be the last.
        while len(text) - start > PIECE + 1:
            end = text.rfind("\n", start, start + PIECE + 1)
            skipped = 1 if end > start else 0
            end = end if end > start else start + PIECE
            closed.append(self._block(text[start:end], last=False))
            self._is_mid_line = not skipped
            start = end + skipped
        self._open = text[start:]
        return closed

    def finish(self) -> list[Block]:
        """The end of the text."""
        self.is_finished = True
        return [self._block(self._open, last=True)] if self._open else []

    def tail(self) -> list[Block]:
        """The open end as it would be shown now."""
        if self.is_finished or not self._open:
            return []
        before = self._is_first, self._is_mid_line
        block = self._block(self._open, last=True)
        self._is_first, self._is_mid_line = before
        return [block]

    def _block(self, source: str, *, last: bool) -> Block:
        block = Block(
            self._kind,
            source,
            first=self._is_first,
            last=last,
            mid_line=self._is_mid_line,
            header=self._header,
            language=self._language,
        )
        self._is_first = self._is_mid_line = False
        return block


def plain_blocks(text: str, kind: BlockKind = BlockKind.PLAIN, header: str = "") -> list[Block]:
    """All blocks of a whole plain text."""
    document = PlainDocument(kind, header)
    return document.feed(text) + document.finish()
