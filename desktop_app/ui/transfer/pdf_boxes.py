"""Markdown as boxes that stand one below the other on a page.

Each box is a small text document of its own, filled from the tokens of a parser that knows no HTML:
nothing in it can name a file, and the cost of laying out stays in step with the length.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTableFormat,
)

from desktop_app.chat.code_tokens import code_tokens
from desktop_app.chat.line_breaks import read_line_breaks
from desktop_app.chat.readable import tick_boxes
from desktop_app.ui.theme import LIGHT

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TEXT_POINTS: Final = 10.5
_CODE_SCALE: Final = 0.88
_HEADINGS: Final = {1: 1.5, 2: 1.3, 3: 1.15}
_LONGEST_TEXT: Final = 200_000
_LONGEST_PARAGRAPH: Final = 20_000
_PIECE: Final = 6_000
_ROWS: Final = 40
_MOST_COLUMNS: Final = 16
_LINES: Final = 60
_SPACES: Final = re.compile(" {200,}")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the page.

    Attributes:
        fill: Writes its text.
        indent: How far it stands inwards, in steps.
        bars: At which steps the bars of the quotes stand in which it is; each is a step more.
        marker: What stands before its first line.
        space: Above it, in points.
        ground: Colour behind it.
        stays: Whether it must not be the last thing on a page.
        is_rule: Whether it is only a line.
    """

    fill: Callable[[QTextCursor], None]
    indent: int = 0
    bars: tuple[int, ...] = ()
    marker: str = ""
    space: float = 6.0
    ground: QColor | None = None
    stays: bool = False
    is_rule: bool = False


def char_format(
    *, scale: float = 1.0, bold: bool = False, colour: QColor = LIGHT.text, mono: bool = False
) -> QTextCharFormat:
    """Return a format for text, its size as a multiple of the usual."""
    form = QTextCharFormat()
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font = QFont(fixed.family() if mono else QFont().family())
    if mono:
        font.setStyleHint(QFont.StyleHint.Monospace)
        scale *= _CODE_SCALE
    font.setPointSizeF(TEXT_POINTS * scale)
    font.setBold(bold)
    form.setFont(font)
    form.setForeground(colour)
    return form


def text_box(text: str, form: QTextCharFormat, **placing: object) -> Box:
    """Return a box with plain text."""
    return Box(lambda cursor: cursor.insertText(text, form), **placing)  # type: ignore[arg-type]


def code_boxes(
    code: str, info: str, *, indent: int = 0, bars: tuple[int, ...] = ()
) -> Iterator[Box]:
    """Yield code as boxes of some lines each, coloured where its language is known."""
    lines: list[list[tuple[str, QTextCharFormat]]] = [[]]
    for token, text in code_tokens(_SPACES.sub(" " * 200, code.rstrip("\n")), info):
        form = _code_format("" if token is None else str(token))
        for number, line in enumerate(text.split("\n")):
            if number:
                lines.append([])
            for begin in range(0, len(line), _PIECE):
                lines[-1].append((line[begin : begin + _PIECE], form))
    for begin in range(0, len(lines), _LINES):
        some = lines[begin : begin + _LINES]

        def fill(cursor: QTextCursor, some: list[list[tuple[str, QTextCharFormat]]] = some) -> None:
            for number, line in enumerate(some):
                if number:
                    cursor.insertText("\u2028")
                for text, form in line:
                    cursor.insertText(text, form)

        space = 0.0 if begin else 6.0
        yield Box(fill, indent, bars, space=space, ground=LIGHT.code_background)


def plain_boxes(
    text: str, form: QTextCharFormat, *, indent: int = 0, bars: tuple[int, ...] = ()
) -> Iterator[Box]:
    """Yield long text as it is, in boxes that are each laid out quickly."""
    text = _SPACES.sub(" " * 200, text)
    for begin in range(0, len(text), _PIECE):
        piece = text[begin : begin + _PIECE].replace("\n", "\u2028")
        yield text_box(piece, form, indent=indent, bars=bars, space=0.0 if begin else 6.0)


