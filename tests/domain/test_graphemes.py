"""Cutting between characters as people count them."""

from __future__ import annotations

import pytest

from desktop_app.domain.graphemes import boundary_before, boundary_from, unfinished

WHOLE = [
    "👩\u200d👩\u200d👧",
    "🇨🇳",
    "👍🏽",
    "e\u0301\u0323",
    "नि",
    "\u1112\u1161\u11ab",
    "❤️\u200d🔥",
    "a\u200db",
    "🏴\U000e0067\U000e0062\U000e007f",
]


@pytest.mark.parametrize("character", WHOLE)
@pytest.mark.parametrize("before", ["", "x", "汉", "🇩🇪", "👧"])
@pytest.mark.parametrize("after", ["x", "汉", "🇩🇪", "👧", " "])
def test_a_cut_stays_off_a_character(before, character, after):
    text, start, end = before + character + after, len(before), len(before) + len(character)
    for place in range(start + 1, end):
        assert boundary_from(text, place) == end
        assert boundary_before(text, place, 0) == start
    assert boundary_from(text, end) == end


def test_a_run_of_flags_is_cut_between_flags():
    text = "🇨🇳" * 5
    assert [boundary_from(text, place) for place in range(6)] == [0, 2, 2, 4, 4, 6]


def test_letters_and_lines_are_cut_anywhere_but_inside_a_line_end():
    assert [boundary_from("ab\r\nc", place) for place in range(6)] == [0, 1, 2, 4, 4, 5]
    assert boundary_before("a" + "\u0301" * 9, 5, 3) == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 0),
        ("a🎉", 1),
        ("🇨", 1),
        ("🇨🇳", 0),
        ("👩\u200d", 2),
        ("x👩\u200d👧", 3),
        ("❤️", 2),
        ("汉", 0),
    ],
)
def test_what_may_still_grow_is_counted(text, count):
    assert unfinished(text) == count
