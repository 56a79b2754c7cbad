"""Opening a file in every state that a disk can leave it in."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, Role, Text
from desktop_app.storage import opening as opening_module
from desktop_app.storage.connection import accept, connect, side_files
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.errors import (
    DiskFullError,
    LockedError,
    NewerDatabaseError,
    OpeningProblem,
    ReadOnlyError,
    UnreachableError,
    folder_error,
)
from desktop_app.storage.opening import open_database, open_storage

pytestmark = pytest.mark.logs_errors("The database was unreadable|kept for this run only")

CONVERSATION = Conversation("c1", "Tea", head="m1")
QUESTION = Message("m1", Role.USER, (Text("Why tea?"),))


async def filled(path: Path) -> None:
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    await store.add_messages(CONVERSATION, (QUESTION,))
    await opening.database.aclose()


def sql(path: Path, statement: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


async def test_a_new_home_is_private(path):
    opening = await open_storage(path)
    assert opening.problem is None
    assert not opening.in_memory
    if os.name == "posix":
        store = SqliteConversationStore(opening.database)
        await store.save_conversation(CONVERSATION)
        assert path.parent.stat().st_mode & 0o777 == 0o700
        for file in path.parent.iterdir():
            assert file.stat().st_mode & 0o777 == 0o600, file.name
    await opening.database.aclose()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
async def test_a_file_that_others_may_read_is_made_private_but_their_folder_is_not(tmp_path):
    tmp_path.chmod(0o755)
    path = tmp_path / "interleave.db"
    await filled(path)
    path.chmod(0o644)
    opening = await open_storage(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    await opening.database.aclose()


def _no_header(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 400)


def _one_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096])


def _zeros_in_a_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(4096)
    path.write_bytes(content)


def _garbage_in_the_schema(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:400] = os.urandom(300)
    path.write_bytes(content)


def _of_another_program(path: Path) -> None:
    sql(path, "PRAGMA application_id = 12345")


def _of_another_program_without_a_log(path: Path) -> None:
    path.unlink()
    sql(path, "CREATE TABLE bookmarks (url TEXT); PRAGMA application_id = 12345")


def _not_marked_as_ours(path: Path) -> None:
    sql(path, "PRAGMA application_id = 0")


def _without_a_table(path: Path) -> None:
    sql(path, "DROP TABLE delta")


@pytest.mark.parametrize(
    "damage",
    [
        _no_header,
        _one_page,
        _zeros_in_a_page,
        _garbage_in_the_schema,
        _of_another_program,
        _of_another_program_without_a_log,
        _not_marked_as_ours,
        _without_a_table,
    ],
)
async def test_an_unreadable_file_is_kept_aside_and_a_new_one_begun(path, damage, caplog):
    await filled(path)
    damage(path)
    before = path.read_bytes()
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.UNREADABLE
    assert opening.kept_as is not None
    assert opening.kept_as.name in opening.sentence
    assert opening.kept_as.name.startswith("interleave.db.unreadable-20")
    assert opening.kept_as.read_bytes() == before
    assert not opening.in_memory
    store = SqliteConversationStore(opening.database)
    assert await store.list_conversations() == ()
    await store.add_messages(CONVERSATION, (QUESTION,))
    await opening.database.aclose()
    again = await open_storage(path)
    assert again.problem is None
    assert await SqliteConversationStore(again.database).load_branch("c1") == (QUESTION,)
    await again.database.aclose()
    assert "unreadable" in caplog.text


async def test_nothing_that_was_kept_aside_is_overwritten(path, monkeypatch):
    class Stopped(opening_module.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2025, 1, 2, 3, 4, 5)

    monkeypatch.setattr(opening_module, "datetime", Stopped)
    kept = []
    for round_number in range(3):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"bad %d " % round_number * 1000)
        side_files(path)[0].write_bytes(b"log %d" % round_number)
        opening = await open_storage(path)
        kept.append(opening.kept_as)
        await opening.database.aclose()
    assert [file.name for file in kept] == [
        "interleave.db.unreadable-20250102-030405",
        "interleave.db.unreadable-20250102-030405-2",
        "interleave.db.unreadable-20250102-030405-3",
    ]
    for round_number, file in enumerate(kept):
        assert file.read_bytes() == b"bad %d " % round_number * 1000
        assert side_files(file)[0].read_bytes() == b"log %d" % round_number


async def test_the_log_of_a_damaged_file_is_kept_with_it_unmerged(path):
    await filled(path)
    writer = connect(path)
    accept(writer)
    writer.execute("UPDATE conversation SET title = 'only in the log'")
    copies = path.parent / "copies"
    copies.mkdir()
    for file in (path, side_files(path)[0]):
        shutil.copy(file, copies)
    writer.close()
    path = copies / path.name
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    path.write_bytes(content)
    before = path.read_bytes(), side_files(path)[0].read_bytes()
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.UNREADABLE
    kept = opening.kept_as
    assert (kept.read_bytes(), side_files(kept)[0].read_bytes()) == before
    await opening.database.aclose()


async def test_a_log_beside_an_emptied_file_is_kept(path):
    path.parent.mkdir()
    path.touch()
    side_files(path)[0].write_bytes(b"all that is left")
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.UNREADABLE
    assert side_files(opening.kept_as)[0].read_bytes() == b"all that is left"
    await opening.database.aclose()


async def test_an_empty_file_is_a_new_database(path):
    path.parent.mkdir()
    path.touch()
    opening = await open_storage(path)
    assert opening.problem is None
    assert opening.kept_as is None
    await opening.database.aclose()


async def newer(path: Path, *, in_log: bool, change: str = "") -> Path:
    """A file whose version is newer: in its header or, of a program that was killed, in its log."""
    await filled(path)
    if not in_log:
        sql(path, f"{change}; PRAGMA user_version = 99")
        return path
    writer = connect(path)
    accept(writer)
    writer.execute(f"{change}; PRAGMA user_version = 99")
    copies = path.parent / "copies"
    copies.mkdir()
    for file in (path, side_files(path)[0]):
        shutil.copy(file, copies)
    writer.close()
    return copies / path.name


def all_files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("with_index", [False, True])
@pytest.mark.parametrize("in_log", [False, True])
async def test_a_newer_database_is_read_and_not_touched(
    path, in_log, with_index, tmp_path, monkeypatch
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    change = "ALTER TABLE conversation ADD COLUMN coloured INTEGER; CREATE TABLE tag (name TEXT)"
    path = await newer(path, in_log=in_log, change=change)
    if with_index:  # as a program that was killed leaves it
        side_files(path)[1].write_bytes(b"index" * 6554)
    before = all_files(path.parent)
    assert len(before) == 1 + in_log + with_index
    with pytest.raises(NewerDatabaseError):
        await open_database(path)
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.NEWER
    assert "newer version" in opening.sentence
    assert opening.read_only
    assert not opening.in_memory
    store = SqliteConversationStore(opening.database)
    assert await store.list_conversations() == (CONVERSATION,)
    assert await store.load_branch("c1") == (QUESTION,)
    for write in (
        lambda: store.save_conversation(CONVERSATION),
        lambda: store.add_messages(CONVERSATION, (replace(QUESTION, id="m2"),)),
        lambda: store.delete_conversation("c1"),
        lambda: store.restore_conversation("c1"),
        lambda: store.append_deltas("m1", (TextDelta("x"),)),
        lambda: store.finish_message(QUESTION),
    ):
        with pytest.raises(NewerDatabaseError, match="newer version"):
            await write()
    with pytest.raises(ReadOnlyError):  # whatever got round the store, too
        await opening.database.run(lambda c: c.execute("DELETE FROM message"))
    assert all_files(path.parent) == before
    await opening.database.aclose()
    assert all_files(path.parent) == before
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("in_log", [False, True])
async def test_a_newer_database_that_cannot_be_read_is_left_alone(path, in_log):
    path = await newer(path, in_log=in_log, change="ALTER TABLE part RENAME COLUMN text TO words")
    before = all_files(path.parent)
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.NEWER
    assert opening.in_memory
    await SqliteConversationStore(opening.database).save_conversation(CONVERSATION)
    await opening.database.aclose()
    assert all_files(path.parent) == before


async def test_a_run_that_was_killed_is_told_of(path):
    await filled(path)
    writer = connect(path)
    accept(writer)
    writer.execute("UPDATE conversation SET title = 'only in the log'")
    copies = path.parent / "copies"
    copies.mkdir()
    for file in (path, side_files(path)[0]):
        shutil.copy(file, copies)
    writer.close()
    for file, was_killed in ((copies / path.name, True), (path, False)):
        opening = await open_storage(file)
        assert opening.was_killed is was_killed
        await opening.database.aclose()


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, to which no folder is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name != "posix", reason="folder modes are POSIX")
@pytest.mark.parametrize("has_file", [False, True])
async def test_a_folder_that_is_read_only(open_folder, has_file):
    path = open_folder / "interleave.db"
    if has_file:
        await filled(path)
        path.chmod(0o644)
    open_folder.chmod(0o555)
    before = path.read_bytes() if has_file else None
    with as_nobody():
        with pytest.raises(ReadOnlyError, match="read-only"):
            await open_database(path)
        with pytest.raises(ReadOnlyError):
            await open_database(open_folder / "below" / "interleave.db")
        opening = await open_storage(path)
    assert opening.problem is OpeningProblem.READ_ONLY
    assert opening.in_memory
    store = SqliteConversationStore(opening.database)
    await store.add_messages(CONVERSATION, (QUESTION,))
    assert await store.load_branch("c1") == (QUESTION,)
    await opening.database.aclose()
    assert (path.read_bytes() if path.exists() else None) == before


async def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnreachableError):
        await open_database(tmp_path / "file" / "interleave.db")
    opening = await open_storage(tmp_path / "file" / "interleave.db")
    assert opening.problem is OpeningProblem.UNREACHABLE
    await opening.database.aclose()


async def test_a_folder_in_place_of_the_file(path):
    path.mkdir(parents=True)
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.UNREACHABLE
    assert path.is_dir()
    await opening.database.aclose()


async def test_a_disk_without_space(path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DiskFullError):
        await open_database(path)
    opening = await open_storage(path)
    assert opening.problem is OpeningProblem.DISK_FULL
    await opening.database.aclose()


@pytest.mark.parametrize(
    ("number", "kind"),
    [(28, DiskFullError), (30, ReadOnlyError), (13, ReadOnlyError), (5, UnreachableError)],
)
def test_errors_of_the_system(number, kind):
    assert type(folder_error(OSError(number, "x"))) is kind


HOLD = """
import sys, apsw
held = apsw.Connection(sys.argv[1])
held.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
held.execute("BEGIN EXCLUSIVE; COMMIT")
print("held", flush=True)
sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_a_database_that_another_process_holds(path):
    await filled(path)
    holder = hold(path)
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError):
            await open_database(path, busy_timeout=50)
        opening = await open_storage(path, busy_timeout=50)
        assert opening.problem is OpeningProblem.LOCKED
        await opening.database.aclose()
    finally:
        holder.communicate(timeout=20)
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]
    opening = await open_storage(path)
    assert opening.problem is None
    assert await SqliteConversationStore(opening.database).load_branch("c1") == (QUESTION,)
    await opening.database.aclose()


async def test_a_sqlite_with_the_log_fault_is_refused(path, monkeypatch):
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    opening = await open_storage(path)
    assert opening.in_memory
    assert "3.51.3" in opening.sentence
    assert not path.exists()
    await opening.database.aclose()


async def test_the_check_of_a_large_file_ends_in_time(path, monkeypatch):
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    messages = tuple(Message(f"m{i}", Role.USER, (Text("x" * 500),)) for i in range(5000))
    await store.add_messages(Conversation("c1", head="m1"), messages)
    await opening.database.aclose()
    monkeypatch.setattr(opening_module, "_CHECK_SECONDS", 0.0)
    opening = await open_database(path)
    assert opening.problem is None
    assert len(await SqliteConversationStore(opening.database).load_branch("c1")) == 1
    await opening.database.aclose()
