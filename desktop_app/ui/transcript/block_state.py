"""What the pieces of one code block or table have in common, and what outlives their layouts.

Code and tables are cut into pieces, a row each, whose layouts come and go. How far the reader has
scrolled such a block sideways, whether its lines are wrapped and whether it is folded belongs to
the block as a whole, and is kept by its entry under the index of the block's first row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.ui.transcript.blocks import BlockKind

if TYPE_CHECKING:
    from desktop_app.ui.transcript.entry_item import EntryItem
    from desktop_app.ui.transcript.rows import Row

KINDS = frozenset({BlockKind.CODE, BlockKind.TABLE})


class BlockState:
    """One block's state; `offset` and `extent` are pixels, `first` is its first row's index.

    `wraps` and `folds` are the reader's own choices, None while there is none; `was_streamed`
    says that the block grew under the reader's eyes.
    """

    __slots__ = ("_item", "extent", "first", "folds", "offset", "was_streamed", "wraps")

    def __init__(self, item: EntryItem, first: int) -> None:
        self._item = item
        self.first = first
        self.offset = 0.0
        self.extent = 0.0
        self.wraps: bool | None = None
        self.folds: bool | None = None
        self.was_streamed = item.entry.streaming

    def head(self) -> Row | None:
        """The first piece; None while there are no rows."""
        rows = self._item.rows or []
        return rows[self.first] if self.first < len(rows) else None

    def pieces(self) -> list[Row]:
        """The rows of the block, from its first piece to its last."""
        found: list[Row] = []
        for row in (self._item.rows or [])[self.first :]:
            if found and row.block.first:
                break
            found.append(row)
            if row.block.last:
                break
        return found


def adopt(item: EntryItem, row: Row, index: int) -> None:
    """Give a new row at `index` of an entry the state of its block."""
    block = row.block
    if block.kind not in KINDS:
        return
    rows = item.rows or []
    if not block.first and index:
        row.state = rows[index - 1].state
        return
    if item.block_states is None:
        item.block_states = {}
    state = item.block_states.get(index)
    if state is None:
        state = item.block_states[index] = BlockState(item, index)
    row.state = state


def forget_extents(item: EntryItem) -> None:
    """Other fonts or another width: what was measured is true no longer."""
    for state in (item.block_states or {}).values():
        state.extent = 0.0
