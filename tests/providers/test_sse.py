from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.providers.openai_chat.sse import SseEvent, SseReader

EXAMPLES = 200


def read(*parts: bytes, **limits: int) -> list[SseEvent]:
    reader = SseReader(**limits)
    events = [event for part in parts for event in reader.feed(part)]
    last = reader.finish()
    return events if last is None else [*events, last]


def one(data: str, name: str = "") -> list[SseEvent]:
    return [SseEvent(name, data.encode())]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\n", one("a")),
        (b"data:a\n\n", one("a")),
        (b"data:  a\n\n", one(" a")),
        (b"data: a\r\n\r\n", one("a")),
        (b"data: a\r\r", one("a")),
        (b"data: a\ndata: b\n\n", one("a\nb")),
        (b"data: a\ndata\n\n", one("a\n")),
        (b"\xef\xbb\xbfdata: a\n\n", one("a")),
        (b": comment\n\ndata: a\n:\n\n", one("a")),
        (b"event: ping\n\n", []),
        (b"event: error\ndata: a\n\ndata: b\n\n", [SseEvent("error", b"a"), SseEvent("", b"b")]),
        (b"id: 1\nretry: 5\nunknown: x\n\n", []),
        (b"data:\n\n", []),
        (b"data: a\n", one("a")),
        (b"data: a", one("a")),
        (b"", []),
        (b"\n\n\n", []),
        (b"data: \xff\xe4\xb8\n\n", [SseEvent("", b"\xff\xe4\xb8")]),
        ("data: \u2028中文😀\n\n".encode(), one("\u2028中文😀")),
        (b"data: a\x0bb\x0cc\x1cd\x85e\n\n".replace(b"\x85", b""), one("a\x0bb\x0cc\x1cde")),
        (b"database: x\n\n", []),
    ],
)
def test_the_standards_forms(stream, events):
    assert read(stream) == events
    assert read(*(stream[i : i + 1] for i in range(len(stream)))) == events


texts = st.text(st.characters(exclude_characters="\r\n\x00", exclude_categories=["Cs"]), min_size=1)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    datas=st.lists(st.lists(texts, min_size=1, max_size=3), max_size=5),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    bom=st.booleans(),
    comment=st.booleans(),
    cuts=st.lists(st.integers(0, 400), max_size=12),
)
def test_cuts_and_line_ends_change_nothing(datas, newline, bom, comment, cuts):
    lines = []
    for data in datas:
        lines += [": keep-alive"] * comment + [f"data: {line}" for line in data] + [""]
    stream = ("\ufeff" * bom + "".join(line + newline for line in lines)).encode()
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    parts = [stream[a:b] for a, b in pairwise(places)]
    assert read(*parts) == [SseEvent("", "\n".join(data).encode()) for data in datas]


@settings(max_examples=EXAMPLES, deadline=None)
@given(parts=st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_are_survived(parts):
    for event in read(*parts, max_line=64, max_event=100):
        assert event.data


def test_limits_end_the_reading_but_keep_what_came():
    reader = SseReader(max_line=50, max_event=100)
    assert reader.feed(b"data: a\n\ndata: " + b"x" * 60 + b"\n\ndata: b\n\n") == one("a")
    assert reader.overflow
    assert reader.feed(b"data: c\n\n") == []
    assert reader.finish() is None

    reader = SseReader(max_line=50, max_event=100)
    assert reader.feed(b"data: a\n\n" + b"data: " + b"x" * 60) == one("a")
    assert reader.overflow

    reader = SseReader(max_line=50, max_event=100)
    assert reader.feed(b"data: 1234567890123456789012345678901234567890\n" * 4) == []
    assert reader.overflow
    assert reader.finish() is None


def test_a_long_line_in_small_parts_takes_time_in_proportion():
    """With a join per part, this would copy 4 GB."""
    reader = SseReader()
    for _ in range(64 * 1024):
        reader.feed(b"x" * 63)
    assert reader.overflow is None
    reader.feed(b"x" * 200_000)
    assert reader.overflow
