"""Ids that tell the calls of a message apart."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.call_ids import calls_of, distinct_ids
from desktop_app.domain.message import Message, Role, ToolCall

IDS = st.lists(st.sampled_from(["", "a", "b", "call_0123456789ab_0", "call_0123456789ab_1"]))


@given(IDS)
def test_each_has_one_of_its_own_and_sound_ones_stay(ids):
    distinct = distinct_ids(ids, "m-0123456789ab")
    assert len(set(distinct)) == len(ids)
    assert all(distinct)
    assert distinct == distinct_ids(ids, "m-0123456789ab")
    for place, call_id in enumerate(ids):
        if call_id and call_id not in distinct[:place]:
            assert distinct[place] == call_id


def test_those_of_two_messages_do_not_meet():
    assert not set(distinct_ids(["", ""], "m-aaaaaaaaaaaa")) & set(
        distinct_ids(["", ""], "m-bbbbbbbbbbbb")
    )


def test_calls_keep_their_names_and_arguments():
    calls = (ToolCall("x", "f", "1"), ToolCall("x", "g", "2"))
    first, second = calls_of(Message("m-aaaaaaaaaaaa", Role.ASSISTANT, calls))
    assert first == calls[0]
    assert second == ToolCall("call_aaaaaaaaaaaa_1", "g", "2")
