"""Lines of a text file."""

from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import READ_FILE
from desktop_app.tools._text import decode
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import Stop, in_thread

MOST_BYTES: Final = 16 * 1024 * 1024
_PIECE: Final = 1024 * 1024
_LINES: Final = 2_000
_MOST_LINES: Final = 20_000
_MOST_CHARACTERS: Final = 400_000


async def _run(call: Call) -> ToolOutcome:
    path, encoding = call.text("path"), call.text("encoding")
    first = call.number("first_line", 1, 1, 2**31)
    count = call.number("lines", _LINES, 1, _MOST_LINES)

    def work(stop: Stop) -> str:
        place = call.folders.locate(path)
        with call.folders.open_file(place) as stream:
            content = bytearray()
            while piece := stream.read(_PIECE):
                stop.look()
                content += piece
                if len(content) > MOST_BYTES:
                    raise ToolError(
                        f"“{place.shown}” is larger than {MOST_BYTES // 2**20} MB; search_files "
                        "finds single lines in smaller files."
                    )
        found = decode(bytes(content), encoding)
        return excerpt(place.shown, found.text, found.encoding, first, count)

    return ToolOutcome(await in_thread(work, "read_file"))


def excerpt(name: str, text: str, encoding: str, first: int, count: int) -> str:
    """Return ``count`` lines of ``text`` from line ``first`` on, below a line that says what they are.

    Raises:
        ToolError: When it has fewer lines.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        return f"{name}: empty"
    if first > len(lines):
        raise ToolError(f"“{name}” has only {len(lines)} lines.")
    chosen = lines[first - 1 : first - 1 + count]
    while len(chosen) > 1 and sum(map(len, chosen)) + len(chosen) > _MOST_CHARACTERS:
        chosen = chosen[: len(chosen) // 2]
    last = first - 1 + len(chosen)
    body = "\n".join(chosen)
    cut = ""
    if len(body) > _MOST_CHARACTERS:
        body, cut = body[:_MOST_CHARACTERS], ", of which only the beginning is here"
    more = f"; go on with first_line {last + 1}" if last < len(lines) else ""
    return f"{name}, {encoding}, lines {first} to {last} of {len(lines)}{cut}{more}:\n\n{body}"


TOOL: Final = BuiltinTool(
    name="read_file",
    description=(
        "Reads lines of a text file in a folder that the person granted. The first line of the "
        "answer says which lines they are, and where to go on."
    ),
    schema={
        "type": "object",
        "properties": {
            "path": {
                "type": "string",
                "description": "As list_folder shows it, such as notes/a.txt.",
            },
            "first_line": {"type": "integer", "minimum": 1, "description": "1 is the first."},
            "lines": {
                "type": "integer",
                "minimum": 1,
                "maximum": _MOST_LINES,
                "description": f"How many; {_LINES} unless told.",
            },
            "encoding": {
                "type": "string",
                "description": "Such as gb18030 or shift_jis; found by itself when left out.",
            },
        },
        "required": ["path"],
        "additionalProperties": False,
    },
    risk=Risk.READS,
    setting=READ_FILE,
    run=_run,
    needs_folder=True,
)
