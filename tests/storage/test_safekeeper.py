"""Copies of a real file: whole, checked, private, made beside writing, and the way back to one."""

import asyncio
import itertools
import os
import shutil
import stat
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

import apsw
import pytest

from desktop_app.chat.ports import StoreError
from desktop_app.domain.backup import BackupReason, Damage
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.storage import backup_folder, copying, inspection
from desktop_app.storage.backup_rules import DAY, name_of
from desktop_app.storage.ballast import Ballast
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.copying import StoppedError
from desktop_app.storage.errors import BackupError, DiskFullError, NewerDatabaseError
from desktop_app.storage.opening import open_database
from desktop_app.storage.safekeeper import SqliteSafekeeper
from tests.contracts.safekeeper_contract import SafekeeperContract
from tests.contracts.stored_values import ANSWER, QUESTION, STREAMING, with_head
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.safekeeper import MemorySafekeeper

NOON = 1_795_694_400


class Clock:
    def __init__(self) -> None:
        self.now = float(NOON)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def folder(path):
    return path.parent / "backups"


@pytest.fixture
async def safekeeper(opening, path, folder, clock) -> AsyncIterator[SqliteSafekeeper]:
    keeper = SqliteSafekeeper(opening.database, path, folder, clock=clock)
    yield keeper
    await keeper.aclose()


class TestSqliteSafekeeper(SafekeeperContract):
    """The real one."""


class TestMemorySafekeeper(SafekeeperContract):
    """The fake."""

    @pytest.fixture
    def store(self):
        return MemoryConversationStore()

    @pytest.fixture
    def safekeeper(self, store):
        return MemorySafekeeper(store)


async def fill(store, length=2):
    messages = [QUESTION, replace(ANSWER, state=MessageState.COMPLETE)]
    for number in range(3, length + 1):
        parent = messages[-1].id
        messages.append(Message(f"m{number}", Role.USER, (Text("tea " * 500),), parent=parent))
    await store.add_messages(with_head(messages[-1].id), messages)


def damage_text(path, old, new):
    """Overwrite text within its page, which SQLite itself does not notice."""
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def same_rows(path, other):
    found = []
    for file in (path, other):
        connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        tables = [
            n
            for (n,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        found.append({t: connection.execute(f"SELECT * FROM {t}").fetchall() for t in tables})
        connection.close()
    return found[0] == found[1]


async def test_a_copy_is_a_database_on_its_own_with_every_row(store, safekeeper, path, folder):
    await fill(store, 40)
    made = await safekeeper.back_up(BackupReason.MANUAL)
    assert [file.name for file in folder.iterdir()] == [made.name]
    assert (folder / made.name).read_bytes()[18:20] == b"\x01\x01", "it needs no log to be read"
    assert same_rows(path, folder / made.name)
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / made.name).stat().st_mode) == 0o600


async def test_an_answer_streams_on_while_a_copy_is_made(store, safekeeper, folder, monkeypatch):
    await fill(store, 3000)
    await store.add_messages(with_head("a"), (replace(STREAMING, id="a", parent="m3000"),))
    copied, released = threading.Event(), threading.Event()

    def held(_source, _target, stopped=lambda: False):
        def asked() -> bool:
            copied.set()
            assert released.wait(20)
            return stopped()

        return copy_checked(_source, _target, asked)

    copy_checked = copying.copy_checked
    monkeypatch.setattr(backup_folder, "copy_checked", held)
    async with asyncio.TaskGroup() as tasks:
        backup = tasks.create_task(safekeeper.back_up(BackupReason.MANUAL))
        await asyncio.get_running_loop().run_in_executor(None, copied.wait, 20)
        # The copy stands still in its middle; writing does not wait for it.
        for number in range(50):
            await store.append_deltas("a", (TextDelta(f"{number} "),))
        released.set()
    assert (await store.load_branch("c1"))[-1].text.split() == [str(n) for n in range(50)]
    # The copy shows the moment at which it was begun.
    with copying.reading(folder / backup.result().name) as connection:
        assert connection.execute("SELECT count(*) FROM delta").get == 0
        assert inspection.structure_problem(connection) == ""
    assert await safekeeper.back_up_changes() is not None


async def test_only_what_is_kept_is_kept(store, safekeeper, clock):
    await fill(store)
    for _ in range(60):
        await store.save_conversation(replace(with_head("m2"), updated_at=clock.now))
        assert await safekeeper.back_up_changes() is not None
        clock.now += 1800
    made = await safekeeper.list_backups()
    assert len(made) == 13
    assert [a.made_at - b.made_at for a, b in itertools.pairwise(made[:12])] == [1800] * 11


async def test_the_copy_that_is_wanted_is_not_dropped_for_the_one_made_before(
    store, safekeeper, clock
):
    await fill(store)
    first = await safekeeper.back_up(BackupReason.BEFORE_RESTORE)
    await store.delete_conversation("c1")
    clock.now += 91 * DAY
    await safekeeper.restore(first.name)
    assert len(await store.list_conversations()) == 1


async def test_what_a_killed_run_left_half_copied_goes(store, safekeeper, folder):
    folder.mkdir()
    (folder / (name_of(NOON, BackupReason.AUTOMATIC) + ".part")).write_bytes(b"half")
    (folder / "notes.txt").write_text("mine")
    made = await safekeeper.back_up(BackupReason.MANUAL)
    assert sorted(file.name for file in folder.iterdir()) == sorted([made.name, "notes.txt"])


