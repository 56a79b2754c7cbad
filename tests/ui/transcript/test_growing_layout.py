"""What is laid out and painted anew when a block grows, and what is kept."""

from __future__ import annotations

import pytest

from desktop_app.ui.transcript.blocks import Look, RichText, Span
from desktop_app.ui.transcript.code_layout import PART_LINES
from desktop_app.ui.transcript.text_layout import selected_boxes
from desktop_app.ui.transcript.unchanged import last_break, unchanged_until
from tests.ui.transcript.blocks_kit import rows
from tests.ui.transcript.kit import message

HEAD = "| a | b |\n|---|---|\n"
BOLD, CODE = Look.BOLD, Look.CODE


def stream(view, *pieces):
    """Stream pieces into an empty answer; its rows after each of them."""
    view.append_entry(message("a", "", streaming=True))
    for piece in pieces:
        view.append_text("a", piece)
        view.take_in_deltas()
        yield list(rows(view))


def layouts(row):
    return [piece.layout for piece in row.pieces]


def test_code_keeps_the_layouts_of_the_lines_before_the_last_ones(view):
    lines = "".join(f"value_{n} = {n}\n" for n in range(PART_LINES * 3))
    (before,), (after,) = stream(view, f"```\n{lines}mo", "re = 1")
    assert layouts(after)[:3] == layouts(before)[:3]
    assert len(layouts(after)) == 4
    assert layouts(after)[3] != layouts(before)[3]
    assert "".join(layout.text() for layout in layouts(after)).endswith("more = 1")


def test_colours_lay_out_only_the_lines_that_have_others(view):
    lines = "".join(f"value_{n} = {n}\n" for n in range(PART_LINES * 2))
    ((row,),) = stream(view, f"```\n{lines}")
    before = layouts(row)
    start = row.text.index(f"value_{PART_LINES} ")
    row.recolour(((start, start + 5, "keyword"),))
    row.measure(row.width)
    assert layouts(row)[0] == before[0]
    assert layouts(row)[1] != before[1]
    assert [each.start for each in row.pieces[1].layout.formats()] == [0]


def test_a_colour_that_crosses_parts_colours_both(view):
    lines = "".join(f"value_{n} = {n}\n" for n in range(PART_LINES * 2))
    ((row,),) = stream(view, f"```\n{lines}")
    end = row.text.index(f"value_{PART_LINES} ") + 3
    row.recolour(((4, end, "string"),))
    row.measure(row.width)
    first, second = row.pieces
    assert [(each.start, each.length) for each in first.layout.formats()] == [(4, first.length - 4)]
    assert [(each.start, each.length) for each in second.layout.formats()] == [(0, 3)]


def test_streamed_code_has_the_parts_of_code_that_is_opened(view):
    text = "```\n" + "".join(f"value_{n} = {n}\n" for n in range(50))
    *_, streamed = stream(view, *(text[at : at + 7] for at in range(0, len(text), 7)))
    shown = [[(p.start, p.length, p.y) for p in row.pieces] for row in streamed]
    view.set_entries([message("a", text, streaming=True)])
    assert [[(p.start, p.length, p.y) for p in row.pieces] for row in rows(view)] == shown


def test_a_selection_shows_the_break_between_parts_as_it_does_within_one(view):
    ((row,),) = stream(view, "```\n" + "line\n" * (PART_LINES * 2))
    first = row.pieces[0]
    inside = selected_boxes(first, 0, first.length)
    over_the_end = selected_boxes(first, 0, first.length + 2)
    assert over_the_end[-1].width() == inside[0].width() > inside[-1].width()
    assert selected_boxes(first, first.length, first.length + 2)[0].width() > 0


def test_a_table_keeps_the_cells_of_the_lines_before_the_last_one(view):
    (before,), (after,), (wider,) = stream(
        view, f"{HEAD}| one and only | two |\n| th", "ree |\n| f", "our and many words more | x |"
    )
    assert layouts(after)[:4] == layouts(before)[:4]
    assert layouts(after)[4:6] != layouts(before)[4:6]
    assert after.stable == after.text.index("three")
    # Other widths move the cells of all lines.
    assert not set(map(id, layouts(wider))) & set(map(id, layouts(after)))
    assert wider.stable == 0


def test_a_line_of_a_table_keeps_the_cells_before_the_one_that_grows(view):
    (before,), (after,) = stream(
        view, f"{HEAD}| one and only | with some words |\n| one | tw", "o words"
    )
    assert layouts(after)[4] is layouts(before)[4]
    assert layouts(after)[5] is not layouts(before)[5]
    assert layouts(after)[5].text() == "two words"
    last, first = after.pieces[5], before.pieces[5]
    assert (last.x, last.y, last.start) == (first.x, first.y, first.start)


def test_a_line_of_a_table_is_laid_out_as_if_it_had_come_at_once(view):
    text = f"{HEAD}| one and `two` | **three** | \n| 四 and a longer one | five |\n"
    *_, streamed = stream(view, *text)
    view.set_entries([message("a", text)])
    whole = list(rows(view))
    for one, other in zip(streamed, whole, strict=True):
        one.measure(other.width)
        assert one.text == other.text
        assert one.height == other.height
        places = [[(p.x, p.y, p.start, p.length) for p in row.pieces] for row in (one, other)]
        assert places[0] == places[1]


def test_a_table_gives_up_all_of_its_cells(view):
    ((row,),) = stream(view, f"{HEAD}| one | two |\n")
    before = layouts(row)
    row.drop()
    assert row.pieces is None
    row.measure(row.width)
    assert all(new is not old for new, old in zip(layouts(row), before, strict=True))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", 0),
        ("word", 0),
        ("two words", 3),
        ("a\nb", 2),
        ("a b\nc", 4),
        ("a b\n", 4),
        ("x" * 300, 0),
    ],
)
def test_what_follows_moves_no_line_above_the_last_break(text, place):
    assert last_break(text) == place


@pytest.mark.parametrize(
    ("old", "new", "until"),
    [
        (RichText("a b"), RichText("a bc"), 3),
        (RichText("a b"), RichText("a x"), 0),
        (RichText("a b"), RichText("a b bold", (Span(4, 8, BOLD),)), 3),
        (RichText("a b", (Span(2, 3, BOLD),)), RichText("a bc", (Span(2, 4, BOLD),)), 3),
        (RichText("a *b"), RichText("a *b*", (Span(2, 5, BOLD),)), 2),
        (RichText("a b", (Span(2, 3, BOLD),)), RichText("a bc"), 0),
        (RichText("a b", (Span(2, 3, CODE),)), RichText("a bc", (Span(2, 4, CODE),)), 1),
        (RichText("a b"), RichText("a b$x$", (Span(3, 6, Look.MATHS),)), 0),
        (RichText("a b"), RichText("a b \u05d0"), 0),
    ],
)  # fmt: skip
def test_what_looks_as_before_ends_at_the_first_letter_that_does_not(old, new, until):
    assert unchanged_until(old, new) == until
