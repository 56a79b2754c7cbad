"""Rows: what draws one block. This is the part that all kinds of row have in common.

A row owns its layouts only while it is near the viewport; `drop` gives them up and keeps the
height.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, Span
from desktop_app.ui.transcript.hit_marks import Mark, paint_hits
from desktop_app.ui.transcript.inline_formulas import cursor_at, paint_formulas, whole
from desktop_app.ui.transcript.markers import paint_marker
from desktop_app.ui.transcript.marks import Marks, paint_marks
from desktop_app.ui.transcript.placement import NO_KEYS
from desktop_app.ui.transcript.spacing import lead_of, shared_containers
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import (
    Piece,
    line_at,
    selected_boxes,
)

if TYPE_CHECKING:
    from desktop_app.ui.transcript.block_buttons import RowButton
    from desktop_app.ui.transcript.block_state import BlockState

_NO_CLIP = QRectF()
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U0001f300-\U0001faff\U00020000-\U0003ffff]+"
)


class PaintContext(NamedTuple):
    """What a row needs beside its place.

    Style, selected offsets, the names of the hovered and of the focused button, whether the mouse
    is over the row's block, and what is said of a copy that was just made.
    """

    style: Style
    selection: tuple[int, int] | None = None
    hovered: str = ""
    focused: str = ""
    is_under_mouse: bool = False
    copied: str = ""
    clip: QRectF = _NO_CLIP
    hits: Sequence[Mark] = ()


class Row:
    """The common part: text, selection and hit testing over pieces."""

    def __init__(self, block: Block, style: Style) -> None:
        self.block = block
        self.style = style
        quotes = block.path.count("q")
        self.indent = quotes * style.em(1.1) + (len(block.path) - quotes) * style.em(1.75)
        """Pixels that the containers take on the left."""
        self.height = 0
        self.width = -1
        self.natural = math.inf
        """The width of the laid out text; infinite where it always fills the row."""
        self.is_leftward = False
        """Whether the text runs from right to left, so that its containers stand on the right."""
        self.lead = 0
        """Pixels above the row's own space, outside the containers that begin with it."""
        self.shared = len(block.path)
        """How many of its containers began before this row."""
        self.stable = 0
        """An offset in the first line that may look another way than in the row it replaced."""
        self.pieces: list[Piece] | None = None
        self.text = ""
        self.marks: list[Marks] = []
        self.state: BlockState | None = None
        """What a piece of code or of a table shares with the other pieces of its block."""
        self.waiting = NO_KEYS
        """The formulas that are shown as source until they are set."""

    # -- to be given by each kind -------------------------------------------------------------

    def estimate(self, width: int) -> int:
        """A height without laying out."""
        per_line = max(8.0, (width - self.indent) * self.style.characters_per_em / self.style.px)
        source = self.block.source
        lines = source.count("\n") + math.ceil(columns_of(source) / per_line)
        return max(1, lines) * self.style.pitch + self.top + self.bottom

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height. Each kind of row has its own way."""
        del width, previous
        self.pieces = []
        return self.top + self.bottom

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""

    def inherit(self, old: Row) -> None:
        """Take over what stays true of the row this one replaces while text streams."""

    @property
    def overlap(self) -> int:
        """Pixels above the line of `stable` that may look another way too."""
        if not self.stable and not self.block.run_on:
            return 0
        return (
            self.style.pitch
            if self.block.run_on or not self.text.isascii()
            else self.style.em(0.25)
        )

    # -- the same for all ---------------------------------------------------------------------

    @property
    def top(self) -> int:
        """Space above."""
        return self.lead + self.style.em(0.42)

    @property
    def bottom(self) -> int:
        """Space below."""
        return self.style.em(0.42)

    def follow(self, after: Block | None) -> None:
        """Take the place after another block, or the first one."""
        if after is None or not (after.path or self.block.path):
            self.lead = self.shared = 0
            return
        self.lead = self.style.em(lead_of(after, self.block))
        self.shared = shared_containers(after, self.block)

    def measure(self, width: int, previous: Row | None = None) -> int:
        """Lay out for `width` unless that is done already; returns the exact height."""
        if self.pieces is None or self.width != width:
            self.width = width
            self.height = self.build(width, previous)
        return self.height

    def drop(self) -> None:
        """Give up the layouts; the height stays known for its width."""
        self.pieces = None

    def paint(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint at the row's top left corner."""
        self.paint_back(painter, x, y, context)
        if self.block.path:
            self._paint_containers(painter, x, y, context.clip)
        self.paint_text(painter, x, y, context)

    def paint_text(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint the pieces and what is selected of them."""
        painter.setPen(self.text_colour)
        corner, clip = QPointF(x, y), context.clip
        is_all = clip.isEmpty()
        top, bottom = (-math.inf, math.inf) if is_all else (clip.top() - y, clip.bottom() - y)
        for piece in self.pieces or ():
            if piece.y > bottom or piece.y + piece.height < top:
                continue
            ranges = []
            if context.hits:
                tokens = context.style.tokens
                ranges = paint_hits(painter, piece, corner, context.hits, clip, tokens)
            if context.selection is not None:
                ranges += self._paint_selection(painter, piece, corner, context.selection)
            place = QPointF(x + piece.x, y + piece.y)
            piece.layout.draw(painter, place, ranges, clip)
            if piece.placement.formulas:
                paint_formulas(painter, piece, place, self.text_colour)
        paint_marks(painter, self.marks, QPointF(x, y), context.clip, self.style)

    @property
    def text_colour(self) -> QColor:
        """The colour of text that no span colours otherwise."""
        return self.style.text_colour

    def offset_at(self, x: float, y: float) -> int:
        """The text offset nearest to a point inside the row."""
        piece = self._nearest(x, y)
        if piece is None:
            return 0
        line = line_at(piece.layout, y - piece.y, piece.bottoms)
        if line is None:
            return piece.start
        return piece.start + cursor_at(piece, line, x - piece.x)

    @property
    def shift(self) -> float:
        """How far the text has been scrolled sideways."""
        return 0.0

    def buttons(self) -> list[RowButton]:
        """What can be pressed in the row."""
        return []

    def span_at(self, x: float, y: float) -> Span | None:
        """The span under a point."""
        del x, y
        return None

    def word_at(self, offset: int) -> tuple[int, int]:
        """The offsets of the word around an offset."""
        for piece in self.pieces or ():
            if piece.start <= offset <= piece.start + piece.length:
                local = offset - piece.start
                layout = piece.layout
                formula = piece.placement.around(local)
                if formula is not None:
                    return piece.start + formula.start, piece.start + formula.end
                mode = QTextLayout.CursorMode.SkipWords
                start = local
                if start and not layout.isValidCursorPosition(start):
                    start = layout.previousCursorPosition(start)
                end = layout.nextCursorPosition(start, mode)
                start = layout.previousCursorPosition(end, mode)
                for placed in piece.placement.formulas:
                    # The stand-in of a formula is a letter to the layout, but no part of a word.
                    start = max(start, placed.end) if placed.end <= local else start
                    end = min(end, placed.start) if placed.start > local else end
                word = utf16.cut(self.text, piece.start + start, piece.start + end)
                blanks = len(word) - len(word.rstrip())
                return piece.start + start, piece.start + end - blanks
        return offset, offset

    @property
    def length(self) -> int:
        """UTF-16 length of the text, 0 while there are no layouts."""
        return utf16.length(self.text)

    def line_top(self, y: float) -> tuple[int, float]:
        """The first offset of the line nearest to a height, and that line's top in the row."""
        piece = self._nearest(0.0, y)
        line = line_at(piece.layout, y - piece.y, piece.bottoms) if piece is not None else None
        if piece is None or line is None:
            return 0, 0.0
        return piece.start + line.textStart(), piece.y + line.y()

    def top_of(self, offset: int) -> float:
        """The top of the line that holds an offset."""
        for piece in self.pieces or ():
            if piece.start <= offset <= piece.start + piece.length:
                line = piece.layout.lineForTextPosition(offset - piece.start)
                if line.isValid():
                    return piece.y + line.y()
        return 0.0

    def _nearest(self, x: float, y: float) -> Piece | None:
        return nearest(self.pieces or (), x, y)

    def _paint_selection(
        self, painter: QPainter, piece: Piece, corner: QPointF, selection: tuple[int, int]
    ) -> list[QTextLayout.FormatRange]:
        """Paint what is selected of a piece, or give back ranges where the text runs both ways."""
        start = max(0, selection[0] - piece.start)
        end = selection[1] - piece.start
        # Beyond the break, so that it is told apart from an end right behind it.
        end = min(end, piece.length + 2 if piece.has_break else piece.length)
        colour = self.style.tokens.selection
        if start >= end:
            return []
        start, end = whole(piece, start, end)
        if not utf16.has_right_to_left(self.text):
            for box in selected_boxes(piece, start, end):
                painter.fillRect(box.translated(corner), colour)
            return []
        selected = QTextLayout.FormatRange()
        selected.start, selected.length = start, max(0, min(end, piece.length) - start)
        format_ = QTextCharFormat()
        format_.setBackground(colour)
        selected.format = format_
        return [selected]

    def _paint_containers(self, painter: QPainter, x: float, y: float, clip: QRectF) -> None:
        """Quote bars over the whole height, and the marker of an item's first block."""
        style = self.style
        inwards = -1 if self.is_leftward else 1
        edge = x + self.width if self.is_leftward else x
        for depth, kind in enumerate(self.block.path):
            if kind == "q":
                thickness = max(2.0, style.px * 0.2)
                lead = self.lead if depth >= self.shared else 0
                bar = QRectF(edge, y + lead, inwards * thickness, self.height - lead).normalized()
                painter.fillRect(bar, style.tokens.border)
            edge += inwards * style.em(1.1 if kind == "q" else 1.75)
        if self.block.marker:
            first = self.pieces[0] if self.pieces else None
            line = first.layout.lineAt(0) if first and first.layout.lineCount() else None
            below = first.y + line.y() + line.ascent() if first and line else style.px + self.top
            if not clip.isEmpty() and clip.top() > y + below + style.pitch:
                return
            at = QPointF(edge, y + below)
            paint_marker(painter, self.block, style, at, is_leftward=self.is_leftward)


def columns_of(text: str) -> int:
    """About how many letters of Latin a text is as wide as: a Chinese character is two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(map(len, _WIDE.findall(text)))


def nearest(pieces: Sequence[Piece], x: float, y: float) -> Piece | None:
    """The piece nearest to a point of their row, first of all in height."""
    if len(pieces) == 1:
        return pieces[0]
    best, distance = None, math.inf
    for piece in pieces:
        box = piece.layout.boundingRect()
        away_y = max(piece.y - y, y - piece.y - box.bottom(), 0.0)
        away_x = max(piece.x - x, x - piece.x - box.right(), 0.0)
        if away_y * 1e4 + away_x < distance:
            best, distance = piece, away_y * 1e4 + away_x
    return best
