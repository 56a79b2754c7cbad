"""The contract, and what only a store on a disk has to prove."""

import asyncio
import logging
import random
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta, ThinkingDelta
from desktop_app.domain.message import Message, MessageState, Role, Text, Thought
from desktop_app.storage import connection as connection_module
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.errors import DiskFullError, LockedError
from desktop_app.storage.opening import Opening, open_database, open_in_memory
from tests.contracts.branch_contract import BranchContract
from tests.contracts.store_contract import StoreContract
from tests.contracts.stored_values import ANSWER, EXCHANGE, QUESTION, STREAMING, with_head
from tests.contracts.tree_contract import TREE, TreeContract
from tests.fakes.conversation_store import MemoryConversationStore

pytestmark = pytest.mark.logs_errors("is not as it was saved")


class TestOnDisk(StoreContract, BranchContract, TreeContract):
    """The real store on a file, by the fixture of ``conftest``."""


class TestInMemory(StoreContract, BranchContract, TreeContract):
    """The real store as it serves a run that cannot save."""

    @pytest.fixture
    async def store(self) -> AsyncIterator[ConversationStore]:
        opening = await open_in_memory()
        yield SqliteConversationStore(opening.database)
        await opening.database.aclose()


class TestFake(StoreContract, BranchContract, TreeContract):
    """The fake that other rooms are tested with."""

    @pytest.fixture
    def store(self) -> ConversationStore:
        return MemoryConversationStore()


async def reopened(opening: Opening, path: Path) -> tuple[Opening, SqliteConversationStore]:
    await opening.database.aclose()
    again = await open_database(path)
    return again, SqliteConversationStore(again.database)


async def test_everything_is_there_after_reopening(opening, store, path):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.finish_message(ANSWER)
    again, store = await reopened(opening, path)
    assert again.problem is None
    assert again.interrupted == 0
    assert await store.load_branch("c1") == (QUESTION, ANSWER)
    assert await store.list_conversations() == (with_head("m2"),)
    await again.database.aclose()


async def test_what_streamed_when_the_program_ended_opens_as_interrupted(
    opening, store, path, caplog
):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.append_deltas("m2", (ThinkingDelta("Let me"), ThinkingDelta(" see")))
    await store.append_deltas("m2", (TextDelta("Because"),))
    with caplog.at_level(logging.WARNING, "desktop_app.storage"):
        again, store = await reopened(opening, path)
    assert "m2 was interrupted" in caplog.text
    assert again.interrupted == 1
    answer = (await store.load_branch("c1"))[-1]
    assert answer.state is MessageState.INTERRUPTED
    assert answer.thinking == "Let me see"
    assert answer.text == "Because"
    assert isinstance(answer.parts[0], Thought)
    rows = await again.database.run(lambda c: c.execute("SELECT count(*) FROM delta").get)
    assert rows == 0
    again, store = await reopened(again, path)
    assert again.interrupted == 0
    assert (await store.load_branch("c1"))[-1] == answer
    await again.database.aclose()


async def test_text_that_was_overwritten_on_the_disk_is_marked(opening, store, path, caplog):
    answer = replace(ANSWER, parts=(Text("Camellia sinensis"),), notices=("odd",))
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.finish_message(answer)
    await opening.database.aclose()
    # Not UTF-8 any more, and SQLite's own check finds nothing wrong with it.
    path.write_bytes(path.read_bytes().replace(b"Camellia sinensis", b"Camell\xff\xfe sinensis"))
    again = await open_database(path)
    assert again.problem is None
    store = SqliteConversationStore(again.database)
    question, loaded = await store.load_branch("c1")
    assert question == QUESTION
    assert loaded.text == "Camell\ufffd\ufffd sinensis"
    assert loaded.notices == ("odd", "checksum")
    assert loaded.received == answer.received
    assert "m2 is not as it was saved" in caplog.text
    await again.database.aclose()


