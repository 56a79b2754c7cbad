"""Reading from a restart gives what a reading of the whole gives from there, block for block."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.ui.transcript.restart import Outline, contains
from desktop_app.ui.transcript.stream_document import StreamDocument, blocks_of

LINES = [
    "", "", "", "   ", "words and words", "lazy continuation", "# heading", "## ", "###", "===", "---",
    "***", "- item", "- ", "-", "* other", "+ plus", "- [ ] task", "1. one", "2. two", "7) seven",
    "1.", "  indented two", "   indented three", "    indented four", "\ttabbed", "> quote", ">",
    "> - in quote", "> ```", "- ```", "1. ```py", "- - deeper", "  - nested", "  ```", "   ```js",
    "```", "```", "```python", "````", "~~~", "~~~ x", "``` a`b", "    ```", " ```", "$$", "$$x$$",
    "\\[", "\\]", "x $$", "  $$", "| a | b |", "|---|---|", "| 1 | 2 |", "a | b", "--|--", "end.  ",
    "[^1]: note", "[^1]:", "[^a-b]: - item", "[^2]: ```", "  [^3]: x", "- [^4]: in item", "    ```py",
    "words [^1]", "![a](data:image/png;base64,AAAA)", "  ![](data:image/gif;base64,R0", "![a](x.png)",
    "- ![a](data:image/png;base64,AA==)", "[^1]: ![a](data:image/webp;base64,AA)", "[^1]: $$",
    "\\[ x", "y \\]", "\\(z\\)", "$$ x", "y $$", "\\[x\\]",
    "\u3000", "\xa0```", "```\xa0", "```\x0b", "\x0b", "\x00", "- * -", "* * *", "- ***",
]  # fmt: skip
lines = st.lists(st.sampled_from(LINES), max_size=40).map("\n".join)


def split_at(text, restart):
    """The blocks before a restart and those from it on."""
    before = StreamDocument()
    head = before.feed(text[: restart.offset])
    if restart.ahead:
        head += before.feed(restart.ahead)
    else:
        head += before.finish()
    after = restart.document()
    return head, after.feed(text[restart.offset :]) + after.finish()


def check_every_restart(text, step=1):
    outline, whole, found = Outline(text), blocks_of(text), set()
    for offset in range(0, len(text) + 1, step):
        restart = outline.restart_before(offset)
        if restart is None or restart.offset in found:
            continue
        assert restart.offset <= offset
        found.add(restart.offset)
        head, tail = split_at(text, restart)
        assert head + tail == whole, (restart.offset, text[restart.offset :][:40])
    return found


@settings(max_examples=400)
@given(lines)
@example("-\n\nfoo")
@example("- ```\n  code\n\nfoo")
@example("$$\n```\n\na\n\nb")
@example("```\n$$\n```\na\n\n- b\n```\n\nc\n```\n\nd")
@example(">\n- x")
@example("- a\n  ```\n  c\n  ```\n  para\nlazy\n  ```\n\nfoo")
@example("1. a\n\n   ```\n   b\n   ```\n\n2. c\n\nd")
@example("\n\na")
@example("[^1]:\n- x")
@example("[^1]:\n\nfoo")
@example("[^1]: a\n    ```\n    b\n# c\n\nd")
@example("![a](data:image/png;base64,AAAA)\n- x")
def test_random_markdown_is_read_alike_from_every_restart(text):
    check_every_restart(text)


PLAIN = [line for line in LINES if "$" not in line and "~" not in line and "\\" not in line]
PLAIN = [line for line in PLAIN if "```" not in line or line in ("```", "```python", "```\x0b")]


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*PLAIN, "```", "```", "``` ", "```\xa0"]), max_size=40))
def test_plain_fences_are_found_alike(lines):
    check_every_restart("\n".join(lines))


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([*PLAIN, "```", "```", "$$", "x $$", "\\[", "y \\]", ""]), max_size=40)
)
@example(["$$", "```", "x", "```", "", "$$", "", "# a"])
@example(["``````", "x", "", "- y"])
def test_plain_fences_are_found_alike_among_formulas(lines):
    check_every_restart("\n".join(lines))


@pytest.mark.parametrize("seed", range(12))
def test_long_random_markdown_is_read_alike_from_every_restart(seed):
    chance = random.Random(seed)
    weights = [chance.choice([0.1, 1, 1, 4]) for _ in LINES]
    text = "\n".join(chance.choices(LINES, weights, k=700))
    check_every_restart(text, step=97)


ENDLESS = {
    "prose": (
        "",
        "Some **words** here.\n\n- a point\n- another\n\n```py\nx = 1\n```\n\n## Next\n\n",
    ),
    "list": ("", "- an item with words\n"),
    "headings": ("", "# a\n"),
    "table": ("| a | b |\n|---|:-:|\n", "| one cell | `two` |  \n"),
    "code": ("```python\n", "    value = 42  # so\n\n"),
    "code with tabs": ("~~~\n", "\tvalue\n"),
    "code, long lines with tabs": ("```\n", "\t" + "x\t" * 450 + "\n"),
    "code, very long lines with tabs": ("```\n", "\t\ty" * 1_700 + "\n"),
    "formulas": ("", "$$\nx^2\n$$\n\nand \\(y\\)\n\n"),
    "footnotes": ("", "Words[^1].\n\n[^1]: A note.\n    More.\n\n"),
    "images": ("", "![a](data:image/png;base64,AAAA)\n\n"),
    "maths in a paragraph": ("", "The sum \\(a + b\\) of both is $c$ and so on. "),
    "flags": ("", "🇨🇳🇩🇪"),
    "code, long lines": ("```\n", "x" * 900 + "\n"),
    "code, one line": ("```\n", "x = 1; "),
    "code, very long lines": ("```\n", "y" * 5_000 + "\n"),
    "emoji": ("", "👩 and 🇨🇳 "),
    "paragraph": ("", "And so it went on, `code` and all. "),
    "paragraph in lines": ("", "And so it went on,\nline by line. "),
    "paragraph with controls": ("", "a\0b\ud800 c. "),
    "no spaces": ("", "abcdefghij"),
    "chinese": ("", "这是一个很长的段落，没有换行。"),
    "chinese with controls": ("", "这是\0一个\x1f很长的\x7f段落，\ufffd\ud800没有换行。"),
    "controls at every cut": ("", "a\x0b\x1c\x85\x00"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_even_what_never_ends_can_be_read_from_near_its_end(name):
    opener, unit = ENDLESS[name]
    text = opener + unit * (60_000 // len(unit))
    found = check_every_restart(text, step=1_971)
    assert len(text) - max(found) < 9_000


@pytest.mark.parametrize("end", ["", "\n", "\n```", "\n```\n", "\n```\n\nMore.", "\n\n\n"])
@pytest.mark.parametrize("line", ["x", "", "y" * 60, "z" * 123, "z" * 124, "z" * 125, "z" * 300])
def test_code_is_cut_alike_wherever_it_ends(line, end):
    for count in (31, 32, 33, 63, 64, 65, 96, 97):
        check_every_restart("```\n" + "\n".join([line] * count) + end, step=7)


@pytest.mark.parametrize("before", [0, 40, 400])
@pytest.mark.parametrize("length", [123, 124, 125, 1_399, 1_400, 1_401, 2_000, 4_001])
def test_one_long_line_among_short_ones_is_noticed(length, before):
    code = ["x = 1"] * before + ["y" * length] + ["x = 1"] * 400
    check_every_restart("\n".join(["```", *code]), step=211)
    row = f"| {'z' * (length - 4)} |"
    table = ["| a |", "|---|", *["| b |"] * before, row, *["| b |"] * 400]
    check_every_restart("\n".join(table), step=211)


def test_whether_a_run_of_signs_occurs_is_told_at_any_number_of_them():
    for count in (0, 1, 99, 100, 101, 300):
        assert not contains("a`b``" * count, "```")
        assert contains("a`b``" * count + "```", "```")


def test_items_of_an_ordered_list_are_no_restart():
    text = "".join(f"{n}. item\n\n" for n in range(1, 300))
    assert check_every_restart(text, step=50) == set()


def test_a_guess_is_near_and_numbered_as_written():
    text = "".join(f"{n}. item\n" for n in range(1, 9_000))
    guess = Outline(text).guess_before(len(text) - 100)
    assert not guess.is_certain
    assert len(text) - 150 < guess.offset <= len(text) - 100
    document = guess.document()
    blocks = document.feed(text[guess.offset :]) + document.finish()
    assert blocks == blocks_of(text)[-len(blocks) :]
