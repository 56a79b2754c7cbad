"""Finding in a view: against a search of the plain words, while it grows, and what is scrolled to."""

from __future__ import annotations

import random

import pytest

from desktop_app.ui.transcript import EntryKind
from desktop_app.ui.transcript.entry_blocks import details_of
from desktop_app.ui.transcript.fragments import blocks_shown
from desktop_app.ui.transcript.matching import Query
from desktop_app.ui.transcript.plain import block_text
from desktop_app.ui.transcript.searched_text import Hit
from tests.ui.transcript.kit import message, show

LONG = "A paragraph with **some** words in it that goes on for a while. " * 12


def find(view, words, **how):
    view.finder.search(Query(words, **how))
    view.finder.finish()
    return view.finder.count


def hit_words(view, item, hit: Hit) -> str:
    rows = view.stack.rows_of(item)
    texts = [block_text(row.block) for row in rows]
    encoded = [text.encode("utf-16-le") for text in texts]
    if hit.row == hit.end_row:
        return encoded[hit.row][2 * hit.start : 2 * hit.end].decode("utf-16-le")
    middle = "".join(texts[hit.row + 1 : hit.end_row])
    first = encoded[hit.row][2 * hit.start :].decode("utf-16-le")
    return first + middle + encoded[hit.end_row][: 2 * hit.end].decode("utf-16-le")


def current_words(view) -> str:
    item, hit = view.finder.current
    return hit_words(view, item, hit)


def current_box(view):
    item, hit = view.finder.current
    rect = view.caret.places.rect((item.index, hit.row, hit.start))
    return rect.translated(0, -view.verticalScrollBar().value())


def test_words_are_found_in_all_that_is_shown(view):
    view.set_entries(
        [
            message("u", "my needle", EntryKind.USER),
            message("a", "# Needle\n\nx **nee**dle\n\n- needle\n\n> needle\n\n```py\nneedle = 1\n```\n\n"
                    "| needle | b |\n|---|---|\n| c | needle |\n\n`needle` [needle](https://needle.xy)\n\n$$\nneedle\n$$"),
            message("e", "It failed: needle", EntryKind.ERROR, details="needle in the details", markdown=False),
        ]
    )  # fmt: skip
    assert find(view, "needle") == 1 + 10 + 2
    assert find(view, "needle.xy") == 0, "an address that is not shown"
    assert find(view, "Needle", matches_case=True) == 1
    assert find(view, "needl", whole_words=True) == 0
    assert find(view, "") == 0


def test_what_was_never_laid_out_is_found(view):
    view.set_entries([message(n, f"{LONG}\n\nnumber {n} end") for n in range(300)])
    assert view.stack.items[0].rows is None
    assert find(view, "number 7 end") == 1
    assert view.stack.items[200].rows is None, "searching makes no rows"
    assert view.finder.current[0].index == 7


def test_a_hit_across_the_pieces_of_a_long_paragraph_is_found(view):
    for text in ("字" * 331 + "北京" + "字" * 600, "word " * 279 + "worx needle " + "word " * 200):
        show(view, text)
        pieces = len(view.stack.rows_of(view.stack.items[0]))
        assert pieces > 1
        words = "北京" if "北京" in text else "worx needle word"
        assert find(view, words) == 1
        assert current_words(view) == words


def test_a_hit_across_two_lines_of_code_or_text_is_found(view):
    show(view, "a line\nbreak\n\n```\n" + "\n".join(f"x{n}" for n in range(100)) + "\n```")
    assert find(view, "line break") == 1
    assert find(view, "x31 x32") == 1, "code is cut there"


def test_next_and_previous_go_round(view):
    show(view, "one two one", "two", "one")
    assert find(view, "one") == 3
    assert view.finder.position == 1
    places = []
    for _ in range(4):
        view.finder.step(forwards=True)
        places.append(view.finder.position)
    assert places == [2, 3, 1, 2]
    for _ in range(3):
        view.finder.step(forwards=False)
        places.append(view.finder.position)
    assert places[4:] == [1, 3, 2]


def test_the_first_hit_is_the_one_at_or_after_what_is_in_sight(view):
    view.set_entries([message(n, f"{LONG} needle") for n in range(40)])
    view.scroll_to_entry("20")
    before = view.verticalScrollBar().value()
    find(view, "needle")
    assert view.finder.current[0].index == 20
    assert view.finder.position == 21
    assert view.verticalScrollBar().value() == before, "in sight already: nothing moves"
    view.scroll_to_entry("30")
    find(view, "paragraph")
    assert view.finder.current[0].index == 30


