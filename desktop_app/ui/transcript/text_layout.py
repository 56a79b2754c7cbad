"""Laying out rich text with bare QTextLayouts: lines, chips behind inline code, hit testing.

A QTextLayout knows text and formats only: nothing in here could resolve an image, a style sheet
or a file, as a QTextDocument would.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Look, RichText, Span
from desktop_app.ui.transcript.marks import hidden_in_code, shown_text
from desktop_app.ui.transcript.placement import NOTHING, STAND_IN, PlacedFormula, Placement
from desktop_app.ui.transcript.style import Style

LINE_SEPARATOR = "\u2028"
CHIPS = Look.CODE | Look.CHIP
CHIP_PAD = 0.24
"""Space inside a chip left and right of its text, in font sizes. Letter spacing makes room."""
CHIP_GAP = 1.5
"""Pixels between a chip and the letter after it."""
_LEADING, _TRAILING = QTextLine.Edge.Leading, QTextLine.Edge.Trailing
_ON_CHARACTER = QTextLine.CursorPosition.CursorOnCharacter


@dataclass(slots=True)
class Piece:
    """One laid out text inside a row, with its place and its first offset in the row's text."""

    layout: QTextLayout
    x: float
    y: float
    start: int
    length: int
    pitch: float
    placement: Placement = NOTHING
    bottoms: list[float] = field(default_factory=list)
    """Where each line ends, when formulas make lines of different heights; else empty."""
    height: float = math.inf
    """From `y` to the bottom of the last line, where that is known."""
    has_break: bool = False
    """Whether a line break follows that is part of the text, and shown where it is selected."""


def text_layout(
    rich: RichText,
    font: QFont,
    style: Style,
    *,
    centred: bool = False,
    alignment: str = "",
    placement: Placement = NOTHING,
) -> QTextLayout:
    """A layout for rich text, not laid out yet. Right-to-left text takes its own direction."""
    shown, room_for_marks, _ = shown_text(rich.text, hidden_in_code(rich), style)
    layout = QTextLayout(placement.text(shown).replace("\n", LINE_SEPARATOR), font)
    is_leftward = reads_leftward(rich)
    layout.setTextOption(_option("center" if centred else alignment, is_leftward=is_leftward))
    layout.setCacheEnabled(True)
    if rich.spans:
        ranges = _ranges(rich, font, style, placement, is_leftward=is_leftward)
        layout.setFormats(ranges + room_for_marks)
    return layout


@cache
def _option(alignment: str, *, is_leftward: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if is_leftward else Qt.LayoutDirection.LeftToRight
    )
    if alignment == "center":
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    elif alignment == "right" or is_leftward:
        option.setAlignment(Qt.AlignmentFlag.AlignRight)
    return option


def reads_leftward(rich: RichText) -> bool:
    """Whether a text runs from right to left."""
    return not rich.text.isascii() and utf16.is_right_to_left(_words(rich))


def _words(rich: RichText) -> str:
    """The text without formulas, whose letters say nothing about its direction."""
    if not any(span.look & Look.MATHS for span in rich.spans):
        return rich.text
    parts, done = [], 0
    for span in rich.spans:
        if span.look & Look.MATHS:
            parts.append(rich.text[done : span.start])
            done = span.end
    return "".join([*parts, rich.text[done:]])


def _ranges(
    rich: RichText, font: QFont, style: Style, placement: Placement, *, is_leftward: bool
) -> list[QTextLayout.FormatRange]:
    size = font.pointSizeF()
    offset_of = utf16.offsets(rich.text)
    drawn = {placed.start for placed in placement.formulas}
    ranges = _cluster_ranges(placement, font)
    pad = style.px * CHIP_PAD
    covered = 0
    for span in rich.spans:
        start, end = offset_of(span.start), offset_of(span.end)
        if span.look & Look.MATHS and start in drawn:
            pass
        elif span.look & CHIPS and (
            is_leftward or utf16.is_right_to_left(rich.text[span.start : span.end])
        ):
            # Letter spacing is on the right of a letter, whichever way it runs.
            is_chip_leftward = utf16.is_right_to_left(rich.text[span.start : span.end])
            last = span.start if is_chip_leftward else span.end - 1
            right = offset_of(last), offset_of(last + 1)
            ranges.append(_range(start, end, style.format(span.look, size)))
            ranges.append(_range(*right, style.spaced(span.look, size, pad + CHIP_GAP)))
            if rich.text[span.end : span.end + 1].strip("\n"):
                behind = end, offset_of(span.end + 1)
                ranges.append(_range(*behind, style.spaced(Look.NONE, size, pad + CHIP_GAP)))
        elif span.look & CHIPS:
            before = span.start - 1
            if before >= covered and rich.text[before] != "\n":
                ranges.append(_range(offset_of(before), start, style.spaced(Look.NONE, size, pad)))
            last = offset_of(span.end - 1)
            ranges.append(_range(start, last, style.format(span.look, size)))
            ranges.append(_range(last, end, style.spaced(span.look, size, pad + CHIP_GAP)))
        else:
            look = placement.looks.get(span.start, span.look)
            ranges.append(_range(start, end, style.format(look, size)))
        covered = span.end
    return ranges


