"""How the calls of one answer stand: waiting, running, done, denied; in words and for the painter.

Pure functions of the messages and of what is known only while a turn runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from desktop_app.chat.tool_results import DENIED, STOPPED, is_own
from desktop_app.domain.call_ids import calls_of
from desktop_app.domain.message import Message, Role, ToolCall, ToolResult
from desktop_app.domain.text import one_line
from desktop_app.domain.tool import ToolProgress
from desktop_app.ui.conversation.lengths import took
from desktop_app.ui.transcript.entry import Tone
from desktop_app.ui.transcript.invisible import hidden_in, replaced

_SHOWN_NAMES: Final = 3
_LONGEST_NOTE: Final = 120
_LONGEST_NAME: Final = 80


class CallState(StrEnum):
    """Where a call stands."""

    WRITTEN = "written"
    """The model still writes it."""
    WAITING = "waiting"
    ALLOWED = "allowed"
    """It waits for what is said of the other calls: they run together."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"
    INTERRUPTED = "interrupted"
    """It has no result, and none will come."""

    @property
    def tone(self) -> Tone:
        """How it is coloured."""
        return {
            CallState.WRITTEN: Tone.BUSY,
            CallState.WAITING: Tone.WAITING,
            CallState.ALLOWED: Tone.BUSY,
            CallState.RUNNING: Tone.BUSY,
            CallState.DONE: Tone.GOOD,
            CallState.FAILED: Tone.BAD,
            CallState.DENIED: Tone.BAD,
        }.get(self, Tone.PLAIN)


@dataclass(frozen=True, slots=True)
class Live:
    """What is known of a turn only while it runs.

    Attributes:
        is_running: Whether it does.
        waiting: The ids of the calls that wait for the person's word.
        progress: How far running calls have come, by their ids.
        rounds: How many rounds there may be; 0 when that is not known.
        can_continue: Of one that does not run: whether it ended early and can be gone on with.
    """

    is_running: bool = False
    waiting: frozenset[str] = frozenset()
    progress: Mapping[str, ToolProgress] = field(default_factory=dict)
    rounds: int = 0
    can_continue: bool = False


AT_REST: Final = Live()


@dataclass(frozen=True, slots=True)
class CallStanding:
    """A call with its result, if there is one, and how it stands."""

    call: ToolCall
    state: CallState
    result: ToolResult | None = None
    progress: ToolProgress | None = None


def standings(
    message: Message, answers: Message | None, live: Live = AT_REST
) -> tuple[CallStanding, ...]:
    """Return how the calls of ``message`` stand, in the model's order.

    Args:
        message: What a model said.
        answers: The message of the tools that follows it, as far as that has come.
        live: Of the turn that both belong to.
    """
    calls = calls_of(message)
    results = results_by_call(message, answers)
    found = []
    for place, call in enumerate(calls):
        result = results.get(place)
        state = _state(message, answers, call, result, live)
        progress = live.progress.get(call.call_id) if state is CallState.RUNNING else None
        found.append(CallStanding(call, state, result, progress))
    return tuple(found)


def results_by_call(message: Message, answers: Message | None) -> Mapping[int, ToolResult]:
    """Return the results by the place of the call of ``message`` that each belongs to.

    In imported files one id may stand there several times: the results belong to them in order.
    """
    free: dict[str, list[int]] = {}
    for place, (own, call) in enumerate(zip(calls_of(message), message.tool_calls, strict=True)):
        for identifier in {own.call_id, call.call_id}:
            free.setdefault(identifier, []).append(place)
    found: dict[int, ToolResult] = {}
    for part in answers.parts if answers is not None else ():
        if isinstance(part, ToolResult):
            places = [place for place in free.get(part.call_id, ()) if place not in found]
            if places:
                found[places[0]] = part
    return found


def state_text(standing: CallStanding) -> str:
    """Return the state in words, as they stand beside the name of the call."""
    seconds = standing.result.seconds if standing.result is not None else None
    return " · ".join(filter(None, (_word(standing), took(seconds))))


