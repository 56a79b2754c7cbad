"""A conversation that the model names, over real HTTP, once a setting allows it."""

from pathlib import Path

import pytest

from desktop_app.demo.script import Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.providers.openai_chat import loading
from desktop_app.settings.table import NAME_BY_MODEL
from tests.ui.conftest import QLoop
from tests.ui.window_kit import open_window, until


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


def test_the_setting_decides(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario(server: DemoServer) -> None:
        async with open_window(tmp_path, server) as rig:
            server.enqueue(Reply([Say("Leaves.")]))
            await rig.ask("**Why** tea? It is hot.")
            assert rig.titles == ["Why tea? It is hot"]
            rig.trigger("new_conversation")
            await until(lambda: not rig.session.messages)
            rig.settings.set(NAME_BY_MODEL, True)
            server.enqueue(
                Reply([Say("Beans.")]), Reply([Think("A name."), Say("Where coffee comes from")])
            )
            await rig.ask("Why coffee?")
            await until(lambda: rig.titles[0] == "Where coffee comes from")
            assert rig.texts == ["Why coffee?", "Beans."]
            assert rig.has("Where coffee comes from")
        async with open_window(tmp_path, server) as rig:
            assert rig.titles == ["Where coffee comes from", "Why tea? It is hot"]

    with DemoServer() as server:
        qloop(scenario(server))
