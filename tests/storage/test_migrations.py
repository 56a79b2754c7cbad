"""Steps of the schema: all or nothing, in order, and never backwards."""

import apsw
import pytest

from desktop_app.storage.connection import accept, connect, number
from desktop_app.storage.errors import NewerDatabaseError
from desktop_app.storage.migrations import APPLICATION_ID, MIGRATIONS, TABLES, migrate


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
        ("synchronous", 2),
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
