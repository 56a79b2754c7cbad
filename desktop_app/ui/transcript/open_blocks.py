"""Places inside of a table or a paragraph without end where one can go on reading.

Both are cut into pieces while they grow, at places that depend on the text alone; here the last
cut before a place is worked out without reading all that came before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.ui.transcript.cuts import CHAPTER, chapter_cut
from desktop_app.ui.transcript.image_leaf import ImageLeaf
from desktop_app.ui.transcript.leaves import TABLE_ROWS, Frame, ParagraphLeaf, TableLeaf
from desktop_app.ui.transcript.line_syntax import FOOTNOTE, column_alignments, split_cells
from desktop_app.ui.transcript.scanner import LONG_LINE, Scanner
from desktop_app.ui.transcript.stream_document import StreamDocument, drawable

_MAY_START = re.compile(r"\n(?:\s|[-*+_#`~$\\0-9>=]|\[\^|!\[)")
_CONTROLS = tuple({*range(32), 127} - {9, 10})


@dataclass(frozen=True, slots=True)
class Restart:
    """A place to read from.

    `document` makes a reader in the state in which the text before leaves off. `ahead` is fed after
    the text before the place, to close the last block there where the place is a cut inside of a block;
    empty where nothing is open. `is_certain` is false for a guess.
    """

    offset: int
    document: Callable[[], StreamDocument]
    ahead: str = ""
    is_certain: bool = True


def line_end(text: str, start: int) -> int:
    """Where the line at `start` ends."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def in_table(text: str, start: int, offset: int) -> Restart | None:
    """The last cut of a table that begins at `start`, where all lines begin with a pipe."""
    head_end = line_end(text, start)
    header = text[start:head_end]
    rows = line_end(text, head_end + 1) + 1
    delimiter = text[head_end + 1 : rows - 1]
    alignments = column_alignments(delimiter)
    place = text.rfind("\n", rows, offset) + 1
    if not place or not text.startswith("|", start) or not alignments:
        return None
    if len(split_cells(header)) != len(alignments) or "|" not in delimiter:
        return None
    between = text[rows - 1 : place - 1]
    count = between.count("\n")
    longest = max(map(len, (header, *between.split("\n"))))
    if between.count("\n|") != count or longest > LONG_LINE or "\t" in between:
        return None
    if count < TABLE_ROWS or text[place : place + 1] != "|":
        return None
    cut = place
    for _ in range(count % TABLE_ROWS):
        cut = text.rfind("\n", 0, cut - 1) + 1
    end = rows
    for _ in range(TABLE_ROWS):
        end = text.find("\n", end) + 1
    lead = "\n".join(line.rstrip(" ") for line in text[rows : end - 1].split("\n"))
    header, delimiter, lead = map(drawable, (header, delimiter, lead))

    def document() -> StreamDocument:
        leaf = TableLeaf(Frame(), header=header, delimiter=delimiter, lead=lead)
        return StreamDocument(Scanner(leaf=leaf))

    return Restart(cut, document, text[cut : line_end(text, cut)] + "\n")


def in_paragraph(text: str, start: int, offset: int, units: bytes) -> Restart | None:
    """The last cut of a paragraph that begins at `start` and that no line can interrupt.

    `units` is all from `start` on, as `encoded` gives it.
    """
    first = text[start : start + 1]
    if first in ">-*+_#`~$\\|=0123456789" or first.isspace():
        return None
    head = text[start : start + LONG_LINE]
    if FOOTNOTE.match(head.partition("\n")[0]) or ImageLeaf.opens(head):
        return None
    if "|" in text[start:offset] or _MAY_START.search(text, start, offset):
        return None
    size = len(units) - len(encoded(text[offset:]))
    end = size // CHAPTER * CHAPTER
    if not end:
        return None
    before = chapter_cut(units[:end])
    cut = offset - len(units[before:size].decode())
    seen = cut + len(units[before:end].decode(errors="ignore")) + 1

    def document() -> StreamDocument:
        leaf = ParagraphLeaf(Frame(), begins_after=before)
        return StreamDocument(Scanner(leaf=leaf), is_inside_line=True)

    return Restart(cut, document, text[cut:seen].rstrip("\n") + "\n")


def encoded(text: str) -> bytes:
    """The text as it is drawn, in UTF-8. Nearly all text is drawn as it is."""
    try:
        units = text.encode()
    except UnicodeEncodeError:
        return drawable(text).encode()
    # Thirty searches for one byte each take a tenth of what one pass for all of them does.
    has_controls = any(control in units for control in _CONTROLS)
    return drawable(text).encode() if has_controls else units
