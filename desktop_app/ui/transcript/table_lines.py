"""A line of a table's cells, laid out: what a row of the view keeps while the table grows below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.blocks import Look, RichText
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.inline_formulas import place
from desktop_app.ui.transcript.line_syntax import row_cells
from desktop_app.ui.transcript.marks import Marks, marks_of
from desktop_app.ui.transcript.placement import NO_KEYS, FormulaKey
from desktop_app.ui.transcript.style import Style
from desktop_app.ui.transcript.text_layout import Piece, chip_boxes, lay_lines, text_layout


@dataclass(frozen=True, slots=True)
class Columns:
    """How cells are set: where the first one begins, widths, padding at the sides and above."""

    left: int
    widths: Sequence[int]
    alignments: Sequence[str]
    side: int
    pad: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell and the boxes behind its code."""

    rich: RichText
    chips: list[tuple[QRectF, Look]]


@dataclass(slots=True)
class CellLine:
    """One line: its cells side by side from `top` to `bottom` of the row, texts from `start` on."""

    source: str
    is_head: bool
    columns: Columns
    top: float
    start: int
    bottom: float = 0.0
    end: int = 0
    """The UTF-16 offset behind the line and its break."""
    pieces: list[Piece] = field(default_factory=list)
    looks: list[Cell] = field(default_factory=list)
    marks: list[Marks] = field(default_factory=list)
    waiting: frozenset[FormulaKey] = NO_KEYS
    has_formulas: bool = False
    """Whether it may look another way when a formula arrives."""

    @property
    def text(self) -> str:
        """What the cells say, with tabs between them."""
        return "\t".join(look.rich.text for look in self.looks)

    def is_at(self, is_head: bool, columns: Columns, top: float, start: int) -> bool:
        """Whether what it has laid out is right for a line there, as far as the words are the same."""
        return (
            self.columns is columns
            and self.top == top
            and self.start == start
            and self.is_head == is_head
            and not self.has_formulas
        )

    def lay(self, font: QFont, style: Style, old: CellLine | None = None) -> None:
        """Lay out the cells; those before the first that is another one are taken from `old`."""
        columns = self.columns
        x, start, tallest = float(columns.left), self.start, 0.0
        kept = old.looks if old is not None and not old.marks else ()
        for column, source in enumerate(row_cells(self.source, len(columns.alignments))):
            rich = rich_text(source)
            if old is not None and column < len(kept) and kept[column].rich == rich:
                piece = old.pieces[column]
                self.pieces.append(piece)
                self.looks.append(kept[column])
                start += piece.length + 1
                x += columns.widths[column]
                tallest = max(tallest, piece.height)
                continue
            kept = ()
            width = columns.widths[column] - 2 * columns.side
            placement = place(rich, font, width)
            self.waiting |= placement.waiting
            alignment = columns.alignments[column]
            layout = text_layout(rich, font, style, alignment=alignment, placement=placement)
            bottoms: list[float] = []
            height, _, _ = lay_lines(
                layout, width, style.pitch, placement=placement, bottoms=bottoms
            )
            length, corner = (
                utf16.length(rich.text),
                QPointF(x + columns.side, self.top + columns.pad),
            )
            piece = Piece(
                layout, corner.x(), corner.y(), start, length, style.pitch, placement, bottoms
            )
            if not placement.formulas:
                piece.height = height
            self.pieces.append(piece)
            self.marks += marks_of(rich, layout, corner, style)
            self.looks.append(Cell(rich, chip_boxes(rich, layout, style)))
            start += length + 1
            x += columns.widths[column]
            tallest = max(tallest, height)
        is_set = any(piece.placement.formulas for piece in self.pieces)
        self.has_formulas = is_set or bool(self.waiting)
        if is_set:
            tallest = max(tallest, _align(self.pieces, self.top + columns.pad))
        self.bottom, self.end = self.top + tallest + 2 * columns.pad, start


def _align(pieces: list[Piece], top: float) -> float:
    """Put the first base lines of a row's cells at one height; returns the height of the row."""
    firsts = [piece.layout.lineAt(0) for piece in pieces]
    bases = [line.y() + line.ascent() if line.isValid() else 0.0 for line in firsts]
    tallest = 0.0
    for piece, base in zip(pieces, bases, strict=True):
        piece.y = top + max(bases) - base
        bottom = piece.bottoms[-1] if piece.bottoms else piece.pitch * piece.layout.lineCount()
        tallest = max(tallest, piece.y - top + bottom)
    return tallest
