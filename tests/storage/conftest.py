"""Stores on real files."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import Opening, open_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "interleave.db"


@pytest.fixture
async def opening(path: Path) -> AsyncIterator[Opening]:
    opening = await open_database(path, busy_timeout=200)
    yield opening
    await opening.database.aclose()


@pytest.fixture
def store(opening: Opening) -> SqliteConversationStore:
    return SqliteConversationStore(opening.database)
