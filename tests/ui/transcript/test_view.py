"""The block view as its owner meets it: entries, streaming, scrolling, buttons, keys, the mouse."""

from __future__ import annotations

import itertools
import os

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import BlockView, Entry, EntryAction, EntryKind
from desktop_app.ui.transcript.clock import frame_clock
from desktop_app.ui.transcript.entry_folding import toggle_details
from desktop_app.ui.transcript.scrolling import Follow

LONG = "A paragraph with **some** words in it that goes on for a while. " * 12


def message(number, text=LONG, kind=EntryKind.ASSISTANT, **fields):
    return Entry(str(number), kind, "MiniMax", text, **fields)


def fill(view, count, text=LONG):
    view.set_entries([message(number, text) for number in range(count)])


def place_of(view, entry_id):
    """Where the top of an entry is in the viewport, in pixels."""
    return view.stack.top_of(view.stack.by_id[entry_id]) - view.verticalScrollBar().value()


def first_visible(view):
    """The first row in sight: its entry, its index, and how far its top is scrolled away."""
    value = view.verticalScrollBar().value()
    anchor = view.stack.anchor_at(value)
    rows = view.stack.rows_of(anchor.item)
    row = max(0, anchor.row)
    return (
        anchor.item.entry.id,
        row,
        view.stack.top_of(anchor.item) + anchor.item.row_top(row) - value,
        rows[row].text[:20],
    )


def button_centre(view, entry_id, action_id):
    item = view.stack.by_id[entry_id]
    chrome = view.stack.prepare(item)
    foot = view.stack.top_of(item) + item.height - chrome.foot - view.verticalScrollBar().value()
    for button in chrome.buttons:
        if button.action.id == action_id:
            return button.box.translated(0, foot).center().toPoint()
    raise AssertionError(action_id)


def text_point(view, entry_id, row, offset):
    """The point of the viewport at a place in the text."""
    item = view.stack.by_id[entry_id]
    chrome = view.stack.prepare(item)
    piece = item.rows[row].pieces[0]
    line = piece.layout.lineForTextPosition(offset)
    x = line.cursorToX(offset)
    x = x[0] if isinstance(x, tuple) else x
    left = chrome.row_left + chrome.shift(item.natural_width())
    top = view.stack.top_of(item) + item.row_top(row) - view.verticalScrollBar().value()
    return QPoint(round(left + piece.x + x), round(top + piece.y + line.y() + line.height() / 2))


# -- opening -----------------------------------------------------------------------------------


def test_opening_shows_the_end_and_parses_only_what_is_seen(view):
    fill(view, 500)
    assert view.is_at_end()
    parsed = [item for item in view.stack.items if item.rows is not None]
    assert len(parsed) < 10
    assert view.stack.items[0].rows is None


def test_an_empty_view_is_at_its_end_and_paints(view):
    view.set_entries([])
    assert view.is_at_end()
    assert not view.grab().isNull()
    assert list(view.entries()) == []


def test_entries_and_plain_text_are_given_back(view):
    entries = [message(1, "**a**"), message(2, "b", EntryKind.USER, markdown=False)]
    view.set_entries(entries)
    assert list(view.entries()) == entries
    assert view.plain_text("1") == "a"
    with pytest.raises(KeyError):
        view.plain_text("3")


def test_a_known_id_is_refused(view):
    fill(view, 2)
    with pytest.raises(ValueError, match="already"):
        view.append_entry(message(1))


# -- streaming ---------------------------------------------------------------------------------


def test_what_streams_looks_like_what_is_opened(view, qtbot):
    text = "# Title\n\n" + LONG + "\n\n- one\n- two\n\n```py\nx = 1\n```\n"
    view.set_entries([message(1, "", streaming=True)])
    for start in range(0, len(text), 7):
        view.append_text("1", text[start : start + 7])
    view.finish_entry("1")
    streamed = [row.block for row in view.stack.by_id["1"].rows]
    view.set_entries([message(1, text)])
    assert [row.block for row in view.stack.by_id["1"].rows] == streamed
    assert view.entries()[0].text == text


