"""What is put on the clipboard: plain text, HTML and Markdown of whole messages and of parts."""

from __future__ import annotations

import random
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import shiboken6
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtGui import QContextMenuEvent, QGuiApplication

from desktop_app.ui.transcript.blocks import BlockKind, RichText
from desktop_app.ui.transcript.fragments import Fragment, plain_of, whole_block
from desktop_app.ui.transcript.html_part import html_of
from desktop_app.ui.transcript.inline import rich_text
from desktop_app.ui.transcript.inline_markdown import _looks, inline_markdown
from desktop_app.ui.transcript.markdown_part import markdown_of
from desktop_app.ui.transcript.plain import plain_text
from desktop_app.ui.transcript.stream_document import blocks_of
from tests.ui.transcript.kit import actions_of, message, open_menu, point_of, show


def select(source: str, words: str) -> list[Fragment]:
    """The fragments of `source` from the first to the last letter of `words` in its plain text."""
    whole = plain_text(source)
    begin = whole.index(words)
    found, place = [], 0
    blocks = blocks_of(source)
    for number, block in enumerate(blocks):
        fragment = whole_block(block)
        place += len(plain_of([whole_block(b) for b in blocks[: number + 1]])) - place
        place -= len(fragment.text)
        start, end = max(0, begin - place), min(len(fragment.text), begin + len(words) - place)
        if start < end or (not fragment.text and 0 <= place - begin < len(words)):
            found.append(Fragment(block, fragment.text, max(0, start), max(0, end)))
        place += len(fragment.text)
    return found


# -- Markdown of a part ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "words", "wanted"),
    [
        ("Some **bold words** here", "words here", "**words** here"),
        ("Some **bold words** here", "Some bo", "Some **bo**"),
        ("Some *leaning words* here", "leaning", "*leaning*"),
        ("a ~~gone~~ b", "one", "~~one~~"),
        ("***both*** x", "oth x", "***oth*** x"),
        ("use `a b` now", "b now", "`b` now"),
        ("use ``a ` b`` now", "a ` b", "``a ` b``"),
        ("see [the **bold** link](https://a.b/c) x", "bold lin", "[**bold** lin](https://a.b/c)"),
        ("see https://a.b/c now", "e https://a.b/c n", "e https://a.b/c n"),
        ("see https://a.b/c now", "a.b", "[a.b](https://a.b/c)"),
        ("mail me@b.cn today", "l me@b.cn", "l me@b.cn"),
        ("so $x^2$ is", "^2$ is", "$x^2$ is"),
        ("an ![cat](https://a.b/c.png) here", "cat", "![cat](https://a.b/c.png)"),
        ("as said[^1] there", "said[1] t", "said[^1] t"),
        (r"5 \* 3 \_ \# [x] <b> &amp;amp;", "* 3 _ # [x] <b> &am", r"\* 3 \_ # \[x] \<b> &am"),
        ("a\n1\\. b\n\\# c", "a\n1. b\n# c", "a\n1\\. b\n\\# c"),
        # Markers between a letter and a sign count for nothing, so the letter is written as one.
        ("&#35828;**“你好”**，走", "说“你", "&#35828;**“你**"),
        ("- Hello brave world", "brave world", "brave world"),
        ("- Hello brave\n- world", "brave\n• world", "- brave\n- world"),
        ("> quoted words\n>\n> more", "words\n\nmore", "> words\n>\n> more"),
        ("1. one\n2. two\n3. three", "two\n3. three", "2. two\n3. three"),
        ("- [x] done\n- [ ] open", "[x] done\n[ ] open", "- [x] done\n- [ ] open"),
        ("- a\n  - b\n- c", "b\n• c", "- b\n- c"),
        ("# Title\n\ntext", "itle\n\nte", "# itle\n\nte"),
        ("```py\n\tx = 1\n  y\n```", "x = 1\n  y", "```py\nx = 1\n  y\n```"),
        ("```py\n\tx = 1\n  y\n```", "\tx", "```py\n\tx\n```"),
        ("````\n```\nx\n```\n````", "```\nx", "````\n```\nx\n````"),
        ("- a\n\n  ```\n  \tx\n  ```", "a\n\n\tx", "- a\n\n  ```\n  \tx\n  ```"),
        ("| a | b |\n|---|:-:|\n| 1 | `2` |\n| 3 | 4 |", "2\n3\t4",
         "| a | b |\n|---|:-:|\n|  | `2` |\n| 3 | 4 |"),
        ("| a | b |\n|---|---|\n| long words | x |", "words", "words"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "b\n1", "| a | b |\n|---|---|\n| 1 |  |"),
        ("a\n\n---\n\nb", "a\n\n\n\nb", "a\n\n---\n\nb"),
        ("$$\nx\n$$\n\nso", "x\n$$\n\nso", "$$\nx\n$$\n\nso"),
        ("said[^1]\n\n[^1]: the note\n\nend", "[1] the note\n\ne", "[^1]: the note\n\ne"),
    ],
)  # fmt: skip
def test_a_part_is_valid_markdown_again(source, words, wanted):
    fragments = select(source, words)
    assert markdown_of(fragments) == wanted


