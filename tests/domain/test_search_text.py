"""What it means that a text holds what was searched for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.search_text import (
    excerpt,
    find,
    fold,
    matches,
    parse,
    without_marks,
)


def holds(query: str, text: str) -> bool:
    return matches(parse(query), text)


def words(query: str) -> list[str]:
    return [term.text for term in parse(query)]


def marked(query: str, text: str) -> str:
    """The text with its ranges in brackets."""
    for start, end in reversed(find(parse(query), text)):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", []),
        ("  \t\n", []),
        ("two  Words", ["two", "words"]),
        ("same SAME same", ["same"]),
        ('"a phrase  of words" more', ["a phrase of words", "more"]),
        ('more "a phrase that is still', ["more", "a phrase that is still"]),
        ("“typographic ones” x", ["typographic ones", "x"]),
        ("「日本 語」 x", ["日本 語", "x"]),
        ("＂full width＂", ["full width"]),
        ('print("hello world")', ['print("hello', 'world")']),
        ('"', ['"']),
        ('a "', ["a", '"']),
        ('""', ['""']),
        ('"" x', ['""', "x"]),
        ("\u200b\ufe0f", []),
    ],
)
def test_words_and_phrases(query: str, expected: list[str]) -> None:
    assert words(query) == expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("思维", "交错思维的例子"),
        ("思", "交错思维"),
        ("ことば", "美しいことばです"),
        ("日本語", "彼は日本語を話す"),
        ("한국", "저는한국사람입니다"),
        ("user_na", "def get_user_name():"),
        ("rNam", "UserName"),
        ("rnam", "UserName"),
        ("os.pa", "import os.path"),
        ("15.3", "version 3.15.32"),
        ("!=", "if a!=b"),
        ("::", "std::vector"),
        ("C#", "in C# and c++"),
        ("->", "x->y"),
        ("M2模型", "用MiniMax-M2模型写"),
        ("STRASSE", "Die Straße"),
        ("straße", "STRASSE"),
        ("İstanbul", "İSTANBUL"),
        ("istanbul", "İstanbul"),
        ("cafe", "un café"),
        ("café", "un cafe\u0301"),
        ("naive", "NAÏVE"),
        ("ελληνικα", "Ελληνικά"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("еще", "ещё"),
        ("שלום", "שָׁלוֹם"),
        ("❤", "I ❤️ it"),
        ("❤️", "I ❤ it"),
        ("👩‍💻", "the 👩‍💻 writes"),
        ("🍵", "tea 🍵!"),
        ("full", "ＦＵＬＬ width"),
        ("カタカナ", "ｶﾀｶﾅ"),
        ("ガ", "ｶﾞｷﾞ"),
        ("ﬁle", "file"),
        ("...", "so…"),
        ("don't", "I DON'T"),
        ('"two words"', "these two\n    words here"),
        ("words two", "these two words"),
        ("co-op", "a co\u00ad-op"),
    ],
)
def test_found(query: str, text: str) -> None:
    assert holds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("維", "交错思维"),
        ("か", "がくせい"),
        ("하", "한국"),
        ("café", "cafe"),
        ("ab", "a b"),
        ('"words two"', "two words"),
        ("two three", "two words"),
        ("思 象", "思维"),
    ],
)
def test_not_found(query: str, text: str) -> None:
    assert holds(query, text) is False


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("思维", "交错[思维]，思考，[思维]"),
        ("cafe", "[Café] [Cafe\u0301] [CAFE]"),
        ("café", "[Café] [Cafe\u0301] CAFE"),
        ("ss", "Stra[ß]e, [SS]"),
        ("s", "[S]tra[ß]e"),
        ("full", "a [ＦＵＬＬ] b"),
        ("ガ", "[ｶﾞ]ｷﾞ"),
        ("한", "[한]국"),
        ("❤", "I [❤️] it"),
        ("b", "…a[b]"),
        (". b", "so[…] [b][.]"),
        ("abc bcd", "x[abcd]y"),
        ('"two words"', "these [two\n   words] here"),
        ("end", "at the [end]"),
        ("x", "  [x]  "),
    ],
)
def test_where_it_stands(query: str, expected: str) -> None:
    text = expected.replace("[", "").replace("]", "")
    assert marked(query, text) == expected.replace("][", "")


def test_an_excerpt_is_one_line_round_the_place() -> None:
    text = (
        "first line\n\n" + "some words before it " * 10 + "the **needle** is\n\there " + "z " * 300
    )
    line, ranges = excerpt(parse("needle"), text)
    assert line.startswith("…")
    assert line.endswith("…")
    assert "\n" not in line
    assert len(line) <= 220
    assert [line[start:end] for start, end in ranges] == ["needle"]
    assert "the **needle** is here z" in line


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert excerpt(parse("b a"), "a b") == ("a b", ((0, 1), (2, 3)))
    assert excerpt((), "a b") == ("a b", ())


def test_an_excerpt_of_chinese_begins_near_the_place() -> None:
    text = "很长的句子" * 50 + "关键词" + "后面还有" * 50
    line, ranges = excerpt(parse("关键词"), text)
    assert line[slice(*ranges[0])] == "关键词"
    assert ranges[0][0] < 30


TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("aAeE\u0301\u0308ßİıſﬁ 　…ｶﾞ한ㅎ思维\u200d\ufe0f\u00ad¨_.\"'\n"),
    ),
    max_size=40,
)


@given(TEXTS, st.data())
def test_what_is_cut_out_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    """By the words of the definition: the folded query is in the folded text."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = text[start:end]
    ranges = find(parse(cut), text)
    assert all(0 <= a < b <= len(text) for a, b in ranges)
    assert list(ranges) == sorted(ranges)
    if '"' not in fold(cut) and fold(cut) in fold(text):
        assert holds(cut, text)
        line, places = excerpt(parse(cut), text)
        assert all(0 <= a < b <= len(line) for a, b in places)


@given(TEXTS, TEXTS)
def test_found_means_that_every_word_is_in_one_of_the_forms(query: str, text: str) -> None:
    def plain(value: str) -> str:
        apart = unicodedata.normalize("NFD", value)
        return unicodedata.normalize(
            "NFC", "".join(c for c in apart if not 0x300 <= ord(c) <= 0x36F)
        )

    found = holds(query, text)
    exact = fold(text)
    if all(word in exact for word in words(query)):
        assert found
    if found and without_marks(exact) == plain(exact):
        assert all(word in exact or word in plain(exact) for word in words(query))
