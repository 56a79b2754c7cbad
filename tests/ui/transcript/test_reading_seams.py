"""What is known of rows by their numbers, while a long text is read in parts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from desktop_app.ui.transcript import BlockView, Entry, EntryKind
from desktop_app.ui.transcript.code_block import CodeRow
from desktop_app.ui.transcript.entry_item import EntryItem
from desktop_app.ui.transcript.matching import Query
from desktop_app.ui.transcript.waiting_input import SLICE_SECONDS
from tests.ui.transcript.blocks_kit import wheel
from tests.ui.transcript.kit import actions_of, keys, open_menu, read_on
from tests.ui.transcript.test_view import wait_for_colours

PROSE = "Some **words** here, and [a link](https://example.org/x).\n\n- a point\n\n" * 400
STRING = 'text = """\n' + "def inside(the): # string\n" * 600 + '"""\nx = 1\n'
CODE = f"Before it.\n\n```python\n{STRING}```\n"


def show(view, text):
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", text)])
    item = view.stack.items[0]
    assert not item.is_read
    return item


def point_in_last_row(view, item, offset):
    """The point of the viewport at a letter of the last row."""
    row = item.rows[-1]
    piece = row.pieces[0]
    line = piece.layout.lineAt(0)
    x = line.cursorToX(offset)
    x = x[0] if isinstance(x, (tuple, list)) else x
    left = item.chrome.row_left + item.chrome.shift(item.natural_width()) + piece.x
    top = view.stack.top_of(item) + item.row_top(len(item.rows) - 1) + piece.y + line.height() / 2
    return QPoint(round(left + x) + 2, round(top) - view.scrolling.value)


def test_a_double_click_selects_the_word_under_it_and_it_stays_selected(view, qtbot):
    item = show(view, PROSE + "The very last words.")
    at = point_in_last_row(view, item, 4)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    read_on(view, qtbot)
    assert item.is_read
    assert view.selected_text() == "very"
    assert view.scrolling.is_at_end()
    view.set_zoom(1.5)
    assert item.is_read
    assert view.selected_text() == "very"


def test_what_is_read_for_a_click_moves_nothing(view, qtbot):
    item = show(view, PROSE)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert not item.is_read
    before = view.viewport().grab().toImage()
    view.stack.rows_of(item)
    assert item.is_read
    assert view.viewport().grab().toImage() == before


def test_everything_is_selected_and_copied_without_reading_it(view):
    item = show(view, PROSE)
    view.select_all()
    assert not item.is_read
    assert view.copying.markdown() == PROSE.strip("\n")
    assert not item.is_read
    assert view.selection.range_in(0, len(item.rows) - 1) is not None


def test_the_selection_of_everything_is_changed_by_key(view, qtbot):
    item = show(view, PROSE + "The end.")
    view.select_all()
    keys(view, qtbot, Qt.Key.Key_Left, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert item.is_read
    assert view.selected_text().endswith("The end")


def test_pieces_of_a_block_are_one_block_once_its_beginning_is_read(view, qtbot):
    view.set_code_look(wraps=False, folds=False)
    item = show(
        view, "Before it.\n\n```python\n" + ("y = 1  # " + "so " * 90 + "\n") * 400 + "```\n"
    )
    at = QPoint(200, view.viewport().height() // 2)
    wheel(view, at, pixels=(-120, 0))
    row = view.pointer.hit(QPointF(at)).row
    assert row.shift > 0
    assert not row.state.head.block.first
    shift, state = row.shift, row.state
    for _ in range(500):
        if item.is_read:
            break
        view.read_on(item, 0.0)
    code = [row for row in item.rows if isinstance(row, CodeRow)]
    assert {id(row.state) for row in code} == {id(state)}
    assert state.head is code[0]
    assert [row.shift for row in code[-3:]] == [shift] * 3
    assert item.rows[state.first] is code[0]


def test_a_folded_block_is_folded_once_its_beginning_is_read(view):
    view.set_code_look(wraps=True, folds=True)
    item = show(view, CODE + "\nAfter it.")
    while not item.is_read:
        view.read_on(item, 0.0)
    code = [row for row in item.rows if isinstance(row, CodeRow)]
    assert code[0].is_cut
    assert all(row.is_hidden for row in code[1:])
    assert all(item.row_top(n + 1) == item.row_top(n) for n in range(2, len(item.rows) - 1))


def test_code_has_its_colours_once_what_comes_before_it_is_read(view, qtbot):
    item = show(view, CODE)
    wait_for_colours(view, qtbot)
    while not item.is_read:
        view.read_on(item, 0.0)
    for _ in range(3):
        view.viewport().update()
        wait_for_colours(view, qtbot)
    in_parts = [row.colouring for row in item.rows if isinstance(row, CodeRow)]
    assert in_parts[-1][0][2] == "string"
    view.set_entries([Entry("b", EntryKind.ASSISTANT, "MiniMax", CODE)])
    whole = view.stack.items[0]
    view.stack.rows_of(whole)
    view.scroll_to_end()
    for _ in range(3):
        view.viewport().update()
        wait_for_colours(view, qtbot)
    at_once = [row.colouring for row in whole.rows if isinstance(row, CodeRow)]
    assert in_parts[-1] == at_once[-1]


def test_hits_are_marked_where_they_are(view, qtbot):
    item = show(view, PROSE + "A needle in it.")
    view.finder.search(Query("needle"), leads=False)
    qtbot.waitUntil(lambda: not view.finder.is_searching)
    assert item.is_read
    assert view.finder.marks_in(item, len(item.rows) - 1) == [(2, 8, False)]
    view.set_zoom(1.5)
    assert not item.is_read
    assert view.finder.marks_in(item, len(item.rows) - 1) == []
    view.grab()
    qtbot.waitUntil(lambda: not view.finder.is_searching and item.is_read)
    assert view.finder.marks_in(item, len(item.rows) - 1) == [(2, 8, False)]
    assert view.finder.count == 1


def test_the_first_hit_gone_to_is_the_one_in_sight(view, qtbot):
    text = "".join(f"Needle {n} stands here, with some words behind it.\n\n" for n in range(400))
    item = show(view, text)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    seen = next(row.block.source for row in view.rows_in_sight()[1:])
    view.finder.search(Query("Needle"))
    qtbot.waitUntil(lambda: not view.finder.is_searching)
    current, hit = view.finder.current
    assert current is item
    number = int(item.rows[hit.row].block.source.split()[1])
    assert abs(number - int(seen.split()[1])) <= 1


def test_tab_goes_to_a_link_that_stays_the_same_link(view, qtbot):
    item = show(view, PROSE)
    view.setFocus()
    keys(view, qtbot, Qt.Key.Key_Tab)
    focused = view.painting.focused
    assert focused[0] is item
    with qtbot.waitSignal(view.link_activated) as signal:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert signal.args == ["https://example.org/x", "a link"]


def test_a_note_leads_to_its_footnote_at_the_end_of_what_is_unread(view):
    text = "Mark[^1].\n\n" + PROSE + "[^1]: The note.\n"
    item = show(view, text)
    view.scroll_to_entry("a")
    view.follow_link(item, "link:0:4")
    assert item.rows[view.selection.cursor[1]].block.note == "1"
    assert view.caret.is_in_sight()


def test_the_menu_copies_the_whole_of_a_block_that_is_read_in_part(view):
    show(view, CODE)
    menu = open_menu(view, QPoint(200, view.viewport().height() // 2))
    actions_of(menu)["Copy code"].trigger()
    assert QGuiApplication.clipboard().text() == STRING.removesuffix("\n")
    menu.close()


def test_a_hovered_row_keeps_its_number(view):
    item = show(view, PROSE)
    last = len(item.rows) - 1
    row = item.rows[last]
    view.painting.hovered = (item, last, "note:1")
    while not item.is_read:
        view.read_on(item, 0.0)
    assert item.rows[view.painting.hovered[1]] is row


def test_tab_looks_at_the_blocks_in_sight_alone(view, qtbot, monkeypatch):
    item = show(view, "Words\n\n```py\nx = 1\n```\n\n" * 800)
    view.stack.rows_of(item)
    asked = []
    buttons = CodeRow.buttons
    monkeypatch.setattr(CodeRow, "buttons", lambda row: asked.append(row) or buttons(row))
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.painting.focused is not None
    first, last = view.rows_in_sight()[0], view.rows_in_sight()[-1]
    seen = item.rows[item.rows.index(first) : item.rows.index(last) + 2]
    assert {*asked} <= {*seen}


LONG = "- an item with **bold** words, and a [link](https://example.org)\n" * 6_000


def waits(view):
    """Press into a text that takes long to read; it is not read when the press returns."""
    item = show(view, LONG)
    at = point_in_last_row(view, item, 4)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.waiting.is_waiting()
    assert not item.is_read
    return at


def test_what_follows_a_press_that_waits_is_done_after_it(view, qtbot):
    at = waits(view)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.keyClick(view, Qt.Key.Key_End, shift)
    QTest.keyClick(view, Qt.Key.Key_Left, shift)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not view.selection
    read_on(view, qtbot)
    assert view.selected_text() == "tem with bold words, and a lin"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == view.selected_text())


def test_a_drag_that_waits_selects_what_it_went_over(view, qtbot):
    at = waits(view)
    QTest.mouseMove(view.viewport(), at + QPoint(40, 0))
    QTest.mouseMove(view.viewport(), at + QPoint(0, -300))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(0, -300))
    read_on(view, qtbot)
    assert view.selected_text().count("an item with bold words") >= 5
    assert not view.pointer.is_scrolling


def test_a_text_is_read_in_small_steps_for_a_press(view, qtbot, monkeypatch):
    begun, asked = [], EntryItem.read_on
    monkeypatch.setattr(
        EntryItem, "read_on", lambda item, seconds: begun.append(seconds) or asked(item, seconds)
    )
    waits(view)
    read_on(view, qtbot)
    assert view.stack.items[0].is_read
    assert len(begun) > 3
    assert max(begun) <= SLICE_SECONDS


def test_escape_lets_go_of_what_waits(view, qtbot):
    waits(view)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.waiting.is_waiting()
    assert not view.selection
    assert view.selection.cursor is None


def test_other_entries_let_go_of_what_waits(view):
    waits(view)
    view.set_entries([])
    assert not view.waiting.is_waiting()


def test_tab_that_waits_leaves_a_view_without_stops(qtbot):
    window = QWidget()
    before, view = QLineEdit(window), BlockView(window)
    after = QLineEdit(window)
    layout = QVBoxLayout(window)
    for widget in (before, view, after):
        layout.addWidget(widget)
    qtbot.addWidget(window)
    window.resize(600, 600)
    with qtbot.waitActive(window):
        window.show()
    show(view, "- an item with **bold** words\n" * 12_000)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    assert view.hasFocus()
    read_on(view, qtbot)
    assert after.hasFocus()


def test_the_menu_comes_once_what_it_is_about_is_read(view, qtbot):
    item = show(view, LONG)
    at = QPoint(200, view.viewport().height() // 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    assert not view.findChildren(QMenu)
    read_on(view, qtbot)
    assert item.is_read
    (menu,) = view.findChildren(QMenu)
    menu.close()
