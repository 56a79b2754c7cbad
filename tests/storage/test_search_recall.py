"""Everything that is there is found, and nothing else, by comparison with reading every text."""

import math
import random
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.domain.search import Scope, SearchQuery
from desktop_app.domain.search_text import matches, parse
from desktop_app.storage.connection import accept, connect
from desktop_app.storage.migrations import migrate
from desktop_app.storage.search_index import index_path, open_index, work
from desktop_app.storage.search_index import until as lasting
from desktop_app.storage.search_reading import search
from tests.corpus import SECONDS, Corpus, insert

MESSAGES = 100_000
QUERIES = 300
MOST = 400
SEED = 20261126


def level(text: str) -> str:
    """The definition in its plainest words: another piece of code than the one that is tested."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def bare(levelled: str) -> str:
    """Without anything that stands on letters; takes more away than the search does."""
    apart = unicodedata.normalize("NFD", levelled)
    return "".join(c for c in apart if not unicodedata.combining(c) and c not in "\u200d\ufe0f")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    corpus = Corpus(SEED)
    return [corpus.text() for _ in range(MESSAGES)]


@pytest.fixture(scope="module")
def database(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The conversations, and their index made by the code that makes it in the program."""
    path = tmp_path_factory.mktemp("recall") / "interleave.db"
    connection = connect(path)
    accept(connection)
    migrate(connection)
    insert(connection, texts)
    index = open_index(index_path(path), path)
    while not work(index, lasting(5)).is_done:
        pass
    # As the program does once the index has them.
    connection.execute("DELETE FROM search_change")
    connection.close()
    index.close()
    return path


@pytest.fixture
def index(database: Path) -> Iterator[apsw.Connection]:
    # The conversations stay open beside it, as in the program: their log needs a writer.
    keeper = connect(database)
    accept(keeper)
    index = open_index(index_path(database), database)
    yield index
    index.close()
    keeper.close()


def cut(text: str, chance: random.Random) -> str:
    """One to twelve signs of ``text``, or two of its words."""
    if chance.random() < 0.15 and len(words := text.split()) > 1:
        return " ".join(chance.sample(words, 2))
    length = min(len(text), chance.choice((1, 2, 2, 2, 3, 3, 4, 5, 6, 8, 12)))
    start = chance.randrange(len(text) - length + 1)
    return text[start : start + length].strip() or text[:2]


class Pile:
    """All texts as one, in which a word is looked for from one end to the other."""

    def __init__(self, texts: list[str]) -> None:
        levelled = [level(text) for text in texts]
        assert not any("\n" in text for text in levelled)
        self.whole = "\n".join(levelled)
        self.starts = [0, *accumulate(len(text) + 1 for text in levelled)]

    def holding(self, word: str) -> set[int]:
        """The numbers of the texts, from 1, that hold ``word``."""
        numbers: set[int] = set()
        at = self.whole.find(word)
        while at >= 0:
            number = bisect_right(self.starts, at)
            numbers.add(number)
            at = self.whole.find(word, self.starts[number])
        return numbers

    def text(self, number: int) -> str:
        return self.whole[self.starts[number - 1] : self.starts[number] - 1]


@pytest.fixture(scope="module")
def pile(texts: list[str]) -> Pile:
    return Pile(texts)


def check(index: apsw.Connection, pile: Pile, query: str, wanted: set[int]) -> None:
    result = search(index, SearchQuery(query, limit=MOST))
    assert result.is_complete
    hits = [int(hit.message_id[1:]) for group in result.conversations for hit in group.hits]
    assert len(hits) == len(set(hits))
    found = set(hits)
    words = [bare(word) for word in level(query).replace('"', "").split()]
    for number in found:
        text = bare(pile.text(number))
        assert all(word in text for word in words), query
    if len(found) < MOST:
        assert found >= wanted, query
        assert sum(result.count(scope).number for scope in Scope) == len(found)
    else:
        # The newest come first, and nothing between the first and the last is left out.
        last = min(found)
        assert found >= {number for number in wanted if number >= last}, query
        assert sum(result.count(scope).number for scope in Scope) >= min(len(wanted), 1000)


def test_every_text_is_found_by_what_stands_in_it(
    index: apsw.Connection, texts: list[str], pile: Pile
) -> None:
    chance = random.Random(SEED)
    for _ in range(QUERIES):
        query = cut(chance.choice(texts), chance)
        wanted = set[int].intersection(*map(pile.holding, level(query).split()))
        assert wanted
        check(index, pile, query, wanted)


def test_what_stands_nowhere_is_not_found(
    index: apsw.Connection, texts: list[str], pile: Pile
) -> None:
    """Its runs stand here and there, so the index alone would find it."""
    chance = random.Random(SEED + 1)
    whole = bare(pile.whole)
    absent = 0
    while absent < QUERIES // 3:
        first, second = cut(chance.choice(texts), chance), cut(chance.choice(texts), chance)
        query = f'"{first}{second}"'.replace('""', '"')
        (term, *more) = parse(query)
        if more or bare(term.text) in whole:
            continue
        absent += 1
        assert search(index, SearchQuery(query)).conversations == ()


def test_scopes_and_dates_leave_nothing_out(index: apsw.Connection, texts: list[str]) -> None:
    chance = random.Random(SEED + 2)
    for _ in range(10):
        while len(query := cut(chance.choice(texts), chance)) < 6:
            pass
        everything = search(index, SearchQuery(query, limit=MESSAGES))
        scope = chance.choice(list(Scope))
        since = float(chance.randrange(MESSAGES) * SECONDS)
        until = chance.choice((None, since + 40_000 * SECONDS))
        narrowed = search(
            index,
            SearchQuery(query, frozenset({scope}), "MiniMax-M2", since, until, limit=MESSAGES),
        )
        expected = [
            hit
            for group in everything.conversations
            for hit in group.hits
            if hit.scope is scope and since <= hit.created_at < (until or math.inf)
        ]
        assert [hit for group in narrowed.conversations for hit in group.hits] == expected


SIGNS = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    st.sampled_from("aAbBeE\u0301\u0308ßİıſﬁ 　…ｶﾞか\u3099한ㅎ思维\u200d\ufe0f\u00ad¨_.\"'-\n"),
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
@given(st.lists(st.text(SIGNS, max_size=30), min_size=1, max_size=8), st.data())
def test_any_signs_at_all(tmp_path: Path, documents: list[str], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(documents))
    start = data.draw(st.integers(0, len(text)))
    query = text[start : data.draw(st.integers(start, len(text)))]
    connection = apsw.Connection(":memory:")
    migrate(connection)
    insert(connection, documents)
    # The same rows, looked for with the index and without.
    read = search(connection, SearchQuery(query), has_index=False)
    terms = parse(query)
    found = {int(hit.message_id[1:]) for group in read.conversations for hit in group.hits}
    assert found == {n for n, text in enumerate(documents, 1) if terms and matches(terms, text)}
    target = tmp_path / "any.db"
    for file in tmp_path.iterdir():
        file.unlink()
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    keeper = connect(target)
    accept(keeper)
    index = open_index(index_path(target), target)
    try:
        assert work(index, lasting(10)).is_done
        assert search(index, SearchQuery(query)) == read
    finally:
        index.close()
        keeper.close()
