"""Pages as text, and what a hostile page must not cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.tool_ports import ToolError
from desktop_app.chat.web_port import WebAnswer
from desktop_app.tools import fetch_url
from desktop_app.tools._html import text_of
from tests.tools.kit import OnePage, call_of, run, tool_named

URL = "https://example.org/a/b.html"


def text(source: str) -> str:
    return text_of(source, URL)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<p>a <b>b</b><i>c</i>  d\n e", "a bc d e"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<h1>T</h1><h3>S</h3>x", "# T\n\n### S\n\nx"),
        ("<title>Site &amp; Co</title><body><p>x", "Site & Co\n\nx"),
        ("<title>T</title><h1>T</h1>x", "# T\n\nx"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<a href='/x?a=1&amp;b=2'>go</a>!", "[go](https://example.org/x?a=1&b=2)!"),
        ("see <a href=c.html>this</a> page", "see [this](https://example.org/a/c.html) page"),
        ("<a href='javascript:x()'>no</a> <a href='#top'>up</a> <a>none</a>", "no up none"),
        ("<a href='http://[bad'>bad</a>", "bad"),
        ("<img src=x alt='A  cat'>", "[A cat]"),
        ("<pre>a\n  b &lt; c</pre>d", "```\na\n  b < c\n```\n\nd"),
        ("use <code>x</code>.", "use `x`."),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", "A | B\n1 | 2"),
        ("<blockquote>said</blockquote>", "> said"),
        ("<script>var a = '<p>no</p>'</script><style>p{}</style>yes", "yes"),
        ("<noscript>no</noscript><template>no</template><svg><text>no</text></svg>yes", "yes"),
        ("<SCRIPT>no</ScRiPt >yes", "yes"),
        ("<!-- <p>no --><!doctype html><?xml no?>yes", "yes"),
        ("1 < 2 && 3 > 2", "1 < 2 && 3 > 2"),
        ("a</>b</ c>d", "abd"),
        ("<p title='a > b'>x", "x"),
        ("<p>x<a href='", "x"),
        ("<p>x<!-- never ends", "x"),
        ("x<script>never ends", "x"),
        ("<head><meta><title>T</title></head><body>x", "T\n\nx"),
        ("&nbsp;a&#8212;b&eacute;&bogus;", "a—bé&bogus;"),
        ("", ""),
    ],
)  # fmt: skip
def test_pages_as_text(source, expected):
    assert text(source) == expected


def test_the_main_part_alone_is_kept_where_it_says_enough():
    words = "word " * 60
    assert text(f"<nav>menu</nav><main><p>{words}</main><footer>end</footer>") == words.strip()
    assert text("<nav>menu</nav><main>x</main>") == "menu\n\nx"


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<!--", "<!", "<![CDATA[", "<script>", "<script></", "</", "<?", "&", "<a b='", "<title>", "<div>", "<b>",
     "<table>", "<a href=x>", "<select>", "<p a=1 ", "<li>", "<ul>", "<pre>", "<main>", "</main>", "<h1>", "<svg>", "</svg>",
     "<svg><svg></svg>", "a=", "= ", "' ", '" ', "<x/////", "   ", "&#x", "&#99999999;"],
)  # fmt: skip
def test_hostile_pages_are_looked_at_once(piece):
    """Twenty times the length costs about twenty times as many steps, counted in lines that ran."""
    import sys

    def steps(count: int) -> int:
        taken = 0

        def trace(frame, event, _argument):
            nonlocal taken
            taken += event == "line"
            return trace

        sys.settrace(trace)
        try:
            text(piece * count)
        finally:
            sys.settrace(None)
        return taken

    few = steps(100)
    assert steps(2_000) < 30 * few + 2_000


@given(st.text(alphabet="<>/!-?='\" abpli&#;x[]\n", max_size=200))
def test_whatever_comes_there_is_a_text(source):
    assert isinstance(text(source), str)


def test_reading_can_be_broken_off():
    class Enough(Exception):  # noqa: N818
        pass

    def look() -> None:
        raise Enough

    with pytest.raises(Enough):
        text_of("<p>x", URL, look)


# The tool


def answer(body: bytes, content_type: str = "text/html", **more) -> OnePage:
    return OnePage(WebAnswer(URL, more.pop("status", 200), content_type, body, **more))


async def fetch(page: OnePage, **arguments) -> str:
    return await run("fetch_url", {"url": f" {URL} ", **arguments}, web=page)


async def test_a_page_comes_with_its_address_and_status():
    page = answer(b"<title>T</title><p>x")
    assert await fetch(page) == f"{URL}, HTTP 200\n\nT\n\nx"
    assert page.asked == [(URL, False)]


async def test_a_page_that_failed_is_an_error_with_its_text():
    outcome = await tool_named("fetch_url").run(
        call_of({"url": URL}, web=answer(b"gone", "text/plain", status=404))
    )
    assert outcome.is_error
    assert outcome.text == f"{URL}, HTTP 404\n\ngone"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ('{"a": "ä"}'.encode(), "application/json", '{"a": "ä"}'),
        (b"a\r\nb", "text/plain", "a\nb"),
        ("你好".encode("gb2312"), "text/html; charset=gb2312", "你好"),
        (b"<meta charset='gbk'>" + "你好".encode("gbk"), "text/html", "你好"),
        (b'<meta http-equiv=x content="text/html; charset=big5">' + "你好".encode("big5"), "text/html", "你好"),
        ("héllo".encode("latin-1"), "text/html; charset=iso-8859-1", "héllo"),
        ("héllo".encode(), "text/html; charset=nonsense", "héllo"),
        ("héllo".encode(), "text/html; charset=ascii", "héllo"),
        ("<p>你好".encode() + b"\xff", "text/html; charset=utf-8", "你好\ufffd"),
        (b"<p>x", "", "x"),
        (b"just text", "", "just text"),
        (b"<a/>", "image/svg+xml", "<a/>"),
    ],
)  # fmt: skip
async def test_content_types_and_encodings(body, content_type, expected):
    assert await fetch(answer(body, content_type)) == f"{URL}, HTTP 200\n\n{expected}"


@pytest.mark.parametrize(
    ("body", "content_type", "sentence"),
    [(b"\x89PNG", "image/png", "leads to image/png"), (b"%PDF", "application/pdf", "application/pdf"), (b"\0\1\2", "", "binary"), (b"\0\0", "text/html", "binary")],
)  # fmt: skip
async def test_what_is_no_text_is_said(body, content_type, sentence):
    with pytest.raises(ToolError, match=sentence):
        await fetch(answer(body, content_type))


async def test_a_long_text_comes_in_parts(monkeypatch):
    monkeypatch.setattr(fetch_url, "_MOST_CHARACTERS", 10)
    page = answer(b"0123456789abcdef", "text/plain")
    assert await fetch(page) == f"{URL}, HTTP 200, characters 0 to 10 of 16\n\n0123456789"
    assert (
        await fetch(page, first_character=10)
        == f"{URL}, HTTP 200, characters 10 to 16 of 16\n\nabcdef"
    )
    with pytest.raises(ToolError, match="only 16"):
        await fetch(page, first_character=16)


async def test_a_cut_or_empty_page_is_said_to_be_one():
    assert "cut: the page is too large" in await fetch(answer(b"x", is_cut=True))
    assert await fetch(answer(b"")) == f"{URL}, HTTP 200, no text"


async def test_whether_the_own_network_may_be_read_is_passed_on():
    page = answer(b"x")
    from dataclasses import replace

    await tool_named("fetch_url").run(
        replace(call_of({"url": URL}, web=page), private_addresses=True)
    )
    assert page.asked == [(URL, True)]
