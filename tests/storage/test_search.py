"""Search on real files: the contract, whatever state the index is in, and how it keeps up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from desktop_app.chat.ports import StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text
from desktop_app.domain.search import Scope, SearchQuery
from desktop_app.storage import search as room
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.errors import ClosedError
from desktop_app.storage.opening import Opening, open_in_memory
from desktop_app.storage.search import SqliteSearch
from desktop_app.storage.search_index import index_path
from tests.contracts.search_contract import ANSWER, OTHER, QUESTION, TEA, SearchContract, found


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def searching(opening: Opening, path: Path | None) -> AsyncIterator[SqliteSearch]:
    search = SqliteSearch(opening.database, path, at_once)
    try:
        yield search
    finally:
        await search.aclose()


@pytest.fixture
async def search(opening: Opening, path: Path) -> AsyncIterator[SqliteSearch]:
    async with searching(opening, path) as search:
        yield search


class TestNotIndexedYet(SearchContract):
    """What was written after the index was opened stands in the changes alone."""


class TestIndexed(SearchContract):
    """Everything is in the index before each search."""

    @pytest.fixture
    async def search(self, opening: Opening, path: Path) -> AsyncIterator[SqliteSearch]:
        async with searching(opening, path) as search:
            look = search.search

            async def caught_up(query: SearchQuery):  # type: ignore[no-untyped-def]
                await search.catch_up()
                return await look(query)

            search.search = caught_up  # type: ignore[method-assign]
            yield search


class TestWithoutAnIndex(SearchContract):
    """There can be no file: a folder stands where it would be."""

    @pytest.fixture
    async def search(self, opening: Opening, path: Path) -> AsyncIterator[SqliteSearch]:
        index_path(path).mkdir()
        async with searching(opening, path) as search:
            yield search


class TestInMemory(SearchContract):
    @pytest.fixture
    async def opening(self) -> AsyncIterator[Opening]:
        opening = await open_in_memory()
        yield opening
        await opening.database.aclose()

    @pytest.fixture
    async def search(self, opening: Opening) -> AsyncIterator[SqliteSearch]:
        async with searching(opening, None) as search:
            yield search


async def fill(store: SqliteConversationStore) -> None:
    await store.add_messages(TEA, (QUESTION, ANSWER))


async def rows_of(opening: Opening, sql: str) -> list[tuple[object, ...]]:
    return await opening.database.run(lambda connection: connection.execute(sql).fetchall())


def gram_count(path: Path) -> int:
    connection = apsw.Connection(str(index_path(path)), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return connection.execute("SELECT count(*) FROM gram").get
    finally:
        connection.close()


async def test_changes_are_forgotten_once_they_are_indexed(
    opening: Opening, store: SqliteConversationStore, search: SqliteSearch, path: Path
) -> None:
    await fill(store)
    assert len(await rows_of(opening, "SELECT * FROM search_change")) == 5
    await search.catch_up()
    assert await rows_of(opening, "SELECT * FROM search_change") == []
    assert gram_count(path) == 5


async def test_a_change_that_is_noted_is_indexed_in_a_moment(
    opening: Opening, store: SqliteConversationStore, search: SqliteSearch, path: Path
) -> None:
    await fill(store)
    search.note_change()
    search.note_change()
    await search._scope.join()
    assert await rows_of(opening, "SELECT * FROM search_change") == []
    await store.finish_message(replace(ANSWER, parts=(Text("short"),)))
    search.note_change()
    await search._scope.join()
    assert gram_count(path) == 2


async def test_what_is_deleted_for_good_leaves_the_index(
    opening: Opening, store: SqliteConversationStore, search: SqliteSearch, path: Path
) -> None:
    await fill(store)
    await search.catch_up()
    await opening.database.write(lambda c: c.execute("DELETE FROM conversation"))
    assert found(await search.search(SearchQuery("green"))) == []
    await search.catch_up()
    assert gram_count(path) == 0


async def test_conversations_from_before_there_was_an_index_are_found(
    opening: Opening, store: SqliteConversationStore, path: Path
) -> None:
    await fill(store)
    await opening.database.write(lambda c: c.execute("DELETE FROM search_change"))
    async with searching(opening, path) as search:
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
        await search.catch_up()
        assert gram_count(path) == 5
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]


async def test_it_goes_on_where_it_was_killed(
    opening: Opening, store: SqliteConversationStore, path: Path
) -> None:
    """Indexed, but the changes not forgotten; and changes that no index has seen."""
    await fill(store)
    async with searching(opening, path) as search:
        await search.catch_up()
    await opening.database.write(
        lambda c: c.execute("INSERT INTO search_change (seq, part) SELECT id, id FROM part")
    )
    conversation = Conversation("c2", head="n2")
    await store.add_messages(conversation, OTHER)
    async with searching(opening, path) as search:
        assert found(await search.search(SearchQuery("green")))[0] == ("n1", 0)
        await search.catch_up()
        assert gram_count(path) == 7
    assert await rows_of(opening, "SELECT * FROM search_change") == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b"no database at all, and quite long" * 100),
        lambda file: file.write_bytes(file.read_bytes()[:4096]),
        lambda file: file.write_bytes(file.read_bytes()[:8192] + b"\xff" * 20_000),
        lambda file: change(file, "UPDATE state SET version = version + 1"),
        lambda file: change(file, "UPDATE state SET source = x'00'"),
        lambda file: change(file, "UPDATE state SET applied = 1000"),
        lambda file: change(file, "DELETE FROM state"),
        lambda file: change(file, "DROP TABLE gram"),
    ],
)
async def test_an_index_that_is_of_no_use_is_made_anew(
    opening: Opening,
    store: SqliteConversationStore,
    path: Path,
    harm: Callable[[Path], object],
) -> None:
    await fill(store)
    async with searching(opening, path) as search:
        await search.catch_up()
    harm(index_path(path))
    async with searching(opening, path) as search:
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
        await search.catch_up()
        assert gram_count(path) == 5
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]


def change(file: Path, sql: str) -> None:
    connection = apsw.Connection(str(file))
    connection.execute(sql)
    connection.close()


async def test_damage_that_shows_later_is_mended_too(
    opening: Opening, store: SqliteConversationStore, path: Path
) -> None:
    await fill(store)
    async with searching(opening, path) as search:
        await search.catch_up()
        index = await search._opened()
        assert index is not None

        def harm(connection: apsw.Connection) -> None:
            connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 0)
            connection.execute("UPDATE gram_data SET block = x'ffffffff' WHERE id > 10")

        await index.run(harm)
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
        assert search._index is not index
        await search._scope.join()
        assert gram_count(path) == 5


async def test_a_search_that_nobody_waits_for_ends(
    store: SqliteConversationStore, search: SqliteSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(store)
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    ended: list[bool] = []

    def endless(connection, query, is_cancelled, **_):  # type: ignore[no-untyped-def]
        loop.call_soon_threadsafe(began.set)
        connection.set_progress_handler(is_cancelled, 100)
        try:
            connection.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                " SELECT count(*) FROM n"
            ).fetchall()
        except apsw.InterruptError as error:
            ended.append(True)
            raise room.Cancelled from error
        finally:
            connection.set_progress_handler(None)

    monkeypatch.setattr(room, "search", endless)
    task = loop.create_task(search.search(SearchQuery("green")))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()
    assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
    assert ended == [True]


async def test_a_search_that_waits_cuts_the_indexing_short(search: SqliteSearch) -> None:
    assert not search._is_time_up()()
    search._waiting += 1
    assert search._is_time_up()()


async def test_damage_to_the_conversations_themselves_is_told(
    opening: Opening, store: SqliteConversationStore, search: SqliteSearch
) -> None:
    await opening.database.aclose()
    async with searching(opening, None) as closed:
        with pytest.raises(ClosedError):
            await closed.search(SearchQuery("green"))


async def test_a_search_while_an_answer_is_saved_waits_for_nothing(
    opening: Opening, store: SqliteConversationStore, search: SqliteSearch
) -> None:
    await fill(store)
    await search.catch_up()
    asked, answered = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    import threading

    go_on = threading.Event()

    def long_write(connection: apsw.Connection) -> None:
        connection.execute("UPDATE part SET text = 'changed'")
        loop.call_soon_threadsafe(asked.set)
        assert go_on.wait(20)

    writing = loop.create_task(opening.database.write(long_write))
    await asked.wait()
    assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
    answered.set()
    go_on.set()
    await writing
    assert found(await search.search(SearchQuery("绿茶"))) == []
    assert found(await search.search(SearchQuery("changed", frozenset({Scope.MINE})))) == [
        ("m1", 0)
    ]


async def test_the_index_is_for_its_owner_alone(search: SqliteSearch, path: Path) -> None:
    await search.search(SearchQuery("x"))
    assert index_path(path).stat().st_mode & 0o077 == 0


async def test_closing_twice_and_searching_after_it(
    opening: Opening, store: SqliteConversationStore, path: Path
) -> None:
    await fill(store)
    search = SqliteSearch(opening.database, path, at_once)
    search.note_change()
    await search.aclose()
    await search.aclose()
    search.note_change()
    assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]


async def test_a_search_of_a_disk_that_takes_no_change_goes_on(
    opening: Opening, store: SqliteConversationStore, search: SqliteSearch
) -> None:
    await fill(store)

    async def refuse(_function: object) -> None:
        raise StoreError("The disk is full.")

    opening.database.write = refuse  # type: ignore[method-assign]
    search.note_change()
    await search._scope.join()
    assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
    del opening.database.write
    await search.catch_up()
    assert await rows_of(opening, "SELECT * FROM search_change") == []


async def test_two_letters_of_anybody(search: SqliteSearch, store: SqliteConversationStore) -> None:
    texts = ["a", "ab", "x ab", "思", "思维", "a思", "🍵", "🍵🍵", "-", "->", '"', '""', "\x01"]
    for number, text in enumerate(texts):
        message = Message(f"m{number}", Role.USER, (Text(text),))
        await store.add_messages(Conversation("c", head=message.id), (message,))
    await search.catch_up()
    for number, text in enumerate(texts):
        wanted = found(await search.search(SearchQuery(text)))
        assert (f"m{number}", 0) in wanted, text
        assert len(wanted) == sum(all(w in other for w in text.split()) for other in texts)


async def test_it_closes_without_a_word(
    opening: Opening,
    store: SqliteConversationStore,
    path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await fill(store)
    async with searching(opening, path) as search:
        await search.catch_up()
    assert "checkpoint" not in caplog.text
    assert not index_path(path).with_name(index_path(path).name + "-wal").exists()
