"""A long text is read where it is looked at; in the end its rows are those of the whole text."""

import random

import pytest

from desktop_app.ui.transcript import Entry, EntryKind
from desktop_app.ui.transcript.reading import LONG, UnreadRow
from desktop_app.ui.transcript.stream_document import blocks_of
from tests.ui.transcript.test_restart import ENDLESS, LINES

SIZE = 60_000
SHAPES = {
    **{name: opener + unit * (SIZE // len(unit)) for name, (opener, unit) in ENDLESS.items()},
    "ordered list": "".join(f"{n}. item\n" for n in range(1, SIZE // 12)),
    "ordered list, loose": "".join(f"{n + 4}. item\n\n" for n in range(1, SIZE // 12)),
    "ordered list, numbered by one": "1. item\n" * (SIZE // 8),
    "quote": "> quoted words\n" * (SIZE // 15),
    "list with fences": "- item\n  ```py\n  x = 1\n  ```\n" * (SIZE // 30),
    "unclosed fence": "  ```\n" + "# words\n\n" * (SIZE // 9),
    "newlines": "\n" * SIZE,
    "returns": "word\r\n\r\n" * (SIZE // 8),
    "one line of code": "```\n" + "x" * SIZE + "\n```\n",
    "nested quotes": ">" * SIZE,
    "quotes and lists": "> quoted words\n\n- item\n- other\n\nwords\n\n> - both\n\n" * (SIZE // 60),
    "footnotes": "Words[^1] and words.\n\n[^1]: A note.\n    And more.\n\n" * (SIZE // 55),
    "formulas": "$$\nx^2\n$$\n\nand \\(y\\) or\n\\[ z \\]\n\n" * (SIZE // 38),
    "images": "Words\n\n![a](data:image/png;base64,AAAA)\n![b](data:image/png;base64,AB)\n\n"
    * (SIZE // 70),
    "random": "\n".join(random.Random(7).choices(LINES, k=SIZE // 6)),
}


def answer(text, **more):
    return Entry("a", EntryKind.ASSISTANT, "MiniMax", text, **more)


def blocks_shown(view):
    return [row.block for row in view.stack.items[0].rows]


def unread(view):
    return sum(isinstance(row, UnreadRow) for row in view.stack.items[0].rows)


def is_missing(row):
    """Whether a row stands for words, and not only for a doubt about what comes before it."""
    return isinstance(row, UnreadRow) and row.end > row.start


def bearing(item, view=None):
    """What each row has from its neighbours: space, containers, and the first row of its block."""
    if view is not None:
        view.stack.rows_of(item)
    return [(row.lead, row.shared, row.state and row.state.first) for row in item.rows]


def read_all(view):
    view.stack.rows_of(view.stack.items[0])
    assert unread(view) == 0


@pytest.mark.parametrize("name", SHAPES)
def test_reading_at_once_gives_the_blocks_of_the_whole(view, name):
    view.set_entries([answer(SHAPES[name])])
    assert unread(view) == 1
    assert len(view.stack.items[0].rows) < 700
    read_all(view)
    assert blocks_shown(view) == blocks_of(SHAPES[name])


@pytest.mark.parametrize("name", SHAPES)
def test_looking_here_and_there_gives_the_blocks_of_the_whole(view, name):
    view.set_entries([answer(SHAPES[name])])
    chance, bar = random.Random(name), view.verticalScrollBar()
    item = view.stack.items[0]
    for _ in range(12):
        bar.setValue(chance.choice([0, bar.maximum(), chance.randint(0, bar.maximum())]))
        for _ in range(3):
            bar.setValue(bar.value() + chance.choice([-400, 400]))
        top = bar.value() - view.stack.top_of(item)
        seen = range(item.row_at(top), item.row_at(top + view.viewport().height() - 40) + 1)
        # What is blank anyway may stay unread until there is time.
        assert not any(is_missing(item.rows[index]) for index in seen) or name == "newlines"
        if chance.random() < 0.3:
            item.read_on(0.0)
            view.scrolling.change(lambda: None)
    for _ in range(10_000):
        if item.is_read:
            break
        item.read_on(0.0)
    assert unread(view) == 0
    assert blocks_shown(view) == blocks_of(SHAPES[name])
    shown = bearing(item)
    view.set_entries([answer(SHAPES[name])])
    view.stack.items[0].keeps_numbers = True
    assert shown == bearing(view.stack.items[0], view)


@pytest.mark.parametrize("name", ["prose", "ordered list", "paragraph", "random"])
def test_a_long_text_may_stream_on_before_it_is_read(view, name):
    text = SHAPES[name]
    view.set_entries([answer(text[:40_000], streaming=True)])
    item = view.stack.items[0]
    for start in range(40_000, len(text), 4_000):
        view.append_text("a", text[start : start + 4_000])
        view.take_in_deltas()
        item.read_on(0.0)
    assert blocks_shown(view)[-3:] != []
    read_all(view)
    view.append_text("a", "\n\nThe end.\n")
    view.take_in_deltas()
    view.finish_entry("a")
    assert blocks_shown(view) == blocks_of(text + "\n\nThe end.\n")


def test_an_answer_that_ends_before_it_is_read_ends_alike(view):
    text = SHAPES["ordered list, numbered by one"]
    view.set_entries([answer(text, streaming=True)])
    view.finish_entry("a")
    read_all(view)
    assert blocks_shown(view) == blocks_of(text)


def test_reading_the_rest_moves_nothing_that_the_reader_sees(view):
    view.set_entries([answer(SHAPES["prose"])])
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    item = view.stack.items[0]
    before = view.grab().toImage()
    while not item.is_read:
        view.scrolling.change(lambda: item.read_on(0.0))
        assert view.grab().toImage() == before


def test_everything_can_be_copied_before_it_is_read(view):
    view.set_entries([answer(SHAPES["ordered list"])])
    view.select_all()
    assert view.selected_text() == SHAPES["ordered list"].strip("\n")
    assert view.plain_text("a").count("item") == SHAPES["ordered list"].count("item")


def test_a_short_text_is_read_at_once(view):
    view.set_entries([answer("word " * (LONG // 5))])
    assert unread(view) == 0
    assert view.stack.items[0].is_read


@pytest.mark.parametrize("name", ["paragraph", "chinese", "no spaces"])
def test_the_height_of_what_nobody_looked_at_is_guessed_well(view, name):
    view.set_entries([answer(SHAPES[name])])
    guessed = view.stack.total
    view.stack.rows_of(view.stack.items[0])
    view.stack.measure(0, view.stack.total)
    assert 0.8 < guessed / view.stack.total < 1.25
