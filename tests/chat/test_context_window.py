"""What of a branch is chosen. Each message takes as many tokens as its text is long."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.context_window import Room, room_of, select, summary_message
from desktop_app.chat.outgoing import Reason
from desktop_app.chat.turns import rounds_of, turns_of
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import (
    CONTINUATION,
    Message,
    Role,
    Sending,
    Text,
    ToolCall,
    ToolResult,
)


def tokens_of(message):
    return sum(len(getattr(part, "text", "")) for part in message.parts)


def message(name, role, size=10, **more):
    return Message(name, role, (Text("x" * size),), **more)


def turn(number, *, rounds=0, size=10, **more):
    """A question, rounds with a call and its result, and an answer."""
    found = [message(f"q{number}", Role.USER, size, **more)]
    for round_ in range(rounds):
        call_id = f"c{number}.{round_}"
        call = ToolCall(call_id, "f", "{}")
        result = ToolResult(call_id, "f", "x" * size)
        found.append(Message(f"a{call_id}", Role.ASSISTANT, (Text("x" * size), call)))
        found.append(Message(f"t{call_id}", Role.TOOL, (result,)))
    return [*found, message(f"a{number}", Role.ASSISTANT, size)]


NEXT = message("next", Role.USER)


def ids(messages):
    return [m.id for m in messages]


def test_with_room_all_of_it_goes():
    branch = [*turn(1, rounds=2), *turn(2), NEXT]
    for limit in (None, 100, 1000):
        chosen = select(branch, limit, tokens_of)
        assert list(chosen.messages) == branch
        assert (chosen.left, chosen.cut, chosen.fits) == ({}, "", True)
        assert chosen.tokens == 90


def test_the_oldest_turns_leave_whole():
    branch = [*turn(1, rounds=2), *turn(2), *turn(3), NEXT]
    chosen = select(branch, 109, tokens_of)
    assert ids(chosen.messages) == ["q2", "a2", "q3", "a3", "next"]
    assert set(chosen.left) == {m.id for m in turn(1, rounds=2)}
    assert set(chosen.left.values()) == {Reason.WINDOW_FULL}
    assert chosen.cut == "q2"
    assert select(branch, 49, tokens_of).cut == "q3"
    assert select(branch, 49, tokens_of, beside=30).cut == "next"


def test_what_is_pinned_stays():
    branch = [*turn(1, sending=Sending.PINNED), *turn(2), *turn(3), NEXT]
    chosen = select(branch, 50, tokens_of)
    assert ids(chosen.messages) == ["q1", "a1", "q3", "a3", "next"]
    assert chosen.cut == "q3"
    assert chosen.fits


def test_what_the_person_left_out_does_not_go():
    branch = [*turn(1), *turn(2, rounds=1), NEXT]
    without_turn = [replace(branch[0], sending=Sending.LEFT_OUT), *branch[1:]]
    chosen = select(without_turn, None, tokens_of)
    assert chosen.left == {"q1": Reason.LEFT_OUT, "a1": Reason.LEFT_OUT}
    assert chosen.cut == ""
    without_round = [replace(m, sending=Sending.LEFT_OUT) if m.id == "ac2.0" else m for m in branch]
    chosen = select(without_round, None, tokens_of)
    assert set(chosen.left) == {"ac2.0", "tc2.0"}


def test_the_newest_question_goes_whatever_is_wanted_of_it():
    asked = replace(NEXT, sending=Sending.LEFT_OUT)
    assert select([*turn(1), asked], None, tokens_of).messages[-1] == asked


def test_too_large_a_message_is_told():
    chosen = select([*turn(1), message("next", Role.USER, 101)], 100, tokens_of)
    assert ids(chosen.messages) == ["next"]
    assert not chosen.fits
    pinned = [*turn(1, size=60, sending=Sending.PINNED), NEXT]
    assert not select(pinned, 100, tokens_of).fits


def test_the_rounds_of_the_newest_turn_are_never_cut():
    branch = [*turn(1), *turn(2, rounds=3)[:-1]]
    chosen = select(branch, 70, tokens_of)
    assert ids(chosen.messages) == ids(branch[2:])
    assert chosen.fits


def test_the_rest_of_an_answer_belongs_to_its_turn():
    more = message("more", Role.USER, notices=(CONTINUATION,))
    branch = [*turn(1), more, message("rest", Role.ASSISTANT), *turn(2), NEXT]
    assert ids(select(branch, 40, tokens_of).messages) == ["q2", "a2", "next"]


def test_a_summary_stands_for_what_is_above_it():
    branch = [
        *turn(1, sending=Sending.PINNED),
        *turn(2),
        *turn(3, summary="They spoke of tea."),
        *turn(4),
        NEXT,
    ]
    chosen = select(branch, None, tokens_of)
    summary = summary_message(branch[4])
    assert "They spoke of tea." in summary.text
    assert ids(chosen.messages) == ["q1", "a1", summary.id, "q3", "a3", "q4", "a4", "next"]
    assert chosen.left == {"q2": Reason.SUMMARISED, "a2": Reason.SUMMARISED}
    assert chosen.cut == "q3"
    # It stays when the turn that it stands before has to leave.
    tight = select(branch, tokens_of(summary) + 55, tokens_of)
    assert ids(tight.messages) == ["q1", "a1", summary.id, "q4", "a4", "next"]
    assert tight.cut == "q4"


def test_the_last_of_several_summaries_counts():
    branch = [*turn(1), *turn(2, summary="one"), *turn(3, summary="two"), NEXT]
    chosen = select(branch, None, tokens_of)
    assert ids(chosen.messages) == ["q3/summary", "q3", "a3", "next"]


def test_a_branch_that_was_imported_without_a_question():
    branch = [message("a0", Role.ASSISTANT), *turn(1), NEXT]
    assert ids(select(branch, 30, tokens_of).messages) == ["q1", "a1", "next"]
    assert select([], 1, tokens_of).messages == ()


@pytest.mark.parametrize(
    ("model", "limit", "room"),
    [
        ("MiniMax-M2", None, Room(204_800, 25_600)),
        ("MiniMax-M2", 4096, Room(204_800, 4096)),
        ("MiniMax-M3", None, Room(1_000_000, 125_000)),
        ("house-blend", 4096, Room(None)),
    ],
)
def test_room_is_kept_for_the_answer(model, limit, room):
    assert room_of(model, Parameters(max_tokens=limit)) == room
    assert room.for_request is None or room.for_request == room.window - room.reserve


TURNS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 40), st.sampled_from(Sending), st.booleans()),
    max_size=8,
)


@given(TURNS, st.integers(0, 400))
def test_turns_stay_whole_and_the_oldest_leave_first(shapes, limit):
    branch = []
    for number, (rounds, size, sending, is_summarised) in enumerate(shapes):
        summary = "s" if is_summarised else ""
        branch += turn(number, rounds=rounds, size=size, sending=sending, summary=summary)
    branch.append(NEXT)
    chosen = select(branch, limit, tokens_of)
    going = {m.id for m in chosen.messages}
    assert going | set(chosen.left) >= {m.id for m in branch}
    assert not going & set(chosen.left)
    assert "next" in going
    full = []
    for one in turns_of(branch):
        whys = {chosen.left.get(m.id) for m in one}
        assert len(whys) == 1
        if whys == {Reason.WINDOW_FULL}:
            assert one[0].sending is Sending.AUTO
        full.append(whys)
    # Whatever left for want of room is older than all that stayed and could have left.
    could_leave = [
        why for one, why in zip(turns_of(branch)[:-1], full, strict=False)
        if one[0].sending is Sending.AUTO and why <= {None, Reason.WINDOW_FULL}
    ]  # fmt: skip
    kept = [why == {None} for why in could_leave]
    assert kept == sorted(kept)
    if chosen.fits:
        assert sum(map(tokens_of, chosen.messages)) == chosen.tokens <= limit
    else:
        assert not any(kept)


def test_rounds_are_an_answer_with_its_results():
    one = turn(1, rounds=1)
    assert [ids(r) for r in rounds_of(one)] == [["q1"], ["ac1.0", "tc1.0"], ["a1"]]
