"""Pygments' lexers, each loaded when a language is first seen, in a thread.

Importing a lexer and compiling its patterns takes 5 to 60 ms in one piece: too long for the
window's thread between two frames.
"""

from __future__ import annotations

import importlib
import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_LOG = logging.getLogger(__name__)
_loaded: dict[str, Lexer | None] = {}
_loading: set[str] = set()


def is_ready(language: str) -> bool:
    """Whether the lexer is there, or never will be; begins to load it otherwise."""
    if language in _loaded:
        return True
    if language not in _loading:
        _loading.add(language)
        threading.Thread(target=load, args=(language,), name="lexer", daemon=True).start()
    return False


def load(language: str) -> Lexer | None:
    """The lexer, loaded now if it is not there; None where Pygments fails to."""
    if language not in _loaded:
        try:
            _loaded[language] = _made(language)
        except Exception:  # whatever a lexer does wrong, the code is shown without colours
            _LOG.exception("no lexer for %s", language)
            _loaded[language] = None
    return _loaded[language]


def _made(language: str) -> Lexer:
    if language == "mermaid":
        from desktop_app.ui.transcript.mermaid_lexer import MermaidLexer

        return MermaidLexer(stripnl=False, ensurenl=False)
    from pygments.lexer import ExtendedRegexLexer
    from pygments.lexers import get_lexer_by_name

    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    if isinstance(lexer, ExtendedRegexLexer):
        importlib.import_module("pygments.lexers.data")  # `lexing` asks for its context.
    return lexer
