"""Names of files made of titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.file_names import LONGEST_BYTES, distinct, file_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Why tea?", "Why tea-.md"),
        ("绿茶的温度", "绿茶的温度.md"),
        ("", "Conversation.md"),
        ("...", "Conversation.md"),
        ("../../etc/passwd", "-..-etc-passwd.md"),
        ("C:\\Windows\\x", "C--Windows-x.md"),
        ("con", "con_.md"),
        ("CON.txt", "CON_.md"),
        ("Lpt9", "Lpt9_.md"),
        ("console", "console.md"),
        ("a\nb\tc", "a b c.md"),
        ("evil\u202egpj.exe", "evilgpj.exe.md"),
        ("zero\u200bwidth\ufeff", "zerowidth.md"),
        ("dots. . .", "dots.md"),
        (" spaces ", "spaces.md"),
        ("lone \ud800 half", "lone  half.md"),
        ("e\u0301", "\u00e9.md"),
    ],
)
def test_titles_and_their_names(title, name):
    assert file_name(title, ".md") == name


@given(st.text(st.characters() | st.sampled_from('./\\:*?"<>|\u202e\u200b 茶🍵'), max_size=300))
def test_any_title_makes_a_name_that_every_system_takes(title):
    name = file_name(title, ".html")
    stem = name.removesuffix(".html")
    assert 0 < len(stem.encode()) <= LONGEST_BYTES + 1
    assert not set(stem) & set('<>:"/\\|?*\0')
    assert stem == stem.strip(" .")
    assert stem.isprintable() or all(c.isprintable() or c.isspace() for c in stem)


def test_equal_names_get_numbers_whatever_their_case():
    taken: set[str] = set()
    names = [distinct(name, taken) for name in ("a.md", "A.md", "a (2).md", "a.md", "x.y.z.md")]
    assert names == ["a.md", "A (2).md", "a (2) (2).md", "a (3).md", "x.y.z.md"]
