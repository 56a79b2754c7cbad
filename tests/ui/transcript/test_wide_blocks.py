"""Code and tables that are wider than their row: scrolling sideways, and finding things there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from desktop_app.ui.transcript.matching import Query
from tests.ui.transcript.blocks_kit import fence, row_point, rows, show, wheel
from tests.ui.transcript.test_view import assert_true_to_paint, message, wait_for_colours

LONG = "value = " + " + ".join(f"part_{n}" for n in range(60))
CODE = "\n".join([LONG, *(f"line_{n} = {n}" for n in range(90))])
TABLE = (
    "|" + "|".join(f" Column number {n} " for n in range(12)) + "|\n" + "|---" * 12 + "|\n"
) + "".join(
    "|" + "|".join(f" word{row} and {column} " for column in range(12)) + "|\n" for row in range(30)
)


@pytest.fixture
def unwrapped(view):
    view.set_code_look(wraps=False, folds=False)
    return view


def test_code_that_does_not_wrap_keeps_a_line_in_a_line(unwrapped):
    show(unwrapped, fence(LONG))
    (row,) = rows(unwrapped)
    assert row.pieces[0].layout.lineCount() == 1
    assert row.overflow > 1000
    unwrapped.set_code_look(wraps=True, folds=False)
    (row,) = rows(unwrapped)
    unwrapped.stack.by_id["a"].measure_row(0)
    assert row.pieces[0].layout.lineCount() > 3
    assert row.overflow == 0


@pytest.mark.parametrize(
    "turn",
    [
        {"angle": (0, -120), "shift": True},
        {"angle": (-120, 0)},
        {"angle": (-120, 0), "shift": True},
        {"pixels": (-60, 4), "angle": (-120, 8)},
    ],
    ids=["shift", "sideways", "turned by the system", "touchpad"],
)
def test_wheels_scroll_a_wide_block_sideways(unwrapped, turn):
    show(unwrapped, fence(CODE))
    before = unwrapped.verticalScrollBar().value()
    wheel(unwrapped, row_point(unwrapped, 0), **turn)
    assert rows(unwrapped)[0].shift == 60
    assert unwrapped.verticalScrollBar().value() == before


def test_a_wheel_that_turns_downwards_scrolls_the_conversation(unwrapped):
    show(unwrapped, fence(CODE))
    before = unwrapped.verticalScrollBar().value()
    wheel(unwrapped, row_point(unwrapped, 0), angle=(0, -120))
    wheel(unwrapped, row_point(unwrapped, 0), angle=(-30, -120))
    assert rows(unwrapped)[0].shift == 0
    assert unwrapped.verticalScrollBar().value() > before


def test_sideways_scrolling_ends_at_both_ends(unwrapped):
    show(unwrapped, fence(CODE))
    row, at = rows(unwrapped)[0], row_point(unwrapped, 0)
    wheel(unwrapped, at, pixels=(500, 0))
    assert row.shift == 0
    wheel(unwrapped, at, pixels=(-90_000, 0))
    assert row.shift == row.overflow > 0


def test_all_pieces_of_a_block_move_as_one(unwrapped):
    show(unwrapped, fence(CODE) + "\n" + fence(LONG))
    wheel(unwrapped, row_point(unwrapped, 0), pixels=(-80, 0))
    shifts = [row.shift for row in rows(unwrapped)]
    assert shifts == [80, 80, 80, 0]


def test_the_place_survives_layouts_styles_and_deltas(unwrapped):
    view = unwrapped
    show(view, "```python\n" + CODE[:900], streaming=True)
    wheel(view, row_point(view, 0), pixels=(-80, 0))
    view.append_text("a", CODE[900:])
    view.take_in_deltas()
    view.finish_entry("a")
    assert {row.shift for row in rows(view)} == {80}
    view.stack.by_id["a"].drop_layouts()
    assert rows(view)[0].shift == 80
    view.set_zoom(1.3)
    view.stack.by_id["a"].measure_row(0)
    rows(view)
    assert rows(view)[0].state.offset == 80
    assert rows(view)[0].shift == 80


def test_another_text_forgets_the_place(unwrapped):
    view = unwrapped
    show(view, fence(CODE))
    wheel(view, row_point(view, 0), pixels=(-80, 0))
    entry = view.entries()[0]
    from dataclasses import replace

    view.update_entry(replace(entry, text=fence(LONG)))
    assert rows(view)[0].shift == 0


def test_points_mean_the_text_that_is_seen_there(unwrapped):
    view = unwrapped
    show(view, fence(LONG))
    (row,) = rows(view)
    at = row_point(view, 0, 120)
    before = view.pointer.place(at.toPointF())[2]
    wheel(view, row_point(view, 0), pixels=(-round(10 * row.style.mono_advance), 0))
    after = view.pointer.place(at.toPointF())[2]
    assert after - before in (9, 10, 11)
    # What lies outside of the frame is out of reach.
    last_seen = view.pointer.place(row_point(view, 0, row.frame.right()).toPointF())[2]
    assert view.pointer.place(row_point(view, 0, row.frame.right() + 30).toPointF())[2] == last_seen
    assert last_seen < len(LONG) - 50


def test_a_selection_is_what_was_dragged_over(unwrapped, qtbot):
    view = unwrapped
    show(view, fence(LONG))
    wheel(view, row_point(view, 0), pixels=(-200, 0))
    start, end = row_point(view, 0, 100), row_point(view, 0, 300)
    first, last = (view.pointer.place(at.toPointF())[2] for at in (start, end))
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), end)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert view.selected_text() == LONG[first:last]
    assert first > 20


def test_dragging_a_selection_over_the_edge_scrolls_on(unwrapped, qtbot):
    view = unwrapped
    show(view, fence(LONG))
    (row,) = rows(view)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=row_point(view, 0, 60))
    qtbot.mouseMove(view.viewport(), row_point(view, 0, row.frame.right() + 12))
    qtbot.waitUntil(lambda: row.shift == row.overflow, timeout=10_000)
    qtbot.mouseRelease(
        view.viewport(), Qt.MouseButton.LeftButton, pos=row_point(view, 0, row.frame.right() + 12)
    )
    assert view.selected_text().endswith("part_59")


def bar_of(view, index=0):
    item = view.stack.by_id["a"]
    return view.controls._bar_of(item, rows(view)[index].state)  # what is painted


def test_the_bar_appears_under_the_mouse_and_can_be_dragged(unwrapped, qtbot):
    view = unwrapped
    show(view, fence(LONG))
    (row,) = rows(view)
    assert not view.controls.has_overlay()
    plain = view.grab().toImage()
    qtbot.mouseMove(view.viewport(), row_point(view, 0))
    assert view.controls.has_overlay()
    assert view.grab().toImage() != plain
    bar = bar_of(view)
    grip = bar.thumb.center().toPoint()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=grip)
    qtbot.mouseMove(view.viewport(), grip + QPoint(40, 30))
    assert 0 < row.shift < row.overflow
    assert abs(bar_of(view).thumb.center().x() - grip.x() - 40) < 1.5
    qtbot.mouseMove(view.viewport(), grip + QPoint(2_000, 30))
    assert row.shift == row.overflow
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=grip + QPoint(2_000, 30))
    assert not view.selection
    qtbot.mouseMove(view.viewport(), QPoint(3, view.viewport().height() - 3))
    assert not view.controls.has_overlay()


def test_the_bar_of_a_long_block_stays_in_sight(unwrapped, qtbot):
    show(unwrapped, fence(CODE))
    qtbot.mouseMove(unwrapped.viewport(), row_point(unwrapped, 0, y=60))
    groove = bar_of(unwrapped).groove
    height = unwrapped.viewport().height()
    assert height - 20 < groove.bottom() <= height


def test_a_block_that_is_seen_only_at_its_end_has_its_bar(unwrapped, qtbot):
    view = unwrapped
    view.set_entries([message("a", fence("x = 1\n" * 600 + LONG))])
    assert rows(view)[0].pieces is None
    at = row_point(view, len(rows(view)) - 1)
    qtbot.mouseMove(view.viewport(), at)
    groove = bar_of(view).groove
    assert groove.width() > 300
    wheel(view, at, pixels=(-100, 0))
    assert rows(view)[-1].shift == 100


def test_keys_scroll_the_block_whose_button_has_the_focus(unwrapped, qtbot):
    view = unwrapped
    show(view, fence(LONG))
    (row,) = rows(view)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert row.shift == 0
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    step = row.shift
    assert step > 20
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert row.shift == 2 * step
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert row.shift == step
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert row.shift == row.overflow
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert row.shift == 0


def test_a_wide_table_keeps_its_words_whole_and_scrolls(view):
    show(view, TABLE)
    view.stack.by_id["a"].measure_row(0)
    row = rows(view)[0]
    assert row.overflow > 0
    head = [piece.layout.text() for piece in row.pieces[:12]]
    assert head == [f"Column number {n}" for n in range(12)]
    assert all(piece.layout.lineCount() == 1 for piece in row.pieces)
    wheel(view, row_point(view, 0), pixels=(-100, 0))
    assert [each.shift for each in rows(view)] == [100, 100, 100]


def test_a_table_that_fits_by_wrapping_wraps(view):
    prose = "a sentence of some length that may well be set on two lines or on three " * 2
    show(view, f"| Name | What it is |\n|--|--|\n| one | {prose} |\n| two | {prose} |\n")
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    assert row.overflow == 0
    assert row.pieces[3].layout.lineCount() > 1


def test_chinese_sentences_wrap_too(view):
    prose = "这是一个没有空格的句子，完全可以在任何地方换行，" * 3
    show(view, f"| 名称 | 说明 |\n|--|--|\n| 甲 | {prose} |\n| 乙 | {prose} |\n")
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    assert row.overflow == 0
    assert row.pieces[3].layout.lineCount() > 1


def test_the_bar_follows_the_mouse_while_the_conversation_scrolls(unwrapped, qtbot):
    view = unwrapped
    show(view, "words\n\n" * 16 + fence(CODE))
    at = QPoint(200, 200)
    qtbot.mouseMove(view.viewport(), at)
    assert not view.controls.has_overlay()
    wheel(view, at, angle=(0, -2400))
    assert view.pointer.hit(at.toPointF()).index == 16
    assert view.controls.has_overlay()


def test_a_column_has_a_greatest_width(view):
    cell = "word " * 70
    show(view, f"| a | b | c |\n|--|--|--|\n| {cell} | {cell} | {cell} |\n")
    view.resize(420, 500)
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    assert row.content_width <= 3 * row.style.em(30)
    assert row.pieces[3].layout.lineCount() > 4


def test_columns_that_streamed_are_those_that_are_opened(view):
    show(view, "", streaming=True)
    for start in range(0, len(TABLE), 37):
        view.append_text("a", TABLE[start : start + 37])
        view.take_in_deltas()
        view.grab()
    view.finish_entry("a")
    item = view.stack.by_id["a"]
    item.measure(0, 10_000)
    streamed = [[piece.x for piece in row.pieces] for row in rows(view)]
    show(view, TABLE)
    view.stack.by_id["a"].measure(0, 10_000)
    assert [[piece.x for piece in row.pieces] for row in rows(view)] == streamed


def test_links_in_a_table_are_found_where_they_are_seen(view):
    wide = " | ".join(f"{n} words in a cell" for n in range(9))
    show(view, f"| x | {wide} |\n" + "|--" * 10 + f"|\n| [go](https://a.b) | {wide} |\n")
    item = view.stack.by_id["a"]
    item.measure_row(0)
    (row,) = rows(view)
    piece = row.pieces[10]
    at = row_point(view, 0, piece.x + 6, piece.y + 8)
    assert view.pointer.hit(at.toPointF()).link == "https://a.b"
    wheel(view, at, pixels=(-200, 0))
    assert view.pointer.hit(at.toPointF()).link == ""
    wheel(view, at, pixels=(200, 0))
    assert view.pointer.hit(at.toPointF()).link == "https://a.b"


def test_right_to_left_cells_scroll_like_others(view):
    words = " | ".join(["שלום עולם ומלואו"] * 12)
    show(view, f"| {words} |\n" + "|--" * 12 + f"|\n| {words} |\n")
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    wheel(view, row_point(view, 0), pixels=(-90_000, 0))
    assert row.shift == row.overflow > 0
    last = row.pieces[-1]
    at = row_point(view, 0, last.x + 20 - row.shift, last.y + 8)
    assert view.pointer.place(at.toPointF())[2] >= last.start
    view.selection.set((0, 0, 0), (0, 0, 400))
    view.grab()


def test_endless_lines_go_on_below_after_a_thousand_columns(unwrapped):
    show(unwrapped, fence("x" * 3_500, ""))
    item = unwrapped.stack.by_id["a"]
    item.measure_row(0)
    (row,) = rows(unwrapped)
    assert row.pieces[0].layout.lineCount() == 4


def test_scrolling_down_over_a_bar_leaves_the_pixels_of_a_fresh_paint(unwrapped, qtbot):
    show(unwrapped, fence(CODE) + "\n\n" + "words\n\n" * 40)
    qtbot.mouseMove(unwrapped.viewport(), row_point(unwrapped, 0, y=60))
    wait_for_colours(unwrapped, qtbot)
    for pixels in ((0, -90), (-120, 0), (0, -60), (40, 0)):
        wheel(unwrapped, QPoint(200, 200), pixels=pixels, angle=pixels)
        wait_for_colours(unwrapped, qtbot)
        assert_true_to_paint(unwrapped)


def test_what_is_found_in_a_wide_block_is_scrolled_to(unwrapped, qtbot):
    view = unwrapped
    show(view, "before\n\n" + fence(LONG))
    row = rows(view)[1]
    view.finder.search(Query("part_59"))
    qtbot.waitUntil(lambda: row.shift > 0)
    found = view.caret.places.rect((0, 1, row.text.index("part_59")))
    left = view.stack.items[0].chrome.row_left
    assert row.frame.left() <= found.x() - left <= row.frame.right()


def test_the_text_cursor_takes_a_wide_block_along(unwrapped, qtbot):
    view = unwrapped
    show(view, fence(LONG))
    (row,) = rows(view)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=row_point(view, 0, 60))
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert row.shift > 0
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert row.shift == 0


def test_what_is_found_in_folded_code_is_unfolded(view, qtbot):
    view.set_code_look(wraps=True, folds=True)
    show(view, fence("\n".join(f"line_{number}" for number in range(60))))
    assert rows(view)[0].is_folded
    view.finder.search(Query("line_55"))
    qtbot.waitUntil(lambda: not rows(view)[0].is_folded)