def calls_line(found: Sequence[CallStanding]) -> str:
    """Return one line about the calls of an answer: "Called calculator, read_file · 0.4 s"."""
    names = _names([each.call.name for each in found])
    states = [each.state for each in found]
    translate = QCoreApplication.translate
    if CallState.WAITING in states:
        waiting = _names([e.call.name for e in found if e.state is CallState.WAITING])
        return translate("ToolCalls", "Waiting for your permission: {names}").replace(
            "{names}", waiting
        )
    if CallState.WRITTEN in states or CallState.RUNNING in states:
        return translate("ToolCalls", "Calling {names} …").replace("{names}", names)
    seconds = [e.result.seconds for e in found if e.result and e.result.seconds is not None]
    parts = [translate("ToolCalls", "Called {names}").replace("{names}", names)]
    for state, words in (
        (CallState.FAILED, translate("ToolCalls", "{count} failed")),
        (CallState.DENIED, translate("ToolCalls", "{count} denied")),
        (CallState.INTERRUPTED, translate("ToolCalls", "{count} interrupted")),
    ):
        if count := states.count(state):
            parts.append(words.replace("{count}", QLocale().toString(count)))
    if seconds:
        # They ran side by side: the longest is how long it took.
        parts.append(took(max(seconds)))
    return " · ".join(filter(None, parts))


def _state(
    message: Message,
    answers: Message | None,
    call: ToolCall,
    result: ToolResult | None,
    live: Live,
) -> CallState:
    if result is not None:
        if not result.is_error:
            return CallState.DONE
        if is_own(result, DENIED):
            return CallState.DENIED
        return CallState.INTERRUPTED if is_own(result, STOPPED) else CallState.FAILED
    if not message.is_final:
        return CallState.WRITTEN
    is_over = answers is not None and answers.is_final
    if is_over or not live.is_running:
        return CallState.INTERRUPTED
    if call.call_id in live.waiting:
        return CallState.WAITING
    return CallState.ALLOWED if live.waiting else CallState.RUNNING


def shown_name(name: str, longest: int = _LONGEST_NAME) -> str:
    """Return words of somebody else on one line, with what is hidden in them to be seen."""
    line = one_line(name[: 4 * longest], longest)
    return replaced(line, hidden_in(line), is_seen=True)


def answers_to(message: Message, following: Message | None) -> Message | None:
    """Return the message that holds the results of the calls of ``message``, if one does.

    Of what was imported, results may stand in the message of the calls itself.
    """
    if following is not None and following.role is Role.TOOL:
        return following
    holds_them = any(isinstance(part, ToolResult) for part in message.parts)
    return message if holds_them else None


def _word(standing: CallStanding) -> str:
    translate = QCoreApplication.translate
    word = {
        CallState.WRITTEN: translate("ToolCalls", "being written"),
        CallState.WAITING: translate("ToolCalls", "waiting for you"),
        CallState.ALLOWED: translate("ToolCalls", "allowed"),
        CallState.RUNNING: translate("ToolCalls", "running"),
        CallState.DONE: translate("ToolCalls", "done"),
        CallState.FAILED: translate("ToolCalls", "failed"),
        CallState.DENIED: translate("ToolCalls", "denied"),
        CallState.INTERRUPTED: translate("ToolCalls", "interrupted"),
    }[standing.state]
    progress = standing.progress
    if progress is None:
        return word
    parts = [translate("ToolCalls", "waiting for you") if progress.is_waiting else word]
    if progress.fraction is not None:
        parts.append(f"{QLocale().toString(round(100 * progress.fraction))} %")
    if progress.note:
        parts.append(shown_name(progress.note, _LONGEST_NOTE))
    return " · ".join(parts)


def _names(names: Sequence[str]) -> str:
    """Return the names, each once with how often it stands there, and how many more there are."""
    counts: dict[str, int] = {}
    for name in map(shown_name, names):
        counts[name] = counts.get(name, 0) + 1
    said = [f"{name} ×{count}" if count > 1 else name for name, count in counts.items()]
    if len(said) <= _SHOWN_NAMES:
        return ", ".join(said)
    more = QCoreApplication.translate("ToolCalls", "{names} and {count} more")
    more = more.replace("{count}", QLocale().toString(len(said) - _SHOWN_NAMES))
    return more.replace("{names}", ", ".join(said[:_SHOWN_NAMES]))
