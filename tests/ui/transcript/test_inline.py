"""Inline Markdown: looks, links that may be followed, and nothing that could be fetched."""

import pytest

from desktop_app.ui.transcript.blocks import Look
from desktop_app.ui.transcript.inline import image_place, rich_text


def looks(source):
    rich = rich_text(source)
    return [(rich.text[span.start : span.end], span.look, span.target) for span in rich.spans]


def test_emphasis_nests():
    assert looks("a **b `c` _d_** ~~e~~") == [
        ("b ", Look.BOLD, ""),
        ("c", Look.BOLD | Look.CODE, ""),
        (" ", Look.BOLD, ""),
        ("d", Look.BOLD | Look.ITALIC, ""),
        ("e", Look.STRIKE, ""),
    ]


@pytest.mark.parametrize("source", ["$x^2$", "\\(x^2\\)", "$$x^2$$", "\\[x^2\\]"])
def test_formulas_keep_their_source(source):
    assert looks(f"so {source} it is") == [(source, Look.MATHS, "")]


def test_prices_are_no_formulas():
    assert looks("it costs $5 and then $6") == []


@pytest.mark.parametrize("target", ["http://a.b", "https://a.b/c?d=e#f", "mailto:a@b.c"])
def test_web_and_mail_links_can_be_followed(target):
    assert looks(f"[text]({target})") == [("text", Look.LINK, target)]


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "javascript:alert(1)", "smb://host/x", "//host/share", "ms-msdt:x",
     "data:text/html,x", "/etc/passwd", "C:\\x", "vbscript:x", "FILE:///x"],
)  # fmt: skip
def test_other_targets_are_only_words(target):
    rich = rich_text(f"[text]({target})")
    assert "text" in rich.text
    assert not any(span.target for span in rich.spans)


def test_bare_addresses_become_links_without_their_full_stop():
    assert looks("see https://a.b/c_(d). And (https://e.f) 看https://g.h。好") == [
        ("https://a.b/c_(d)", Look.LINK, "https://a.b/c_(d)"),
        ("https://e.f", Look.LINK, "https://e.f"),
        ("https://g.h", Look.LINK, "https://g.h"),
    ]


def test_the_true_host_is_what_a_link_carries():
    ((_, _, target),) = looks("[x](https://аpi.minimax.io)")
    assert target == "https://xn--pi-6kc.minimax.io"


@pytest.mark.parametrize(
    ("label", "target", "shown"),
    [
        ("cat", "https://a.b/c.png", "image: cat (a.b/c.png)"),
        ("", "https://a.b/c.png?secret=1", "image: a.b/c.png"),
        ("x", "/dev/zero", "image: x (/dev/zero)"),
        ("x", "data:image/png;base64,AAAA", "image: x (embedded data)"),
    ],
)
def test_images_become_a_chip_of_text(label, target, shown):
    assert looks(f"![{label}]({target})") == [(shown, Look.CHIP, target)]


def test_a_long_image_address_is_cut():
    assert len(image_place("https://a.b/" + "c" * 500)) == 80


def test_html_is_text():
    assert rich_text("<b>x</b> <img src=file:///etc/passwd>").text.startswith("<b>x</b> <img")


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>"])
def test_a_line_break_is_the_one_tag_that_is_none_of_the_words(tag):
    assert rich_text(f"a{tag}b").text == "a\nb"
    assert rich_text(f"**a{tag} \nb**").text == "a\nb"
    assert rich_text(f"`a{tag}b`").text == f"a{tag}b"
    assert rich_text(f"a\\{tag}b").text == f"a{tag}b"


@pytest.mark.parametrize("tag", ["<br x>", "<br", "<bra>", "</br>", "<b>", "<hr>"])
def test_no_other_tag_is_a_line_break(tag):
    assert rich_text(f"a{tag}b").text == f"a{tag}b"


def test_line_breaks_are_kept():
    assert rich_text("a\nb  \nc").text == "a\nb\nc"
