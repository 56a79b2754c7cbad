"""What makes steps a timeline: the line with its dots, and the headings of their groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop_app.ui.transcript.entry import Tone

if TYPE_CHECKING:
    from desktop_app.ui.transcript.chrome import Chrome


def paint_step(painter: QPainter, chrome: Chrome, top: float, height: float) -> None:
    """Paint the dot of a step that is `height` high, and the line that runs on through it."""
    style, tokens, entry = chrome.style, chrome.style.tokens, chrome.entry
    x = round(chrome.left + style.em(0.5)) + 0.5
    middle = top + chrome.header_top + style.small_bold_metrics.height() / 2
    painter.setPen(QPen(tokens.border, 1.5))
    begins = chrome.is_first or bool(entry.heading)
    painter.drawLine(QPointF(x, middle if begins else top), QPointF(x, top + height))
    radius = style.em(0.3)
    colour = {
        Tone.BUSY: tokens.accent,
        Tone.WAITING: tokens.warning,
        Tone.GOOD: tokens.success,
        Tone.BAD: tokens.error,
    }.get(entry.tone, tokens.text_muted)
    painter.setPen(QPen(tokens.surface, style.em(0.22)))
    painter.setBrush(tokens.accent if entry.streaming else colour)
    painter.drawEllipse(QPointF(x, middle), radius + style.em(0.1), radius + style.em(0.1))
    if entry.heading:
        _paint_heading(painter, chrome, top)


def _paint_heading(painter: QPainter, chrome: Chrome, top: float) -> None:
    """The words above the first step of a group, and a line from them to the edge."""
    style, tokens, metrics = chrome.style, chrome.style.tokens, chrome.style.small_metrics
    y, room = top + chrome.heading_top, float(chrome.column)
    words = metrics.elidedText(chrome.entry.heading, Qt.TextElideMode.ElideRight, room)
    painter.setFont(style.small)
    painter.setPen(tokens.text_muted)
    painter.drawText(QPointF(chrome.left, y + metrics.ascent()), words)
    used = metrics.horizontalAdvance(words) + style.em(0.7)
    middle = round(y + metrics.height() / 2)
    painter.fillRect(QRectF(chrome.left + used, middle, room - used, 1), tokens.border)
