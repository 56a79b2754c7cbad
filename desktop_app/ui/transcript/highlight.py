"""Syntax colours by Pygments, computed in small slices between frames, never while painting.

Lexing runs piece by piece (a piece is at most 32 lines or 4,000 characters, as the scanner cuts
them) with a budget per slice; `lexing` says how a piece begins where the one before it ended. Only
lexers from an allow-list are used: measured, several others take seconds on a few kilobytes of
hostile text. Code that is over a budget stays plain.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

from desktop_app.ui.transcript import lexers
from desktop_app.ui.transcript.code_language import LANGUAGES, language_of
from desktop_app.ui.transcript.lexing import START, LexState, Steps, first_state, lex, lexers_of

if TYPE_CHECKING:
    from pygments.token import _TokenType

Colouring = tuple[tuple[int, int, str], ...]
"""Ranges (start, end in code points) with the role of their colour."""


class Coloured(NamedTuple):
    """The colours of a piece, and the state at its end where that was asked for."""

    ranges: Colouring = ()
    end: LexState = START


Ready = Callable[[Coloured], None]
SLICE_SECONDS = 0.004
JOB_SECONDS = 0.3
LOADING_MILLISECONDS = 5
_LONG_BLANKS = re.compile(r"[ \t]{120,}")
_KEPT = 600


class _Key(NamedTuple):
    lexer: str
    code: str
    state: LexState
    wants_end: bool


class Highlighter(QObject):
    """Colours pieces of code between frames and tells when one is ready."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: OrderedDict[_Key, Coloured] = OrderedDict()
        self._jobs: deque[tuple[_Key, Ready]] = deque()
        self._running: _Job | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    def request(
        self,
        info: str,
        code: str,
        ready: Ready,
        *,
        state: LexState | None = None,
        wants_end: bool = False,
    ) -> Coloured | None:
        """The colours when they are known; else None, and `ready` is called with them later.

        `state` is where the piece before this one ended; None for the first piece of a block.
        """
        language = LANGUAGES.get(language_of(info))
        if language is None or not language.lexer or _LONG_BLANKS.search(code):
            return Coloured()
        begin = first_state(language.lexer, code) if state is None else state
        key = _Key(language.lexer, code, begin, wants_end)
        known = self._done.get(key)
        if known is not None:
            self._done.move_to_end(key)
            return known
        self._jobs.append((key, ready))
        if not self._timer.isActive():
            self._timer.start()
        return None

    def is_busy(self) -> bool:
        """Whether code still waits for its colours."""
        return self._running is not None or bool(self._jobs)

    def clear(self) -> None:
        """Forget all that waits."""
        self._jobs.clear()
        self._running = None
        self._timer.stop()

    def _slice(self) -> None:
        if self._running is None:
            if not self._jobs:
                self._timer.stop()
                return
            key, ready = self._jobs.popleft()
            known = self._done.get(key)
            if known is not None:
                ready(known)
                return
            self._running = _Job(key, ready)
        job = self._running
        is_ready = not [name for name in lexers_of(job.key.lexer) if not lexers.is_ready(name)]
        self._timer.setInterval(0 if is_ready else LOADING_MILLISECONDS)
        if is_ready and job.step(SLICE_SECONDS):
            self._running = None
            self._done[job.key] = job.coloured
            if len(self._done) > _KEPT:
                self._done.popitem(last=False)
            job.ready(job.coloured)


class _Job:
    """The lexing of one piece, a few milliseconds at a time."""

    def __init__(self, key: _Key, ready: Ready) -> None:
        self.key = key
        self.ready = ready
        self._ranges: list[tuple[int, int, str]] = []
        self._end = START
        self._steps: Steps | None = None
        self._spent = 0.0

    @property
    def coloured(self) -> Coloured:
        """What has been coloured."""
        return Coloured(tuple(self._ranges), self._end)

    def step(self, seconds: float) -> bool:
        """Work for about `seconds`; true when the job is over."""
        begun = time.perf_counter()
        if self._steps is None:
            lexer, code, state, wants_end = self.key
            self._steps = lex(lexer, code, state, wants_end=wants_end)
        while True:
            try:
                token = next(self._steps)
            except StopIteration as over:
                self._end = over.value
                return True
            role = _role_of(token[2]) if token is not None else ""
            if token is not None and role:
                self._put(token[0], token[1], role)
            if time.perf_counter() - begun > seconds:
                self._spent += seconds
                return self._spent > JOB_SECONDS

    def _put(self, start: int, end: int, role: str) -> None:
        if self._ranges and self._ranges[-1][1] == start and self._ranges[-1][2] == role:
            start = self._ranges.pop()[0]
        self._ranges.append((start, end, role))


@lru_cache(maxsize=512)
def _role_of(token: _TokenType) -> str:
    """The colour role of a Pygments token type; empty for plain text."""
    from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String

    roles = (
        (Comment, "comment"), (Keyword.Type, "type"), (Keyword.Constant, "number"),
        (Keyword, "keyword"), (Operator.Word, "keyword"), (String, "string"), (Number, "number"),
        (Literal, "number"), (Name.Function, "function"), (Name.Class, "type"),
        (Name.Builtin, "type"), (Name.Decorator, "function"), (Name.Tag, "keyword"),
        (Name.Attribute, "function"), (Name.Exception, "type"), (Name.Namespace, "type"),
        (Generic.Inserted, "inserted"), (Generic.Deleted, "deleted"), (Generic.Heading, "function"),
        (Generic.Subheading, "comment"), (Operator, "operator"),
    )  # fmt: skip
    return next((role for family, role in roles if family in token.split()[::-1]), "")