def test_an_item_that_was_begun_in_the_middle_keeps_the_number_of_those_after_it():
    fragments = select("1. one\n2. two\n3. three", "ne\n2. two")
    assert plain_text(markdown_of(fragments)).endswith("2. two")


INLINE = st.lists(
    st.sampled_from(
        ["word", " ", "字", "。", "“", "”", "(", ")", ".", "**", "*", "~~", "`", "_", "\n", "😀", "1.", "# ",
         "[x](https://a.b)", "https://a.b/c", "$y$", "\\*", "&amp;", "<", ">", "![i](https://i.j)", "[^1]",
         "- ", "+", "|", "==", "www.a.bc", "q@r.st", "\\", "[", "]", "!", "é", "ß"]
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(INLINE, st.data())
def test_any_part_of_running_text_reads_again_as_the_same_words(pieces, data):
    rich = rich_text("".join(pieces))
    start = data.draw(st.integers(0, len(rich.text)))
    end = data.draw(st.integers(start, len(rich.text)))
    source = inline_markdown(rich, start, end)
    again = rich_text(source)
    assert rich.text[start:end].strip() in again.text
    atoms = [span for span in rich.spans if span.target or span.look]
    if not any(span.start < start < span.end or span.start < end < span.end for span in atoms):
        assert again.text == rich.text[start:end]


def test_looks_survive_nearly_always():
    """The bare words are the last resort; it must stay one."""
    chance, kept, tries = random.Random(3), 0, 0
    pieces = ["word", " ", "字", "。", "**b**", "*i*", " ~~s~~ ", "`c`", " **“引”**", " $y$ ", ", "]
    for _ in range(400):
        rich = rich_text("".join(chance.choice(pieces) for _ in range(8)))
        if not rich.spans:
            continue
        tries += 1
        again = rich_text(inline_markdown(rich, 0, len(rich.text)))
        kept += list(_looks(again)) == list(_looks(RichText(rich.text, rich.spans)))
    assert kept / tries > 0.97


DOCUMENT = (
    "# Title *it*\n\nSome **bold** and `code`, [a link](https://a.b).\n\n- one\n- two\n  - three\n\n"
    "  more of two\n\n> quoted\n> > twice\n\n1. a\n2. b\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n"
    "```py\n\tx = 1\n\n  y\n```\n\n字字 😀\n\n- [x] done\n- [ ] open\n"
)


def structure(source: str) -> list[tuple]:
    return [(b.kind, b.path, b.marker, b.source, b.language) for b in blocks_of(source)]


def test_everything_written_back_has_the_same_structure():
    fragments = [whole_block(block) for block in blocks_of(DOCUMENT)]
    assert structure(markdown_of(fragments)) == structure(DOCUMENT)


@pytest.mark.parametrize("seed", range(5))
def test_the_markdown_of_any_part_shows_the_words_of_that_part(seed):
    chance = random.Random(seed)
    blocks = blocks_of(DOCUMENT)
    for _ in range(80):
        first, last = sorted(chance.choices(range(len(blocks)), k=2))
        fragments = [whole_block(block) for block in blocks[first : last + 1]]
        if fragments[0].text:
            cut = chance.randint(0, len(fragments[0].text) - 1)
            text = fragments[0].text
            fragments[0] = Fragment(blocks[first], text, cut, len(text))
        again = blocks_of(markdown_of(fragments))
        if fragments[0].block.kind is BlockKind.TABLE:
            continue
        words = [fragment.words.strip() for fragment in fragments if fragment.words.strip()]
        shown = [whole_block(block).text.strip() for block in again]
        assert [text for text in shown if text] == words, markdown_of(fragments)


# -- HTML --------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Collects words, tags and attributes, and insists that tags are closed in order."""

    VOID = ("br", "hr", "meta")

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags, self.attributes, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "br":
            self.words.append("\n")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def html_for(source: str) -> str:
    return html_of([whole_block(block) for block in blocks_of(source)])


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a **b *c* d** `e` ~~f~~",
         "<p>a <strong>b </strong><em><strong>c</strong></em><strong> d</strong> <code>e</code> <s>f</s></p>\n"),
        ("# H\n\n- a\n- b\n  1. c\n- d",
         "<h1>H</h1>\n<ul><li><p>a</p>\n</li>\n<li><p>b</p>\n<ol><li><p>c</p>\n</li></ol></li>\n<li><p>d</p>\n</li></ul>"),
        ("3. c\n4. d", '<ol start="3"><li><p>c</p>\n</li>\n<li><p>d</p>\n</li></ol>'),
        ("> q\n\nx", "<blockquote><p>q</p>\n</blockquote><p>x</p>\n"),
        ("```py\na < b\n\tc\n```", '<pre><code class="language-py">a &lt; b\n\tc</code></pre>\n'),
        ("| a | b |\n|---|---|\n| 1 | **2** |",
         "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>1</td><td><strong>2</strong></td></tr>\n</table>\n"),
        ('[x](https://a.b/?c="d"&e)', '<p><a href="https://a.b/?c=%22d%22&amp;e">x</a></p>\n'),
    ],
)  # fmt: skip
def test_blocks_become_plain_html(source, wanted):
    assert html_for(source) == wanted
    read(wanted)


