"""Selected fragments of one entry as Markdown that is valid by itself.

Whole blocks keep their own source. Of parts, bold words stay bold, code keeps its fence and its
language, table rows come below their head, and items keep their markers. Where a selection begins
inside a list, the items around it that were not selected are left out rather than invented.
"""

from __future__ import annotations

import re

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.fragments import Fragment, block_groups, is_phrase
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.inline_markdown import escaped, inline_markdown
from desktop_app.ui.transcript.plain import table_cells

_MARKERS = {"•": "-", "☐": "- [ ]", "☑": "- [x]"}


def markdown_of(fragments: list[Fragment]) -> str:
    """Fragments in their order as Markdown; a part of a single paragraph comes without its place."""
    if is_phrase(fragments):
        return "".join(_inline(fragment) for fragment in fragments).strip("\n")
    writer = _Writer()
    for group in block_groups(fragments):
        writer.write(group)
    return writer.result()


class _Writer:
    """Puts containers and their markers around blocks."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[tuple[str, str]] = []
        """The containers that are open: kind, and what further lines of it begin with."""
        self._last: Block | None = None

    def result(self) -> str:
        return "".join(self._parts)

    def write(self, group: list[Fragment]) -> None:
        block = group[0].block
        marker = block.marker
        quotes_before = self._quote_prefix()
        self._enter(block.path, marker)
        first = "".join(lead for _, lead in self._open)
        if self._last is not None:
            blank = _common(quotes_before, self._quote_prefix()).rstrip()
            is_tight = block.marker and not block.loose and "i" in self._last.path
            self._parts.append("\n" if is_tight else f"\n{blank}\n")
        if marker:
            lead = _MARKERS.get(marker, f"{marker}:" if block.note else marker) + " "
            depth = _item_depth(block.path, self._open)
            before = "".join(part for _, part in self._open[:depth])
            width = 2 if lead.startswith("-") else 4 if block.note else len(lead)
            self._open[depth] = ("i", " " * width)
            after = "".join(part for _, part in self._open[depth + 1 :])
            first = before + lead + after
        rest = "".join(part for _, part in self._open)
        lines = _lines_of(group)
        leads = [first, *[rest] * (len(lines) - 1)]
        self._parts.append(
            "\n".join(
                f"{lead}{line}" if line else lead.rstrip()
                for lead, line in zip(leads, lines, strict=True)
            )
        )
        self._last = block

    def _enter(self, path: str, marker: str) -> None:
        """Close and open containers until they are those of a block."""
        keep = 0
        new_item = path.rindex("i") if marker and "i" in path else len(path)
        kinds = [kind for kind, _ in self._open]
        while keep < min(len(kinds), len(path), new_item) and kinds[keep] == path[keep]:
            keep += 1
        del self._open[keep:]
        for kind in path[keep:]:
            self._open.append((kind, "> " if kind == "q" else ""))

    def _quote_prefix(self) -> str:
        return "".join(lead for _, lead in self._open)


def _item_depth(path: str, open_: list[tuple[str, str]]) -> int:
    return min(path.rindex("i") if "i" in path else 0, len(open_) - 1)


def _common(one: str, other: str) -> str:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]


def _lines_of(group: list[Fragment]) -> list[str]:
    block = group[0].block
    if block.kind is BlockKind.CODE:
        return _code(group)
    if block.kind is BlockKind.TABLE:
        return _table(group)
    if block.kind is BlockKind.MATHS:
        return block.source.split("\n")
    if block.kind is BlockKind.RULE:
        return ["---"]
    source = "".join(
        fragment.block.source
        if fragment.is_whole and block.kind is not BlockKind.PLAIN
        else _inline(fragment)
        for fragment in group
    )
    if block.kind is BlockKind.HEADING:
        return [f"{'#' * block.level} {' '.join(source.split(chr(10)))}".rstrip()]
    return source.strip("\n").split("\n")


def _inline(fragment: Fragment) -> str:
    block = fragment.block
    if block.kind is BlockKind.PLAIN:
        return escaped(fragment.words) + ("" if block.last else "\n")
    if block.kind is BlockKind.TABLE:
        rows = _partial_rows(fragment)
        return " ".join(rows[0]).strip() if rows else ""
    return inline_markdown(rich_text(block.source), fragment.start, fragment.end)


def _code(group: list[Fragment]) -> list[str]:
    code = "\n".join(fragment.words for fragment in group)
    longest = max((len(run) for run in re.findall("`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}{group[0].block.language}", *code.split("\n"), fence]


def _table(group: list[Fragment]) -> list[str]:
    block = group[0].block
    head, _, delimiter = block.header.partition("\n")
    rows: list[list[str]] = []
    for fragment in group:
        cells = _partial_rows(fragment)
        begins_in_head = fragment.block.first and fragment.start <= _head_length(fragment.block)
        rows += cells[1:] if begins_in_head else cells
    return [head, delimiter, *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)]


def _cell(source: str) -> str:
    return source.replace("|", "\\|").replace("\n", "<br>")


def _head_length(block: Block) -> int:
    """Letters in the head of a table."""
    cells = table_cells(block)[0]
    return sum(len(rich_text(cell).text) + 1 for cell in cells) - 1


def _partial_rows(fragment: Fragment) -> list[list[str]]:
    """The cells of the rows that are touched; what is not selected of them is empty."""
    place, rows = 0, []
    for sources in table_cells(fragment.block):
        row = []
        begin = place
        for source in sources:
            rich = rich_text(source)
            start, end = fragment.start - place, fragment.end - place
            if start <= 0 and end >= len(rich.text):
                row.append(source)
            elif end <= 0 or start >= len(rich.text):
                row.append("")
            else:
                row.append(inline_markdown(rich, max(0, start), min(end, len(rich.text))))
            place += len(rich.text) + 1
        if begin < fragment.end and fragment.start < place:
            rows.append(row)
    return rows