def markdown_boxes(
    text: str, *, bars: tuple[int, ...] = (), colour: QColor = LIGHT.text, breaks: bool = False
) -> Iterator[Box]:
    """Yield Markdown as boxes."""
    if len(text) > _LONGEST_TEXT:
        yield from plain_boxes(text, char_format(colour=colour), bars=bars)
        return
    tokens = _parser().parse(text)
    tick_boxes(tokens)
    yield from _Writer(tokens, bars, colour, breaks=breaks).boxes()


class _Writer:
    """Goes through the tokens once."""

    def __init__(
        self, tokens: Sequence["Token"], bars: tuple[int, ...], colour: QColor, *, breaks: bool
    ) -> None:
        self._tokens = tokens
        self._bars, self._colour, self._breaks = bars, colour, breaks
        self._indent = 0
        self._marker = ""
        self._numbers: list[int | None] = []

    def boxes(self) -> Iterator[Box]:
        place = 0
        while place < len(self._tokens):
            token = self._tokens[place]
            match token.type:
                case "table_open":
                    end = self._end_of_table(place)
                    yield from self._table(self._tokens[place:end])
                    place = end
                case "heading_open":
                    scale = _HEADINGS.get(int(token.tag[1:]), 1.05)
                    form = char_format(scale=scale, bold=True, colour=self._colour)
                    yield from self._paragraph(
                        self._tokens[place + 1], form, space=10.0, stays=True
                    )
                    place += 2
                case "inline":
                    yield from self._paragraph(token, char_format(colour=self._colour))
                case "fence" | "code_block":
                    for box in code_boxes(
                        token.content, token.info, indent=self._indent, bars=self._bars
                    ):
                        yield self._marked(box)
                case "hr":
                    yield Box(_nothing, self._indent, self._bars, space=8.0, is_rule=True)
                case _:
                    self._enter_or_leave(token)
            place += 1

    def _enter_or_leave(self, token: "Token") -> None:
        match token.type:
            case "blockquote_open":
                self._bars = (*self._bars, self._indent + len(self._bars))
            case "blockquote_close":
                self._bars = self._bars[:-1]
            case "bullet_list_open":
                self._numbers.append(None)
                self._indent += 1
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
                self._indent += 1
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._indent -= 1
            case "list_item_open":
                number = self._numbers[-1]
                self._marker = "•" if number is None else f"{number}."
                if number is not None:
                    self._numbers[-1] = number + 1
            case _:
                pass

    def _marked(self, box: Box) -> Box:
        marker, self._marker = self._marker, ""
        return replace(box, marker=marker) if marker else box

    def _paragraph(
        self, inline: "Token", form: QTextCharFormat, *, space: float = 6.0, stays: bool = False
    ) -> Iterator[Box]:
        if len(inline.content) > _LONGEST_PARAGRAPH:
            yield from plain_boxes(inline.content, form, indent=self._indent, bars=self._bars)
            return
        children, breaks = inline.children or [], self._breaks
        yield self._marked(
            Box(
                lambda cursor: _insert_inline(cursor, children, form, breaks=breaks),
                self._indent,
                self._bars,
                space=3.0 if self._indent else space,
                stays=stays,
            )
        )

    def _end_of_table(self, place: int) -> int:
        while self._tokens[place].type != "table_close":
            place += 1
        return place

    def _table(self, tokens: Sequence["Token"]) -> Iterator[Box]:
        rows: list[list[Token]] = []
        aligns: list[str] = []
        for before, token in pairwise(tokens):
            if before.type == "tr_open":
                rows.append([])
            if token.type == "inline":
                rows[-1].append(token)
                if len(rows) == 1:
                    aligns.append(str(before.attrGet("style") or ""))
        if not rows or len(aligns) > _MOST_COLUMNS:
            for row in rows:
                line = " | ".join(cell.content for cell in row)
                yield from plain_boxes(line, char_format(colour=self._colour), bars=self._bars)
            return
        widths = _widths(rows, len(aligns))
        head, body = rows[0], rows[1:]
        for begin in range(0, max(1, len(body)), _ROWS):
            some = body[begin : begin + _ROWS]
            shown = [head, *some] if not begin else some
            yield self._marked(
                Box(
                    _table_filler(shown, aligns, widths, has_head=not begin, colour=self._colour),
                    self._indent,
                    self._bars,
                    space=0.0 if begin else 8.0,
                    stays=not begin,  # a head alone at the end of a page says nothing
                )
            )


