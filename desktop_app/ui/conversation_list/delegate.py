"""Paints one conversation of the list, with the heading of its group above the first."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.conversation_list.model import BUSY_ROLE, DRAFT_ROLE, HEADING_ROLE
from desktop_app.ui.icons import icon
from desktop_app.ui.theme import mix, tokens_for

_Index = QModelIndex | QPersistentModelIndex

_PADDING = 10
_GAP = 2
_HEADING_SPACE = 14
_MARK = 13


class ConversationDelegate(QStyledItemDelegate):
    """A rounded row with its title, a dot while an answer streams in it, a pencil where a draft is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row; the width is the list's."""
        height = QFontMetrics(option.font).height() + 2 * _PADDING - 2 + _GAP
        if index.data(HEADING_ROLE):
            height += QFontMetrics(_heading_font(option.font)).height() + _HEADING_SPACE
        return QSize(80, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row."""
        tokens = tokens_for(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        if heading := index.data(HEADING_ROLE):
            font = _heading_font(option.font)
            height = QFontMetrics(font).height() + _HEADING_SPACE
            painter.setFont(font)
            painter.setPen(tokens.text_muted)
            painter.drawText(
                QRect(rect.left() + _PADDING + 6, rect.top(), rect.width(), height - 5),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom,
                heading,
            )
            rect.setTop(rect.top() + height)
        row = rect.adjusted(6, 0, -6, -_GAP)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected:
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
        text = row.adjusted(_PADDING, 0, -_PADDING, 0)
        if index.data(BUSY_ROLE):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.accent)
            painter.drawEllipse(QPointF(text.right() - 3, text.center().y() + 0.5), 3.5, 3.5)
            text.setRight(text.right() - 14)
        elif index.data(DRAFT_ROLE):
            side = _MARK
            mark = QRect(text.right() - side + 1, text.center().y() - side // 2 + 1, side, side)
            icon("pencil", tokens.text_muted).paint(painter, mark)
            text.setRight(text.right() - side - 6)
        painter.setFont(option.font)
        painter.setPen(tokens.text if selected else mix(tokens.text, tokens.text_muted, 0.25))
        title = QFontMetrics(option.font).elidedText(
            index.data() or "", Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()


def _heading_font(font: QFont) -> QFont:
    heading = QFont(font)
    heading.setPointSizeF(max(7.5, font.pointSizeF() * 0.86))
    heading.setWeight(QFont.Weight.DemiBold)
    return heading
