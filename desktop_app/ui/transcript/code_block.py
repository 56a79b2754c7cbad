"""The row of a piece of code: its own background, a header with the language and buttons.

Long lines wrap, or run on to the right where the reader prefers that. A folded block shows the
beginning of its first piece and how much there is; its text stays whole for copying and finding.
Colours come from `highlight` when they are ready; painting never waits for them.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.block_buttons import (
    COPY,
    FOLD,
    SAVE,
    WRAP,
    RowButton,
    paint_buttons,
    width_of,
)
from desktop_app.ui.transcript.blocks import Block
from desktop_app.ui.transcript.code_language import display_language
from desktop_app.ui.transcript.code_layout import CodeLines, lay_code
from desktop_app.ui.transcript.highlight import Colouring
from desktop_app.ui.transcript.lexing import LexState
from desktop_app.ui.transcript.rows import PaintContext, Row, columns_of
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.unchanged import last_break
from desktop_app.ui.transcript.wide_row import WideRow

BARE = "bare"
"""In a block's `header`: code that is shown without language and buttons."""
FOLDABLE_LINES = 24
"""A block of more lines than this can be folded."""
FOLDED_LINES = 18
"""Lines that a folded block shows."""
LONGEST_LINE = 1_000
"""Columns after which a line goes on below even where lines do not wrap: what is beyond costs
layout and paint though nobody sees it, and a minified file would cost it in every row."""


