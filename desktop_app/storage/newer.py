"""Opens a database that a newer version of the program wrote, to be read and not touched at all."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import apsw

from desktop_app.storage.connection import side_files
from desktop_app.storage.conversation_store import require_readable


def connect_to_read(path: Path) -> tuple[apsw.Connection, Callable[[], None]]:
    """Open ``path`` without changing a byte of it or of the files beside it, and without new ones.

    Where a log stands beside it, SQLite would need a third file to read the two: then it reads a
    copy of both, in a folder for its owner alone.

    Returns:
        The connection, and what is to be done once it is closed.

    Raises:
        apsw.Error: When it cannot be read, or not by what this version knows of the schema.
        OSError: When the copy cannot be made.
    """
    log = side_files(path)[0]
    if not (log.exists() and log.stat().st_size > 0):
        return _open(f"{path.absolute().as_uri()}?immutable=1"), lambda: None
    folder = Path(tempfile.mkdtemp(prefix="interleave-"))

    def remove() -> None:
        shutil.rmtree(folder, ignore_errors=True)

    try:
        copy = folder / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(log, side_files(copy)[0])
        return _open(copy.as_uri()), remove
    except BaseException:
        remove()
        raise


def _open(uri: str) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(uri, flags=flags)
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        require_readable(connection)
    except BaseException:
        connection.close()
        raise
    return connection
