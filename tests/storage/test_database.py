"""The worker: order, closing, and loops of both kinds."""

import asyncio
import logging
import os
import threading

import apsw
import pytest

from desktop_app.chat.ports import StoreError
from desktop_app.storage.connection import accept, connect
from desktop_app.storage.database import Database
from desktop_app.storage.errors import (
    ClosedError,
    DamagedError,
    DatabaseError,
    DiskFullError,
    LockedError,
    ReadOnlyError,
    UnreachableError,
    store_error,
)
from desktop_app.storage.opening import open_storage


@pytest.fixture
async def database(path):
    database = Database()

    def attach():
        connection = connect(path)
        accept(connection)
        connection.execute("CREATE TABLE note (text TEXT)")
        return connection, None

    await database.attach(attach)
    yield database
    await database.aclose()


def note(text: str):
    return lambda connection: connection.execute("INSERT INTO note VALUES (?)", (text,)) and None


def notes(connection: apsw.Connection) -> list[object]:
    return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY rowid")]


async def test_jobs_run_in_their_order_on_a_thread_of_their_own(database):
    await asyncio.gather(*(database.write(note(str(i))) for i in range(50)))
    assert await database.run(notes) == [str(i) for i in range(50)]
    assert await database.run(lambda _: threading.current_thread().name) == "storage"


async def test_a_write_that_fails_leaves_nothing_and_the_next_works(database):
    def half(connection: apsw.Connection) -> None:
        connection.execute("INSERT INTO note VALUES ('half')")
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError) as caught:
        await database.write(half)
    assert isinstance(caught.value.__cause__, apsw.SQLError)
    await database.write(note("whole"))
    assert await database.run(notes) == ["whole"]


async def test_our_own_bug_is_raised_as_it_is(database):
    with pytest.raises(ZeroDivisionError):
        await database.write(lambda _: 1 // 0)
    assert await database.run(notes) == []


async def test_closing_waits_for_what_was_handed_over(path, database):
    gate = threading.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.run(lambda _: gate.wait(10)))
        writes = [tasks.create_task(database.write(note(str(i)))) for i in range(20)]
        await asyncio.sleep(0)  # all hand over their jobs in their first step
        closing = tasks.create_task(database.aclose())
        for write in writes:
            write.cancel()
        gate.set()
    assert closing.done()
    assert not path.with_name(path.name + "-wal").exists()
    check = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    assert len(notes(check)) == 20
    check.close()


async def test_after_closing_everything_is_refused(database):
    await database.aclose()
    await database.aclose()
    with pytest.raises(ClosedError):
        await database.run(notes)
    assert "storage" not in {thread.name for thread in threading.enumerate()}


async def test_a_failure_that_nobody_waits_for_is_logged(database, caplog):
    gate = threading.Event()

    def fails(connection: apsw.Connection) -> None:
        gate.wait(10)
        connection.execute("INSERT INTO nowhere VALUES (1)")

    with caplog.at_level(logging.ERROR, "desktop_app.storage.worker"):
        async with asyncio.TaskGroup() as tasks:
            write = tasks.create_task(database.write(fails))
            await asyncio.sleep(0)  # it hands over its job in its first step
            write.cancel()
            gate.set()
        assert await database.run(notes) == []
    assert "nobody waited for" in caplog.text


def test_a_loop_that_closed_before_its_answer_came(path, caplog):
    gate = threading.Event()
    database = Database()

    async def hand_over() -> None:
        await database.attach(lambda: (connect(path), None))
        async with asyncio.timeout(10):
            task = asyncio.get_running_loop().create_task(database.run(lambda _: gate.wait(10)))
            await asyncio.sleep(0)  # it hands over its job in its first step
            task.cancel()

    asyncio.run(hand_over())
    database.abandon()
    gate.set()
    database._worker._thread.join(10)
    assert not database._worker._thread.is_alive()
    assert caplog.text == ""


def test_the_loop_of_the_window_ticks_while_the_disk_is_slow(path, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", os.environ.get("QT_QPA_PLATFORM", "offscreen"))
    from PySide6.QtWidgets import QApplication

    from desktop_app.ui.event_loop import EventLoop

    application = QApplication.instance() or QApplication([])
    ticked = threading.Event()

    async def main() -> list[object]:
        opening = await open_storage(path)

        def slow(connection: apsw.Connection) -> bool:
            connection.execute("CREATE TABLE note (text TEXT)")
            return ticked.wait(10)  # only the loop can set it, so only a loop that is free does

        async def tick() -> None:
            for _ in range(5):
                await asyncio.sleep(0)
            ticked.set()

        async with asyncio.TaskGroup() as tasks:
            work = tasks.create_task(opening.database.write(slow))
            tasks.create_task(tick())
        assert work.result() is True
        await opening.database.write(note("from a window"))
        found = await opening.database.run(notes)
        await opening.database.aclose()
        return found

    with asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        assert runner.run(main()) == ["from a window"]


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (apsw.FullError, DiskFullError, "disk is full"),
        (apsw.ReadOnlyError, ReadOnlyError, "read-only"),
        (apsw.BusyError, LockedError, "Another program"),
        (apsw.LockedError, LockedError, "Another program"),
        (apsw.CorruptError, DamagedError, "damaged"),
        (apsw.NotADBError, DamagedError, "damaged"),
        (apsw.CantOpenError, UnreachableError, "cannot be opened"),
        (apsw.PermissionsError, UnreachableError, "cannot be opened"),
        (apsw.IOError, DatabaseError, "disk reported an error"),
        (apsw.TooBigError, DatabaseError, "too large"),
        (apsw.ConstraintError, DatabaseError, "does not fit"),
        (apsw.SQLError, DatabaseError, "could not be saved or read"),
    ],
)
def test_every_refusal_has_a_sentence(error, kind, words):
    found = store_error(error("SELECT secret FROM internals"))
    assert type(found) is kind
    assert words in str(found)
    assert "internals" not in str(found)
    assert str(found).endswith(".")
