"""The plain reading of a text."""

from desktop_app.ui.transcript.plain import plain_text


def test_every_kind_of_block_can_be_read():
    source = (
        "# Title\n\nSome **bold** [link](https://a.b).\n\n- one\n- two\n  - three\n\n"
        "- [x] done\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n```py\nx = 1\n```\n\n$$\ny\n$$\n"
    )
    assert plain_text(source) == (
        "Title\n\nSome bold link.\n\n• one\n• two\n  • three\n\n[x] done\n\na\tb\n1\t2\n\nx = 1\n\n$$\ny\n$$"
    )


def test_pieces_of_a_long_block_read_as_one():
    code = "\n".join(f"line {n}" for n in range(200))
    assert plain_text(f"```\n{code}\n```") == code
    prose = "A sentence that goes on. " * 200
    assert plain_text(prose).split() == prose.split()


def test_a_long_paragraph_reads_without_seams():
    prose = "One sentence after another. " * 100
    assert plain_text(prose).rstrip() == prose.rstrip()
    characters = "字" * 15000
    assert plain_text(characters) == characters


def test_table_rows_read_with_as_many_cells_as_are_shown():
    assert plain_text("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |") == "a\tb\n1\t\n1\t2 | 3"
