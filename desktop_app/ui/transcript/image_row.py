"""The row of an image: its place is known before it is decoded, so that nothing jumps."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Block, Look, RichText, Span
from desktop_app.ui.transcript.images import Images, image_size
from desktop_app.ui.transcript.rows import PaintContext, Row
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import (
    Piece,
    chip_boxes,
    lay_lines,
    paint_chips,
    text_layout,
)

_HIGHEST_EMS = 30


class ImageRow(Row):
    """An image scaled to fit, or a chip with its words where there is none to show."""

    def __init__(self, block: Block, style: Style) -> None:
        super().__init__(block, style)
        self.image: QImage | None = None
        """Set by the painter once it is decoded; null where it is damaged."""
        self._box = QRectF()
        self._chips: list[tuple[QRectF, Look]] = []

    def estimate(self, width: int) -> int:
        """A height without laying out."""
        size = self._shown_size(width)
        return math.ceil(size.height() or self.style.pitch) + self.top + self.bottom

    def build(self, width: int, previous: Row | None) -> int:
        """Make the pieces for `width`; returns the height."""
        del previous
        style, size = self.style, self._shown_size(width)
        self.text = f"image: {self.block.source}".removesuffix(": ")
        self._chips = []
        if size.isValid():
            self._box = QRectF(self.indent, self.top, size.width(), size.height())
            self.pieces = []
            return math.ceil(self.top + size.height()) + self.bottom
        self._box = QRectF()
        rich = RichText(self.text, (Span(0, len(self.text), Look.CHIP),))
        layout = text_layout(rich, style.body, style)
        height, _, _ = lay_lines(layout, width - self.indent, style.pitch)
        length = utf16.length(self.text)
        self.pieces = [Piece(layout, self.indent, self.top, 0, length, style.pitch)]
        self._chips = chip_boxes(rich, layout, style)
        return math.ceil(self.top + height) + self.bottom

    def paint_back(self, painter: QPainter, x: float, y: float, context: PaintContext) -> None:
        """Paint the image, its place while it is decoded, or the chip's box."""
        style, box = self.style, self._box.translated(x, y)
        for piece in self.pieces or ():
            paint_chips(painter, self._chips, x + piece.x, y + piece.y, style)
        if self._box.isEmpty():
            return
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QPainterPath()
        frame.addRoundedRect(box, style.em(0.4), style.em(0.4))
        painter.fillPath(frame, style.tokens.code_background)
        if self.image is not None and not self.image.isNull():
            painter.setClipPath(frame, Qt.ClipOperation.IntersectClip)
            painter.drawImage(box, self.image)
        elif self.image is not None:
            self._paint_words(painter, box, x + self.width)
        if context.selection is not None:
            veil = QColor(context.style.tokens.selection)
            veil.setAlphaF(0.5)
            painter.fillPath(frame, veil)
        painter.setPen(QPen(style.tokens.border, 1))
        painter.drawPath(frame)
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRectF, right: float) -> None:
        """Say in a damaged image what it is, or beside it where it is too small for that."""
        style, metrics = self.style, self.style.small_metrics
        painter.setPen(style.tokens.text_muted)
        painter.setFont(style.small)
        words = metrics.boundingRect(box, Qt.TextFlag.TextWordWrap, self.text)
        if box.contains(words.translated(box.topLeft() - words.topLeft())):
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.text
            )
            return
        left = box.right() + style.em(0.5)
        beside = QRectF(
            left, box.center().y() - metrics.height() / 2, right - left, metrics.height()
        )
        shown = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def take_from(self, images: Images) -> None:
        """Have the image decoded, or take it once it is."""
        if self.image is None and not self._box.isEmpty():
            self.image = images.get(self.block.header)

    def drop(self) -> None:
        """Give up layout and pixels; the store keeps those for a while."""
        super().drop()
        self.image = None

    def _shown_size(self, width: int) -> QSizeF:
        if not self.block.header:
            return QSizeF()
        size = QSizeF(image_size(self.block.header))
        room = QSizeF(max(24, width - self.indent), self.style.em(_HIGHEST_EMS))
        if size.width() > room.width() or size.height() > room.height():
            return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return size
