"""The contract of permissions, and what only a disk has to prove."""

from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from desktop_app.chat.ports import ConversationStore
from desktop_app.chat.tool_ports import PermissionStore
from desktop_app.domain.conversation import Conversation
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import Opening, open_database
from desktop_app.storage.permission_store import SqlitePermissionStore
from tests.contracts.permission_contract import GIVEN, PermissionContract
from tests.fakes.conversation_store import MemoryConversationStore
from tests.tool_fakes import MemoryPermissionStore


@pytest.fixture
async def opening(path: Path) -> AsyncIterator[Opening]:
    opening = await open_database(path, busy_timeout=200)
    yield opening
    await opening.database.aclose()


@pytest.fixture
def conversations(opening: Opening) -> ConversationStore:
    return SqliteConversationStore(opening.database)


@pytest.fixture
def permissions(opening: Opening) -> PermissionStore:
    return SqlitePermissionStore(opening.database)


class TestOnDisk(PermissionContract):
    """The real store on a file."""


class TestFake(PermissionContract):
    """The fake that other rooms are tested with."""

    @pytest.fixture
    def conversations(self) -> ConversationStore:
        return MemoryConversationStore()

    @pytest.fixture
    def permissions(self, conversations: MemoryConversationStore) -> PermissionStore:
        return MemoryPermissionStore(conversations)


async def test_it_is_there_after_reopening(opening, conversations, permissions, path):
    await conversations.save_conversation(Conversation("c1"))
    await permissions.save_permission(GIVEN)
    await opening.database.aclose()
    again = await open_database(path)
    assert await SqlitePermissionStore(again.database).permissions("c1") == (GIVEN,)
    await again.database.aclose()


async def test_a_damaged_fingerprint_is_another_one(opening, conversations, permissions):
    await conversations.save_conversation(Conversation("c1"))
    await permissions.save_permission(GIVEN)

    def overwrite(connection: apsw.Connection) -> None:
        connection.execute("UPDATE permission SET fingerprint = CAST(x'ff00' AS TEXT)")

    await opening.database.write(overwrite)
    (found,) = await permissions.permissions("c1")
    assert found.key == GIVEN.key
    assert found.fingerprint != GIVEN.fingerprint
