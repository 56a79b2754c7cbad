"""The plain reading of a Markdown text: what a screen reader says and what "Copy" puts out.

Built from the same blocks that are drawn, so nothing is read that is not shown.
"""

from __future__ import annotations

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.line_syntax import MAX_COLUMNS, column_alignments, row_cells
from desktop_app.ui.transcript.stream_document import blocks_of

_BOX_WORDS = {"☐": "[ ]", "☑": "[x]"}


def plain_text(source: str) -> str:
    """The whole Markdown text as plain text, a line or more per block."""
    return "".join(_pieces(blocks_of(source))).strip("\n")


def block_text(block: Block) -> str:
    """The words of one block as its row shows them, without its marker."""
    if block.kind is BlockKind.TABLE:
        return "\n".join(
            "\t".join(rich_text(cell).text for cell in cells) for cells in table_cells(block)
        )
    if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        return rich_text(block.source).text
    if block.kind is BlockKind.IMAGE:
        return f"image: {block.source}".removesuffix(": ")
    return block.source


def table_cells(block: Block) -> list[list[str]]:
    """The Markdown of each cell of a piece of a table, row by row; the head is in the first."""
    head, _, delimiter = block.header.partition("\n")
    columns = min(MAX_COLUMNS, len(column_alignments(delimiter)))
    rows = block.source.split("\n") if block.source else []
    if block.first:
        rows.insert(0, head)
    return [row_cells(row, columns) for row in rows]


def separator(block: Block) -> str:
    """What stands between a block and the one before it."""
    if block.mid_line or (block.kind is BlockKind.PARAGRAPH and not block.first):
        return ""
    if not block.first:
        return "\n"
    return "\n" if block.path.endswith("i") and not block.loose else "\n\n"


def marker_text(block: Block) -> str:
    """The marker of a list item with its indentation, as text."""
    if not block.marker:
        return ""
    marker = f"[{block.note}]" if block.note else _BOX_WORDS.get(block.marker, block.marker)
    return f"{'  ' * (block.path.count('i') - 1)}{marker} "


def _pieces(blocks: list[Block]) -> list[str]:
    pieces = []
    for number, block in enumerate(blocks):
        if number:
            pieces.append(separator(block))
        pieces.append(f"{marker_text(block)}{block_text(block)}")
    return pieces
