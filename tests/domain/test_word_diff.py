"""Two texts side by side: what is marked, and that nothing is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import word_diff as module
from desktop_app.domain.word_diff import Pieces, word_diff


def marked(pieces: Pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("left", "right", "left_marked", "right_marked"),
    [
        ("", "", "", ""),
        ("same", "same", "same", "same"),
        ("", "new", "", "[new]"),
        ("The cat sat.", "The dog sat.", "The [cat] sat.", "The [dog] sat."),
        ("a\nb\nc\n", "a\nc\n", "a\n[b\n]c\n", "a\nc\n"),
        ("one two", "one  two", "one[ ]two", "one[  ]two"),
        ("我喜欢茶。", "我不喜欢茶。", "我喜欢茶。", "我[不]喜欢茶。"),
        ("x = 1;", "x = 2;", "x = [1];", "x = [2];"),
        ("a\r\nb", "a\nb", "a[\r\n]b", "a[\n]b"),
    ],
)
def test_words_that_differ_are_marked(left, right, left_marked, right_marked):
    one, other = word_diff(left, right)
    assert (marked(one), marked(other)) == (left_marked, right_marked)


TEXTS = st.text(alphabet="ab 茶\n.\r\u2028🍵", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_texts_and_what_is_not_marked_is_common(left, right):
    one, other = word_diff(left, right)
    assert "".join(piece.text for piece in one) == left
    assert "".join(piece.text for piece in other) == right
    common = ["".join(p.text for p in side if not p.changed) for side in (one, other)]
    assert common[0] == common[1]
    if left == right:
        assert not any(piece.changed for piece in one)
    for side in (one, other):
        assert all(a.changed is not b.changed for a, b in pairwise(side))


def test_what_is_too_long_to_compare_is_marked_as_a_whole(monkeypatch):
    monkeypatch.setattr(module, "MOST_PAIRS", 100)
    left, right = "begin a b c d e f g h end", "begin h g f e d c b a end"
    assert marked(word_diff(left, right)[0]) == "begin [a b c d e f g h] end"
    monkeypatch.setattr(module, "MOST_LINES", 2)
    left, right = "1\n2\n3\n4\n5\n", "1\nx\n3\ny\n5\n"
    assert marked(word_diff(left, right)[0]) == "1\n[2\n3\n4\n]5\n"
