"""What is in a folder."""

from datetime import datetime
from itertools import islice
from typing import Final

from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import LIST_FOLDER
from desktop_app.tools._folders import GrantedFolders
from desktop_app.tools._handles import Entry
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import Stop, in_thread

EVERYWHERE: Final = frozenset({"", ".", "/"})
"""Paths that mean all granted folders."""

_MOST_ENTRIES: Final = 1_000
_MOST_LOOKED_AT: Final = 100_000


async def _run(call: Call) -> ToolOutcome:
    path = call.text("path").strip()
    folders = call.folders
    if path in EVERYWHERE and len(folders.roots) > 1:
        names = (f"{root.name}/" for root in folders.roots)
        return ToolOutcome("\n".join(("Granted folders:", *names)))
    return ToolOutcome(await in_thread(lambda stop: _list(folders, path, stop), "list_folder"))


def _list(folders: GrantedFolders, path: str, stop: Stop) -> str:
    place = folders.locate("" if path == "/" else path)
    with folders.open_folder(place) as folder:
        found = []
        for entry in islice(folder.entries(), _MOST_LOOKED_AT):
            stop.look()
            found.append(entry)
    shown = [entry for entry in found if not folders.is_hidden(place, entry.name)]
    shown.sort(key=lambda entry: (entry.kind != "folder", entry.name.casefold(), entry.name))
    lines = [f"{place.shown}/"]
    lines += [_told(entry) for entry in shown[:_MOST_ENTRIES]]
    if not shown:
        lines.append("(nothing that may be seen)" if found else "(empty)")
    if (left := len(shown) - _MOST_ENTRIES) > 0:
        lines.append(f"({left} more; search_files finds them by name)")
    if len(found) == _MOST_LOOKED_AT:
        lines.append("(there is more, which was not looked at)")
    if hidden := len(found) - len(shown):
        lines.append(f"({hidden} left out: for keys, passwords or programs)")
    return "\n".join(lines)


def _told(entry: Entry) -> str:
    name = printable(entry.name)
    if entry.kind == "folder":
        return f"  {name}/"
    moment = datetime.fromtimestamp(entry.modified).astimezone()
    if entry.kind == "file":
        return f"  {name}  {entry.size} bytes, {moment:%Y-%m-%d %H:%M}"
    return f"  {name}  ({'a link' if entry.kind == 'link' else 'no file'})"


def printable(name: str) -> str:
    """Return a name so that it stays on one line, whatever is in it."""
    return name if name.isprintable() else name.encode("unicode_escape").decode("ascii")


TOOL: Final = BuiltinTool(
    name="list_folder",
    description=(
        "Lists what is in a folder that the person granted: names, sizes, dates of change. Without "
        "a path it names the granted folders; every other path begins with one of these names."
    ),
    schema={
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "Such as notes/2026. Leave it out at first."}
        },
        "additionalProperties": False,
    },
    risk=Risk.READS,
    setting=LIST_FOLDER,
    run=_run,
    needs_folder=True,
)
