"""The words of one entry as they are searched: paragraphs, code blocks and tables in one piece each.

Rows cut what is long; a word across such a cut is found all the same. Read in steps, so that a
long entry holds nothing up.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator
from typing import NamedTuple

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.entry_blocks import blocks_below, details_of, document_of
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.hit_marks import Mark
from desktop_app.ui.transcript.matching import Folded, Query, fold
from desktop_app.ui.transcript.plain import block_text

FED_AT_ONCE = 4_000
"""Characters of an entry without rows, or not all of them, that are parsed in one step."""

HITS_AT_ONCE = 200
SEARCHED_AT_ONCE = 2_000
"""Hits, and characters, between two looks at the clock."""
GROUP_COST = 40
"""Characters that could be searched while a group is begun."""
LONGEST_GROUP = 32
"""Rows searched in one piece, so that code without end costs the same however long it is. Beyond,
only a hit across two lines is missed."""


class Hit(NamedTuple):
    """Where a hit is in its entry: rows and UTF-16 offsets in them; compares in reading order."""

    row: int
    start: int
    end_row: int
    end: int


def marks_of(hits: list[Hit], row: int, current: Hit | None) -> list[Mark]:
    """What the hits of an entry, in reading order, mark in one of its rows."""
    index = bisect.bisect_left(hits, (row,))
    while index and hits[index - 1].end_row >= row:
        index -= 1
    marks = []
    while index < len(hits) and hits[index].row <= row:
        hit = hits[index]
        index += 1
        start = hit.start if hit.row == row else 0
        end = hit.end if hit.end_row == row else 1 << 30
        marks.append((start, end, hit == current))
    return marks


class Group:
    """The text of rows that belong together, and where each row begins in it."""

    __slots__ = ("_folded", "_offsets", "_starts", "first_row", "text", "texts")

    def __init__(self, first_row: int, blocks: list[Block]) -> None:
        self.first_row = first_row
        self.texts = [block_text(block) for block in blocks]
        seam = "" if blocks[0].kind is BlockKind.PARAGRAPH else "\n"
        self.text = seam.join(self.texts)
        self._starts = [0]
        for text in self.texts:
            self._starts.append(self._starts[-1] + len(text) + len(seam))
        self._folded: dict[bool, Folded] = {}
        self._offsets: dict[int, Callable[[int], int]] = {}

    @property
    def end_row(self) -> int:
        """The row after the last one."""
        return self.first_row + len(self.texts)

    def hits(self, query: Query) -> Iterator[Hit]:
        """The hits of a query."""
        folded = self._folded.get(query.matches_case)
        if folded is None:
            folded = fold(self.text, matches_case=query.matches_case)
            self._folded[query.matches_case] = folded
        for start, end in query.find(self.text, folded):
            row, offset = self._place(start, is_end=False)
            end_row, end_offset = self._place(end, is_end=True)
            yield Hit(row, offset, end_row, end_offset)

    def _place(self, index: int, *, is_end: bool) -> tuple[int, int]:
        """Row and UTF-16 offset of a place; an end belongs to the row it ends in."""
        find = bisect.bisect_left if is_end else bisect.bisect_right
        number = max(0, min(find(self._starts, index), len(self.texts)) - 1)
        offset_of = self._offsets.get(number)
        if offset_of is None:
            offset_of = self._offsets[number] = utf16.offsets(self.texts[number])
        return self.first_row + number, offset_of(index - self._starts[number])


def groups_of(blocks: list[Block], first_row: int = 0) -> Iterator[Group]:
    """The groups of blocks, the first of which is row `first_row` of its entry."""
    start = 0
    for index in range(1, len(blocks) + 1):
        if index == len(blocks) or not continues(blocks[index], index - start):
            yield Group(first_row + start, blocks[start:index])
            start = index


def continues(block: Block, length: int) -> bool:
    """Whether a block belongs to the group before it, which has `length` rows."""
    return block.run_on or (not block.first and length < LONGEST_GROUP)


def read_blocks(item: EntryItem) -> Iterator[list[Block]]:
    """The blocks of an entry, read step by step; the last list is complete.

    The details are among them whether they are unfolded or not.
    """
    if item.rows is not None and item.is_read and not item.is_folded:
        blocks = [row.block for row in item.rows]
        yield blocks if item.is_unfolded else blocks + details_of(item.entry)
        return
    document = document_of(item.entry)
    blocks, source = [], item.source
    for start in range(0, len(source), FED_AT_ONCE):
        blocks += document.feed(source[start : start + FED_AT_ONCE])
        yield blocks
    if not item.entry.streaming:
        blocks += document.finish()
    yield blocks + document.tail() + blocks_below(item.entry, is_unfolded=True)


def groups_in(item: EntryItem) -> Iterator[list[Group]]:
    """The groups of an entry, read step by step; the last list is complete."""
    groups: list[Group] = []
    blocks: list[Block] = []
    for blocks in read_blocks(item):  # noqa: B007 - the last one is complete
        yield groups
    for group in groups_of(blocks):
        groups.append(group)
        yield groups


def hits_in(groups: list[Group], query: Query) -> Iterator[list[Hit]]:
    """The hits in groups, step by step; the last list is complete."""
    hits: list[Hit] = []
    searched = 0
    for group in groups:
        for hit in group.hits(query):
            hits.append(hit)
            if len(hits) % HITS_AT_ONCE == 0:
                yield hits
        searched += len(group.text) + GROUP_COST
        if searched > SEARCHED_AT_ONCE:
            searched = 0
            yield hits
    yield hits
