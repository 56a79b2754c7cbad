"""Lexing code piece by piece, so that a piece is coloured as it would be inside the whole.

Pygments lexes a text from its beginning; a piece of at most 4,000 characters is all that may be
handed to it, since its patterns are quadratic or worse on hostile text. So a piece begins with
what the one before it left open: the lexer's stack of states, and the sign that opened a comment or
string which a single pattern matches as a whole (`/* ... */`, `<!-- ... -->`). To find the
latter, every piece is lexed with the closing signs of its language after it. Scripts and styles
inside HTML are lexed by their own lexers, whose states are carried along too.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from desktop_app.ui.transcript import lexers

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

Token = tuple[int, int, "_TokenType"]
"""Start and end in the piece, in code points, and the type."""
Steps = Generator[Token | None, None, "LexState"]
"""Tokens as they are found, None where only time has passed; returns the state at the end."""

_Extra = tuple[tuple[str, Any], ...]


class LexState(NamedTuple):
    """What is open at the end of a piece.

    `stack` is the lexer's, `opening` the sign of an open comment or string, `extra` what a lexer
    keeps beside its stack. `region` is "script" or "style" inside HTML, `inner` the state there.
    """

    stack: tuple[str, ...] = ("root",)
    opening: str = ""
    extra: _Extra = ()
    region: str = ""
    inner: Any = None


START: Final = LexState()

_C_COMMENT: Final = (("/*", "*/"),)
_SPANS: Final = {
    **dict.fromkeys(
        ("c", "cpp", "csharp", "css", "dart", "java", "javascript", "jsx", "kotlin", "swift",
         "tsx", "typescript", "rust"),
        _C_COMMENT,
    ),
    "go": (*_C_COMMENT, ("`", "`")),
    "html": (("<!--", "-->"),),
    "lua": (("--[[", "]]"), ("[[", "]]")),
    "php": (*_C_COMMENT, ("'", "'")),
    "powershell": (("@'", "'@"), ('@"', '"@')),
    "scala": (*_C_COMMENT, ('"""', '"""')),
    "sql": (*_C_COMMENT, ("'", "'")),
    "xml": (("<!--", "-->"), ("<![CDATA[", "]]>")),
}  # fmt: skip
"""Opening and closing signs of what a single pattern matches, by lexer."""
_REGIONS: Final = {"script": "javascript", "style": "css"}
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>", re.DOTALL | re.IGNORECASE)
_REGION_ENDS = {
    name: re.compile(rf"</\s*{name}\s*>", re.IGNORECASE) for name in ("script", "style")
}
_STEP = 64
"""Matches between two looks at the clock while only states are followed."""


_PHP: Final = ("root", "php")
"""The states behind an opening tag of PHP."""


def lexers_of(lexer: str) -> tuple[str, ...]:
    """The names of all lexers that `lex` uses for one."""
    return (lexer, *_REGIONS.values()) if lexer == "html" else (lexer,)


def first_state(lexer: str, code: str) -> LexState:
    """The state in which a block of code begins. PHP may come without its opening tag."""
    if lexer == "php" and "<?" not in code:
        return LexState(_PHP)
    return START


def lex(lexer: str, code: str, state: LexState, *, wants_end: bool) -> Steps:
    """Lex one piece. The state at its end is found only where it is wanted: it costs as much."""
    if lexer == "html":
        return _lex_html(code, state, wants_end=wants_end)
    return _lex_plain(lexer, code, state, wants_end=wants_end)


def _lex_plain(name: str, code: str, state: LexState, *, wants_end: bool, at: int = 0) -> Steps:
    """Lex with one lexer; tokens are moved by `at`."""
    from pygments.lexer import ExtendedRegexLexer, RegexLexer

    lexer = lexers.load(name)
    if lexer is None:
        return START
    spans = _SPANS.get(name, ())
    head = state.opening
    bound = len(head) + len(code)
    text = head + code + "".join(f"\n{closer}" for _, closer in spans)
    if isinstance(lexer, ExtendedRegexLexer):
        return (yield from _lex_extended(lexer, code, state, at))
    for start, kind, value in _tokens(lexer, text, state.stack):
        if start >= bound:
            break
        begin, end = max(start, len(head)), min(start + len(value), bound)
        if begin < end:
            yield begin - len(head) + at, end - len(head) + at, kind
    if not wants_end or not isinstance(lexer, RegexLexer):
        return START
    return (yield from _follow(lexer, text, bound, state.stack, spans))


def _tokens(
    lexer: Lexer, text: str, stack: tuple[str, ...]
) -> Iterator[tuple[int, _TokenType, str]]:
    from pygments.lexer import RegexLexer

    if _takes_stack(type(lexer)):
        return lexer.get_tokens_unprocessed(text, stack)  # type: ignore[call-arg]
    if stack == _PHP:
        return _inline_php().get_tokens_unprocessed(text)
    if stack == START.stack or not isinstance(lexer, RegexLexer):
        return lexer.get_tokens_unprocessed(text)
    # These lexers only tell library names from others on top of it.
    return RegexLexer.get_tokens_unprocessed(lexer, text, stack)


def _follow(
    lexer: Any,  # noqa: ANN401 - the tables of states are not in Pygments' types
    text: str,
    bound: int,
    stack: tuple[str, ...],
    spans: tuple[tuple[str, str], ...],
) -> Steps:
    """The state at `bound`, by the lexer's own tables but without its tokens."""
    tables, states, place, steps = lexer._tokens, list(stack), 0, 0  # noqa: SLF001
    while place < bound:
        steps += 1
        if steps % _STEP == 0:
            yield None
        for matches_at, _, following in tables[states[-1]]:
            found = matches_at(text, place)
            if found is None:
                continue
            if found.end() > bound:
                words = found.group().lstrip()
                opening = next((sign for sign, _ in spans if words.startswith(sign)), "")
                if opening:
                    return LexState(tuple(states), opening)
            place = found.end()
            _change(states, following)
            break
        else:
            if text[place] == "\n":
                states = ["root"]
            place += 1
    return LexState(tuple(states))


