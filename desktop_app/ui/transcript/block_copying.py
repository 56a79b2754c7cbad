"""Copying a whole code block or table, whatever of it is laid out, folded or in sight."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from desktop_app.ui.transcript.block_state import BlockState
from desktop_app.ui.transcript.blocks import BlockKind
from desktop_app.ui.transcript.invisible import hidden_in
from desktop_app.ui.transcript.rows import Row
from desktop_app.ui.transcript.table_copy import table_html, table_rows, table_tsv


def copy_block(state: BlockState) -> str:
    """Put a block on the clipboard; returns what to say of it."""
    pieces = state.pieces()
    if pieces and pieces[0].block.kind is BlockKind.TABLE:
        rows, alignments = table_rows([piece.block for piece in pieces])
        data = QMimeData()
        data.setText(table_tsv(rows))
        data.setHtml(table_html(rows, alignments))
        QGuiApplication.clipboard().setMimeData(data)
        return _copied()
    code = whole_code(pieces)
    QGuiApplication.clipboard().setText(code)
    count = len(hidden_in(code))
    if not count:
        return _copied()
    if count == 1:
        return QCoreApplication.translate("CodeBlock", "Copied, with one invisible character")
    words = QCoreApplication.translate("CodeBlock", "Copied, with {count} invisible characters")
    return words.replace("{count}", str(count))


def whole_code(pieces: list[Row]) -> str:
    """The code of all pieces of a block."""
    parts = []
    for number, piece in enumerate(pieces):
        if number and not piece.block.mid_line:
            parts.append("\n")
        parts.append(piece.block.source)
    return "".join(parts)


def _copied() -> str:
    return QCoreApplication.translate("CodeBlock", "Copied")
