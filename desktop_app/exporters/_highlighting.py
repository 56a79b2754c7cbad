"""Code as HTML with classes for its colours, by Pygments, within a budget.

Only lexers from an allow-list are used, on code of bounded size: measured, several others take
seconds for a few kilobytes of hostile text, and so do some of these for endless blanks.
"""

import re
import time
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pygments.token import _TokenType

_LONGEST: Final = 20_000
_SECONDS: Final = 0.3
_BLANKS: Final = re.compile(r"[ \t]{120,}|(?:[ \t]*\n){40,}")
_LANGUAGES: Final = frozenset(
    [
        "bash",
        "c",
        "c++",
        "cpp",
        "c#",
        "cs",
        "csharp",
        "css",
        "dart",
        "diff",
        "docker",
        "dockerfile",
        "go",
        "golang",
        "haskell",
        "html",
        "java",
        "javascript",
        "js",
        "json",
        "jsx",
        "julia",
        "kotlin",
        "kt",
        "lua",
        "php",
        "powershell",
        "py",
        "python",
        "python3",
        "r",
        "rb",
        "ruby",
        "rs",
        "rust",
        "scala",
        "sh",
        "shell",
        "sql",
        "swift",
        "toml",
        "ts",
        "tsx",
        "typescript",
        "xml",
        "yaml",
        "yml",
        "zsh",
    ]
)


def language_of(info: str) -> str:
    """Return the language that a fence names, in lower case."""
    words = info.replace("{", " ").replace(",", " ").split()
    return words[0].strip(".}").lower() if words else ""


def highlighted(code: str, info: str) -> str:
    """Return ``code`` as HTML, escaped, coloured where its language is known and it is short."""
    language = language_of(info)
    if language not in _LANGUAGES or len(code) > _LONGEST or _BLANKS.search(code):
        return escape(code, quote=False)
    from pygments.lexers import get_lexer_by_name

    begun = time.thread_time()
    out: list[str] = []
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    for _, token, text in lexer.get_tokens_unprocessed(code):
        name = _class_of(token)
        safe = escape(text, quote=False)
        out.append(f'<span class="{name}">{safe}</span>' if name else safe)
        if time.thread_time() - begun > _SECONDS:
            return escape(code, quote=False)
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
