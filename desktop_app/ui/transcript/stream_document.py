"""A text that grows: its closed blocks, and the few blocks its open end would give right now.

`feed` costs what the new text costs; `tail` costs what the open block costs, which the scanner
bounds. A stored text goes through the same object in one `feed`, so that what streamed and what
is opened again are the same, block for block.
"""

from __future__ import annotations

import re

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.scanner import LONG_LINE, Scanner

_UNDRAWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters and lone surrogates: Qt draws some as boxes and dies on none, but a lone
surrogate cannot be encoded for the clipboard or the accessibility bus."""


class StreamDocument:
    """Markdown text in, blocks out."""

    def __init__(self, scanner: Scanner | None = None, *, is_inside_line: bool = False) -> None:
        """Read a text from its beginning, or from a place where `scanner` is what is open."""
        self._scanner = scanner or Scanner()
        self._partial = ""
        self._is_inside_long_line = is_inside_line
        self._held_return = False
        self.is_finished = False

    def feed(self, text: str) -> list[Block]:
        """Read more text; the blocks that it closed, in order."""
        scanner = self._scanner
        pieces = self._normalised(text).split("\n")
        self._extend_line(pieces[0])
        for piece in pieces[1:]:
            if self._is_inside_long_line:
                self._is_inside_long_line = False
            else:
                scanner.line(self._partial)
            self._partial = ""
            self._extend_line(piece)
        return scanner.take_closed()

    def finish(self) -> list[Block]:
        """The end of the text; the blocks that it closed."""
        if self._partial:
            self._scanner.line(self._partial)
            self._partial = ""
        self._scanner.finish()
        self.is_finished = True
        return self._scanner.take_closed()

    def tail(self) -> list[Block]:
        """The blocks of the open end, with half-open inline syntax closed for the moment."""
        if self.is_finished:
            return []
        blocks = self._scanner.tail(self._partial)
        last = blocks[-1] if blocks else None
        if last is not None and last.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            source = close_half_open(last.source)
            if source != last.source:
                blocks[-1] = last._replace(source=source)
        elif last is not None and last.kind is BlockKind.TABLE:
            blocks[-1] = _with_closed_cell(last)
        return blocks

    def _extend_line(self, piece: str) -> None:
        if self._is_inside_long_line:
            if piece:
                self._scanner.more(piece)
            return
        self._partial += piece
        if len(self._partial) > LONG_LINE:
            self._scanner.line(self._partial[:LONG_LINE], is_whole=False)
            self._scanner.more(self._partial[LONG_LINE:])
            self._is_inside_long_line = True
            self._partial = ""

    def _normalised(self, text: str) -> str:
        if self._held_return:
            text = "\r" + text
        self._held_return = text.endswith("\r")
        if self._held_return:
            text = text[:-1]
        return drawable(normalised(text))


def normalised(text: str) -> str:
    """The text with newlines as its line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def drawable(text: str) -> str:
    """The text without what cannot be drawn, encoded or copied."""
    return _UNDRAWABLE.sub("\ufffd", text)


def blocks_of(text: str) -> list[Block]:
    """All blocks of a whole text."""
    document = StreamDocument()
    return document.feed(text) + document.finish()


_INLINE = re.compile(r"[\[*~`$\\&<]")
"""Without one of these nothing can be open."""
_OPEN_NOTE = re.compile(r"\[\^[\w-]*$")
_OPEN_IMAGE = re.compile(r"(?P<image>(?<!\\)!\[[^\[\]\n]*)(?:\](?:\([^\s()]*)?)?$")
_OPEN_LINK = re.compile(
    r"(?P<words>\[[^\[\]\n]+\])\((?:<[^<>\n]*>?|(?P<address>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?:(?P<inner>\([^\s()]*)|[ ]+(?:\"[^\"\n]*\"?|'[^'\n]*'?)?)?)$"
)
"""A link up to somewhere in its address, with pairs of brackets in it, or in its title."""
_OPEN_SIGN = re.compile(
    r"(?:<(?:b|br|br ?/?)?|&(?:a|am|amp|l|lt|g|gt|q|qu|quo|quot|n|nb|nbs|nbsp|#[xX]?[0-9a-fA-F]{0,6})?)$",
    re.IGNORECASE,
)
"""What may become an entity or a line break, and shows nothing by itself then."""
_TRAILING_RUN = re.compile(r"(?<!\\)(\*{1,3}|~{1,2}|`{1,2})$")


