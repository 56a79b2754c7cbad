"""Markdown lines to blocks, one line at a time: the block half of the renderer.

CommonMark defines its block structure line by line; this is that algorithm with the GFM table,
cut so that nothing open ever grows: list items are blocks of their own, and code, tables and long
paragraphs are cut at places that depend on the text alone. A streamed text and the same text at
once therefore give the same blocks, and a line costs the same however much came before it.
A whole-text parser cannot do this: measured, re-parsing the open block is quadratic in one endless
list or table. Inline syntax is not read here (see `inline`), and nothing here knows Qt.
The tests hold the structure against markdown-it-py's.
"""

from __future__ import annotations

import re

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.image_leaf import ImageLeaf
from desktop_app.ui.transcript.leaves import (
    CodeLeaf,
    Frame,
    Leaf,
    MathsLeaf,
    ParagraphLeaf,
    TableLeaf,
)
from desktop_app.ui.transcript.line_syntax import (
    FOOTNOTE,
    HEADING,
    ITEM,
    MARKER_ONLY,
    QUOTE,
    RULE,
    SETEXT,
    column_alignments,
    expand_indent,
    indent_of,
    split_cells,
)
from desktop_app.ui.transcript.openers import (
    fence_of,
    heading_text,
    item_body,
    keeps_paragraph,
    starts_block,
)

LONG_LINE = 1_400
"""A line is classified by this many of its first characters; the rest only continues it."""
MAX_DEPTH = 10
"""Containers inside one another; deeper markers are shown as the text they are."""


class _Container:
    """An open quote ("q") or list item ("i"), with the item's content column."""

    __slots__ = ("kind", "offset")

    def __init__(self, kind: str, offset: int = 0) -> None:
        self.kind = kind
        self.offset = offset