def _range(start: int, end: int, format_: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, end - start, format_
    return made


def _cluster_ranges(placement: Placement, font: QFont) -> list[QTextLayout.FormatRange]:
    """The formats that make the stand-ins of formulas as wide as the formulas, and invisible."""
    if not placement.formulas:
        return []
    advance = QFontMetricsF(font).horizontalAdvance(STAND_IN)
    formats: dict[float, QTextCharFormat] = {}
    ranges = []
    for placed in placement.formulas:
        width = placed.formula.width
        if width not in formats:
            format_ = formats[width] = QTextCharFormat()
            format_.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
            format_.setFontLetterSpacing(width - advance)
            format_.setForeground(QColor(0, 0, 0, 0))
        ranges.append(_range(placed.start, placed.end, formats[width]))
    return ranges


FORMULA_GAP = 0.06
"""Kept free above and below a formula that is taller than its line, as a part of the pitch."""


def lay_lines(
    layout: QTextLayout,
    width: float,
    pitch: float,
    *,
    start_x: float = 0.0,
    placement: Placement = NOTHING,
    bottoms: list[float] | None = None,
) -> tuple[float, float, float]:
    """Break into lines at `width`, base lines `pitch` apart unless a formula needs more.

    Returns the height, where the last line ends, and where the longest does. Where each line ends
    is put into `bottoms` when there are formulas.
    """
    width = max(24.0, width)
    y, end, natural = 0.0, start_x, 0.0
    layout.beginLayout()
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width - start_x)
        step = max(line.height(), pitch)
        above = (step - line.height()) / 2 + line.ascent()
        below = step - above
        if placement.formulas:
            gap = pitch * FORMULA_GAP
            for placed in placement.between(line.textStart(), line.textStart() + line.textLength()):
                above = max(above, placed.formula.ascent + gap)
                below = max(below, placed.formula.descent + gap)
            step = above + below
        line.setPosition(QPointF(start_x, y + above - line.ascent()))
        end = start_x + line.naturalTextWidth()
        natural = max(natural, end)
        start_x = 0.0
        y += step
        if placement.formulas and bottoms is not None:
            bottoms.append(y)
    layout.endLayout()
    return y, end, natural


def chip_boxes(rich: RichText, layout: QTextLayout, style: Style) -> list[tuple[QRectF, Look]]:
    """The rounded boxes behind inline code and image chips, one per line that they cross."""
    boxes: list[tuple[QRectF, Look]] = []
    chips = [span for span in rich.spans if span.look & CHIPS]
    if not chips:
        return boxes
    offset_of = utf16.offsets(rich.text)
    pad = style.px * CHIP_PAD
    # In what is laid out, signs that reverse text in code are gone: marks stand in their places.
    runs_both_ways = utf16.has_right_to_left(layout.text())
    for span in chips:
        start, end = offset_of(span.start), offset_of(span.end)
        for line in _lines_between(layout, start, end):
            first = max(start, line.textStart())
            last = min(end, line.textStart() + line.textLength())
            if runs_both_ways:
                # Where directions meet, a cursor has two places; the drawn letters have one.
                runs = [run.boundingRect() for run in line.glyphRuns(first, last - first)]
                left = min((box.left() for box in runs), default=0.0)
                right = max((box.right() for box in runs), default=0.0)
            else:
                left, right = sorted((x_of(line, first), x_of(line, last - 1, _TRAILING)))
            middle = line.y() + line.ascent() - style.px * 0.36
            is_end = last == end
            left -= pad
            width = right - left - CHIP_GAP if is_end else right - left + pad
            box = QRectF(left, middle - style.px * 0.66, width, style.px * 1.32)
            boxes.append((box, span.look))
    return boxes


def paint_chips(
    painter: QPainter, chips: list[tuple[QRectF, Look]], x: float, y: float, style: Style
) -> None:
    """Paint the boxes of `chip_boxes`."""
    if not chips:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.tokens.code_inline)
    radius = style.px * 0.28
    for box, _look in chips:
        painter.drawRoundedRect(box.translated(x, y), radius, radius)
    painter.restore()


