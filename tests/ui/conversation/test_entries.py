"""Messages as entries: the same message gives the same entries, whatever way it came."""

from dataclasses import replace

import pytest

from desktop_app.chat.branches import Versions
from desktop_app.chat.error_text import details
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import (
    CONTINUATION,
    Message,
    MessageState,
    Role,
    Sending,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.ui.conversation.entries import message_entries, message_id_of
from desktop_app.ui.conversation.lengths import duration
from desktop_app.ui.conversation.turns import Place
from desktop_app.ui.error_text import advice, sentence
from desktop_app.ui.thinking.steps import turn_steps
from desktop_app.ui.transcript.entry import EntryKind

ANSWER = Message(
    id="a",
    role=Role.ASSISTANT,
    parts=(Thought("Why?", 1.25), Text("Because. "), Thought("Sure?", 75.0), Text("Yes.")),
    model="MiniMax-M2",
    created_at=1_700_000_000.0,
)
EARLIER = Place(is_last=False)
RECORD = ErrorRecord(ErrorKind.RATE_LIMIT, "api.example", 1002, 429, "trace-1", "slow down")


def test_an_answer_is_its_text_alone() -> None:
    (entry,) = message_entries(ANSWER)
    assert entry.text == "Because. Yes."
    assert [action.id for action in entry.actions] == ["copy", "retry", "wire"]
    (entry,) = message_entries(ANSWER, place=EARLIER)
    assert [action.id for action in entry.actions] == ["copy", "wire"]


def test_the_chain_is_everything_but_the_text_in_its_order() -> None:
    tools = replace(
        ANSWER,
        parts=(
            Thought("Look it up.", 0.5),
            ToolCall("c1", "search", '{"q": "tea"}'),
            ToolResult("c1", "search", "leaves"),
            Thought("Good.", 0.25),
            Text("Leaves."),
        ),
    )
    steps = [step.entry for step in turn_steps([ANSWER, tools])]
    assert [(step.kind, step.text) for step in steps] == [
        (EntryKind.THOUGHT, "Why?"),
        (EntryKind.THOUGHT, "Sure?"),
        (EntryKind.THOUGHT, "Look it up."),
        (EntryKind.TOOL_CALL, '{"q": "tea"}'),
        (EntryKind.TOOL_RESULT, "leaves"),
        (EntryKind.THOUGHT, "Good."),
    ]
    assert [step.name for step in steps][3:5] == ["Tool call search", "Tool result search"]
    assert not any(step.markdown for step in steps[3:5])


def test_an_open_thought_is_the_last_of_a_message_that_streams() -> None:
    streaming = replace(ANSWER, parts=ANSWER.parts[:3], state=MessageState.STREAMING)
    first, second = (step.entry for step in turn_steps([streaming]))
    assert (first.streaming, second.streaming) == (False, True)
    assert second.caption == ""
    (entry,) = message_entries(streaming)
    assert entry.streaming
    assert entry.actions == ()


@pytest.mark.parametrize(
    ("state", "text", "note"),
    [
        (MessageState.COMPLETE, "x", ""),
        (MessageState.STOPPED, "x", "Stopped"),
        (MessageState.STOPPED, "", "Stopped before an answer came"),
        (MessageState.INTERRUPTED, "x", "Interrupted"),
    ],
)
def test_the_end_of_an_answer_is_noted(state: MessageState, text: str, note: str) -> None:
    (entry,) = message_entries(replace(ANSWER, parts=(Text(text),) if text else (), state=state))
    assert entry.note.startswith(note)
    assert bool(entry.note) is bool(note)


def test_a_failure_stands_below_its_text_or_alone() -> None:
    failed = replace(ANSWER, state=MessageState.FAILED, error=RECORD)
    text, card = message_entries(failed)
    assert [action.id for action in text.actions] == ["copy"]
    assert card.text == f"{sentence(RECORD)}\n{advice(RECORD)}"
    assert card.details == details(RECORD)
    assert not card.markdown
    assert message_id_of(card.id) == message_id_of(text.id) == "a"
    assert [action.id for action in card.actions] == ["continue", "retry", "wire", "copy_report"]
    (alone,) = message_entries(replace(failed, parts=(Thought("Hm."),)))
    assert alone == replace(card, actions=alone.actions, menu=alone.menu)
    # Thinking alone is nothing to go on from.
    assert [action.id for action in alone.actions] == ["retry", "wire", "copy_report"]
    (_, earlier) = message_entries(failed, place=EARLIER)
    assert [action.id for action in earlier.actions] == ["wire", "copy_report"]


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_failure_has_a_card(kind: ErrorKind) -> None:
    for record in (ErrorRecord(kind), ErrorRecord(kind, "api.minimax.io")):
        (card,) = message_entries(
            replace(ANSWER, parts=(), state=MessageState.FAILED, error=record)
        )
        assert "{" not in card.text
        assert len(card.text.splitlines()) == 2
        assert all(action.label for action in card.actions)


def test_flags_of_the_service_are_noted() -> None:
    (entry,) = message_entries(replace(ANSWER, notices=("output_sensitive", "input_sensitive")))
    assert entry.note.count("sensitive") == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (1.3, "1.3 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (12.6, "13 s"),
        (59.7, "1 min 0 s"),
        (75.2, "1 min 15 s"),
        (119.8, "2 min 0 s"),
        (3600.0, "60 min 0 s"),
    ],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_damaged_message_says_so_where_it_stands() -> None:
    question = Message("q", Role.USER, (Text("Why?"),), notices=("checksum",))
    for message in (question, replace(ANSWER, notices=("checksum",))):
        (entry,) = message_entries(message)
        assert entry.note.startswith("Damaged on the disk: this is not what was saved")
        (sound,) = message_entries(replace(message, notices=()))
        assert "Damaged" not in sound.note


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (MessageState.COMPLETE, ["copy", "retry", "wire"]),
        (MessageState.STOPPED, ["copy", "continue", "retry", "wire"]),
        (MessageState.INTERRUPTED, ["copy", "continue", "retry", "wire"]),
        (MessageState.STREAMING, []),
    ],
)
def test_an_answer_that_ended_early_can_go_on(state: MessageState, wanted: list[str]) -> None:
    (entry,) = message_entries(replace(ANSWER, state=state))
    assert [action.id for action in entry.actions] == wanted
    labels = {action.id: action.label for action in entry.actions}
    assert labels.get("continue", "Continue") == "Continue"


