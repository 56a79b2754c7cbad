"""A table as spreadsheets take it: tab-separated text, and HTML for those that keep alignment.

Cells are copied as they read. A cell that begins with "=" stays what it is: what a spreadsheet
makes of it is for the person who pastes it.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from desktop_app.ui.transcript.blocks import Block
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.line_syntax import column_alignments, row_cells


def table_rows(pieces: Sequence[Block]) -> tuple[list[list[str]], list[str]]:
    """The cells of a table as they read, head first, and the alignments of its columns."""
    head, _, delimiter = pieces[0].header.partition("\n")
    lines = [head]
    for piece in pieces:
        lines += piece.source.split("\n") if piece.source else []
    alignments = column_alignments(delimiter)
    columns = len(alignments)
    return [
        [rich_text(cell).text for cell in row_cells(line, columns)] for line in lines
    ], alignments


def table_tsv(rows: Sequence[Sequence[str]]) -> str:
    """Lines of cells with tabs between them; a cell that holds tabs, line ends or quotes is quoted."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def table_html(rows: Sequence[Sequence[str]], alignments: Sequence[str]) -> str:
    """The table as HTML, its first row as the head."""
    made = ["<table>"]
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        cells = []
        for cell, alignment in zip(row, alignments, strict=True):
            style = f' style="text-align:{alignment}"' if alignment else ""
            words = html.escape(cell).replace("\n", "<br>")
            cells.append(f"<{tag}{style}>{words}</{tag}>")
        made.append(f"<tr>{''.join(cells)}</tr>")
    made.append("</table>")
    return "\n".join(made)


def _quoted(cell: str) -> str:
    if not set(cell) & set('\t\n\r"'):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'
