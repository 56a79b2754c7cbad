"""The contract of drafts, and what only a disk has to prove."""

from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from desktop_app.chat.ports import ConversationStore, DraftStore, StoreError
from desktop_app.domain.draft import Draft, Queued
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.draft_store import SqliteDraftStore
from desktop_app.storage.opening import Opening, open_database
from tests.contracts.draft_contract import WHOLE, DraftContract
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.draft_store import MemoryDraftStore


@pytest.fixture
async def opening(path: Path) -> AsyncIterator[Opening]:
    opening = await open_database(path, busy_timeout=200)
    yield opening
    await opening.database.aclose()


@pytest.fixture
def conversations(opening: Opening) -> ConversationStore:
    return SqliteConversationStore(opening.database)


@pytest.fixture
def drafts(opening: Opening) -> DraftStore:
    return SqliteDraftStore(opening.database)


class TestOnDisk(DraftContract):
    """The real store on a file."""


class TestFake(DraftContract):
    """The fake that other rooms are tested with."""

    @pytest.fixture
    def conversations(self) -> ConversationStore:
        return MemoryConversationStore()

    @pytest.fixture
    def drafts(self, conversations: MemoryConversationStore) -> DraftStore:
        return MemoryDraftStore(conversations)


async def test_a_draft_is_there_after_reopening(opening, drafts, path):
    await drafts.save_draft("c1", WHOLE)
    await opening.database.aclose()
    again = await open_database(path)
    assert await SqliteDraftStore(again.database).load_drafts() == {"c1": WHOLE}
    await again.database.aclose()


async def test_text_that_sqlite_refuses_is_repaired(drafts):
    await drafts.save_draft("c1", Draft("a\x00b\ud800", (Queued("c\ud83d", "q"),)))
    draft = (await drafts.load_drafts())["c1"]
    assert draft.text == "a�b�"
    assert draft.queue == (Queued("c\ud83d", "q"),)


@pytest.mark.parametrize("damage", ["{not json", '{"a": 1}', "[1]", "[[1]]"])
async def test_a_damaged_queue_is_shown_rather_than_dropped(opening, drafts, damage):
    await drafts.save_draft("c1", WHOLE)

    def overwrite(connection: apsw.Connection) -> None:
        connection.execute("UPDATE draft SET queue = ?", (damage,))

    await opening.database.write(overwrite)
    draft = (await drafts.load_drafts())["c1"]
    assert draft.text == WHOLE.text
    assert [item.text for item in draft.queue] == [damage]


async def test_a_closed_database_refuses(opening, drafts):
    await opening.database.aclose()
    with pytest.raises(StoreError):
        await drafts.save_draft("c1", WHOLE)
    with pytest.raises(StoreError):
        await drafts.load_drafts()
