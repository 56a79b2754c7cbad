"""How wide the columns of a table are: as wide as their text, within reason.

A table that fits its room once its longer cells wrap does so; one that would have to cut words or
stack three words on ten lines keeps its columns and scrolls sideways. Widths come from the head
and the first dozen rows, so that all pieces of a long table agree.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.line_syntax import column_alignments, split_cells
from desktop_app.ui.transcript.marks import hidden_in_code
from desktop_app.ui.transcript.style import Style

MAX_COLUMNS = 24
"""Further cells are joined into the last column."""
WIDEST_EMS = 28
"""A column's text is never wider; it wraps inside the cell."""
READABLE_EMS = 9
"""A cell of running text may wrap down to this width where that makes the table fit."""
_BREAKABLE = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Chinese, Japanese and Korean break after any character: there is no word to keep whole."""
_MEASURED = 400
"""Characters of a cell that are measured: more than a column can be wide."""


def cells_of(line: str, columns: int) -> list[str]:
    """The cells of a row, as many as the table has columns."""
    cells = split_cells(line)
    if len(cells) > columns:
        cells[columns - 1 :] = [" | ".join(cells[columns - 1 :])]
    return cells + [""] * (columns - len(cells))


@lru_cache(maxsize=128)
def column_widths(header: str, body: str, room: int, style: Style) -> list[int]:
    """The widths of the columns, padding included; their sum may exceed `room`.

    `header` is the head row and the delimiter row, `body` the first rows below them.
    """
    head, _, delimiter = header.partition("\n")
    columns = min(MAX_COLUMNS, len(column_alignments(delimiter)))
    pad = 2 * gap(room, columns, style) + 2
    widest, readable = float(style.em(WIDEST_EMS)), float(style.em(READABLE_EMS))
    natural, floor = [0.0] * columns, [0.0] * columns
    metrics = QFontMetricsF(bold(style.body))
    for line in (head, *(body.split("\n") if body else ())):
        for column, cell in enumerate(cells_of(line, columns)):
            rich = rich_text(cell[:_MEASURED])
            text, marks = rich.text, len(hidden_in_code(rich)) * style.em(2.4)
            # Inline code is set in another font, with space around it.
            wide = marks + metrics.horizontalAdvance(text) * (1.08 if "`" in cell else 1.0)
            word = min(widest, marks + _longest_word(text, metrics) * 1.05)
            natural[column] = max(natural[column], min(wide, widest))
            floor[column] = max(floor[column], min(wide, max(word, readable)))
        metrics = QFontMetricsF(style.body)
    natural = [width + pad for width in natural]
    floor = [width + pad for width in floor]
    if sum(natural) <= room or sum(floor) > room:
        return [math.ceil(width) for width in natural]
    spare = room - sum(floor)
    wish = [math.sqrt(max(0.0, width - low)) for width, low in zip(natural, floor, strict=True)]
    total_wish = sum(wish) or 1.0
    return [
        math.floor(low + spare * want / total_wish) for low, want in zip(floor, wish, strict=True)
    ]


def gap(room: int, columns: int, style: Style) -> int:
    """Space left and right of a cell's text; less where columns are many and room is scarce."""
    return style.em(0.7) if room > columns * style.em(7) else style.em(0.45)


def bold(font: QFont) -> QFont:
    """The font of a table's head."""
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _longest_word(text: str, metrics: QFontMetricsF) -> float:
    words = _BREAKABLE.sub(" ", text).split()
    return max((metrics.horizontalAdvance(word) for word in words), default=0.0)