def test_a_hit_far_away_is_scrolled_to_and_only_its_place_is_laid_out(view):
    view.set_entries([message(n, LONG * 3) for n in range(400)] + [message("x", "needle")])
    view.insert(30, message("y", f"{LONG}\n\nneedle\n\n{LONG}"))
    view.scroll_to_end()
    find(view, "needle")
    view.finder.step(forwards=True)
    assert view.finder.current[0].entry.id == "y"
    assert 0 < current_box(view).top() < view.viewport().height()
    laid = sum(item.rows is not None for item in view.stack.items)
    assert laid < 40
    assert not view.is_at_end()


def test_a_hit_under_the_bar_is_moved_from_under_it(view):
    show(view, "needle\n\n" + LONG * 10, LONG)
    view.finder.top_margin = 80
    view.verticalScrollBar().setValue(20)
    find(view, "needle")
    assert current_box(view).top() >= 0
    view.verticalScrollBar().setValue(300)
    view.finder.step(forwards=True)
    assert current_box(view).top() >= min(80, view.stack.top_of(view.stack.items[0]))


def test_folded_details_are_found_and_unfolded_to_be_shown(view):
    view.set_entries(
        [message(n, LONG) for n in range(20)]
        + [message("e", "It failed.", EntryKind.ERROR, details="HTTP 500\nneedle", markdown=False)]
    )
    view.scroll_to_entry("0")
    assert find(view, "needle") == 1
    assert view.stack.by_id["e"].is_unfolded
    assert current_words(view) == "needle"
    assert 0 <= current_box(view).top() < view.viewport().height()


def test_text_that_streams_in_is_searched_and_nothing_jumps(view):
    show(view, LONG * 4, LONG * 4)
    find(view, "needle")
    view.append_entry(message("s", "", streaming=True))
    view.verticalScrollBar().setValue(0)
    for piece in (
        "a nee",
        "dle **nee",
        "dle**",
        "\n\n",
        "- needle\n",
        "\n```\nneedle",
        "\n",
        "needle\n```\n",
    ):
        view.append_text("s", piece)
        view.take_in_deltas()
        view.finder.finish()
        item = view.stack.by_id["s"]
        expected = sum(block_text(block).count("needle") for block in blocks_shown(item))
        assert view.finder.count == expected
    assert view.finder.count == 5
    assert view.verticalScrollBar().value() == 0
    view.finish_entry("s")
    view.finder.finish()
    assert view.finder.count == 5


def test_the_current_hit_stays_the_current_one_while_text_grows(view):
    show(view, "needle one")
    view.append_entry(message("s", "needle two needle three", streaming=True))
    find(view, "needle")
    view.finder.step(forwards=True)
    view.finder.step(forwards=True)
    assert view.finder.position == 3
    view.append_text("s", " and on\n\nneedle four")
    view.take_in_deltas()
    view.finder.finish()
    assert (view.finder.position, view.finder.count) == (3, 4)
    view.insert(0, message("new", "needle zero"))
    view.finder.finish()
    assert (view.finder.position, view.finder.count) == (4, 5)
    view.remove_entry("0")
    assert (view.finder.position, view.finder.count) == (3, 4)
    view.remove_entry("s")
    view.finder.finish()
    assert view.finder.count == 1


def test_other_entries_are_searched_for_the_same(view):
    show(view, "needle needle")
    assert find(view, "needle") == 2
    view.set_entries([message("a", "needle")] + [message(n, LONG * 2) for n in range(9)])
    view.finder.finish()
    assert view.finder.count == 1
    assert view.finder.position == 1
    assert view.is_at_end(), "another conversation is not scrolled through for it"


def test_hits_are_marked_and_the_current_one_more(view):
    show(view, "one needle two needle")
    plain = view.grab().toImage()
    find(view, "needle")
    tokens = view.stack.style.tokens
    image = view.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(120)}
    assert image != plain
    assert {tokens.find_hit.name(), tokens.find_current.name()} <= colours
    view.finder.close()
    assert view.grab().toImage() == plain


@pytest.mark.parametrize("wraps", [True, False])
def test_only_marks_in_sight_are_painted(view, monkeypatch, wraps):
    from desktop_app.ui.transcript import hit_marks

    boxes = []
    measured = hit_marks.boxes_of

    def counted(*args):
        found = [*measured(*args)]
        boxes.extend(found)
        return found

    monkeypatch.setattr(hit_marks, "boxes_of", counted)
    view.set_code_look(wraps=wraps, folds=False)
    show(view, "```\n" + "a." * 20_000 + "\n```")
    find(view, "a")
    boxes.clear()
    view.viewport().grab()
    assert 200 < len(boxes) < 3_000
    assert view.finder.count == 20_000


