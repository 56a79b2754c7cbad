"""The clock."""

import zoneinfo
from datetime import UTC, datetime
from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.settings.builtin_settings import CURRENT_TIME
from desktop_app.tools._tool import BuiltinTool, Call

_MOST_ZONES: Final = 20


async def _run(call: Call) -> ToolOutcome:
    wanted = call.arguments.get("time_zones", [])
    if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
        raise ToolError("“time_zones” has to be a list of names.")
    if len(wanted) > _MOST_ZONES:
        raise ToolError(f"At most {_MOST_ZONES} time zones can be asked for at once.")
    now = datetime.now(UTC)
    zones = [(name, _zone(name)) for name in wanted]
    lines = [told(now.astimezone(zone), name) for name, zone in zones]
    return ToolOutcome("\n".join(lines or [told(now.astimezone(), "this computer")]))


def told(moment: datetime, place: str) -> str:
    """Return ``moment`` in ISO 8601 with its day of the week, zone and week of the year."""
    week = moment.isocalendar().week
    zone = f"{moment:%Z}, UTC{moment:%z}"
    return f"{place}: {moment.isoformat(timespec='seconds')} ({_DAYS[moment.weekday()]}, {zone}, week {week})"


_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""English whatever the system's language: it is the model that reads it."""


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        known = zoneinfo.available_timezones()
        last = name.rpartition("/")[2].replace(" ", "_").casefold()
        like = sorted(one for one in known if last and one.rpartition("/")[2].casefold() == last)
        hint = (
            f"Did you mean {' or '.join(like[:3])}?" if like else "Use names such as Asia/Shanghai."
        )
        if not known:
            hint = "This computer has no list of time zones; ask for none to get its own time."
        raise ToolError(f"There is no time zone “{name[:60]}”. {hint}") from None


TOOL: Final = BuiltinTool(
    name="current_time",
    description=(
        "Tells the present date and time: of the person's computer, or in the given time zones."
    ),
    schema={
        "type": "object",
        "properties": {
            "time_zones": {
                "type": "array",
                "items": {"type": "string"},
                "maxItems": _MOST_ZONES,
                "description": "IANA names, such as Asia/Shanghai. Leave it out for local time.",
            }
        },
        "additionalProperties": False,
    },
    risk=Risk.READS,
    setting=CURRENT_TIME,
    run=_run,
)