QUESTION = Message("q", Role.USER, (Text("Why?"),), created_at=1_700_000_000.0)


def test_own_messages_can_be_edited() -> None:
    (entry,) = message_entries(QUESTION)
    assert [(action.id, action.label) for action in entry.actions] == [("edit", "Edit")]
    assert entry.menu == ()


@pytest.mark.parametrize("message", [QUESTION, ANSWER], ids=lambda m: m.role.value)
def test_versions_have_a_way_to_the_others(message: Message) -> None:
    versions = Versions(("x", message.id, "y"), 1)
    (entry,) = message_entries(message, versions=versions)
    back, on = entry.actions[:2]
    assert (back.label, on.label) == ("Previous version", "Next version")
    assert (back.enabled, on.enabled) == (True, True)
    assert on.lead == "2 / 3"
    assert "Delete this version" in [action.label for action in entry.menu]
    (first,) = message_entries(message, versions=replace(versions, position=0))
    assert [action.enabled for action in first.actions[:2]] == [False, True]
    (last,) = message_entries(message, versions=replace(versions, position=2))
    assert [action.enabled for action in last.actions[:2]] == [True, False]


def test_answers_can_be_compared_and_earlier_ones_asked_again() -> None:
    versions = Versions(("x", "a"), 1)
    (entry,) = message_entries(ANSWER, place=EARLIER, versions=versions)
    assert [action.id for action in entry.menu] == [
        "retry", "compare", "request", "version-delete",
    ]  # fmt: skip
    (alone,) = message_entries(ANSWER)
    assert [action.id for action in alone.menu] == ["request"]


def test_the_versions_of_an_answer_that_only_failed_stand_at_its_failure() -> None:
    failed = replace(ANSWER, parts=(), state=MessageState.FAILED, error=RECORD)
    (card,) = message_entries(failed, versions=Versions(("x", "a"), 1))
    assert [action.id for action in card.actions[:2]] == ["version-previous", "version-next"]


def test_the_rest_of_an_answer_is_a_notice_and_not_the_persons_words() -> None:
    request = replace(QUESTION, notices=(CONTINUATION,))
    (entry,) = message_entries(request)
    assert (entry.kind, entry.text) == (EntryKind.NOTICE, "Continued")
    assert entry.actions == ()


@pytest.mark.parametrize(
    ("sending", "note"),
    [
        (Sending.AUTO, ""),
        (Sending.PINNED, "Pinned: always sent"),
        (Sending.LEFT_OUT, "Left out: not sent"),
    ],
)
def test_what_is_wanted_of_a_message_is_said_under_it(sending: Sending, note: str) -> None:
    question = Message("q", Role.USER, (Text("Why?"),), sending=sending)
    (entry,) = message_entries(question)
    assert entry.note == note
    (entry,) = message_entries(replace(ANSWER, usage=None, sending=sending))
    assert note in entry.note
