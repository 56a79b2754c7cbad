"""Stores on real files."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import Opening, open_database

SHARED_MEMORY = Path("/dev/shm")


@pytest.fixture
def memory_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is one: for thousands of writes that need reach no disk."""
    if not SHARED_MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY, prefix="interleave-test-") as folder:
        yield Path(folder)


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