def _change(states: list[str], following: Any) -> None:  # noqa: ANN401 - see above
    """Change the stack as a rule of Pygments says."""
    if following is None:
        return
    if isinstance(following, int):
        del states[max(1, len(states) + following) :]
        return
    for name in (following,) if isinstance(following, str) else following:
        if name == "#pop":
            if len(states) > 1:
                states.pop()
        elif name == "#push":
            states.append(states[-1])
        else:
            states.append(name)


def _lex_extended(lexer: Any, code: str, state: LexState, at: int) -> Steps:  # noqa: ANN401
    """Lex with a lexer that keeps its state in an object of its own (YAML, Ruby)."""
    context = _new_context(lexer, code)
    context.stack = list(state.stack)
    for name, value in state.extra:
        setattr(context, name, list(value) if isinstance(value, tuple) else value)
    for start, kind, value in lexer.get_tokens_unprocessed(text=code, context=context):
        if value:
            yield start + at, start + len(value) + at, kind
    extra = tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in sorted(vars(context).items())
        if name not in ("text", "pos", "end", "stack")
    )
    return LexState(tuple(context.stack), extra=extra)


def _new_context(lexer: Any, code: str) -> Any:  # noqa: ANN401
    from pygments.lexer import LexerContext
    from pygments.lexers.data import YamlLexer, YamlLexerContext

    if isinstance(lexer, YamlLexer):
        return YamlLexerContext(code, 0)  # type: ignore[no-untyped-call]
    return LexerContext(code, 0)


def _lex_html(code: str, state: LexState, *, wants_end: bool) -> Steps:
    """Lex HTML, and what stands in its scripts and styles by their own lexers."""
    place, region = 0, state.region
    inner: LexState = state.inner or START
    outer = LexState(state.stack, state.opening)
    while place < len(code):
        if region:
            closer = _REGION_ENDS[region].search(code, place)
            end = closer.start() if closer else len(code)
            part = code[place:end]
            inner = yield from _lex_plain(
                _REGIONS[region], part, inner, wants_end=wants_end and not closer, at=place
            )
            region = "" if closer else region
        else:
            opener = _next_region(code, place, outer.opening)
            end = opener.end() if opener else len(code)
            outer = yield from _lex_plain(
                "html", code[place:end], outer, wants_end=wants_end and not opener, at=place
            )
            if opener:
                region, inner, outer = opener.group(1).lower(), START, START
        place = end
    return LexState(outer.stack, outer.opening, region=region, inner=inner if region else None)


def _next_region(code: str, place: int, opening: str) -> re.Match[str] | None:
    """The next tag that opens a script or a style, not counting those in comments."""
    if opening:
        end = code.find("-->", place)
        if end < 0:
            return None
        place = end + 3
    return next((found for found in _MARKUP.finditer(code, place) if found.group(1)), None)


@lru_cache(maxsize=1)
def _inline_php() -> Lexer:
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name("php", stripnl=False, ensurenl=False, startinline=True)


@lru_cache(maxsize=64)
def _takes_stack(kind: type[Lexer]) -> bool:
    return "stack" in inspect.signature(kind.get_tokens_unprocessed).parameters
