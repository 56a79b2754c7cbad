"""What a row has from the rows before it: the space above it, and the state of its block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.ui.transcript.block_state import adopt
from desktop_app.ui.transcript.reading import UnreadRow
from desktop_app.ui.transcript.rows import Row

if TYPE_CHECKING:
    from desktop_app.ui.transcript.blocks import Block
    from desktop_app.ui.transcript.entry_item import EntryItem


def fit(item: EntryItem, rows: list[Row], index: int, before: Row | None) -> list[int]:
    """Fit rows that will stand at `index` of an entry to each other and to the one before them.

    Returns their heights, exact or estimated.
    """
    width, heights = item.row_width or 600, []
    for number, row in enumerate(rows, start=index):
        adopt(item, row, number, before)
        row.follow(block_of(before))
        heights.append(row.height if row.pieces else row.estimate(width))
        before = row
    return heights


def block_of(row: Row | None) -> Block | None:
    """The block of a row; None where that stands for unread text."""
    return None if row is None or isinstance(row, UnreadRow) else row.block