@pytest.mark.parametrize("column", ["usage", "error", "notices", "received", "role", "state"])
async def test_a_damaged_column_does_not_keep_a_conversation_from_opening(opening, store, column):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.finish_message(ANSWER)
    await opening.database.write(
        lambda c: c.execute(f"UPDATE message SET {column} = '[\"?' WHERE id = 'm2'")
    )
    loaded = (await store.load_branch("c1"))[-1]
    assert loaded.parts == ANSWER.parts
    assert "checksum" in loaded.notices


async def test_names_that_are_no_text_any_more_spoil_only_themselves(opening, store):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.finish_message(ANSWER)
    await store.save_conversation(Conversation("c2", title="Sound"))
    await opening.database.write(
        lambda c: c.execute(
            "UPDATE conversation SET title = CAST(x'54ff' AS TEXT), model = CAST(x'ff' AS TEXT)"
            " WHERE id = 'c1'; UPDATE message SET id = CAST(x'6dff' AS TEXT) WHERE id = 'm1'"
        )
    )
    titles = [conversation.title for conversation in await store.list_conversations()]
    assert titles == ["T\ufffd", "Sound"]
    question, answer = await store.load_branch("c1")
    assert question.text == QUESTION.text
    assert answer.parent == question.id == "m\ufffd"


async def test_text_that_sqlite_refuses_is_stored_all_the_same(store):
    received = {"content": "a\ud83d", "zero": "\x00"}
    message = Message("m1", Role.USER, (Text("a\ud83d b\x00"),), model="\udc00", received=received)
    await store.add_messages(replace(with_head("m1"), title="\ud800"), (message,))
    (loaded,) = await store.load_branch("c1")
    assert loaded.text == "a\ufffd b\ufffd"
    assert loaded.received == received
    assert (await store.list_conversations())[0].title == "\ufffd"


async def test_a_full_disk_is_an_error_and_the_store_goes_on_afterwards(opening, store):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.append_deltas("m2", (TextDelta("kept"),))
    pages = await opening.database.run(lambda c: c.execute("PRAGMA page_count").get)
    await opening.database.run(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").get)
    with pytest.raises(DiskFullError, match="disk is full"):
        await store.append_deltas("m2", (TextDelta("x" * 100_000),))
    long = Message("m3", Role.USER, (Text("y" * 100_000),), parent="m2")
    with pytest.raises(StoreError):
        await store.add_messages(with_head("m3"), (long,))
    assert (await store.load_branch("c1"))[-1].text == "kept"
    await opening.database.run(lambda c: c.execute("PRAGMA max_page_count = 1000000").get)
    await store.append_deltas("m2", (TextDelta(" and more"),))
    assert (await store.load_branch("c1"))[-1].text == "kept and more"


async def test_a_database_that_another_holds_is_an_error_and_then_works_again(store, path):
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LockedError, match="Another program"):
        await store.save_conversation(with_head(None))
    other.execute("ROLLBACK")
    other.close()
    await store.save_conversation(with_head(None))
    assert len(await store.list_conversations()) == 1


async def _cost(opening: Opening, store: ConversationStore, message_id: str) -> tuple[int, int]:
    """Pages written and rows changed by one small append."""

    def counters(connection: apsw.Connection) -> tuple[int, int]:
        written = connection.status(apsw.SQLITE_DBSTATUS_CACHE_WRITE)[0]
        return written, connection.total_changes()

    before = await opening.database.run(counters)
    await store.append_deltas(message_id, tuple(TextDelta("word ") for _ in range(40)))
    after = await opening.database.run(counters)
    return after[0] - before[0], after[1] - before[1]


async def test_an_append_costs_the_same_however_long_the_message_is(opening, store):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.append_deltas("m2", (TextDelta("a" * 1000),))
    early = [await _cost(opening, store, "m2") for _ in range(10)]
    for _ in range(500):
        await store.append_deltas("m2", (TextDelta("a" * 1000),))
    late = [await _cost(opening, store, "m2") for _ in range(10)]
    assert {rows for _, rows in early + late} == {1}
    # A page for the row; now and then a leaf splits, which touches the pages above it.
    assert sum(pages for pages, _ in late) <= sum(pages for pages, _ in early) + 10


