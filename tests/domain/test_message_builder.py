"""How deltas become the parts of a message."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.delta import (
    TEXT_WAS_THINKING,
    FinishDelta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    ToolResultDelta,
    UsageDelta,
)
from desktop_app.domain.message import Text, Thought, ToolCall, ToolResult
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.usage import Usage


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def builder(clock):
    return MessageBuilder(clock)


def test_nothing_yet(builder):
    assert builder.parts == ()
    assert not builder.has_text
    assert not builder.has_anything
    assert (builder.usage, builder.finish_reason, builder.notices) == (None, None, [])


def test_stretches_keep_the_order_in_which_they_came(builder):
    builder.add([ThinkingDelta("a"), ThinkingDelta("b"), TextDelta("c")])
    builder.add([TextDelta("d")])
    builder.add([ThinkingDelta("e"), TextDelta("f")])
    assert builder.parts == (Thought("ab", 0.0), Text("cd"), Thought("e", 0.0), Text("f"))


def test_a_thought_lasts_until_something_else_begins(builder, clock):
    builder.add([ThinkingDelta("a")])
    clock.now += 1.5
    builder.add([ThinkingDelta("b")])
    assert builder.parts == (Thought("ab", 1.5),)
    clock.now += 1
    builder.add([TextDelta("c")])
    clock.now += 50
    builder.add([TextDelta("d")])
    assert builder.parts[0] == Thought("ab", 2.5)


@pytest.mark.parametrize("end", [FinishDelta("length"), ToolCallDelta(0, "id", "name")])
def test_the_end_and_a_tool_call_end_a_thought_too(builder, clock, end):
    builder.add([ThinkingDelta("a")])
    clock.now += 2
    builder.add([end])
    clock.now += 2
    assert builder.parts[0] == Thought("a", 2.0)


def test_empty_fragments_begin_nothing(builder):
    builder.add([ThinkingDelta(""), TextDelta("")])
    assert not builder.has_anything
    builder.add([TextDelta("a"), ThinkingDelta(""), TextDelta("b")])
    assert builder.parts == (Text("ab"),)


def test_tool_calls_grow_side_by_side(builder):
    builder.add(
        [
            ToolCallDelta(0, "call_1", "read", '{"a'),
            ToolCallDelta(1, "call_2", "write"),
            ToolCallDelta(0, arguments='": 1}'),
            ToolCallDelta(1, arguments="{}"),
        ]
    )
    assert builder.parts == (
        ToolCall("call_1", "read", '{"a": 1}'),
        ToolCall("call_2", "write", "{}"),
    )


def test_the_name_of_a_call_may_come_late_and_is_not_changed_after(builder):
    builder.add([ToolCallDelta(0, arguments="{"), ToolCallDelta(0, "call_1", "read", "}")])
    builder.add([ToolCallDelta(0, "call_9", "other")])
    assert builder.parts == (ToolCall("call_1", "read", "{}"),)


def test_text_round_a_call_is_two_texts(builder):
    builder.add([TextDelta("a"), ToolCallDelta(0, "c", "n"), TextDelta("b")])
    assert builder.parts == (Text("a"), ToolCall("c", "n", ""), Text("b"))


def test_what_has_arrived(builder):
    builder.add([ThinkingDelta("a")])
    assert (builder.has_anything, builder.has_text) == (True, False)
    builder.add([TextDelta("b")])
    assert (builder.has_anything, builder.has_text) == (True, True)


def test_what_stands_beside_the_parts(builder):
    builder.add(
        [
            NoticeDelta("output_sensitive"),
            NoticeDelta("output_sensitive"),
            NoticeDelta("other"),
            FinishDelta("stop"),
            UsageDelta(Usage(prompt=1)),
            UsageDelta(Usage(prompt=2)),
        ]
    )
    assert builder.parts == ()
    assert builder.notices == ["output_sensitive", "other"]
    assert builder.finish_reason == "stop"
    assert builder.usage == Usage(prompt=2)


_DELTAS = st.lists(
    st.one_of(
        st.builds(ThinkingDelta, st.text(max_size=3)),
        st.builds(TextDelta, st.text(max_size=3)),
        st.builds(ToolCallDelta, st.integers(0, 2), arguments=st.text(max_size=3)),
        st.builds(FinishDelta, st.sampled_from(["stop", "length"])),
    )
)


def folded(batches):
    builder = MessageBuilder(lambda: 0.0)
    for batch in batches:
        builder.add(batch)
    return builder


@given(_DELTAS)
def test_nothing_is_lost_doubled_or_mixed(deltas):
    parts = folded([deltas]).parts
    for delta_type, part_type in ((ThinkingDelta, Thought), (TextDelta, Text)):
        arrived = "".join(delta.text for delta in deltas if isinstance(delta, delta_type))
        assert "".join(part.text for part in parts if isinstance(part, part_type)) == arrived
    calls = [delta for delta in deltas if isinstance(delta, ToolCallDelta)]
    first_seen = dict.fromkeys(delta.position for delta in calls)
    assert [part.arguments for part in parts if isinstance(part, ToolCall)] == [
        "".join(delta.arguments for delta in calls if delta.position == position)
        for position in first_seen
    ]


@given(_DELTAS)
def test_neighbours_of_one_kind_are_one_part(deltas):
    for one, other in itertools.pairwise(folded([deltas]).parts):
        assert isinstance(one, ToolCall) or type(one) is not type(other)


@given(_DELTAS, st.data())
def test_how_deltas_are_batched_makes_no_difference(deltas, data):
    cut = data.draw(st.integers(0, len(deltas)))
    whole, cut_up = folded([deltas]), folded([deltas[:cut], [], deltas[cut:]])
    assert whole.parts == cut_up.parts
    assert whole.finish_reason == cut_up.finish_reason


def test_reading_the_parts_changes_nothing(builder):
    builder.add([TextDelta("a")])
    earlier = builder.parts
    builder.add([TextDelta("b")])
    assert earlier == (Text("a"),)
    assert builder.parts == builder.parts == (Text("ab"),)


def test_text_that_turns_out_to_be_thinking_becomes_a_thought() -> None:
    builder = MessageBuilder()
    builder.add([TextDelta("Let me "), TextDelta("see.\n\n")])
    assert builder.parts == (Text("Let me see.\n\n"),)
    builder.add([NoticeDelta(TEXT_WAS_THINKING), TextDelta("Yes.")])
    thought, text = builder.parts
    assert isinstance(thought, Thought)
    assert thought.text == "Let me see."
    assert text == Text("Yes.")
    assert builder.notices == []


def test_a_notice_of_thinking_with_nothing_before_it_changes_nothing() -> None:
    builder = MessageBuilder()
    builder.add([NoticeDelta(TEXT_WAS_THINKING), TextDelta("Yes.")])
    assert builder.parts == (Text("Yes."),)


def test_results_stand_in_the_order_in_which_they_came(builder):
    late, early = ToolResult("b", "look", "2", seconds=0.5), ToolResult("a", "look", "1")
    builder.add([ToolResultDelta(late)])
    builder.add([ToolResultDelta(early)])
    assert builder.parts == (late, early)
    assert builder.has_anything
    assert not builder.has_text
