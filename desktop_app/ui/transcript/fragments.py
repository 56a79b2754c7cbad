"""The selected text as pieces of blocks: what all ways of copying start from.

Entries between the first and the last are read from their text; no rows are made for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.code_block import BARE
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.plain import block_text, marker_text, separator
from desktop_app.ui.transcript.plain_document import PlainDocument, plain_blocks
from desktop_app.ui.transcript.selection import Selection
from desktop_app.ui.transcript.stack import Stack
from desktop_app.ui.transcript.stream_document import StreamDocument


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
    """What is selected of one entry."""

    item: EntryItem
    fragments: list[Fragment]

    @property
    def is_whole(self) -> bool:
        """Whether the entry is selected from its first letter to its last."""
        is_complete = all(fragment.is_whole for fragment in self.fragments)
        return is_complete and len(self.fragments) == len(blocks_shown(self.item))


def blocks_shown(item: EntryItem) -> list[Block]:
    """The blocks that an entry shows or would show, without making rows for it."""
    if item.rows is not None:
        return [row.block for row in item.rows]
    document = StreamDocument() if item.entry.markdown else PlainDocument()
    blocks = document.feed(item.source)
    if not item.entry.streaming:
        blocks += document.finish()
    blocks += document.tail()
    return blocks + details_of(item) if item.is_unfolded else blocks


def details_of(item: EntryItem) -> list[Block]:
    """The blocks of an entry's details, shown after its text while they are unfolded."""
    return plain_blocks(item.entry.details, BlockKind.CODE, BARE) if item.entry.details else []


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


def selected_parts(stack: Stack, selection: Selection) -> list[Part]:
    """What is selected, entry by entry; empty without a selection."""
    ends = selection.ordered
    if ends is None:
        return []
    start, end = ends
    parts = []
    for item in stack.items[start[0] : end[0] + 1]:
        blocks = blocks_shown(item)
        first = start[1] if item.index == start[0] else 0
        last = end[1] if item.index == end[0] else len(blocks) - 1
        fragments = []
        for index, block in enumerate(blocks[first : last + 1], first):
            text = block_text(block)
            place = (item.index, index)
            begin = utf16.index(text, start[2]) if place == start[:2] else 0
            until = utf16.index(text, end[2]) if place == end[:2] else len(text)
            fragments.append(Fragment(block, text, min(begin, len(text)), min(until, len(text))))
        parts.append(Part(item, fragments))
    return parts


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
