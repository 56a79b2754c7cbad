"""The scene that shows the tools of the program: how many minutes are left of the year.

The clock and a sum at the same time, a thought about what they said, a second sum with it, and the
answer. Its numbers are those that the tools found; what the person did not allow is said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from desktop_app.demo import tool_texts
from desktop_app.demo.events import Call, Event, Say, Think
from desktop_app.demo.tool_use import CALCULATOR, CLOCK, name_of

PATTERN: Final = re.compile(
    r"\bminutes (are |remain |)?left\b|\buse (the |your |)tools\b|用工具|还剩多少分钟",
    re.IGNORECASE,
)

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_NUMBER: Final = re.compile(r"(?m)^-?\d[\d,]*$")
_FRAME: Final = re.compile(r"\A\[[^\n]*\]\n(?P<text>.*)\n\[\w+\]\Z", re.DOTALL)
_PER_DAY: Final = "24 * 60"


@dataclass(frozen=True)
class _Found:
    """What the tools have said so far."""

    moment: datetime | None
    sums: tuple[str, ...]
    refused: str


def next_events(
    tools: Sequence[Any], results: Sequence[tuple[str, str]], *, in_chinese: bool
) -> list[Event]:
    """Return what the demo says and calls next.

    Args:
        tools: the request's ``tools``.
        results: name and text of what was answered since the question, in order.
        in_chinese: whether to say it in Chinese.
    """
    texts = tool_texts.CHINESE if in_chinese else tool_texts.ENGLISH
    offered = {name_of(tool) for tool in tools}
    if not {CLOCK, CALCULATOR} <= offered:
        return [Think(texts.no_tools_thought), Say(texts.no_tools)]
    found = _found(results)
    if not results:
        return [
            Think(texts.first_thought),
            Call(CLOCK, {}),
            Call(CALCULATOR, {"formula": _PER_DAY}),
        ]
    if found.refused or found.moment is None or not found.sums:
        return [Think(texts.refused_thought), Say(texts.refused.format(said=_quoted(results)))]
    days, minutes = _left(found.moment)
    formula = f"{days} * {found.sums[0]} + {minutes}"
    values = {
        "time": f"{found.moment:%Y-%m-%d %H:%M}",
        "days": days,
        "minutes": minutes,
        "formula": formula,
        "per_day": found.sums[0],
    }
    if len(found.sums) == 1:
        return [
            Think(texts.second_thought.format(**values)),
            Call(CALCULATOR, {"formula": formula}),
        ]
    total = f"{int(found.sums[-1]):,}"
    return [Think(texts.last_thought), Say(texts.answer.format(total=total, **values))]


def unframed(text: str) -> str:
    """Return a result without the marks that say it is data: they are for the model alone."""
    found = _FRAME.match(text)
    return found["text"] if found else text


def _found(results: Sequence[tuple[str, str]]) -> _Found:
    moment: datetime | None = None
    sums: list[str] = []
    refused = ""
    for name, text in results:
        if name == CLOCK and (told := _MOMENT.search(text)):
            moment = datetime.fromisoformat(told[0])
        elif name == CALCULATOR and (number := _NUMBER.search(text)):
            sums.append(number[0].replace(",", ""))
        else:
            refused = refused or text
    return _Found(moment, tuple(sums), refused)


def _left(moment: datetime) -> tuple[int, int]:
    """Return the whole days that are left of the year after today, and the minutes of today."""
    last = moment.replace(month=12, day=31)
    return (last.date() - moment.date()).days, 24 * 60 - moment.hour * 60 - moment.minute


def _quoted(results: Sequence[tuple[str, str]]) -> str:
    lines = [f"`{name}`: {text.strip()[:300]}" for name, text in results]
    return "\n".join(f"> {line}" for text in lines for line in (*text.splitlines(), ""))
