"""The space between neighbouring blocks that neither of them can know alone.

Each row has its own space above and below, which is right among its like. What follows a list, and
what goes into or comes out of a quote, needs a little more, or different things look like one.
"""

from __future__ import annotations

from desktop_app.ui.transcript.blocks import Block, BlockKind

AFTER_LIST = 0.28
"""Ems that a list's last item, close to its neighbours, lacks towards what is no item."""
BESIDE_QUOTE = 0.26
"""Ems between the bar of a quote, which runs from edge to edge of its rows, and what is outside."""


def shared_containers(after: Block, block: Block) -> int:
    """How many containers a block shares with the one before it, counted from the outside.

    An item that begins here is another one; of two quotes in a row only one bar is drawn.
    """
    most = block.path.rindex("i") if block.marker and "i" in block.path else len(block.path)
    count = 0
    while count < min(len(after.path), most) and after.path[count] == block.path[count]:
        count += 1
    return count


def lead_of(after: Block | None, block: Block) -> float:
    """Ems above a block, outside its own containers, besides what its row leaves free."""
    if after is None or block.run_on or not block.first:
        return 0.0
    shared = shared_containers(after, block)
    ems = 0.0
    left = after.path[shared:]
    is_sibling = block.marker and block.path.endswith("i")
    if after.path.endswith("i") and "i" in left and not is_sibling and _is_text(after):
        ems += AFTER_LIST
    if "q" in left or "q" in block.path[shared:]:
        ems += BESIDE_QUOTE
    return ems


def _is_text(block: Block) -> bool:
    return block.kind not in (BlockKind.CODE, BlockKind.TABLE, BlockKind.RULE, BlockKind.HEADING)
