"""The links in an entry: their words and targets, and where they are on the page.

Links are named by where they stand, so that the keyboard and screen readers can go from one to
the next. Only those that may be opened count as links at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, BlockKind, Look, RichText, Span
from desktop_app.ui.transcript.footnotes import NOTE
from desktop_app.ui.transcript.fragments import blocks_shown
from desktop_app.ui.transcript.inline import is_allowed_link, rich_text
from desktop_app.ui.transcript.plain import table_cells
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.text_layout import range_boxes

if TYPE_CHECKING:
    from desktop_app.ui.transcript.entry_item import EntryItem

_PREFIX = "link:"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a row: UTF-16 offsets in the row's text, target, and the words shown.

    The mark of a footnote is one too; its target is `NOTE` with the label.
    """

    row: int
    start: int
    end: int
    target: str
    words: str

    @property
    def id(self) -> str:
        """A name for it among all that can be pressed in the entry."""
        return f"{_PREFIX}{self.row}:{self.start}"


def is_link_id(identifier: str) -> bool:
    """Whether an id is that of a link."""
    return identifier.startswith(_PREFIX)


def links_of(item: EntryItem) -> list[Link]:
    """All links of an entry, in the order of its text."""
    return [
        link
        for index, block in enumerate(blocks_shown(item))
        for link in links_in_block(index, block)
    ]


def find_link(item: EntryItem, identifier: str) -> Link | None:
    """The link with an id, while it is still there."""
    index = int(identifier.split(":")[1])
    blocks = blocks_shown(item)
    if index >= len(blocks):
        return None
    return next(
        (link for link in links_in_block(index, blocks[index]) if link.id == identifier), None
    )


def links_in_block(index: int, block: Block) -> Iterator[Link]:
    """The links of the block that is row `index`."""
    if block.kind is BlockKind.TABLE:
        place = 0
        for cells in table_cells(block):
            for cell in cells:
                rich = rich_text(cell)
                yield from _links(index, rich, place)
                place += utf16.length(rich.text) + 1
    elif block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        yield from _links(index, rich_text(block.source), 0)


def link_at(block: Block, offset: int, target: str) -> Link | None:
    """The link to `target` in a block that is nearest to an offset."""
    found = [link for link in links_in_block(0, block) if link.target == target]
    return min(found, key=lambda link: max(link.start - offset, offset - link.end), default=None)


def link_boxes(row: Row, link: Link) -> list[QRectF]:
    """Where a link is in its row, which is laid out: a box for each line."""
    return [
        box
        for piece in row.pieces or ()
        if piece.start < link.end and link.start < piece.start + piece.length
        for box in range_boxes(piece, link.start - piece.start, link.end - piece.start)
    ]


def _target_of(span: Span) -> str:
    if span.look & Look.NOTE:
        return f"{NOTE}{span.target}"
    return span.target if span.look & Look.LINK and is_allowed_link(span.target) else ""


def _links(index: int, rich: RichText, place: int) -> Iterator[Link]:
    offset_of = utf16.offsets(rich.text)
    start, end, target = 0, 0, ""
    for span in rich.spans:
        to = _target_of(span)
        if target and to == target and span.start == end and span.look & Look.LINK:
            end = span.end
            continue
        if target:
            yield Link(
                index,
                place + offset_of(start),
                place + offset_of(end),
                target,
                rich.text[start:end],
            )
        start, end, target = span.start, span.end, to
    if target:
        yield Link(
            index, place + offset_of(start), place + offset_of(end), target, rich.text[start:end]
        )
