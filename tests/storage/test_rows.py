"""Every value of the domain comes back from its row."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.delta import (
    Delta,
    FinishDelta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    ToolResultDelta,
    UsageDelta,
)
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Part, ResultImage, Text, Thought, ToolCall, ToolResult
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.text import storable
from desktop_app.domain.usage import Usage
from desktop_app.storage import rows

TEXT = st.text()
ANYTHING = st.text(st.characters(categories=None))  # lone surrogates and NUL among them
STORABLE = ANYTHING.map(storable)
COUNT = st.none() | st.integers()
SECONDS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANYTHING,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANYTHING, inner, max_size=4),
    max_leaves=20,
)
USAGE = st.builds(Usage, COUNT, COUNT, COUNT, COUNT)
ERROR = st.builds(
    ErrorRecord,
    st.sampled_from(ErrorKind),
    st.none() | ANYTHING,
    COUNT,
    COUNT,
    st.none() | ANYTHING,
    ANYTHING,
    SECONDS,
)
RESULT = st.builds(
    ToolResult,
    ANYTHING,
    ANYTHING,
    STORABLE,
    st.booleans(),
    st.none() | ANYTHING,
    st.lists(st.builds(ResultImage, STORABLE, STORABLE), max_size=2).map(tuple),
    SECONDS,
)
PART = st.one_of(
    st.builds(Thought, STORABLE, SECONDS),
    st.builds(Text, STORABLE),
    st.builds(ToolCall, ANYTHING, ANYTHING, STORABLE),
    RESULT,
)
DELTA = st.one_of(
    st.builds(ThinkingDelta, STORABLE),
    st.builds(TextDelta, STORABLE),
    st.builds(ToolCallDelta, st.integers(0, 3), ANYTHING, ANYTHING, ANYTHING),
    st.builds(ToolResultDelta, RESULT),
    st.builds(UsageDelta, USAGE),
    st.builds(FinishDelta, STORABLE),
    st.builds(NoticeDelta, STORABLE),
)


def stored(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


@settings(deadline=None)  # the machine may be busy
@given(PART)
def test_parts(part: Part) -> None:
    row = rows.part_row(part)
    assert rows.part_value(row.kind.encode(), row.text.encode(), stored(row.meta)) == part


def folded(deltas: list[Delta]) -> tuple[object, ...]:
    builder = MessageBuilder(clock=lambda: 0.0)
    builder.add(deltas)
    return builder.parts, builder.usage, builder.finish_reason, builder.notices


@settings(deadline=None)
@given(st.lists(DELTA, max_size=12))
def test_deltas_add_up_to_the_same(deltas: list[Delta]) -> None:
    back = [
        rows.delta_value(row.kind.encode(), row.data.encode()) for row in rows.delta_rows(deltas)
    ]
    assert folded(back) == folded(deltas)


@settings(deadline=None)
@given(DELTA)
def test_one_delta(delta: Delta) -> None:
    (row,) = rows.delta_rows([delta])
    assert rows.delta_value(row.kind.encode(), row.data.encode()) == delta


def test_neighbours_of_one_text_become_one_row() -> None:
    deltas = [TextDelta("a"), TextDelta("b"), ThinkingDelta("c"), TextDelta("d"), TextDelta("e")]
    assert rows.delta_rows(deltas) == [("text", "ab"), ("thinking", "c"), ("text", "de")]


@settings(deadline=None)
@given(USAGE | st.none())
def test_usage(usage: Usage | None) -> None:
    assert rows.usage_value(stored(rows.usage_text(usage))) == usage


@settings(deadline=None)
@given(ERROR | st.none())
def test_errors(error: ErrorRecord | None) -> None:
    assert rows.error_value(stored(rows.error_text(error))) == error


@settings(deadline=None)
@given(st.lists(ANYTHING).map(tuple))
def test_notices(notices: tuple[str, ...]) -> None:
    assert rows.notices_value(stored(rows.notices_text(notices))) == notices


@settings(deadline=None)
@given(st.dictionaries(ANYTHING, JSON, max_size=6))
def test_the_received_message_is_byte_for_byte_the_same(received: dict[str, object]) -> None:
    packed = rows.pack_received(received)
    column = packed.encode() if isinstance(packed, str) else packed
    back = rows.json_value(rows.received_json(column))
    assert json.dumps(back) == json.dumps(received)


def test_a_long_received_message_is_compressed() -> None:
    received = {"content": "tea " * 10_000}
    packed = rows.pack_received(received)
    assert isinstance(packed, bytes)
    assert len(packed) < 1000
    assert rows.json_value(rows.received_json(packed)) == received


def test_nothing_received_is_nothing() -> None:
    assert rows.pack_received(None) is None
    assert rows.received_json(None) is None


@pytest.mark.parametrize(
    "read",
    [
        lambda: rows.json_value(b"{"),
        lambda: rows.json_value(b"\xff"),
        lambda: rows.json_value(b"[" * 100_000),
        lambda: rows.received_json(b"x\x9cnot zlib"),
        lambda: rows.usage_value(b'{"other":1}'),
        lambda: rows.usage_value(b"[1]"),
        lambda: rows.error_value(b'{"kind":"unheard of"}'),
        lambda: rows.error_value(b"{}"),
        lambda: rows.error_value(b"3"),
        lambda: rows.notices_value(b"{}"),
        lambda: rows.delta_value(b"tool_call", b"[1]"),
        lambda: rows.delta_value(b"tool_call", b"null"),
        lambda: rows.delta_value(b"unheard of", b""),
    ],
)
def test_damage_is_named(read) -> None:
    with pytest.raises(rows.DamagedRow):
        read()


@pytest.mark.parametrize("meta", [b"{", b"[]", b"\xff", b"null"])
@pytest.mark.parametrize("kind", [b"thought", b"tool_call", b"tool_result", b"\xff"])
def test_a_part_without_its_particulars_still_shows_its_text(kind, meta) -> None:
    part = rows.part_value(kind, b"tea \xff", meta)
    text = part.arguments if isinstance(part, ToolCall) else part.text
    assert text == "tea \ufffd"


def test_the_checksum_sees_where_a_field_ends() -> None:
    one = rows.checksum(b"user", [(b"text", b"ab", None)], None)
    other = rows.checksum(b"user", [(b"text", b"a", b"b")], None)
    third = rows.checksum(b"user", [(b"text", b"ab", b"-")], None)
    assert len({one, other, third}) == 3


@pytest.mark.parametrize(
    "images", [5, "x", {"a": 1}, [5], [["image/png"]], [["a", "b", "c"]], [None], [[1, 2]]]
)
def test_damaged_pictures_of_a_result_do_not_keep_it_from_opening(images):
    meta = json.dumps({"call_id": "c", "name": "f", "images": images}).encode()
    part = rows.part_value(b"tool_result", b"text", meta)
    assert part.text == "text"
    assert all(isinstance(image.data, str) for image in part.images)
