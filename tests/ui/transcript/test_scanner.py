"""The block structure, held against markdown-it-py's on random documents."""

import random

import pytest

from desktop_app.ui.transcript.blocks import BlockKind
from desktop_app.ui.transcript.scanner import MAX_DEPTH
from desktop_app.ui.transcript.stream_document import blocks_of
from tests.ui.transcript.oracle import expected_shapes, shapes_of

LINES = [
    "", "", "word", "two words", "- item", "- ", "* star", "+ p", "1. one", "2. two", "7) seven",
    "1.", "  indented", "    code", "   three", "> quote", ">", "> - ql", "# H", "## H2 ##", "#no",
    "---", "***", "===", "```", "```py", "~~~", "| a | b |", "|---|---|", "| 1 | 2 |", "- - x",
    "- 1. y", "     five", "      six", "  - nest", "    - nest4", "   1. n3", ">code", "- # h",
    "- > q", "-\tx", "10. ten", "\ttab", "a | b", "  > q",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_random_documents_have_the_structure_the_library_finds(seed):
    chance = random.Random(seed)
    for _ in range(250):
        text = "\n".join(chance.choice(LINES) for _ in range(chance.randint(1, 9)))
        assert shapes_of(blocks_of(text)) == expected_shapes(text), text


def test_lists_count_on_from_their_first_number():
    blocks = blocks_of("3. a\n3. b\n\n9. c\n\ntext\n\n5. d\n")
    assert [block.marker for block in blocks] == ["3.", "4.", "5.", "", "5."]


def test_task_items_show_a_box_instead_of_their_source():
    todo, done, plain = blocks_of("- [ ] todo\n- [x] done\n- [y] no\n")
    assert (todo.marker, todo.source) == ("☐", "todo")
    assert (done.marker, done.source) == ("☑", "done")
    assert (plain.marker, plain.source) == ("•", "[y] no")


@pytest.mark.parametrize("source", ["$$\nx\n$$", "$$ x $$", "\\[\nx\n\\]", "\\[ x \\]", "$$\nx $$"])
def test_displayed_formulas_are_blocks_with_their_delimiters(source):
    (block,) = blocks_of(source)
    assert (block.kind, block.source) == (BlockKind.MATHS, source)


def test_a_formula_that_never_closes_is_shown_as_text():
    blocks = blocks_of("$$\nx + y\n\nand on")
    assert [block.kind for block in blocks] == [BlockKind.PARAGRAPH] * 2
    assert "x + y" in blocks[0].source


def test_a_line_without_end_is_no_formula():
    line = "{" * 9_000
    blocks = blocks_of(f"$$\n{line}\n$$\n")
    assert {block.kind for block in blocks[:-1]} == {BlockKind.PARAGRAPH}
    assert "".join(block.source for block in blocks).count("{") == len(line)
    assert max(len(block.source) for block in blocks) < 2_000


def test_code_is_cut_into_pieces_that_know_their_ends():
    code = "\n".join(f"line {n}" for n in range(100))
    pieces = blocks_of(f"```py\n{code}\n```\n")
    assert "\n".join(piece.source for piece in pieces) == code
    assert [piece.first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [piece.last for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert {piece.language for piece in pieces} == {"py"}


def test_later_pieces_of_a_table_know_the_first_one():
    table = "| a | b |\n|---|---|\n" + "".join(f"| {n} | x |\n" for n in range(50))
    pieces = blocks_of(table)
    assert len(pieces) > 2
    assert all(piece.header == "| a | b |\n|---|---|" for piece in pieces)
    assert {piece.lead for piece in pieces[1:]} == {pieces[0].source}


def test_long_paragraphs_are_cut_between_sentences_and_lose_nothing():
    text = "A sentence with **two bold words** in it goes on. " * 200
    pieces = blocks_of(text)
    assert "".join(piece.source for piece in pieces).split() == text.split()
    assert len(pieces) > 5
    assert all(piece.source.count("**") % 2 == 0 for piece in pieces)
    assert not pieces[0].run_on
    assert pieces[1].run_on


def test_text_without_blanks_is_cut_too_and_never_inside_a_character():
    text = "👩\u200d👩\u200d👧" * 2_000
    pieces = blocks_of(text)
    assert "".join(piece.source for piece in pieces) == text
    assert max(len(piece.source) for piece in pieces) <= 1_400
    assert not any(piece.source.startswith("\u200d") for piece in pieces)


def test_nesting_is_bounded_and_deeper_markers_are_text():
    (block,) = blocks_of("> " * 500 + "deep")
    assert len(block.path) == MAX_DEPTH
    assert block.source.endswith("> deep")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("```make\nall:\n\techo\n  \ttab\n\t\ttwo\n```\n", "all:\n\techo\n  \ttab\n\t\ttwo"),
        ("\tx\n\t\ty\n", "x\n\ty"),
        ("- a\n\n  ```\n  \tx\n  ```\n", "\tx"),
        ("- a\n\n      \tx\n", "\tx"),
        ("1. a\n\n\t```\n\t\tx\n\t```\n", "\tx"),
    ],
)
def test_code_keeps_its_tabs(source, code):
    block = blocks_of(source)[-1]
    assert (block.kind, block.source) == (BlockKind.CODE, code)
