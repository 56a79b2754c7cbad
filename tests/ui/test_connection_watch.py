"""The models on offer: the catalogue's and the known ones at once, the server's when they come."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject

from desktop_app.catalog.models import MODELS
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.ui.banner import Banners
from desktop_app.ui.connection_watch import ConnectionWatch

OWN = Connection("own", "Own", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM, is_minimax=False)
REGION = Connection("one", "One", "https://one.test/v1", ConnectionSource.REGION)


class Page(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.offered: list[list[str]] = []
        self.header = SimpleNamespace(set_models=self.offered.append)


@pytest.fixture
def page(qapp: object) -> Page:
    return Page()


def watch(page: Page, connection: Connection, **parts: Any) -> ConnectionWatch:
    book = SimpleNamespace(current=connection)
    made = SimpleNamespace(book=book, **parts)
    return ConnectionWatch(cast("Any", made), cast("Any", page), cast("Banners", None))


async def test_known_models_are_offered_before_the_server_says_a_word(page: Page) -> None:
    said: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()

    async def listing() -> tuple[str, ...]:
        # What was known is on offer by the time that the server is asked.
        assert page.offered == [["known", "both"]]
        return await said

    watching = watch(page, OWN, known_models=lambda: ("known", "both"), list_models=listing)
    said.set_result(("both", "new"))
    await watching.refresh_models()
    assert page.offered == [["known", "both"], ["both", "new"]]


async def test_the_catalogue_comes_first_and_each_name_once(page: Page) -> None:
    rows = [model.name for model in MODELS]

    async def listing() -> tuple[str, ...]:
        return ("MiniMax-of-tomorrow", rows[0])

    await watch(page, REGION, known_models=lambda: (), list_models=listing).refresh_models()
    assert page.offered == [rows, [*rows, "MiniMax-of-tomorrow"]]


async def test_a_list_of_a_connection_that_was_left_is_not_shown(page: Page) -> None:
    async def listing() -> tuple[str, ...]:
        watching._parts.book.current = REGION
        return ("late",)

    watching = watch(page, OWN, known_models=lambda: (), list_models=listing)
    await watching.refresh_models()
    assert page.offered == [[]]
