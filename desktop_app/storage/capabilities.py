"""What the bundled SQLite must be able to do, tried rather than believed."""

import apsw

from desktop_app.storage.connection import OLDEST_SQLITE


def sqlite_capabilities() -> str:
    """Return the version and what was tried.

    Raises:
        LookupError: When it is too old, or full-text search is missing.
    """
    version = apsw.sqlite_lib_version()
    if tuple(map(int, version.split(".")[:3])) < OLDEST_SQLITE:
        raise LookupError(f"SQLite {version} is older than the program needs")
    connection = apsw.Connection(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE trial USING fts5(text)")
        connection.execute("INSERT INTO trial VALUES ('交错 思维')")
        if connection.execute("SELECT count(*) FROM trial WHERE trial MATCH '思维'").get != 1:
            raise LookupError("full-text search finds nothing")
    except apsw.SQLError as error:
        raise LookupError("this SQLite has no full-text search") from error
    finally:
        connection.close()
    return f"{version} with FTS5"
