"""Selecting with the mouse and from the keyboard, and what becomes of it while the text changes."""

from __future__ import annotations

import itertools
import random

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import EntryKind
from desktop_app.ui.transcript.entry_folding import toggle_details
from tests.ui.transcript.kit import CONTROL, SHIFT, click, drag, keys, message, point_of, show

K = Qt.Key
WORDS = "Alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron. "


# -- the text cursor ---------------------------------------------------------------------------


def test_without_a_cursor_the_arrows_scroll(view, qtbot):
    show(view, *[WORDS * 10] * 8)
    keys(view, qtbot, K.Key_Down)
    assert view.verticalScrollBar().value() > 0
    assert not view.caret.is_shown


def test_a_click_puts_the_cursor_and_arrows_move_it(view, qtbot):
    show(view, "Hello brave world")
    click(view, qtbot, point_of(view, 0, 0, 6))
    assert view.caret.is_shown
    keys(view, qtbot, K.Key_Right, K.Key_Right)
    assert view.selection.cursor == (0, 0, 8)
    assert view.selected_text() == ""
    keys(view, qtbot, K.Key_Left)
    assert view.selection.cursor == (0, 0, 7)


def test_a_cursor_out_of_sight_leaves_the_arrows_to_scrolling(view, qtbot):
    show(view, *[WORDS * 10] * 8)
    click(view, qtbot, point_of(view, 0, 0, 3))
    view.scroll_to_end()
    before = view.verticalScrollBar().value()
    keys(view, qtbot, K.Key_Up)
    assert before - 200 < view.verticalScrollBar().value() < before
    assert view.selection.cursor == (0, 0, 3)


def test_shift_and_arrows_select_letter_by_letter_and_word_by_word(view, qtbot):
    show(view, "Hello brave world\n\nNext block", "Second")
    click(view, qtbot, point_of(view, 0, 0, 6))
    keys(view, qtbot, K.Key_Right, K.Key_Right, modifier=SHIFT)
    assert view.selected_text() == "br"
    keys(view, qtbot, K.Key_Right, modifier=SHIFT | CONTROL)
    assert view.selected_text() == "brave "
    keys(view, qtbot, K.Key_Left, modifier=SHIFT | CONTROL)
    assert view.selected_text() == ""
    keys(view, qtbot, K.Key_End, modifier=SHIFT)
    assert view.selected_text() == "brave world"
    keys(view, qtbot, K.Key_Right, K.Key_Right, modifier=SHIFT)
    assert view.selected_text() == "brave world\n\nN"
    keys(view, qtbot, K.Key_End, modifier=SHIFT | CONTROL)
    assert view.selected_text() == "brave world\n\nNext block\n\nSecond"
    keys(view, qtbot, K.Key_Home, modifier=SHIFT | CONTROL)
    assert view.selected_text() == "Hello "


def test_arrows_step_over_whole_characters(view, qtbot):
    text = "a👩‍👩‍👧e\u0301🇨🇳z"
    show(view, text)
    click(view, qtbot, point_of(view, 0, 0, 0))
    selected = []
    for _ in range(5):
        keys(view, qtbot, K.Key_Right, modifier=SHIFT)
        selected.append(view.selected_text())
    assert selected == ["a", "a👩‍👩‍👧", "a👩‍👩‍👧e\u0301", "a👩‍👩‍👧e\u0301🇨🇳", text]


def test_a_right_to_left_line_is_walked_as_it_is_seen(view, qtbot):
    show(view, "שלום עולם")
    view.selection.set((0, 0, 0), (0, 0, 0))
    view.caret.show()
    at = view.caret.places.rect((0, 0, 0)).x()
    keys(view, qtbot, K.Key_Left)
    assert view.selection.cursor == (0, 0, 1)
    assert view.caret.places.rect((0, 0, 1)).x() < at
    keys(view, qtbot, K.Key_Left, modifier=SHIFT | CONTROL)
    assert view.selected_text() == "לום "
    keys(view, qtbot, K.Key_Right, modifier=SHIFT | CONTROL)
    assert view.selection.cursor[2] <= 1


