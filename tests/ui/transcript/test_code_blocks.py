"""The buttons of code blocks: copy, wrap, save and fold, by mouse, key and for screen readers."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.ui.transcript.entry_folding import toggle_details
from tests.ui.transcript.blocks_kit import button_labels, button_point, fence, row_point, rows, show

LINES = "\n".join(f"line_{n} = {n}" for n in range(90))


def press(view, qtbot, identity):
    at = button_point(view, identity)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def heights(view):
    item = view.stack.by_id["a"]
    item.measure(0, 10_000)
    return [row.height for row in rows(view)]


# -- which buttons there are -------------------------------------------------------------------


def test_a_short_block_has_copy_and_save(view):
    show(view, fence("x = 1"))
    assert button_labels(view) == {
        "block:0:copy": "Copy code",
        "block:0:save": "Save code as a file…",
    }


def test_a_long_line_and_many_lines_bring_wrap_and_fold(view):
    show(view, fence("x = " + "1 + " * 60 + "1"))
    assert button_labels(view)["block:0:wrap"] == "Do not wrap lines"
    show(view, fence("\n".join("x" * 25)))
    assert button_labels(view)["block:0:fold"] == "Fold code"
    show(view, fence("\n".join("x" * 24)))
    assert "block:0:fold" not in button_labels(view)


def test_details_have_no_buttons(view):
    show(view, "text", details="x\n" * 80)
    toggle_details(view, view.stack.by_id["a"])
    assert button_labels(view) == {}


@pytest.mark.parametrize("width", [260, 420, 1200])
def test_buttons_lie_in_the_header_without_touching(view, width):
    view.resize(width, 600)
    show(view, fence(LINES, 'python title="' + "long" * 60 + '.py"'))
    item = view.stack.by_id["a"]
    boxes = [box for _, _, box in view.controls.buttons_of(item)]
    assert len(boxes) == 4
    for left, right in itertools.pairwise(boxes):
        assert left.right() <= right.left()
    row = rows(view)[0]
    left = item.chrome.row_left
    assert boxes[0].left() > left + row.style.em(3)
    assert boxes[-1].right() <= left + row.width
    assert all(box.height() <= row.header_height for box in boxes)


def test_the_header_gets_its_buttons_while_code_streams(view, qtbot):
    from tests.ui.transcript.test_view import assert_true_to_paint, wait_for_colours

    show(view, "", streaming=True)
    view.append_text("a", "```python\n")
    for n in range(30):
        view.append_text("a", f"x_{n} = {n}" + (" + 1" * 40 if n == 4 else "") + "\n")
        view.take_in_deltas()
        wait_for_colours(view, qtbot)
        assert_true_to_paint(view)
    assert set(button_labels(view)) == {f"block:0:{n}" for n in ("copy", "save", "wrap", "fold")}


# -- copy and save -----------------------------------------------------------------------------


def test_a_line_that_was_cut_is_copied_as_one(view, qtbot):
    code = "a = 1\n" + "x" * 9_500 + "\n" + "b = 2\n" * 40 + "end"
    show(view, fence(code, "") + "\nafter")
    press(view, qtbot, "block:0:copy")
    assert QGuiApplication.clipboard().text() == code
    view.select_all()
    item = view.stack.by_id["a"]
    last = len(item.rows) - 1
    view.selection.set((0, 0, 0), (0, last, 5))
    assert view.selected_text() == code + "\n\nafter"
    assert view.plain_text("a") == code + "\n\nafter"


def test_what_was_copied_is_said_in_the_header_for_a_while(view, qtbot):
    show(view, fence("x = 1\u200b\u202e"))
    plain = view.grab().toImage()
    press(view, qtbot, "block:0:copy")
    (row,) = rows(view)
    assert view.controls.said_of(row) == "Copied, with 2 invisible characters"
    assert QGuiApplication.clipboard().text() == "x = 1\u200b\u202e"
    assert view.grab().toImage() != plain
    qtbot.waitUntil(lambda: view.controls.said_of(row) == "", timeout=5000)
    show(view, fence("x = 1"))
    press(view, qtbot, "block:0:copy")
    assert view.controls.said_of(rows(view)[0]) == "Copied"


def test_save_gives_a_name_and_the_whole_code(view, qtbot):
    show(view, "text\n\n" + fence(LINES, "py title=src/app.py"))
    with qtbot.waitSignal(view.code_save_requested) as asked:
        press(view, qtbot, "block:1:save")
    assert asked.args == ["app.py", LINES]


def test_tool_tips_name_the_buttons(view):
    show(view, fence("x = 1"))
    hit = view.pointer.hit(button_point(view, "block:0:save").toPointF())
    assert view.controls.tip(hit) == "Save code as a file…"
    assert view.controls.tip(view.pointer.hit(row_point(view, 0).toPointF())) == ""


# -- wrap --------------------------------------------------------------------------------------


def test_wrap_is_the_settings_until_the_reader_says_otherwise(view, qtbot):
    long = "x = " + "1 + " * 60 + "1"
    show(view, fence(long) + "\n" + fence(long))
    wrapped = heights(view)
    press(view, qtbot, "block:0:wrap")
    assert heights(view)[0] < wrapped[0]
    assert heights(view)[1] == wrapped[1]
    assert button_labels(view)["block:0:wrap"] == "Wrap lines"
    view.set_code_look(wraps=False, folds=False)
    press(view, qtbot, "block:0:wrap")
    view.set_zoom(1.0)
    assert heights(view)[0] == wrapped[0]
    assert heights(view)[1] < wrapped[1]


# -- fold --------------------------------------------------------------------------------------


def test_a_folded_block_shows_its_beginning_and_how_much_there_is(view, qtbot):
    show(view, fence(LINES) + "\nafter")
    whole = sum(heights(view))
    press(view, qtbot, "block:0:fold")
    first, *rest, after = heights(view)
    style = view.stack.style
    assert rest == [0, 0]
    assert 18 * style.mono_pitch < first < 25 * style.mono_pitch
    assert after > 0
    assert button_labels(view)["block:0:fold"] == "Show all 90 lines"
    press(view, qtbot, "block:0:fold")
    assert sum(heights(view)) == whole


def test_the_bar_of_a_folded_block_unfolds_it(view, qtbot):
    view.resize(700, 900)
    show(view, fence(LINES))
    press(view, qtbot, "block:0:fold")
    row = rows(view)[0]
    bar = row.buttons()[-1]
    at = row_point(view, 0, bar.box.center().x(), bar.box.center().y())
    assert view.pointer.hit(at.toPointF()).part == "fold"
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not row.is_folded


def test_folding_moves_nothing_above_and_keeps_the_reading_place(view, qtbot):
    show(view, "intro\n\n" * 30 + fence(LINES) + "\n\n" + "after\n\n" * 60)
    item = view.stack.by_id["a"]
    item.measure(0, 100_000)
    view.scrolling.to(lambda: view.stack.top_of(item) + item.row_top(28))
    before = row_point(view, 30, y=0).y()
    for _ in range(2):
        press(view, qtbot, "block:30:fold")
        assert row_point(view, 30, y=0).y() == before
    # Folded from far below, by key or screen reader: what is in sight stays where it is.
    view.scrolling.to(lambda: view.stack.top_of(item) + item.row_top(38))
    before = row_point_of_text(view, 40)
    for _ in range(2):
        view.press_action(item, "block:30:fold")
        assert row_point_of_text(view, 40) == before


def row_point_of_text(view, index):
    item = view.stack.by_id["a"]
    return view.stack.top_of(item) + item.row_top(index) - view.verticalScrollBar().value()


def test_folded_text_is_selected_copied_and_read_whole(view, qtbot):
    view.set_code_look(wraps=True, folds=True)
    show(view, "before\n\n" + fence(LINES) + "\nafter")
    assert rows(view)[1].is_folded
    view.selection.set((0, 0, 0), (0, 4, 5))
    assert view.selected_text() == f"before\n\n{LINES}\n\nafter"
    press(view, qtbot, "block:1:copy")
    assert QGuiApplication.clipboard().text() == LINES
    assert LINES in view.plain_text("a")
    view.controls.reveal(view.stack.by_id["a"], 3, 0)
    assert not rows(view)[1].is_folded


def test_a_point_below_what_is_shown_means_the_last_line_shown(view):
    view.set_code_look(wraps=True, folds=True)
    view.resize(700, 900)
    show(view, fence(LINES))
    row = rows(view)[0]
    place = view.pointer.place(row_point(view, 0, 600, row.height - row.bottom - 8).toPointF())
    assert place[:2] == (0, 0)
    assert row.text[: place[2]].count("\n") == 17


def test_what_streams_is_not_folded_and_stays_so(view):
    view.set_code_look(wraps=True, folds=True)
    show(view, "", streaming=True)
    for start in range(0, len(LINES), 200):
        view.append_text("a", ("```py\n" if not start else "") + LINES[start : start + 200])
        view.take_in_deltas()
        assert not any(row.is_folded for row in rows(view))
    view.append_text("a", "\n```\n")
    view.finish_entry("a")
    assert not any(row.is_folded for row in rows(view))
    show(view, fence(LINES))
    assert rows(view)[0].is_folded


def test_short_code_and_details_are_never_folded(view):
    view.set_code_look(wraps=True, folds=True)
    show(view, fence("\n".join("x" * 24)), details="x\n" * 2_000)
    toggle_details(view, view.stack.by_id["a"])
    assert not any(row.is_folded for row in rows(view))


def test_a_folded_long_block_paints_and_scrolls(view, qtbot):
    from tests.ui.transcript.test_view import assert_true_to_paint, wait_for_colours

    view.set_code_look(wraps=False, folds=True)
    text = "> - " + fence(LINES.replace("\n", "\n>   ")).replace("```\n", ">   ```\n")
    show(view, "\n\n".join([fence(LINES), text] * 12))
    for step in (200, 300, -150, 900):
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + step)
        wait_for_colours(view, qtbot)
        assert_true_to_paint(view)


# -- keys and screen readers -------------------------------------------------------------------


def test_tab_walks_through_the_buttons_and_return_presses(view, qtbot):
    show(view, fence("x = 1"))
    view.setFocus()
    plain = view.grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.painting.focused[1] == "block:0:save"
    assert view.grab().toImage() != plain
    with qtbot.waitSignal(view.code_save_requested):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "x = 1"
    assert not view.keyboard.walk(forwards=True)


def test_asking_for_buttons_lays_nothing_out(view, qtbot):
    table = "\n\n| " + "long words in cells " * 9 + "|\n|--|\n| b |\n\n"
    show(view, (fence("y = " + "1 + " * 90) + table + "words\n\n" * 9) * 20)
    view.scroll_to_end()
    item = view.stack.by_id["a"]
    view.stack.rows_of(item)
    before = (view.stack.total, [item.row_top(n) for n in range(len(item.rows))], set(item.laid))
    names = list(button_labels(view))
    assert len(names) == 20 * 4
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    entry = view.accessible.of(item)
    assert entry.childCount() == len(names)
    after = (view.stack.total, [item.row_top(n) for n in range(len(item.rows))], set(item.laid))
    assert after == before


def test_screen_readers_meet_the_buttons_of_blocks(view, qtbot):
    from PySide6.QtGui import QAccessible

    show(view, fence(LINES) + "\n| a |\n|--|\n| b |\n")
    entry = view.accessible.of(view.stack.by_id["a"])
    names = [entry.child(n).text(QAccessible.Text.Name) for n in range(entry.childCount())]
    assert names == [
        "Fold code",
        "Do not wrap lines",
        "Save code as a file…",
        "Copy code",
        "Copy table",
    ]
    fold = entry.child(0)
    corner = view.viewport().mapToGlobal(QPoint(0, 0))
    assert fold.rect().translated(-corner).contains(button_point(view, "block:0:fold"))
    actions = fold.actionInterface()
    actions.doAction(actions.pressAction())
    assert rows(view)[0].is_folded
    assert fold.text(QAccessible.Text.Name) == "Show all 90 lines"
