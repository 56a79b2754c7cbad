"""Text that can be stored, sent again and shown in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.text import REPLACEMENT, SurrogateJoiner, one_line, storable

# Every code point, halves of pairs and NUL far more often than chance has them.
_WILD = st.text(
    st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from("\x00\ud83d\ude00\ud800\udfff😀a"),
    )
)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("plain 中文 😀", "plain 中文 😀"),
        ("\ud83d\ude00", "😀"),
        ("a\ud83d", f"a{REPLACEMENT}"),
        ("\ude00\ud83d", REPLACEMENT * 2),
        ("\ud83d\ud83d\ude00", f"{REPLACEMENT}😀"),
        ("a\x00b", f"a{REPLACEMENT}b"),
    ],
    ids=ascii,
)
def test_storable(text, stored):
    assert storable(text) == stored


@given(_WILD)
def test_storable_text_can_be_stored_and_stays_so(text):
    stored = storable(text)
    stored.encode()
    assert "\x00" not in stored
    assert storable(stored) == stored
    assert stored.count("a") == text.count("a")


@given(st.text())
def test_sound_text_is_returned_as_it_is(text):
    text = text.replace("\x00", "")
    assert storable(text) is text


@given(_WILD, st.data())
def test_where_a_server_cuts_makes_no_difference(text, data):
    joiner = SurrogateJoiner()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    fragments = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    given_back = [joiner.feed(fragment) for fragment in fragments]
    assert "".join(given_back) + joiner.flush() == storable(text)
    assert joiner.flush() == ""
    for fragment in given_back:
        fragment.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("  one\n\ttwo  three ", "one two three"),
        ("one\u2028two\x85three", "one two three"),
        ("word " * 4, "word word word word"),
        ("word " * 5, "word word word word…"),
        ("a" * 30, "a" * 19 + "…"),
        ("你好" * 20, "你好" * 9 + "你…"),
        ("a sentence, and another", "a sentence, and…"),
        ("一句话很短，然后还有另外的一句话在后面", "一句话很短，然后还有另外的一句话在后面"),
    ],
)
def test_one_line(text, line):
    assert one_line(text, 20) == line


@given(st.text(), st.integers(1, 80))
def test_a_line_is_one_and_short_enough(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    if len(text) <= limit and not any(character.isspace() for character in text):
        assert line == text
