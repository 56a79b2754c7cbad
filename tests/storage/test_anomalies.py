"""The n-th file operation fails, n = 1, 2, 3 ... until nothing fails any more, in all that is done.

After each: the file is sound, nothing that was acknowledged is lost, and the program goes on.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from desktop_app.chat.ports import StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.domain.backup import BackupReason
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.inspection import damaged_messages
from desktop_app.storage.opening import Opening, open_storage
from desktop_app.storage.safekeeper import SqliteSafekeeper
from tests.chat.conftest import END, TEXT, THINKING
from tests.contracts.stored_values import ANSWER, QUESTION, with_head
from tests.fakes.model import ScriptedAnswer, ScriptedModel
from tests.storage.faulty_disk import Fault, FaultyDisk, faulty_disk

pytestmark = [
    pytest.mark.logs_errors("kept for this run only|nobody waited for"),
    pytest.mark.skipif(os.name == "nt", reason="what is open cannot be removed there"),
]

MOST = 2000
FAULTS = pytest.mark.parametrize("fault", list(Fault))
DATA = Path(__file__).parents[1] / "data"
DONE = replace(ANSWER, state=MessageState.COMPLETE)


def assert_sound(path: Path) -> None:
    connection = apsw.Connection(str(path))
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    assert damaged_messages(connection) == 0
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


async def each_failure(
    folder: Path,
    fault: Fault,
    prepare: Callable[[Path], Awaitable[None]],
    scenario: Callable[[Path, FaultyDisk], Awaitable[None]],
) -> int:
    """Run ``scenario`` with every operation failing in turn; return how many there are."""
    template = folder / "template"
    template.mkdir()
    await prepare(template / "interleave.db")
    for at in range(1, MOST):
        home = folder / f"run-{at}"
        shutil.copytree(template, home)
        with faulty_disk(home) as disk:
            disk.arm(fault, at)
            await scenario(home / "interleave.db", disk)
            struck = disk.struck
        shutil.rmtree(home)
        if not struck:
            return at - 1
    raise AssertionError("it never came to an end")


async def nothing_there(_path: Path) -> None:
    pass


async def filled(path: Path) -> None:
    opening = await open_storage(path)
    store = SqliteConversationStore(opening.database)
    await store.add_messages(with_head("m2"), (QUESTION, DONE))
    await opening.database.aclose()


async def assert_usable(path: Path, *known: str) -> None:
    """Open it as the next start does, find what was there, and add to it."""
    opening = await open_storage(path)
    assert opening.problem is None
    store = SqliteConversationStore(opening.database)
    listed = [conversation.id for conversation in await store.list_conversations()]
    assert set(known) <= set(listed)
    late = Message("late", Role.USER, (Text("after all"),))
    await store.add_messages(Conversation("after", head="late", updated_at=1e12), (late,))
    assert await store.load_branch("after") == (late,)
    await opening.database.aclose()
    assert_sound(path)


async def closed(opening: Opening) -> None:
    await opening.database.aclose()
    assert opening.kept_as is None, "a fault of the disk is no damage of the file"


@FAULTS
async def test_the_first_start(memory_disk, fault):
    async def scenario(path: Path, disk: FaultyDisk) -> None:
        opening = await open_storage(path)
        assert opening.in_memory == (opening.problem is not None)
        store = SqliteConversationStore(opening.database)
        try:
            await store.add_messages(with_head("m1"), (QUESTION,))
        except StoreError:
            saved = False
        else:
            saved = not opening.in_memory
        with disk.at_rest():
            await closed(opening)
            await assert_usable(path, *(["c1"] if saved else []))

    assert await each_failure(memory_disk, fault, nothing_there, scenario) > 10


@FAULTS
async def test_a_question_and_its_answer(memory_disk, fault, monkeypatch):
    monkeypatch.setattr("desktop_app.chat.journal.FLUSH_CHARACTERS", 1)

    async def scenario(path: Path, disk: FaultyDisk) -> None:
        with disk.at_rest():
            opening = await open_storage(path)
            store = SqliteConversationStore(opening.database)
            (conversation,) = await store.list_conversations()
            branch = await store.load_branch("c1")
        model = ScriptedModel(ScriptedAnswer((THINKING, TEXT, END)))

        async def source() -> ScriptedModel:
            return model

        session = ChatSession(conversation, branch, store, source, keeps_exchanges=lambda: False)
        session.send("More?")
        async with asyncio.timeout(20):
            await session.settled()
        shown = session.messages
        assert shown[-1].text == "Because of leaves."
        assert shown[-1].state is MessageState.COMPLETE
        with disk.at_rest():
            # There is room again: everything that was shown gets there, with no word of the person.
            assert await session.save()
            await session.close()
            assert await store.load_branch("c1") == shown
            await closed(opening)
            await assert_usable(path, "c1")

    assert await each_failure(memory_disk, fault, filled, scenario) > 5


@FAULTS
@pytest.mark.parametrize("version", [1, 2])
async def test_bringing_an_older_file_up_to_date(memory_disk, fault, version):
    async def older(path: Path) -> None:
        shutil.copyfile(DATA / f"schema-{version}.db", path)

    async def scenario(path: Path, disk: FaultyDisk) -> None:
        opening = await open_storage(path)
        with disk.at_rest():
            await closed(opening)
            opening = await open_storage(path)
            assert opening.problem is None
            store = SqliteConversationStore(opening.database)
            assert await store.load_branch("c1") == (QUESTION, ANSWER)
            assert (await store.load_branch("c2"))[-1].state is MessageState.INTERRUPTED
            await opening.database.aclose()
            await assert_usable(path, "c1")
            backups = list((path.parent / "backups").glob("*-before-migration.db"))
            assert backups
            for backup in backups:
                assert_sound(backup)

    assert await each_failure(memory_disk, fault, older, scenario) > 20


@FAULTS
async def test_making_a_copy(memory_disk, fault):
    async def scenario(path: Path, disk: FaultyDisk) -> None:
        with disk.at_rest():
            opening = await open_storage(path)
            keeper = SqliteSafekeeper(opening.database, path, path.parent / "backups")
        try:
            await keeper.back_up(BackupReason.MANUAL)
        except StoreError:
            made = 0
        else:
            made = 1
        with disk.at_rest():
            await keeper.back_up(BackupReason.MANUAL)
            listed = await keeper.list_backups()
            # One that was put in place, and then not synced, is a sound copy all the same.
            assert made + 1 <= len(listed) <= 2
            for backup in listed:
                assert_sound(path.parent / "backups" / backup.name)
                assert backup.conversations == 1
            await keeper.aclose()
            await closed(opening)
            await assert_usable(path, "c1")

    assert await each_failure(memory_disk, fault, filled, scenario) > 5


@FAULTS
async def test_going_back_to_a_copy(memory_disk, fault):
    async def with_copy(path: Path) -> None:
        await filled(path)
        opening = await open_storage(path)
        keeper = SqliteSafekeeper(opening.database, path, path.parent / "backups")
        await keeper.back_up(BackupReason.MANUAL)
        store = SqliteConversationStore(opening.database)
        await store.delete_conversation("c1")
        later = Message("n1", Role.USER, (Text("later " * 3000),))
        await store.add_messages(Conversation("c9", head="n1"), (later,))
        await keeper.aclose()
        await opening.database.aclose()

    async def scenario(path: Path, disk: FaultyDisk) -> None:
        with disk.at_rest():
            opening = await open_storage(path)
            keeper = SqliteSafekeeper(opening.database, path, path.parent / "backups")
            store = SqliteConversationStore(opening.database)
            (copy,) = await keeper.list_backups()
        try:
            await keeper.restore(copy.name)
        except StoreError:
            restored = False
        else:
            restored = True
        with disk.at_rest():
            # All of the one or all of the other, and nothing lost of either.
            (shown,) = await store.list_conversations()
            assert shown.id in ({"c1"} if restored else {"c1", "c9"})
            assert len(await store.load_branch(shown.id)) == {"c1": 2, "c9": 1}[shown.id]
            await keeper.restore(copy.name)
            assert await store.load_branch("c1") == (QUESTION, DONE)
            await keeper.aclose()
            await closed(opening)
            await assert_usable(path, "c1")

    assert await each_failure(memory_disk, fault, with_copy, scenario) > 10
