"""When the pieces of an answer come, and where a text is cut into them."""

import pytest

from desktop_app.demo.pacing import Pacing, coarse


def test_pacing_can_be_repeated():
    pacing = Pacing(first=0.5, shortest=0.06, longest=0.15, seed=3)
    first, second = pacing.waits(), pacing.waits()
    waits = [next(first) for _ in range(20)]
    assert waits == [next(second) for _ in range(20)]
    assert waits[0] == 0.5
    assert all(0.06 <= wait <= 0.15 for wait in waits[1:])


@pytest.mark.parametrize("text", ["", "a", "Hello there, this is a sentence. " * 30, "中文" * 90])
def test_coarse_pieces_lose_nothing(text):
    pieces = coarse(text)
    assert "".join(pieces) == text
    assert all(pieces)
    assert all(len(piece) <= 100 for piece in pieces)
    if len(text) > 100:
        assert len(pieces[0]) < 10
