"""What a line opens: decided from the line alone, whatever is open before it."""

from __future__ import annotations

import re

from desktop_app.ui.transcript.image_leaf import ImageLeaf
from desktop_app.ui.transcript.leaves import MathsLeaf
from desktop_app.ui.transcript.line_syntax import (
    FENCE,
    FOOTNOTE,
    HEADING,
    HEADING_TAIL,
    ITEM,
    QUOTE,
    RULE,
    SETEXT,
    indent_of,
)


def starts_block(rest: str, *, interrupts: bool) -> bool:
    """Whether a line begins a block; `interrupts` where a paragraph is open before it."""
    if indent_of(rest) >= 4:
        return False
    head = rest.lstrip(" ")[:1]
    if head not in ">-*+_#`~$\\!0123456789[":
        return False
    if QUOTE.match(rest) or FOOTNOTE.match(rest) or HEADING.match(rest) or RULE.match(rest):
        return True
    if fence_of(rest) or MathsLeaf.opens(rest) or ImageLeaf.opens(rest):
        return True
    item = ITEM.match(rest)
    return item is not None and not (interrupts and _cannot_interrupt(rest, item))


def fence_of(rest: str) -> re.Match[str] | None:
    """The fence that a line opens: indentation, the fence itself, and what it says of the code."""
    found = FENCE.match(rest)
    if found and found.group(2)[0] == "`" and "`" in found.group(3):
        return None
    return found


def heading_text(rest: str, hashes: re.Match[str]) -> str:
    """The words of a heading."""
    text = HEADING_TAIL.sub("", rest[hashes.end() :]).strip()
    return "" if text and not text.strip("#") else text


def item_body(rest: str, item: re.Match[str]) -> tuple[int, str]:
    """How many blanks stand between an item's marker and its text, and the text."""
    after = rest[item.end() :]
    if after.startswith(("\t", " \t")):
        # A tab reaches to the next column that four divides, counted from the line's start.
        body = after.lstrip(" \t")
        lead = " " * item.end() + after[: len(after) - len(body)]
        after = lead.expandtabs(4)[item.end() :] + body
    spaces = indent_of(after)
    if not after.strip() or spaces > 4:
        spaces = 1
    return spaces, after[spaces:]


def keeps_paragraph(rest: str, item: re.Match[str]) -> bool:
    """Whether a line that looks like an item is more of the paragraph before it."""
    return _cannot_interrupt(rest, item) or bool(SETEXT.match(rest))


def _cannot_interrupt(rest: str, item: re.Match[str]) -> bool:
    """An empty item, or an ordered one that does not start at 1, stays part of a paragraph."""
    is_empty = not rest[item.end() :].strip()
    return is_empty or (item.group(3) is not None and int(item.group(3)) != 1)