class CodeRow(WideRow):
    """Up to 32 lines of code."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__(block, style)
        self.colouring: Colouring = ()
        self.asked: tuple[str, LexState | None] | None = None
        self.asked_at = 0.0
        self.lexed_end: LexState | None = None
        """The lexer's state behind the piece, for the piece after it; None until it is known."""
        self._lines = CodeLines()

    # -- what it is ---------------------------------------------------------------------------

    @property
    def top(self) -> int:
        """Space above."""
        return self.lead + self.style.em(0.5) if self.block.first else 0

    @property
    def bottom(self) -> int:
        """Space below."""
        is_end = self.block.last or (self.is_folded and self.block.first)
        return self.style.em(0.6) if is_end and not self.is_hidden else 0

    @property
    def has_header(self) -> bool:
        """Whether this piece carries the bar with language and buttons."""
        return self.block.first and self.block.header != BARE

    @property
    def header_height(self) -> int:
        """The bar with language and buttons; details and later pieces have none."""
        return self.style.em(2.1) if self.has_header else 0

    @property
    def wraps(self) -> bool:
        """Whether long lines go on below."""
        if self.block.header == BARE or self.state is None:
            return True
        return self.style.wraps_code if self.state.wraps is None else self.state.wraps

    @property
    def can_fold(self) -> bool:
        """Whether the block is long enough to be folded; told by its first piece alone."""
        block = self.block
        return self.has_header and (not block.last or block.source.count("\n") + 1 > FOLDABLE_LINES)

    @property
    def is_folded(self) -> bool:
        """Whether only the beginning of the block is shown."""
        state = self.state
        if state is None or self.block.header == BARE:
            return False
        first = self if self.block.first else state.head
        if not isinstance(first, CodeRow) or not first.can_fold:
            return False
        if state.folds is not None:
            return state.folds
        return self.style.folds_code and not state.was_streamed

    @property
    def is_hidden(self) -> bool:
        """Whether the piece lies in the part that is folded away."""
        return not self.block.first and self.is_folded

    @property
    def is_cut(self) -> bool:
        """Whether the row ends before its text does."""
        return self.block.first and self.is_folded

    # -- layout -------------------------------------------------------------------------------

    def estimate(self, width: int) -> int:
        """A height without laying out."""
        if self.is_hidden:
            return 0
        source = self.block.source
        lines = source.count("\n") + 1
        if self.wraps:
            per_line = max(8.0, (width - self.indent) / (self.style.px * 0.55))
            lines = max(lines, math.ceil(columns_of(source) / per_line))
        pads = self._pad_top + self._pad_bottom + self.header_height
        if self.is_cut:
            lines = min(lines, FOLDED_LINES)
            pads += self._fold_bar - self._pad_bottom
        return lines * self.style.mono_pitch + pads + self.top + self.bottom

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height."""
        del previous
        style = self.style
        self.text = self.block.source
        if self.is_hidden:
            self.pieces, self.marks = [], []
            return 0
        side, pitch = self._side, style.mono_pitch
        x, y = self.indent + side, self.top + self.header_height + self._pad_top
        room = width - x - side if self.wraps else LONGEST_LINE * style.mono_advance
        lines = self._lines = lay_code(self.text, self.colouring, room, style, self._lines)
        if self.state is not None and not self.wraps:
            self.state.extent = max(self.state.extent, lines.natural + 2 * side)
        self.pieces, self.marks = lines.pieces(x, y, pitch), lines.marks(x, y)
        height = lines.height
        if self.is_cut:
            seen = min(height, FOLDED_LINES * style.mono_pitch)
            return math.ceil(y + seen) + self._fold_bar + self.bottom
        return math.ceil(y + height) + self._pad_bottom + self.bottom

    def inherit(self, old: Row) -> None:
        """Take over the colours of the row this one replaces."""
        if isinstance(old, CodeRow) and self.block.source.startswith(old.block.source):
            self.colouring, self.asked, self.asked_at = old.colouring, old.asked, old.asked_at
            self.width, self._lines = old.width, old._lines  # noqa: SLF001 - a row of its own kind
            if self.button_names == old.button_names:
                self.stable = utf16.length(old.block.source[: last_break(old.block.source)])

    def drop(self) -> None:
        """Give up the layouts; the height stays known for its width."""
        super().drop()
        self._lines = CodeLines()

    def recolour(self, colouring: Colouring) -> None:
        """Give the code other colours: lines whose colours are the same keep their layouts."""
        self.colouring, self.pieces = colouring, None

    @property
    def content_width(self) -> float:
        """The width of the longest line of the block that was laid out so far, with paddings."""
        return 0.0 if self.wraps else super().content_width

    @property
    def frame(self) -> QRectF:
        """Where code is seen, in the row: below the header, above the bar of a folded block."""
        top = self.top + self.header_height
        below = self.bottom + (self._fold_bar if self.is_cut else 0)
        return QRectF(self.indent, top, self.frame_width, max(0, self.height - top - below))

    def offset_at(self, x: float, y: float) -> int:
        """The text offset nearest to a point; what is folded away is not near."""
        last = self.frame.bottom() - self.style.mono_pitch / 2
        return super().offset_at(x, min(y, last) if self.is_cut else y)

    def top_of(self, offset: int) -> float:
        """The top of the line that holds an offset; the folded end for what lies behind it."""
        top = super().top_of(offset)
        return min(top, self.frame.bottom()) if self.is_cut else top

    # -- painting -----------------------------------------------------------------------------

    def paint(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint at the row's top left corner."""
        if not self.is_hidden:
            super().paint(painter, x, y, context)

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint what lies under the text."""
        style, tokens, clip = self.style, self.style.tokens, context.clip
        left, width = x + self.indent, self.width - self.indent
        is_begun = self.block.first and (
            clip.isEmpty() or clip.top() <= y + self.top + self.header_height + style.em(0.55)
        )
        box = QRectF(
            left + 0.5, y + self.top + 0.5, width - 1, self.height - self.top - self.bottom - 1
        )
        radius = style.em(0.55)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not is_begun:
            box.setTop(box.top() - 3 * radius)
        if not self.block.last and not self.is_cut:
            box.setBottom(box.bottom() + 3 * radius)
        # Also where nothing is cut off: to fill a curve within a rectangle costs half of what it does
        # within the region that Qt has to paint.
        row = QRectF(left, y, width, self.height)
        painter.setClipRect(row, Qt.ClipOperation.IntersectClip)
        border = QPen(tokens.border, 1)
        has_header = is_begun and self.has_header
        painter.setPen(Qt.PenStyle.NoPen if has_header else border)
        painter.setBrush(tokens.code_background)
        painter.drawRoundedRect(box, radius, radius)
        if has_header:
            self._paint_header_ground(painter, box, radius)
            painter.setPen(border)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, radius, radius)
        painter.restore()
        if has_header:
            self._paint_header(painter, QPointF(x, y), context)

    def paint_text(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint the code, and the bar at the end of what a folded block shows."""
        super().paint_text(painter, x, y, context)
        if self.is_cut:
            self._paint_fold_bar(painter, QPointF(x, y), context)

    def grounds(self) -> list[tuple[QRectF, QColor]]:
        """The parts of the frame with the colour under their text."""
        lines = self.frame.adjusted(0, 0, 0, -self._pad_bottom)
        return [(lines, self.style.tokens.code_background)]

    def buttons(self) -> list[RowButton]:
        """Copy, save, wrap and fold, from the right; only symbols where there is little room."""
        if not self.has_header:
            return []
        style = self.style
        height = self.header_height - style.em(0.36)
        top, right = float(self.top + style.em(0.18)), float(self.width - style.em(0.25))
        has_room = self.width - self.indent > style.em(19)
        made = []
        for name in self.button_names:
            words = _words_of_copy() if name == COPY and has_room else ""
            width = width_of(words, style)
            right -= width
            box = QRectF(right, top, width, height)
            label, icon, is_on = _label_of(name), name, False
            if name == WRAP and self.wraps:
                label, is_on = _tr_no_wrap(), True
            elif name == FOLD and self.is_folded:
                label, icon = self.unfold_label, "unfold"
            made.append(RowButton(name, label, box, icon, words, is_on))
            right -= style.em(0.1)
        made.reverse()
        if self.is_cut:
            made.append(RowButton(FOLD, self.unfold_label, self._fold_bar_box()))
        return made

    @property
    def button_names(self) -> tuple[str, ...]:
        """Which buttons the header has, from the right."""
        if not self.has_header:
            return ()
        names = (COPY, SAVE, WRAP) if self._has_long_line else (COPY, SAVE)
        return (*names, FOLD) if self.can_fold else names

    @property
    def unfold_label(self) -> str:
        """What the bar of a folded block says."""
        lines = self.state.line_count() if self.state else self.block.source.count("\n") + 1
        words = QCoreApplication.translate("CodeBlock", "Show all {count} lines")
        return words.replace("{count}", str(lines))

    @property
    def _has_long_line(self) -> bool:
        """Whether there is anything to wrap; true as long as only part of the block is known."""
        columns = (self.width - self.indent - 2 * self._side) / self.style.mono_advance
        block = self.block
        return not block.last or any(
            len(line) * (1 if line.isascii() else 2) + 3 * line.count("\t") > columns
            for line in block.source.split("\n")
        )

    @property
    def _side(self) -> int:
        return self.style.em(0.95)

    @property
    def _pad_top(self) -> int:
        return self.style.em(0.55) if self.block.first else 0

    @property
    def _pad_bottom(self) -> int:
        return self.style.em(0.7) if self.block.last else 0

    @property
    def _fold_bar(self) -> int:
        return self.style.em(2.3)

    def _fold_bar_box(self) -> QRectF:
        height = self._fold_bar
        return QRectF(
            self.indent + 1, self.height - self.bottom - height, self.frame_width - 2, height - 1
        )

    def _paint_header_ground(self, painter: QPainter, box: QRectF, radius: float) -> None:
        tokens = self.style.tokens
        bar = QRectF(box.left(), box.top(), box.width(), self.header_height)
        painter.save()
        painter.setClipRect(bar, Qt.ClipOperation.IntersectClip)
        painter.setBrush(tokens.code_header)
        painter.drawRoundedRect(bar.adjusted(0, 0, 0, 3 * radius), radius, radius)
        painter.restore()
        painter.fillRect(QRectF(bar.left(), bar.bottom() - 1, bar.width(), 1), tokens.border)

    def _paint_header(self, painter: QPainter, at: QPointF, context: PaintContext) -> None:
        style, tokens = self.style, self.style.tokens
        buttons = [button for button in self.buttons() if button.icon]
        painter.save()
        painter.translate(at)
        painter.setFont(style.small)
        left = self.indent + self._side
        room = min(button.box.left() for button in buttons) - left - style.em(0.4)
        said = context.copied
        name = said or display_language(self.block.language) or _plain_code()
        painter.setPen(tokens.success if said else tokens.text_muted)
        name = style.small_metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        label = QRectF(left, self.top, room, self.header_height)
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        paint_buttons(painter, buttons, style, hovered=context.hovered, focused=context.focused)
        painter.restore()

    def _paint_fold_bar(self, painter: QPainter, at: QPointF, context: PaintContext) -> None:
        style, tokens = self.style, self.style.tokens
        box = self._fold_bar_box().translated(at)
        fade = QRectF(box.left(), box.top() - style.em(2), box.width(), style.em(2))
        colour = QLinearGradient(fade.topLeft(), fade.bottomLeft())
        clear = QColor(tokens.code_background)
        clear.setAlpha(0)
        colour.setColorAt(0, clear)
        colour.setColorAt(1, tokens.code_background)
        painter.fillRect(fade, colour)
        painter.save()
        painter.setFont(style.small_bold)
        is_lit = FOLD in (context.hovered, context.focused)
        painter.setPen(tokens.text if is_lit else tokens.text_muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.unfold_label)
        painter.restore()


def _plain_code() -> str:
    return QCoreApplication.translate("CodeBlock", "Code")


def _words_of_copy() -> str:
    return QCoreApplication.translate("CodeBlock", "Copy")


def _tr_no_wrap() -> str:
    return QCoreApplication.translate("CodeBlock", "Do not wrap lines")


def _label_of(name: str) -> str:
    translate = QCoreApplication.translate
    return {
        COPY: translate("CodeBlock", "Copy code"),
        SAVE: translate("CodeBlock", "Save code as a file…"),
        WRAP: translate("CodeBlock", "Wrap lines"),
        FOLD: translate("CodeBlock", "Fold code"),
    }[name]
