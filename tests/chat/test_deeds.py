"""Deeds done to many conversations, undone to what was stored before, and done again."""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.deeds import Deeds
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.chat.undo import DEEDS_KEPT, DeedKind
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_database
from tests.fakes.conversation_store import MemoryConversationStore

TEA = Conversation("tea", "Tea", updated_at=3.0, head="m1")
COFFEE = Conversation("coffee", "Coffee", updated_at=2.0, folder="Kitchen", tags=("hot",))
WATER = Conversation("water", "Water", updated_at=1.0, pinned=True, named=True)
OLD = Conversation("old", "Old", archived=True)
GONE = Conversation("gone", "Gone")


async def no_model():
    raise AssertionError("nobody is asked")


async def deeds_on(store):
    await store.add_messages(TEA, (Message("m1", Role.USER, (Text("Why?"),)),))
    for conversation in (COFFEE, WATER, OLD, GONE):
        await store.save_conversation(conversation)
    await store.delete_conversation(GONE.id)
    library = Library(store, no_model, lambda: "m")
    await library.load()
    return Deeds(library)


@pytest.fixture
def memory():
    return MemoryConversationStore()


@pytest.fixture
async def deeds(memory):
    deeds = await deeds_on(memory)
    yield deeds
    await deeds._library.close()


BOTH = ("tea", "coffee")

DEEDS = {
    DeedKind.PIN: lambda deeds: deeds.pin(BOTH, pinned=True),
    DeedKind.UNPIN: lambda deeds: deeds.pin(("water", "tea"), pinned=False),
    DeedKind.ARCHIVE: lambda deeds: deeds.archive(BOTH, archived=True),
    DeedKind.MOVE: lambda deeds: deeds.move(BOTH, " Work "),
    DeedKind.TAG: lambda deeds: deeds.tag(BOTH, add=("new",), remove=("hot",)),
    DeedKind.RENAME: lambda deeds: deeds.rename("tea", "Green\ntea"),
    DeedKind.DELETE: lambda deeds: deeds.delete(BOTH),
    DeedKind.DUPLICATE: lambda deeds: deeds.duplicate(BOTH),
    DeedKind.EMPTY: lambda deeds: deeds.empty("tea"),
    DeedKind.UNARCHIVE: lambda deeds: deeds.archive(("old",), archived=False),
    DeedKind.RESTORE: lambda deeds: deeds.restore(("gone",)),
}


async def rows(database):
    """Everything that is stored of conversations and messages, but for the hour of a deletion."""

    def read(connection):
        found = connection.execute(
            "SELECT id, title, updated_at, head, named, pinned, archived, folder, tags,"
            " deleted_at IS NOT NULL FROM conversation ORDER BY seq"
        ).fetchall()
        return [row for row in found if not row[-1]], connection.execute(
            "SELECT message.id, text FROM message JOIN part ON part.message = message.seq"
            " JOIN conversation ON conversation.seq = message.conversation"
            " WHERE deleted_at IS NULL AND removed_at IS NULL ORDER BY message.seq"
        ).fetchall()

    return await database.run(read)


@pytest.mark.parametrize("kind", DEEDS)
async def test_undone_to_identical_rows_and_done_again(kind, tmp_path):
    opening = await open_database(tmp_path / "interleave.db")
    deeds = await deeds_on(SqliteConversationStore(opening.database))
    # An open session or none makes no difference.
    await deeds._library.open("tea")
    before = await rows(opening.database)
    await DEEDS[kind](deeds)
    await deeds._library.open("water")
    after = await settled_rows(deeds, opening.database)
    assert after != before
    assert (await deeds.stack.undo()).kind is kind
    assert await settled_rows(deeds, opening.database) == before
    assert deeds.stack.last is None
    assert (await deeds.stack.redo()).kind is kind
    assert await settled_rows(deeds, opening.database) == after
    assert not deeds.stack.can_redo
    await deeds.stack.undo()
    assert await settled_rows(deeds, opening.database) == before
    await deeds._library.close()
    await opening.database.aclose()


async def settled_rows(deeds, database):
    for name in ("tea", "coffee", "water"):
        if (session := deeds._library.session(name)) is not None:
            await session.settled()
    return await rows(database)


async def test_every_kind_of_deed_is_tried():
    tried_elsewhere = {DeedKind.SENDING, DeedKind.SUMMARY}  # in test_wishes
    assert {*DEEDS, DeedKind.VERSION} | tried_elsewhere == set(DeedKind)


VERSIONS = (
    Message("one", Role.ASSISTANT, (Text("One"),), parent="m1"),
    Message("two", Role.ASSISTANT, (Text("Two"),), parent="m1"),
)


@pytest.fixture
async def stored(tmp_path):
    opening = await open_database(tmp_path / "interleave.db")
    deeds = await deeds_on(SqliteConversationStore(opening.database))
    for version in VERSIONS:
        await deeds._library._store.add_messages(replace(TEA, head=version.id), (version,))
    await deeds._library.load()
    yield deeds
    await deeds._library.close()
    await opening.database.aclose()


async def delete_version(deeds):
    session = await deeds._library.open("tea")
    assert session.delete_branch("two")
    await session.settled()
    await deeds.note_version("tea", "two")


async def shown(deeds):
    session = await deeds._library.open("tea")
    return [message.id for message in session.messages]