@pytest.mark.parametrize(("count", "coloured"), [(30, 30), (31, 1)])
def test_where_marks_are_many_only_the_current_one_has_letters_of_its_own_colour(
    view, monkeypatch, count, coloured
):
    from desktop_app.ui.transcript import rows

    ranges = []
    paint = rows.paint_hits
    monkeypatch.setattr(rows, "paint_hits", lambda *args: ranges.append(paint(*args)) or ranges[-1])
    show(view, "a " * count)
    find(view, "a")
    ranges.clear()
    view.viewport().grab()
    assert [len(found) for found in ranges] == [coloured]


def test_marks_beside_what_is_seen_come_when_it_is_scrolled_to(view):
    view.set_code_look(wraps=False, folds=False)
    show(view, "```\n" + "b" * 300 + "needle" + "b" * 300 + "\n```")
    find(view, "needle")
    view.controls.reveal(view.stack.items[0], 0, 300)
    view.viewport().update()
    image, tokens = view.viewport().grab().toImage(), view.stack.style.tokens
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(200)}
    assert tokens.find_current.name() in colours


def test_a_mixed_line_marks_the_letters_that_were_found(view):
    show(view, "abc שלום def")
    find(view, "לו")
    (mark,) = view.finder.marks_in(view.stack.items[0], 0)
    assert mark == (5, 7, True)
    from desktop_app.ui.transcript.text_layout import range_boxes, x_of

    piece = view.stack.items[0].rows[0].pieces[0]
    (box,) = range_boxes(piece, 5, 7)
    line = piece.layout.lineAt(0)
    edges = sorted((x_of(line, 5), x_of(line, 7)))
    assert abs(box.left() - piece.x - edges[0]) < 1
    assert abs(box.right() - piece.x - edges[1]) < 1


def brute_force(view, words) -> int:
    """Count in the plain words of blocks, one by one; our texts here are cut nowhere."""
    query = Query(words)
    return sum(
        len(list(query.find(block_text(block))))
        for item in view.stack.items
        for block in [*blocks_shown(item), *([] if item.is_unfolded else details_of(item.entry))]
    )


PIECES = ["word ", "Wörd ", "字字", "北京", " ß ", "**b", "** ", "`c` ", "\n\n", "\n- ", "😀", "e\u0301",
          "\n\n```\nx y\n```\n\n", "| a | b |\n|---|---|\n| c d | e |\n\n", "İ", "\n> ", "word"]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_random_changes_are_counted_as_a_search_of_everything_counts(view, seed):
    chance = random.Random(seed)
    queries = ["word", "wo", "字", "北京", "ss", "c d", "é", "b", "x y", "i"]
    known = []
    for step in range(100):
        act = chance.choice(["add", "grow", "grow", "grow", "remove", "query", "update", "scroll"])
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 9)))
        if act == "add" or not known:
            index = chance.randint(0, len(known))
            known.insert(index, f"e{step}")
            view.insert(index, message(known[index], text, streaming=chance.random() < 0.7))
        elif act == "grow":
            streaming = [name for name in known if view.stack.by_id[name].entry.streaming]
            if streaming:
                view.append_text(chance.choice(streaming), text)
                view.take_in_deltas()
        elif act == "remove":
            view.remove_entry(known.pop(chance.randrange(len(known))))
        elif act == "update":
            view.update_entry(message(chance.choice(known), text))
        elif act == "scroll":
            view.verticalScrollBar().setValue(chance.randint(0, view.verticalScrollBar().maximum()))
        else:
            view.finder.search(Query(chance.choice(queries)))
        if chance.random() < 0.7:
            view.finder.finish()
            assert view.finder.count == brute_force(view, view.finder.query.text)
            assert (view.finder.position > 0) == (view.finder.count > 0)
            if view.finder.current:
                folded = view.finder.query.folded
                assert Query(current_words(view)).folded == folded


def test_a_long_conversation_is_searched_in_slices(view, qtbot, monkeypatch):
    from desktop_app.ui.transcript import finder

    monkeypatch.setattr(finder, "SLICE_SECONDS", 0.0005)
    monkeypatch.setattr(finder, "FIRST_SLICE_SECONDS", 0.0005)
    view.set_entries([message(n, f"{LONG} number {n}") for n in range(400)])
    told = []
    view.finder.changed.connect(lambda: told.append(view.finder.count))
    view.finder.search(Query("number"))
    assert view.finder.is_searching
    assert view.finder.current is not None, "what is in sight is found at once"
    qtbot.waitUntil(lambda: not view.finder.is_searching, timeout=20000)
    assert view.finder.count == 400
    assert told[-1] == 400
    assert len(set(told)) > 2


def test_a_search_that_is_not_over_is_replaced_by_the_next(view, qtbot):
    view.set_entries([message(n, f"{LONG} number {n}") for n in range(400)])
    view.finder.search(Query("num"))
    view.finder.search(Query("number 399"))
    qtbot.waitUntil(lambda: not view.finder.is_searching, timeout=20000)
    assert view.finder.count == 1