async def test_a_cancelled_caller_loses_no_write(opening, store):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    gate = threading.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(opening.database.run(lambda _: gate.wait(10)))
        append = tasks.create_task(store.append_deltas("m2", (TextDelta("kept"),)))
        await asyncio.sleep(0)  # both hand over their jobs in their first step
        append.cancel()
        await asyncio.wait((append,))
        assert append.cancelled()
        gate.set()
    assert (await store.load_branch("c1"))[-1].text == "kept"


async def test_no_call_of_sqlite_is_made_on_the_calling_thread(path, monkeypatch):
    threads: set[int] = set()

    class Watched(apsw.Connection):
        def __init__(self, *args, **kwargs):
            threads.add(threading.get_ident())
            super().__init__(*args, **kwargs)

        def execute(self, *args, **kwargs):
            threads.add(threading.get_ident())
            return super().execute(*args, **kwargs)

        def executemany(self, *args, **kwargs):
            threads.add(threading.get_ident())
            return super().executemany(*args, **kwargs)

        def close(self, *args, **kwargs):
            threads.add(threading.get_ident())
            return super().close(*args, **kwargs)

    monkeypatch.setattr(connection_module.apsw, "Connection", Watched)
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.append_deltas("m2", (TextDelta("a"),))
    await store.finish_message(ANSWER)
    await store.save_conversation(with_head("m2"))
    await store.load_branch("c1")
    await store.list_conversations()
    await store.delete_conversation("c1")
    await store.restore_conversation("c1")
    await opening.database.aclose()
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_a_long_branch_comes_back_whole(store):
    messages = tuple(
        Message(f"x{i}", Role.USER, (Text(str(i)),), parent=f"x{i - 1}" if i else None)
        for i in range(3000)
    )
    await store.add_messages(Conversation("long", head="x2999"), messages)
    assert await store.load_branch("long") == messages


async def test_a_chain_longer_than_sqlite_deletes_by_itself(store, opening):
    messages = [
        Message(f"m{n}", Role.USER, (Text("x"),), parent=f"m{n - 1}" if n else None)
        for n in range(1500)
    ]
    await store.add_messages(Conversation("c1", head="m1499"), messages)
    await store.delete_conversation("c1")
    await store.erase_conversation("c1")
    left = await opening.database.run(
        lambda connection: [
            connection.execute(f"SELECT count(*) FROM {table}").get
            for table in ("conversation", "message", "part")
        ]
    )
    assert left == [0, 0, 0]


async def test_the_day_of_a_deletion_is_that_of_the_clock(opening):
    store = SqliteConversationStore(opening.database, clock=lambda: 1234.5)
    await store.save_conversation(Conversation("c1"))
    await store.delete_conversation("c1")
    assert [c.deleted_at for c in await store.list_trash()] == [1234.5]


async def test_damaged_tags_are_none(store, opening):
    await store.save_conversation(Conversation("c1", title="t", tags=("a",)))
    await opening.database.write(
        lambda connection: connection.execute("UPDATE conversation SET tags = '[\"a'")
    )
    assert await store.list_conversations() == (Conversation("c1", title="t"),)


async def test_imported_exchanges_take_the_room_that_is_left_and_drive_none_out(opening):
    room = 2000
    store = SqliteConversationStore(opening.database, lambda: room)
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.save_exchange(EXCHANGE)
    noise = random.Random(1).randbytes(3000).hex()
    large = replace(TREE.exchanges[0], id="large", body=noise)
    small = replace(TREE.exchanges[0], id="small", body="")
    imported = await store.import_conversations((replace(TREE, exchanges=(large, small)),))
    assert imported.exchanges_left_out == 1
    copied = await store.load_tree(imported.conversation_ids[0])
    assert [record.body for record in copied.exchanges] == [""]
    assert await store.load_exchanges("m2") == (EXCHANGE,)


async def test_an_import_that_was_cancelled_in_its_task_is_whole_or_not_there(opening, store):
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def wait(done: int) -> None:
        del done
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(20)

    task = loop.create_task(store.import_conversations((TREE,), wait))
    await begun.wait()
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.load_tree("c1") == TREE
