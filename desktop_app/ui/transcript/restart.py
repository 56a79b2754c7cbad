"""Places in the middle of a Markdown text from which it can be read as if from its beginning.

A long text is shown from its end, and only the part in sight is read. What a line means depends on
what is open before it: a fence, a list, a quote, a formula. `Outline` finds, at the speed of `str`
methods, places where nothing is open, or where it knows exactly what is (how many lines of an
endless code block, table or paragraph came since its last cut). Reading from such a place gives
the blocks that a reading of the whole text gives from there; the tests compare the two for random
texts. No Qt in here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from desktop_app.ui.transcript.leaves import (
    CODE_CHARACTERS,
    CODE_LINES,
    MATHS_CHARACTERS,
    CodeLeaf,
    Frame,
)
from desktop_app.ui.transcript.line_syntax import (
    FENCE,
    HEADING,
    ITEM,
    RULE,
)
from desktop_app.ui.transcript.open_blocks import (
    Restart,
    has_long_line,
    in_paragraph,
    in_table,
    line_end,
    weight_of,
)
from desktop_app.ui.transcript.scanner import LONG_LINE, Scanner
from desktop_app.ui.transcript.stream_document import StreamDocument, drawable

NEAR = 4_000
"""Characters before a place within which a restart is looked for first."""
FAR = 40_000
"""... and at most, before whatever is open there is followed from its beginning."""
HALF_PIECE = CODE_CHARACTERS // 2
MOST_FENCES = 6_000
MOST_SIGNS = 100
MOST_LOOKS = 400
MOST_LINES = 20_000

_FENCE_LINE = re.compile(
    r"\n( {0,3}(?![ \t])[\xa0\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*)"
    r"(`{3,}|~{3,})([^\n]*)"
)
_MATHS_LINE = re.compile(r"^[ \t>]*(?:\$\$|\\\[)", re.MULTILINE)
_EMPTY_QUOTE = re.compile(r"[ \t]*>[ \t>]*")


def contains(text: str, run: str) -> bool:
    """Whether `run` occurs in a text, whose first sign is rare in most texts that people read.

    To look for one sign in half a megabyte takes 6 us, for three in a row 400.
    """
    place = text.find(run[0])
    for _ in range(MOST_SIGNS):
        if place < 0 or text.startswith(run, place):
            return place >= 0
        place = text.find(run[0], place + 1)
    return place >= 0 and text.find(run, place) >= 0


class Outline:
    """What is known of a whole text without reading it. Line ends are newlines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_maths = contains(text, "$$") or contains(text, "\\[")
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._is_short: dict[int, bool] = {}
        self._units = (-1, b"")
        self._known = len(text)
        """Up to where it is certain what is fenced."""
        self._find_fences()

    def restart_before(self, offset: int, least: int = 0) -> Restart | None:
        """The last certain restart at or before `offset` and after `least`; None without one."""
        found = self._find(min(offset, self._known))
        return found if found is not None and found.offset > least else None

    def guess_before(self, offset: int, least: int = 0) -> Restart:
        """A place near `offset` at which to read for the moment, if only for its looks."""
        found = self._find(offset)
        if found is None or found.offset <= max(least, offset - FAR):
            text = self._text
            start = text.rfind("\n", max(least, offset - NEAR), offset) + 1 or offset
            item = ITEM.match(text[start : start + LONG_LINE])
            top_list = None
            if item is not None and item.group(3):
                top_list = (item.group(4), int(item.group(3)))
            found = Restart(start, lambda: StreamDocument(Scanner(top_list=top_list)))
        return replace(found, is_certain=False)

    def _find(self, offset: int) -> Restart | None:
        fenced = self._fenced_at(offset)
        if fenced is not None:
            found = self._in_code(fenced, offset)
            if found is not None:
                return found
            offset = fenced
        start = self._start_before(offset, offset - FAR)
        if start is None:
            start = self._start_before(offset, 0, step="\n\n")
        if start is None:
            return None
        if offset - start < NEAR:
            return self._fresh(start)
        return (
            in_table(self._text, start, offset)
            or in_paragraph(self._text, start, offset, self._units_from(start))
            or self._fresh(start)
        )

    # -- fences -------------------------------------------------------------------------------

    def _find_fences(self) -> None:
        """Find the fenced code that stands outside of lists and quotes.

        A fence that is indented by a space or more may stand in a list. Where that is not plain to
        see, the certain part ends, and what follows is a guess.
        """
        if self._find_plain_fences():
            return
        # A newline in front makes every line begin with one, and every match the line's place.
        text, place, opened, run = self._text, 0, -1, ""
        for count, found in enumerate(_FENCE_LINE.finditer(f"\n{text}")):
            start = found.start()
            if start < place:
                continue
            if count > MOST_FENCES:
                self._doubt(start if opened < 0 else opened)
                return
            if opened >= 0:
                if found[2].startswith(run) and (not found[3] or drawable(found[3]).isspace()):
                    self._starts.append(opened)
                    self._ends.append(found.end())
                    opened = -1
                continue
            if (found[2][0] == "`" and "`" in found[3]) or found[1].strip(" "):
                continue
            if found.end() - start > LONG_LINE or (
                self._has_maths and self._may_be_in_maths(start)
            ):
                self._doubt(start)
            if found[1]:
                inside = self._end_of_item(start)
                if inside is not None:
                    place = inside
                    continue
                self._doubt(start)
            opened, run = start, found[2]
        if opened >= 0:
            self._starts.append(opened)
            self._ends.append(len(text) + 2)

    def _find_plain_fences(self) -> bool:
        """Find the fences of a text in which all are three backticks at the beginning of a line.

        That is nearly every text, and this takes a third of the time.
        """
        text = self._text
        if not contains(text, "```"):
            return not contains(text, "~~~")
        if contains(text, "~~~"):
            return False
        end = text.rfind("`") + 1
        before, *pieces = text[:end].split("```", MOST_FENCES)
        pieces[-1] += text[end : self._line_end(end)]
        starts, ends = [], []
        place, opened, sign_before = len(before), -1, before[-1:] or "\n"
        for piece in pieces:
            if sign_before != "\n" or piece[:1] == "`":
                return False
            line = piece.partition("\n")[0]
            if opened < 0:
                if len(line) > LONG_LINE - 4:
                    return False
                if "`" not in line:
                    opened = place
                    if self._has_maths and self._may_be_in_maths(place):
                        self._doubt(place)
            elif not line or drawable(line).isspace():
                starts.append(opened)
                ends.append(place + 4 + len(line))
                opened = -1
            place += len(piece) + 3
            sign_before = piece[-1:]
        if len(pieces) == MOST_FENCES:
            return False
        self._starts, self._ends = starts, ends
        if opened >= 0:
            starts.append(opened)
            ends.append(len(text) + 2)
        return True

    def _doubt(self, start: int) -> None:
        self._known = min(self._known, start)

    def _fenced_at(self, offset: int) -> int | None:
        """The start of the code block that a line at `offset` is inside of."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or not self._starts[index] < offset < self._ends[index]:
            return None
        return self._starts[index]

    def _end_of_item(self, start: int) -> int | None:
        """Where the list item that an indented line is inside of ends; None where in doubt.

        Certain is the simplest case: above it stand only lines that are indented as far as the
        item's text, or blank, up to the line with the item's marker at the very beginning.
        """
        text = self._text
        indent = len(text[start : start + 4]) - len(text[start : start + 4].lstrip(" "))
        line_start = start
        for _ in range(200):
            if line_start == 0:
                return None
            line_start = text.rfind("\n", 0, line_start - 1) + 1
            line = text[line_start : self._line_end(line_start)]
            if "\t" in line:
                return None
            if not line.strip(" ") or line.startswith(" " * indent):
                continue
            item = ITEM.match(line)
            body = line[item.end() :].lstrip(" ") if item else ""
            if item is None or item.group(1) or not body or RULE.match(line):
                return None
            offset = len(line) - len(body)
            if not item.end() < offset <= min(indent, item.end() + 4):
                return None
            is_after_blank = text[max(0, line_start - 2) : line_start] in ("\n\n", "\n", "")
            if item.group(3) is not None and not is_after_blank:
                return None
            if self._has_maths and self._may_be_in_maths(line_start):
                return None
            less = re.compile(rf"\n {{0,{offset - 1}}}[^ \n]").search(text, start)
            return len(text) if less is None else less.start() + 1
        return None

    # -- the places ---------------------------------------------------------------------------

    def _fresh(self, start: int) -> Restart:
        after_blank = start > 0 and not self._text[max(0, start - 2) : start].strip("\n")
        return Restart(start, lambda: StreamDocument(Scanner(after_blank=after_blank)))

    def _start_before(self, offset: int, lowest: int, *, step: str = "\n") -> int | None:
        """The last line from `lowest` to `offset` that starts anew whatever came before it.

        With `step` two newlines only lines after a blank one are looked at.
        """
        text, end = self._text, offset
        if text.find("\n", max(0, lowest), end) < 0:
            return (
                0 if lowest <= 0 else None
            )  # To look for two in a row takes thirty times as long.
        for _ in range(MOST_LOOKS):
            found = text.rfind(step, max(0, lowest), end)
            if found < 0:
                return 0 if lowest <= 0 else None
            start = found + len(step)
            if start <= offset and self._starts_anew(start):
                return start
            end = found + len(step) - 1
        return None

    def _starts_anew(self, start: int) -> bool:
        """Whether the line at `start` closes what is open before it, and begins something new."""
        text = self._text
        first = text[start : start + 1]
        if not first or first.isspace() or self._fenced_at(start) is not None:
            return False
        is_after_blank = text[max(0, start - 2) : start] in ("\n\n", "\n")
        if not is_after_blank and first not in "#-*+":
            return False
        line = text[start : min(self._line_end(start), start + LONG_LINE + 1)]
        item = ITEM.match(line)
        if is_after_blank:
            # The number that an item shows depends on the items before it.
            return item is None or item.group(3) is None
        if len(line) > LONG_LINE:
            return False
        before = text[text.rfind("\n", 0, start - 1) + 1 : start - 1]
        if _EMPTY_QUOTE.match(before) or before.isspace():
            return False
        is_item = item is not None and not RULE.match(line) and bool(line[2:].strip())
        if not is_item and not HEADING.match(line):
            return False
        return not (self._has_maths and self._may_be_in_maths(start))

    def _may_be_in_maths(self, start: int) -> bool:
        """Whether a displayed formula may be open before `start`: blank lines close it."""
        text = self._text
        if text[max(0, start - 2) : start] == "\n\n":
            return False
        lowest = max(0, start - MATHS_CHARACTERS - LONG_LINE)
        blank = text.rfind("\n\n", lowest, start)
        region = text[blank + 2 if blank >= 0 else lowest : start]
        last_line = region[:-1].rpartition("\n")[2]
        return len(last_line) > LONG_LINE or _MATHS_LINE.search(region) is not None

    def _line_end(self, start: int) -> int:
        return line_end(self._text, start)

    # -- inside what has no end -----------------------------------------------------------------

    def _in_code(self, start: int, offset: int) -> Restart | None:
        """The last cut before `offset` of the code block that begins at `start`."""
        text = self._text
        opening = FENCE.match(text[start : self._line_end(start)])
        if opening is None or opening.group(1):
            return None
        place = self._line_end(start) + 1
        fence, language = opening.group(2), opening.group(3).strip()
        if self._has_short_lines(start):
            count = text.count("\n", place, offset)
            cut, back = text.rfind("\n", 0, offset) + 1, count % CODE_LINES
            if not back and cut >= self._last_line(start):
                back = CODE_LINES  # Only a further line of code makes a cut.
            for _ in range(back):
                cut = text.rfind("\n", 0, cut - 1) + 1
            return self._cut_code(cut, fence, language) if count - back >= CODE_LINES else None
        code = text[place:offset]
        if "\n" in code and code.count("\n") > MOST_LINES:
            return None
        size, count, cut, is_inside = 0, 0, 0, False
        *lines, last = code.split("\n") if "\n" in code else [code]
        if len(last) > LONG_LINE:
            lines.append(last)
        for line in lines:
            length = len(line)
            rest = max(0, length - LONG_LINE)
            if count and (count >= CODE_LINES or size + length - rest > CODE_CHARACTERS):
                cut, is_inside, size, count = place, False, 0, 0
            size += length - rest + 1
            count += 1
            if size + rest > CODE_CHARACTERS + 1:
                # A long line is cut wherever a piece is full.
                cut, is_inside = place + LONG_LINE + max(0, CODE_CHARACTERS - size), True
                rest = length - (cut - place)
                cut += (rest - 1) // CODE_CHARACTERS * CODE_CHARACTERS
                size, rest, count = length - (cut - place), 0, 1
            size += rest
            place += len(line) + 1
        if not cut:
            return None
        return self._cut_code(cut, fence, language, is_inside=is_inside)

    def _has_short_lines(self, start: int) -> bool:
        """Whether a code block is cut by the number of its lines alone."""
        if start not in self._is_short:
            begin, end = self._line_end(start) + 1, self._end_of_code(start)
            # As many letters as a piece has would have half of them in a row without enough ends.
            is_short = all(
                self._text.count("\n", place, place + HALF_PIECE) >= CODE_LINES
                for place in range(begin, end - HALF_PIECE, HALF_PIECE)
            )
            most = CODE_CHARACTERS // CODE_LINES - 1
            self._is_short[start] = is_short or not has_long_line(self._text, begin, end + 1, most)
        return self._is_short[start]

    def _end_of_code(self, start: int) -> int:
        return min(len(self._text), self._ends[bisect_right(self._starts, start) - 1])

    def _units_from(self, start: int) -> bytes:
        """What `in_paragraph` wants of the text from `start` on; the last answer is kept."""
        if self._text.isascii():
            return b""
        if self._units[0] != start:
            self._units = (start, weight_of(self._text[start:]))
        return self._units[1]

    def _last_line(self, start: int) -> int:
        """Where the line that closes a code block begins; the end of the text for an open one."""
        end = self._ends[bisect_right(self._starts, start) - 1]
        text = self._text
        return len(text) if end > len(text) + 1 else text.rfind("\n", 0, end - 1) + 1

    def _cut_code(self, cut: int, fence: str, language: str, *, is_inside: bool = False) -> Restart:
        """The restart at a cut of a code block."""
        text = self._text

        def document() -> StreamDocument:
            leaf = CodeLeaf(Frame(), fence=fence, indent=0, language=drawable(language))
            leaf.is_first, leaf.is_mid_line = False, is_inside
            return StreamDocument(Scanner(leaf=leaf), is_inside_line=is_inside)

        line = text[cut : self._line_end(cut)]
        ahead = line[: LONG_LINE + 1] if len(line) > LONG_LINE else f"{line}\n"
        return Restart(cut, document, ahead[:1] if is_inside else ahead)
