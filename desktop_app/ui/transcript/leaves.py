"""The open leaf of the scanner: paragraph, code, maths or table, and where each is cut.

Every cut depends on the text alone, never on how it was chunked on the wire, and keeps the open
part below a fixed size. Blocks that a leaf closes are appended to the list it is handed.
"""

from __future__ import annotations

from typing import NamedTuple, Self

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.cuts import paragraph_cut, weighed
from desktop_app.ui.transcript.line_syntax import TASK, with_tabs

CODE_LINES = 32
CODE_CHARACTERS = 4_000
TABLE_ROWS = 12
MATHS_CHARACTERS = 4_000


class Frame(NamedTuple):
    """Where a block stands: its containers, its marker, and whether a blank line came before."""

    path: str = ""
    marker: str = ""
    loose: bool = False
    run_on: bool = False


class Leaf:
    """What all leaves have in common."""

    is_literal = False
    """Whether lines go to the leaf unread (code, maths)."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def fork(self) -> Self:
        """A copy that can be fed ahead without touching this leaf."""
        # What `copy` does, at a quarter of its cost: it asks the class how it is pickled first.
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    def line(self, text: str, closed: list[Block]) -> None:
        """A further line."""

    def more(self, text: str, closed: list[Block]) -> None:
        """More of the same line."""

    def ends_before(self, rest: str, *, is_blank: bool) -> bool:
        """Whether a literal leaf is over before this line."""
        del rest, is_blank
        return False

    def literal(self, rest: str, closed: list[Block], line: str = "") -> bool:
        """A further literal line, without and with its containers; true when it was the last."""
        del rest, closed, line
        return True

    def close(self, closed: list[Block]) -> None:
        """The leaf is over."""


class ParagraphLeaf(Leaf):
    """Running text, cut at a sentence end where it grows long."""

    def __init__(self, frame: Frame, *, begins_after: int = 0) -> None:
        """A paragraph, or what is left of one whose first `begins_after` bytes were cut off."""
        super().__init__(frame)
        self.text = ""
        self._is_begun = begins_after > 0
        self._before = begins_after
        self._is_first = begins_after == 0

    @property
    def last_line(self) -> str:
        """The line a table head would be; empty when its beginning is already cut off."""
        head, newline, line = self.text.rpartition("\n")
        del head
        return line if newline or not self._before else ""

    def line(self, text: str, closed: list[Block]) -> None:
        """A further line."""
        self.more(f"\n{text}" if self._is_begun else text, closed)
        self._is_begun = True

    def more(self, text: str, closed: list[Block]) -> None:
        """More of the same line."""
        self._is_begun = True
        self.text += text
        start, whole = 0, self.text
        while True:
            length, is_chapter = paragraph_cut(whole, start, self._before)
            if not length:
                break
            piece = whole[start : start + length]
            self._before += len(piece) if piece.isascii() else len(weighed(piece))
            self._put(piece, closed, goes_on=not is_chapter)
            start += length
        self.text = whole[start:]

    def heading(self, level: int) -> Block:
        """The paragraph as the heading that an underline made of it."""
        frame = self.frame
        return Block(
            BlockKind.HEADING, self.text.strip(), frame.path, frame.marker, level, loose=frame.loose
        )

    def without_last_line(self, closed: list[Block]) -> Frame:
        """Close what stands before the last line; the frame for the block that takes it."""
        head, newline, _ = self.text.rpartition("\n")
        if newline:
            self._put(head, closed)
        return self.frame._replace(run_on=False)

    def close(self, closed: list[Block]) -> None:
        """The leaf is over."""
        if self.text.strip() or self.frame.marker:
            self._put(self.text.rstrip(), closed)

    def _put(self, text: str, closed: list[Block], *, goes_on: bool = False) -> None:
        path, marker, loose, run_on = self.frame
        task = TASK.match(text) if marker else None
        if task:
            marker = "☐" if task.group(1) == " " else "☑"
            text = text[task.end() :].lstrip()
        closed.append(
            Block(
                BlockKind.PARAGRAPH,
                text,
                path,
                marker,
                loose=loose,
                run_on=run_on,
                first=self._is_first,
            )
        )
        self._is_first = False
        self.frame = Frame(path, run_on=goes_on)


class CodeLeaf(Leaf):
    """Fenced or indented code, cut every 32 lines or 4,000 characters."""

    is_literal = True

    def __init__(self, frame: Frame, *, fence: str, indent: int, language: str = "") -> None:
        super().__init__(frame)
        self._fence = fence
        self._indent = indent
        self._language = language
        self._lines: list[str] = []
        self._size = 0
        self.is_first = True
        self.is_mid_line = False

    def fork(self) -> Self:
        """A copy that can be fed ahead."""
        twin = super().fork()
        twin._lines = list(self._lines)  # noqa: SLF001 - its own twin
        return twin

    @property
    def ends_blank(self) -> bool:
        """Whether the last line so far is blank."""
        return bool(self._lines) and not self._lines[-1].strip()

    def ends_before(self, rest: str, *, is_blank: bool) -> bool:
        """Whether the leaf is over before this line."""
        return not self._fence and not is_blank and not rest.startswith("    ")

    def literal(self, rest: str, closed: list[Block], line: str = "") -> bool:
        """A further line as it stands; true when it was the last."""
        if self._fence and self._is_closing(rest):
            self._put(closed, last=True)
            return True
        lead = len(rest) - len(rest.lstrip(" "))
        self._add(with_tabs(line, rest[min(lead, self._indent) :]), closed)
        return False

    def more(self, text: str, closed: list[Block]) -> None:
        """More of the same line."""
        while text:
            room = CODE_CHARACTERS - self._size
            if room <= 0:
                self._put(closed, last=False)
                self.is_mid_line = True
                room = CODE_CHARACTERS
            if not self._lines:
                self._lines.append("")
            self._lines[-1] += text[:room]
            self._size += len(text[:room])
            text = text[room:]

    def close(self, closed: list[Block]) -> None:
        """The leaf is over."""
        if not self._fence:
            while self.ends_blank:
                self._lines.pop()
        self._put(closed, last=True)

    def _is_closing(self, rest: str) -> bool:
        bare = rest.strip()
        is_run = len(bare) >= len(self._fence) and not bare.strip(self._fence[0])
        return is_run and len(rest) - len(rest.lstrip(" ")) < 4

    def _add(self, line: str, closed: list[Block]) -> None:
        is_full = len(self._lines) >= CODE_LINES or self._size + len(line) > CODE_CHARACTERS
        if is_full and self._lines:
            self._put(closed, last=False)
        self._lines.append(line)
        self._size += len(line) + 1

    def _put(self, closed: list[Block], *, last: bool) -> None:
        path, marker, loose, _ = self.frame
        closed.append(
            Block(
                BlockKind.CODE,
                "\n".join(self._lines),
                path,
                marker,
                language=self._language,
                first=self.is_first,
                last=last,
                loose=loose,
                mid_line=self.is_mid_line,
            )
        )
        self.frame = Frame(path)
        self._lines = []
        self._size = 0
        self.is_mid_line = False
        self.is_first = False


class MathsLeaf(Leaf):
    """A displayed formula between double dollars or bracket escapes; a paragraph where none closes it."""

    is_literal = True

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._source = ""

    @property
    def room(self) -> int:
        """Characters that the formula may still grow by."""
        return max(0, MATHS_CHARACTERS - len(self._source))

    @staticmethod
    def opens(rest: str) -> bool:
        """Whether a line opens a formula that stands by itself."""
        bare = rest.strip()
        if bare in ("$$", "\\["):
            return True
        if bare.startswith("\\["):
            return bare.find("\\]") in (-1, len(bare) - 2)
        return bare.startswith("$$") and bare.find("$$", 2) in (-1, len(bare) - 2)

    def ends_before(self, rest: str, *, is_blank: bool) -> bool:
        """Whether the leaf is over before this line."""
        return is_blank or len(self._source) + len(rest) > MATHS_CHARACTERS

    def literal(self, rest: str, closed: list[Block], line: str = "") -> bool:
        """A further line as it stands; true when it was the last."""
        del line
        bare = rest.strip()
        is_first = not self._source
        self._source += bare if is_first else f"\n{bare}"
        closer = "$$" if self._source.startswith("$$") else "\\]"
        if bare.endswith(closer) and not (is_first and bare == "$$"):
            self._put(closed)
            return True
        return False

    def more(self, text: str, closed: list[Block]) -> None:
        """More of the same line."""
        del closed
        self._source += text

    def close(self, closed: list[Block]) -> None:
        """The leaf is over."""
        path, marker, loose, _ = self.frame
        paragraph = ParagraphLeaf(Frame(path, marker, loose))
        paragraph.line(self._source, closed)
        paragraph.close(closed)

    def close_as_formula(self, closed: list[Block]) -> None:
        """The formula so far, shown as one while it streams."""
        self._put(closed)

    def _put(self, closed: list[Block]) -> None:
        path, marker, loose, _ = self.frame
        closed.append(Block(BlockKind.MATHS, self._source, path, marker, loose=loose))


class TableLeaf(Leaf):
    """A GFM table, cut every dozen rows; later pieces take the column widths of the first."""

    def __init__(self, frame: Frame, *, header: str, delimiter: str, lead: str = "") -> None:
        super().__init__(frame)
        self._header = f"{header}\n{delimiter}"
        self._rows: list[str] = []
        self._lead = lead
        self._is_first = not lead

    def fork(self) -> Self:
        """A copy that can be fed ahead."""
        twin = super().fork()
        twin._rows = list(self._rows)  # noqa: SLF001 - its own twin
        return twin

    def line(self, text: str, closed: list[Block]) -> None:
        """A further line."""
        if len(self._rows) >= TABLE_ROWS:
            self._put(closed, last=False)
        self._rows.append(text)

    def close(self, closed: list[Block]) -> None:
        """The leaf is over."""
        self._put(closed, last=True)

    def _put(self, closed: list[Block], *, last: bool) -> None:
        path, marker, loose, _ = self.frame
        source = "\n".join(self._rows)
        closed.append(
            Block(
                BlockKind.TABLE,
                source,
                path,
                marker,
                first=self._is_first,
                last=last,
                loose=loose,
                header=self._header,
                lead=self._lead,
            )
        )
        if self._is_first:
            self._lead = source
        self.frame = Frame(path)
        self._rows = []
        self._is_first = False
