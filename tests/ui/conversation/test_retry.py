"""A refused request in the real window: a countdown, one answer, and Stop."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.chat.events import Phase
from desktop_app.chat.retry import RetryPolicy
from desktop_app.demo import faults
from desktop_app.demo.script import Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.providers.openai_chat import loading
from desktop_app.ui.transcript.entry import EntryKind
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


class Held:
    """Stands for the waiting of the session that is shown: ends when the test says so."""

    def __init__(self, rig: Rig) -> None:
        self.over = asyncio.Event()
        policy = RetryPolicy(first=3.0, chance=lambda: 0.5)
        rig.session._asking = replace(rig.session._asking, retry=policy, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        del seconds
        await self.over.wait()


def test_a_refused_request_is_counted_down_and_one_answer_stands_there(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(faults.rate_limited(), Reply([Think("Hm."), Say("Here it is.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            held = Held(rig)
            kinds: list[list[EntryKind]] = []
            rig.session.subscribe(lambda _: kinds.append([e.kind for e in rig.entries]))
            rig.send("Go")
            await rig.phase(Phase.RETRYING)
            assert rig.status == "retrying in 3 s · Too many requests at the moment."
            assert rig.has("Stop")
            assert not rig.has("Send")
            assert [entry.kind for entry in rig.entries] == [EntryKind.USER, EntryKind.ASSISTANT]
            assert rig.entries[-1].streaming
            held.over.set()
            await rig.settled()
            assert rig.texts == ["Go", "Here it is."]
            assert rig.status == "ready"
            assert rig.has("Send")
            # At no event in between was there a failure or a second answer.
            assert not any(EntryKind.ERROR in shown for shown in kinds)
            assert max(len(shown) for shown in kinds) == 2
        assert len(server.posts) == 2

    qloop(scenario())


@pytest.mark.parametrize("way", ["key", "button"])
def test_stop_ends_the_countdown_and_sends_nothing_more(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, way: str
) -> None:
    server.enqueue(faults.overloaded(), Reply([Say("Here again.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            Held(rig)
            rig.send("Go")
            await rig.phase(Phase.RETRYING)
            if way == "key":
                rig.press(Qt.Key.Key_Escape)
            else:
                rig.click("Stop")
            await rig.settled()
            assert rig.status == "stopped"
            assert rig.entries[-1].note == "Stopped before an answer came"
            assert len(server.posts) == 1
            await rig.ask("And now?")
            assert rig.texts[-1] == "Here again."
        assert len(server.posts) == 2

    qloop(scenario())


def test_the_last_failure_is_shown_with_its_card(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(*[faults.overloaded()] * 4)

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            Held(rig).over.set()
            await rig.ask("Go")
            card = await until(lambda: rig.shown(EntryKind.ERROR))
            assert "is overloaded" in card.text
            assert card.actions[0].id == "retry"
            assert rig.status == "error"
        assert len(server.posts) == 4

    qloop(scenario())
