"""Places inside of a table or a paragraph without end where one can go on reading.

Both are cut into pieces while they grow, at places that depend on the text alone; here the last
cut before a place is worked out without reading all that came before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.ui.transcript.cuts import CHAPTER, chapter_cut, weighed
from desktop_app.ui.transcript.image_leaf import ImageLeaf
from desktop_app.ui.transcript.leaves import TABLE_ROWS, Frame, ParagraphLeaf, TableLeaf
from desktop_app.ui.transcript.line_syntax import FOOTNOTE, column_alignments, split_cells
from desktop_app.ui.transcript.scanner import LONG_LINE, Scanner
from desktop_app.ui.transcript.stream_document import StreamDocument, drawable

_MAY_START = re.compile(r"\n(?:\s|[-*+_#`~$\\0-9>=]|\[\^|!\[)")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = bytes({*range(32), 127} - {9, 10})
_DRAWN = bytes.maketrans(_CONTROLS, weighed("\ufffd" * len(_CONTROLS)))


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


def has_long_line(text: str, start: int, end: int, most: int) -> bool:
    """Whether a line between two places, each of which begins one, has more than `most` letters."""
    place = start
    while end - place > most + 1:
        # The last line that begins within reach: between two of them no line is too long.
        found = text.rfind("\n", place, place + most + 1)
        if found < 0:
            return True
        place = found + 1
    return False


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
    count = text.count("\n", rows - 1, place - 1)
    if text.count("\n|", rows - 1, place - 1) != count or text.find("\t", rows, place) >= 0:
        return None
    if len(header) > LONG_LINE or has_long_line(text, rows, place, LONG_LINE):
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

    `units` is all from `start` on, as `weight_of` gives it; empty for ASCII, where it is the text.
    """
    first = text[start : start + 1]
    if first in ">-*+_#`~$\\|=0123456789" or first.isspace():
        return None
    head = text[start : start + LONG_LINE]
    if FOOTNOTE.match(head.partition("\n")[0]) or ImageLeaf.opens(head):
        return None
    if text.find("|", start, offset) >= 0:
        return None
    if text.find("\n", start, offset) >= 0 and _MAY_START.search(text, start, offset):
        return None
    size = len(units) - len(weight_of(text[offset:])) if units else offset - start
    end = size // CHAPTER * CHAPTER
    if not end:
        return None
    low = end - CHAPTER
    chapter = units[low:end] if units else text[start + low : start + end].encode()
    before = low + chapter_cut(chapter.translate(_DRAWN))
    cut = offset - len(units[before:size].decode()) if units else start + before
    seen = cut + len(chapter[before - low :].decode(errors="ignore")) + 1

    def document() -> StreamDocument:
        leaf = ParagraphLeaf(Frame(), begins_after=before)
        return StreamDocument(Scanner(leaf=leaf), is_inside_line=True)

    return Restart(cut, document, text[cut:seen].rstrip("\n") + "\n")


def weight_of(text: str) -> bytes:
    """The bytes by which text is cut (see `cuts`), but for control characters, of which each is one."""
    try:
        return weighed(text)
    except UnicodeEncodeError:
        return weighed(_SURROGATES.sub("\ufffd", text))
