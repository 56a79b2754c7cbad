"""The plain reading of a Markdown text: what a screen reader says and what "Copy" puts out.

Built from the same blocks that are drawn, so nothing is read that is not shown.
"""

from __future__ import annotations

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.line_syntax import split_cells
from desktop_app.ui.transcript.stream_document import blocks_of

_BOX_WORDS = {"☐": "[ ]", "☑": "[x]"}


def plain_text(source: str) -> str:
    """The whole Markdown text as plain text, a line or more per block."""
    return "".join(_pieces(blocks_of(source))).strip("\n")


def block_text(block: Block) -> str:
    """The words of one block, without its marker."""
    if block.kind is BlockKind.TABLE:
        rows = block.source.split("\n") if block.source else []
        if block.first:
            rows.insert(0, block.header.partition("\n")[0])
        return "\n".join(
            "\t".join(rich_text(cell).text for cell in split_cells(row)) for row in rows
        )
    if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        return rich_text(block.source).text
    if block.kind is BlockKind.IMAGE:
        return f"image: {block.source}".removesuffix(": ")
    return block.source


def separator(block: Block) -> str:
    """What stands between a block and the one before it."""
    if block.run_on:
        return " "
    if block.mid_line:
        return ""
    if not block.first:
        return "\n"
    return "\n" if block.path.endswith("i") and not block.loose else "\n\n"


def marker_text(block: Block) -> str:
    """The marker of a list item with its indentation, as text."""
    if not block.marker:
        return ""
    return f"{'  ' * (block.path.count('i') - 1)}{_BOX_WORDS.get(block.marker, block.marker)} "


def _pieces(blocks: list[Block]) -> list[str]:
    pieces = []
    for number, block in enumerate(blocks):
        if number:
            pieces.append(separator(block))
        pieces.append(f"{marker_text(block)}{block_text(block)}")
    return pieces
