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

from desktop_app.ui.transcript.blocks import RichText
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.inline_formulas import UNBOUNDED, natural_width, place
from desktop_app.ui.transcript.line_syntax import (
    MAX_COLUMNS,
    column_alignments,
    row_cells,
    split_cells,
)
from desktop_app.ui.transcript.marks import hidden_in_code
from desktop_app.ui.transcript.placement import NO_KEYS, FormulaKey
from desktop_app.ui.transcript.style import Style

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


@lru_cache(maxsize=128)
def column_widths(header: str, body: str, room: int, style: Style, revision: int = 0) -> list[int]:
    """The widths of the columns, padding included; their sum may exceed `room`.

    `header` is the head row and the delimiter row, `body` the first rows below them. Columns are as
    wide as the formulas drawn in them, once these have arrived: `revision` counts arrivals.
    """
    del revision
    head, _, delimiter = header.partition("\n")
    columns = min(MAX_COLUMNS, len(column_alignments(delimiter)))
    pad = 2 * gap(room, columns, style) + 2
    widest, readable = float(style.em(WIDEST_EMS)), float(style.em(READABLE_EMS))
    natural, floor = [0.0] * columns, [0.0] * columns
    font = bold(style.body)
    for line in (head, *(body.split("\n") if body else ())):
        metrics = QFontMetricsF(font)
        for column, cell in enumerate(row_cells(line, columns)):
            rich = rich_text(cell[:_MEASURED])
            marks = len(hidden_in_code(rich)) * style.em(2.4)
            # Inline code is set in another font, with space around it.
            wide = marks + natural_width(rich, font, metrics) * (1.08 if "`" in cell else 1.0)
            word = min(widest, marks + _longest_word(rich, font, metrics) * 1.05)
            natural[column] = max(natural[column], min(wide, widest))
            floor[column] = max(floor[column], min(wide, max(word, readable)))
        font = style.body
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


def awaited(header: str, body: str, style: Style) -> frozenset[FormulaKey]:
    """The formulas that the widths of the columns wait for."""
    lines = [header.partition("\n")[0], *body.split("\n")]
    texts = [rich_text(cell[:_MEASURED]) for line in lines for cell in split_cells(line)]
    return NO_KEYS.union(*(place(rich, style.body, UNBOUNDED).waiting for rich in texts))


def _longest_word(rich: RichText, font: QFont, metrics: QFontMetricsF) -> float:
    """The width of the longest word of a text; a formula is one."""
    placement = place(rich, font, UNBOUNDED)
    words = _BREAKABLE.sub(" ", placement.text(rich.text)).split()
    longest = max((metrics.horizontalAdvance(word) for word in words), default=0.0)
    return max([longest, *(placed.formula.width for placed in placement.formulas)])
