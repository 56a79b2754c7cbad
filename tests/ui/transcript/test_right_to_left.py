"""Text that runs leftwards brings its list markers and quote bars to the right; ink tells."""

from __future__ import annotations

import pytest

from desktop_app.ui.transcript import Entry, EntryKind

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
    runs = [run.boundingRect() for run in line.glyphRuns(start, 4)]
    letters = runs[0].united(runs[-1])
    assert box.left() <= letters.left() < letters.right() <= box.right() + 1
    assert box.width() < 2 * letters.width()