def test_the_first_delta_shows_at_once_and_later_ones_within_a_frame(view, qtbot):
    view.set_entries([message(1, "", streaming=True)])
    qtbot.waitUntil(lambda: frame_clock().is_due(), timeout=2000)
    view.append_text("1", "first")
    assert view.stack.by_id["1"].rows
    view.append_text("1", " second")
    qtbot.waitUntil(lambda: "second" in view.stack.by_id["1"].rows[0].block.source, timeout=2000)


def test_finished_rows_keep_their_layout_while_the_tail_grows(view):
    view.set_entries([message(1, "", streaming=True)])
    view.append_text("1", "one\n\ntwo\n\nthr")
    view.take_in_deltas()
    before = view.stack.by_id["1"].rows[:2]
    layouts = [row.pieces[0].layout for row in before]
    view.append_text("1", "ee and more")
    view.take_in_deltas()
    after = view.stack.by_id["1"].rows[:2]
    assert before == after
    assert [row.pieces[0].layout for row in after] == layouts


def test_deltas_for_an_unknown_entry_are_an_error(view):
    with pytest.raises(KeyError):
        view.append_text("nobody", "x")


def test_deltas_into_an_entry_out_of_sight_are_kept(view):
    fill(view, 60)
    view.append_entry(message("s", "", streaming=True))
    view.verticalScrollBar().setValue(0)
    view.append_text("s", "**kept**")
    view.take_in_deltas()
    view.finish_entry("s")
    assert view.plain_text("s") == "kept"


def test_deltas_gathered_for_a_removed_entry_are_dropped(view):
    view.set_entries([message(1, "", streaming=True)])
    view.append_text("1", "a")
    view.append_text("1", "b")
    view.remove_entry("1")
    view.take_in_deltas()
    assert list(view.entries()) == []


def test_an_update_that_only_grows_the_text_keeps_what_is_laid_out(view):
    view.set_entries([message(1, "one\n\ntw", streaming=True)])
    first = view.stack.by_id["1"].rows[0]
    view.update_entry(message(1, "one\n\ntwo\n\nthree", caption="done", note="stopped"))
    assert view.stack.by_id["1"].rows[0] is first
    assert view.plain_text("1") == "one\n\ntwo\n\nthree"
    assert view.entries()[0].caption == "done"


def test_a_view_may_go_while_deltas_wait(qtbot):
    view = BlockView()
    view.set_entries([message(1, "", streaming=True)])
    view.append_text("1", "a")
    view.append_text("1", "b")
    taken = view.take_in_deltas
    shiboken6.delete(view)
    taken()


# -- following and reading ---------------------------------------------------------------------


def test_the_end_is_followed_only_while_it_is_in_sight(view, qtbot):
    fill(view, 20)
    told = []
    view.at_end_changed.connect(told.append)
    view.append_entry(message("s", "", streaming=True))
    view.append_text("s", LONG * 3)
    view.take_in_deltas()
    assert view.is_at_end()
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() - 40)
    assert told == [False]
    before = first_visible(view)
    for _ in range(5):
        view.append_text("s", LONG)
        view.take_in_deltas()
    assert first_visible(view) == before
    assert not view.is_at_end()
    view.scroll_to_end()
    assert told == [False, True]
    view.append_text("s", LONG)
    view.take_in_deltas()
    assert view.is_at_end()


def grow(view, entry_id, times):
    for _ in range(times):
        view.append_text(entry_id, LONG)
        view.take_in_deltas()


def begin_answer(view, follow):
    fill(view, 20)
    view.scrolling.follow = follow
    view.append_entry(message("s", "", streaming=True))
    view.begin_answer("s")


def test_an_answer_is_followed_until_its_first_line_reaches_the_top(view):
    begin_answer(view, Follow.START)
    grow(view, "s", 1)
    assert view.is_at_end()
    grow(view, "s", 9)
    assert place_of(view, "s") == 0
    assert not view.is_at_end()
    view.scroll_to_end()
    grow(view, "s", 3)
    assert view.is_at_end()


