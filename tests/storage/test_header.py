"""Program and version of a database, from its bytes and those of its log."""

import shutil
from pathlib import Path

import apsw
import pytest

from desktop_app.storage.connection import accept, connect, side_files
from desktop_app.storage.header import Header, read_header


def copied_with_log(path: Path, *statements: str) -> Path:
    """A file with these statements in its log, as a kill leaves it."""
    writer = connect(path)
    accept(writer)
    writer.execute("CREATE TABLE note (text); PRAGMA application_id = 7; PRAGMA user_version = 1")
    writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
    for statement in statements:
        writer.execute(statement)
    home = path.parent / "copy"
    home.mkdir()
    for file in (path, side_files(path)[0]):
        shutil.copy(file, home)
    writer.close()
    return home / path.name


def sqlite_says(path: Path) -> Header:
    connection = apsw.Connection(str(path))
    found = Header(
        connection.execute("PRAGMA application_id").get,
        connection.execute("PRAGMA user_version").get,
    )
    connection.close()
    return found


@pytest.mark.parametrize("content", [b"", b"SQLite format 3", b"no database " * 50])
def test_other_files_have_no_header(tmp_path, content):
    file = tmp_path / "file"
    assert read_header(file) is None
    file.write_bytes(content)
    assert read_header(file) is None


def test_the_log_has_the_last_word(path):
    rows = ["INSERT INTO note VALUES (randomblob(9000))"] * 5
    copy = copied_with_log(path, *rows, "PRAGMA user_version = 2", *rows, "PRAGMA user_version = 9")
    assert read_header(copy) == Header(7, 9) == sqlite_says(copy)


def test_what_was_not_committed_does_not_count(path):
    longer = ["INSERT INTO note VALUES (randomblob(50000))"]  # than the log was before
    copy = copied_with_log(path, *longer, "PRAGMA user_version = 2", "PRAGMA user_version = 3")
    log = side_files(copy)[0]
    log.write_bytes(log.read_bytes()[:-100])  # the last frame is torn
    assert read_header(copy) == Header(7, 2) == sqlite_says(copy)


def test_frames_of_an_earlier_use_of_the_log_do_not_count(path):
    copy = copied_with_log(path)
    # The log was begun anew, but the frames of before still stand in it.
    assert side_files(copy)[0].stat().st_size > 0
    assert read_header(copy) == Header(7, 1) == sqlite_says(copy)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"not a log at all" * 10])
def test_a_log_that_is_none_is_passed_over(path, content):
    copy = copied_with_log(path)
    side_files(copy)[0].write_bytes(content)
    assert read_header(copy) == Header(7, 1)
