"""Python of the model, in a process of its own."""

from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import RUN_PYTHON
from desktop_app.tools import _process
from desktop_app.tools._process import IS_CONFINED, MEMORY_BYTES, Ran
from desktop_app.tools._tool import BuiltinTool, Call
from desktop_app.tools._work import in_thread

_SECONDS: Final = 30
_MOST_SECONDS: Final = 600
_MOST_CHARACTERS: Final = 200_000


async def _run(call: Call) -> ToolOutcome:
    code = call.text("code")
    seconds = call.number("seconds", _SECONDS, 1, _MOST_SECONDS)
    if len(code) > _MOST_CHARACTERS:
        raise ToolError(f"At most {_MOST_CHARACTERS} characters of code can be run.")
    ran = await in_thread(lambda stop: _process.run(code, seconds, stop), "run_python")
    return ToolOutcome(told(ran, seconds), is_error=ran.status != 0 or bool(ran.ended_for))


def told(ran: Ran, seconds: int) -> str:
    """Return what the model and the person are told of it."""
    parts = [ran.output.rstrip("\n")] if ran.output.strip() else []
    if ran.errors.strip():
        parts.append(f"[errors]\n{ran.errors.rstrip()}")
    if not parts:
        parts.append("(It wrote nothing; only what is printed comes back.)")
    parts.append(f"[{_end(ran, seconds)} {_network(ran)}]")
    return "\n".join(parts)


def _end(ran: Ran, seconds: int) -> str:
    if ran.ended_for:
        return f"It was ended: {ran.ended_for}, with a limit of {seconds} seconds."
    took = f"after {ran.seconds:.1f} seconds"
    return f"It ended well {took}." if ran.status == 0 else f"It ended with {ran.status} {took}."


def _network(ran: Ran) -> str:
    if ran.network_cut:
        return "It had no network."
    limits = "" if IS_CONFINED else " Memory was not limited."
    return f"The network could not be cut off on this system, so it may have used it.{limits}"


TOOL: Final = BuiltinTool(
    name="run_python",
    description=(
        "Runs Python 3 in a process of its own and gives back what it prints. It begins anew each "
        "time, in an empty folder that is removed afterwards, without network where the system "
        f"can cut it off, with {MEMORY_BYTES // 2**20} MB of memory at most. Only the standard "
        "library is sure to be there."
    ),
    schema={
        "type": "object",
        "properties": {
            "code": {
                "type": "string",
                "description": "A whole program; print what you want to know.",
            },
            "seconds": {
                "type": "integer",
                "minimum": 1,
                "maximum": _MOST_SECONDS,
                "description": f"Longest time; {_SECONDS} unless told.",
            },
        },
        "required": ["code"],
        "additionalProperties": False,
    },
    risk=Risk.EXECUTES,
    setting=RUN_PYTHON,
    run=_run,
)
