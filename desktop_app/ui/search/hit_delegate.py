"""Paints one hit: who wrote it and when, and two lines of plain text with the words marked.

The text comes from models, tools and pages: it is laid out as it is, never read as markup.
"""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.domain.search import Hit
from desktop_app.ui.list_rows import paint_ground, small_font
from desktop_app.ui.search.hits_model import DATE_ROLE, HEADING_ROLE, HIT_ROLE, SCOPE_ROLE
from desktop_app.ui.theme import Tokens, mix, tokens_for
from desktop_app.ui.transcript import utf16

_Index = QModelIndex | QPersistentModelIndex

_SIDE: Final = 10
_EDGE: Final = 5
_HEADING_SPACE: Final = 12
_LINES: Final = 2


class HitDelegate(QStyledItemDelegate):
    """A rounded row; the first of a conversation has its title above."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row; the width is the list's."""
        line = QFontMetrics(option.font).height()
        height = QFontMetrics(small_font(option.font)).height() + _LINES * line + 2 * _EDGE + 4
        if index.data(HEADING_ROLE):
            height += line + _HEADING_SPACE
        return QSize(80, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row."""
        tokens = tokens_for(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        if heading := index.data(HEADING_ROLE):
            height = QFontMetrics(option.font).height() + _HEADING_SPACE
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(tokens.text)
            room = QRect(rect.left(), rect.top(), rect.width(), height - 3)
            room.adjust(_SIDE + 6, 0, -_SIDE - 6, 0)
            words = QFontMetrics(font).elidedText(
                heading, Qt.TextElideMode.ElideRight, room.width()
            )
            bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(room, bottom, words)
            rect.setTop(rect.top() + height)
        row = rect.adjusted(6, 1, -6, -1)
        paint_ground(painter, option, row, tokens)
        inside = row.adjusted(_SIDE, _EDGE, -_SIDE, -_EDGE)
        small = small_font(option.font)
        above = QRect(inside.left(), inside.top(), inside.width(), QFontMetrics(small).height())
        painter.setFont(small)
        painter.setPen(tokens.text_muted)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, index.data(SCOPE_ROLE))
        painter.drawText(above, Qt.AlignmentFlag.AlignRight, index.data(DATE_ROLE))
        inside.setTop(above.bottom() + 2)
        hit = index.data(HIT_ROLE)
        if isinstance(hit, Hit):
            _paint_excerpt(painter, option.font, hit, inside, tokens)
        painter.restore()


def _paint_excerpt(painter: QPainter, font: QFont, hit: Hit, inside: QRect, tokens: Tokens) -> None:
    layout, end = _lines(hit.excerpt, font, hit, inside.width(), tokens)
    if end < utf16.length(hit.excerpt):
        shortened = utf16.cut(hit.excerpt, 0, max(0, end - 2)).rstrip() + "…"
        layout, _ = _lines(shortened, font, hit, inside.width(), tokens)
    painter.setPen(mix(tokens.text, tokens.text_muted, 0.25))
    painter.setClipRect(inside)
    layout.draw(painter, QPointF(inside.topLeft()))


def _lines(text: str, font: QFont, hit: Hit, width: int, tokens: Tokens) -> tuple[QTextLayout, int]:
    """Lay ``text`` out; return the layout, and how much of the text, in UTF-16, it has room for."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_marks(hit, text, tokens))
    layout.beginLayout()
    top, end = 0.0, 0
    for _ in range(_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height()
        end = line.textStart() + line.textLength()
    layout.endLayout()
    return layout, end


def _marks(hit: Hit, text: str, tokens: Tokens) -> list[QTextLayout.FormatRange]:
    """The ranges of the hit as far as ``text``, a beginning of the excerpt, goes."""
    offset = utf16.offsets(hit.excerpt)
    room = utf16.length(text)
    marked = QTextCharFormat()
    marked.setBackground(_mark_colour(tokens))
    marked.setForeground(tokens.text)
    marks = []
    for start, end in hit.ranges:
        if offset(start) >= room:
            break
        mark = QTextLayout.FormatRange()
        mark.start = offset(start)
        mark.length = min(offset(end), room) - offset(start)
        mark.format = marked
        marks.append(mark)
    return marks


def _mark_colour(tokens: Tokens) -> QColor:
    return mix(tokens.window, tokens.warning, 0.38 if tokens.dark else 0.3)