def test_an_answer_that_is_scrolled_away_from_is_not_stopped_at(view):
    begin_answer(view, Follow.START)
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() - 200)
    before = first_visible(view)
    grow(view, "s", 6)
    assert first_visible(view) == before


def test_an_answer_need_not_be_followed_at_all(view):
    begin_answer(view, Follow.STAY)
    before = first_visible(view)
    grow(view, "s", 6)
    assert first_visible(view) == before
    view.scroll_to_end()
    grow(view, "s", 3)
    assert view.is_at_end()


def test_scrolling_moves_the_text_by_exactly_what_was_asked(view):
    fill(view, 200, LONG + "\n\n" + "- item\n" * 5)
    bar = view.verticalScrollBar()
    for step in (90, 90, 33, 400, -60, 250):
        entry_id, row, top, _ = first_visible(view)
        bar.setValue(bar.value() - step)
        item = view.stack.by_id[entry_id]
        now = view.stack.top_of(item) + item.row_top(row) - bar.value()
        assert now == top + step


def test_changes_above_do_not_move_the_text_in_sight(view):
    fill(view, 40)
    view.scroll_to_entry("20")
    assert place_of(view, "20") == 0
    view.insert(0, message("new"))
    assert place_of(view, "20") == 0
    view.update_entry(message("18", LONG * 4))
    assert place_of(view, "20") == 0
    view.remove_entry("3")
    assert place_of(view, "20") == 0


def test_a_resize_keeps_the_first_line_in_sight(view, qtbot):
    fill(view, 100, LONG * 4)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    value = view.verticalScrollBar().value()
    anchor = view.stack.anchor_at(value)
    word = anchor.item.rows[anchor.row].text[anchor.offset : anchor.offset + 12]
    view.resize(430, 500)
    view.resize(610, 500)
    now = view.stack.anchor_at(view.verticalScrollBar().value())
    assert now.item is anchor.item
    line = anchor.item.rows[now.row].text[now.offset : now.offset + 200]
    assert word.split()[1] in line


def test_zoom_keeps_the_end_and_the_reading_place(view):
    fill(view, 50)
    view.set_zoom(1.5)
    assert view.is_at_end()
    view.scroll_to_entry("10")
    view.set_zoom(0.8)
    entry_id, *_ = first_visible(view)
    assert entry_id == "10"


def test_home_and_end_reach_the_real_ends(view, qtbot):
    fill(view, 300, "a\n\n" * 20)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert place_of(view, "0") == 10
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.is_at_end()
    before = view.verticalScrollBar().value()
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.verticalScrollBar().value() < before


def test_layouts_far_away_are_given_up(view):
    fill(view, 400)
    bar = view.verticalScrollBar()
    for _ in range(300):
        bar.setValue(bar.value() - 300)
    laid = sum(row.pieces is not None for item in view.stack.items for row in item.rows or ())
    assert laid < 400


