"""The steps of a turn: pure, for whatever messages a file may hold."""

import base64
from dataclasses import replace

import pytest

from desktop_app.chat.tool_results import DENIED, STOPPED
from desktop_app.domain.message import (
    Message,
    MessageState,
    ResultImage,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.usage import Usage
from desktop_app.ui.conversation.tool_calls import CallState, standings
from desktop_app.ui.thinking.steps import turn_steps
from desktop_app.ui.transcript.entry import Entry, EntryKind, Tone

CALLS = Message(
    "a",
    Role.ASSISTANT,
    (Thought("Hm.", 1.0), ToolCall("c1", "read", '{"path":"a"}'), ToolCall("c2", "look", "{}")),
    usage=Usage(10, 20),
)
RESULTS = Message(
    "t", Role.TOOL, (ToolResult("c1", "read", "text", seconds=1.0), ToolResult("c2", "look", "x"))
)
ANSWER = Message("b", Role.ASSISTANT, (Thought("So.", 1.0), Text("It is text.")))


@pytest.fixture(autouse=True)
def _application(qapp):
    """Words are the application's."""


def entries(*messages: Message) -> list[Entry]:
    return [step.entry for step in turn_steps(messages)]


def test_a_turn_without_calls_has_no_rounds() -> None:
    question = Message("q", Role.USER, (Text("Why?"),))
    (step,) = turn_steps([question, ANSWER])
    assert (step.entry.heading, step.message_id, step.part) == ("", "b", 0)


def test_rounds_are_counted_and_have_their_tokens() -> None:
    shown = entries(CALLS, RESULTS, ANSWER)
    assert [step.heading for step in shown] == ["Round 1 · 20 tokens", "", "", "", "", "Round 2"]
    kinds = [EntryKind.THOUGHT, EntryKind.TOOL_CALL, EntryKind.TOOL_RESULT]
    assert [kinds.index(step.kind) for step in shown] == [0, 1, 1, 2, 2, 0]
    assert len({step.id for step in shown}) == len(shown)


def test_tokens_are_counted_by_the_service_or_said_to_be_a_guess() -> None:
    thought = Thought("word " * 100, 3.0)
    counted = replace(ANSWER, parts=(thought,), usage=Usage(1, 900, reasoning=850))
    assert entries(counted)[0].caption == "3.0 s · 850 tokens"
    # Of two thoughts nobody knows which took how many; zero is no measurement.
    for guessed in (
        replace(counted, parts=(thought, Text("x"), thought)),
        replace(counted, usage=Usage(1, 900, reasoning=0)),
    ):
        assert entries(guessed)[0].caption == "3.0 s · about 120 tokens"


@pytest.mark.parametrize(
    ("result", "state", "tone"),
    [
        (ToolResult("c1", "read", "fine", sent="fine"), CallState.DONE, Tone.GOOD),
        (ToolResult("c1", "read", "no", True, sent="no"), CallState.FAILED, Tone.BAD),
        (ToolResult("c1", "read", f"{DENIED} They say: no", True), CallState.DENIED, Tone.BAD),
        (ToolResult("c1", "read", STOPPED, True), CallState.INTERRUPTED, Tone.PLAIN),
        # A tool cannot say what only the program says.
        (ToolResult("c1", "read", DENIED, True, sent=DENIED), CallState.FAILED, Tone.BAD),
    ],
)
def test_a_result_says_what_became_of_the_call(
    result: ToolResult, state: CallState, tone: Tone
) -> None:
    answers = replace(RESULTS, parts=(result,))
    assert standings(CALLS, answers)[0].state is state
    assert entries(CALLS, answers)[1].tone is tone


def test_a_call_without_a_result_was_interrupted() -> None:
    for messages in ([CALLS], [CALLS, replace(RESULTS, parts=(), state=MessageState.INTERRUPTED)]):
        assert [e.caption for e in entries(*messages)][1:] == ["interrupted", "interrupted"]


def test_ids_that_stand_there_twice_are_told_apart() -> None:
    twice = replace(
        CALLS, parts=(ToolCall("c", "read", "1"), ToolCall("c", "read", "2"), ToolCall("", "x", ""))
    )
    results = (ToolResult("c", "read", "one"), ToolResult("c", "read", "two"))
    answers = replace(RESULTS, parts=(*results, ToolResult("?", "odd", "stray")))
    shown = entries(twice, answers)
    assert len({step.id for step in shown}) == 6
    assert [step.text for step in shown[3:]] == ["one", "two", "stray"]
    assert [each.result for each in standings(twice, answers)] == [*results, None]


def test_results_in_the_message_of_the_calls_are_steps_there() -> None:
    imported = replace(CALLS, parts=(*CALLS.parts, *RESULTS.parts, Text("It is text.")))
    assert [step.kind for step in entries(imported)] == [
        EntryKind.THOUGHT,
        EntryKind.TOOL_CALL,
        EntryKind.TOOL_CALL,
        EntryKind.TOOL_RESULT,
        EntryKind.TOOL_RESULT,
    ]
    assert [each.state for each in standings(imported, imported)] == [CallState.DONE] * 2


def test_a_result_is_never_markdown() -> None:
    hostile = "[click](https://example.org) <b>x</b> ![i](data:image/png;base64,AAAA)"
    shown = entries(CALLS, replace(RESULTS, parts=(ToolResult("c1", "read", hostile),)))[-1]
    assert not shown.markdown
    assert (shown.code, shown.text, shown.pictures) == ("text", hostile, ())


def test_json_is_laid_out_and_what_is_hidden_in_a_name_is_seen() -> None:
    raw = '{"items":[{"name":"a long enough name to break","size":123456}]}'
    result = ToolResult("c1", "read\u202etxt", raw)
    shown = entries(CALLS, replace(RESULTS, parts=(result,)))[-1]
    assert shown.code == "json"
    assert shown.text.count("\n") > 3
    assert "\u202e" not in shown.name


def test_pictures_are_shown_from_data_in_known_formats_alone() -> None:
    data = base64.b64encode(b"x" * 3000).decode()
    images = (ResultImage("image/png", data), ResultImage("image/svg+xml", data))
    result = ToolResult("c1", "read", "", images=images)
    first, second = entries(CALLS, replace(RESULTS, parts=(result,)))[-1].pictures
    assert first.address == f"data:image/png;base64,{data}"
    assert second.address == ""
    assert "svg" in second.words


def test_it_is_said_that_the_model_was_given_less() -> None:
    result = ToolResult("c1", "read", "x" * 5_000, sent="x" * 100)
    shown = entries(CALLS, replace(RESULTS, parts=(result,)))[-1]
    assert shown.text == "x" * 5_000
    assert "Shortened for the model" in shown.note
