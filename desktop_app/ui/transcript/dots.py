"""Filled dots, painted once and then copied: a bullet or the caret is painted with every piece of text."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap


def paint_dot(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> QRectF:
    """Paint a dot at the nearest whole pixels of the screen; returns what it covers."""
    ratio = painter.device().devicePixelRatioF()
    half = radius + 1
    left = round((centre.x() - half) * ratio) / ratio
    top = round((centre.y() - half) * ratio) / ratio
    painter.drawPixmap(QPointF(left, top), _dot(radius, colour.rgb(), ratio))
    return QRectF(left, top, 2 * half, 2 * half)


@lru_cache(maxsize=32)
def _dot(radius: float, colour: int, ratio: float) -> QPixmap:
    """A dot with a pixel around it."""
    side = math.ceil((2 * radius + 2) * ratio)
    dot = QPixmap(side, side)
    dot.setDevicePixelRatio(ratio)
    dot.fill(Qt.GlobalColor.transparent)
    painter = QPainter(dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QRectF(1, 1, 2 * radius, 2 * radius))
    painter.end()
    return dot