def test_a_right_to_left_line_leads_into_the_next_block_at_its_left_end(view, qtbot):
    show(view, "שלום\n\nעולם")
    view.selection.set((0, 0, 4), (0, 0, 4))
    view.caret.show()
    keys(view, qtbot, K.Key_Left)
    assert view.selection.cursor == (0, 1, 0)
    keys(view, qtbot, K.Key_Right)
    assert view.selection.cursor == (0, 0, 4)


def test_up_and_down_follow_the_lines_on_the_page_and_keep_their_column(view, qtbot):
    show(view, WORDS * 4 + "\n\nshort\n\n" + WORDS * 2)
    click(view, qtbot, point_of(view, 0, 0, 40))
    x = view.caret.places.rect(view.selection.cursor).x()
    seen = []
    for _ in range(20):
        keys(view, qtbot, K.Key_Down)
        rect = view.caret.places.rect(view.selection.cursor)
        seen.append((rect.y(), view.selection.cursor[1], abs(rect.x() - x) < 12))
    tops = [top for top, _, _ in seen]
    assert tops == sorted(tops)
    in_column = {row for _, row, is_near in seen if is_near}
    assert in_column == {0, 2}, "kept across the block that is too short for it"
    for _ in range(30):
        keys(view, qtbot, K.Key_Up)
    assert view.selection.cursor == (0, 0, 0)


def test_down_steps_from_line_to_line_without_leaving_one_out(view, qtbot):
    show(view, WORDS * 40)
    view.selection.set((0, 0, 0), (0, 0, 0))
    view.caret.show()
    tops = []
    for _ in range(30):
        keys(view, qtbot, K.Key_Down)
        tops.append(view.caret.places.rect(view.selection.cursor).y())
    steps = {round(b - a) for a, b in itertools.pairwise(tops)}
    assert len(steps) == 1, steps


def test_every_letter_of_a_long_paragraph_is_one_step_away_from_the_next(view, qtbot):
    text = "字" * 700
    show(view, text)
    view.selection.set((0, 0, 0), (0, 0, 0))
    for count in range(1, 701):
        keys(view, qtbot, K.Key_Right, modifier=SHIFT)
        assert len(view.selected_text()) == count
    for count in range(699, -1, -1):
        keys(view, qtbot, K.Key_Left, modifier=SHIFT)
        assert len(view.selected_text()) == count


def test_cells_of_a_table_are_walked_across_and_down(view, qtbot):
    show(view, "| aa | bb |\n|---|---|\n| cc | dd |\n\nafter")
    click(view, qtbot, point_of(view, 0, 0, 1))
    keys(view, qtbot, K.Key_Right, K.Key_Right)
    assert view.selection.cursor == (0, 0, 3), "from the end of a cell into the next one"
    click(view, qtbot, point_of(view, 0, 0, 4))
    keys(view, qtbot, K.Key_Down)
    assert view.selection.cursor == (0, 0, 10), "the cell below"
    keys(view, qtbot, K.Key_Down)
    assert view.selection.cursor[1] == 1


def test_pages_are_selected_and_the_ends_are_reached(view, qtbot):
    show(view, *[WORDS * 8] * 6)
    click(view, qtbot, point_of(view, 0, 0, 10))
    keys(view, qtbot, K.Key_PageDown, modifier=SHIFT)
    assert view.verticalScrollBar().value() > 200
    assert len(view.selected_text()) > 400
    for _ in range(20):
        keys(view, qtbot, K.Key_PageDown, modifier=SHIFT)
    assert view.selected_text().endswith("omicron.")
    for _ in range(20):
        keys(view, qtbot, K.Key_PageUp, modifier=SHIFT)
    assert view.selected_text() == "Alpha beta"


def test_the_cursor_is_kept_in_sight_by_scrolling_the_least(view, qtbot):
    show(view, *[WORDS * 8] * 6)
    click(view, qtbot, point_of(view, 0, 0, 10))
    bar, height = view.verticalScrollBar(), view.viewport().height()
    for _ in range(60):
        before = bar.value()
        keys(view, qtbot, K.Key_Down)
        rect = view.caret.places.rect(view.selection.cursor).translated(0, -bar.value())
        assert rect.top() >= 0
        assert rect.bottom() <= height
        assert bar.value() - before < 90
    assert bar.value() > 500


