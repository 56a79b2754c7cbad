"""The messages of a turn as the steps of its timeline: thoughts, calls, results, round by round.

Pure functions: the same messages always give the same steps, streamed or reopened. What tools
answer is never Markdown here: it is shown as the text or the JSON it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from desktop_app.chat.pace import estimated_tokens
from desktop_app.domain.message import Message, ResultImage, Role, Thought, ToolCall, ToolResult
from desktop_app.ui.conversation.lengths import tokens_text, took
from desktop_app.ui.conversation.tool_calls import (
    AT_REST,
    CallStanding,
    Live,
    answers_to,
    results_by_call,
    shown_name,
    standings,
    state_text,
)
from desktop_app.ui.json_layout import laid_out
from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind, Picture, Tone

COPY_TEXT: Final = "step-copy"
COPY_JSON: Final = "step-copy-json"
JUMP: Final = "step-jump"
REQUEST: Final = "step-request"
_MOST_ESTIMATED: Final = 1_000_000
_SHOWN_FORMATS: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is shown, and where it comes from.

    Attributes:
        entry: What the timeline shows.
        message_id: The message it belongs to.
        part: The number of the part of that message.
    """

    entry: Entry
    message_id: str
    part: int


def turn_steps(messages: Sequence[Message], live: Live = AT_REST) -> tuple[Step, ...]:
    """Return the steps of a turn, or of some of its messages, in the order in which they came."""
    spoken = [message for message in messages if message.role is not Role.USER]
    has_calls = any(message.tool_calls for message in spoken)
    steps: list[Step] = []
    number = 0
    for place, message in enumerate(spoken):
        before = spoken[place - 1] if place else None
        following = spoken[place + 1] if place + 1 < len(spoken) else None
        if message.role is Role.TOOL:
            steps += _results(message, before)
            continue
        number += 1
        made = list(_said(message, answers_to(message, following), live))
        if made and has_calls:
            first = made[0]
            heading = _heading(message, number, live)
            made[0] = replace(first, entry=replace(first.entry, heading=heading))
        steps += made
    return tuple(steps)


def thought_id(message_id: str, ordinal: int) -> str:
    """Return the id of the step for the ``ordinal``-th thought of a message, counted from 0."""
    return f"{message_id}/thought{ordinal}"


def call_id(message_id: str, ordinal: int) -> str:
    """Return the id of the step for the ``ordinal``-th call of a message, counted from 0."""
    return f"{message_id}/call{ordinal}"


def _said(message: Message, answers: Message | None, live: Live) -> Iterator[Step]:
    """The steps of what a model said in one go."""
    found = standings(message, answers, live)
    thoughts = calls = 0
    last = len(message.parts) - 1
    for place, part in enumerate(message.parts):
        if isinstance(part, Thought):
            is_open = not message.is_final and place == last
            entry = _thought(message, part, thoughts, is_open=is_open)
            thoughts += 1
        elif isinstance(part, ToolCall):
            entry = _call(message, found[calls], calls)
            calls += 1
        elif isinstance(part, ToolResult):
            entry = _result(f"{message.id}/own{place}", part)
        else:
            continue
        yield Step(entry, message.id, place)


def _thought(message: Message, part: Thought, ordinal: int, *, is_open: bool) -> Entry:
    usage = message.usage
    counted = usage.reasoning if usage is not None else None
    if counted and sum(isinstance(each, Thought) for each in message.parts) == 1:
        tokens = tokens_text(counted, is_estimate=False)
    else:
        tokens = _estimate(part.text)
    # A thought that grows gets its numbers at its end.
    caption = " · ".join(filter(None, (took(part.seconds), tokens)))
    return Entry(
        id=thought_id(message.id, ordinal),
        kind=EntryKind.THOUGHT,
        name=QCoreApplication.translate("Transcript", "Thought"),
        text=part.text,
        caption="" if is_open else caption,
        streaming=is_open,
        foldable=not is_open,
        menu=_menu(is_json=False, has_request=message.is_final),
    )


