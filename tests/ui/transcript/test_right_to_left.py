"""Text that runs leftwards brings its list markers and quote bars to the right; ink tells."""

from __future__ import annotations

import pytest

from desktop_app.ui.transcript import Entry, EntryKind, utf16

ARABIC = "مرحبا بالعالم هذا نص"


def ink(view, markdown):
    """Columns of the first row that are painted, as fractions of its width."""
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "", markdown)])
    item = view.stack.by_id["a"]
    rows = view.stack.rows_of(item)
    top = view.stack.top_of(item) + item.row_top(0) - view.verticalScrollBar().value()
    left, width = item.chrome.row_left, item.row_width
    image = view.viewport().grab().toImage()
    ground = image.pixel(1, 1)
    columns = [
        x / width
        for x in range(width)
        if any(image.pixel(left + x, top + y) != ground for y in range(rows[0].height))
    ]
    assert columns, "nothing was painted"
    return columns


@pytest.mark.parametrize("marker", ["- ", "1. ", "- [x] ", "> "])
def test_a_marker_stands_before_the_text_in_its_own_direction(view, marker):
    leftward, rightward = ink(view, f"{marker}{ARABIC}"), ink(view, f"{marker}Hello world")
    assert min(leftward) > 0.5
    assert max(leftward) > 0.97
    assert min(rightward) < 0.03
    assert max(rightward) < 0.5


def test_a_leftward_item_does_not_move_its_neighbours(view):
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "", f"- one\n- {ARABIC}\n- three")])
    rows = view.stack.rows_of(view.stack.by_id["a"])
    assert [row.is_leftward for row in rows] == [False, True, False]
    assert rows[0].pieces[0].x == rows[2].pieces[0].x > rows[1].pieces[0].x == 0


def test_the_chip_of_inline_code_lies_under_its_letters_where_directions_meet(view):
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "", f"{ARABIC} `code` {ARABIC}")])
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    ((box, _look),) = row._chips
    line = row.pieces[0].layout.lineAt(0)
    start = row.text.index("code")
    places = [place.x() for run in line.glyphRuns(start, 4) for place in run.positions()]
    left, right = places[0], places[-1] + places[1] - places[0]
    assert box.left() < left < right < box.right()
    assert abs((left - box.left()) - (box.right() - right)) < 1.5
    assert box.width() < 2 * (right - left)


def test_the_chips_of_a_leftward_paragraph_stand_apart_from_the_words_beside_them(view):
    words = "עם"
    text = f"{words} `code` {words} `{words}` {words}"
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "", text)])
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    line = row.pieces[0].layout.lineAt(0)
    outside = [
        run.boundingRect() for start in (0, 8, 16) for run in line.glyphRuns(start, len(words))
    ]
    assert len(row._chips) == 2
    for box, _look in row._chips:
        assert not any(box.adjusted(-1, 0, 1, 0).intersects(other) for other in outside)


def test_the_chip_around_a_hidden_sign_is_no_wider_than_around_a_seen_one(view):
    boxes = []
    for sign in ("\u200b", "\u202e"):
        view.set_entries([Entry("a", EntryKind.ASSISTANT, "", f"so `a{sign}b` too")])
        ((box, _look),) = view.stack.rows_of(view.stack.by_id["a"])[0]._chips
        boxes.append(box)
    assert boxes[0].width() == pytest.approx(boxes[1].width(), abs=0.5)


@pytest.mark.parametrize("text", ["a\ufeffb", "a\u200db", "汉字", "é", "👩"])
def test_text_without_letters_of_leftward_scripts_runs_one_way(text):
    assert not utf16.has_right_to_left(text)


@pytest.mark.parametrize("text", ["א", "ع", "\ufefb", "a\u202eb", "\u200f", "𐤀"])
def test_text_with_letters_or_signs_that_turn_it_may_run_both_ways(text):
    assert utf16.has_right_to_left(text)