def test_a_shift_arrow_without_a_click_begins_at_the_first_line_in_sight(view, qtbot):
    show(view, *[WORDS * 8] * 6)
    view.scroll_to_entry("3")
    keys(view, qtbot, K.Key_Right, K.Key_Right, modifier=SHIFT)
    assert view.selection.ordered == ((3, 0, 0), (3, 0, 2))


def test_leaving_a_selection_goes_to_its_end_on_that_side(view, qtbot):
    show(view, "Hello brave world")
    drag(view, qtbot, point_of(view, 0, 0, 6), point_of(view, 0, 0, 11))
    keys(view, qtbot, K.Key_Left)
    assert view.selection.cursor == (0, 0, 6)
    drag(view, qtbot, point_of(view, 0, 0, 11), point_of(view, 0, 0, 6))
    keys(view, qtbot, K.Key_Right)
    assert view.selection.cursor == (0, 0, 11)


def escape() -> QKeyEvent:
    kind, none = QEvent.Type.ShortcutOverride, Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(kind, K.Key_Escape, none)
    event.ignore()
    return event


def test_esc_lets_go_but_stopping_an_answer_comes_first(view, qtbot):
    show(view, "Hello")
    event = escape()
    QApplication.sendEvent(view, event)
    assert not event.isAccepted(), "nothing to let go of"
    keys(view, qtbot, K.Key_Right, modifier=SHIFT)
    event = escape()
    QApplication.sendEvent(view, event)
    assert event.isAccepted()
    view.append_entry(message("s", "", streaming=True))
    event = escape()
    QApplication.sendEvent(view, event)
    assert not event.isAccepted(), "the window's own Esc stops the answer"
    view.finish_entry("s")
    keys(view, qtbot, K.Key_Escape)
    assert view.selected_text() == ""
    assert not view.caret.is_shown


def dark_pixels(view) -> int:
    view.viewport().repaint()
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return sum(value < 90 for value in bytes(image.constBits()))


def test_the_cursor_is_painted_and_blinks_only_with_the_focus(view, qtbot):
    show(view, "i")
    view.setFocus()
    view.activateWindow()
    qtbot.waitUntil(view.hasFocus)
    bare = dark_pixels(view)
    view.selection.set((0, 0, 1), (0, 0, 1))
    view.caret.show()
    lit = dark_pixels(view)
    assert lit > bare
    qtbot.waitUntil(lambda: dark_pixels(view) == bare, timeout=3000)
    qtbot.waitUntil(lambda: dark_pixels(view) == lit, timeout=3000)
    view.clearFocus()
    assert dark_pixels(view) == bare


def test_the_cursor_stands_still_where_the_system_says_so(view, qtbot):
    show(view, "i")
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.selection.set((0, 0, 1), (0, 0, 1))
    view.caret.show()
    assert view.caret.is_blinking
    hints = QGuiApplication.styleHints()
    before = hints.cursorFlashTime()
    try:
        hints.setCursorFlashTime(0)
        view.caret.relight()
        assert not view.caret.is_blinking
    finally:
        hints.setCursorFlashTime(before)
    view.painting.rest_caret(is_resting=True)
    view.caret.relight()
    assert not view.caret.is_blinking


# -- the mouse ---------------------------------------------------------------------------------


def test_shift_click_extends_in_both_directions(view, qtbot):
    show(view, "Hello brave world")
    click(view, qtbot, point_of(view, 0, 0, 6))
    click(view, qtbot, point_of(view, 0, 0, 11), SHIFT)
    assert view.selected_text() == "brave"
    click(view, qtbot, point_of(view, 0, 0, 0), SHIFT)
    assert view.selected_text() == "Hello "


