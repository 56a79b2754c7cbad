r"""Where drawn formulas stand in a text, as values.

The text of a row keeps the TeX source with its delimiters, whether it is shown or drawn, so that
offsets, copying and searching never change when a formula arrives. In the layout a drawn formula is
one letter with letter spacing as wide as the formula, followed by signs that join it until both
are as long: one cluster, in which no line breaks and no cursor stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from PySide6.QtGui import QColor, QPainter

from desktop_app.ui.transcript.blocks import Look

STAND_IN = "x"
"""A letter: lines break before and after it as TeX breaks them around a formula."""
FILLER = "\ufe00"
"""A variation selector: no ink, no width, joins the letter before it. Measured: 0.1 ms for twelve
of them, as for ordinary letters; the word joiner would forbid a break on either side."""


class FormulaKey(NamedTuple):
    """What is remembered of a formula: its TeX without delimiters, and how it is set."""

    source: str
    is_display: bool


NO_KEYS: frozenset[FormulaKey] = frozenset()


class Drawable(Protocol):
    """A formula at its size: logical pixels, up and down from the base line."""

    width: float
    ascent: float
    descent: float

    def paint(self, painter: QPainter, x: float, y: float, colour: QColor) -> None:
        """Paint with the left end of the base line at (x, y)."""


@dataclass(frozen=True, slots=True)
class PlacedFormula:
    """A drawn formula with the UTF-16 offsets of its source in the text."""

    start: int
    end: int
    formula: Drawable


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of the formulas of a text: drawn, waited for, or shown as source."""

    formulas: Sequence[PlacedFormula] = ()
    waiting: frozenset[FormulaKey] = NO_KEYS
    looks: dict[int, Look] = field(default_factory=dict)
    """The look of a source that waits, by the first code point of its span."""

    def text(self, text: str) -> str:
        """The text for the layout, with a cluster for each drawn formula."""
        if not self.formulas:
            return text
        units = text.encode("utf-16-le", "surrogatepass")
        parts, done = [], 0
        for placed in self.formulas:
            cluster = STAND_IN + FILLER * (placed.end - placed.start - 1)
            parts += [units[2 * done : 2 * placed.start], cluster.encode("utf-16-le")]
            done = placed.end
        parts.append(units[2 * done :])
        return b"".join(parts).decode("utf-16-le", "surrogatepass")

    def between(self, start: int, end: int) -> list[PlacedFormula]:
        """The formulas that begin between two offsets."""
        return [placed for placed in self.formulas if start <= placed.start < end]

    def around(self, offset: int) -> PlacedFormula | None:
        """The formula that an offset is inside of, or at the beginning of."""
        for placed in self.formulas:
            if placed.start <= offset < placed.end:
                return placed
        return None


NOTHING = Placement()
