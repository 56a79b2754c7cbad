"""What tests of the block view share: a shown view, and waiting without sleeping."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QFont, QPalette

from desktop_app.ui.transcript import BlockView


@pytest.fixture
def view(qtbot) -> Iterator[BlockView]:
    """A view of 700 by 500 pixels, shown, in a plain light palette."""
    made = BlockView()
    made.setFont(QFont("DejaVu Sans", 10))
    palette = QPalette(QColor("#f0f0f0"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#ffffff"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#000000"))
    made.setPalette(palette)
    made.resize(700, 500)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made
