"""Draws a row that can be ticked: a box, what it is, and a fact or two below it."""

from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.icons import pixmap
from desktop_app.ui.theme import mix
from desktop_app.ui.theming import current_tokens

FACTS_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_BOX: Final = 18
_GAP: Final = 10
_PADDING: Final = 6
_KEYS: Final = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Select})

_Index = QModelIndex | QPersistentModelIndex


class ChoiceDelegate(QStyledItemDelegate):
    """Ticks a row on a click anywhere in it, and on Space."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Two lines high."""
        del index
        height = QFontMetrics(option.font).lineSpacing() + _small(option.font)[1]
        return QSize(120, height + 2 * _PADDING)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        """Turn the tick over."""
        del option
        is_click = event.type() is QEvent.Type.MouseButtonRelease
        is_key = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        if not is_click and not (
            is_key and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in _KEYS
        ):
            return False
        is_on = _is_on(index)
        state = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
        return model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the box, the words, and where the keyboard is."""
        tokens = current_tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect.adjusted(1, 1, -1, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mix(tokens.window, tokens.accent, 0.12))
            painter.drawRoundedRect(QRectF(rect), 7, 7)
        self._paint_box(painter, rect, is_on=_is_on(index), enabled=_is_enabled(option))
        left = rect.left() + _PADDING + _BOX + _GAP
        words = QRect(left, rect.top() + _PADDING, rect.right() - left - _PADDING, 0)
        metrics = QFontMetrics(option.font)
        words.setHeight(metrics.lineSpacing())
        painter.setFont(option.font)
        painter.setPen(tokens.text)
        flags = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        single = Qt.TextFlag.TextSingleLine
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(flags | single), title)
        font, height = _small(option.font)
        words = QRect(left, words.bottom() + 1, words.width(), height)
        painter.setFont(font)
        painter.setPen(tokens.text_muted)
        facts = QFontMetrics(font).elidedText(
            str(index.data(FACTS_ROLE) or ""), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, int(flags | single), facts)
        painter.restore()

    def _paint_box(self, painter: QPainter, rect: QRect, *, is_on: bool, enabled: bool) -> None:
        tokens = current_tokens()
        box = QRectF(rect.left() + _PADDING, rect.center().y() - _BOX / 2 + 1, _BOX, _BOX)
        painter.setOpacity(1.0 if enabled else 0.5)
        painter.setPen(QPen(tokens.accent if is_on else mix(tokens.border, tokens.text, 0.3), 1.4))
        painter.setBrush(tokens.accent if is_on else tokens.surface)
        painter.drawRoundedRect(box, 5, 5)
        if is_on:
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(
                int(box.left()) + 2,
                int(box.top()) + 2,
                pixmap("check", 14, tokens.accent_text, ratio),
            )
        painter.setOpacity(1.0)


def _is_on(index: _Index) -> bool:
    return index.data(Qt.ItemDataRole.CheckStateRole) in {
        Qt.CheckState.Checked,
        Qt.CheckState.Checked.value,
    }


def _is_enabled(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Enabled)


def _small(font: QFont) -> tuple[QFont, int]:
    """Return a font for facts, and the height of its line."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.88)
    else:
        small.setPixelSize(round(font.pixelSize() * 0.88))
    return small, QFontMetrics(small).lineSpacing()
