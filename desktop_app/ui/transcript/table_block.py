"""The row of a piece of a table: cells laid out one by one, ruled and padded.

Column widths come from the head and the first dozen rows, so that all pieces of a long table
agree and a streamed row never moves the ones above it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, Look, RichText, Span
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.line_syntax import MAX_COLUMNS, column_alignments, row_cells
from desktop_app.ui.transcript.rows import PaintContext, Row
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import (
    Piece,
    chip_boxes,
    lay_lines,
    paint_chips,
    span_under,
    text_layout,
)


@dataclass(frozen=True, slots=True)
class _Cell:
    rich: RichText
    chips: list[tuple[QRectF, Look]]


class TableRow(Row):
    """Up to a dozen rows of a table, with its head on the first piece."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__(block, style)
        self._cells: list[_Cell] = []
        self._lines: list[float] = []
        self._columns: list[int] = []

    @property
    def top(self) -> int:
        """Space above."""
        return self.lead + self.style.em(0.5) if self.block.first else 0

    @property
    def bottom(self) -> int:
        """Space below."""
        return self.style.em(0.6) if self.block.last else 0

    def estimate(self, width: int) -> int:
        """A height without laying out."""
        del width
        rows = len(self._sources())
        return rows * (self.style.pitch + self._pad * 2) + self.top + self.bottom

    @property
    def _pad(self) -> int:
        return self.style.em(0.42)

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height."""
        del previous
        style, block = self.style, self.block
        alignments = column_alignments(block.header.partition("\n")[2])[:MAX_COLUMNS]
        rows = [row_cells(line, len(alignments)) for line in self._sources()]
        room = width - self.indent
        self._columns = _column_widths(block.header, block.lead or block.source, room, style)
        gap = _gap(room, len(alignments), style)
        head = _bold(style.body)
        pieces: list[Piece] = []
        self._cells, self._lines, texts = [], [], []
        y, start = float(self.top), 0
        for number, row in enumerate(rows):
            is_head = block.first and number == 0
            x, tallest = float(self.indent), 0.0
            for column, source in enumerate(row):
                rich = rich_text(source)
                font = head if is_head else style.body
                layout = text_layout(rich, font, style, alignment=alignments[column])
                cell_width = self._columns[column] - 2 * gap
                height, _, _ = lay_lines(layout, cell_width, style.pitch)
                length = utf16.length(rich.text)
                pieces.append(Piece(layout, x + gap, y + self._pad, start, length, style.pitch))
                self._cells.append(_Cell(rich, chip_boxes(rich, layout, style)))
                texts.append(rich.text)
                texts.append("\t" if column + 1 < len(row) else "\n")
                start += length + 1
                x += self._columns[column]
                tallest = max(tallest, height)
            y += tallest + 2 * self._pad
            self._lines.append(y)
        self.pieces = pieces
        self.text = "".join(texts[:-1])
        return math.ceil(y) + self.bottom

    def span_at(self, x: float, y: float) -> Span | None:
        """The span under a point."""
        piece = self._nearest(x, y)
        if piece is None or self.pieces is None:
            return None
        return span_under(self._cells[self.pieces.index(piece)].rich, piece, x, y)

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""
        style, tokens = self.style, self.style.tokens
        left, right = x + self.indent, x + self.indent + sum(self._columns)
        box = QRectF(
            left + 0.5,
            y + self.top + 0.5,
            right - left - 1,
            self.height - self.top - self.bottom - 1,
        )
        radius = style.em(0.5)
        if not self.block.first:
            box.setTop(box.top() - 3 * radius)
        if not self.block.last:
            box.setBottom(box.bottom() + 3 * radius)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(
            QRectF(left, y, right - left, self.height), Qt.ClipOperation.IntersectClip
        )
        painter.setPen(Qt.PenStyle.NoPen)
        if self.block.first and self._lines:
            painter.save()
            head = QRectF(left, y + self.top, right - left, self._lines[0] - self.top)
            painter.setClipRect(head, Qt.ClipOperation.IntersectClip)
            painter.setBrush(tokens.code_header)
            painter.drawRoundedRect(box, radius, radius)
            painter.restore()
        painter.setPen(QPen(tokens.border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        painter.restore()
        for line in self._lines[: None if not self.block.last else -1]:
            painter.fillRect(QRectF(left, round(y + line) - 1, right - left, 1), tokens.border)
        for piece, cell in zip(self.pieces or (), self._cells, strict=True):
            paint_chips(painter, cell.chips, x + piece.x, y + piece.y, context.style)

    def _sources(self) -> list[str]:
        rows = self.block.source.split("\n") if self.block.source else []
        return [self.block.header.partition("\n")[0], *rows] if self.block.first else rows


@lru_cache(maxsize=128)
def _column_widths(header: str, body: str, room: int, style: Style) -> list[int]:
    """Widths that fit `room` where possible: natural ones, or shares that follow the content."""
    head, _, delimiter = header.partition("\n")
    columns = min(MAX_COLUMNS, len(column_alignments(delimiter)))
    bold, body_metrics = QFontMetricsF(_bold(style.body)), QFontMetricsF(style.body)
    pad = 2 * _gap(room, columns, style) + 2
    natural = [
        bold.horizontalAdvance(rich_text(cell).text) + pad for cell in row_cells(head, columns)
    ]
    longest = style.em(9)
    words = [
        min(longest, _longest_word(rich_text(cell).text, bold)) + pad
        for cell in row_cells(head, columns)
    ]
    for line in body.split("\n") if body else ():
        for column, cell in enumerate(row_cells(line, columns)):
            text = rich_text(cell[:400]).text
            wide = body_metrics.horizontalAdvance(text) * (1.08 if "`" in cell else 1.0) + pad
            natural[column] = max(natural[column], wide)
            word = min(longest, _longest_word(text, body_metrics) * 1.05) + pad
            words[column] = max(words[column], word)
    total = sum(natural)
    if total <= room:
        return [math.ceil(width) for width in natural]
    floor = [min(width, word) for width, word in zip(natural, words, strict=True)]
    if sum(floor) > room:
        even = room / max(1, columns)
        floor = [min(width, even) for width in floor]
    spare = max(0.0, room - sum(floor))
    wish = [math.sqrt(max(0.0, width - low)) for width, low in zip(natural, floor, strict=True)]
    total_wish = sum(wish) or 1.0
    return [
        math.floor(low + spare * want / total_wish) for low, want in zip(floor, wish, strict=True)
    ]


def _longest_word(text: str, metrics: QFontMetricsF) -> float:
    return max((metrics.horizontalAdvance(word) for word in text.split()), default=0.0)


def _gap(room: int, columns: int, style: Style) -> int:
    """Space left and right of a cell's text; less where columns are many and room is scarce."""
    return style.em(0.7) if room > columns * style.em(7) else style.em(0.45)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
