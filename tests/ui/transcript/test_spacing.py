"""The rhythm of blocks: what follows what at which distance, and where a quote's bar ends."""

from __future__ import annotations

import itertools

import pytest

from desktop_app.ui.transcript.spacing import AFTER_LIST, BESIDE_QUOTE, lead_of, shared_containers
from desktop_app.ui.transcript.stream_document import blocks_of
from tests.ui.transcript.kit import show

KINDS = {
    "paragraph": "words",
    "list": "- one\n- two",
    "numbers": "1. one\n2. two",
    "quote": "> quoted",
    "code": "```\ncode\n```",
    "table": "| a |\n|---|\n| 1 |",
    "heading": "### head",
}


def gap(view, first: str, second: str) -> float:
    """Ems between the text of a block, or its frame, and that of the one after it."""
    show(view, f"{KINDS[first]}\n\n{KINDS[second]}")
    rows = view.stack.by_id["0"].rows
    upper = {"list": 2, "numbers": 2}.get(first, 1) - 1
    for index in range(len(rows)):
        view.stack.measure_row(view.stack.items[0], index)
    above, below = rows[upper], rows[upper + 1]
    return (above.bottom + below.top) / view.stack.style.px


@pytest.mark.parametrize(("first", "second"), [*itertools.product(KINDS, KINDS)])
def test_no_two_blocks_stand_too_close_or_too_far(view, first, second):
    if first == second and first in ("list", "numbers", "quote"):
        return
    room = gap(view, first, second)
    is_pair_of_lists = {first, second} == {"list", "numbers"}
    least = 0.5 if is_pair_of_lists else 0.6 if first == "heading" else 0.8
    assert least <= room <= 1.6, room


def test_items_of_a_list_stay_close_and_what_follows_does_not(view):
    show(view, "- one\n- two\n  - three\n- four\n\nafter")
    rows = view.stack.by_id["0"].rows
    assert [row.lead for row in rows[:4]] == [0, 0, 0, 0]
    assert rows[4].lead == view.stack.style.em(AFTER_LIST)


@pytest.mark.parametrize(
    ("source", "leads"),
    [
        ("a\n\n> q\n\nb", [0, BESIDE_QUOTE, BESIDE_QUOTE]),
        ("> q\n>\n> r", [0, 0]),
        ("> q\n> > deep\n>\n> out", [0, BESIDE_QUOTE, BESIDE_QUOTE]),
        ("- a\n\n  > q\n- b", [0, BESIDE_QUOTE, BESIDE_QUOTE]),
        ("- a\n\n> q", [0, AFTER_LIST + BESIDE_QUOTE]),
        ("- a\n  - b\n\nc", [0, 0, AFTER_LIST]),
        ("- a\n\n  more of a\n\nc", [0, 0, AFTER_LIST]),
        ("- a\n\n      code\n\nc", [0, 0, 0]),
        ("[^1]: note\n\nafter", [0, AFTER_LIST]),
        ("x " * 2000 + "\n\n> q", None),
    ],
)
def test_leads(source, leads):
    blocks = blocks_of(source)
    found = [lead_of(after, block) for after, block in zip([None, *blocks], blocks, strict=False)]
    if leads is None:
        assert found[-1] == BESIDE_QUOTE
        assert set(found[:-1]) == {0}
    else:
        assert found == pytest.approx(leads)


def test_shared_containers_end_at_a_new_item():
    first, second, third = blocks_of("- a\n- b\n\n  c")
    assert shared_containers(first, second) == 0
    assert shared_containers(second, third) == 1


def test_the_bar_of_a_quote_begins_below_its_lead(view):
    show(view, "- item\n\n> quoted\n>\n> more")
    item = view.stack.items[0]
    for index in range(3):
        view.stack.measure_row(item, index)
    quote = item.rows[1]
    assert quote.lead > 0
    image = view.viewport().grab().toImage()
    border = view.stack.style.tokens.border.name()
    x = item.chrome.row_left + 1
    top = view.stack.top_of(item) + item.row_top(1) - view.verticalScrollBar().value()
    assert image.pixelColor(x, top + quote.lead // 2).name() != border
    bottom = top + quote.height + item.rows[2].height
    column = {image.pixelColor(x, y).name() for y in range(top + quote.lead + 1, bottom - 1)}
    assert column == {border}, "one bar without a gap over both blocks"