@pytest.mark.parametrize("closed", [False, True])
async def test_a_deleted_version_comes_back_and_goes_again(stored, closed):
    await delete_version(stored)
    for _ in range(2):
        if closed:
            # Its session is closed with the conversation, and what it knew of the version is gone.
            await stored._library.delete("tea")
            await stored._library.restore("tea")
        assert await shown(stored) == ["m1", "one"]
        assert (await stored.stack.undo()).kind is DeedKind.VERSION
        assert await shown(stored) == ["m1", "two"]
        session = await stored._library.open("tea")
        assert session.branches.versions("two").ids == ("one", "two")
        assert (await stored.stack.redo()).kind is DeedKind.VERSION
    assert await shown(stored) == ["m1", "one"]


async def test_a_version_that_the_store_keeps_is_still_to_be_brought_back(stored):
    await delete_version(stored)
    store = stored._library._store
    plain = store.restore_branches

    async def refuse(conversation, message_ids):
        raise StoreError("full")

    store.restore_branches = refuse
    with pytest.raises(StoreError):
        await stored.stack.undo()
    assert stored.stack.last.kind is DeedKind.VERSION
    assert not stored.stack.can_redo
    store.restore_branches = plain
    await stored.stack.undo()
    assert await shown(stored) == ["m1", "two"]


async def test_deeds_are_undone_the_last_first(deeds):
    library = deeds._library
    await deeds.archive(["tea"], archived=True)
    await deeds.archive(["tea"], archived=False)
    await deeds.delete(["tea"])
    await deeds.restore(["tea"])
    assert deeds.stack.last.kind is DeedKind.RESTORE
    kinds = []
    while (deed := await deeds.stack.undo()) is not None:
        kinds.append(deed.kind)
    assert kinds == [DeedKind.RESTORE, DeedKind.DELETE, DeedKind.UNARCHIVE, DeedKind.ARCHIVE]
    assert library.find("tea") == TEA
    while await deeds.stack.redo() is not None:
        pass
    assert library.find("tea") == TEA


async def test_a_new_deed_ends_redoing(deeds):
    heard = []
    deeds.stack.subscribe(lambda: heard.append((deeds.stack.last, deeds.stack.can_redo)))
    await deeds.pin(["tea"], pinned=True)
    await deeds.stack.undo()
    assert heard[-1] == (None, True)
    await deeds.rename("tea", "Green tea")
    assert heard[-1] == (deeds.stack.last, False)
    assert await deeds.stack.redo() is None
    assert not deeds._library.find("tea").pinned


async def test_what_changes_nothing_is_no_deed(deeds):
    await deeds.pin(["water", "nowhere"], pinned=True)
    await deeds.move(["coffee"], "KITCHEN")
    await deeds.rename("tea", "  ")
    await deeds.delete(["nowhere"])
    await deeds.duplicate(["nowhere"])
    await deeds.empty("coffee")
    assert deeds.stack.last is None
    assert await deeds.stack.undo() is None


async def test_only_what_the_deed_changed_goes_back(deeds):
    await deeds.move(["tea"], "Work")
    await deeds._library.amend("tea", lambda item: replace(item, title="From elsewhere"))
    await deeds.stack.undo()
    assert deeds._library.find("tea") == replace(TEA, title="From elsewhere")


async def test_what_was_done_before_the_database_refused_can_be_undone(deeds, memory):
    plain = memory.delete_conversations

    async def delete(conversation_ids):
        if "water" in conversation_ids:
            raise StoreError("full")
        await plain(conversation_ids)

    memory.delete_conversations = delete
    with pytest.raises(StoreError):
        await deeds.delete(["tea", "water", "coffee"])
    assert deeds.stack.last.ids == ("tea",)
    memory.failure = StoreError("full")
    with pytest.raises(StoreError):
        await deeds.stack.undo()
    assert deeds.stack.last.ids == ("tea",)
    memory.failure = None
    await deeds.stack.undo()
    assert deeds._library.find("tea") == TEA


async def test_a_redo_that_is_refused_can_be_tried_again(deeds, memory):
    await deeds.delete(["coffee"])
    await deeds.stack.undo()
    memory.failure = StoreError("full")
    with pytest.raises(StoreError):
        await deeds.stack.redo()
    memory.failure = None
    assert deeds.stack.can_redo
    await deeds.stack.redo()
    assert deeds._library.find("coffee") is None


async def test_what_is_gone_for_good_is_not_undone(deeds):
    await deeds.pin(["tea", "coffee"], pinned=True)
    await deeds.rename("tea", "Green tea")
    await deeds.delete(["tea"])
    await deeds.erase(["tea"])
    assert [item.id for item in await deeds._library.trash.list()] == ["gone"]
    # What was done to it alone is forgotten; the rest is undone where it can be.
    assert deeds.stack.last.kind is DeedKind.PIN
    await deeds.stack.undo()
    assert deeds._library.find("coffee") == COFFEE
    assert deeds._library.find("tea") is None


async def test_two_asked_for_at_once_run_one_after_the_other(deeds):
    await deeds.delete(["tea"])
    await deeds.delete(["coffee"])
    undone = await asyncio.gather(deeds.stack.undo(), deeds.stack.undo(), deeds.stack.undo())
    assert [deed and deed.ids for deed in undone] == [("coffee",), ("tea",), None]


async def test_so_many_are_kept(deeds):
    for number in range(DEEDS_KEPT + 5):
        await deeds.rename("tea", f"Tea {number}")
    count = 0
    while await deeds.stack.undo() is not None:
        count += 1
    assert count == DEEDS_KEPT
    assert deeds._library.find("tea").title == "Tea 4"