def span_under(rich: RichText, piece: Piece, x: float, y: float) -> Span | None:
    """The span that covers a point of a piece."""
    line = line_at(piece.layout, y - piece.y, piece.bottoms)
    if line is None:
        return None
    inside = line.naturalTextRect().translated(piece.x, piece.y)
    if not inside.contains(QPointF(x, y)):
        return None
    offset = line.xToCursor(x - piece.x, _ON_CHARACTER)
    for placed in piece.placement.formulas:
        left, right = edges(line, placed)
        if line.textStart() <= placed.start and left <= x - piece.x < right:
            offset = placed.start
    offset_of = utf16.offsets(rich.text)
    for span in rich.spans:
        if offset_of(span.start) <= offset < offset_of(span.end):
            return span
    return None


def _lines_between(layout: QTextLayout, start: int, end: int) -> Iterator[QTextLine]:
    number = layout.lineForTextPosition(start).lineNumber()
    while 0 <= number < layout.lineCount():
        line = layout.lineAt(number)
        if line.textStart() >= end:
            return
        yield line
        number += 1


def selected_boxes(piece: Piece, start: int, end: int) -> list[QRectF]:
    """The boxes behind the text between two offsets of a left-to-right piece, without gaps.

    A piece that `has_break` has one more letter than it is long: the break.
    """
    boxes = []
    for line in _lines_between(piece.layout, start, end):
        line_end = line.textStart() + line.textLength()
        first, last = max(start, line.textStart()), min(end, line_end)
        left, right = x_of(line, first), x_of(line, last)
        if piece.has_break and line_end == piece.length:
            line_end += 1
        if end > line_end or left == right:
            right = max(right, left) + piece.pitch * 0.2
        height = max(piece.pitch, line.height())
        top = line.y() + (line.height() - height) / 2
        if piece.bottoms:
            number = line.lineNumber()
            top = piece.bottoms[number - 1] if number else 0.0
            height = piece.bottoms[number] - top
        boxes.append(QRectF(piece.x + left, piece.y + top, right - left, height))
    return boxes


def range_boxes(
    piece: Piece, start: int, end: int, *, is_mixed: bool | None = None
) -> list[QRectF]:
    """The boxes of the letters between two offsets of a piece, one or more for each line.

    In a line that runs both ways letters that follow one another may stand apart; `is_mixed` says
    whether the text has such lines, for callers that ask more than once.
    """
    start, end = max(0, start), min(end, piece.length)
    if is_mixed is None:
        is_mixed = utf16.has_right_to_left(piece.layout.text())
    boxes = []
    for line in _lines_between(piece.layout, start, end):
        first = max(start, line.textStart())
        last = min(end, line.textStart() + line.textLength())
        if is_mixed:
            spans = _letter_spans(line, first, last)
        else:
            spans = [(x_of(line, first), x_of(line, last))]
        boxes += [
            QRectF(piece.x + left, piece.y + line.y(), right - left, line.height())
            for left, right in spans
        ]
    return boxes


def _letter_spans(line: QTextLine, start: int, end: int) -> list[tuple[float, float]]:
    """Left and right of each run of letters that stand side by side, whatever their direction."""
    spans: list[tuple[float, float]] = []
    for offset in range(start, end):
        left, right = sorted((x_of(line, offset), x_of(line, offset, _TRAILING)))
        if spans and abs(spans[-1][1] - left) < 1:
            spans[-1] = (spans[-1][0], right)
        elif spans and abs(spans[-1][0] - right) < 1:
            spans[-1] = (left, spans[-1][1])
        else:
            spans.append((left, right))
    return spans


def x_of(line: QTextLine, offset: int, edge: QTextLine.Edge = _LEADING) -> float:
    """The x of an offset in a line, from the left of its piece."""
    # The binding hands back the position it may have moved to as well.
    found = line.cursorToX(offset, edge)
    return float(found[0]) if isinstance(found, tuple) else float(str(found))


def edges(line: QTextLine, placed: PlacedFormula) -> tuple[float, float]:
    """Left and right of a formula in its line."""
    left, right = sorted((x_of(line, placed.start), x_of(line, placed.start, _TRAILING)))
    if left == right:
        # Between runs of different directions a cursor has one place for two offsets.
        runs = line.glyphRuns(placed.start, 1)
        left = runs[0].positions()[0].x() if runs and runs[0].positions() else left
    return left, left + placed.formula.width


def line_at(layout: QTextLayout, y: float, bottoms: Sequence[float] = ()) -> QTextLine | None:
    """The line at a height, the nearest one beyond the ends; None while there are no lines.

    `bottoms` says where the lines end, when they are not all as tall as their text.
    """
    count = layout.lineCount()
    if not count:
        return None
    if bottoms:
        return layout.lineAt(min(count - 1, bisect_right(bottoms, y)))
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        line = layout.lineAt(middle)
        if y >= line.y() + line.height():
            low = middle + 1
        else:
            high = middle
    return layout.lineAt(low)
