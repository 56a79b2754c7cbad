"""Hidden characters in code: which they are, how they are shown, and that text stays as it came."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.ui.transcript import utf16
from desktop_app.ui.transcript.invisible import hidden_in, replaced
from tests.ui.transcript.blocks_kit import fence, row_point, rows, show

TROJAN = 'if level != "user\u202e \u2066// Check if admin\u2069 \u2066":\n    grant\U000e0041()'


def marks_of_row(row):
    return [mark for marks in row.marks for mark in marks.boxes(row.style)]


@pytest.mark.parametrize(
    "text",
    [
        "\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c", "a\u200bb", "a\u200db",
        "x\u200cy", "\u2060", "\ufeff", "\U000e0041", "\U000e007f", "\u00ad", "\u180e", "\u2063",
        "\u3164", "a\ufe0f", "a\U000e0101", "\u2028", "\u0085", "\u034f", "1\ufe0f", "\ufffa",
    ],
    ids=lambda text: " ".join(f"{ord(letter):04X}" for letter in text),
)  # fmt: skip
def test_what_nobody_sees_is_found(text):
    assert len(hidden_in(f"x = '{text}'")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "plain", "naïve 中文 שלום", "👨‍👩‍👧", "🏳️‍🌈", "❤️", "1️⃣", "👍🏽", "نامه‌ای", "क्‍ष", "葛\U000e0100",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "⚠︎", "a\tb\nc",
    ],
)  # fmt: skip
def test_what_a_script_or_an_emoji_needs_is_left(text):
    assert hidden_in(text) == []


def test_tags_smuggled_behind_a_flag_are_found():
    flag = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert len(hidden_in(flag + "\U000e0068\U000e0069")) == 2
    assert len(hidden_in("\U0001f3f4\U000e0068\U000e0069\U000e007f")) == 3


def test_stand_ins_keep_every_offset():
    text = f"a\u202eb\U000e0041c{TROJAN}"
    shown = replaced(text, hidden_in(text))
    assert utf16.length(shown) == utf16.length(text)
    assert hidden_in(shown) == []
    assert [letter for letter in shown if letter not in text] != []
    kept = [place for place in range(len(text)) if place not in hidden_in(text)]
    assert all(shown[place] == text[place] for place in kept)


def test_each_is_shown_as_a_mark_with_its_code_point(view):
    show(view, fence(TROJAN))
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    assert [mark.label for mark in marks_of_row(row)] == ["202E", "2066", "2069", "2066", "E0041"]
    boxes = [mark.box for mark in marks_of_row(row)]
    assert all(box.width() > 15 and box.height() > 6 for box in boxes)
    assert all(left.right() <= right.left() for left, right in itertools.pairwise(boxes[:4]))
    with_marks = view.grab().toImage()
    show(view, fence(TROJAN.replace("\u202e", "")))
    assert view.grab().toImage() != with_marks


def test_bidi_controls_reorder_nothing(view):
    show(view, fence(TROJAN))
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    line = row.pieces[0].layout.lineAt(0)
    xs = [line.cursorToX(offset)[0] for offset in range(line.textLength())]
    assert xs == sorted(xs)
    assert xs[-1] > xs[0]


def test_text_is_selected_and_copied_as_it_came(view, qtbot):
    show(view, fence(TROJAN))
    view.selection.set((0, 0, 0), (0, 0, 1 << 20))
    (row,) = rows(view)
    start = row_point(view, 0, row.pieces[0].x + 1, row.pieces[0].y + 8)
    end = row_point(view, 0, 600, row.pieces[0].y + row.style.mono_pitch * 1.5)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), end)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    view.copy_selection()
    assert QGuiApplication.clipboard().text() == TROJAN
    view.grab()


def test_a_mark_is_selected_as_one_character(view):
    show(view, fence("a\U000e0041b\u202ec"))
    item = view.stack.by_id["a"]
    item.measure_row(0)
    (row,) = rows(view)
    first, second = (mark.box for mark in marks_of_row(row))
    for box, text in ((first, "\U000e0041"), (second, "\u202e")):
        begin = row.offset_at(box.left() + 1, box.center().y())
        end = row.offset_at(box.right() - 1, box.center().y())
        assert utf16.cut(row.text, begin, end) == text


def test_inline_code_and_cells_have_marks_and_prose_has_none(view):
    show(view, "a\u200b `b\u202ec`\n\n| x `y\u200bz` |\n|--|\n| w |\n")
    item = view.stack.by_id["a"]
    item.measure(0, 5_000)
    paragraph, table = rows(view)
    assert [mark.label for mark in marks_of_row(paragraph)] == ["202E"]
    assert [mark.label for mark in marks_of_row(table)] == ["200B"]
    assert paragraph.pieces[0].layout.lineCount() == 1
    assert max(piece.layout.lineCount() for piece in table.pieces) == 1
    assert view.plain_text("a").startswith("a\u200b b\u202ec")
    view.grab()


def test_long_runs_wrap_and_paint(view):
    show(view, fence("\u202e\u2066" * 900))
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    assert row.pieces[0].layout.lineCount() > 20
    assert max(mark.box.right() for mark in marks_of_row(row)) < row.width
    view.grab()


def test_only_marks_in_sight_are_worked_out(view):
    view.set_code_look(wraps=False, folds=False)
    show(view, fence("a\u202e" * 450))
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    assert len(marks_of_row(row)) == 300
    seen = row.marks[0].boxes(row.style, QRectF(2_000, 0, 300, 400))
    assert 0 < len(seen) < 30
    assert all(1_900 < mark.box.left() < 2_400 for mark in seen)


def test_beyond_a_number_of_runs_hidden_characters_are_boxes(view):
    text = "a\u202e" * 450
    show(view, fence(text))
    view.stack.by_id["a"].measure_row(0)
    (row,) = rows(view)
    shown = row.pieces[0].layout.text()
    assert shown.count("\u25af") == 150
    assert "\u202e" not in shown
    assert row.text == text