_LONE_STAR = re.compile(r"(?<![*\\])\*(?!\*)")
_STAR_OPENS = re.compile(r"[\s(>]?\*[^\s*]")


def close_half_open(source: str) -> str:
    """The source with an open bold, strike, code span or link closed at its end.

    The reader sees the words in their final look from the first letter, instead of markers that
    vanish when the other half arrives. Nothing is dropped but a bare marker at the very end.
    """
    if not _INLINE.search(source):
        return source.rstrip()
    source = _OPEN_NOTE.sub("", source.rstrip())
    if not (source.count("`") % 2 and "``" not in source):
        source = _OPEN_SIGN.sub("", source)
        found = _OPEN_IMAGE.search(source) or _OPEN_LINK.search(source)
        if found:
            # What is open before it is closed behind it; the signs in its address say nothing.
            before = source[: found.start()]
            behind = _close_marks(f"{before}x").removeprefix(f"{before}x")
            return f"{before}{_closed_link(found)}{behind}"
    return _close_marks(_with_open_formula(source))


def _close_marks(source: str) -> str:
    """The source with bold, struck and soft words and code that are open at its end closed there."""
    run = _TRAILING_RUN.search(source)
    before = source[: run.start()] if run else source
    if run and not _is_open(before, run.group(1)):
        source = before.rstrip()
    if source.count("`") % 2 and "``" not in source:
        return f"{source}`" if not source.endswith("`") else source[:-1]
    stars = list(_LONE_STAR.finditer(source))
    if len(stars) % 2 and _STAR_OPENS.match(source, max(0, stars[-1].start() - 1)):
        source = f"{source}*"
    for marker in ("~~", "**"):
        if _is_open(source, marker) and not (source.endswith(marker[0]) and marker == "~~"):
            source = f"{source}{marker}"
    return source


def _closed_link(found: re.Match[str]) -> str:
    """A link or an image that breaks off in its address or title, up to there."""
    parts = found.groupdict()
    if "image" in parts:
        return f"{parts['image']}]()"
    inner = f"{parts['inner']})" if parts["inner"] else ""
    return f"{parts['words']}({parts['address'] or ''}{inner})"


def _with_closed_cell(table: Block) -> Block:
    """A table whose last cell so far is shown as text that is still being written."""
    head, newline, line = (table.source or table.header).rpartition("\n")
    if not table.source:
        line, newline, head = table.header.partition("\n")
    cut = line.rfind("|") + 1
    while cut > 1 and line[cut - 2] == "\\":
        cut = line.rfind("|", 0, cut - 1) + 1
    cell = line[cut:]
    closed = close_half_open(cell) if cell.strip() else cell
    if closed == cell.rstrip():
        return table
    if not table.source:
        return table._replace(header=f"{line[:cut]}{closed}{newline}{head}")
    return table._replace(source=f"{head}{newline}{line[:cut]}{closed}")


_NO_FORMULA = re.compile(
    r"``.*?``|`[^`]*(?:`|$)|\\\(.*?\\\)|\\\[.*?\\\]|\$\$.+?\$\$|(?<![\\\d])\$\S(?:[^$]*[^$\s\\])?\$",
    re.DOTALL,
)
_OPENS_FORMULA = re.compile(r"\\[(\[]|(?<![\\$A-Za-z0-9])\${1,2}(?=[^\s\d$])")
_MARKUP = re.compile(r"[\\*_`~\[\]<>&!]")
LONGEST_OPEN_FORMULA = 300


def _with_open_formula(source: str) -> str:
    """The source with the formula that is open at its end shown as it is typed.

    Stars and underscores in it are no emphasis, and will not have been any once it is closed. A
    dollar before a digit is a price; what stays open for long is no formula.
    """
    closed = _NO_FORMULA.sub(lambda found: " " * len(found.group()), source)
    opener = _OPENS_FORMULA.search(closed)
    if opener is None or len(source) - opener.start() > LONGEST_OPEN_FORMULA:
        return source
    head, tail = source[: opener.start()], source[opener.start() :]
    return head + _MARKUP.sub(r"\\\g<0>", tail)


def _is_open(source: str, marker: str) -> bool:
    """Whether `marker` stands an odd number of times, its last one before a letter."""
    if source.count(marker) % 2 == 0:
        return False
    after = source[source.rindex(marker) + len(marker) :]
    return not after[:1].isspace()
