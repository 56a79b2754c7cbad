"""Inline Markdown to text with spans, by markdown-it-py: the inline half of the renderer.

HTML is off but for line breaks, images become a chip of text, and only http, https and mailto make links: nothing in
a model's text can be fetched, opened or run. Pieces are at most about 1,400 characters long, so
that the parser's worst cases (runs of brackets and stars, quadratic in it) stay at milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop_app.chat.line_breaks import read_line_breaks
from desktop_app.ui.transcript.blocks import Look, RichText, Span
from desktop_app.ui.transcript.line_syntax import NOTE_LABEL

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_SCHEMES = ("http://", "https://", "mailto:")
_URL = re.compile(r"https?://[^\s<>\"`\u3000-\u303f\uff00-\uff0f\uff1a-\uff1f\u201c\u201d]+")
_URL_TAIL = ".,;:!?'*_~"
_CLOSERS = {"\\(": "\\)", "\\[": "\\]"}
_BARE = re.compile(
    rf"(?P<url>{_URL.pattern})"
    rf"|(?<![\w./@-])(?P<www>www\.{_URL.pattern.removeprefix('https?://')})"
    r"|(?<![\w.+@/-])(?P<mail>[a-zA-Z0-9][\w.+-]{0,63}@[a-zA-Z0-9][\w-]{0,62}(?:\.[a-zA-Z0-9][\w-]{0,62}){1,8})(?![\w@-])",
    re.ASCII,
)
"""What GFM takes for an address without being told. All repetitions are bounded."""
_BARE_SIGNS = re.compile(r"://|www\.|@")
_NOTE = re.compile(rf"\[\^({NOTE_LABEL})\](?!\()")
MOST_BRACKETS = 100
"""A piece with more of them is shown as it is: the parser takes 90 ms for a run of 1,400."""
MOST_TAGS = 64
"""Tag characters are invisible and take no room; a flag has six. Hundreds of them hide a text, and
a screen of nothing else takes half a second to lay out: they are shown as what they are, unknown."""
_TAG = re.compile("[\U000e0000-\U000e007f]")
_LOOK_OF = {"strong": Look.BOLD, "em": Look.ITALIC, "s": Look.STRIKE}


def is_allowed_link(target: str) -> bool:
    """Whether a link may be offered to the person at all."""
    return target.lower().startswith(_SCHEMES)


@lru_cache(maxsize=512)
def rich_text(source: str) -> RichText:
    """The text and spans of one piece of inline Markdown."""
    if not source.isascii() and len(_TAG.findall(source)) > MOST_TAGS:
        source = _TAG.sub("\ufffd", source)
    if not _SPECIAL.search(source) or source.count("[") > MOST_BRACKETS:
        return RichText(source)
    writer = _Writer()
    for token in _parser().parseInline(source):
        writer.write(token.children or ())
    return writer.result()


_PRICE = re.compile(r"[A-Z]\$\d")
"""US$5, HK$5: the dollar of a price, even where the next one could close a formula."""
_SPECIAL = re.compile(r"[*_`~\[\]!<&\\$@]|://|www\.|  \n|[ \t]\n")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Not needed for the first paint of the window, which it would hold up by 30 ms.
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.dollarmath.index import math_inline_dollar

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")
    dollarmath_plugin(
        parser, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True
    )
    read_dollars = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)

    def dollar_maths(state: StateInline, silent: bool) -> bool:
        return not _PRICE.match(state.src, max(0, state.pos - 1)) and bool(
            read_dollars(state, silent)
        )

    parser.inline.ruler.at("math_inline", dollar_maths)
    parser.inline.ruler.before("escape", "bracket_maths", _bracket_maths)
    parser.inline.ruler.before("link", "footnote_mark", _footnote_mark)
    read_line_breaks(parser)
    return parser


def _bracket_maths(state: StateInline, silent: bool) -> bool:
    r"""Read \( ... \) and \[ ... \] as formulas, before the backslash is taken as an escape."""
    opener = state.src[state.pos : state.pos + 2]
    if opener not in ("\\(", "\\["):
        return False
    end = state.src.find("\\)" if opener == "\\(" else "\\]", state.pos + 2)
    content = state.src[state.pos + 2 : end]
    if end < 0 or not content.strip():
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = content, opener
    state.pos = end + 2
    return True


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    """Read [^1] as the mark of a footnote.

    GFM wants to have seen the footnote itself; a text that still streams has not, and what is
    shown must not change when it comes.
    """
    found = _NOTE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("footnote_mark", "", 0).content = found.group(1)
    state.pos = found.end()
    return True


class _Writer:
    """Collects text and spans from inline tokens."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._looks: list[Look] = []
        self._target = ""

    def write(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            kind = token.type
            if kind == "text":
                self._text(token.content)
            elif kind in ("softbreak", "hardbreak"):
                self._put("\n")
            elif kind == "code_inline":
                self._put(token.content, Look.CODE)
            elif kind.startswith("math_inline"):
                closer = _CLOSERS.get(token.markup, token.markup)
                self._put(f"{token.markup}{token.content}{closer}", Look.MATHS)
            elif kind == "image":
                self._image(token)
            elif kind == "footnote_mark":
                self._put(f"[{token.content}]", Look.NOTE, token.content)
            elif kind == "link_open":
                target = str(token.attrGet("href") or "")
                self._target = target if is_allowed_link(target) else ""
            elif kind == "link_close":
                self._target = ""
            elif kind.endswith("_open"):
                self._looks.append(_LOOK_OF.get(kind.removesuffix("_open"), Look.NONE))
            elif kind.endswith("_close"):
                self._looks.pop()
            else:
                self._put(token.content)

    def result(self) -> RichText:
        return RichText("".join(self._parts), tuple(self._spans))

    def _text(self, text: str) -> None:
        if self._target or not _BARE_SIGNS.search(text):
            self._put(text)
            return
        done = 0
        for found in _BARE.finditer(text):
            shown = _trimmed_url(found.group())
            prefix = {"www": "http://", "mail": "mailto:"}.get(found.lastgroup or "", "")
            self._put(text[done : found.start()])
            self._put(shown, Look.LINK, prefix + shown)
            done = found.start() + len(shown)
        self._put(text[done:])

    def _image(self, token: Token) -> None:
        target = str(token.attrGet("src") or "")
        label = token.content.strip()
        # The address of one that is still being written is not known.
        place = image_place(target) if target else ""
        words = f"{label} ({place})" if label and place else label or place
        self._put(f"image: {words}".rstrip(": "), Look.CHIP, target)

    def _put(self, text: str, look: Look = Look.NONE, target: str = "") -> None:
        if not text:
            return
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        for outer in self._looks:
            look |= outer
        if self._target:
            look |= Look.LINK
        if look:
            self._spans.append(Span(start, self._length, look, self._target or target))


def _trimmed_url(url: str) -> str:
    url = url.rstrip(_URL_TAIL)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(_URL_TAIL)
    return url


def image_place(target: str) -> str:
    """Host and path of an image's address, for its chip; never more than 80 characters."""
    try:
        parts = urlsplit(target)
        place = f"{parts.hostname or ''}{parts.path}" if parts.scheme != "data" else "embedded data"
    except ValueError:
        place = target
    return place if len(place) <= 80 else f"{place[:79]}…"
