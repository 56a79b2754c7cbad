"""Markdown and HTML: what stands in them, and what must never."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from hypothesis import given

from desktop_app.chat.exporting import ExportOptions, ThinkingForm
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.exporters import export_formats, html, markdown
from desktop_app.exporters._highlighting import highlighted
from tests.trees import trees


def written(form, tree: ConversationTree, **options: object) -> str:
    file = BytesIO()
    writing = form.FORMAT.begin(file, ExportOptions(**options))
    writing.add(tree)
    writing.close()
    return file.getvalue().decode()


class Page(HTMLParser):
    """Notes every element, its attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "img", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


KNOWN = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "h4", "h5",
    "h6", "div", "section", "b", "span", "details", "summary", "p", "pre", "code", "table", "thead",
    "tbody", "tr", "th", "td", "a", "em", "strong", "ul", "ol", "li", "blockquote", "hr", "br", "s",
}  # fmt: skip


def test_every_format_is_found_the_lossless_one_first():
    assert [form.id for form in export_formats()] == ["interleave", "html", "markdown"]
    assert [form.is_lossless for form in export_formats()] == [True, False, False]


def test_a_page_holds_the_branch_that_is_shown(tree):
    page = Page(written(html, tree))
    for said in ("Tea <i> & *茶*", "Be brief.", "Why?", "Green <b>绿茶</b>", "还有呢？", "Half"):
        assert said in page.text
    assert "not shown" not in page.text
    assert "Too many requests" in page.text
    assert not page.open


def test_a_page_has_nothing_live_in_it_but_links_that_a_person_follows(tree):
    page = Page(written(html, tree))
    assert {tag for tag, _ in page.elements} <= KNOWN
    links = [attributes.get("href") for tag, attributes in page.elements if tag == "a"]
    assert [link for link in links if link] == [
        "https://example.com/?a=1&b=2",
        "mailto:a@example.com",
        "https://example.org",
    ]
    for _, attributes in page.elements:
        assert not attributes.keys() & {"src", "onclick", "onload", "action", "background"}
    policy = [a for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in (policy[0]["content"] or "")
    style = written(html, tree).partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_an_image_that_the_text_carries_is_in_the_page(tree):
    picture = "data:image/png;base64,iVBORw0KGgo="
    assert f'<img src="{picture}" alt="x">' in html.markdown_as_html(f"![x]({picture})")
    for other in ("data:image/svg+xml;base64,AAAA", "//host/share/x.png", "/dev/zero"):
        assert "<img" not in html.markdown_as_html(f"![x]({other})")


@pytest.mark.parametrize(
    ("form", "folded", "is_open"),
    [
        (ThinkingForm.FOLDED, True, False),
        (ThinkingForm.QUOTED, True, True),
        (ThinkingForm.NONE, False, False),
    ],
)
def test_thinking_in_a_page(tree, form, folded, is_open):
    page = written(html, tree, thinking=form)
    assert ("<summary>Thinking · 2.5 s</summary>" in page) is folded
    assert ("<details open><summary>Thinking" in page) is is_open


def test_a_line_break_is_the_one_tag_that_is_read():
    page = html.markdown_as_html("| a |\n|---|\n| one<br>two <b>three</b> `<br>` |\n")
    assert "one<br>\ntwo &lt;b&gt;three&lt;/b&gt; <code>&lt;br&gt;</code>" in page


def test_tasks_have_boxes():
    page = html.markdown_as_html("- [x] done\n- [ ] not yet\n- [y] other\n\n[x] no task\n")
    assert re.findall(r"<li>(.+)</li>", page) == ["☑ done", "☐ not yet", "[y] other"]
    assert "<p>[x] no task</p>" in page


def test_code_has_colours_for_light_and_dark(tree):
    page = written(html, tree)
    assert '<span class="k">def</span>' in page
    assert "&lt;hot&gt;" in page
    assert page.count("prefers-color-scheme: dark") == 2


def test_hostile_code_stays_plain():
    assert highlighted("x = 1", "make") == "x = 1"
    assert "<span" not in highlighted("#include <a>\n" + " \n" * 9000, "c")
    assert "<span" not in highlighted("x" * 30_000, "python")
    assert highlighted("a < b", "nonsense") == "a &lt; b"


def test_a_text_that_is_too_long_to_parse_is_plain():
    assert html.markdown_as_html("![" * 200_000).startswith('<pre class="plain">![![')


@given(trees())
def test_any_conversation_makes_a_page_that_is_whole(tree):
    page = Page(written(html, tree))
    assert not page.open
    assert {tag for tag, _ in page.elements} <= KNOWN | {"img"}


def test_markdown_folds_thinking_so_that_nothing_of_it_gets_out(tree):
    text = written(markdown, tree)
    fold = text.partition("<details>")[2].partition("</details>")[0]
    assert "<summary>Thinking · 2.5 s</summary>" in fold
    assert "Let me &lt;/details> think\n\n- one" in fold
    assert text.startswith("# Tea \\<i\\> & \\*茶\\*\n")
    assert text.count("</details>") == 1
    assert "## You\n" in text
    assert "not shown" not in text


def test_markdown_quotes_thinking_or_leaves_it_out(tree):
    quoted = written(markdown, tree, thinking=ThinkingForm.QUOTED)
    assert "> **Thinking · 2.5 s**\n>\n> Let me </details> think\n>\n> - one\n" in quoted
    assert "think" not in written(markdown, tree, thinking=ThinkingForm.NONE).casefold()


def test_a_fence_is_longer_than_any_within(tree):
    text = written(markdown, tree)
    assert "````\n``` many </pre> results\n````" in text


def test_words_and_dates_are_the_persons(tree):
    words = {"You": "你", "Assistant": "助手", "Thinking": "思考"}
    text = written(
        html, tree, translate=lambda word: words.get(word, word), date=str, language="zh-CN"
    )
    assert '<html lang="zh-CN">' in text
    assert re.findall(r"<b>(\w+)</b>", text)[-2:] == ["你", "助手"]
    assert "<summary>思考 · 2.5 s</summary>" in text
    assert "1700000000.0" in text
