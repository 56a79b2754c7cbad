"""Entries folded to their name line, code entries, pictures, and what stands above a group."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app.ui.transcript.blocks import BlockKind
from desktop_app.ui.transcript.chrome import FOLD_ENTRY
from desktop_app.ui.transcript.entry import Entry, EntryKind, Picture
from desktop_app.ui.transcript.fragments import blocks_shown
from desktop_app.ui.transcript.matching import Query

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)


def step(identifier: str, text: str, **more: object) -> Entry:
    defaults = {"markdown": False, "code": "json", "foldable": True}
    return Entry(identifier, EntryKind.TOOL_RESULT, "Tool result x", text, **{**defaults, **more})


def fold_point(view, entry_id: str) -> QPoint:
    item = view.stack.by_id[entry_id]
    button = view.stack.prepare(item).fold_button
    top = view.stack.top_of(item) - view.verticalScrollBar().value()
    return button.box.translated(0, top).center().toPoint()


def actions_of(view, entry_id: str) -> dict[str, str]:
    interface = view.accessible.of(view.stack.by_id[entry_id])
    return {action.id: action.label for action in interface.actions()}


def test_an_entry_is_folded_by_mouse_and_read_out_whole(view):
    view.set_entries([step("a", "one\ntwo"), step("b", "three")])
    view.grab()
    before = view.stack.height_of(view.stack.by_id["a"])
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=fold_point(view, "a"))
    item = view.stack.by_id["a"]
    assert item.is_folded
    assert item.rows == []
    assert view.stack.height_of(item) < before
    assert view.plain_text("a") == "one\ntwo"
    assert actions_of(view, "a")[FOLD_ENTRY] == "Unfold"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=fold_point(view, "a"))
    assert not item.is_folded
    assert view.stack.height_of(item) == before
    assert actions_of(view, "a")[FOLD_ENTRY] == "Fold"


def test_the_keyboard_reaches_the_fold_button(view):
    view.set_entries([step("a", "one")])
    view.setFocus()
    view.keyboard.walk(forwards=True)
    assert view.painting.focused == (view.stack.by_id["a"], FOLD_ENTRY)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.stack.by_id["a"].is_folded


def test_what_is_found_in_a_folded_entry_unfolds_it(view):
    view.set_entries([step("a", "one\nneedle"), step("b", "three")])
    view.press_action(view.stack.by_id["a"], FOLD_ENTRY)
    view.finder.search(Query("needle"))
    view.finder.finish()
    assert view.finder.count == 1
    item, hit = view.finder.current
    assert not item.is_folded
    assert "needle" in item.rows[hit.row].block.source


def test_everything_that_is_selected_is_copied_folded_or_not(view):
    view.set_entries([step("a", "one"), step("b", "two"), step("c", "three")])
    view.press_action(view.stack.by_id["b"], FOLD_ENTRY)
    view.select_all()
    assert "two" in view.selected_text()


def test_folding_outlives_an_update_of_the_name_line(view):
    view.set_entries([step("a", "one", caption="running")])
    view.press_action(view.stack.by_id["a"], FOLD_ENTRY)
    view.update_entry(step("a", "one", caption="done"))
    assert view.stack.by_id["a"].is_folded


def test_code_is_code_and_markdown_in_it_means_nothing(view):
    view.set_entries([step("a", "[x](https://example.org) **b**", code="")])
    (block,) = blocks_shown(view.stack.by_id["a"])
    assert block.kind is BlockKind.CODE
    assert block.source == "[x](https://example.org) **b**"
    # Links in it are no links: nothing but the fold button can be pressed.
    assert list(actions_of(view, "a")) == [FOLD_ENTRY]


def test_short_code_goes_without_buttons_and_long_code_is_folded(view):
    lines = "\n".join(f"line {number}" for number in range(100))
    view.set_entries([step("a", lines), step("b", "short")])
    first = view.stack.rows_of(view.stack.by_id["a"])[0]
    assert first.is_folded
    assert {button.name for button in first.buttons()} >= {"copy", "fold"}
    assert view.stack.rows_of(view.stack.by_id["b"])[0].buttons() == []


def test_code_that_streams_becomes_another_text_at_its_end(view):
    view.set_entries([step("a", "", streaming=True)])
    view.append_text("a", '{"a":')
    view.append_text("a", "1}")
    view.take_in_deltas()
    assert [block.source for block in blocks_shown(view.stack.by_id["a"])] == ['{"a":1}']
    view.finish_entry("a")
    view.update_entry(step("a", '{\n  "a": 1\n}'))
    assert view.plain_text("a") == '{\n  "a": 1\n}'


def test_pictures_stand_below_the_text(view):
    entry = step("a", "seen", pictures=(Picture("photo", PIXEL), Picture("image/x-odd, 3 kB")))
    view.set_entries([entry])
    kinds = [row.block.kind for row in view.stack.rows_of(view.stack.by_id["a"])]
    assert kinds == [BlockKind.CODE, BlockKind.IMAGE, BlockKind.IMAGE]
    view.grab()
    told = view.accessible.of(view.stack.by_id["a"]).plain_text()
    assert told == "seen\nphoto\nimage/x-odd, 3 kB"
    view.finder.search(Query("x-odd"))
    view.finder.finish()
    assert view.finder.count == 1


def test_a_heading_takes_room_above_the_first_of_its_group(view):
    view.set_entries([step("a", "one"), step("b", "one"), step("c", "one", heading="Round 2")])
    heads = [view.stack.prepare(item).head for item in view.stack.items]
    assert heads[0] == heads[1] < heads[2]
    # Each row is one step; the first of a group also says which group begins.
    names = [item.entry.accessible_name for item in view.stack.items]
    assert names == ["Tool result x", "Tool result x", "Tool result x, Round 2"]


def test_one_that_follows_paints_no_name_and_tells_it(view):
    answer = Entry("a", EntryKind.ASSISTANT, "MiniMax", "x")
    view.set_entries([answer, Entry("b", EntryKind.ASSISTANT, "MiniMax", "y", follows=True)])
    first, second = (view.stack.prepare(item) for item in view.stack.items)
    assert second.head < first.head - first.style.small_metrics.height() / 2
    assert view.stack.items[1].entry.accessible_name == "MiniMax"


def test_a_caption_without_room_beside_the_name_stands_below_it(view):
    long = "running · 43 % · page 3 of 7 of a very long document"
    view.set_entries([step("a", "one", caption="done"), step("b", "one", caption=long)])
    short, tall = (view.stack.prepare(item).head for item in view.stack.items)
    assert short == tall
    view.resize(260, 500)
    short, tall = (view.stack.prepare(item).head for item in view.stack.items)
    assert short < tall
