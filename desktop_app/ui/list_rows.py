"""What the rows of the lists in the sidebar have in common: their ground, and their small print."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from desktop_app.ui.theme import Tokens, mix


def paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, row: QRect, tokens: Tokens
) -> None:
    """Paint what lies below the words of a row: selected, under the mouse, with the keyboard's focus.

    It leaves its own pen and brush behind.
    """
    state = option.state
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        painter.setBrush(mix(tokens.window, tokens.accent, 0.17))
        painter.drawRoundedRect(row, 7, 7)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(tokens.hover)
        painter.drawRoundedRect(row, 7, 7)
    if state & QStyle.StateFlag.State_HasFocus and state & (
        QStyle.StateFlag.State_KeyboardFocusChange
    ):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(tokens.accent)
        painter.drawRoundedRect(row.adjusted(0, 0, -1, -1), 7, 7)


def small_font(font: QFont) -> QFont:
    """Return ``font`` in the size of what stands beside the words of a row."""
    small = QFont(font)
    small.setPointSizeF(max(7.5, font.pointSizeF() * 0.86))
    return small
