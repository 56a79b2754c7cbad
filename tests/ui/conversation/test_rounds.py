"""The rounds of one answer: one name above them, one row of buttons below, a line for each round of calls."""

from dataclasses import replace

import pytest

from desktop_app.chat.branches import Versions
from desktop_app.domain.message import (
    CONTINUATION,
    ROUNDS_USED_UP,
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.tool import ToolProgress
from desktop_app.domain.usage import Usage
from desktop_app.ui.conversation.entries import CALLS, message_entries
from desktop_app.ui.conversation.entry_list import MessageEntries
from desktop_app.ui.conversation.tool_calls import (
    AT_REST,
    CallStanding,
    CallState,
    Live,
    calls_line,
    standings,
    state_text,
)
from desktop_app.ui.conversation.turns import (
    answer_with,
    place_in_turn,
    text_of_answer,
    version_shown_at,
)
from desktop_app.ui.transcript.entry import Entry

QUESTION = Message("q", Role.USER, (Text("Why?"),))
FIRST = Message(
    "a",
    Role.ASSISTANT,
    (Thought("Hm."), ToolCall("c1", "read_file", "{}"), ToolCall("c2", "calculator", "{}")),
    parent="q",
    usage=Usage(100, 20),
)
RESULTS = Message(
    "t",
    Role.TOOL,
    (
        ToolResult("c1", "read_file", "x", seconds=0.25),
        ToolResult("c2", "calculator", "y", seconds=0.4),
    ),
    parent="a",
)
SECOND = Message(
    "b", Role.ASSISTANT, (Text("Let me see."), ToolCall("c1", "clock", "{}")), parent="t"
)
MORE = Message("u", Role.TOOL, (ToolResult("c1", "clock", "noon"),), parent="b")
LAST = Message("c", Role.ASSISTANT, (Text("Noon."),), parent="u", usage=Usage(200, 30))
BRANCH = [QUESTION, FIRST, RESULTS, SECOND, MORE, LAST]


@pytest.fixture(autouse=True)
def _application(qapp):
    """Words are the application's."""


def shown(messages: list[Message], live: Live = AT_REST) -> list[Entry]:
    return list(MessageEntries(messages, live=lambda: live))


def labels(entry: Entry) -> dict[str, str]:
    return {action.id: action.label for action in entry.actions}


def test_rounds_read_as_one_answer() -> None:
    question, first, second, last = shown(BRANCH)
    assert [entry.follows for entry in (question, first, second, last)] == [
        False,
        False,
        True,
        True,
    ]
    assert {entry.name for entry in (first, second, last)} == {"MiniMax"}
    assert labels(first) == {CALLS: "Called read_file, calculator · 0.4 s"}
    assert (first.text, second.text) == ("", "Let me see.")
    assert labels(second) == {CALLS: "Called clock"}
    assert list(labels(last)) == ["copy", "retry", "wire"]
    # What went over the wire is still there for each round.
    assert [action.id for action in first.menu] == ["wire"]


def test_usage_is_that_of_all_rounds() -> None:
    entries = shown(BRANCH)
    assert [entry.note for entry in entries] == ["", "", "", "350 tokens"]
    assert entries[-1].note_tip.splitlines()[0] == "2 requests, added up"


def test_the_text_of_an_answer_is_that_of_all_its_rounds() -> None:
    assert text_of_answer(answer_with(BRANCH, "c")) == "Let me see.\n\nNoon."
    assert answer_with(BRANCH, "q") == [QUESTION]
    assert list(answer_with(BRANCH, "nobody")) == []


@pytest.mark.parametrize(
    ("live", "results", "line"),
    [
        (Live(is_running=True), None, "Calling read_file, calculator …"),
        (
            Live(is_running=True, waiting=frozenset({"c2"})),
            None,
            "Waiting for your permission: calculator",
        ),
        (AT_REST, None, "Called read_file, calculator · 2 interrupted"),
        (
            AT_REST,
            replace(RESULTS, parts=(ToolResult("c1", "read_file", "no", True, sent="no"),)),
            "Called read_file, calculator · 1 failed · 1 interrupted",
        ),
    ],
)
def test_the_line_says_how_the_calls_stand(live: Live, results: Message | None, line: str) -> None:
    assert calls_line(standings(FIRST, results, live)) == line


def test_many_calls_are_counted() -> None:
    calls = [ToolCall(f"c{n}", name, "") for n, name in enumerate("aabcde")]
    message = replace(FIRST, parts=tuple(calls))
    assert calls_line(standings(message, None)).startswith("Called a ×2, b, c and 2 more")


def test_buttons_wait_for_the_end_of_a_turn_that_runs() -> None:
    live = Live(is_running=True, rounds=25)
    (_, running) = shown(BRANCH[:2], live)
    assert list(labels(running)) == [CALLS]
    assert running.note == ""
    # Where it was interrupted there, the answer can be asked for again.
    (_, over) = shown(BRANCH[:2])
    assert list(labels(over)) == [CALLS, "retry", "wire"]
    (_, with_results) = shown(BRANCH[:3])
    assert list(labels(with_results)) == [CALLS, "retry", "wire"]


def test_an_answer_that_was_gone_on_with_is_two() -> None:
    rest = Message("r", Role.USER, (Text("go on"),), parent="c", notices=(CONTINUATION,))
    end = Message("d", Role.ASSISTANT, (Text("The end."),), parent="r")
    entries = shown([*BRANCH, rest, end])
    assert [entry.follows for entry in entries[-3:]] == [True, False, False]
    assert "retry" not in labels(entries[-3])


def test_a_place_costs_no_more_than_its_answer() -> None:
    place = place_in_turn([*BRANCH, *BRANCH, *BRANCH], 9)
    assert [message.id for message in place.answer] == ["a", "t", "b", "u", "c"]
    assert (place.follows, place.ends, place.is_last) == (True, False, False)
    assert place.results is MORE


def test_versions_of_an_answer_are_shown_at_its_end() -> None:
    counts = {"a": 3}

    def owner(number: int) -> str:
        place = place_in_turn(BRANCH, number)
        return version_shown_at(BRANCH[number], place, lambda key: counts.get(key, 1))

    assert [owner(number) for number in (0, 1, 3, 5)] == ["q", "", "b", "a"]
    counts["c"] = 2
    assert [owner(number) for number in (0, 1, 3, 5)] == ["q", "a", "b", "c"]
    place = place_in_turn(BRANCH, 1)
    (entry,) = message_entries(FIRST, place=place, versions=Versions(("x", "a"), 1))
    assert list(labels(entry)) == ["version-previous", "version-next", CALLS]


def test_a_stopped_round_says_so() -> None:
    stopped = replace(RESULTS, state=MessageState.STOPPED, parts=())
    (_, entry) = shown([QUESTION, FIRST, stopped])
    assert entry.note.startswith("Stopped")


def test_the_end_of_the_rounds_is_said() -> None:
    (*_, entry) = shown([*BRANCH[:-1], replace(LAST, notices=(ROUNDS_USED_UP,))])
    assert "no more tools" in entry.note


def test_a_call_that_waits_for_the_person_says_so() -> None:
    call = ToolCall("c1", "own__ask", "{}")
    progress = ToolProgress("step 1", 0.5, is_waiting=True)
    standing = CallStanding(call, CallState.RUNNING, progress=progress)
    assert state_text(standing) == "waiting for you · 50 % · step 1"
