"""The line above an entry: its name, and beside it, or below where there is no room, its caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop_app.ui.transcript.entry import EntryKind

if TYPE_CHECKING:
    from desktop_app.ui.transcript.chrome import Chrome


def caption_is_below(chrome: Chrome) -> bool:
    """Whether the caption of a step has a line of its own: it says how the step stands."""
    entry, style = chrome.entry, chrome.style
    if not chrome.is_step or not entry.caption:
        return False
    width = style.small_bold_metrics.horizontalAdvance(entry.name)
    width += style.em(0.6) + style.small_metrics.horizontalAdvance(entry.caption)
    return width > _room(chrome)


def paint_name_line(painter: QPainter, chrome: Chrome, top: float) -> None:
    """Paint name and caption of an entry whose top is at ``top``."""
    style, entry, tokens = chrome.style, chrome.entry, chrome.style.tokens
    metrics, caption_metrics = style.small_bold_metrics, style.small_metrics
    base = top + chrome.header_top + metrics.ascent()
    room, is_below = _room(chrome), caption_is_below(chrome)
    name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
    name_width = metrics.horizontalAdvance(name)
    left = room if is_below else max(0.0, room - name_width - style.em(0.7))
    caption = caption_metrics.elidedText(entry.caption, Qt.TextElideMode.ElideRight, left)
    x = float(chrome.row_left)
    if entry.kind is EntryKind.USER:
        used = name_width + (
            style.em(0.6) + caption_metrics.horizontalAdvance(caption) if caption else 0
        )
        x = chrome.row_left + chrome.row_width + style.em(0.9) - used
    painter.setFont(style.small_bold)
    painter.setPen(_name_colour(chrome))
    painter.drawText(QPointF(x, base), name)
    if not caption:
        return
    painter.setFont(style.small)
    painter.setPen(tokens.text_muted)
    beside = QPointF(x + name_width + style.em(0.6), base)
    below = QPointF(x, base + caption_metrics.height())
    painter.drawText(below if is_below else beside, caption)


def _room(chrome: Chrome) -> float:
    """The width of the line; the button at its end has its own."""
    return chrome.row_width - (chrome.style.em(1.9) if chrome.entry.foldable else 0)


def _name_colour(chrome: Chrome) -> QColor:
    tokens = chrome.style.tokens
    colours = {
        EntryKind.ERROR: tokens.error,
        EntryKind.USER: tokens.text_muted,
        EntryKind.THOUGHT: tokens.text_muted,
    }
    return colours.get(chrome.entry.kind, tokens.text)
