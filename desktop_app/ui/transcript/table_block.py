"""The row of a piece of a table: cells laid out one by one, ruled and padded.

A table wider than the column of text scrolls sideways in its frame. `column_widths` says how wide
its columns are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.block_buttons import COPY, RowButton, paint_buttons, width_of
from desktop_app.ui.transcript.blocks import Block, Look, RichText, Span
from desktop_app.ui.transcript.column_widths import awaited, bold, column_widths, gap
from desktop_app.ui.transcript.formulas import formulas
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.inline_formulas import place
from desktop_app.ui.transcript.line_syntax import MAX_COLUMNS, column_alignments, row_cells
from desktop_app.ui.transcript.marks import marks_of
from desktop_app.ui.transcript.placement import NO_KEYS
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
from desktop_app.ui.transcript.wide_row import WideRow


@dataclass(frozen=True, slots=True)
class _Cell:
    rich: RichText
    chips: list[tuple[QRectF, Look]]


class TableRow(WideRow):
    """Up to a dozen rows of a table, with its head on the first piece."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__(block, style)
        self._cells: list[_Cell] = []
        self._lines: list[float] = []

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
        self.width = width
        style, block = self.style, self.block
        alignments = column_alignments(block.header.partition("\n")[2])[:MAX_COLUMNS]
        rows = [row_cells(line, len(alignments)) for line in self._sources()]
        room = width - self.indent
        columns = self._columns()
        side = gap(room, len(alignments), style)
        head = bold(style.body)
        pieces: list[Piece] = []
        waiting = awaited(block.header, self._lead, style) if self._has_formulas else NO_KEYS
        self._cells, self._lines, self.marks, texts = [], [], [], []
        y, start = float(self.top), 0
        for number, row in enumerate(rows):
            is_head = block.first and number == 0
            x, tallest = float(self.indent), 0.0
            for column, source in enumerate(row):
                rich = rich_text(source)
                font = head if is_head else style.body
                cell_width = columns[column] - 2 * side
                placement = place(rich, font, cell_width)
                waiting |= placement.waiting
                layout = text_layout(
                    rich, font, style, alignment=alignments[column], placement=placement
                )
                bottoms: list[float] = []
                height, _, _ = lay_lines(
                    layout, cell_width, style.pitch, placement=placement, bottoms=bottoms
                )
                length, corner = utf16.length(rich.text), QPointF(x + side, y + self._pad)
                pieces.append(
                    Piece(
                        layout,
                        corner.x(),
                        corner.y(),
                        start,
                        length,
                        style.pitch,
                        placement,
                        bottoms,
                    )
                )
                self.marks += marks_of(rich, layout, corner, style)
                self._cells.append(_Cell(rich, chip_boxes(rich, layout, style)))
                texts.append(rich.text)
                texts.append("\t" if column + 1 < len(row) else "\n")
                start += length + 1
                x += columns[column]
                tallest = max(tallest, height)
            if any(piece.placement.formulas for piece in pieces[-len(row) :]):
                tallest = max(tallest, _align(pieces[-len(row) :], y + self._pad))
            y += tallest + 2 * self._pad
            self._lines.append(y)
        self.pieces, self.waiting = pieces, waiting
        self.text = "".join(texts[:-1])
        if self.state is not None:
            self.state.extent = float(sum(columns))
        return math.ceil(y) + self.bottom

    @property
    def frame_width(self) -> float:
        """The width of the frame: that of the columns, as far as there is room."""
        return float(min(self.width - self.indent, sum(self._columns())))

    def grounds(self) -> list[tuple[QRectF, QColor]]:
        """Each line of cells with the colour under it; the rules between them stay clear."""
        tokens, width = self.style.tokens, self.frame_width
        parts, above = [], float(self.top + 1)
        for number, line in enumerate(self._lines):
            is_head = self.block.first and number == 0
            box = QRectF(self.indent, above, width, round(line) - 1 - above)
            parts.append((box, tokens.code_header if is_head else tokens.surface))
            above = float(round(line))
        if self.block.last and parts:
            # The corners of the frame are round.
            parts[-1][0].adjust(0, 0, 0, -self.style.em(0.3))
        return parts

    def span_in_content(self, x: float, y: float) -> Span | None:
        """The span under a point of the text as it lies before it is moved."""
        piece = self._nearest(x, y)
        if piece is None or self.pieces is None:
            return None
        return span_under(self._cells[self.pieces.index(piece)].rich, piece, x, y)

    def buttons(self) -> list[RowButton]:
        """Copy, beside the head where there is room, at its end otherwise, over the cell there."""
        if not self.block.first:
            return []
        style = self.style
        words = QCoreApplication.translate("CodeBlock", "Copy")
        width, height = width_of(words, style), float(style.em(1.75))
        edge = self.indent + self.frame_width
        if edge + style.em(0.4) + width <= self.width:
            left = edge + style.em(0.4)
        else:
            if width > self.frame_width / 2:
                words = ""
                width = width_of(words, style)
            left = edge - width - style.em(0.2)
        top = self.top + style.em(0.27)
        label = QCoreApplication.translate("CodeBlock", "Copy table")
        return [RowButton(COPY, label, QRectF(left, top, width, height), "copy", words)]

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""
        del context
        style, tokens = self.style, self.style.tokens
        left, right = x + self.indent, x + self.indent + self.frame_width
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

    def paint_under_text(
        self, painter: QPainter, x: float, y: float, context: PaintContext
    ) -> None:
        """Paint the chips behind inline code."""
        for piece, cell in zip(self.pieces or (), self._cells, strict=True):
            paint_chips(painter, cell.chips, x + piece.x, y + piece.y, context.style)

    def paint_text(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint the cells, and over them the button that the mouse or the keyboard brings out."""
        super().paint_text(painter, x, y, context)
        if not (context.is_under_mouse or context.focused or context.copied):
            return
        tokens, radius = self.style.tokens, self.style.em(0.35)
        painter.save()
        painter.translate(QPointF(x, y))
        for button in self.buttons():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens.border, 1))
            painter.setBrush(tokens.surface_raised)
            box = button.box
            said = context.copied if button.words else ""
            if said:
                wide = self.style.small_metrics.horizontalAdvance(said) + self.style.em(2.4)
                box = QRectF(box.right() - wide, box.top(), wide, box.height())
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            shown = replace(button, box=box, words=said or button.words)
            paint_buttons(
                painter, [shown], self.style, hovered=context.hovered, focused=context.focused
            )
        painter.restore()

    def _columns(self) -> list[int]:
        room = self.width - self.indent
        revision = formulas().revision if self._has_formulas else 0
        return column_widths(self.block.header, self._lead, room, self.style, revision)

    @property
    def _lead(self) -> str:
        """The rows that decide how wide the columns are."""
        return self.block.lead or self.block.source

    @property
    def _has_formulas(self) -> bool:
        return any(sign in self._lead + self.block.header for sign in ("$", "\\(", "\\["))

    def _sources(self) -> list[str]:
        rows = self.block.source.split("\n") if self.block.source else []
        return [self.block.header.partition("\n")[0], *rows] if self.block.first else rows


def _align(pieces: list[Piece], top: float) -> float:
    """Put the first base lines of a row's cells at one height; returns the height of the row."""
    firsts = [piece.layout.lineAt(0) for piece in pieces]
    bases = [line.y() + line.ascent() if line.isValid() else 0.0 for line in firsts]
    tallest = 0.0
    for piece, base in zip(pieces, bases, strict=True):
        piece.y = top + max(bases) - base
        bottom = piece.bottoms[-1] if piece.bottoms else piece.pitch * piece.layout.lineCount()
        tallest = max(tallest, piece.y - top + bottom)
    return tallest
