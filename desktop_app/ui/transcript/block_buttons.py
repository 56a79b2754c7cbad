"""The small buttons of a code block or table: what they are called, where they are, their looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from desktop_app.ui.icons import pixmap
from desktop_app.ui.transcript.style import Style

COPY, WRAP, SAVE, FOLD = "copy", "wrap", "save", "fold"
PREFIX = "block"
"""Begins the id under which the keyboard and screen readers know a button of a block."""


@dataclass(frozen=True, slots=True)
class RowButton:
    """A painted button; `box` is measured from the corner of its row.

    `label` is its whole name, for tool tips and screen readers, `words` what is painted of it.
    """

    name: str
    label: str
    box: QRectF
    icon: str = ""
    words: str = ""
    is_on: bool = False


def button_id(first: int, name: str) -> str:
    """The id of a button of the block whose first row has index `first`."""
    return f"{PREFIX}:{first}:{name}"


def parsed_id(identity: str) -> tuple[int, str] | None:
    """The first row and the name that an id stands for; None when it is no block's."""
    prefix, _, rest = identity.partition(":")
    first, _, name = rest.partition(":")
    return (int(first), name) if prefix == PREFIX and first.isdecimal() else None


def paint_buttons(
    painter: QPainter, buttons: Iterable[RowButton], style: Style, *, hovered: str, focused: str
) -> None:
    """Paint buttons; the painter's origin is the corner of their row."""
    tokens = style.tokens
    radius = style.em(0.35)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(style.small)
    for button in buttons:
        is_lit = button.name in (hovered, focused)
        box = button.box
        painter.setPen(Qt.PenStyle.NoPen)
        if is_lit or button.is_on:
            painter.setBrush(tokens.border if is_lit else tokens.hover)
            painter.drawRoundedRect(box, radius, radius)
        colour = tokens.text if is_lit or button.is_on else tokens.text_muted
        painter.setPen(colour)
        rest = QRectF(box)
        if button.icon:
            size = icon_size(style).width()
            ratio = painter.device().devicePixelRatioF()
            left = box.left() + style.em(0.45) if button.words else box.center().x() - size / 2
            picture = pixmap(button.icon, size, colour, ratio)
            top = box.center().y() - size / 2
            painter.drawPixmap(round(left), round(top), picture)
            rest.setLeft(left + size + style.em(0.35))
        if button.words:
            side = Qt.AlignmentFlag.AlignLeft if button.icon else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | side, button.words)
        if button.name == focused:
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def icon_size(style: Style) -> QSize:
    """The size of an icon in a button, in points."""
    side = style.em(1.1)
    return QSize(side, side)


def width_of(words: str, style: Style) -> float:
    """How wide a button with an icon and `words` is; without words, a square."""
    if not words:
        return float(style.em(1.75))
    return (
        style.em(0.45)
        + icon_size(style).width()
        + style.em(0.85)
        + style.small_metrics.horizontalAdvance(words)
    )
