"""The row of a piece of code: its own background, a header with the language and "Copy".

Colours come from `highlight` when they are ready; painting never waits for them.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextLayout, QTextOption

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block
from desktop_app.ui.transcript.highlight import Colouring, display_language
from desktop_app.ui.transcript.rows import PaintContext, Row
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import LINE_SEPARATOR, Piece, lay_lines

TAB_COLUMNS = 4
BARE = "bare"
"""In a block's `header`: code that is shown without language and "Copy"."""


class CodeRow(Row):
    """Up to 32 lines of code; long lines wrap anywhere."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__(block, style)
        self.colouring: Colouring = ()
        self.asked = ""
        self.asked_at = 0.0

    @property
    def top(self) -> int:
        """Space above."""
        return self.lead + self.style.em(0.5) if self.block.first else 0

    @property
    def bottom(self) -> int:
        """Space below."""
        return self.style.em(0.6) if self.block.last else 0

    @property
    def has_header(self) -> bool:
        """Whether this piece carries the bar with language and "Copy"."""
        return self.block.first and self.block.header != BARE

    @property
    def header_height(self) -> int:
        """The bar with language and "Copy"; details and later pieces have none."""
        return self.style.em(2.1) if self.has_header else 0

    def estimate(self, width: int) -> int:
        """A height without laying out."""
        lines = self.block.source.count("\n") + 1
        per_line = max(8.0, (width - self.indent) / (self.style.px * 0.55))
        lines = max(lines, math.ceil(len(self.block.source) / per_line))
        pads = self._pad_top + self._pad_bottom + self.header_height
        return lines * self.style.mono_pitch + pads + self.top + self.bottom

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height."""
        del previous
        style = self.style
        self.text = self.block.source
        layout = QTextLayout(self.text.replace("\n", LINE_SEPARATOR), style.mono)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setTabStopDistance(TAB_COLUMNS * style.px * 0.55)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        if self.colouring:
            layout.setFormats(_colour_ranges(self.text, self.colouring, style))
        side = style.em(0.95)
        x = self.indent + side
        y = self.top + self.header_height + self._pad_top
        height, _, _ = lay_lines(layout, width - x - side, style.mono_pitch)
        self.pieces = [Piece(layout, x, y, 0, utf16.length(self.text), style.mono_pitch)]
        return math.ceil(y + height) + self._pad_bottom + self.bottom

    def inherit(self, old: Row) -> None:
        """Take over the colours of the row this one replaces."""
        if isinstance(old, CodeRow) and self.block.source.startswith(old.block.source):
            self.colouring, self.asked, self.asked_at = old.colouring, old.asked, old.asked_at
            self.stable = utf16.length(old.block.source)

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""
        style, tokens = self.style, self.style.tokens
        left, width = x + self.indent, self.width - self.indent
        box = QRectF(
            left + 0.5, y + self.top + 0.5, width - 1, self.height - self.top - self.bottom - 1
        )
        radius = style.em(0.55)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRectF(left, y, width, self.height), Qt.ClipOperation.IntersectClip)
        if not self.block.first:
            box.setTop(box.top() - 3 * radius)
        if not self.block.last:
            box.setBottom(box.bottom() + 3 * radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.code_background)
        painter.drawRoundedRect(box, radius, radius)
        if self.has_header:
            self._paint_header(painter, box, radius, context)
        painter.setPen(QPen(tokens.border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        painter.restore()

    def copy_box(self) -> QRectF:
        """Where the "Copy" button is, in the row; empty for a piece without a header."""
        if not self.has_header:
            return QRectF()
        width = self.style.em(4.6)
        left = self.width - width - self.style.em(0.3)
        return QRectF(
            left, self.top + self.style.em(0.25), width, self.header_height - self.style.em(0.5)
        )

    @property
    def _pad_top(self) -> int:
        return self.style.em(0.55) if self.block.first else 0

    @property
    def _pad_bottom(self) -> int:
        return self.style.em(0.7) if self.block.last else 0

    def _paint_header(
        self, painter: QPainter, box: QRectF, radius: float, context: PaintContext
    ) -> None:
        style, tokens = self.style, self.style.tokens
        bar = QRectF(box.left(), box.top(), box.width(), self.header_height)
        painter.save()
        painter.setClipRect(bar, Qt.ClipOperation.IntersectClip)
        painter.setBrush(tokens.code_header)
        painter.drawRoundedRect(bar.adjusted(0, 0, 0, 3 * radius), radius, radius)
        painter.restore()
        painter.fillRect(QRectF(bar.left(), bar.bottom() - 1, bar.width(), 1), tokens.border)
        painter.setFont(style.small)
        painter.setPen(tokens.text_muted)
        inset = style.em(0.95)
        label = bar.adjusted(inset, 0, -style.em(5.5), 0)
        name = style.small_metrics.elidedText(
            display_language(self.block.language), Qt.TextElideMode.ElideRight, label.width()
        )
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        button = self.copy_box().translated(
            box.left() - 0.5 - self.indent, box.top() - 0.5 - self.top
        )
        if context.hovered == "copy":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(button, radius * 0.6, radius * 0.6)
            painter.setPen(tokens.text)
        else:
            painter.setPen(tokens.text_muted)
        if context.copied:
            painter.setPen(tokens.success)
        label_text = context.copied_label if context.copied else context.copy_label
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, label_text)


def _colour_ranges(text: str, colouring: Colouring, style: Style) -> list[QTextLayout.FormatRange]:
    offset_of = utf16.offsets(text)
    size = len(text)
    ranges = []
    for start, end, role in colouring:
        if end > size:
            break
        made = QTextLayout.FormatRange()
        made.start = offset_of(start)
        made.length = offset_of(end) - made.start
        made.format = style.syntax_format(role)
        ranges.append(made)
    return ranges
