"""How the demo answers one request: think, perhaps call a tool, think again, answer.

It reads the request, lets :mod:`desktop_app.demo.scenes` choose the words, and puts them into a
:class:`~desktop_app.demo.script.Reply`. A few commands (``demo error 429``) show how faults look.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from desktop_app.demo import faults, tool_tour
from desktop_app.demo.chunks import estimate_tokens
from desktop_app.demo.pacing import AT_ONCE, Pacing, coarse
from desktop_app.demo.scenes import Question, Scene, Told, choose, fill
from desktop_app.demo.script import Call, End, Event, Reply, Say, Think
from desktop_app.demo.steps import Answer, SeenRequest
from desktop_app.demo.tool_use import plan

MAX_TOOL_ROUNDS: Final = 2

_COMMAND: Final = re.compile(r"^\s*demo\s+(?:error\s+)?(\w+)\s*$", re.IGNORECASE)

_SHOWN_FAULTS: Final[Mapping[str, Callable[[], Answer]]] = {
    "401": faults.no_key,
    "2049": faults.wrong_key,
    "402": faults.no_balance,
    "429": faults.rate_limited,
    "2056": faults.plan_used_up,
    "500": faults.server_error,
    "529": faults.overloaded,
    "1026": faults.input_sensitive,
}

STARTERS: Final = (
    "Plan a weekend in Hangzhou, with a table",
    "Explain why quicksort is fast, with code and the maths",
    "用中文介绍一下交错思维（interleaved thinking）",
)
"""Prompts worth offering: each has an answer written for it."""

STARTERS_IN_CHINESE: Final = (
    "规划一次杭州周末之旅，用表格列出",
    "解释快速排序为什么快，附上代码和数学推导",
    "用中文介绍一下交错思维（interleaved thinking）",
)
"""The same prompts as a window in Simplified Chinese offers them, answered in Chinese."""


TOOL_STARTER: Final = "How many minutes are left of this year? Use tools"
TOOL_STARTER_IN_CHINESE: Final = "用工具算一算，今年还剩多少分钟"
"""The prompt that shows the program's own tools."""


def answer(request: SeenRequest, *, pacing: Pacing = AT_ONCE) -> Answer:
    """The demo's answer to a chat request."""
    question = Question.of(request)
    command = _COMMAND.match(question.said)
    fault = _SHOWN_FAULTS.get(command[1]) if command else None
    if fault is not None:
        return fault()
    if tool_tour.PATTERN.search(question.said):
        events = tool_tour.next_events(
            question.tools if question.may_call else (),
            question.results,
            in_chinese=question.in_chinese,
        )
        kept, finish_reason = _within_limit(events, _limit(request))
        return Reply(kept, finish_reason=finish_reason, pieces=coarse, pacing=pacing)
    scene = choose(question)
    told = scene.tell(question)
    ending = {"cut": End.FIN, "stall": End.STALL}.get(command[1].lower()) if command else None
    if ending is not None:
        half = told.answer[: len(told.answer) // 2]
        events = [*_thinking(told.thoughts), Say(half)]
        return Reply(events, end=ending, pieces=coarse, pacing=pacing)
    events = _round(question, scene, told)
    kept, finish_reason = _within_limit(events, _limit(request))
    return Reply(kept, finish_reason=finish_reason, pieces=coarse, pacing=pacing)


def _round(question: Question, scene: Scene, told: Told) -> list[Event]:
    """What this request gets: a tool call while one is due, and the answer after it."""
    texts = question.texts
    done = len(question.results)
    call = None
    if scene.tools and question.may_call and done < MAX_TOOL_ROUNDS:
        used = [name for name, _ in question.results]
        call = plan(question.tools, question.said, used=used)
    thoughts: list[str] = []
    if question.results:
        name, result = question.results[-1]
        thoughts.append(fill(texts.TOOL_RESULT_THOUGHT, tool=name, result=_shortened(result, 120)))
    # Every round has its own share of the thoughts; the last one has all that are left.
    due = told.thoughts[done : done + 1] if call else told.thoughts[done:]
    thoughts += due
    if call is not None:
        thoughts.append(fill(texts.TOOL_THOUGHT, tool=call.name))
        return [*_thinking(thoughts), Call(call.name, call.arguments)]
    summary = "".join(
        fill(
            texts.TOOL_SUMMARY,
            tool=name,
            result=_shortened(result, 600).replace("```", "'''"),
        )
        for name, result in question.results
    )
    return [*_thinking(thoughts), Say(summary + told.answer)]


def _thinking(thoughts: list[str] | tuple[str, ...]) -> list[Event]:
    return [Think("\n\n".join(thoughts))] if thoughts else []


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _limit(request: SeenRequest) -> int | None:
    limit = request.field("max_completion_tokens", request.field("max_tokens"))
    return limit if isinstance(limit, int) else None


def _within_limit(events: list[Event], limit: int | None) -> tuple[list[Event], str | None]:
    """Cuts the answer where the token limit falls; too small a one leaves thinking only."""
    if limit is None:
        return events, None
    kept: list[Event] = []
    left = limit
    for event in events:
        text = event.text if isinstance(event, Think | Say) else ""
        cost = estimate_tokens(text)
        if cost > left:
            cut = text[: len(text) * left // cost]
            if isinstance(event, Think):
                kept.append(Think(cut))
            elif cut:
                kept.append(Say(cut))
            return kept, "length"
        left -= cost
        kept.append(event)
    return kept, None
