"""Selected fragments as HTML for other programs: structure and looks, no colours, nothing remote.

Everything is escaped here; the only attributes are a list's first number, a code block's language
and the targets of links that may be opened.
"""

from __future__ import annotations

from html import escape

from desktop_app.ui.transcript.blocks import BlockKind, Look, RichText
from desktop_app.ui.transcript.fragments import Fragment, is_phrase
from desktop_app.ui.transcript.inline import is_allowed_link, rich_text
from desktop_app.ui.transcript.plain import table_cells

_TAGS = (
    (Look.BOLD, "strong"),
    (Look.ITALIC, "em"),
    (Look.STRIKE, "s"),
    (Look.CODE, "code"),
    (Look.MATHS, "code"),
    (Look.NOTE, "sup"),
)
_BOXES = {"☐": "☐ ", "☑": "☑ "}


def html_document(bodies: list[str]) -> str:
    """The HTML of several entries as one text that stands by itself."""
    body = "\n".join(bodies)
    return f'<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>'


def html_of(fragments: list[Fragment]) -> str:
    """The fragments of one entry as HTML."""
    if is_phrase(fragments) and fragments[0].block.kind is not BlockKind.TABLE:
        return "".join(_words(fragment) for fragment in fragments)
    writer = _Writer()
    for fragment in fragments:
        writer.write(fragment)
    return writer.result()


class _Writer:
    """Opens and closes elements around blocks; what is open is kept as a list of tags."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []
        """The open containers: the kind in a block's path, and its closing tags."""
        self._closing = ""
        """Ends the open block, which a further piece of it may still continue."""

    def result(self) -> str:
        self._end_block()
        self._close_to(0)
        return "".join(self._out)

    def write(self, fragment: Fragment) -> None:
        block = fragment.block
        if block.first or not self._closing:
            self._end_block()
            self._enter(fragment)
            self._begin_block(fragment)
        elif block.kind in (BlockKind.CODE, BlockKind.PLAIN):
            self._out.append("\n")
        self._content(fragment)

    # -- containers ---------------------------------------------------------------------------

    def _enter(self, fragment: Fragment) -> None:
        path = fragment.block.path
        marker = fragment.block.marker
        new_item = path.rindex("i") if marker and "i" in path else len(path)
        keep = 0
        while keep < min(len(self._open), len(path)) and self._open[keep][0] == path[keep]:
            keep += 1
        if keep > new_item:
            self._close_to(new_item + 1)
            tag = self._open[new_item][1]
            if tag and _list_tag(marker) in tag:
                self._out.append("</li>\n<li>")
                self._label(marker)
                keep = new_item + 1
            else:
                keep = new_item
        self._close_to(keep)
        for depth in range(keep, len(path)):
            if path[depth] == "q":
                self._push("q", "<blockquote>", "</blockquote>")
            elif depth == new_item:
                tag = _list_tag(marker)
                number = marker[:-1]
                start = f' start="{number}"' if tag == "ol" and number not in ("", "1") else ""
                self._push("i", f"<{tag}{start}><li>", f"</li></{tag}>")
                self._label(marker)
            else:
                self._push("i", "", "")

    def _label(self, marker: str) -> None:
        self._out.append(_BOXES.get(marker, f"[{escape(marker[2:-1])}] " if "^" in marker else ""))

    def _push(self, kind: str, opening: str, closing: str) -> None:
        self._out.append(opening)
        self._open.append((kind, closing))

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._out.append(self._open.pop()[1])

    # -- blocks -------------------------------------------------------------------------------

    def _begin_block(self, fragment: Fragment) -> None:
        block = fragment.block
        opening, self._closing = "<p>", "</p>\n"
        if block.kind is BlockKind.HEADING:
            opening, self._closing = f"<h{block.level}>", f"</h{block.level}>\n"
        elif block.kind is BlockKind.CODE:
            language = escape(block.language.split()[0]) if block.language.split() else ""
            name = f' class="language-{language}"' if language else ""
            opening, self._closing = f"<pre><code{name}>", "</code></pre>\n"
        elif block.kind is BlockKind.PLAIN:
            opening, self._closing = "<pre>", "</pre>\n"
        elif block.kind is BlockKind.TABLE:
            opening, self._closing = "<table>\n", "</table>\n"
        elif block.kind is BlockKind.RULE:
            opening, self._closing = "<hr>", "\n"
        self._out.append(opening)

    def _end_block(self) -> None:
        self._out.append(self._closing)
        self._closing = ""

    def _content(self, fragment: Fragment) -> None:
        kind = fragment.block.kind
        if kind in (BlockKind.CODE, BlockKind.PLAIN):
            self._out.append(escape(fragment.words))
        elif kind is BlockKind.MATHS:
            self._out.append(f"<code>{escape(fragment.words)}</code>")
        elif kind is BlockKind.TABLE:
            self._out.append(_table_rows(fragment))
        elif kind is not BlockKind.RULE:
            self._out.append(_words(fragment))


def _words(fragment: Fragment) -> str:
    """Running text with its looks."""
    if fragment.block.kind is BlockKind.PLAIN:
        return _escaped(fragment.words)
    return inline_html(rich_text(fragment.block.source), fragment.start, fragment.end)


def _list_tag(marker: str) -> str:
    return "ol" if marker[:1].isdigit() else "ul"


def inline_html(rich: RichText, start: int, end: int) -> str:
    """The letters from `start` to `end` (code points) with their looks."""
    out, done = [], start
    for span in rich.spans:
        first, last = max(span.start, start), min(span.end, end)
        if first >= last:
            continue
        out.append(_escaped(rich.text[done:first]))
        words = _escaped(rich.text[first:last])
        for look, tag in _TAGS:
            if span.look & look:
                words = f"<{tag}>{words}</{tag}>"
        if span.look & Look.LINK and is_allowed_link(span.target):
            words = f'<a href="{escape(span.target)}">{words}</a>'
        out.append(words)
        done = last
    out.append(_escaped(rich.text[done:end]))
    return "".join(out)


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _table_rows(fragment: Fragment) -> str:
    """The rows that are touched; what is not selected of them is empty."""
    out, place = [], 0
    for number, sources in enumerate(table_cells(fragment.block)):
        tag = "th" if fragment.block.first and number == 0 else "td"
        cells, begin = [], place
        for source in sources:
            rich = rich_text(source)
            start = max(0, fragment.start - place)
            end = max(start, min(len(rich.text), fragment.end - place))
            cells.append(f"<{tag}>{inline_html(rich, start, end)}</{tag}>")
            place += len(rich.text) + 1
        if begin < fragment.end and fragment.start < place:
            out.append(f"<tr>{''.join(cells)}</tr>\n")
    return "".join(out)
