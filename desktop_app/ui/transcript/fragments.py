"""The selected text as pieces of blocks: what all ways of copying start from.

Entries between the first and the last are read from their text; no rows are made for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.entry import Entry
from desktop_app.ui.transcript.entry_blocks import blocks_below, document_of
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.plain import block_text, marker_text, separator
from desktop_app.ui.transcript.selection import END_OF_ROW, Selection
from desktop_app.ui.transcript.stack import Stack


@dataclass(frozen=True, slots=True)
class Fragment:
    """The letters from `start` to `end` of a block's shown text, in code points."""

    block: Block
    text: str
    start: int
    end: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the block is missing."""
        return self.start == 0 and self.end == len(self.text)

    @property
    def words(self) -> str:
        """The selected letters."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Part:
    """What is selected of one entry; `source` is its Markdown where all of it is selected."""

    fragments: list[Fragment]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is selected of one entry, held fast as it is now and worked out when it is wanted.

    `start` and `end` are a row and a UTF-16 offset; None where the entry is selected from its very
    beginning, or to its very end. `blocks` is None where they are still to be read.
    """

    entry: Entry
    blocks: list[Block] | None
    is_unfolded: bool
    start: tuple[int, int] | None
    end: tuple[int, int] | None

    def part(self) -> Part:
        """The fragments. Costs the parsing of the entry where it was never looked at."""
        blocks = self.blocks
        if blocks is None:
            blocks = blocks_of_entry(self.entry, is_unfolded=self.is_unfolded)
        first = self.start[0] if self.start else 0
        last = self.end[0] if self.end else len(blocks) - 1
        fragments = []
        for index, block in enumerate(blocks[first : last + 1], first):
            text = block_text(block)
            begin = utf16.index(text, self.start[1]) if self.start and index == first else 0
            until = utf16.index(text, self.end[1]) if self.end and index == last else len(text)
            fragments.append(Fragment(block, text, min(begin, len(text)), min(until, len(text))))
        is_whole = len(fragments) == len(blocks) and all(each.is_whole for each in fragments)
        has_source = is_whole and self.entry.markdown and not self.is_unfolded
        return Part(fragments, self.entry.text if has_source else "")

    def source(self) -> str:
        """The Markdown of the entry if all of it is selected for certain, without any parsing."""
        is_middle = self.start is None and self.end is None
        return self.entry.text if is_middle and self.entry.markdown and not self.is_unfolded else ""


def blocks_shown(item: EntryItem) -> list[Block]:
    """The blocks that an entry shows or would show, without making rows for it."""
    if item.rows is not None and item.is_read and not item.is_folded:
        return [row.block for row in item.rows]
    item.take_in()
    return blocks_of_entry(item.entry, is_unfolded=item.is_unfolded)


def blocks_of_entry(entry: Entry, *, is_unfolded: bool) -> list[Block]:
    """The blocks of an entry, read now."""
    document = document_of(entry)
    blocks = document.feed(entry.text)
    if not entry.streaming:
        blocks += document.finish()
    return blocks + document.tail() + blocks_below(entry, is_unfolded=is_unfolded)


def whole_block(block: Block) -> Fragment:
    """All of a block."""
    text = block_text(block)
    return Fragment(block, text, 0, len(text))


def block_groups(fragments: list[Fragment]) -> list[list[Fragment]]:
    """The pieces of one paragraph, one code block or one table together."""
    groups: list[list[Fragment]] = []
    for fragment in fragments:
        if groups and not fragment.block.first:
            groups[-1].append(fragment)
        else:
            groups.append([fragment])
    return groups


def is_phrase(fragments: list[Fragment]) -> bool:
    """Whether they are a part of running text, or of one cell, rather than blocks."""
    if len(block_groups(fragments)) != 1:
        return False
    block = fragments[0].block
    if block.kind is BlockKind.TABLE:
        return len(fragments) == 1 and not {"\t", "\n"} & set(fragments[0].words)
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PLAIN):
        return False
    return not all(fragment.is_whole for fragment in fragments)


def freeze(stack: Stack, selection: Selection) -> list[Frozen]:
    """What is selected, entry by entry, as it is now; empty without a selection."""
    ends = selection.ordered
    if ends is None:
        return []
    start, end = ends
    frozen = []
    for item in stack.items[start[0] : end[0] + 1]:
        item.take_in()
        frozen.append(
            Frozen(
                item.entry,
                [row.block for row in item.rows] if item.rows and item.is_read else None,
                item.is_unfolded,
                start[1:] if item.index == start[0] and start[1:] != (0, 0) else None,
                end[1:] if item.index == end[0] and end[1] < END_OF_ROW else None,
            )
        )
    return frozen


def plain_of(fragments: list[Fragment]) -> str:
    """Fragments of one entry as plain text."""
    texts: list[str] = []
    for fragment in fragments:
        if texts:
            texts.append(separator(fragment.block))
        if fragment.start == 0 and (fragment.end or not fragment.text):
            texts.append(marker_text(fragment.block))
        texts.append(fragment.words)
    return "".join(texts)