def test_a_palette_change_recolours(view):
    fill(view, 3)
    palette = QPalette(QColor("#222222"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#1c1c1e"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#eeeeee"))
    view.setPalette(palette)
    assert view.stack.style.tokens.dark
    assert view.grab().toImage().pixelColor(3, 3).lightness() < 60


# -- buttons -----------------------------------------------------------------------------------


RETRY = (EntryAction("retry", "Retry", primary=True), EntryAction("open", "Open settings"))


def failed(details=""):
    return message("e", "It failed.", EntryKind.ERROR, actions=RETRY, details=details)


def test_buttons_work_by_mouse(view, qtbot):
    view.set_entries([message(1, "short"), failed()])
    with qtbot.waitSignal(view.action_activated) as pressed:
        at = button_centre(view, "e", "open")
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert pressed.args == ["e", "open"]


def test_buttons_work_by_key_and_tab_leaves_after_the_last(view, qtbot):
    view.set_entries([message(1, "short"), failed("HTTP 500")])
    view.setFocus()
    pressed = []
    view.action_activated.connect(lambda *args: pressed.append(args))
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert pressed == [("e", "retry"), ("e", "open")]
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.stack.by_id["e"].is_unfolded
    assert not view.keyboard.walk(forwards=True)


def test_details_unfold_and_fold(view, qtbot):
    view.set_entries([message(1), failed("HTTP 500\nbody")])
    at = button_centre(view, "e", "details:toggle")
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    item = view.stack.by_id["e"]
    assert [row.block.source for row in item.rows][-1] == "HTTP 500\nbody"
    toggle_details(view, item)
    assert "HTTP" not in "".join(row.block.source for row in item.rows)


def test_code_can_be_copied_whole(view, qtbot):
    code = "\n".join(f"line {n}" for n in range(50))
    view.set_entries([message(1, f"```py\n{code}\n```")])
    view.scroll_to_entry("1")
    item = view.stack.by_id["1"]
    (box,) = [box for id_, _, box in view.controls.buttons_of(item) if id_ == "block:0:copy"]
    at = QPoint(0, place_of(view, "1")) + box.center().toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert QGuiApplication.clipboard().text() == code


# -- links -------------------------------------------------------------------------------------


def test_links_are_signalled_not_opened(view, qtbot):
    view.set_entries([message(1, "see [this](https://a.b/c) now")])
    at = text_point(view, "1", 0, 6)
    with qtbot.waitSignal(view.link_activated) as clicked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args == ["https://a.b/c", "this"]
    qtbot.mouseMove(view.viewport(), at)
    assert view.pointer.hit(at.toPointF()).link == "https://a.b/c"


def test_a_click_selects_the_entry(view, qtbot):
    view.set_entries([message(1, "one"), message(2, "two")])
    with qtbot.waitSignal(view.entry_selected) as selected:
        at = text_point(view, "2", 0, 1)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert selected.args == ["2"]


# -- selection ---------------------------------------------------------------------------------


def drag(view, qtbot, start, end):
    viewport = view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, end)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def test_the_mouse_selects_across_blocks_and_entries(view, qtbot):
    view.set_entries([message(1, "Hello **brave** world\n\n- item"), message(2, "Second text")])
    drag(view, qtbot, text_point(view, "1", 0, 6), text_point(view, "2", 0, 6))
    assert view.selected_text() == "brave world\n\n• item\n\nSecond"
    view.copy_selection()
    assert QGuiApplication.clipboard().text() == view.selected_text()


def test_dragging_upwards_selects_the_same(view, qtbot):
    view.set_entries([message(1, "Hello brave world"), message(2, "Second text")])
    drag(view, qtbot, text_point(view, "2", 0, 6), text_point(view, "1", 0, 6))
    assert view.selected_text() == "brave world\n\nSecond"


def test_selection_counts_characters_beyond_the_basic_plane_right(view, qtbot):
    view.set_entries([message(1, "a 😀😀 smile")])
    drag(view, qtbot, text_point(view, "1", 0, 4), text_point(view, "1", 0, 12))
    assert view.selected_text() == "😀 smile"


def test_double_and_triple_click_take_word_and_block(view, qtbot):
    view.set_entries([message(1, "Some words here\n\nAnother block")])
    at = text_point(view, "1", 0, 7)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "words"
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "Some words here"
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


# -- painting ----------------------------------------------------------------------------------


def test_all_kinds_paint_in_all_widths(view, qtbot):
    everything = (
        LONG
        + "\n\n# H\n\n- a\n  1. b\n     > c\n\n| a | b | c |\n|-|:-:|-:|\n| x | "
        + "y" * 90
        + " | `z` |\n\n```py\n"
        + "x = 1  # "
        + "w" * 300
        + "\n```\n\n$$\nx\n$$\n\n---\n"
        "- [x] שלום עולם\n\n中文 😀 ~~x~~ ![i](https://a.b/c) https://a.b"
    )
    view.set_entries(
        [
            Entry(
                str(number), kind, "Name", everything, "caption", (EntryAction("a", "Act"),),
                "details", streaming=number % 2 == 0, note="a note",
            )
            for number, kind in enumerate(EntryKind)
        ]
    )  # fmt: skip
    for width in (160, 420, 1400):
        view.resize(width, 900)
        view.verticalScrollBar().setValue(0)
        while not view.is_at_end():
            view.grab()
            view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 700)


