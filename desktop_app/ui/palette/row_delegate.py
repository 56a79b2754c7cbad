"""Paints one command: its title, and its shortcut or its origin at the other end."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.palette.command_model import ASIDE_ROLE
from desktop_app.ui.theme import mix
from desktop_app.ui.theming import current_tokens

_Index = QModelIndex | QPersistentModelIndex

_PADDING: Final = 12
_HIGH: Final = 8
"""Above and below the text of a row."""

_GAP: Final = 16
_MOST_OF_ASIDE: Final = 0.45
"""Of the width of a row; the title has the rest."""


class RowDelegate(QStyledItemDelegate):
    """A rounded row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row; the width is the list's."""
        del index
        return QSize(80, QFontMetrics(option.font).height() + 2 * _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row."""
        tokens = current_tokens()
        state = option.state
        row = QRect(option.rect)
        can_run = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(mix(tokens.surface_raised, tokens.accent, 0.18))
            painter.drawRoundedRect(row, 7, 7)
        elif state & QStyle.StateFlag.State_MouseOver and can_run:
            painter.setBrush(tokens.hover)
            painter.drawRoundedRect(row, 7, 7)
        faint = mix(tokens.text_muted, tokens.surface_raised, 0.35)
        metrics = QFontMetrics(option.font)
        text = row.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.setFont(option.font)
        painter.setLayoutDirection(option.direction)
        middle = Qt.AlignmentFlag.AlignVCenter
        elided = Qt.TextElideMode.ElideRight
        if aside := index.data(ASIDE_ROLE):
            shown = metrics.elidedText(aside, elided, round(text.width() * _MOST_OF_ASIDE))
            painter.setPen(tokens.text_muted if can_run else faint)
            painter.drawText(text, middle | Qt.AlignmentFlag.AlignTrailing, shown)
            taken = metrics.horizontalAdvance(shown) + _GAP
            is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
            text.adjust(taken if is_mirrored else 0, 0, 0 if is_mirrored else -taken, 0)
        painter.setPen(tokens.text if can_run else faint)
        title = metrics.elidedText(index.data(), elided, text.width())
        painter.drawText(text, middle | Qt.AlignmentFlag.AlignLeading, title)
        painter.restore()
