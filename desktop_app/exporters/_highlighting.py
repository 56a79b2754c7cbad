"""Code as HTML with classes for its colours, and the rules for them."""

from html import escape
from typing import TYPE_CHECKING

from desktop_app.chat.code_tokens import code_tokens

if TYPE_CHECKING:
    from pygments.token import _TokenType


def highlighted(code: str, info: str) -> str:
    """Return ``code`` as HTML, escaped, coloured where its language is known and it is short."""
    out: list[str] = []
    for token, text in code_tokens(code, info):
        name = "" if token is None else _class_of(token)
        safe = escape(text, quote=False)
        out.append(f'<span class="{name}">{safe}</span>' if name else safe)
    return "".join(out)


def style(selector: str, name: str) -> str:
    """Return the rules for the colours of Pygments' style ``name`` below ``selector``."""
    from pygments.formatters import HtmlFormatter

    rules = HtmlFormatter(style=name).get_token_style_defs(selector)  # type: ignore[no-untyped-call]
    return "\n".join(rule.partition(" /*")[0] for rule in rules)


def _class_of(token: "_TokenType") -> str:
    from pygments.token import STANDARD_TYPES

    while token not in STANDARD_TYPES and token.parent is not None:
        token = token.parent
    return STANDARD_TYPES.get(token, "")
