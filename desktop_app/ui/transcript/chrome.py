"""The frame of an entry: name line, card, timeline dot, note, buttons. Measures and paints it.

One `Chrome` belongs to one entry at one view width. Everything is in pixels from the entry's top
left corner; rows are laid between `head` and `foot`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop_app.ui.theme import mix
from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind
from desktop_app.ui.transcript.style import READABLE_EMS, Style

DETAILS = "details:toggle"
"""The id of the button that folds an entry's details."""

BACK, FORWARD = "back", "forward"
"""The glyphs that a button can have."""


@dataclass(frozen=True, slots=True)
class Button:
    """A painted button; `box` is measured from the top of the entry's foot."""

    action: EntryAction
    box: QRectF


class Chrome:
    """Geometry and painting of everything about an entry but its rows."""

    def __init__(
        self,
        entry: Entry,
        style: Style,
        view_width: int,
        *,
        labels: Labels,
        is_unfolded: bool,
        is_first: bool,
    ) -> None:
        self.entry = entry
        self.style = style
        self.view_width = view_width
        self._labels = labels
        self._is_first = is_first
        em = style.em
        self.is_step = entry.kind.is_step or entry.kind is EntryKind.TURN
        margin = em(0.9) if self.is_step else max(em(1.0), min(em(2.2), view_width // 20))
        room = max(em(8), view_width - 2 * margin)
        column = room if self.is_step else min(room, em(READABLE_EMS))
        self.left = (view_width - column) // 2 if not self.is_step else margin
        self.column = column
        self._measure_body()
        self._measure_foot(is_unfolded=is_unfolded)

    # -- geometry -----------------------------------------------------------------------------

    def _measure_body(self) -> None:
        em, kind = self.style.em, self.entry.kind
        line = math.ceil(self.style.small_metrics.height())
        self.header_top = em(0.5)
        self.row_left, self.row_width = self.left, self.column
        if kind is EntryKind.USER:
            widest = self.column if self.column < em(34) else round(self.column * 0.84)
            self.row_width = widest - 2 * em(1.05)
            self.row_left = self.left + self.column - widest + em(1.05)
            self.header_top = em(1.1)
            self.head = self.header_top + line + em(0.4) + em(0.32)
            self.tail = em(0.32)
        elif kind is EntryKind.ERROR:
            self.row_left = self.left + em(1.2)
            self.row_width = self.column - em(2.2)
            self.header_top = em(1.25)
            self.head = self.header_top + line + em(0.05)
            self.tail = em(0.2)
        elif kind is EntryKind.NOTICE:
            self.head, self.tail = em(0.3), em(0.3)
        elif kind is EntryKind.TURN:
            self.header_top = em(0.7) if self._is_first else em(1.5)
            self.head = self.header_top + line + em(0.05)
            self.tail = em(0.15)
        elif self.is_step:
            self.row_left = self.left + em(1.75)
            self.row_width = self.column - em(1.75)
            self.header_top = em(0.45)
            self.head = self.header_top + line + em(0.0)
            self.tail = em(0.2)
        else:
            self.header_top = em(0.9)
            self.head = self.header_top + line + em(0.1)
            self.tail = em(0.1)

    def _measure_foot(self, *, is_unfolded: bool) -> None:
        em, entry = self.style.em, self.entry
        y = float(self.tail)
        if entry.streaming and not entry.text:
            y += self.style.pitch
        self.note_top = y
        if entry.note:
            y += self.style.small_metrics.height() + em(0.4)
        actions = list(entry.actions)
        if entry.details:
            label = self._labels.hide_details if is_unfolded else self._labels.details
            actions.append(EntryAction(DETAILS, label))
        self.buttons: list[Button] = []
        self.places: list[Button] = []
        if actions:
            y = self._place_buttons(actions, y + em(0.25))
        if entry.kind is EntryKind.ERROR:
            y += em(0.75)
        self.card_bottom = y
        gap = {EntryKind.USER: 0.7, EntryKind.NOTICE: 0.2, EntryKind.ERROR: 0.8}.get(
            entry.kind, 0.6
        )
        self.foot = math.ceil(y) + em(0.3 if self.is_step else gap)

    def _place_buttons(self, actions: list[EntryAction], y: float) -> float:
        style = self.style
        height = float(style.em(1.95))
        # The labels of quiet buttons stand where the text does, their invisible frames outside.
        left = self.row_left - (style.em(0.85) if self._is_quiet else 0)
        x, right = float(left), self.row_left + self.row_width
        if self.entry.kind is EntryKind.USER:
            y += style.em(0.4)
        for action in actions:
            width = self._button_width(action)
            lead = self._lead_width(action)
            # What is led stays with its lead, and so with the button before it.
            if x > left and x + lead + width > right:
                x = float(left)
                y += height + style.em(0.4)
            box = QRectF(x + lead, y, min(width, self.row_width), height)
            self.places.append(Button(action, box))
            x += lead + width + style.em(0.1 if self._is_quiet or action.glyph else 0.5)
        if self.entry.kind is EntryKind.USER:
            self._push_right()
        self.buttons = [button for button in self.places if button.action.enabled]
        return y + height + style.em(0.15)

    def _button_width(self, action: EntryAction) -> float:
        if action.glyph:
            return float(self.style.em(1.7))
        return self.style.small_bold_metrics.horizontalAdvance(action.label) + 2 * self.style.em(
            0.85
        )

    def _lead_width(self, action: EntryAction) -> float:
        if not action.lead:
            return 0.0
        return self.style.small_metrics.horizontalAdvance(action.lead) + self.style.em(0.2)

    def _push_right(self) -> None:
        """Put the buttons of a card on the right below its right edge, line by line."""
        edge = self.left + self.column + self.style.em(0.85)
        lines: dict[float, list[Button]] = {}
        for button in self.places:
            lines.setdefault(button.box.top(), []).append(button)
        self.places = [
            Button(button.action, button.box.translated(edge - line[-1].box.right(), 0))
            for line in lines.values()
            for button in line
        ]

    @property
    def _is_quiet(self) -> bool:
        """Whether buttons go without a frame: those under every answer must not shout."""
        return self.entry.kind not in (EntryKind.ERROR, EntryKind.NOTICE) and not any(
            action.primary for action in self.entry.actions
        )

    def shift(self, natural: float) -> int:
        """How far a card that hugs text of `natural` width moves its rows to the right."""
        if self.entry.kind is not EntryKind.USER:
            return 0
        return max(0, math.floor(self.row_width - min(natural, self.row_width)))

    # -- painting -----------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, top: float, height: float, natural: float, clip_top: float
    ) -> None:
        """Paint card, name line and note of an entry that is `height` high.

        What ends above `clip_top` is left out: while an answer streams, its name never changes.
        """
        kind = self.entry.kind
        has_header = kind is not EntryKind.NOTICE and clip_top <= top + self.head
        if kind is EntryKind.ASSISTANT and not has_header and not self.entry.note:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body_bottom = top + height - self.foot
        if kind is EntryKind.USER:
            self._paint_user_card(painter, top, body_bottom, natural)
        elif kind is EntryKind.ERROR:
            self._paint_error_card(painter, top, body_bottom)
        elif kind is EntryKind.TURN and not self._is_first:
            y = round(top + self.style.em(0.75))
            painter.fillRect(QRectF(self.left, y, self.column, 1), self.style.tokens.border)
        elif self.is_step and kind is not EntryKind.TURN:
            self._paint_step(painter, top, height)
        if has_header:
            self._paint_header(painter, top)
        if self.entry.note:
            painter.setFont(self.style.small)
            painter.setPen(self.style.tokens.text_muted)
            box = QRectF(
                self.row_left, body_bottom + self.note_top, self.row_width, self.style.em(1.6)
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | self._side, self.entry.note)
        painter.restore()

    @property
    def _side(self) -> Qt.AlignmentFlag:
        is_user = self.entry.kind is EntryKind.USER
        return Qt.AlignmentFlag.AlignRight if is_user else Qt.AlignmentFlag.AlignLeft

    def _paint_header(self, painter: QPainter, top: float) -> None:
        style, entry, tokens = self.style, self.entry, self.style.tokens
        metrics, caption_metrics = style.small_bold_metrics, style.small_metrics
        base = top + self.header_top + metrics.ascent()
        room = self.row_width
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
        name_width = metrics.horizontalAdvance(name)
        caption = caption_metrics.elidedText(
            entry.caption, Qt.TextElideMode.ElideRight, max(0.0, room - name_width - style.em(0.7))
        )
        x = float(self.row_left)
        if entry.kind is EntryKind.USER:
            used = name_width + (
                style.em(0.6) + caption_metrics.horizontalAdvance(caption) if caption else 0
            )
            x = self.row_left + self.row_width + style.em(0.9) - used
        painter.setFont(style.small_bold)
        painter.setPen(self._name_colour())
        painter.drawText(QPointF(x, base), name)
        if caption:
            painter.setFont(style.small)
            painter.setPen(tokens.text_muted)
            painter.drawText(QPointF(x + name_width + style.em(0.6), base), caption)

    def _name_colour(self) -> QColor:
        tokens = self.style.tokens
        colours = {
            EntryKind.ERROR: tokens.error,
            EntryKind.USER: tokens.text_muted,
            EntryKind.THOUGHT: tokens.text_muted,
        }
        return colours.get(self.entry.kind, tokens.text)

    def user_card(self, top: float, body_bottom: float, natural: float) -> QRectF:
        """The card behind a person's message."""
        pad = self.style.em(1.05)
        left = self.row_left + self.shift(natural) - pad
        right = self.left + self.column
        line = math.ceil(self.style.small_metrics.height())
        y = top + self.header_top + line + self.style.em(0.4)
        return QRectF(left, y, right - left, body_bottom + self.tail - y)

    def _paint_user_card(
        self, painter: QPainter, top: float, body_bottom: float, natural: float
    ) -> None:
        tokens, radius = self.style.tokens, self.style.em(0.95)
        painter.setPen(QPen(tokens.user_border, 1))
        painter.setBrush(tokens.user_card)
        card = self.user_card(top, body_bottom, natural).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(card, radius, radius)

    def _paint_error_card(self, painter: QPainter, top: float, body_bottom: float) -> None:
        style, tokens = self.style, self.style.tokens
        y = top + style.em(0.5)
        card = QRectF(self.left, y, self.column, body_bottom + self.card_bottom - y)
        path = QPainterPath()
        path.addRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), style.em(0.6), style.em(0.6))
        painter.fillPath(path, tokens.error_card)
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.fillRect(
            QRectF(card.left(), card.top(), style.em(0.28), card.height()), tokens.error
        )
        painter.restore()
        painter.setPen(QPen(mix(tokens.border, tokens.error, 0.25), 1))
        painter.drawPath(path)

    def _paint_step(self, painter: QPainter, top: float, height: float) -> None:
        """The thin line with a dot of one step; the line runs on through the whole entry."""
        style, tokens = self.style, self.style.tokens
        x = round(self.left + style.em(0.5)) + 0.5
        middle = top + self.header_top + style.small_bold_metrics.height() / 2
        painter.setPen(QPen(tokens.border, 1.5))
        painter.drawLine(QPointF(x, middle if self._is_first else top), QPointF(x, top + height))
        radius = style.em(0.3)
        colour = {
            EntryKind.TOOL_CALL: tokens.accent,
            EntryKind.TOOL_RESULT: tokens.success,
        }.get(self.entry.kind, tokens.text_muted)
        painter.setPen(QPen(tokens.surface, style.em(0.22)))
        painter.setBrush(tokens.accent if self.entry.streaming else colour)
        painter.drawEllipse(QPointF(x, middle), radius + style.em(0.1), radius + style.em(0.1))

    def paint_buttons(self, painter: QPainter, foot_top: float, hovered: str, focused: str) -> None:
        """Paint the action buttons; ids of the hovered and the focused one, or empty."""
        style, tokens = self.style, self.style.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(style.small_bold)
        for button in self.places:
            action, box = button.action, button.box.translated(0, foot_top)
            radius = style.em(0.45)
            is_hovered = hovered == action.id
            is_quiet = (self._is_quiet or bool(action.glyph)) and not action.primary
            if is_quiet:
                fill = tokens.hover if is_hovered else QColor(Qt.GlobalColor.transparent)
                painter.setPen(Qt.PenStyle.NoPen)
            elif action.primary:
                fill = mix(tokens.accent, tokens.text, 0.12) if is_hovered else tokens.accent
                painter.setPen(Qt.PenStyle.NoPen)
            else:
                fill = tokens.hover if is_hovered else tokens.surface_raised
                painter.setPen(QPen(tokens.border, 1))
            painter.setBrush(fill)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
            quiet = tokens.text if is_hovered or focused == action.id else tokens.text_muted
            loud = tokens.accent_text if action.primary else tokens.text
            painter.setPen(quiet if is_quiet else loud)
            if action.glyph:
                self._paint_glyph(painter, box, action)
            label = style.small_bold_metrics.elidedText(
                "" if action.glyph else action.label,
                Qt.TextElideMode.ElideRight,
                box.width() - style.em(0.8),
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)
            if focused == action.id:
                painter.setPen(QPen(tokens.accent, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), radius + 2, radius + 2)
        painter.restore()

    def _paint_glyph(self, painter: QPainter, box: QRectF, action: EntryAction) -> None:
        """Paint a chevron to the left or right, and the words that stand before the button."""
        style, colour = self.style, painter.pen().color()
        if not action.enabled:
            colour = mix(self.style.tokens.surface, colour, 0.35)
        size = style.em(0.28)
        tip = size / 2 if action.glyph == FORWARD else -size / 2
        middle = box.center()
        painter.save()
        pen = QPen(colour, max(1.4, style.em(0.12)))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(
            [
                QPointF(middle.x() - tip, middle.y() - size),
                QPointF(middle.x() + tip, middle.y()),
                QPointF(middle.x() - tip, middle.y() + size),
            ]
        )
        if action.lead:
            width = self._lead_width(action)
            painter.setFont(style.small)
            painter.setPen(style.tokens.text_muted)
            before = QRectF(box.left() - width, box.top(), width, box.height())
            painter.drawText(before, Qt.AlignmentFlag.AlignCenter, action.lead)
        painter.restore()


@dataclass(frozen=True, slots=True)
class Labels:
    """Words that the view paints itself, translated by the view."""

    details: str = "Details"
    hide_details: str = "Hide details"
