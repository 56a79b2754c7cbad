"""How the parts of the main window stand beside and above one another."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

SIDEBAR_WIDTH: Final = 250
_LEAST_SIDEBAR: Final = 180
_ALL_THE_REST: Final = 2000


def column_of(top: QWidget, below: QWidget) -> QWidget:
    """Return ``top`` above ``below``, which takes the room that is left; no gaps."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(top)
    column.addWidget(below, 1)
    return holder


def side_by_side(sidebar: QWidget, middle: QWidget) -> QSplitter:
    """Return both with a line between them that can be moved; the middle never goes away."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setHandleWidth(1)
    splitter.addWidget(sidebar)
    splitter.addWidget(middle)
    splitter.setStretchFactor(1, 1)
    splitter.setCollapsible(1, False)
    splitter.setSizes([SIDEBAR_WIDTH, _ALL_THE_REST])
    sidebar.setMinimumWidth(_LEAST_SIDEBAR)
    return splitter