def test_a_double_click_and_a_drag_select_whole_words(view, qtbot):
    show(view, "Hello brave new world")
    at = point_of(view, 0, 0, 8)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view.viewport(), point_of(view, 0, 0, 13))
    assert view.selected_text() == "brave new"
    qtbot.mouseMove(view.viewport(), point_of(view, 0, 0, 2))
    assert view.selected_text() == "Hello brave"
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_third_click_takes_all_pieces_of_a_paragraph(view, qtbot):
    text = (WORDS * 40).rstrip()
    show(view, "before\n\n" + text + "\n\nafter")
    at = point_of(view, 0, 2, 8)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == text


def test_a_drag_beyond_the_edge_scrolls_until_the_button_is_up(view, qtbot):
    show(view, *[WORDS * 8] * 8)
    bar, viewport = view.verticalScrollBar(), view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point_of(view, 0, 0, 6))
    qtbot.mouseMove(viewport, QPoint(200, viewport.height() + 20))
    qtbot.waitUntil(lambda: bar.value() > 150, timeout=5000)
    assert "\n\n" in view.selected_text()
    assert view.selection.cursor[0] >= 1
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 900))
    assert not view.pointer.is_scrolling
    assert view.selected_text()


def test_the_wheel_goes_on_selecting_while_the_button_is_down(view, qtbot):
    show(view, *[WORDS * 8] * 8)
    viewport = view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point_of(view, 0, 0, 6))
    qtbot.mouseMove(viewport, QPoint(300, 300))
    before = view.selection.cursor
    at = QPointF(300, 300)
    wheel = QWheelEvent(
        at, viewport.mapToGlobal(at), QPoint(0, 0), QPoint(0, -360), Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, wheel)
    assert view.verticalScrollBar().value() > 0
    assert view.selection.cursor > before
    assert view.selection.anchor == (0, 0, 6)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))


def test_a_drag_ends_when_the_focus_goes(view, qtbot):
    show(view, *[WORDS * 8] * 8)
    view.setFocus()
    viewport = view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point_of(view, 0, 0, 6))
    qtbot.mouseMove(viewport, QPoint(200, viewport.height() + 20))
    assert view.pointer.is_scrolling
    view.clearFocus()
    assert not view.pointer.is_scrolling


# -- while the text changes --------------------------------------------------------------------


def test_a_selection_survives_what_streams_behind_it(view, qtbot):
    show(view, "First entry here")
    view.append_entry(message("s", "One two", streaming=True))
    view.selection.set((0, 0, 6), (1, 0, 3))
    assert view.selected_text() == "entry here\n\nOne"
    for piece in (" three", " **fo", "ur** five", "\n\nnext", " para\n\n- it", "em\n"):
        view.append_text("s", piece)
        view.take_in_deltas()
        assert view.selected_text() == "entry here\n\nOne"
    view.finish_entry("s")
    assert view.selected_text() == "entry here\n\nOne"


def test_a_place_in_a_paragraph_that_is_cut_in_two_stays_with_its_word(view):
    start = "Sentence number one. " * 60
    view.set_entries([message("s", start + "marked", streaming=True)])
    row = len(view.stack.by_id["s"].rows) - 1
    end = len(view.stack.by_id["s"].rows[row].text)
    view.selection.set((0, row, end - 6), (0, row, end))
    assert view.selected_text() == "marked"
    for _ in range(12):
        view.append_text("s", " and more words. More and more words.")
        view.take_in_deltas()
        assert view.selected_text() == "marked"
    assert len(view.stack.by_id["s"].rows) > 1
    view.update_entry(message("s", view.entries()[0].text + "\n\nThe end."))
    assert view.selected_text() == "marked"


def test_entries_that_come_and_go_above_do_not_move_the_selection(view):
    show(view, "one", "two", "three words here")
    view.selection.set((2, 0, 6), (2, 0, 11))
    view.insert(0, message("new", "zero"))
    assert view.selected_text() == "words"
    view.remove_entry("0")
    view.remove_entry("1")
    assert view.selected_text() == "words"
    view.remove_entry("2")
    assert view.selected_text() == ""


