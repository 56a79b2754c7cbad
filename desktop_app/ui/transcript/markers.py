"""Paints the markers of list items: bullets by depth, numbers, check boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from desktop_app.ui.transcript.blocks import Block
from desktop_app.ui.transcript.dots import paint_dot
from desktop_app.ui.transcript.style import Style


def paint_marker(
    painter: QPainter, block: Block, style: Style, at: QPointF, *, is_leftward: bool = False
) -> None:
    """Paint a block's marker; `at` is where its text begins, on the base line.

    It stands before the text: on the left of it, or on the right of text that runs leftwards.
    """
    path, marker, base = block.path, block.marker, at.y()
    inner = len(path) - path.rindex("i") - 1 if "i" in path else 0
    before = 1 if is_leftward else -1
    edge = at.x() + before * inner * style.em(1.1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if marker == "•":
        centre = QPointF(edge + before * style.px * 0.85, base - style.px * 0.34)
        _paint_bullet(painter, centre, style.px * 0.17, path.count("i"), style.tokens.text_muted)
    elif marker in "☐☑":
        side = style.px * 0.86
        left = _left_of(edge, side, style, is_leftward=is_leftward)
        box = QRectF(left, base - side * 0.92, side, side)
        _paint_box(painter, box, style, is_done=marker == "☑")
    elif block.note:
        # Outside of other containers a name may reach into the margin.
        room = style.em(1.6 if len(path) > 1 else 2.6)
        label = style.small_metrics.elidedText(block.note, Qt.TextElideMode.ElideRight, room)
        painter.setFont(style.small)
        painter.setPen(style.tokens.link)
        advance = style.small_metrics.horizontalAdvance(label)
        left = _left_of(edge, advance, style, is_leftward=is_leftward)
        painter.drawText(QPointF(left, base - style.px * 0.2), label)
    else:
        painter.setFont(style.body)
        painter.setPen(style.tokens.text_muted)
        if is_leftward:
            painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        advance = QFontMetricsF(style.body).horizontalAdvance(marker)
        left = _left_of(edge, advance, style, is_leftward=is_leftward)
        painter.drawText(QPointF(left, base), marker)
    painter.restore()


def _left_of(edge: float, width: float, style: Style, *, is_leftward: bool) -> float:
    gap = style.px * 0.5
    return edge + gap if is_leftward else edge - gap - width


def _paint_bullet(
    painter: QPainter, centre: QPointF, radius: float, depth: int, colour: QColor
) -> None:
    if depth % 3 == 2:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colour)
        painter.drawEllipse(centre, radius, radius)
    elif depth % 3 == 0:
        painter.fillRect(
            QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), colour
        )
    else:
        paint_dot(painter, centre, radius, colour)


def _paint_box(painter: QPainter, box: QRectF, style: Style, *, is_done: bool) -> None:
    tokens = style.tokens
    painter.setPen(tokens.accent if is_done else tokens.text_muted)
    painter.setBrush(tokens.accent if is_done else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, style.px * 0.2, style.px * 0.2)
    if is_done:
        pen = painter.pen()
        pen.setColor(tokens.accent_text)
        pen.setWidthF(style.px * 0.12)
        painter.setPen(pen)
        left, top, side = box.left(), box.top(), box.width()
        painter.drawPolyline(
            [
                QPointF(left + side * 0.25, top + side * 0.52),
                QPointF(left + side * 0.44, top + side * 0.7),
                QPointF(left + side * 0.76, top + side * 0.3),
            ]
        )
