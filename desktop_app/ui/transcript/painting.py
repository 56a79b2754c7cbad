"""Paints the visible part of a block view: background, entries, buttons, caret, focus ring.

Nothing is parsed here and code is not lexed here; what is missing is asked for and repainted when
it comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen

from desktop_app.ui.transcript.blocks import BlockKind
from desktop_app.ui.transcript.code_block import CodeRow
from desktop_app.ui.transcript.code_colours import CodeColours
from desktop_app.ui.transcript.dots import paint_dot
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.image_row import ImageRow
from desktop_app.ui.transcript.links import link_boxes, links_in_block
from desktop_app.ui.transcript.rows import PaintContext, Row

if TYPE_CHECKING:
    from desktop_app.ui.transcript.view import BlockView

OVERHANG = 48
"""A row may paint this far above its top: a paragraph piece that continues a line."""
PULSE_MILLISECONDS = 90
PULSE_PERIOD = 1_200


class Painting:
    """The painter's side of a view, with what changes only looks: hover, focus, caret."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self.hovered: tuple[EntryItem, int, str] | None = None
        self.focused: tuple[EntryItem, str] | None = None
        self.shows_ring = False
        self._colours = CodeColours(view)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._pulse = QTimer(view)
        self._pulse.setInterval(PULSE_MILLISECONDS)
        self._pulse.timeout.connect(self._on_pulse)
        self._caret = QRectF()
        self._painted_at = 0
        self.is_resting = False

    def rest_caret(self, *, is_resting: bool) -> None:
        """Let the caret stand still (reduced motion), or breathe."""
        self.is_resting = is_resting
        if is_resting:
            self._pulse.stop()

    def caret_rect(self) -> QRect:
        """Where the caret was painted last, in the viewport."""
        return self._caret.toAlignedRect()

    def has_overlay(self) -> bool:
        """Whether something is painted over the text that scrolling must not move along."""
        return self.shows_ring or self._view.controls.has_overlay()

    def paint(self, painter: QPainter, clip: QRect) -> None:
        """Paint what lies in `clip` (viewport coordinates)."""
        view = self._view
        stack, tokens = view.stack, view.stack.style.tokens
        painter.fillRect(clip, tokens.surface)
        scroll = view.verticalScrollBar().value()
        first, last = clip.top() + scroll, clip.bottom() + 1 + scroll
        item = stack.item_at(first)
        self._caret = QRectF() if clip.height() >= view.viewport().height() else self._caret
        while item is not None:
            top = stack.top_of(item)
            if top > last + OVERHANG:
                break
            self._paint_item(painter, item, top - scroll, clip)
            item = stack.items[item.index + 1] if item.index + 1 < len(stack.items) else None
        view.controls.paint(painter)
        view.caret.paint(painter)
        if self.shows_ring:
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(view.viewport().rect().adjusted(1, 1, -1, -1))

    def _paint_item(self, painter: QPainter, item: EntryItem, top: int, clip: QRect) -> None:
        view = self._view
        chrome, rows = view.stack.prepare(item), item.rows or []
        natural = item.natural_width()
        height, clip_top, clip_bottom = item.height, clip.top(), clip.bottom()
        chrome.paint(painter, top, height, natural, clip_top)
        x = chrome.row_left + chrome.shift(natural)
        index = item.row_at(clip_top - top) if rows else 0
        text_clip = QRectF(clip.adjusted(0, -2, 0, 2))
        y = top + item.row_top(index)
        plain = PaintContext(view.stack.style, clip=text_clip) if self._is_plain(item) else None
        while index < len(rows) and y <= clip_bottom + OVERHANG:
            row = rows[index]
            item.measure_row(index)
            if not row.height:
                # Folded away: of 5 MB these are 5,000 rows.
                index += 1
                continue
            if isinstance(row, CodeRow):
                self._colours.ask(item, index, row)
            elif isinstance(row, ImageRow):
                row.take_from(view.images)
            row.paint(painter, x, y, plain or self._context(item, index, row, text_clip))
            if self.focused is not None and self.focused[0] is item:
                self._paint_link_focus(painter, index, row, QPointF(x, y))
            y += row.height
            index += 1
        foot_top = top + height - chrome.foot
        if item.entry.streaming and index >= len(rows):
            self._paint_caret(painter, item, x, foot_top)
        if chrome.places or chrome.fold_button:
            hovered = self.hovered[2] if self._is_hovered(item, -1) and self.hovered else ""
            focused = self.focused[1] if self.focused and self.focused[0] is item else ""
            chrome.paint_buttons(painter, top, height, hovered, focused)

    def _paint_link_focus(self, painter: QPainter, index: int, row: Row, at: QPointF) -> None:
        """A frame round the link that the keyboard is on."""
        focused = self.focused[1] if self.focused else ""
        if not focused.startswith(f"link:{index}:"):
            return
        painter.setPen(QPen(self._view.stack.style.tokens.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for link in links_in_block(index, row.block):
            if link.id == focused:
                for box in link_boxes(row, link):
                    painter.drawRoundedRect(box.translated(at).adjusted(-2, -1, 2, 1), 3, 3)

    def _is_hovered(self, item: EntryItem, index: int) -> bool:
        return self.hovered is not None and self.hovered[:2] == (item, index)

    def _is_plain(self, item: EntryItem) -> bool:
        """Whether nothing is selected, found, hovered or focused: nearly always, while text streams."""
        view = self._view
        is_untouched = self.hovered is None and self.focused is None and view.controls.is_idle
        return is_untouched and view.selection.ordered is None and not view.finder.hits_of(item)

    def _context(self, item: EntryItem, index: int, row: Row, clip: QRectF) -> PaintContext:
        controls = self._view.controls
        return PaintContext(
            self._view.stack.style,
            self._view.selection.range_in(item.index, index),
            self.hovered[2] if self._is_hovered(item, index) and self.hovered else "",
            focused=controls.focused_name(row) if self.focused else "",
            is_under_mouse=controls.is_under_mouse(row),
            copied=controls.said_of(row),
            clip=clip,
            hits=self._view.finder.marks_in(item, index),
        )

    # -- caret --------------------------------------------------------------------------------

    def _paint_caret(self, painter: QPainter, item: EntryItem, x: float, foot_top: float) -> None:
        """A soft dot that breathes where the next words will appear."""
        style = self._view.stack.style_of(item)
        radius = style.px * 0.3
        place = self._caret_place(item)
        if place is None:
            centre_x, centre_y = x + radius, foot_top + style.pitch * 0.5
        else:
            rows = item.rows or []
            centre_x = x + place[0] + style.px * 0.55
            centre_y = foot_top - rows[-1].height + place[1]
        elapsed = 0 if self.is_resting else self._clock.elapsed()
        phase = (elapsed % PULSE_PERIOD) / PULSE_PERIOD
        painter.setOpacity(0.3 + 0.7 * abs(1 - 2 * phase))
        dot = paint_dot(painter, QPointF(centre_x, centre_y), radius, style.tokens.accent)
        painter.setOpacity(1.0)
        self._caret = dot.adjusted(-1, -1, 1, 1)
        self._painted_at = self._clock.elapsed()
        if not self.is_resting and not self._pulse.isActive():
            self._pulse.start()

    def _caret_place(self, item: EntryItem) -> tuple[float, float] | None:
        rows = item.rows or []
        if not rows or not rows[-1].pieces:
            return None
        piece = rows[-1].pieces[-1]
        if not piece.layout.lineCount() or rows[-1].block.kind is BlockKind.RULE:
            return None
        line = piece.layout.lineAt(piece.layout.lineCount() - 1)
        middle = line.y() + line.ascent() - rows[-1].style.px * 0.34
        end = piece.x + line.x() + line.naturalTextWidth() - rows[-1].shift
        return min(end, rows[-1].width - rows[-1].style.em(0.9)), piece.y + middle

    def _on_pulse(self) -> None:
        view = self._view
        if self._caret.isEmpty() or not view.isVisible():
            self._pulse.stop()
            return
        if self._clock.elapsed() - self._painted_at < PULSE_MILLISECONDS // 2:
            return  # While text streams, it repaints the caret by itself.
        caret, self._caret = self._caret, QRectF()
        view.viewport().update(caret.toAlignedRect())
