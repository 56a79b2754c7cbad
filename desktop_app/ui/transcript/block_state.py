"""What the pieces of one code block or table have in common, and what outlives their layouts.

Code and tables are cut into pieces, a row each, whose layouts come and go. How far the reader has
scrolled such a block sideways, whether its lines are wrapped and whether it is folded belongs to
the block as a whole. Its rows share it; when an entry's rows are given up, what the reader chose is
kept under the number of the block's first row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.ui.transcript.blocks import BlockKind

if TYPE_CHECKING:
    from desktop_app.ui.transcript.entry_item import EntryItem
    from desktop_app.ui.transcript.rows import Row

KINDS = frozenset({BlockKind.CODE, BlockKind.TABLE})


class BlockState:
    """One block's state; `offset` and `extent` are pixels.

    `wraps` and `folds` are the reader's own choices, None while there is none; `was_streamed`
    says that the block grew under the reader's eyes.
    """

    __slots__ = (
        "_counted", "_first", "extent", "folds", "head", "item", "offset", "was_streamed", "wraps",
    )  # fmt: skip

    def __init__(self, item: EntryItem, head: Row, first: int) -> None:
        self.item = item
        self.head = head
        """The first piece."""
        self._first = first
        self._counted: tuple[int, Row | None, int] = (0, None, 0)
        self.offset = 0.0
        self.extent = 0.0
        self.wraps: bool | None = None
        self.folds: bool | None = None
        self.was_streamed = item.entry.streaming

    @property
    def first(self) -> int:
        """The number of the first row. Others may have come in before it since it was asked last."""
        rows = self.item.rows or []
        if self._first >= len(rows) or rows[self._first] is not self.head:
            self._first = rows.index(self.head) if self.head in rows else len(rows)
        return self._first

    @property
    def is_chosen(self) -> bool:
        """Whether it says anything that is not so by itself."""
        is_set = self.wraps is not None or self.folds is not None
        return is_set or self.was_streamed or self.offset > 0

    def begin_at(self, head: Row, first: int) -> None:
        """Another row is the first one now."""
        self.head, self._first = head, first

    def line_count(self) -> int:
        """How many lines of text the block has, counted anew only where its entry grew.

        Every repaint of a folded block asks: of 5 MB, counting takes 10 ms.
        """
        rows = self.item.rows or []
        size, last, lines = self._counted
        if size != len(rows) or last is not (rows[-1] if rows else None):
            blocks = [piece.block for piece in self.pieces()]
            lines = sum(block.source.count("\n") + (not block.mid_line) for block in blocks)
            self._counted = (len(rows), rows[-1] if rows else None, lines)
        return lines

    def pieces(self) -> list[Row]:
        """The rows of the block, from its first piece to its last."""
        found: list[Row] = []
        for row in (self.item.rows or [])[self.first :]:
            if found and row.block.first:
                break
            found.append(row)
            if row.block.last:
                break
        return found


def adopt(
    item: EntryItem, row: Row, index: int, before: Row | None, replaced: Row | None = None
) -> None:
    """Give a new row at `index` of an entry, behind another one, the state of its block.

    `replaced` is the row that was there before, while text streams.
    """
    block = row.block
    if block.kind not in KINDS:
        return
    state = before.state if before is not None and not block.first else None
    if state is not None:
        row.state = state
        return
    if replaced is not None and replaced.block.first == block.first:
        state = replaced.state
    if state is None and item.kept_states:
        state = item.kept_states.pop(index, None)
    if state is None:
        state = BlockState(item, row, index)
    state.begin_at(row, index)
    row.state = state


def join(item: EntryItem, index: int) -> list[Row]:
    """Give the pieces before and behind `index` one state if they are pieces of one block.

    Those behind were read first, as far as they could be without the others. Returns the pieces
    that have another state now, or the same one for other reasons.
    """
    rows = item.rows or []
    row = rows[index]
    state, before = row.state, rows[index - 1].state if index else None
    if row.block.first or state is None or before is None or before is state:
        return []
    first = before.first
    # The later one may be under the mouse, or scrolled sideways already.
    state.extent = max(state.extent, before.extent)
    state.begin_at(before.head, first)
    for piece in rows[first:index]:
        piece.state = state
    return state.pieces()


def chosen_states(item: EntryItem) -> dict[int, BlockState]:
    """What must outlive the rows of an entry, by the numbers of the blocks' first rows."""
    kept = dict(item.kept_states or {})
    for number, row in enumerate(item.rows or ()):
        state = row.state
        if state is not None and state.is_chosen and row.block.first:
            kept[number] = state
            # Other fonts: what was measured is true no longer.
            state.extent = 0.0
    return kept
