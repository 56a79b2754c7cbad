"""Creates or replaces a text file; what changes is shown before it does."""

import stat
from dataclasses import dataclass
from os import fstat
from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import WRITE_FILE
from desktop_app.tools._changes import unified_diff
from desktop_app.tools._folders import Place
from desktop_app.tools._handles import Folder
from desktop_app.tools._names import PathRefusedError, check_writable
from desktop_app.tools._previews import state_of
from desktop_app.tools._text import decode
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import Stop, in_thread

_MOST_BYTES: Final = 4 * 1024 * 1024
_NEW_FILE_MODE: Final = 0o644


@dataclass(frozen=True, slots=True)
class _Change:
    """What a call would do to a file.

    Attributes:
        place: Where the file is, or will be.
        before: All of it as it is; ``None`` when there is none.
        after: All of it as it will be.
        mode: Permissions of the file.
        texts: What was and what will be, as they are shown.
    """

    place: Place
    before: bytes | None
    after: bytes
    mode: int
    texts: tuple[str | None, str]


async def _preview(call: Call) -> str:
    def work(_stop: Stop) -> tuple[str, str]:
        change = _planned(call)
        return state_of(change.before), unified_diff(change.place.shown, *change.texts)

    state, diff = await in_thread(work, "write_file")
    call.previews.remember(call.arguments, state)
    return diff


async def _run(call: Call) -> ToolOutcome:
    try:
        return ToolOutcome(await in_thread(lambda stop: _write(call, stop), "write_file"))
    finally:
        call.previews.forget(call.arguments)


def _write(call: Call, stop: Stop) -> str:
    change = _planned(call)
    place = change.place
    state = state_of(change.before)
    call.previews.check(call.arguments, state)
    with call.folders.open_folder(place.folder, make=True) as folder:
        if state_of(_read(folder, place.name)[0]) != state:
            raise ToolError("The file changed this very moment; read it again.")
        stop.look()
        folder.replace(place.name, change.after, change.mode)
    if change.before is None:
        return f"Created {place.shown} with {len(change.after)} bytes."
    if change.before == change.after:
        return f"{place.shown} was like that already."
    return f"Replaced {place.shown}: {len(change.before)} bytes became {len(change.after)}."


def _planned(call: Call) -> _Change:
    content = call.text("content")
    place = call.folders.locate(call.text("path"))
    if not place.parts or call.text("path").endswith("/"):
        raise PathRefusedError("The path has to name a file, such as notes/new.txt.")
    check_writable(place.parts)
    before, mode = _current(call, place)
    after, shown_before, shown_after = _encoded(content, before)
    if len(after) > _MOST_BYTES:
        raise ToolError(f"At most {_MOST_BYTES // 2**20} MB can be written at once.")
    return _Change(place, before, after, mode, (shown_before, shown_after))


def _current(call: Call, place: Place) -> tuple[bytes | None, int]:
    try:
        folder = call.folders.open_folder(place.folder)
    except PathRefusedError:
        if call.folders.is_missing(place.folder):
            return None, _NEW_FILE_MODE
        raise
    with folder:
        return _read(folder, place.name)


def _read(folder: Folder, name: str) -> tuple[bytes | None, int]:
    """Return what stands in the file ``name`` and its permissions; ``None`` when there is none."""
    try:
        with folder.open(name) as stream:
            content = stream.read(_MOST_BYTES + 1)
            mode = stat.S_IMODE(fstat(stream.fileno()).st_mode)
    except FileNotFoundError:
        return None, _NEW_FILE_MODE
    if len(content) > _MOST_BYTES:
        raise ToolError(f"“{name}” is larger than {_MOST_BYTES // 2**20} MB, too large to replace.")
    # No file of a model's gets to run as another user.
    return content, mode & 0o777


def _encoded(content: str, before: bytes | None) -> tuple[bytes, str | None, str]:
    """Return the bytes to write, and the texts before and after.

    Line ends and encoding of the file that is replaced are kept, so that only what was meant
    changes.

    Raises:
        ToolError: When it is no text, or its encoding cannot hold the new one.
    """
    if before is None:
        return _bytes(content, "utf-8"), None, content
    found = decode(before)
    only_windows = "\r\n" in found.text and "\n" not in found.text.replace("\r\n", "")
    if only_windows and "\r" not in content:
        # What a line ends with stays, so it is no part of what is shown.
        after = _bytes(content.replace("\n", "\r\n"), found.encoding)
        return after, found.text.replace("\r\n", "\n"), content
    return _bytes(content, found.encoding), found.text, content


def _bytes(content: str, encoding: str) -> bytes:
    try:
        return content.encode(encoding)
    except UnicodeEncodeError as error:
        letter = ascii(content[error.start])
        raise ToolError(
            f"The file is in {encoding}, which has no {letter}. Use other characters, or write a "
            "new file, which will be in UTF-8."
        ) from None


TOOL: Final = BuiltinTool(
    name="write_file",
    description=(
        "Creates a text file, or replaces one whole, in a folder that the person granted. The "
        "person is shown what changes and may refuse. Read a file before you replace it, and write "
        "all of it. Missing folders are made. Hidden files cannot be written."
    ),
    schema={
        "type": "object",
        "properties": {
            "path": {
                "type": "string",
                "description": "As list_folder shows it, such as notes/a.txt.",
            },
            "content": {"type": "string", "description": "All of the file."},
        },
        "required": ["path", "content"],
        "additionalProperties": False,
    },
    risk=Risk.WRITES,
    setting=WRITE_FILE,
    run=_run,
    preview=_preview,
    needs_folder=True,
)
