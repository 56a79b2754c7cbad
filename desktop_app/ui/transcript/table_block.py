"""The row of a piece of a table: cells laid out one by one, ruled and padded.

A table wider than the column of text scrolls sideways in its frame. `column_widths` says how wide
its columns are.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import replace
from functools import cached_property

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_app.ui.transcript.block_buttons import COPY, RowButton, paint_buttons, width_of
from desktop_app.ui.transcript.blocks import Block, Span
from desktop_app.ui.transcript.column_widths import awaited, bold, column_widths, gap
from desktop_app.ui.transcript.formulas import formulas
from desktop_app.ui.transcript.line_syntax import MAX_COLUMNS, column_alignments
from desktop_app.ui.transcript.placement import NO_KEYS
from desktop_app.ui.transcript.rows import PaintContext, Row, nearest
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.table_lines import CellLine, Columns
from desktop_app.ui.transcript.text_layout import Piece, paint_chips, span_under
from desktop_app.ui.transcript.wide_row import WideRow


class TableRow(WideRow):
    """Up to a dozen rows of a table, with its head on the first piece."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__(block, style)
        self._lines: list[CellLine] = []

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
        widths = self._columns()
        side = gap(width - self.indent, len(alignments), style)
        columns = Columns(self.indent, widths, alignments, side, self._pad)
        waiting = awaited(block.header, self._lead, style) if self._has_formulas else NO_KEYS
        kept, self._lines = self._lines, []
        if kept and kept[0].columns == columns:
            columns = kept[0].columns
        y, start, self.stable = float(self.top), 0, 0
        for number, source in enumerate(self._sources()):
            is_head = block.first and number == 0
            old = kept[number] if number < len(kept) else None
            if old is not None and not old.is_at(is_head, columns, y, start):
                old = None
            if old is not None and old.source == source:
                line = old
                if self.stable == start:
                    self.stable = old.end
            else:
                line = CellLine(source, is_head, columns, y, start)
                line.lay(bold(style.body) if is_head else style.body, style, old)
            waiting |= line.waiting
            self._lines.append(line)
            y, start = line.bottom, line.end
        lines = self._lines
        self.pieces = [piece for line in lines for piece in line.pieces]
        self.marks = [marks for line in lines for marks in line.marks]
        self.waiting = waiting
        self.text = "\n".join(line.text for line in lines)
        if self.state is not None:
            self.state.extent = float(sum(widths))
        return math.ceil(y) + self.bottom

    def inherit(self, old: Row) -> None:
        """Take over the lines of the row this one replaces, as far as they are the same."""
        if isinstance(old, TableRow) and old.pieces is not None:
            self._lines = old._lines  # noqa: SLF001 - a row of its own kind

    def drop(self) -> None:
        """Give up the layouts; the height stays known for its width."""
        super().drop()
        self._lines = []

    @property
    def overlap(self) -> int:
        """The frame of the last line that was, with its round corners."""
        return self.style.pitch

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
            below = float(round(line.bottom))
            box = QRectF(self.indent, above, width, below - 1 - above)
            parts.append((box, tokens.code_header if is_head else tokens.surface))
            above = below
        if self.block.last and parts:
            # The corners of the frame are round.
            parts[-1][0].adjust(0, 0, 0, -self.style.em(0.3))
        return parts

    def span_in_content(self, x: float, y: float) -> Span | None:
        """The span under a point of the text as it lies before it is moved."""
        piece = self._nearest(x, y)
        found = [
            look.rich
            for line in self._lines
            for cell, look in zip(line.pieces, line.looks, strict=True)
            if cell is piece
        ]
        return span_under(found[0], piece, x, y) if piece is not None and found else None

    def _nearest(self, x: float, y: float) -> Piece | None:
        """The cell nearest to a point: one of the line that it is in."""
        if self.pieces is None or not self._lines:
            return None
        bottoms = [line.bottom for line in self._lines]
        line = self._lines[min(len(bottoms) - 1, bisect_right(bottoms, y))]
        return nearest(line.pieces, x, y)

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
        clip = context.clip
        is_begun = clip.isEmpty() or clip.top() <= y + (self._lines[0].bottom if self._lines else 0)
        if self.block.first and self._lines and is_begun:
            painter.save()
            head = QRectF(left, y + self.top, right - left, self._lines[0].bottom - self.top)
            painter.setClipRect(head, Qt.ClipOperation.IntersectClip)
            painter.setBrush(tokens.code_header)
            painter.drawRoundedRect(box, radius, radius)
            painter.restore()
        painter.setPen(QPen(tokens.border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        painter.restore()
        for line in self._lines[: None if not self.block.last else -1]:
            rule = QRectF(left, round(y + line.bottom) - 1, right - left, 1)
            if clip.isEmpty() or (clip.top() <= rule.bottom() and rule.top() <= clip.bottom()):
                painter.fillRect(rule, tokens.border)

    def paint_under_text(
        self, painter: QPainter, x: float, y: float, context: PaintContext
    ) -> None:
        """Paint the chips behind inline code."""
        for line in self._lines:
            for piece, look in zip(line.pieces, line.looks, strict=True):
                if look.chips:
                    paint_chips(painter, look.chips, x + piece.x, y + piece.y, context.style)

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

    @cached_property
    def _has_formulas(self) -> bool:
        head = self._lead + self.block.header
        return any(sign in head for sign in ("$", "\\(", "\\["))

    def _sources(self) -> list[str]:
        rows = self.block.source.split("\n") if self.block.source else []
        return [self.block.header.partition("\n")[0], *rows] if self.block.first else rows
