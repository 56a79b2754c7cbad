"""The shown branch as one HTML page that needs nothing else and loads nothing."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Final

from desktop_app.chat.code_tokens import language_of
from desktop_app.chat.exporting import ExportFormat, ExportOptions, ThinkingForm
from desktop_app.chat.line_breaks import read_line_breaks
from desktop_app.chat.readable import Piece, PieceKind, sections, subtitle_of, tick_boxes, title_of
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.exporters._document import begin_with
from desktop_app.exporters._highlighting import highlighted
from desktop_app.exporters._page import FOOT, head

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_LINK: Final = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+\Z")
_LONGEST_TEXT: Final = 200_000
"""Characters of one text that are parsed; a parser in Python needs seconds for hostile ones."""


def render(tree: ConversationTree, options: ExportOptions) -> Iterator[str]:
    """Yield the page."""
    title = title_of(tree, options)
    yield head(title, options.language)
    yield f'<header>\n<h1 dir="auto">{escape(title)}</h1>\n'
    yield f'<div class="caption">{escape(subtitle_of(tree, options))}</div>\n</header>\n'
    for section in sections(tree, options):
        kind = "person" if section.is_person else "other"
        yield f'<section class="{kind}">\n<div class="speaker"><b>{escape(section.speaker)}</b>'
        yield f'<span class="caption">{escape(section.caption)}</span></div>\n<div class="said">\n'
        for piece in section.pieces:
            # A person who begins a new line means one.
            yield _piece(piece, options, breaks=section.is_person)
        yield "</div>\n</section>\n"
    yield FOOT


def _piece(piece: Piece, options: ExportOptions, *, breaks: bool) -> str:
    match piece.kind:
        case PieceKind.TEXT:
            return markdown_as_html(piece.text, breaks=breaks)
        case PieceKind.NOTE:
            return f'<p class="note">{escape(piece.text)}</p>\n'
        case PieceKind.TOOL:
            inner = f'<pre class="plain"><code>{escape(piece.text, quote=False)}</code></pre>\n'
        case PieceKind.THINKING:
            inner = markdown_as_html(piece.text)
    is_open = piece.kind is PieceKind.THINKING and options.thinking is ThinkingForm.QUOTED
    opened = " open" if is_open else ""
    return f"<details{opened}><summary>{escape(piece.title)}</summary>\n{inner}</details>\n"


def markdown_as_html(text: str, *, breaks: bool = False) -> str:
    """Return Markdown as HTML in which nothing is live but links that a person follows."""
    if len(text) > _LONGEST_TEXT:
        return f'<pre class="plain">{escape(text, quote=False)}</pre>\n'
    parser = _parser(breaks=breaks)
    tokens = parser.parse(text)
    tick_boxes(tokens)
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _parser(*, breaks: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt(
        "commonmark", {"html": False, "xhtmlOut": False, "breaks": breaks, "maxNesting": 20}
    )
    parser.enable(["table", "strikethrough"])
    read_line_breaks(parser)
    # Every address is taken for one, so that the rules below say what becomes of it.
    parser.validateLink = bool  # type: ignore[method-assign, assignment]
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _link_open(
    renderer: "RendererHTML",
    tokens: list["Token"],
    index: int,
    options: "OptionsDict",
    env: "EnvType",
) -> str:
    del renderer, options, env
    url = str(tokens[index].attrGet("href") or "")
    if not _LINK.match(url):
        return f'<a title="{escape(url)}">'
    return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">'


def _image(
    renderer: "RendererHTML",
    tokens: list["Token"],
    index: int,
    options: "OptionsDict",
    env: "EnvType",
) -> str:
    token = tokens[index]
    words = escape(renderer.renderInlineAsText(token.children, options, env))
    url = str(token.attrGet("src") or "")
    if _PICTURE.match(url):
        return f'<img src="{escape(url)}" alt="{words}">'
    return (
        f'<span class="caption" title="{escape(url[:2000])}">[{words or escape(url[:200])}]</span>'
    )


def _fence(
    renderer: "RendererHTML",
    tokens: list["Token"],
    index: int,
    options: "OptionsDict",
    env: "EnvType",
) -> str:
    del renderer, options, env
    token = tokens[index]
    language = language_of(token.info)
    label = f' data-language="{escape(language)}"' if language else ""
    code = highlighted(token.content, token.info)
    return f'<pre class="code" dir="ltr"{label}><code>{code}</code></pre>\n'


def _table_open(*_: object) -> str:
    return '<div class="table"><table>\n'


def _table_close(*_: object) -> str:
    return "</table></div>\n"


FORMAT: Final = ExportFormat(
    id="html",
    label=QT_TRANSLATE_NOOP("Export", "Web page"),
    suffix=".html",
    mime="text/html",
    is_lossless=False,
    holds_many=False,
    begin=begin_with(render),
)
