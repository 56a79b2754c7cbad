"""Which kind of row draws which kind of block."""

from __future__ import annotations

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.code_block import CodeRow
from desktop_app.ui.transcript.image_row import ImageRow
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.table_block import TableRow
from desktop_app.ui.transcript.text_row import RuleRow, TextRow


def make_row(block: Block, style: Style, *, is_centred: bool = False) -> Row:
    """The row that draws a block."""
    if block.kind is BlockKind.CODE:
        return CodeRow(block, style)
    if block.kind is BlockKind.TABLE:
        return TableRow(block, style)
    if block.kind is BlockKind.IMAGE:
        return ImageRow(block, style)
    if block.kind is BlockKind.RULE:
        return RuleRow(block, style)
    return TextRow(block, style, centred=is_centred)
