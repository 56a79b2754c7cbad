"""Brings an old database up to date and is killed at its n-th step, n = 1, 2, 3 ... to the end.

    python -m tests.storage.migration_kills_child OLD.db FOLDER statements|operations

Each try is a process of its own, forked from this one. After each the file is looked at from outside:
it must be of one version or of another, whole, with all that was in it; and the next start succeeds.
Prints how often it was killed.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import apsw

from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.inspection import Inventory, damaged_messages, inventory
from desktop_app.storage.migrations import MIGRATIONS
from desktop_app.storage.opening import open_database
from tests.contracts.stored_values import ANSWER, QUESTION
from tests.storage.faulty_disk import faulty_disk

MOST = 3000


def schema(connection: apsw.Connection) -> list[object]:
    return connection.execute(
        "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()


def schemas() -> dict[int, list[object]]:
    """The schema of every version, as the real steps make it."""
    connection, found = apsw.Connection(":memory:"), {}
    for version, step in enumerate(MIGRATIONS, start=1):
        step(connection)
        found[version] = schema(connection)
    connection.close()
    return found


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def killed_at_statement(_folder: Path, number: int) -> Iterator[None]:
    count = 0

    def trace(*_: object) -> bool:
        nonlocal count
        count += 1
        if count == number:
            die()
        return True

    def hook(connection: apsw.Connection) -> None:
        connection.exec_trace = trace

    apsw.connection_hooks.append(hook)
    yield


@contextmanager
def killed_at_operation(folder: Path, number: int) -> Iterator[None]:
    with faulty_disk(folder) as disk:
        disk.arm_with(die, number)
        yield


async def bring_up_to_date(path: Path) -> None:
    opening = await open_database(path)
    await opening.database.aclose()


def killed(
    path: Path,
    number: int,
    way: Callable[[Path, int], AbstractContextManager[None]],
    work: Callable[[Path], Coroutine[Any, Any, None]] = bring_up_to_date,
) -> bool:
    """Do ``work`` in a process that is killed at its step ``number``; whether it came so far."""
    child = os.fork()
    if child == 0:
        with way(path.parent, number):
            asyncio.run(work(path))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def look(path: Path, before: Inventory, known: dict[int, list[object]]) -> None:
    """The file as SQLite finds it after the kill, on a copy: looking must not repair it."""
    home = path.parent / "seen"
    home.mkdir()
    for file in (path, path.with_name(path.name + "-wal")):
        if file.exists():
            shutil.copyfile(file, home / file.name)
    connection = apsw.Connection(str(home / path.name))
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    version = connection.execute("PRAGMA user_version").get
    assert schema(connection) == known[version], f"between {version} and the next"
    now, was = dict(inventory(connection).counts), dict(before.counts)
    # What streamed may have been put together already, and a table may be newer than the file.
    for table in was.keys() - {"part", "delta"}:
        assert now[table] == was[table], table
    assert damaged_messages(connection) == before.damaged == 0
    connection.close()
    shutil.rmtree(home)


async def start_again(path: Path) -> None:
    opening = await open_database(path)
    assert opening.problem is None
    store = SqliteConversationStore(opening.database)
    assert [m.parts for m in await store.load_branch("c1")] == [QUESTION.parts, ANSWER.parts]
    await opening.database.aclose()


def main(old: Path, folder: Path, what: str) -> None:
    way = {"statements": killed_at_statement, "operations": killed_at_operation}[what]
    known = schemas()
    connection = apsw.Connection(str(shutil.copyfile(old, folder / "first.db")))
    before = inventory(connection)
    connection.close()
    for number in range(1, MOST):
        home = folder / str(number)
        home.mkdir()
        path = home / "interleave.db"
        shutil.copyfile(old, path)
        was_killed = killed(path, number, way)
        look(path, before, known)
        asyncio.run(start_again(path))
        shutil.rmtree(home)
        if not was_killed:
            print(number - 1)
            return
    raise AssertionError("it never came to an end")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
