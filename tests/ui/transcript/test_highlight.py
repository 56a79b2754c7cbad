"""Syntax colours come between frames, from an allow-list of lexers, and only for sane code."""

import pytest

from desktop_app.ui.transcript.code_language import display_language
from desktop_app.ui.transcript.highlight import Highlighter


def colours(qtbot, info, code):
    highlighter, got = Highlighter(), []
    known = highlighter.request(info, code, got.append)
    if known is not None:
        return known.ranges
    qtbot.waitUntil(lambda: bool(got), timeout=5000)
    return got[0].ranges


def test_code_is_coloured_by_role(qtbot):
    code = "def total(x):  # sum\n    return 'a' + 1\n"
    found = {code[start:end]: role for start, end, role in colours(qtbot, "python", code)}
    assert found["def"] == "keyword"
    assert found["total"] == "function"
    assert found["# sum"] == "comment"
    assert found["'a'"] == "string"
    assert found["1"] == "number"


def test_a_second_request_is_answered_at_once(qtbot):
    highlighter, got = Highlighter(), []
    highlighter.request("json", "[1]", got.append)
    qtbot.waitUntil(lambda: bool(got), timeout=5000)
    assert highlighter.request("json", "[1]", got.append) == got[0]
    assert not highlighter.is_busy()


@pytest.mark.parametrize("info", ["make", "console", "ini", "terraform", "nonsense", ""])
def test_other_languages_stay_plain(qtbot, info):
    assert colours(qtbot, info, "x = 1") == ()


def test_long_runs_of_blanks_stay_plain(qtbot):
    assert colours(qtbot, "c", "int x;" + " " * 500) == ()


@pytest.mark.parametrize(
    ("info", "label"),
    [("py", "Python"), ("{.rust}", "Rust"), ("C++ title=x", "C++"), ("", ""), ("zig", "zig")],
)
def test_languages_have_readable_names(info, label):
    assert display_language(info) == label
