"""The scroll bar of a view: painted anew only where it looks another way.

Each line that streams in changes its range, and Qt paints all of it then, with every widget behind
it. Its handle moves by a pixel once in a few lines, in a long conversation once in a hundred.
"""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractSlider, QScrollBar, QStyle, QStyleOptionSlider


class ScrollBar(QScrollBar):
    """Looks and behaves as Qt's own."""

    _handle = QRect()
    _is_in_between = False

    def stand(self, value: int, most: int, page: int, step: int) -> None:
        """Take another value and range at once; see the properties of a QScrollBar."""
        stands = (self.value(), self.maximum(), self.pageStep(), self.singleStep())
        if stands == (value, most, page, step):
            return
        self._is_in_between = True
        self.setRange(0, most)
        self.setPageStep(page)
        self.setSingleStep(step)
        self.setValue(value)
        self._is_in_between = False
        self.sliderChange(self.SliderChange.SliderValueChange)

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        """Something is another way; told for each of them."""
        if self._is_in_between:
            return
        handle = self._place_of_handle()
        if handle != self._handle:
            self._handle = handle
            super().sliderChange(change)

    def _place_of_handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ScrollBarSlider
        return self.style().subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, part, self)
