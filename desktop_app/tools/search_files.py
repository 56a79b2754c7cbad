"""Files by name, and lines by what stands in them. No regular expressions: those can take for ever."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import Risk, ToolOutcome, ToolProgress
from desktop_app.settings.builtin_settings import SEARCH_FILES
from desktop_app.tools._folders import GrantedFolders, Place
from desktop_app.tools._handles import Folder
from desktop_app.tools._names import PathRefusedError
from desktop_app.tools._text import decode
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import Stop, in_thread
from desktop_app.tools.list_folder import EVERYWHERE, printable

_MOST_HITS: Final = 200
_MOST_HITS_IN_A_FILE: Final = 20
_MOST_ENTRIES: Final = 50_000
_MOST_SECONDS: Final = 20.0
_MOST_DEPTH: Final = 40
_MOST_BYTES: Final = 4 * 1024 * 1024
_LOOKED_AT_FIRST: Final = 8 * 1024
_LINE_SHOWN: Final = 300
_TELLS_EVERY: Final = 500
_PASSED_OVER: Final = frozenset({"node_modules", "__pycache__"})


@dataclass(slots=True)
class _Search:
    """A search and what it has found."""

    folders: GrantedFolders
    name: str
    text: str
    stop: Stop
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    hits: list[str] = field(default_factory=list)
    looked_at: int = 0
    ended: str = ""
    skipped: int = 0
    _deadline: float = 0.0

    def run(self, place: Place) -> str:
        self._deadline = self.clock() + _MOST_SECONDS
        with self.folders.open_folder(place) as folder:
            self._walk(folder, place, 0)
        return self._answer(place)

    def _walk(self, folder: Folder, place: Place, depth: int) -> None:
        some = islice(folder.entries(), _MOST_ENTRIES)
        entries = sorted(some, key=lambda entry: (entry.kind == "folder", entry.name))
        for entry in entries:
            self.stop.look()
            self._count()
            if self.ended:
                return
            if entry.name.startswith(".") or self.folders.is_hidden(place, entry.name):
                continue
            inner = Place(place.root, (*place.parts, entry.name))
            if entry.kind == "file" and matches(entry.name, self.name):
                self._take(folder, inner)
            elif entry.kind == "folder":
                if not self.text and self.name and matches(entry.name, self.name):
                    self._hit(f"{printable(inner.shown)}/")
                if depth < _MOST_DEPTH and entry.name not in _PASSED_OVER:
                    self._enter(folder, inner, depth)

    def _enter(self, folder: Folder, place: Place, depth: int) -> None:
        try:
            inner = folder.enter(place.name)
        except (OSError, PathRefusedError):
            self.skipped += 1
            return
        with inner:
            self._walk(inner, place, depth + 1)

    def _take(self, folder: Folder, place: Place) -> None:
        if not self.text:
            self._hit(printable(place.shown))
            return
        try:
            with folder.open(place.name) as stream:
                content = stream.read(_LOOKED_AT_FIRST)
                if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
                    return
                content += stream.read(_MOST_BYTES)
            text = decode(content[:_MOST_BYTES], is_cut=len(content) > _MOST_BYTES).text
        except (OSError, ToolError):
            self.skipped += 1
            return
        for in_file, (number, line) in enumerate(matching_lines(text, self.text)):
            if in_file == _MOST_HITS_IN_A_FILE:
                self._hit(f"{printable(place.shown)}: (more in this file)")
                return
            self._hit(f"{printable(place.shown)}:{number}: {printable(line)}")
            if self.ended:
                return

    def _hit(self, line: str) -> None:
        self.hits.append(line)
        if len(self.hits) >= _MOST_HITS:
            self.ended = f"There may be more: only the first {_MOST_HITS} are shown."

    def _count(self) -> None:
        self.looked_at += 1
        if self.looked_at % _TELLS_EVERY == 0:
            self.tell(f"{self.looked_at} looked at, {len(self.hits)} found")
        if self.looked_at >= _MOST_ENTRIES:
            self.ended = (
                f"It stopped after {_MOST_ENTRIES} files and folders; search a smaller folder."
            )
        elif self.clock() > self._deadline:
            self.ended = f"It stopped after {_MOST_SECONDS:g} seconds; search a smaller folder."

    def _answer(self, place: Place) -> str:
        lines = list(self.hits) or [f"Nothing was found in {place.shown}/."]
        if self.ended:
            lines.append(f"({self.ended})")
        if self.skipped:
            lines.append(f"({self.skipped} could not be read or are no text.)")
        return "\n".join(lines)


async def _run(call: Call) -> ToolOutcome:
    name, text = call.text("name").strip(), call.text("text")
    if not name and not text.strip():
        raise ToolError("Say what to look for: “name” for file names, “text” for words in files.")
    if "\n" in text or len(text) > 200 or len(name) > 200:
        raise ToolError("“name” and “text” are at most 200 characters on one line.")
    loop = asyncio.get_running_loop()

    def tell(note: str) -> None:
        loop.call_soon_threadsafe(call.on_progress, ToolProgress(note))

    def work(stop: Stop) -> str:
        path = call.text("path").strip()
        paths = [root.name for root in call.folders.roots if path in EVERYWHERE]
        answers = [
            _Search(call.folders, name, text, stop, tell).run(call.folders.locate(one))
            for one in paths or [path]
        ]
        return "\n".join(answers)

    return ToolOutcome(await in_thread(work, "search_files"))


def matches(name: str, wanted: str) -> bool:
    """Whether ``wanted`` is in ``name``, or is all of it where it has ``*`` and ``?`` in it.

    Linear in the two lengths' product, whatever the pattern.
    """
    name, wanted = name.casefold(), wanted.casefold()
    if "*" not in wanted and "?" not in wanted:
        return wanted in name
    star, after_star = -1, 0
    at, of = 0, 0
    while at < len(name):
        if of < len(wanted) and wanted[of] == "*":
            star, after_star = of, at
            of += 1
        elif of < len(wanted) and wanted[of] in {"?", name[at]}:
            at, of = at + 1, of + 1
        elif star >= 0:
            after_star += 1
            at, of = after_star, star + 1
        else:
            return False
    return not wanted[of:].strip("*")


def matching_lines(text: str, wanted: str) -> list[tuple[int, str]]:
    """Return the numbers, from 1, and the lines that hold ``wanted`` in whatever case."""
    folded = wanted.casefold()
    if folded not in text.casefold():
        return []
    return [
        (number, _around(line, folded))
        for number, line in enumerate(text.splitlines(), 1)
        if folded in line.casefold()
    ]


def _around(line: str, folded: str) -> str:
    line = line.strip()
    if len(line) <= _LINE_SHOWN:
        return line
    # Folding can change lengths a little, which does not matter for what stands around.
    start = max(0, line.casefold().find(folded) - _LINE_SHOWN // 3)
    piece = line[start : start + _LINE_SHOWN]
    return f"{'…' if start else ''}{piece}{'…' if start + _LINE_SHOWN < len(line) else ''}"


TOOL: Final = BuiltinTool(
    name="search_files",
    description=(
        "Looks through folders that the person granted: for files by name, for lines of text files "
        "by words in them, or for both. Upper and lower case are the same; nothing is a regular "
        "expression. Hidden files are left out."
    ),
    schema={
        "type": "object",
        "properties": {
            "name": {
                "type": "string",
                "description": "Part of the name, or a pattern with * and ? such as *.md.",
            },
            "text": {"type": "string", "description": "Words as they stand in a line."},
            "path": {"type": "string", "description": "Folder to look in; all when left out."},
        },
        "additionalProperties": False,
    },
    risk=Risk.READS,
    setting=SEARCH_FILES,
    run=_run,
    needs_folder=True,
)
