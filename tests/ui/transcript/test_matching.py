"""Finding words: against a search letter by letter that knows no short cuts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.ui.transcript.matching import Query, clusters, fold_cluster, is_whole


def brute_force(text: str, query: Query) -> list[tuple[int, int]]:
    """Every run of clusters that folds to the same as the query's clusters, from the left."""
    edges = list(clusters(text))
    needle = "".join(
        fold_cluster(query.text[a:b], query.matches_case) for a, b in clusters(query.text)
    )
    hits, index = [], 0
    while index < len(edges) and needle.strip():
        for last in range(index, len(edges)):
            folded = "".join(
                fold_cluster(text[a:b], query.matches_case) for a, b in edges[index : last + 1]
            )
            if len(folded) >= len(needle):
                break
        hit = (edges[index][0], edges[last][1])
        if folded == needle and (not query.whole_words or is_whole(text, *hit)):
            hits.append(hit)
            index = last + 1
        else:
            index += 1
    return hits


def found(text: str, words: str, **how) -> list[str]:
    return [text[start:end] for start, end in Query(words, **how).find(text)]


@pytest.mark.parametrize(
    ("text", "words", "hits"),
    [
        ("Hello hello HELLO", "hello", ["Hello", "hello", "HELLO"]),
        ("die Straße und STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("die Straße und STRASSE", "straße", ["Straße", "STRASSE"]),
        ("aß", "s", []),
        ("İstanbul istanbul", "istanbul", ["İstanbul", "istanbul"]),
        ("cafe\u0301 café CAFÉ", "café", ["cafe\u0301", "café", "CAFÉ"]),
        ("cafe\u0301", "cafe", []),
        ("ＡＢＣ１２ abc12", "abc12", ["ＡＢＣ１２", "abc12"]),
        ("ｶﾞ ガ", "ガ", ["ｶﾞ", "ガ"]),
        ("한국 \u1112\u1161\u11ab국", "한국", ["한국", "\u1112\u1161\u11ab국"]),
        ("我们在北京。北京！", "北京", ["北京", "北京"]),
        ("a\nb a\tb a\u00a0b", "a b", ["a\nb", "a\tb", "a\u00a0b"]),
        ("ﬁne", "fine", ["ﬁne"]),
        ("ﬁne", "f", []),
        ("ΟΔΟΣ οδος οδός", "οδος", ["ΟΔΟΣ", "οδος"]),
        ("I love ❤️ and ❤", "❤", ["❤️", "❤"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("anything", "  ", []),
        ("anything", "", []),
        ("😀a😀", "a😀", ["a😀"]),
    ],
)
def test_words_are_found_as_they_are_read(text, words, hits):
    assert found(text, words) == hits


def test_case_can_matter():
    assert found("Ab ab AB", "ab", matches_case=True) == ["ab"]
    assert found("Straße", "STRASSE", matches_case=True) == []
    assert found("ＡＢ ab", "AB", matches_case=True) == ["ＡＢ"]


@pytest.mark.parametrize(
    ("text", "words", "count"),
    [
        ("cat concat cat's cat_a cats", "cat", 2),
        ("北京大学在北京", "北京", 2),
        ("x北京y", "北京", 1),
        ("cafe\u0301s cafe\u0301", "cafe\u0301", 1),
        ("(a+b) a+b", "+b", 2),
        ("2026-11", "2026", 1),
    ],
)
def test_whole_words(text, words, count):
    assert len(found(text, words, whole_words=True)) == count


LETTERS = (
    "aAbBsSßẞiİıIéÉe\u0301\u0308ΣσςΟﬁfＡａ１1ｶﾞガ한\u1112\u1161\u11ab北京 \n\t_-.’😀❤\ufe0f\u00ad½ǅŉ"
)


@settings(max_examples=600, deadline=None)
@given(
    st.text(alphabet=LETTERS, max_size=24),
    st.text(alphabet=LETTERS, min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_the_quick_way_finds_what_the_slow_one_finds(text, words, case, whole):
    query = Query(words, case, whole)
    assert list(query.find(text)) == brute_force(text, query)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.data())
def test_any_part_of_any_text_finds_itself(text, data):
    edges = list(clusters(text))
    if not edges:
        return
    first = data.draw(st.integers(0, len(edges) - 1))
    last = data.draw(st.integers(first, min(first + 5, len(edges) - 1)))
    part = text[edges[first][0] : edges[last][1]]
    query = Query(part, matches_case=data.draw(st.booleans()))
    hits = list(query.find(text))
    assert hits == brute_force(text, query)
    if query.folded and clusters(part) and not unicodedata.combining(part[0]):
        assert any(text[start:end] for start, end in hits)
