"""The thin bar under a block that is wider than its frame: where it is, how it looks.

It lies at the lower end of the block, or of the viewport while that end is out of sight, so that
a long block can be scrolled sideways from wherever it is read.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop_app.ui.theme import mix
from desktop_app.ui.transcript.style import Style

_LEAST_THUMB_EMS = 2.0


class SideBar(NamedTuple):
    """The groove and the thumb in it, in viewport coordinates; `overflow` pixels to go."""

    groove: QRectF
    thumb: QRectF
    overflow: float

    def takes(self, at: QPointF) -> bool:
        """Whether a press at a point is meant for the bar: a little more than what is painted."""
        reach = self.groove.height() * 0.7
        return self.groove.adjusted(0, -reach, 0, reach).contains(at)

    def offset_for(self, left: float) -> float:
        """The offset that puts the thumb's left end at `left`."""
        travel = self.groove.width() - self.thumb.width()
        share = (left - self.groove.left()) / travel if travel > 0 else 0.0
        return max(0.0, min(self.overflow, share * self.overflow))


def side_bar(frame: QRectF, floor: float, offset: float, overflow: float, style: Style) -> SideBar:
    """The bar of a block seen in `frame`, not below `floor` (viewport coordinates)."""
    thickness = max(4.0, style.px * 0.36)
    inset = style.px * 0.4
    bottom = min(frame.bottom(), floor) - style.px * 0.16
    groove = QRectF(frame.left() + inset, bottom - thickness, frame.width() - 2 * inset, thickness)
    share = frame.width() / (frame.width() + overflow)
    width = min(groove.width(), max(style.px * _LEAST_THUMB_EMS, groove.width() * share))
    left = groove.left() + (groove.width() - width) * (offset / overflow if overflow else 0.0)
    return SideBar(groove, QRectF(left, groove.top(), width, thickness), overflow)


def paint_side_bar(painter: QPainter, bar: SideBar, style: Style, *, is_held: bool) -> None:
    """Paint a bar; darker while it is held or under the mouse."""
    tokens = style.tokens
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(tokens.surface, tokens.text, 0.55 if is_held else 0.32))
    radius = bar.thumb.height() / 2
    painter.drawRoundedRect(bar.thumb, radius, radius)
    painter.restore()
