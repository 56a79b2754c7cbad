"""The endpoint that plays the rows of the tables, and a conversation with it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.wire.chain")

from desktop_app.demo.server import DemoServer  # noqa: E402 (the line above goes first)
from desktop_app.providers.openai_chat import loading  # noqa: E402
from tests.wire.chain import Chain  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
async def chain(server: DemoServer, tmp_path: Path, qapp: object) -> AsyncIterator[Chain]:
    """A conversation that is stored; ``qapp`` because the entries are translated."""
    made = await Chain.begin(server, tmp_path / "conversations.db")
    yield made
    await made.end()
