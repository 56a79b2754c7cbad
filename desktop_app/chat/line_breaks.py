"""The one tag of HTML that is read where a text is shown or exported: <br>.

Models break lines in the cells of tables with it, since Markdown has no other way to. It carries
nothing that could be fetched or run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_BREAK: Final = re.compile(r"<br[ ]?/?>[ \t]*\n?", re.IGNORECASE)


def read_line_breaks(parser: MarkdownIt) -> None:
    """Have a parser whose HTML is off give hard breaks for <br>, outside of code."""
    parser.inline.ruler.before("autolink", "line_break", _line_break)


def _line_break(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    found = _BREAK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True
