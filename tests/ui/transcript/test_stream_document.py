"""What streams and what is opened again are the same, block for block; nothing is swallowed."""

import random
import re

import pytest

from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.plain import block_text
from desktop_app.ui.transcript.plain_document import PlainDocument, plain_blocks
from desktop_app.ui.transcript.stream_document import StreamDocument, blocks_of, close_half_open

CORPUS = {
    "answer": (
        "# Title\n\nSome **bold** text with `code` and a [link](https://a.b/c).\nSecond line.\n\n"
        "1. one\n2. two\n   ```python\n   x = 1\n\n   y = 2\n   ```\n3. three\n\n"
        "> quote\nlazy\n> > deeper\n> - item\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n$$\nx^2\n$$\n\n"
        "- [ ] todo\n- [x] done\n\n***\n\n    indented\n\nend\n===\n"
    ),
    "chinese": "这是一个**很长**的段落，没有换行。" * 120 + "\n\n- 第一项\n- 第二项\n",
    "emoji": "A 👩‍👩‍👧‍👦 family and a flag 🇨🇳, then é and ñ. " * 60,
    "long code": "```js\n" + "const a = [1, 2, 3];\n\n" * 90 + "```\nafter\n",
    "long table": "| a | b |\n|---|---|\n" + "| one | `two` |\n" * 60 + "\nafter\n",
    "long list": "".join(f"{n}. item {n}\n   - nested\n\n" for n in range(1, 60)),
    "long line": "x" * 5_000 + " and " + "word " * 900,
    "long formula": "$$\n" + "{x}" * 3_000 + "\n$$\nand $y$\n",
    "formulas": "Let $x_1*y$ and \\(a\\) be.\n\n\\[\nz\n\\]\n\n$$ w $$\n\n- $$\n  v\n  $$\n",
    "line ends": "a\r\nb\rc\n\r\n- d\r\n- e\r",
    "undrawable": "a\0b\ud800c\x1b[31m\n",
}


def streamed(text, cuts):
    document, closed = StreamDocument(), []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        closed += document.feed(text[start:end])
        document.tail()
    return closed + document.finish()


@pytest.mark.parametrize("name", CORPUS)
def test_any_cuts_give_the_blocks_of_the_whole(name):
    text = CORPUS[name]
    whole = blocks_of(text)
    chance = random.Random(name)
    for _ in range(25):
        count = chance.choice([1, 7, 60])
        cuts = sorted(chance.randint(0, len(text)) for _ in range(count))
        assert streamed(text, cuts) == whole
    assert streamed(text, range(1, len(text))) == whole


@pytest.mark.parametrize("name", ["answer", "chinese", "emoji", "long table"])
def test_at_every_moment_all_words_so_far_are_shown(name):
    text = CORPUS[name][:700]
    document, closed = StreamDocument(), []
    for end, character in enumerate(text, start=1):
        closed += document.feed(character)
        shown = "".join(block.header + block.source for block in closed + document.tail())
        # Blanks, markers of blocks and the name of a code block's language are not words.
        so_far = re.sub(r"```\w*|\d+\.|\[[ x]?\]?(?= )|\[[ x]?\]?$", "", text[:end])
        missing = [word for word in re.findall(r"\w{2,}", so_far) if word not in shown]
        assert missing in ([], ["python"], re.findall(r"\w+$", so_far)), text[:end]


def test_the_open_tail_stays_small_however_long_the_text_is():
    document = StreamDocument()
    for _ in range(300):
        document.feed("- item\n")
    assert len(document.tail()) <= 2
    document.feed("\n" + "words and words " * 3_000)
    assert sum(len(block.source) for block in document.tail()) < 2_000


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a **bold", "a bold"),
        ("a **bold*", "a bold"),
        ("a **", "a"),
        ("a `co", "a co"),
        ("a ~~gone", "a gone"),
        ("see [text](https://exa", "see text"),
        ("see [te", "see [te"),
        ("an *it", "an it"),
        ("**bold and *both", "bold and both"),
        ("2 * 3", "2 * 3"),
        ("2 ** 3", "2 ** 3"),
        ("a*b", "a*b"),
        ("see [text](https://e.org/a_(b", "see text"),
        ("see [text](https://e.org/a_(b)", "see text"),
        ("see [text](https://e.org/a_(b)_(c)d(e", "see text"),
        ('see [text](https://e.org "Ti', "see text"),
        ("see [text](https://e.org 'Title'", "see text"),
        ("see [text](<https://e.org/a b", "see text"),
        ("**see [text](https://e.org/*", "see text"),
        ("see ![words](htt", "see image: words"),
        ("see ![words](data:image/png;ba", "see image: words"),
        ("see ![](data:", "see image"),
        ("see ![wor", "see image: wor"),
        ("see ![words]", "see image: words"),
        ("see \\![wor", "see ![wor"),
        ("`[a](htt", "[a](htt"),
        ("`![a](htt", "![a](htt"),
        ("a &am", "a "),
        ("a &amp; &#12", "a & "),
        ("AT&T", "AT&T"),
        ("a<b", "a"),
        ("a<br", "a"),
        ("a<br /", "a"),
        ("a < 5", "a < 5"),
        ("a<bc", "a<bc"),
        ("`a &am", "a &am"),
    ],
)
def test_half_open_syntax_looks_as_it_will_when_closed(source, words):
    assert rich_text(close_half_open(source)).text == words


