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
from desktop_app.ui.transcript.name_line import caption_is_below, paint_name_line
from desktop_app.ui.transcript.step_marks import paint_step
from desktop_app.ui.transcript.style import READABLE_EMS, Style

DETAILS = "details:toggle"
"""The id of the button that folds an entry's details."""
FOLD_ENTRY = "entry:fold"
"""The id of the button that folds an entry to its name line."""

BACK, FORWARD, DOWN = "back", "forward", "down"
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
        is_folded: bool,
        is_unfolded: bool,
        is_first: bool,
    ) -> None:
        self.entry = entry
        self.style = style
        self.view_width = view_width
        self._labels = labels
        self.is_first = is_first
        self.is_step = entry.kind.is_step
        self.left, self.column = self._columns()
        self._measure_body()
        self._measure_foot(is_unfolded=is_unfolded)
        self.fold_button = self._fold_button(is_folded=is_folded) if entry.foldable else None

    # -- geometry -----------------------------------------------------------------------------

    def _columns(self) -> tuple[int, int]:
        """The left edge and the width of all that is shown."""
        em, width = self.style.em, self.view_width
        if self.entry.kind is EntryKind.FIELD:
            # Room for the focus ring of the view.
            return em(0.4), width - 2 * em(0.4)
        if self.is_step:
            return em(0.9), max(em(8), width - 2 * em(0.9))
        column = width - 2 * max(em(1.0), min(em(2.2), width // 20))
        column = min(max(em(8), column), em(READABLE_EMS))
        return (width - column) // 2, column

    def _measure_body(self) -> None:
        em, entry, kind = self.style.em, self.entry, self.entry.kind
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
        elif self.is_step:
            self.row_left = self.left + em(1.75)
            self.row_width = self.column - em(1.75)
            self.heading_top = em(0.4) if self.is_first else em(1.3)
            self.header_top = self.heading_top + line + em(0.7) if entry.heading else em(0.45)
            self.head = self.header_top + line * (2 if caption_is_below(self) else 1)
            self.tail = em(0.2)
        elif entry.follows:
            self.head, self.tail = em(0.1), em(0.1)
        elif kind is EntryKind.FIELD:
            self.header_top = em(0.1)
            self.head = self.header_top + line
            self.tail = 0
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
        is_line = entry.kind is EntryKind.ASSISTANT and not (entry.text or entry.streaming)
        gap = {EntryKind.USER: 0.7, EntryKind.NOTICE: 0.2, EntryKind.ERROR: 0.8}.get(
            entry.kind, 0.0 if is_line or entry.kind is EntryKind.FIELD else 0.6
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
        has_header = (
            kind is not EntryKind.NOTICE and not self.entry.follows and clip_top <= top + self.head
        )
        if kind is EntryKind.ASSISTANT and not has_header and not self.entry.note:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body_bottom = top + height - self.foot
        if kind is EntryKind.USER:
            self._paint_user_card(painter, top, body_bottom, natural)
        elif kind is EntryKind.ERROR:
            self._paint_error_card(painter, top, body_bottom)
        elif self.is_step:
            paint_step(painter, self, top, height)
        if has_header:
            paint_name_line(painter, self, top)
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

    def placed(self, height: float) -> list[Button]:
        """All buttons, measured from the top of the entry, which is `height` high."""
        foot = height - self.foot
        placed = [Button(each.action, each.box.translated(0, foot)) for each in self.places]
        return [self.fold_button, *placed] if self.fold_button else placed

    def _fold_button(self, *, is_folded: bool) -> Button:
        """The chevron at the end of the name line."""
        words = self._labels.unfold if is_folded else self._labels.fold
        action = EntryAction(FOLD_ENTRY, words, glyph=FORWARD if is_folded else DOWN)
        side, line = self.style.em(1.7), self.style.small_metrics.height()
        top = self.header_top + (line - side) / 2
        return Button(action, QRectF(self.row_left + self.row_width - side, top, side, side))

    def paint_buttons(
        self, painter: QPainter, top: float, height: float, hovered: str, focused: str
    ) -> None:
        """Paint the buttons; ids of the hovered and the focused one, or empty."""
        style, tokens = self.style, self.style.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(style.small_bold)
        for button in self.placed(height):
            action, box = button.action, button.box.translated(0, top)
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
        size = style.em(0.22 if action.id == FOLD_ENTRY else 0.28)
        tip = -size / 2 if action.glyph == BACK else size / 2
        middle = QPointF()
        painter.save()
        painter.translate(box.center())
        painter.rotate(90 if action.glyph == DOWN else 0)
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
        painter.restore()
        if action.lead:
            painter.save()
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
    fold: str = "Fold"
    unfold: str = "Unfold"
