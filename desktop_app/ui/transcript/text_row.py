"""The rows of running text: paragraphs, headings, plain text, formulas, and thematic breaks."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, BlockKind, Look, RichText, Span
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.inline_formulas import place
from desktop_app.ui.transcript.marks import marks_of
from desktop_app.ui.transcript.rows import PaintContext, Row
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import (
    Piece,
    chip_boxes,
    lay_lines,
    paint_chips,
    reads_leftward,
    span_under,
    text_layout,
)
from desktop_app.ui.transcript.unchanged import first_changed_line, unchanged_until


class TextRow(Row):
    """A paragraph, heading, plain text or formula."""

    def __init__(self, block: Block, style: Style, *, centred: bool = False) -> None:
        super().__init__(block, style)
        self.rich = RichText("")
        self._is_notice = centred
        self._centred = centred
        self.end_x = 0.0
        self._chips: list[tuple[QRectF, Look]] = []
        self._replaced: RichText | None = None

    @property
    def text_colour(self) -> QColor:
        """Notices are quiet."""
        return self.style.tokens.text_muted if self._is_notice else self.style.text_colour

    @property
    def top(self) -> int:
        """Space above."""
        block, em = self.block, self.style.em
        if block.kind is BlockKind.HEADING:
            return self.lead + em({1: 1.1, 2: 1.05, 3: 0.85}.get(block.level, 0.7))
        if block.run_on or (block.kind is BlockKind.PLAIN and not block.first):
            return 0
        if block.path.endswith("i"):
            return self.lead + em(0.42 if block.loose else 0.14)
        return self.lead + em(0.42)

    @property
    def bottom(self) -> int:
        """Space below."""
        block, em = self.block, self.style.em
        if block.kind is BlockKind.HEADING:
            return em(0.22)
        if block.kind is BlockKind.PLAIN and not block.last:
            return 0
        return em(0.14 if block.path.endswith("i") else 0.42)

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height."""
        block, style = self.block, self.style
        font, pitch = (style.small if self._is_notice else style.body), style.pitch
        if block.kind is BlockKind.HEADING:
            font = style.heading(block.level)
            pitch = round(pitch * (font.pointSizeF() / style.body.pointSizeF()) * 0.88)
        self.rich = _rich(block)
        self.text = self.rich.text
        placement = place(self.rich, font, width - self.indent)
        self.waiting = placement.waiting
        is_drawn = block.kind is BlockKind.MATHS and bool(placement.formulas)
        centred = self._centred or is_drawn
        layout = text_layout(self.rich, font, style, centred=centred, placement=placement)
        self.is_leftward = reads_leftward(self.rich)
        x, y = 0.0 if self.is_leftward else float(self.indent), float(self.top)
        start_x = 0.0
        if block.run_on and isinstance(previous, TextRow) and previous.width == width:
            start_x = previous.end_x
            y = -float(previous.bottom)
            if start_x < width - self.indent - style.em(4):
                y -= pitch
            else:
                start_x = 0.0
        bottoms: list[float] = []
        room = width - self.indent
        height, self.end_x, natural = lay_lines(
            layout, room, pitch, start_x=start_x, placement=placement, bottoms=bottoms
        )
        runs_both_ways = utf16.has_right_to_left(self.text)
        self.natural = math.inf if runs_both_ways or centred else math.ceil(x + natural)
        length = utf16.length(self.text)
        self.pieces = [Piece(layout, x, y, 0, length, pitch, placement, bottoms)]
        self.marks = marks_of(self.rich, layout, QPointF(x, y), style)
        self._chips = chip_boxes(self.rich, layout, style) if self.rich.spans else []
        if self._replaced is not None:
            until = unchanged_until(self._replaced, self.rich)
            self.stable = first_changed_line(layout, self.text, until) if until else 0
            self._replaced = None
        return max(0, round(y + height) + self.bottom)

    def inherit(self, old: Row) -> None:
        """Remember the words of the row this one replaces, to tell what is to be painted anew."""
        if isinstance(old, TextRow) and old.pieces and not self._centred:
            is_kin = _place(old.block) == _place(self.block)
            self._replaced = old.rich if is_kin else None

    def span_at(self, x: float, y: float) -> Span | None:
        """The span under a point."""
        if not self.pieces or not self.rich.spans:
            return None
        piece = self.pieces[0]
        return span_under(self.rich, piece, x, y)

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""
        if self.pieces:
            piece = self.pieces[0]
            paint_chips(painter, self._chips, x + piece.x, y + piece.y, context.style)


def _place(block: Block) -> tuple[object, ...]:
    """All that the look of a block depends on, but its words."""
    return (block.kind, block.path, block.marker, block.level, block.loose, block.run_on)


def _rich(block: Block) -> RichText:
    """The text of a block with its spans."""
    if block.kind is BlockKind.PLAIN:
        return RichText(block.source)
    if block.kind is BlockKind.MATHS:
        return RichText(block.source, (Span(0, len(block.source), Look.MATHS),))
    return rich_text(block.source)


class RuleRow(Row):
    """A thematic break."""

    def estimate(self, width: int) -> int:
        """A height without laying out."""
        del width
        return self.style.em(1.9)

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height."""
        del width, previous
        self.pieces = []
        return self.style.em(1.9)

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""
        left = x + self.indent
        line = QRectF(left, y + self.height // 2, self.width - self.indent, 1)
        painter.fillRect(line, context.style.tokens.border)