def test_html_holds_the_words_and_nothing_that_could_be_fetched():
    hostile = DOCUMENT + (
        "\n<script>alert(1)</script> <img src=x> ![i](https://evil/x.png) [j](javascript:1)"
        '\n\n```"><b onload=1>\nx\n```\n'
    )
    reader = read(html_for(hostile))
    assert {"script", "img", "style", "link", "iframe", "font"} & set(reader.tags) == set()
    assert {name for name, _ in reader.attributes} <= {"href", "class", "start"}
    targets = [value for name, value in reader.attributes if name == "href"]
    assert targets == ["https://a.b"]
    said = "".join("".join(reader.words).split())
    for word in ("<script>alert(1)</script>", "image:i(evil/x.png)", "字字😀", "javascript"):
        assert word in said or word == "javascript"


def test_the_pieces_of_a_long_block_are_one_element():
    code = "\n".join(f"line {n}" for n in range(100))
    html = html_for(f"```\n{code}\n```\n\n" + "One sentence. " * 300)
    assert html.count("<pre>") == html.count("<p>") == 1
    assert f"<code>{code}</code>" in html


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab <>&\"'`*_#->|\n[]()!\\$~1.😀字", max_size=80))
def test_html_of_any_text_is_well_formed_and_says_what_is_shown(source):
    reader = read(html_for(source))
    shown = "".join(whole_block(block).text for block in blocks_of(source))
    said = "".join(reader.words)
    for letter in set(shown) - set(" \n\t☐☑"):
        assert said.count(letter) >= shown.count(letter)


# -- the clipboard and the menu ----------------------------------------------------------------


def test_copying_puts_plain_and_rich_text_into_one_object(view, qtbot):
    show(view, "Some **bold** words", "- second")
    view.select_all()
    view.copy_selection()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "Some bold words\n\n• second"
    assert "<strong>bold</strong>" in mime.html()
    assert set(mime.formats()) == {"text/plain", "text/html"}


def test_without_a_selection_the_clipboard_is_left_alone(view, qtbot):
    QGuiApplication.clipboard().setText("kept")
    show(view, "words")
    view.copy_selection()
    view.copying.copy_markdown()
    assert QGuiApplication.clipboard().text() == "kept"


def test_a_part_of_code_is_copied_exactly(view, qtbot):
    show(view, "```make\nall:\n\techo  a \n\n```\n")
    view.selection.set((0, 0, 4), (0, 0, 14))
    view.copy_selection()
    assert QGuiApplication.clipboard().text() == "\n\techo  a "


def test_whole_messages_are_copied_as_the_markdown_they_came_as(view, qtbot):
    show(view, "*  **a**\n*  b", "__x__ y")
    view.select_all()
    view.copying.copy_markdown()
    assert QGuiApplication.clipboard().text() == "*  **a**\n*  b\n\n__x__ y"


