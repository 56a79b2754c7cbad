"""The block list of a Markdown text, as values. Each block becomes one row of the view.

No Qt and no parsing here. Offsets of spans count code points; rows turn them into UTF-16. They are
tuples: each streamed piece makes a few and compares them with those before.
"""

from __future__ import annotations

from enum import IntFlag, StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a block is drawn as."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    RULE = "rule"
    CODE = "code"
    TABLE = "table"
    MATHS = "maths"
    IMAGE = "image"
    PLAIN = "plain"


class Block(NamedTuple):
    """One drawable piece of a text.

    `source` is Markdown for paragraphs, headings and table rows, the code itself for code, TeX with
    its delimiters for a formula, and the words for an image, whose `header` is its `data:` address,
    empty while that is on its way.
    `path` names the containers from the outside in: "q" a quote, "i" a list item. `marker` stands
    on the first block of an item: "•", "3.", "☐" or "☑", or "[^1]" on a footnote. Code and tables that go on without end
    are cut into several blocks; `first` and `last` say which ends are real. `run_on` marks a
    paragraph piece that continues the line of the block before it, `mid_line` a piece of code or
    plain text that begins inside a line that was too long for one piece. A later piece of a table
    carries the source of its first piece in `lead`, so that its columns are as wide.
    """

    kind: BlockKind
    source: str
    path: str = ""
    marker: str = ""
    level: int = 0
    language: str = ""
    first: bool = True
    last: bool = True
    loose: bool = False
    run_on: bool = False
    mid_line: bool = False
    header: str = ""
    lead: str = ""

    @property
    def note(self) -> str:
        """The label of the footnote that begins here, or empty."""
        return self.marker[2:-1] if self.marker.startswith("[^") else ""


class Look(IntFlag):
    """How a span of text differs from the text around it."""

    NONE = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    MATHS = 16
    LINK = 32
    CHIP = 64
    NOTE = 128


class Span(NamedTuple):
    """A run of text from `start` to `end` (code points) with one look.

    `target` is the address of a link or an image, or the label of a footnote.
    """

    start: int
    end: int
    look: Look
    target: str = ""


class RichText(NamedTuple):
    """Text with its spans, in order and not overlapping."""

    text: str
    spans: tuple[Span, ...] = ()
