"""Paints one conversation of the list, with the heading of its group above the first."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.conversation_list.model import (
    ASKING_ROLE,
    BUSY_ROLE,
    DRAFT_ROLE,
    FOLDED_ROLE,
    FOLDER_ROLE,
    HEADING_ROLE,
    TAGS_ROLE,
)
from desktop_app.ui.icons import icon
from desktop_app.ui.list_rows import paint_ground, small_font
from desktop_app.ui.theme import Tokens, mix, tokens_for

_Index = QModelIndex | QPersistentModelIndex

_PADDING = 10
_GAP = 2
_HEADING_SPACE = 14
_MARK = 13
_BADGE = 17
_MOST_OF_TAGS = 0.42
"""Of the width of a row; the title has the rest."""


def heading_height(index: _Index, font: QFont) -> int:
    """Return the height of the heading above a row, in pixels; 0 where there is none."""
    if not index.data(HEADING_ROLE):
        return 0
    return QFontMetrics(_small(font)).height() + _HEADING_SPACE


class ConversationDelegate(QStyledItemDelegate):
    """A rounded row with title and tags, and one mark behind them.

    A question mark where a call waits for the person, a dot while an answer streams, or a pencil
    where a draft is.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row; the width is the list's."""
        height = heading_height(index, option.font)
        if not index.data(FOLDED_ROLE):
            height += QFontMetrics(option.font).height() + 2 * _PADDING - 2 + _GAP
        return QSize(80, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row."""
        tokens = tokens_for(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        height = heading_height(index, option.font)
        folded = bool(index.data(FOLDED_ROLE))
        row = rect.adjusted(6, 4 if folded else height, -6, -_GAP)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, option, row, tokens)
        if height:
            place = QRect(rect.left(), rect.top(), rect.width(), height)
            _paint_heading(painter, place, index, option.font, tokens)
        if not folded:
            text = row.adjusted(_PADDING, 0, -_PADDING, 0)
            if index.data(ASKING_ROLE):
                _paint_question(painter, text, option.font, tokens)
                text.setRight(text.right() - _BADGE - 6)
            elif index.data(BUSY_ROLE):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(tokens.accent)
                painter.drawEllipse(QPointF(text.right() - 3, text.center().y() + 0.5), 3.5, 3.5)
                text.setRight(text.right() - 14)
            elif index.data(DRAFT_ROLE):
                top = text.center().y() - _MARK // 2 + 1
                mark = QRect(text.right() - _MARK + 1, top, _MARK, _MARK)
                icon("pencil", tokens.text_muted).paint(painter, mark)
                text.setRight(text.right() - _MARK - 6)
            _paint_tags(painter, text, index, option.font, tokens)
            painter.setFont(option.font)
            painter.setPen(tokens.text if selected else mix(tokens.text, tokens.text_muted, 0.25))
            title = QFontMetrics(option.font).elidedText(
                index.data() or "", Qt.TextElideMode.ElideRight, text.width()
            )
            painter.drawText(
                text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title
            )
        painter.restore()


def _paint_heading(
    painter: QPainter, rect: QRect, index: _Index, font: QFont, tokens: Tokens
) -> None:
    small = _small(font)
    metrics = QFontMetrics(small)
    text = rect.adjusted(_PADDING + 6, 0, -_PADDING - 6, -5)
    painter.setFont(small)
    painter.setPen(tokens.text_muted)
    if index.data(FOLDER_ROLE):
        middle = text.bottom() - metrics.height() / 2 + 1
        _paint_chevron(painter, QPointF(text.left() + 3.5, middle), folded=index.data(FOLDED_ROLE))
        text.setLeft(text.left() + 13)
    words = metrics.elidedText(index.data(HEADING_ROLE), Qt.TextElideMode.ElideRight, text.width())
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)


def _paint_question(painter: QPainter, text: QRect, font: QFont, tokens: Tokens) -> None:
    """Paint a question mark in a disc at the right end of ``text``."""
    top = text.center().y() - _BADGE // 2 + 1
    disc = QRect(text.right() - _BADGE + 1, top, _BADGE, _BADGE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens.warning)
    painter.drawEllipse(disc)
    painter.setFont(_small(font))
    painter.setPen(tokens.surface)
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, "?")


def _paint_chevron(painter: QPainter, middle: QPointF, *, folded: bool) -> None:
    """Paint a mark that points right before what is folded, and down before what is not."""
    painter.save()
    pen = QPen(painter.pen())
    pen.setWidthF(1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.translate(middle)
    if folded:
        painter.rotate(-90)
    painter.drawPolyline([QPointF(-3.5, -1.75), QPointF(0, 1.75), QPointF(3.5, -1.75)])
    painter.restore()


def _paint_tags(painter: QPainter, text: QRect, index: _Index, font: QFont, tokens: Tokens) -> None:
    """Paint the tags at the right end of ``text`` and take their room from it."""
    tags = index.data(TAGS_ROLE)
    if not tags:
        return
    small = _small(font, QFont.Weight.Normal)
    metrics = QFontMetrics(small)
    words = metrics.elidedText(
        tags, Qt.TextElideMode.ElideRight, round(text.width() * _MOST_OF_TAGS)
    )
    painter.setFont(small)
    painter.setPen(tokens.text_muted)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
    text.setRight(text.right() - metrics.horizontalAdvance(words) - 8)


def _small(font: QFont, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    small = small_font(font)
    small.setWeight(weight)
    return small