GROWING = {
    "bold": "Some **bold words** and *soft ones* and ***both*** and __more__ done.",
    "code": "Use `pip install x` and ``a ` tick`` then.",
    "links": 'See [the page](https://e.org/a_b "Title"), [it](http://e.org/(x)) and <https://e.org>.',
    "links in bold": "**bold [link](http://a.b/*c*) more** and [**bold** link](http://a.b) x",
    "addresses": "Go to https://e.org/x?y=1&z=2 or www.e.org or mail a@b.cn now.",
    "images": "A ![first](https://e.org/a_b.png) and\n\n![second](data:image/png;base64,AAAA)\n\nEnd",
    "footnotes": "Words[^1] and more[^note].\n\n[^1]: First.\n[^note]: Second\n    goes on.\n\nEnd.",
    "list": "- one\n- two **b**\n  - nested\n    ```py\n    x = 1\n    ```\n- [ ] task\n- **Key:** v\n",
    "table": "| a | b |\n|---|:-:|\n| **1** | `x` |\n| *2* | [l](http://a.b/c_d) and `q` |\n\nEnd",
    "maths": "Inline $a_1 + b$ and \\(x^2\\)\n\n$$\n\\frac{a}{b}\n$$\n\n\\[ E \\]\n\nCosts $5 and $10.",
    "fences": "~~~js\nlet a = `x`;\n~~~\n\n```mermaid\ngraph TD\n  A-->B\n```\nend",
    "signs": "A &amp; B &lt; C &#128512; a * b, 2 ** 3, 2*3*4, $5, snake_case_name, R&D",
    "Chinese": "这是**重要**的，还有*斜体*和`代码`。\n\n**注意：**请看[这里](https://e.org)。",
    "right to left": "שלום עולם **מודגש** ועוד\n\nمرحبا `code` بالعالم",
}


@pytest.mark.parametrize("name", GROWING)
def test_what_is_shown_while_it_streams_is_not_taken_back(name):
    text, document, closed, shown = GROWING[name], StreamDocument(), [], ""
    for sign in text:
        closed += document.feed(sign)
        words = "".join(map(block_text, closed + document.tail()))
        letters = "".join(filter(str.isalnum, words))
        assert letters.startswith(shown), (letters, shown)
        shown = letters
    assert "".join(filter(str.isalnum, "".join(map(block_text, blocks_of(text))))) == shown


def test_a_bold_word_that_begins_an_item_is_no_item_in_it():
    document, closed = StreamDocument(), []
    for sign in "- one\n- **Key:** value\n- - -\n":
        closed += document.feed(sign)
        assert "ii" not in {block.path for block in closed + document.tail()}


@pytest.mark.parametrize(
    "tail",
    ["-", "\n-", "\n- *", "\n- - -", "\n> 1. *", "\n1.", "\n#", "\n```", "\n|--", "\n- [", "\n="],
)
def test_a_line_that_may_be_only_a_marker_waits(tail):
    document = StreamDocument()
    document.feed("Here they are:" + tail.replace("\n|--", "\n\n| a | b |\n|--"))
    kinds = {block.kind.value for block in document.tail()}
    assert kinds <= {"paragraph", "table"}
    assert "heading" not in kinds


def test_a_table_shows_as_one_from_its_first_row():
    document = StreamDocument()
    document.feed("| name | count |\n")
    assert [block.kind.value for block in document.tail()] == ["table"]
    document.feed("no table after all\n")
    assert [block.kind.value for block in document.tail()] == ["paragraph"]


def test_plain_text_streams_like_it_opens_and_has_no_syntax():
    text = "# no heading\n" + "word " * 900 + "\n\n" + "y" * 3_000 + "\n"
    document, closed = PlainDocument(), []
    for start in range(0, len(text), 17):
        closed += document.feed(text[start : start + 17])
        document.tail()
    closed += document.finish()
    assert closed == plain_blocks(text)
    assert "".join(b.source for b in closed).replace("\n", "") == text.replace("\n", "")