def test_the_menu_offers_what_is_under_the_pointer(view, qtbot):
    show(
        view,
        "see [a link](https://a.b) now\n\n```py\n\tx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    )
    menu = open_menu(view, point_of(view, 0, 0, 6))
    actions = actions_of(menu)
    assert list(actions) == [
        "Copy", "Copy as Markdown", "Copy as plain text", "Copy message", "Copy link", "Select all", "Find…",
    ]  # fmt: skip
    assert not actions["Copy"].isEnabled()
    actions["Copy link"].trigger()
    assert QGuiApplication.clipboard().text() == "https://a.b"
    menu.close()
    menu = open_menu(view, point_of(view, 0, 1, 2))
    actions_of(menu)["Copy code"].trigger()
    assert QGuiApplication.clipboard().text() == "\tx = 1"
    menu.close()
    menu = open_menu(view, point_of(view, 0, 2, 1))
    actions_of(menu)["Copy table"].trigger()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "a\tb\n1\t2"
    assert "<td>2</td>" in mime.html()
    menu.close()


def test_the_menu_copies_the_message_and_the_selection_in_each_form(view, qtbot):
    show(view, "Some **bold** words\n\n- x")
    view.selection.set((0, 0, 5), (0, 0, 12))
    menu = open_menu(view, point_of(view, 0, 0, 1))
    actions = actions_of(menu)
    for name, wanted in (
        ("Copy message", "Some **bold** words\n\n- x"),
        ("Copy", "bold wo"),
        ("Copy as Markdown", "**bold** wo"),
        ("Copy as plain text", "bold wo"),
    ):
        actions[name].trigger()
        assert QGuiApplication.clipboard().text() == wanted
    assert not QGuiApplication.clipboard().mimeData().hasHtml()
    with qtbot.waitSignal(view.find_requested):
        actions["Find…"].trigger()
    menu.close()


def test_the_menu_comes_up_at_the_cursor_when_a_key_asks_for_it(view, qtbot):
    show(view, "see [a link](https://a.b) now", "other")
    view.selection.set((0, 0, 6), (0, 0, 6))
    view.caret.show()
    menu = open_menu(view, QPoint(0, 0), QContextMenuEvent.Reason.Keyboard)
    at = view.viewport().mapFromGlobal(menu.pos())
    assert abs(at.x() - point_of(view, 0, 0, 6).x()) < 3
    menu.close()


def test_an_unmarked_text_is_escaped_where_it_is_copied_as_markdown(view):
    view.set_entries([message("p", "a *b* 1\n# c", markdown=False)])
    view.select_all()
    assert plain_text(view.copying.markdown()) == "a *b* 1\n# c"


def test_a_long_selection_is_worked_out_between_frames(view, qtbot, monkeypatch):
    from desktop_app.ui.transcript import copying

    monkeypatch.setattr(copying, "WORKED_AT_ONCE_SECONDS", 0)
    monkeypatch.setattr(copying, "SLICE_SECONDS", 0)
    view.set_entries([message(n, f"**number** {n}") for n in range(60)])
    wanted = "\n\n".join(f"number {n}" for n in range(60))
    view.select_all()
    view.copy_selection()
    assert view.copying.is_working
    early = QGuiApplication.clipboard().mimeData()
    assert early.text() == wanted, "whoever pastes before it is ready gets all of it"
    assert early.html().count("<strong>number</strong>") == 60
    assert early.hasText()
    assert early.hasHtml()
    assert not early.hasUrls()
    view.copy_selection()
    view.set_entries([message("other", "other words")])
    qtbot.waitUntil(lambda: not view.copying.is_working, timeout=5000)
    mime = QGuiApplication.clipboard().mimeData()
    assert type(mime) is QMimeData, "nothing of Python's is left there"
    assert mime.text() == wanted


def test_a_long_selection_that_somebody_else_replaced_stays_replaced(view, qtbot, monkeypatch):
    from desktop_app.ui.transcript import copying

    monkeypatch.setattr(copying, "WORKED_AT_ONCE_SECONDS", 0)
    view.set_entries([message(n, f"**number** {n}") for n in range(60)])
    view.select_all()
    view.copy_selection()
    QGuiApplication.clipboard().setText("newer")
    qtbot.waitUntil(lambda: not view.copying.is_working, timeout=5000)
    assert QGuiApplication.clipboard().text() == "newer"


def test_the_program_may_end_while_a_long_selection_is_pending():
    program = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
application = QApplication([])
from desktop_app.ui.transcript import BlockView, Entry, EntryKind
view = BlockView()
view.set_entries([Entry(str(n), EntryKind.ASSISTANT, "M", f"**number** {n} " * 40) for n in range(3000)])
view.select_all()
view.copy_selection()
assert view.copying.is_working
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_view_that_goes_leaves_what_was_copied(qtbot, monkeypatch):
    from desktop_app.ui.transcript import BlockView, copying

    monkeypatch.setattr(copying, "WORKED_AT_ONCE_SECONDS", 0)
    gone = BlockView()
    gone.set_entries([message(n, f"number {n}") for n in range(60)])
    gone.select_all()
    gone.copy_selection()
    shiboken6.delete(gone)
    mime = QGuiApplication.clipboard().mimeData()
    assert type(mime) is QMimeData
    assert mime.text().endswith("number 59")


def test_what_was_copied_is_what_was_there_then(view, qtbot):
    view.set_entries([message("s", "one two", streaming=True), message("t", "three")])
    view.select_all()
    view.copy_selection()
    view.append_text("s", " more")
    view.take_in_deltas()
    view.remove_entry("t")
    assert QGuiApplication.clipboard().text() == "one two\n\nthree"


def test_a_selection_that_ends_before_the_first_letter_of_a_table(view):
    show(view, "words", "| a | b |\n|---|---|\n| c | d |")
    view.selection.set((0, 0, 0), (1, 0, 0))
    assert view.copying.markdown() == "words"
