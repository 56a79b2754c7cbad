"""What is done ahead of time: nothing that is seen moves, and what comes next is there already."""

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import Entry, EntryKind
from desktop_app.ui.transcript.stack import KEPT_ITEMS
from desktop_app.ui.transcript.stream_document import blocks_of
from tests.ui.transcript.test_reading import SHAPES


def answers(count, text):
    return [Entry(str(n), EntryKind.ASSISTANT, "MiniMax", f"{n}. {text}") for n in range(count)]


def picture(view, qtbot):
    """The viewport as it is: with its colours, and the width that the scroll bar leaves it."""
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not view.highlighter.is_busy(), timeout=20_000)
    return view.viewport().grab().toImage()


def rested(qtbot, view):
    qtbot.waitUntil(lambda: not view.idle.is_busy(), timeout=20_000)


def laid_out_pixels(view):
    """How far above and below the viewport everything is laid out."""
    stack, value, height = view.stack, view.scrolling.value, view.viewport().height()

    def is_laid(y):
        item = stack.item_at(y)
        if not item.rows:
            return False
        inside = y - stack.top_of(item)
        row = item.rows[item.row_at(inside)]
        return row.pieces is not None

    above = next((d for d in range(0, value, 10) if not is_laid(value - d)), value)
    rest = stack.total - value - height
    below = next((d for d in range(0, rest, 10) if not is_laid(value + height + d)), rest)
    return above, below


def test_the_next_pages_are_laid_out_while_nothing_happens(qtbot, view):
    view.set_entries(answers(300, "Some words.\n\n- a point\n- another\n\n" * 3))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    before = picture(view, qtbot)
    rested(qtbot, view)
    assert min(laid_out_pixels(view)) >= view.viewport().height()
    assert picture(view, qtbot) == before


@pytest.mark.parametrize("name", ["prose", "ordered list"])
def test_a_long_text_in_sight_is_read_to_its_beginning(qtbot, view, name):
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", SHAPES[name])])
    before = picture(view, qtbot)
    rested(qtbot, view)
    assert view.stack.items[0].is_read
    assert [row.block for row in view.stack.items[0].rows] == blocks_of(SHAPES[name])
    assert view.is_at_end()
    assert picture(view, qtbot) == before


def test_the_view_may_go_while_there_is_work_left(qtbot, view):
    view.set_entries(answers(50, SHAPES["prose"]))
    assert view.idle.is_busy()
    view.clear()
    rested(qtbot, view)
    view.set_entries(answers(50, SHAPES["prose"]))
    view.hide()
    rested(qtbot, view)


def test_text_that_streams_is_taken_in_while_there_is_work_left(qtbot, view):
    entry = Entry("a", EntryKind.ASSISTANT, "MiniMax", SHAPES["ordered list"], streaming=True)
    view.set_entries([entry])
    for number in range(40):
        view.append_text("a", f"\n\nMore {number}.")
        view.take_in_deltas()
        qtbot.wait(1)
    view.finish_entry("a")
    rested(qtbot, view)
    text = view.entries()[0].text
    assert [row.block for row in view.stack.items[0].rows] == blocks_of(text)


def test_entries_seen_long_ago_give_up_their_rows_and_keep_their_place(view):
    view.set_entries(answers(1_500, "Some words.\n\n- a point"))
    bar = view.verticalScrollBar()
    while bar.value() > 0:
        bar.setValue(bar.value() - 450)
    kept = sum(item.rows is not None for item in view.stack.items.made())
    assert kept <= KEPT_ITEMS + 50
    total = view.stack.total
    bar.setValue(bar.maximum() // 2)
    assert abs(view.stack.total - total) < 200
    view.select_all()
    assert view.selected_text().count("a point") == 1_500
