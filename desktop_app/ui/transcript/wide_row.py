"""A row whose text may be wider than the row: it is cut at a frame and scrolls sideways in it.

All pieces of a block share one offset (`BlockState.offset`), so that they move as one. Places in
the row stay what they are for any other row: whoever asks for what is at a point, or paints, need
not know that the text was moved.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from desktop_app.ui.transcript.blocks import Span
from desktop_app.ui.transcript.rows import PaintContext, Row

FADE_EMS = 1.1
"""Width of the soft edge behind which more text lies."""


class WideRow(Row):
    """The common part of code and tables."""

    @property
    def content_width(self) -> float:
        """The width of everything there is to see, paddings included."""
        return self.state.extent if self.state is not None else 0.0

    @property
    def frame(self) -> QRectF:
        """Where text is seen, in the row."""
        top = self.top
        return QRectF(self.indent, top, self.frame_width, self.height - top - self.bottom)

    @property
    def frame_width(self) -> float:
        """The width of `frame`."""
        return float(self.width - self.indent)

    @property
    def overflow(self) -> float:
        """How far the text can be scrolled; 0 where all of it is seen."""
        return max(0.0, self.content_width - self.frame_width)

    @property
    def shift(self) -> float:
        """How far the text is scrolled now."""
        return min(self.state.offset, self.overflow) if self.state is not None else 0.0

    def offset_at(self, x: float, y: float) -> int:
        """The text offset nearest to a point inside the row; what is out of sight is not near."""
        return super().offset_at(self._to_content(x), y)

    def span_at(self, x: float, y: float) -> Span | None:
        """The span under a point; there is none outside of the frame."""
        if self.overflow and not self.frame.contains(QPointF(x, y)):
            return None
        return self.span_in_content(x + self.shift, y)

    def span_in_content(self, x: float, y: float) -> Span | None:
        """The span under a point of the text as it lies before it is moved."""
        del x, y
        return None

    def paint_text(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint the text where it has been scrolled to, cut at the frame."""
        overflow = self.overflow
        if not overflow and not self.is_cut:
            self.paint_under_text(painter, x, y, context)
            super().paint_text(painter, x, y, context)
            return
        frame, shift = self.frame.translated(x, y), self.shift
        painter.save()
        painter.setClipRect(frame.adjusted(1, 0, -1, 0), Qt.ClipOperation.IntersectClip)
        self.paint_under_text(painter, x - shift, y, context)
        super().paint_text(painter, x - shift, y, context)
        painter.restore()
        for part, ground in self.grounds():
            box = part.translated(x, y)
            if shift > 0:
                self._paint_fade(painter, box, ground, is_left=True)
            if shift < overflow:
                self._paint_fade(painter, box, ground, is_left=False)

    def paint_under_text(
        self, painter: QPainter, x: float, y: float, context: PaintContext
    ) -> None:
        """Paint what moves along with the text."""

    @property
    def is_cut(self) -> bool:
        """Whether the row ends before its text does."""
        return False

    def grounds(self) -> list[tuple[QRectF, QColor]]:
        """The parts of the frame with the colour under their text."""
        return [(self.frame, self.style.tokens.surface)]

    def _to_content(self, x: float) -> float:
        if not self.overflow:
            return x
        frame = self.frame
        return max(frame.left(), min(x, frame.right())) + self.shift

    def _paint_fade(
        self, painter: QPainter, frame: QRectF, ground: QColor, *, is_left: bool
    ) -> None:
        width = min(self.style.em(FADE_EMS), frame.width() / 4)
        box = QRectF(frame.adjusted(1, 0, -1, 0))
        if is_left:
            box.setWidth(width)
        else:
            box.setLeft(box.right() - width)
        solid, clear = QColor(ground), QColor(ground)
        clear.setAlpha(0)
        fade = QLinearGradient(box.topLeft(), box.topRight())
        fade.setColorAt(0, solid if is_left else clear)
        fade.setColorAt(1, clear if is_left else solid)
        painter.fillRect(box, fade)