def _widths(rows: Sequence[Sequence["Token"]], columns: int) -> list[float]:
    longest = [
        max(min(max((len(row[n].content) for row in rows if n < len(row)), default=1), 48), 5)
        for n in range(columns)
    ]
    return [100 * length / sum(longest) for length in longest]


def _table_filler(
    rows: Sequence[Sequence["Token"]],
    aligns: Sequence[str],
    widths: Sequence[float],
    *,
    has_head: bool,
    colour: QColor,
) -> Callable[[QTextCursor], None]:
    def fill(cursor: QTextCursor) -> None:
        form = QTextTableFormat()
        form.setBorder(1)
        form.setBorderBrush(LIGHT.border)
        form.setBorderCollapse(True)
        form.setCellPadding(6)
        form.setCellSpacing(0)
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        form.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.PercentageLength, width) for width in widths]
        )
        table = cursor.insertTable(len(rows), len(widths), form)
        for number, row in enumerate(rows):
            is_head = has_head and number == 0
            for column, cell in enumerate(row[: len(widths)]):
                place = table.cellAt(number, column)
                if is_head:
                    style = place.format()
                    style.setBackground(LIGHT.code_background)
                    place.setFormat(style)
                inner = place.firstCursorPosition()
                block = QTextBlockFormat()
                if "right" in aligns[column]:
                    block.setAlignment(Qt.AlignmentFlag.AlignRight)
                elif "center" in aligns[column]:
                    block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                inner.setBlockFormat(block)
                words = char_format(scale=0.93, bold=is_head, colour=colour)
                _insert_inline(inner, cell.children or [], words, breaks=False)

    return fill


def _insert_inline(
    cursor: QTextCursor, tokens: Sequence["Token"], base: QTextCharFormat, *, breaks: bool
) -> None:
    bold = italic = struck = 0
    link = ""
    for token in tokens:
        form = QTextCharFormat(base)
        if bold:
            form.setFontWeight(QFont.Weight.Bold)
        form.setFontItalic(italic > 0)
        form.setFontStrikeOut(struck > 0)
        if link:
            form.setForeground(LIGHT.link)
        match token.type:
            case "text" | "html_inline":
                cursor.insertText(_SPACES.sub(" " * 200, token.content), form)
            case "softbreak":
                cursor.insertText("\u2028" if breaks else " ", form)
            case "hardbreak":
                cursor.insertText("\u2028", form)
            case "code_inline":
                code = char_format(mono=True, scale=base.fontPointSize() / TEXT_POINTS)
                code.setBackground(LIGHT.code_inline)
                cursor.insertText(token.content, code)
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "s_open" | "s_close":
                struck += token.nesting
            case "link_open":
                link = str(token.attrGet("href") or "")
            case "link_close":
                link = ""
            case "image":
                cursor.insertText(f"[{token.content or 'image'}]", form)
            case _:
                pass


@cache
def _code_style() -> dict[str, tuple[str, bool, bool]]:
    from pygments.styles import get_style_by_name

    return {
        str(token): (found["color"] or "", bool(found["bold"]), bool(found["italic"]))
        for token, found in get_style_by_name("friendly")
    }


def _code_format(token: str) -> QTextCharFormat:
    form = char_format(mono=True)
    styles = _code_style() if token else {}
    while token and token not in styles:
        token = token.rpartition(".")[0]
    colour, bold, italic = styles.get(token, ("", False, False))
    if colour:
        form.setForeground(QColor(f"#{colour}"))
    if bold:
        form.setFontWeight(QFont.Weight.Bold)
    form.setFontItalic(italic)
    return form


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    read_line_breaks(parser)
    return parser.enable(["table", "strikethrough"])


def _nothing(cursor: QTextCursor) -> None:
    del cursor
