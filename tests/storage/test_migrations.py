"""Steps of the schema: all or nothing, in order, and never backwards."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from desktop_app.storage.connection import accept, connect, number
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.errors import NewerDatabaseError, OpeningProblem
from desktop_app.storage.migrations import APPLICATION_ID, MIGRATIONS, TABLES, migrate
from desktop_app.storage.opening import open_database, open_storage
from tests.contracts.stored_values import ANSWER, EXCHANGE, QUESTION


@pytest.fixture
def connection(path):
    connection = connect(path)
    accept(connection)
    yield connection
    connection.close()


def names(connection: apsw.Connection) -> set[object]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}


def test_a_new_file_gets_the_newest_schema(connection):
    migrate(connection)
    assert number(connection, "PRAGMA user_version") == len(MIGRATIONS)
    assert number(connection, "PRAGMA application_id") == APPLICATION_ID
    assert names(connection) >= TABLES


def test_a_second_time_changes_nothing(connection):
    migrate(connection)
    before = connection.total_changes(), number(connection, "PRAGMA schema_version")
    migrate(connection)
    assert (connection.total_changes(), number(connection, "PRAGMA schema_version")) == before


def test_a_step_that_fails_leaves_the_one_before(connection):
    def works(connection: apsw.Connection) -> None:
        connection.execute("CREATE TABLE extra (a INTEGER) STRICT")

    def fails(connection: apsw.Connection) -> None:
        connection.execute("CREATE TABLE half (a INTEGER) STRICT")
        connection.execute("CREATE TABLE half (a INTEGER) STRICT")

    with pytest.raises(apsw.SQLError):
        migrate(connection, (*MIGRATIONS, works, fails))
    assert number(connection, "PRAGMA user_version") == len(MIGRATIONS) + 1
    assert "extra" in names(connection)
    assert "half" not in names(connection)


def test_a_newer_schema_is_refused(connection):
    migrate(connection)
    with pytest.raises(NewerDatabaseError, match="newer version"):
        migrate(connection, ())


def test_every_table_is_strict_and_every_reference_has_an_index(connection):
    migrate(connection)
    tables = {row[1]: row for row in connection.execute("PRAGMA table_list") if row[0] == "main"}
    for table in TABLES:
        assert tables[table][5] == 1, f"{table} is not STRICT"
        indexed = {
            connection.execute("SELECT name FROM pragma_index_info(?) LIMIT 1", (index[1],)).get
            for index in connection.execute(f"PRAGMA index_list ({table})")
        }
        for key in connection.execute(f"PRAGMA foreign_key_list ({table})"):
            assert key[3] in indexed, f"{table}.{key[3]} would be scanned at every deletion"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 3),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("mmap_size", 0),
        ("journal_size_limit", 67108864),
        ("wal_autocheckpoint", 1000),
        ("busy_timeout", 5000),
    ],
)
def test_what_a_connection_is_told(connection, pragma, value):
    assert connection.execute(f"PRAGMA {pragma}").get == value


SCHEMA_1 = Path(__file__).parents[1] / "data" / "schema-1.db"


def copy_of_schema_1(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SCHEMA_1, path)
    return path


def columns(path: Path, table: str) -> list[str]:
    # Nothing is written beside it.
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(f"{path.as_uri()}?immutable=1", flags=flags)
    found = [str(name) for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    return found


COLUMNS_OF_SCHEMA_1 = {
    table: columns(SCHEMA_1, table) for table in ("conversation", "message", "part", "delta")
}


def rows_of(path: Path) -> dict[str, list[object]]:
    connection = apsw.Connection(str(path))
    rows = {
        table: connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2"
        ).fetchall()
        for table, columns in COLUMNS_OF_SCHEMA_1.items()
    }
    connection.close()
    return rows


async def test_a_database_of_schema_1_is_brought_up_with_all_it_has(path):
    before = rows_of(copy_of_schema_1(path))
    assert all(before.values())
    opening = await open_database(path)
    assert opening.problem is None
    store = SqliteConversationStore(opening.database)
    assert await store.load_branch("c1") == (QUESTION, ANSWER)
    assert (await store.load_branch("c2"))[-1].text == "1 2"
    await store.save_exchange(EXCHANGE)
    assert await store.load_exchanges("m2") == (EXCHANGE,)
    # Who chose their titles was not kept, so nothing may replace them.
    assert {c.named for c in await store.list_conversations()} == {True}
    await opening.database.aclose()
    after = rows_of(path)
    # What streamed was folded into its message by opening; all else is as it was.
    assert after["message"][:2] == before["message"][:2]
    assert [row for row in after["part"] if row in before["part"]] == before["part"]
    assert [row[:3] for row in after["conversation"]] == [row[:3] for row in before["conversation"]]


def test_an_exception_within_the_second_step_leaves_schema_1_whole(path):
    before = rows_of(copy_of_schema_1(path))

    def fails(connection: apsw.Connection) -> None:
        MIGRATIONS[1](connection)
        raise RuntimeError("the machine was in a bad mood")

    connection = connect(path)
    accept(connection)
    with pytest.raises(RuntimeError):
        migrate(connection, (MIGRATIONS[0], fails))
    assert number(connection, "PRAGMA user_version") == 1
    assert "exchange" not in names(connection)
    migrate(connection)
    assert number(connection, "PRAGMA user_version") == len(MIGRATIONS)
    connection.close()
    assert rows_of(path) == before


LOSSES = {
    "a message": "DELETE FROM message WHERE seq = (SELECT max(seq) FROM message)",
    "a part": "DELETE FROM part WHERE id = (SELECT max(id) FROM part)",
    "a conversation": "PRAGMA foreign_keys = OFF; DELETE FROM conversation WHERE id = 'c2'",
    "some text": "UPDATE part SET text = 'other' WHERE id = (SELECT min(id) FROM part)",
    "a checksum": "UPDATE message SET sha256 = NULL WHERE id = 'm1'",
    "what was received": "UPDATE message SET received = NULL WHERE received IS NOT NULL",
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
async def test_a_step_that_loses_something_is_undone_and_said(
    path, loss, monkeypatch, expect_error_log
):
    expect_error_log("kept for this run only: .*were left as they are")
    before = rows_of(copy_of_schema_1(path))
    monkeypatch.setattr(
        "desktop_app.storage.upgrading.migrate",
        lambda connection, _: migrate(connection, (MIGRATIONS[0], lambda c: c.execute(loss))),
    )
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.MIGRATION
    assert opening.in_memory
    await opening.database.aclose()
    assert rows_of(path) == before
    (copy,) = (path.parent / "backups").iterdir()
    assert copy.name.endswith("-before-migration.db")
    assert rows_of(copy) == before
    monkeypatch.undo()
    opening = await open_storage(path)
    assert opening.problem is None
    await opening.database.aclose()


async def test_without_room_for_the_copy_nothing_is_changed(path, monkeypatch, expect_error_log):
    expect_error_log("kept for this run only: The disk is full")
    copy_of_schema_1(path)
    content = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop_app.storage.backup_folder.put_in_place", full)
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.DISK_FULL
    await opening.database.aclose()
    assert path.read_bytes()[:18] == content[:18]
    assert number_of_version(path) == 1


async def test_a_new_file_and_one_of_the_newest_version_are_not_copied(path):
    for _ in range(2):
        opening = await open_storage(path)
        await opening.database.aclose()
    assert not (path.parent / "backups").exists()


def number_of_version(path: Path) -> int:
    connection = apsw.Connection(str(path))
    version = number(connection, "PRAGMA user_version")
    connection.close()
    return version


KILLED = """
import os, signal, sys
from pathlib import Path
from desktop_app.storage import migrations
from desktop_app.storage.connection import accept, connect

def dies(connection):
    migrations.MIGRATIONS[1](connection)
    connection.execute("INSERT INTO exchange (id, message, size, data) VALUES ('e', 1, 1, x'00')")
    connection.cache_flush()
    os.kill(os.getpid(), signal.SIGKILL)

connection = connect(Path(sys.argv[1]))
accept(connection)
migrations.migrate(connection, (migrations.MIGRATIONS[0], dies))
"""


def killed_in_the_middle(path: Path) -> int:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], cwd=SCHEMA_1.parents[2], timeout=60, check=False
    ).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
async def test_a_kill_within_the_second_step_leaves_schema_1_whole(path):
    before = rows_of(copy_of_schema_1(path))
    assert killed_in_the_middle(path) == -signal.SIGKILL
    connection = apsw.Connection(str(path))
    assert number(connection, "PRAGMA user_version") == 1
    assert "exchange" not in names(connection)
    connection.close()
    assert rows_of(path) == before
    opening = await open_database(path)
    assert opening.problem is None
    branch = await SqliteConversationStore(opening.database).load_branch("c1")
    assert branch == (QUESTION, ANSWER)
    await opening.database.aclose()
