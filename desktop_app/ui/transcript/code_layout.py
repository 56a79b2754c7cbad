"""The lines of a piece of code, laid out a few at a time.

Code that streams grows at its end: what stands before is kept as it is laid out, and a piece of 32
lines costs what its last lines cost. Lines that continue no other line can be laid out apart.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextLayout, QTextOption

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.highlight import Colouring
from desktop_app.ui.transcript.invisible import hidden_in
from desktop_app.ui.transcript.marks import Marks, shown_text
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import LINE_SEPARATOR, Piece, lay_lines

TAB_COLUMNS = 4
PART_LINES = 4
"""Lines that are laid out together: measured, a streamed piece of code takes 0.39 ms with 8 and 0.35 with 4,
before it is painted; opening a long one costs the same with either."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A few lines; `colours` are counted from their first letter, lengths are UTF-16."""

    text: str
    colours: Colouring
    layout: QTextLayout
    height: float
    natural: float
    marked: list[int]
    length: int


@dataclass(frozen=True, slots=True)
class CodeLines:
    """The lines of a piece, laid out for lines of `room` pixels."""

    colouring: Colouring = ()
    room: float = -1.0
    parts: tuple[_Part, ...] = ()

    @property
    def height(self) -> float:
        """From the top of the first line to the bottom of the last, in pixels."""
        return sum(part.height for part in self.parts)

    @property
    def natural(self) -> float:
        """The width of the longest line, in pixels."""
        return max((part.natural for part in self.parts), default=0.0)

    def pieces(self, x: float, y: float, pitch: float) -> list[Piece]:
        """The parts below one another, the first one with its corner at (x, y) of the row."""
        made, start = [], 0
        last = len(self.parts) - 1
        for number, part in enumerate(self.parts):
            piece = Piece(part.layout, x, y, start, part.length, pitch)
            piece.height, piece.has_break = part.height, number < last
            made.append(piece)
            y += part.height
            start += part.length + 1
        return made

    def marks(self, x: float, y: float) -> list[Marks]:
        """The marks of hidden characters, for parts that stand where `pieces` puts them."""
        made = []
        for part in self.parts:
            if part.marked:
                made.append(Marks(part.text, part.marked, part.layout, QPointF(x, y)))
            y += part.height
        return made


def lay_code(
    text: str, colouring: Colouring, room: float, style: Style, kept: CodeLines
) -> CodeLines:
    """Lay out code in lines of `room` pixels, taking from `kept` what is the same there."""
    parts: list[_Part] = []
    is_kin = kept.room == room
    start = 0
    for number, lines in enumerate(_split(text)):
        end = start + len(lines)
        part = kept.parts[number] if is_kin and number < len(kept.parts) else None
        if part is not None and (part.text != lines or not _has(part, kept, colouring, start)):
            part = None
        parts.append(part or _lay(lines, _between(colouring, start, end), room, style))
        start = end + 1
    return CodeLines(colouring, room, tuple(parts))


def _has(part: _Part, of: CodeLines, colouring: Colouring, start: int) -> bool:
    """Whether a part that begins at `start` has the colours that it should have."""
    if of.colouring is colouring:
        return True
    return part.colours == _between(colouring, start, start + len(part.text))


def _split(text: str) -> Iterator[str]:
    """The text in parts of a few lines, without the breaks between them."""
    lines = text.split("\n")
    for first in range(0, len(lines), PART_LINES):
        yield "\n".join(lines[first : first + PART_LINES])


def _between(colouring: Colouring, start: int, end: int) -> Colouring:
    """The colours between two code points, counted from the first of them."""
    first = bisect_left(colouring, (start,))
    if first and colouring[first - 1][1] > start:
        first -= 1
    found = []
    for begin, until, role in colouring[first:]:
        if begin >= end:
            break
        found.append((max(begin, start) - start, min(until, end) - start, role))
    return tuple(found)


def _lay(text: str, colours: Colouring, room: float, style: Style) -> _Part:
    shown, room_for_marks, marked = shown_text(text, hidden_in(text), style)
    layout = QTextLayout(shown.replace("\n", LINE_SEPARATOR), style.mono)
    layout.setTextOption(_option(TAB_COLUMNS * style.mono_advance))
    layout.setCacheEnabled(True)
    ranges = _ranges(text, colours, style) + room_for_marks
    if ranges:
        layout.setFormats(ranges)
    height, _, natural = lay_lines(layout, room, style.mono_pitch)
    return _Part(text, colours, layout, height, natural, marked, utf16.length(text))


@lru_cache(maxsize=16)
def _option(tab_stop: float) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    option.setTabStopDistance(tab_stop)
    return option


def _ranges(text: str, colours: Colouring, style: Style) -> list[QTextLayout.FormatRange]:
    offset_of = utf16.offsets(text)
    ranges = []
    for start, end, role in colours:
        made = QTextLayout.FormatRange()
        made.start = offset_of(start)
        made.length = offset_of(end) - made.start
        made.format = style.syntax_format(role)
        ranges.append(made)
    return ranges