class Updates(QObject):
    """Notes that a window was told to bring to the screen what is due."""

    def __init__(self, window):
        super().__init__()
        self.came = False
        window.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.came = self.came or event.type() is QEvent.Type.UpdateRequest
        return False


def wait_for_update(view):
    # What was only moved comes to the screen some milliseconds later, by a timer of Qt's.
    window = view.windowHandle()
    updates = Updates(window)
    window.requestUpdate()
    while not updates.came:
        QApplication.processEvents()


def on_screen(view):
    """The pixels that the window really shows: painted once and moved about since."""
    QApplication.processEvents()
    # A paint may have asked for colours, and what is laid out ahead corrects heights.
    while view.highlighter.is_busy() or view.idle.is_busy():
        QApplication.processEvents()
    wait_for_update(view)
    shown = view.screen().grabWindow(view.winId()).toImage()
    return shown.convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(view):
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def wait_for_colours(view, qtbot):
    # Colours are asked for when code is painted, so it has to be painted first.
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not view.highlighter.is_busy(), timeout=5000)


def is_other(one, other):
    """Whether two pixels differ by more than the rounding of a curve cut by the viewport's edge."""
    return any(abs((one >> shift & 255) - (other >> shift & 255)) > 2 for shift in (0, 8, 16))


def assert_true_to_paint(view):
    # The breathing caret is the one thing that may differ from one moment to the next.
    view.painting.rest_caret(is_resting=True)
    view.viewport().update(view.painting.caret_rect())
    # The scroll bar is Qt's: it is painted later, when heights are corrected while idle.
    area = view.viewport().geometry()
    shown, fresh = on_screen(view).copy(area), painted_anew(view).copy(area)
    if shown != fresh:
        rows = [
            y
            for y in range(fresh.height())
            if any(is_other(shown.pixel(x, y), fresh.pixel(x, y)) for x in range(fresh.width()))
        ]
        assert not rows, f"rows that differ: {rows[:3]} to {rows[-3:]}"


def test_colours_that_come_for_the_row_at_the_top_do_not_move_it(view, qtbot):
    view.set_entries([message(1, "```\nx = 1\n```\n\n" + LONG * 9)])
    wait_for_colours(view, qtbot)
    item = view.stack.items[0]
    view.verticalScrollBar().setValue(view.stack.top_of(item) + item.row_top(0) + 30)
    before = view.verticalScrollBar().value()
    item.rows[0].recolour(((0, 1, "keyword"),))
    view.scrolling.change(lambda: None)
    assert view.verticalScrollBar().value() == before > 0


def test_scrolling_leaves_the_pixels_of_a_fresh_paint(view, qtbot):
    fill(view, 30, LONG + "\n\n```py\nx = 1\n```\n\n- a\n- b")
    bar = view.verticalScrollBar()
    for step in (-37, -120, 55, -400, 260, -3000):
        bar.setValue(bar.value() + step)
        wait_for_colours(view, qtbot)
        assert_true_to_paint(view)


def test_streaming_leaves_the_pixels_of_a_fresh_paint(view, qtbot):
    fill(view, 3)
    view.append_entry(message("s", "", streaming=True))
    text = (
        "# Title\n\nSome **bold words** and `code` here.\n\n- one\n- two\n  - three\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n```js\nconst a = 1;\nlet b;\n```\n\n"
        "> quote\n> more\n\n" + "A long paragraph that is cut somewhere inside. " * 60
    )
    for start in range(0, len(text), 23):
        view.append_text("s", text[start : start + 23])
        view.take_in_deltas()
        if start % 69 == 0:
            wait_for_colours(view, qtbot)
            assert_true_to_paint(view)
    view.finish_entry("s")
    wait_for_colours(view, qtbot)
    assert_true_to_paint(view)


