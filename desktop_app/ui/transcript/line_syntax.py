"""The line patterns of CommonMark and GFM that the scanner decides by. All are linear in a line."""

from __future__ import annotations

import re

QUOTE = re.compile(r" {0,3}> ?")
ITEM = re.compile(r"( {0,3})([-*+]|(\d{1,9})([.)]))(?=[ \t]|$)")
HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
HEADING_TAIL = re.compile(r"[ \t]#+[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n]*)$")
DELIMITER_CELL = re.compile(r":?-+:?$")
NOTE_LABEL = r"[0-9]{1,4}|(?![A-Za-z]-)[A-Za-z][A-Za-z0-9_-]{1,39}"
"""A footnote's label: a number or a name, but not "a-z", which is half of a pattern for letters."""
FOOTNOTE = re.compile(rf" {{0,3}}\[\^({NOTE_LABEL})\]:(?=[ \t]|$)")
TASK = re.compile(r"\[([ xX])\](?=\s|$)")
MARKER_ONLY = re.compile(
    r"(?:[\s>]|(?:[-*+]|\d{1,9}[.)])[ \t])*(?:[-=*+#`~_|:]+|\d{1,9}[.)]?|(?:[-*+]|\d+[.)]) \[[ xX]?\]?|\[(?:\^[\w-]*\]?:?)?|\${1,2}|\\\[?)\s*$"
)
"""A line so far that may yet turn out to be only a marker, and says nothing by itself."""

MAX_COLUMNS = 24
"""Further cells of a table row are joined into its last column."""


def indent_of(line: str) -> int:
    """Leading spaces of a line whose leading tabs have been expanded."""
    return len(line) - len(line.lstrip(" "))


def expand_indent(line: str) -> str:
    """The line with the tabs of its leading blanks turned to spaces, four columns each."""
    body = line.lstrip(" \t")
    lead = line[: len(line) - len(body)]
    return lead.expandtabs(4) + body if "\t" in lead else line


def with_tabs(line: str, rest: str) -> str:
    """`rest`, the end of `line` with its indentation expanded, with the tabs that `line` has there.

    Code is copied out again, and in some languages a tab is not four blanks. Behind a quote mark
    the blanks stay: which of them the mark took can no longer be told.
    """
    body = rest.lstrip(" ")
    lead = line[: len(line) - len(body)]
    if "\t" not in lead or lead.strip(" \t"):
        return rest
    start = len(lead.expandtabs(4)) - (len(rest) - len(body))
    for index in range(len(lead) + 1):
        column = len(lead[:index].expandtabs(4))
        if column >= start:
            return " " * (column - start) + lead[index:] + body
    return rest


def split_cells(line: str) -> list[str]:
    """The cells of a table row; an escaped pipe stays in its cell."""
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    if "\\|" not in line:
        return [cell.strip() for cell in line.split("|")]
    held = line.replace("\\|", "\0")
    return [cell.strip().replace("\0", "|") for cell in held.split("|")]


def row_cells(line: str, columns: int) -> list[str]:
    """The cells of a table row, as many as the table has columns.

    Further cells are joined into the last one, missing ones are empty.
    """
    cells = split_cells(line)
    if len(cells) > columns:
        cells[columns - 1 :] = [" | ".join(cells[columns - 1 :])]
    return cells + [""] * (columns - len(cells))


def column_alignments(line: str) -> list[str]:
    """The alignments of a delimiter row ("", "left", "center", "right"); empty when it is none."""
    if "-" not in line or not set(line) <= set(" \t|:-"):
        return []
    aligned = []
    for cell in split_cells(line):
        if not DELIMITER_CELL.match(cell):
            return []
        ends = (cell.startswith(":"), cell.endswith(":"))
        aligned.append(
            {(True, True): "center", (True, False): "left", (False, True): "right"}.get(ends, "")
        )
    return aligned