class Scanner:
    """Takes complete lines (and the beginnings of long ones) and puts out closed blocks."""

    def __init__(
        self,
        *,
        after_blank: bool = False,
        leaf: Leaf | None = None,
        top_list: tuple[str, int] | None = None,
    ) -> None:
        """Begin a text, or where a line ends with only this open; see `_lists` for `top_list`."""
        self.closed: list[Block] = []
        self._stack: list[_Container] = []
        self._lists: list[tuple[str, int]] = [top_list] if top_list else []
        self._leaf: Leaf | None = leaf
        self._line = ""
        self._marker = ""
        self._after_blank = after_blank
        self._was_blank = after_blank

    def take_closed(self) -> list[Block]:
        """The blocks closed since the last call."""
        closed, self.closed = self.closed, []
        return closed

    def line(self, line: str, *, is_whole: bool = True) -> None:
        """Read one line without its newline; `is_whole` is false for the head of a long one."""
        if not line and self._was_blank and self._leaf is None and not self._stack:
            return  # A hundred thousand blank lines are as good as two.
        self._line = line
        rest = expand_indent(line)
        matched, rest = self._match_containers(rest)
        is_blank = not rest or rest.isspace()
        was_blank, self._was_blank = self._was_blank, is_blank
        if matched < len(self._stack):
            if self._is_lazy(rest, is_blank=is_blank):
                self._continue(rest)
                return
            self._close_leaf()
            self._flush_marker()
            del self._stack[matched:]
            # Whatever was open, a blank line before it is what the next block sees.
            self._after_blank = was_blank
        leaf = self._leaf
        if leaf is not None and leaf.is_literal:
            if not leaf.ends_before(rest, is_blank=is_blank):
                self._feed_literal(rest)
                return
            self._after_blank = isinstance(leaf, CodeLeaf) and leaf.ends_blank
            self._close_leaf()
        if is_blank:
            self._close_leaf()
            self._after_blank = True
            return
        self._open_blocks(rest, is_whole=is_whole)

    def more(self, text: str) -> None:
        """More of the same long line."""
        if self._leaf is None:
            self._start_paragraph("", continues=True)
        leaf = self._leaf
        if isinstance(leaf, TableLeaf):
            self._close_leaf()
            self._start_paragraph(text, continues=True)
        elif isinstance(leaf, MathsLeaf):
            room = leaf.room
            leaf.more(text[:room], self.closed)
            if len(text) > room:
                self._close_leaf()
                self._start_paragraph(text[room:], continues=True)
        elif leaf is not None:
            leaf.more(text, self.closed)

    def finish(self, *, is_guessing: bool = False) -> None:
        """The end of the text: close whatever is open, or guess at what it is about to be."""
        if is_guessing:
            self._guess()
        self._close_leaf()
        self._flush_marker()
        self._stack.clear()

    def tail(self, partial: str) -> list[Block]:
        """The blocks that the open leaf and an unfinished line would give if the text ended here.

        A line that may still become a bare marker, or the fence that ends a code, is held back, and a row of pipes is shown as
        the table head that it nearly always is.
        """
        ahead = self._fork()
        says_nothing = not partial or partial.isspace() or MARKER_ONLY.match(partial)
        if not (says_nothing or self._awaits_delimiter(partial)):
            ahead.line(partial)
        ahead.finish(is_guessing=True)
        return ahead.closed

    def _fork(self) -> Scanner:
        """A scanner that can read ahead without touching this one; costs the open block only."""
        ahead = object.__new__(Scanner)
        ahead.__dict__.update(
            self.__dict__,
            closed=[],
            _stack=list(self._stack),
            _lists=list(self._lists),
            _leaf=self._leaf.fork() if self._leaf is not None else None,
        )
        return ahead

    def _awaits_delimiter(self, partial: str) -> bool:
        leaf = self._leaf
        is_head = isinstance(leaf, ParagraphLeaf) and leaf.last_line.lstrip().startswith("|")
        return is_head and set(partial) <= set(" \t|:-")

    def _guess(self) -> None:
        """Show an open formula, image or lone table head as what it is about to be."""
        leaf = self._leaf
        if isinstance(leaf, MathsLeaf):
            leaf.close_as_formula(self.closed)
            self._leaf = None
        if isinstance(leaf, ImageLeaf):
            leaf.close_as_image(self.closed)
            self._leaf = None
        if isinstance(leaf, ParagraphLeaf) and leaf.last_line.startswith("|"):
            header = leaf.last_line
            if header.count("|") > 1:
                self._start_table("|".join(["-"] * len(split_cells(header))) + "|")

    # -- containers ---------------------------------------------------------------------------

    def _match_containers(self, rest: str) -> tuple[int, str]:
        matched = 0
        for container in self._stack:
            is_empty_item = self._marker and container is self._stack[-1]
            if container.kind == "q":
                found = QUOTE.match(rest)
                if not found:
                    break
                rest = expand_indent(rest[found.end() :])
            elif is_empty_item and self._after_blank:
                break
            elif rest and not rest.isspace():
                if indent_of(rest) < container.offset:
                    break
                rest = rest[container.offset :]
            matched += 1
        return matched, rest

    def _is_lazy(self, rest: str, *, is_blank: bool) -> bool:
        if is_blank or not isinstance(self._leaf, ParagraphLeaf):
            return False
        return not starts_block(rest, interrupts=False)

    def _open_blocks(self, rest: str, *, is_whole: bool) -> None:
        while True:
            is_shallow = len(self._stack) < MAX_DEPTH
            if indent_of(rest) >= 4 and not isinstance(self._leaf, ParagraphLeaf):
                break
            in_paragraph = isinstance(self._leaf, ParagraphLeaf)
            quote = QUOTE.match(rest) if is_shallow else None
            if quote:
                self._close_leaf()
                self._lists = self._lists[: len(self._stack)]
                self._stack.append(_Container("q"))
                rest = expand_indent(rest[quote.end() :])
            elif is_shallow and (note := FOOTNOTE.match(rest)):
                rest = self._open_footnote(rest, note)
            else:
                item = None if not is_shallow or RULE.match(rest) else ITEM.match(rest)
                if item is None or (in_paragraph and keeps_paragraph(rest, item)):
                    break
                self._close_leaf()
                rest = self._open_item(rest, item)
            if not rest or rest.isspace():
                self._after_blank = False
                return
        self._open_leaf(rest, is_whole=is_whole)

    def _open_footnote(self, rest: str, note: re.Match[str]) -> str:
        """A footnote is an item, its label for a number; what belongs to it is indented by 4."""
        self._close_leaf()
        self._flush_marker()
        self._lists = self._lists[: len(self._stack)]
        self._stack.append(_Container("i", 4))
        self._marker = f"[^{note.group(1)}]"
        return rest[note.end() :].lstrip(" \t")

    def _open_item(self, rest: str, item: re.Match[str]) -> str:
        depth = len(self._stack)
        digits, delimiter = item.group(3), item.group(4)
        key = delimiter or item.group(2)
        number = int(digits) if digits else 0
        if len(self._lists) > depth and self._lists[depth][0] == key:
            number = self._lists[depth][1]
        del self._lists[depth:]
        self._lists += [("", 0)] * (depth - len(self._lists))
        self._lists.append((key, number + 1))
        self._flush_marker()
        spaces, after = item_body(rest, item)
        self._stack.append(_Container("i", item.end() + spaces))
        self._marker = f"{number}{delimiter}" if digits else "•"
        return after

    def _flush_marker(self) -> None:
        """An item without a text of its own still shows its marker."""
        if self._marker:
            path = "".join(container.kind for container in self._stack)
            self.closed.append(
                Block(BlockKind.PARAGRAPH, "", path, self._marker, loose=self._after_blank)
            )
            self._marker = ""
            self._after_blank = False

    # -- leaves -------------------------------------------------------------------------------

    def _open_leaf(self, rest: str, *, is_whole: bool) -> None:
        leaf = self._leaf
        if isinstance(leaf, ParagraphLeaf) and is_whole:
            setext = SETEXT.match(rest)
            if setext:
                self._leaf = None
                level = 1 if setext.group(1)[0] == "=" else 2
                self.closed.append(leaf.heading(level))
                return
            if "|" in rest and self._start_table(rest):
                return
        if indent_of(rest) >= 4:
            if isinstance(leaf, TableLeaf):
                self._close_leaf()
                leaf = None
            if leaf is None:
                self._begin(CodeLeaf(self._frame(), fence="", indent=4))
                self._feed_literal(rest)
            else:
                self._continue(rest)
            return
        if not starts_block(rest, interrupts=leaf is not None):
            self._continue(rest)
            return
        fence = fence_of(rest)
        if fence:
            self._close_leaf()
            self._begin(
                CodeLeaf(
                    self._frame(),
                    fence=fence.group(2),
                    indent=len(fence.group(1)),
                    language=fence.group(3).strip(),
                )
            )
        elif is_whole and HEADING.match(rest):
            self._close_leaf()
            self._heading(rest)
        elif is_whole and RULE.match(rest):
            self._close_leaf()
            self._begin_frame_at_depth()
            path, marker, loose, _ = self._frame()
            self.closed.append(Block(BlockKind.RULE, "", path, marker, loose=loose))
        elif MathsLeaf.opens(rest):
            self._close_leaf()
            self._begin(MathsLeaf(self._frame()))
            self._feed_literal(rest)
        elif ImageLeaf.opens(rest):
            self._close_leaf()
            self._begin(ImageLeaf(self._frame()))
            self._feed_literal(rest)
        else:
            self._continue(rest)

    def _heading(self, rest: str) -> None:
        hashes = HEADING.match(rest)
        if hashes is None:
            return
        self._begin_frame_at_depth()
        path, marker, loose, _ = self._frame()
        level = len(hashes.group(1))
        self.closed.append(
            Block(BlockKind.HEADING, heading_text(rest, hashes), path, marker, level, loose=loose)
        )

    def _start_table(self, delimiter: str) -> bool:
        leaf = self._leaf
        alignments = column_alignments(delimiter)
        if not isinstance(leaf, ParagraphLeaf) or not alignments:
            return False
        header = leaf.last_line
        if "|" not in header or len(split_cells(header)) != len(alignments):
            return False
        frame = leaf.without_last_line(self.closed)
        self._leaf = TableLeaf(frame, header=header, delimiter=delimiter)
        return True

    def _continue(self, rest: str) -> None:
        """A line that starts nothing: more of the paragraph or table, or a new paragraph."""
        if self._leaf is None:
            self._start_paragraph(rest, continues=False)
        else:
            self._leaf.line(
                rest.strip(" \t") if isinstance(self._leaf, TableLeaf) else rest.lstrip(),
                self.closed,
            )
        self._after_blank = False

    def _start_paragraph(self, text: str, *, continues: bool) -> None:
        self._begin(ParagraphLeaf(self._frame()))
        leaf = self._leaf
        if isinstance(leaf, ParagraphLeaf):
            if continues:
                leaf.more(text, self.closed)
            else:
                leaf.line(text.lstrip(), self.closed)

    def _begin(self, leaf: Leaf) -> None:
        self._begin_frame_at_depth()
        self._leaf = leaf

    def _begin_frame_at_depth(self) -> None:
        del self._lists[len(self._stack) :]

    def _frame(self) -> Frame:
        """Path, marker and looseness of the next block; the marker is given out once."""
        frame = Frame(
            path="".join(container.kind for container in self._stack),
            marker=self._marker,
            loose=self._after_blank,
        )
        self._marker = ""
        self._after_blank = False
        return frame

    def _feed_literal(self, rest: str) -> None:
        if self._leaf is not None and self._leaf.literal(rest, self.closed, self._line):
            self._leaf = None

    def _close_leaf(self) -> None:
        if self._leaf is not None:
            self._leaf.close(self.closed)
            self._leaf = None