async def test_after_a_kill_there_is_something_to_copy(opening, path, folder):
    keeper = SqliteSafekeeper(opening.database, path, folder, was_killed=True)
    assert await keeper.back_up_changes() is not None
    assert await keeper.back_up_changes() is None
    await keeper.aclose()


async def test_a_damaged_file_is_not_copied_and_no_copy_is_lost(store, opening, path, safekeeper):
    await fill(store, 400)
    good = await safekeeper.back_up(BackupReason.AUTOMATIC)
    await opening.database.run(lambda c: c.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE))
    content = bytearray(path.read_bytes())
    content[40 * 4096 : 60 * 4096] = os.urandom(20 * 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError):
        await safekeeper.back_up(BackupReason.AUTOMATIC)
    assert await safekeeper.list_backups() == (good,)
    damage = await safekeeper.find_damage()
    assert damage
    assert damage.structure


async def test_damaged_text_is_found_and_the_copy_says_so(store, opening, path, safekeeper):
    await fill(store, 30)
    await opening.database.run(lambda c: c.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE))
    damage_text(path, b"Why tea?", b"Why me!?")
    assert await safekeeper.find_damage() == Damage(messages=1)
    made = await safekeeper.back_up(BackupReason.MANUAL)
    assert made.is_damaged
    assert (await safekeeper.list_backups())[0].is_damaged


@pytest.mark.parametrize("damage", ["empty", "garbage", "page", "foreign", "newer", "gone"])
async def test_a_copy_that_is_no_good_is_refused_and_nothing_changes(
    store, safekeeper, folder, damage
):
    await fill(store, 40)
    made = await safekeeper.back_up(BackupReason.MANUAL)
    file = folder / made.name
    await store.save_conversation(replace(with_head("m40"), title="Now"))
    now = await store.list_conversations()
    if damage == "empty":
        file.write_bytes(b"")
    elif damage == "garbage":
        file.write_bytes(b"no database " * 1000)
    elif damage == "page":
        content = bytearray(file.read_bytes())
        content[8192:40960] = os.urandom(32768)
        file.write_bytes(content)
    elif damage == "gone":
        file.unlink()
    else:
        connection = apsw.Connection(str(file))
        connection.pragma(
            *{"foreign": ("application_id", 7), "newer": ("user_version", 99)}[damage]
        )
        connection.close()
    with pytest.raises(NewerDatabaseError if damage == "newer" else BackupError) as refused:
        await safekeeper.restore(made.name)
    assert str(refused.value).endswith(".")
    assert await store.list_conversations() == now


async def test_a_copy_of_an_older_schema_is_brought_up_to_date(store, safekeeper, folder):
    from tests.storage.test_migrations import SCHEMA_1

    folder.mkdir()
    name = name_of(NOON, BackupReason.AUTOMATIC)
    shutil.copyfile(SCHEMA_1, folder / name)
    await safekeeper.restore(name)
    assert await store.load_branch("c1") == (QUESTION, ANSWER)
    branch = await store.load_branch("c2")
    assert branch[-1].state is MessageState.INTERRUPTED


async def test_a_restored_file_is_there_after_the_next_start(path, folder):
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    keeper = SqliteSafekeeper(opening.database, path, folder)
    await fill(store, 40)
    made = await keeper.back_up(BackupReason.MANUAL)
    await store.save_conversation(Conversation("c2", "later"))
    await keeper.restore(made.name)
    await keeper.aclose()
    await opening.database.aclose()
    assert same_rows(path, folder / made.name)
    opening = await open_database(path)
    assert opening.problem is None
    assert len(await SqliteConversationStore(opening.database).load_branch("c1")) == 40
    await opening.database.aclose()


async def test_a_disk_without_room_for_a_copy(store, safekeeper, monkeypatch, folder):
    await fill(store)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_folder, "put_in_place", full)
    with pytest.raises(DiskFullError):
        await safekeeper.back_up(BackupReason.MANUAL)
    assert await safekeeper.list_backups() == ()
    monkeypatch.undo()
    assert await safekeeper.back_up(BackupReason.MANUAL)
    assert len(list(folder.iterdir())) == 1


async def test_closing_breaks_off_what_is_under_way(opening, store, path, folder):
    await fill(store, 3000)
    keeper = SqliteSafekeeper(opening.database, path, folder)
    # Both are handed over and wait; what comes to its turn after the closing breaks off.
    held = threading.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keeper._worker.submit(lambda: held.wait(20)))
        copying_ = tasks.create_task(refusal(keeper.back_up(BackupReason.MANUAL)))
        looking = tasks.create_task(refusal(keeper.find_damage()))
        await opening.database.run(lambda _: None)  # the count of the changes came before this
        await asyncio.sleep(0)
        keeper._stopped.set()
        held.set()
    assert type(copying_.result()) is type(looking.result()) is StoppedError
    await keeper.aclose()
    await keeper.aclose()
    assert list(folder.iterdir()) == []
    with pytest.raises(StoreError):
        await keeper.list_backups()


async def refusal(work):
    with pytest.raises(StoreError) as refused:
        await work
    return refused.value


async def test_room_is_set_aside_and_said_when_it_was_needed(opening, path, folder):
    ballast = Ballast(path.parent / "ballast", 100_000)
    keeper = SqliteSafekeeper(opening.database, path, folder, ballast)
    assert await keeper.keep_room() is False
    assert (path.parent / "ballast").stat().st_size == 100_000
    assert ballast.release()
    assert await keeper.keep_room() is True
    assert (path.parent / "ballast").exists()
    assert await keeper.keep_room() is False
    await keeper.aclose()