def _call(message: Message, standing: CallStanding, ordinal: int) -> Entry:
    label = QCoreApplication.translate("Transcript", "Tool call {name}")
    arguments = standing.call.arguments
    shown = laid_out(arguments, breaks_strings=True) if message.is_final else None
    return Entry(
        id=call_id(message.id, ordinal),
        kind=EntryKind.TOOL_CALL,
        name=label.replace("{name}", shown_name(standing.call.name)),
        text=arguments if shown is None else shown,
        caption=state_text(standing),
        markdown=False,
        code="" if shown is None else "json",
        streaming=not message.is_final,
        tone=standing.state.tone,
        foldable=message.is_final,
        menu=_menu(is_json=shown is not None, has_request=message.is_final),
    )


def _results(message: Message, before: Message | None) -> Iterator[Step]:
    """The steps of what tools answered, in the order of the calls they answer."""
    by_call = results_by_call(before, message) if before is not None else {}
    parts = {id(part): number for number, part in enumerate(message.parts)}
    of_calls = [(f"{place}", by_call[place]) for place in sorted(by_call)]
    known = {id(part) for _, part in of_calls}
    strays = [part for part in message.parts if isinstance(part, ToolResult)]
    strays = [part for part in strays if id(part) not in known]
    for ordinal, part in (*of_calls, *((f"x{n}", part) for n, part in enumerate(strays))):
        entry = _result(f"{message.id}/result{ordinal}", part)
        yield Step(entry, message.id, parts[id(part)])


def _result(identifier: str, part: ToolResult) -> Entry:
    label = QCoreApplication.translate("Transcript", "Tool result {name}")
    shown = laid_out(part.text)
    tokens = _estimate(part.text if part.sent is None else part.sent)
    return Entry(
        id=identifier,
        kind=EntryKind.TOOL_RESULT,
        name=label.replace("{name}", shown_name(part.name)),
        text=part.text if shown is None else shown,
        caption=" · ".join(filter(None, (took(part.seconds), tokens))),
        markdown=False,
        code="text" if shown is None else "json",
        pictures=tuple(_picture(image) for image in part.images),
        tone=Tone.BAD if part.is_error else Tone.GOOD,
        note=_cut_note(part),
        foldable=True,
        menu=_menu(is_json=shown is not None),
    )


def _cut_note(part: ToolResult) -> str:
    """Say so where the model was given less than is shown."""
    if part.sent is None or len(part.sent) >= len(part.text):
        return ""
    return QCoreApplication.translate("Timeline", "Shortened for the model; here it is whole")


def _picture(image: ResultImage) -> Picture:
    size = QLocale().formattedDataSize(len(image.data) * 3 // 4)
    return Picture(f"{shown_name(image.mime)}, {size}", _address(image))


@lru_cache(maxsize=64)
def _address(image: ResultImage) -> str:
    return f"data:{image.mime};base64,{image.data}" if image.mime in _SHOWN_FORMATS else ""


def _heading(message: Message, number: int, live: Live) -> str:
    count = QLocale().toString
    if live.rounds:
        words = QCoreApplication.translate("Timeline", "Round {number} of {most}")
        words = words.replace("{most}", count(live.rounds))
    else:
        words = QCoreApplication.translate("Timeline", "Round {number}")
    usage = message.usage
    written = usage.completion if usage is not None and usage.completion else 0
    tokens = tokens_text(written, is_estimate=False)
    return " · ".join(filter(None, (words.replace("{number}", count(number)), tokens)))


def _estimate(text: str) -> str:
    """Return about how many tokens a text has; of a very long one, nothing."""
    return tokens_text(_estimated(text), is_estimate=True)


@lru_cache(maxsize=512)
def _estimated(text: str) -> float:
    return estimated_tokens(text) if len(text) <= _MOST_ESTIMATED else 0.0


def _menu(*, is_json: bool, has_request: bool = False) -> tuple[EntryAction, ...]:
    """Return what can be done with a step; what a model said was asked for by a request."""
    translate = QCoreApplication.translate
    jump = EntryAction(JUMP, translate("Timeline", "Show what it led to"))
    copy = EntryAction(COPY_TEXT, translate("Timeline", "Copy step"))
    menu = [jump, copy]
    if is_json:
        menu.append(EntryAction(COPY_JSON, translate("Timeline", "Copy as JSON")))
    if has_request:
        menu.append(EntryAction(REQUEST, translate("Timeline", "What was sent for this…")))
    return tuple(menu)
