"""Links and footnotes in a view: by mouse, by key, and for screen readers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from desktop_app.ui.transcript import EntryAction
from desktop_app.ui.transcript.blocks import BlockKind, Look
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.links import find_link, links_of
from desktop_app.ui.transcript.plain import plain_text
from desktop_app.ui.transcript.stream_document import StreamDocument, blocks_of
from tests.ui.transcript.kit import click, keys, message, point_of, show

K = Qt.Key
LINKED = (
    "see [one **bold**](https://a.b/1) and https://a.b/2\n\n"
    "| x | y |\n|---|---|\n| 1 | [two](https://a.b/3) |\n\n[no](file:///x)"
)


def looks(source):
    rich = rich_text(source)
    return [(rich.text[span.start : span.end], span.look, span.target) for span in rich.spans]


# -- addresses without brackets ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("at www.a.bc/x_(y).", [("www.a.bc/x_(y)", Look.LINK, "http://www.a.bc/x_(y)")]),
        ("write me@b.cn, or", [("me@b.cn", Look.LINK, "mailto:me@b.cn")]),
        ("a.b-c+d@e-f.co.uk", [("a.b-c+d@e-f.co.uk", Look.LINK, "mailto:a.b-c+d@e-f.co.uk")]),
        ("写信给 me@b.cn。", [("me@b.cn", Look.LINK, "mailto:me@b.cn")]),
        ("awww.b.c", []),
        ("www. and www", []),
        ("@name and a@b and a@", []),
        ("x/me@b.cn", []),
        ("`me@b.cn www.a.b`", [("me@b.cn www.a.b", Look.CODE, "")]),
        ("[me@b.cn](https://x.y)", [("me@b.cn", Look.LINK, "https://x.y")]),
    ],
)
def test_addresses_are_links_by_themselves(source, found):
    assert looks(source) == found


# -- links by key and for screen readers -------------------------------------------------------


def test_tab_walks_links_and_buttons_and_enter_follows(view, qtbot):
    view.set_entries([message(1, LINKED, actions=(EntryAction("copy", "Copy"),)), message(2, "x")])
    view.setFocus()
    followed, pressed = [], []
    view.link_activated.connect(lambda *args: followed.append(args))
    view.action_activated.connect(lambda *args: pressed.append(args))
    for _ in range(5):  # the table's own button is one of them
        keys(view, qtbot, K.Key_Tab)
        keys(view, qtbot, K.Key_Return)
    assert followed == [
        ("https://a.b/1", "one bold"),
        ("https://a.b/2", "https://a.b/2"),
        ("https://a.b/3", "two"),
    ]
    assert pressed == [("1", "copy")]
    keys(view, qtbot, K.Key_Backtab)
    keys(view, qtbot, K.Key_Return)
    assert followed[-1] == ("https://a.b/3", "two")
    keys(view, qtbot, K.Key_Tab)
    assert not view.keyboard.walk(forwards=True)


def test_links_out_of_sight_are_no_stops(view, qtbot):
    show(view, "[first](https://a.b/1)\n\n" + "words " * 2000 + "\n\n[last](https://a.b/2)")
    view.setFocus()
    keys(view, qtbot, K.Key_Tab)
    assert find_link(*view.painting.focused).words == "first"
    assert not view.keyboard.walk(forwards=True)


def test_the_focused_link_is_framed(view, qtbot):
    show(view, "see [this](https://a.b) now")
    view.setFocus()
    plain = view.grab().toImage()
    keys(view, qtbot, K.Key_Tab)
    framed = view.grab().toImage()
    assert framed != plain
    accent = view.stack.style.tokens.accent.name()
    colours = {framed.pixelColor(x, y).name() for x in range(200) for y in range(120)}
    assert accent in colours


def test_a_click_tells_target_and_words(view, qtbot):
    show(view, LINKED)
    with qtbot.waitSignal(view.link_activated) as clicked:
        click(view, qtbot, point_of(view, 0, 0, 6))
    assert clicked.args == ["https://a.b/1", "one bold"]
    with qtbot.waitSignal(view.link_activated) as clicked:
        click(view, qtbot, point_of(view, 0, 1, 8))
    assert clicked.args == ["https://a.b/3", "two"]


def test_screen_readers_get_links_with_their_targets(view, qtbot):
    show(view, LINKED)
    entry = view.accessible.of(view.stack.items[0])
    children = [entry.child(n) for n in range(entry.childCount())]
    children = [child for child in children if child.role() == QAccessible.Role.Link]
    assert [child.text(QAccessible.Text.Name) for child in children] == [
        "one bold", "https://a.b/2", "two",
    ]  # fmt: skip
    assert children[2].text(QAccessible.Text.Description) == "https://a.b/3"
    assert not children[0].rect().isEmpty()
    assert entry.rect().contains(children[0].rect())
    with qtbot.waitSignal(view.link_activated) as followed:
        children[2].press()
    assert followed.args == ["https://a.b/3", "two"]
    view.update_entry(message("0", "no link any more"))
    assert not children[2].isValid()
    assert entry.childCount() == 0


def test_links_of_a_text_that_streams_are_those_so_far(view):
    view.set_entries([message("s", "[a](https://a.b)", streaming=True)])
    entry = view.accessible.of(view.stack.items[0])
    assert entry.childCount() == 1
    view.append_text("s", " and [b](https://c.d)")
    view.take_in_deltas()
    assert entry.childCount() == 2
    assert [link.target for link in links_of(view.stack.items[0])] == ["https://a.b", "https://c.d"]


# -- footnotes ---------------------------------------------------------------------------------


NOTED = "Said[^1] and[^src].\n\n[^1]: The *note*.\n[^src]: A source\n    goes on.\n\n    More.\n\nAfter[^1].\n"


def test_marks_and_footnotes_are_read(view):
    assert looks("Said[^1] and[^src].") == [("[1]", Look.NOTE, "1"), ("[src]", Look.NOTE, "src")]
    assert [(b.kind, b.path, b.marker, b.source) for b in blocks_of(NOTED)] == [
        (BlockKind.PARAGRAPH, "", "", "Said[^1] and[^src]."),
        (BlockKind.PARAGRAPH, "i", "[^1]", "The *note*."),
        (BlockKind.PARAGRAPH, "i", "[^src]", "A source\ngoes on."),
        (BlockKind.PARAGRAPH, "i", "", "More."),
        (BlockKind.PARAGRAPH, "", "", "After[^1]."),
    ]
    assert plain_text(NOTED) == (
        "Said[1] and[src].\n\n[1] The note.\n[src] A source\ngoes on.\n\nMore.\n\nAfter[1]."
    )


@pytest.mark.parametrize(
    "source",
    ["`[^1]`", "[^a-z]", "[^]", "[^ 1]", "\\[^1]", "[^1](https://a.b)", "[^12345]", "```\n[^1]: x\n```"],
)  # fmt: skip
def test_what_only_looks_like_a_footnote_is_none(source):
    spans = [span for block in blocks_of(source) for span in rich_text(block.source).spans]
    is_code = blocks_of(source)[0].kind is BlockKind.CODE
    assert is_code or not any(span.look & Look.NOTE for span in spans)
    assert not any(block.note for block in blocks_of(source))


def test_footnotes_that_stream_are_those_that_are_reopened():
    whole = blocks_of(NOTED)
    for size in (1, 2, 3, 7):
        document, blocks = StreamDocument(), []
        for start in range(0, len(NOTED), size):
            blocks += document.feed(NOTED[start : start + size])
            for block in document.tail():
                shown = rich_text(block.source).text
                assert "[^" not in shown, "no half-read mark is ever shown"
        blocks += document.finish()
        assert blocks == whole


def test_a_mark_leads_to_its_footnote_and_the_number_back(view, qtbot):
    filler = "\n\n".join(["Words and more words. " * 12] * 30)
    show(view, f"Said[^1] so.\n\n{filler}\n\n[^1]: The note.\n\nend")
    rows = view.stack.by_id["0"].rows
    click(view, qtbot, point_of(view, 0, 0, 5))
    note = len(rows) - 2
    assert view.selection.cursor == (0, note, 0)
    rect = view.caret.places.rect((0, note, 0)).translated(0, -view.verticalScrollBar().value())
    assert rect.top() >= 0
    assert rect.bottom() <= view.viewport().height()
    number = point_of(view, 0, note, 0)
    number.setX(number.x() - 12)
    click(view, qtbot, number)
    assert view.selection.cursor == (0, 0, 4)
    assert view.verticalScrollBar().value() < 60


def test_a_mark_is_reached_and_followed_by_key(view, qtbot):
    show(view, "Said[^1] so.\n\n[^1]: The note.")
    view.setFocus()
    keys(view, qtbot, K.Key_Tab)
    keys(view, qtbot, K.Key_Return)
    assert view.selection.cursor == (0, 1, 0)
    entry = view.accessible.of(view.stack.items[0])
    mark = entry.child(0)
    assert (mark.role(), mark.text(QAccessible.Text.Name)) == (QAccessible.Role.Link, "[1]")
    assert mark.text(QAccessible.Text.Description) == ""


def test_a_click_on_a_link_selects_no_entry(view, qtbot):
    show(view, "see [this](https://a.b) now")
    selected = []
    view.entry_selected.connect(selected.append)
    click(view, qtbot, point_of(view, 0, 0, 6))
    assert selected == []
    click(view, qtbot, point_of(view, 0, 0, 1))
    assert selected == ["0"]


def test_a_mark_without_a_footnote_leads_nowhere(view, qtbot):
    show(view, "Said[^1] so.")
    before = view.verticalScrollBar().value()
    click(view, qtbot, point_of(view, 0, 0, 5))
    assert view.verticalScrollBar().value() == before
