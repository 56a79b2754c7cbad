"""A name for a file that takes a block of code: from its fence, its first lines, its language.

The name comes from a model's text, so only its last part is taken, without anything that a file
system or a reader could take for something else.
"""

from __future__ import annotations

import re
from typing import Final

from desktop_app.ui.transcript.code_language import LANGUAGES, language_of, title_of
from desktop_app.ui.transcript.invisible import hidden_in

LONGEST_NAME: Final = 80
_LINES_READ: Final = 3
_COMMENT = re.compile(
    r"""\s*(?:\#+|//+|--+|;+|/\*+|<!--|%+|'+|"+)\s*
        (?:(?:file|filename|path)\s*[:=]\s*)?
        ([\w.\-/\\ @+]{1,200}\.\w{1,12}|(?:[\w./\\-]*[/\\])?(?:Dockerfile|Makefile))
        \s*(?:\*/|-->|"+)?\s*$""",
    re.VERBOSE,
)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_WHOLE_NAMES: Final = {"dockerfile": "Dockerfile", "docker": "Dockerfile", "makefile": "Makefile",
                       "make": "Makefile"}  # fmt: skip


def file_name(info: str, code: str) -> str:
    """A name for the file that takes `code`, given its fence's info string."""
    language = language_of(info)
    known = LANGUAGES.get(language)
    suffix = known.suffix if known is not None else ".txt"
    for wanted in (title_of(info), *_named_in(code)):
        name = sanitised(wanted)
        if name:
            return name if "." in name or name in _WHOLE_NAMES.values() else f"{name}{suffix}"
    return _WHOLE_NAMES.get(language) or f"code{suffix}"


def sanitised(wanted: str) -> str:
    """The last part of a path, fit to be a file's name on any system; empty where nothing is left."""
    hidden = set(hidden_in(wanted))
    seen = "".join(letter for place, letter in enumerate(wanted) if place not in hidden)
    name = _FORBIDDEN.sub("", re.split(r"[/\\]", seen)[-1])
    name = name.lstrip(".- ").rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        ending = ending[:12] if dot else ""
        name = f"{(stem or name)[: LONGEST_NAME - 13]}{dot}{ending}"
    return f"_{name}" if _RESERVED.match(name) else name


def _named_in(code: str) -> list[str]:
    """File names that the first lines of the code give in a comment of their own."""
    lines = [line for line in code[:2_000].split("\n") if line.strip()]
    found = (_COMMENT.match(line) for line in lines[:_LINES_READ] if not line.startswith("#!"))
    return [match.group(1) for match in found if match]
