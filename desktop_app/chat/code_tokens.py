"""Code as pieces with the kind of each, by Pygments, within a budget; for files, not for the window.

Only lexers from an allow-list are used, on code of bounded size: measured, several others take
seconds for a few kilobytes of hostile text, and so do some of these for endless blanks.
"""

import re
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pygments.token import _TokenType

_LONGEST: Final = 20_000
_SECONDS: Final = 0.3
_BLANKS: Final = re.compile(r"[ \t]{120,}|(?:[ \t]*\n){40,}")
_LANGUAGES: Final = frozenset(
    {
        "bash", "c", "c++", "cpp", "c#", "cs", "csharp", "css", "dart", "diff", "docker",
        "dockerfile", "go", "golang", "haskell", "html", "java", "javascript", "js", "json", "jsx",
        "julia", "kotlin", "kt", "lua", "php", "powershell", "py", "python", "python3", "r", "rb",
        "ruby", "rs", "rust", "scala", "sh", "shell", "sql", "swift", "toml", "ts", "tsx",
        "typescript", "xml", "yaml", "yml", "zsh",
    }
)  # fmt: skip


def language_of(info: str) -> str:
    """Return the language that a fence names, in lower case."""
    words = info.replace("{", " ").replace(",", " ").split()
    return words[0].strip(".}").lower() if words else ""


def code_tokens(code: str, info: str) -> "list[tuple[_TokenType | None, str]]":
    """Return ``code`` in pieces, each with its kind where the language is known and it is short."""
    language = language_of(info)
    if language not in _LANGUAGES or len(code) > _LONGEST or _BLANKS.search(code):
        return [(None, code)]
    from pygments.lexers import get_lexer_by_name

    begun = time.thread_time()
    found: list[tuple[_TokenType | None, str]] = []
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    for _, token, text in lexer.get_tokens_unprocessed(code):
        found.append((token, text))
        if time.thread_time() - begun > _SECONDS:
            return [(None, code)]
    return found