def test_folding_details_keeps_the_rest_selected(view):
    view.set_entries(
        [message("e", "It failed here.", EntryKind.ERROR, details="HTTP 500\nbody", markdown=False),
         message("x", "after")]
    )  # fmt: skip
    view.selection.set((0, 0, 3), (1, 0, 5))
    toggle_details(view, view.stack.by_id["e"])
    assert view.selected_text() == "failed here.\n\nHTTP 500\nbody\n\nafter"
    view.selection.set((0, 0, 3), (0, 1, 4))
    assert view.selected_text() == "failed here.\n\nHTTP"
    toggle_details(view, view.stack.by_id["e"])
    assert view.selected_text() == "failed here."


def test_other_entries_let_go_of_the_selection(view):
    show(view, "one two")
    view.selection.set((0, 0, 0), (0, 0, 3))
    view.caret.show()
    view.set_entries([message("other", "x")])
    assert view.selected_text() == ""
    assert not view.caret.is_shown


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_never_leave_the_selection_outside(view, qtbot, seed):
    chance = random.Random(seed)
    shapes = ["word ", "**bold ", "x** ", "\n\n", "- item\n", "```\n", "| a | b |\n|---|---|\n",
              "字字字", "😀", "שלום ", "> quote\n", "# H\n", WORDS * 3, "[^1] ", "[^1]: note\n"]  # fmt: skip
    known = []
    for step in range(120):
        act = chance.choice(
            ["add", "grow", "grow", "grow", "remove", "key", "key", "update", "all"]
        )
        if act == "add" or not known:
            index = chance.randint(0, len(known))
            known.insert(index, f"e{step}")
            view.insert(index, message(known[index], chance.choice(shapes), streaming=True))
        elif act == "grow":
            view.append_text(chance.choice(known), chance.choice(shapes))
            view.take_in_deltas()
        elif act == "remove":
            view.remove_entry(known.pop(chance.randrange(len(known))))
        elif act == "update":
            view.update_entry(message(chance.choice(known), chance.choice(shapes) * 2))
        elif act == "all":
            view.select_all()
        else:
            modifier = chance.choice([SHIFT, SHIFT | CONTROL])
            keys_there = [K.Key_Left, K.Key_Right, K.Key_Up, K.Key_Down, K.Key_Home, K.Key_End]
            keys(view, qtbot, chance.choice(keys_there), modifier=modifier)
        for place in (view.selection.anchor, view.selection.cursor):
            if place is None:
                continue
            assert place == view.selection.clamped(place)
        assert isinstance(view.selected_text(), str)
        view.copy_selection()
        view.copying.markdown()
        view.viewport().grab()


# -- what a selection says ---------------------------------------------------------------------


DOCUMENT = (
    "# Title\n\nSome **bold** and `code`, [a link](https://a.b).\n\n- one\n- two\n  - three\n\n"
    "> quoted\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n```py\n\tx = 1\n\n  y\n```\n\n字字 😀 e\u0301 $x$\n"
)


def test_a_selection_of_everything_reads_as_the_plain_text(view):
    texts = [DOCUMENT, "second\n\n1. x", DOCUMENT]
    show(view, *texts)
    view.select_all()
    expected = "\n\n".join(view.plain_text(str(n)) for n in range(3))
    assert view.selected_text() == expected


@pytest.mark.parametrize("seed", range(4))
def test_any_selection_is_a_piece_of_the_plain_text(view, seed):
    chance = random.Random(seed)
    show(view, DOCUMENT)
    whole = view.plain_text("0")
    rows = view.stack.by_id["0"].rows
    for _ in range(60):
        places = []
        for _ in range(2):
            row = chance.randrange(len(rows))
            view.stack.measure_row(view.stack.items[0], row)
            letters = rows[row].text
            index = chance.randint(0, len(letters))
            places.append((0, row, len(letters[:index].encode("utf-16-le")) // 2))
        view.selection.set(min(places), max(places))
        assert view.selected_text() in whole


def test_rows_show_the_words_that_copying_and_finding_count_in(view):
    from desktop_app.ui.transcript.plain import block_text

    show(view, DOCUMENT + "\n---\n\n$$\nx^2\n$$\n\n| a |\n|---|\n| 1 | 2 |\n")
    for index, row in enumerate(view.stack.by_id["0"].rows):
        view.stack.measure_row(view.stack.items[0], index)
        assert row.text == block_text(row.block)
