r"""Formulas inside the pieces of a row: found, placed in a column, hit and painted."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLine

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Look, RichText
from desktop_app.ui.transcript.formulas import formulas
from desktop_app.ui.transcript.placement import (
    NOTHING,
    Drawable,
    FormulaKey,
    PlacedFormula,
    Placement,
)
from desktop_app.ui.transcript.text_layout import Piece, edges

SMALLEST = 0.6
"""A formula wider than its column is scaled down to this; beyond, its source is shown."""
MOSTLY = 0.7
"""A press beyond this part of a formula is a press after it; before, it takes the formula along."""
UNBOUNDED = 1e6
"""A column in which every formula has room."""
_DELIMITERS = (("$$", "$$", True), ("\\[", "\\]", True), ("$", "$", False), ("\\(", "\\)", False))


def key_of(source: str) -> FormulaKey | None:
    """The key of a formula given with its delimiters; None while it is open or empty."""
    for opening, closing, is_display in _DELIMITERS:
        if source.startswith(opening):
            inside = source[len(opening) : -len(closing)].strip()
            is_closed = source.endswith(closing) and len(source) > len(opening) + len(closing)
            return FormulaKey(inside, is_display) if is_closed and inside else None
    return None


def place(rich: RichText, font: QFont, room: float) -> Placement:
    """What becomes of the formulas of a text in a font, for a column `room` pixels wide."""
    if not rich.spans or not any(span.look & Look.MATHS for span in rich.spans):
        return NOTHING
    placed: list[PlacedFormula] = []
    waiting: set[FormulaKey] = set()
    looks: dict[int, Look] = {}
    sized: dict[FormulaKey, Drawable | None] = {}
    offset_of = utf16.offsets(rich.text)
    for span in rich.spans:
        key = key_of(rich.text[span.start : span.end]) if span.look & Look.MATHS else None
        if key is None:
            continue
        if key not in sized:
            sized[key] = _sized(key, font, room)
        formula = sized[key]
        if formula is not None:
            placed.append(PlacedFormula(offset_of(span.start), offset_of(span.end), formula))
        elif formulas().is_awaited(key):
            waiting.add(key)
            # As typed, in the look of the words around: the look that it had while it was open.
            looks[span.start] = span.look & ~Look.MATHS
    return Placement(placed, frozenset(waiting), looks)


def _sized(key: FormulaKey, font: QFont, room: float) -> Drawable | None:
    made = formulas().find(key)
    if made is None:
        return None
    # Loads the font of formulas, which nobody needs who sees none.
    from desktop_app.ui.transcript.formula_ink import Formula, ems_of

    px = ems_of(font)
    scale = min(1.0, (room - 1) / max(1.0, made.width * px))
    return Formula(made, px * scale, font) if scale >= SMALLEST else None


def natural_width(rich: RichText, font: QFont, metrics: QFontMetricsF) -> float:
    """The width of a text whose lines break where it says so alone, formulas drawn."""
    placement = place(rich, font, UNBOUNDED)
    if not placement.formulas:
        return max(map(metrics.horizontalAdvance, rich.text.split("\n")))
    width, done = 0.0, 0
    for placed in placement.formulas:
        width += metrics.horizontalAdvance(utf16.cut(rich.text, done, placed.start))
        width += placed.formula.width
        done = placed.end
    return width + metrics.horizontalAdvance(utf16.cut(rich.text, done, utf16.length(rich.text)))


def cursor_at(piece: Piece, line: QTextLine, x: float) -> int:
    """The offset in the piece nearest to `x`; never inside a formula, where no cursor stands."""
    for placed in piece.placement.between(line.textStart(), line.textStart() + line.textLength()):
        left, right = edges(line, placed)
        if left <= x < right:
            part = (x - left) / max(1.0, right - left)
            return placed.start if part < MOSTLY else placed.end
    return line.xToCursor(x)


def whole(piece: Piece, start: int, end: int) -> tuple[int, int]:
    """The offsets of a range, moved outwards where one is inside a formula."""
    first, last = piece.placement.around(start), piece.placement.around(end)
    if first is not None:
        start = first.start
    if last is not None and last.start < end:
        end = last.end
    return start, end


def paint_formulas(painter: QPainter, piece: Piece, corner: QPointF, colour: QColor) -> None:
    """Paint the formulas of a piece whose layout has its corner there."""
    for placed in piece.placement.formulas:
        line = piece.layout.lineForTextPosition(placed.start)
        if line.isValid():
            left, _ = edges(line, placed)
            base = corner.y() + line.y() + line.ascent()
            placed.formula.paint(painter, corner.x() + left, base, colour)