GROWING = {
    "words": "Some words, and **bold ones that go on over the end of a line** and `code that does so "
    "too`, ~~gone~~, *leaning* and [a link](https://example.org/with/a/long/path) and end, Ålesund.",
    "chinese": "这是一个很长的段落，没有换行，也没有空格。「他说：“好！”」" * 4,
    "one word": "x" * 150 + " and " + "y" * 90 + "-" * 30 + " end",
    "leftward": "שלום עולם, and words between them, " * 4 + "سلام " * 9,
    "marks": "e\u0301e\u0302\u0303\u0304 ก็ไม่ 👩\u200d💻 and words " * 6,
    "items": "1. one item that goes on over the end of its line, as some do\n2. **two**\n   - in it\n\n3. x",
    "code": "```py\ndef f(a):\n    return 'a long line of code that is wrapped' + str(a) + 'and more'\n\n"
    + "x = 1  # and so on\n" * 10 + "```\nend",
    "table": "| a | b |\n|---|--:|\n" + "| `one` | two words |\n| longer than before | **x** |\n" * 3 + "\nend",
}  # fmt: skip


@pytest.mark.parametrize("shape", GROWING)
def test_each_piece_leaves_the_pixels_of_a_fresh_paint(view, qtbot, shape):
    view.resize(330, 500)
    view.append_entry(message("s", "Before.\n\n", streaming=True))
    text, sizes = GROWING[shape], itertools.cycle((1, 4, 2, 9, 3, 6))
    start = 0
    while start < len(text):
        size = next(sizes)
        view.append_text("s", text[start : start + size])
        view.take_in_deltas()
        start += size
        wait_for_colours(view, qtbot)
        assert_true_to_paint(view)


def test_images_and_links_open_no_file(view, tmp_path):
    # Opening a pipe nobody writes to would block for ever, and this test with it.
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    hostile = f"![x]({pipe}) ![y](file://{pipe}) <img src='{pipe}'> [z](file://{pipe})\n\n![w][r]\n\n[r]: {pipe}"
    view.set_entries([message(1, hostile)])
    view.grab()
    assert str(pipe) in view.plain_text("1")


def test_random_changes_never_break_the_heights(view, qtbot):
    import random

    chance, ids = random.Random(5), itertools.count()
    known: list[str] = []
    for _ in range(200):
        act = chance.choice(["append", "insert", "stream", "remove", "scroll", "update", "resize"])
        if act in ("append", "insert") or not known:
            entry_id = str(next(ids))
            index = chance.randint(0, len(known)) if act == "insert" else len(known)
            view.insert(index, message(entry_id, LONG[: chance.randint(0, 700)], streaming=True))
            known.insert(index, entry_id)
        elif act == "stream":
            view.append_text(chance.choice(known), "more **words**\n\n- and\n")
            view.take_in_deltas()
        elif act == "remove":
            view.remove_entry(known.pop(chance.randrange(len(known))))
        elif act == "scroll":
            view.verticalScrollBar().setValue(chance.randint(0, view.verticalScrollBar().maximum()))
        elif act == "update":
            view.update_entry(message(chance.choice(known), "another\n\ntext"))
        else:
            view.resize(chance.randint(200, 900), chance.randint(200, 700))
        heights = [item.height for item in view.stack.items if item.rows is not None]
        assert all(height > 0 for height in heights)
        assert (
            view.stack.total
            == 20 + sum(view.stack.height_of(item) for item in view.stack.items) * bool(known)
            or not known
        )
        assert [entry.id for entry in view.entries()] == known
        value, height = view.verticalScrollBar().value(), view.viewport().height()
        assert 0 <= value <= max(0, view.stack.total - height)


def test_focus_by_key_is_visible(view, qtbot):
    fill(view, 1)
    plain = view.grab().toImage()
    from PySide6.QtGui import QFocusEvent

    event = QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason)
    view.focusInEvent(event)
    assert view.grab().toImage() != plain
