"""Syntax colours by Pygments, computed in small slices between frames, never while painting.

Lexing runs chunk by chunk (a chunk is at most 32 lines or 4,000 characters, as the scanner cuts
them) with a budget per slice. Only lexers from an allow-list are used: measured, several others
take seconds on a few kilobytes of hostile text. Code that is over a budget stays plain.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop_app.ui.transcript import lexers

if TYPE_CHECKING:
    from pygments.token import _TokenType

Colouring = tuple[tuple[int, int, str], ...]
"""Ranges (start, end in code points) with the role of their colour."""

SLICE_SECONDS = 0.004
JOB_SECONDS = 0.3
LOADING_MILLISECONDS = 5
_LONG_BLANKS = re.compile(r"[ \t]{120,}")
_KEPT = 600
_LANGUAGES = {
    "bash": "Bash", "c": "C", "c++": "C++", "cpp": "C++", "c#": "C#", "cs": "C#",
    "csharp": "C#", "css": "CSS", "dart": "Dart", "diff": "Diff", "docker": "Dockerfile",
    "dockerfile": "Dockerfile", "go": "Go", "golang": "Go", "haskell": "Haskell", "html": "HTML",
    "java": "Java", "javascript": "JavaScript", "js": "JavaScript", "json": "JSON", "jsx": "JSX",
    "julia": "Julia", "kotlin": "Kotlin", "kt": "Kotlin", "lua": "Lua", "php": "PHP",
    "powershell": "PowerShell", "py": "Python", "python": "Python", "python3": "Python", "r": "R",
    "rb": "Ruby", "ruby": "Ruby", "rs": "Rust", "rust": "Rust", "scala": "Scala", "sh": "Shell",
    "shell": "Shell", "sql": "SQL", "swift": "Swift", "toml": "TOML", "ts": "TypeScript",
    "tsx": "TSX", "typescript": "TypeScript", "xml": "XML", "yaml": "YAML", "yml": "YAML",
    "zsh": "Zsh",
}  # fmt: skip
_LABELS_ONLY = {
    "text": "Text",
    "txt": "Text",
    "plaintext": "Text",
    "latex": "LaTeX",
    "tex": "LaTeX",
    "mermaid": "Mermaid",
    "markdown": "Markdown",
    "md": "Markdown",
    "makefile": "Makefile",
    "make": "Makefile",
    "ini": "INI",
    "console": "Console",
}


def language_of(info: str) -> str:
    """The language that a fence names, in lower case: the first word of its info string."""
    words = info.replace("{", " ").replace(",", " ").split()
    return words[0].strip(".}").lower() if words else ""


def display_language(info: str) -> str:
    """How the language is written in the header of a block."""
    name = language_of(info)
    return _LANGUAGES.get(name) or _LABELS_ONLY.get(name) or name or "Code"


class Highlighter(QObject):
    """Colours chunks of code between frames and tells when one is ready."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: OrderedDict[tuple[str, str], Colouring] = OrderedDict()
        self._jobs: deque[tuple[tuple[str, str], Callable[[Colouring], None]]] = deque()
        self._running: _Job | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    def request(self, info: str, code: str, ready: Callable[[Colouring], None]) -> Colouring | None:
        """The colouring when it is known; else None, and `ready` is called with it later."""
        language = language_of(info)
        if language not in _LANGUAGES or _LONG_BLANKS.search(code):
            return ()
        key = (language, code)
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
            self._running = _Job(key, ready)
        job = self._running
        is_ready = lexers.is_ready(job.key[0])
        self._timer.setInterval(0 if is_ready else LOADING_MILLISECONDS)
        if is_ready and job.step(SLICE_SECONDS):
            self._running = None
            self._done[job.key] = job.colouring
            if len(self._done) > _KEPT:
                self._done.popitem(last=False)
            job.ready(job.colouring)


class _Job:
    """The lexing of one chunk, a few milliseconds at a time."""

    def __init__(self, key: tuple[str, str], ready: Callable[[Colouring], None]) -> None:
        self.key = key
        self.ready = ready
        self._ranges: list[tuple[int, int, str]] = []
        self._tokens: Iterator[tuple[int, _TokenType, str]] | None = None
        self._spent = 0.0

    @property
    def colouring(self) -> Colouring:
        """What has been coloured."""
        return tuple(self._ranges)

    def step(self, seconds: float) -> bool:
        """Work for about `seconds`; true when the job is over."""
        begun = time.perf_counter()
        if self._tokens is None:
            language, code = self.key
            lexer = lexers.load(language)
            if lexer is None:
                return True
            self._tokens = lexer.get_tokens_unprocessed(code)
            return False
        for start, token, text in self._tokens:
            role = _role_of(token)
            if role:
                self._put(start, start + len(text), role)
            if time.perf_counter() - begun > seconds:
                self._spent += seconds
                return self._spent > JOB_SECONDS
        return True

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
        (Generic.Inserted, "string"), (Generic.Deleted, "keyword"), (Generic.Heading, "function"),
        (Generic.Subheading, "comment"), (Operator, "operator"),
    )  # fmt: skip
    return next((role for family, role in roles if family in token.split()[::-1]), "")
