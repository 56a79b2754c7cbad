"""The error card's question about the other region: consent first, then what was found out."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.catalog.regions import REGIONS
from desktop_app.chat.connections import ConnectionBook, region_connection
from desktop_app.chat.key_check import KeyCheck
from desktop_app.chat.region_doctor import RegionDoctor
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.settings.store import SettingsStore
from desktop_app.ui.region_dialog import RegionDialog
from desktop_app.ui.transcript.entry import EntryKind
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.conftest import QLoop
from tests.ui.probes import FakeProbe, refused
from tests.ui.window_kit import open_window, until

INTERNATIONAL, CHINA = (region_connection(region) for region in REGIONS)
KEY = "sk-cp-abcdefghijkl1234"


class Shown:
    """An open dialog with everything round it."""

    def __init__(self, qtbot: QtBot, **arguments: object) -> None:
        stored = {} if arguments.get("no_key") else {INTERNATIONAL.key_account: KEY}
        self.keys = MemoryKeyStore(stored)
        self.book = ConnectionBook(SettingsStore(None), self.keys)
        self.probe = FakeProbe()
        self.tasks = TaskScope()
        self.dialog = RegionDialog(
            RegionDoctor(self.book, self.keys, self.probe),
            self.book,
            INTERNATIONAL,
            CHINA,
            self.tasks,
        )
        self.dialog.open()

    @property
    def words(self) -> str:
        labels = self.dialog.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def button(self, text: str) -> QPushButton:
        found = [b for b in self.dialog.findChildren(QPushButton) if b.text() == text]
        assert len(found) == 1, [b.text() for b in self.dialog.findChildren(QPushButton)]
        return found[0]

    async def ask(self) -> None:
        self.button("Send the key and ask api.minimaxi.com").click()
        await self.tasks.join()

    async def end(self) -> None:
        self.dialog.reject()
        await self.tasks.close()


def test_nothing_is_sent_before_the_consent(qloop: QLoop[None], qtbot: QtBot) -> None:
    async def scenario() -> None:
        it = Shown(qtbot)
        assert "api.minimax.io does not accept the API key." in it.words
        assert "the key is sent to api.minimaxi.com, once" in it.words
        assert not it.button("Send the key and ask api.minimaxi.com").isDefault()
        await it.end()
        assert it.probe.asked == []
        assert it.book.current == INTERNATIONAL

    qloop(scenario())


def test_a_key_of_the_other_region_is_named_and_kept_there(
    qloop: QLoop[None], qtbot: QtBot
) -> None:
    async def scenario() -> None:
        it = Shown(qtbot)
        await it.ask()
        assert it.probe.asked == [("china", KEY)]
        assert "The key belongs to China." in it.words
        # Nothing changes until the person says so.
        assert it.book.current == INTERNATIONAL
        assert CHINA.key_account not in it.keys.items
        it.button("Use China with this key").click()
        await it.tasks.join()
        assert it.book.current == CHINA
        assert it.keys.items[CHINA.key_account] == KEY
        assert "Saved in the system keyring." in it.words
        assert it.button("Close").isVisible()
        await it.end()

    qloop(scenario())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refused(ErrorKind.INVALID_KEY, code=2049), "it belongs to neither region"),
        (refused(ErrorKind.HOST_NOT_FOUND), "The host api.minimaxi.com cannot be found."),
        (refused(ErrorKind.SERVER, status=500), "api.minimaxi.com"),
    ],
)
def test_what_else_it_may_say(
    qloop: QLoop[None], qtbot: QtBot, answer: KeyCheck, said: str
) -> None:
    async def scenario() -> None:
        it = Shown(qtbot)
        it.probe.answers["china"] = answer
        await it.ask()
        assert said in it.words
        assert "Use China" not in it.words
        assert it.book.current == INTERNATIONAL
        await it.end()

    qloop(scenario())


def test_closing_ends_the_question(qloop: QLoop[None], qtbot: QtBot) -> None:
    async def scenario() -> None:
        it = Shown(qtbot)
        it.probe.gate = asyncio.Event()
        it.button("Send the key and ask api.minimaxi.com").click()
        await until(lambda: it.probe.asked)
        it.dialog.reject()
        await until(lambda: it.probe.cancelled)
        await it.tasks.close()

    qloop(scenario())


def test_a_keyring_that_takes_nothing_is_said(qloop: QLoop[None], qtbot: QtBot) -> None:
    async def scenario() -> None:
        it = Shown(qtbot)
        await it.ask()
        it.keys.state = KeyringState.LOCKED
        it.button("Use China with this key").click()
        await it.tasks.join()
        assert "kept for this run only" in it.words
        assert it.book.current == CHINA
        assert it.keys.this_run[CHINA.key_account] == KEY
        await it.end()

    qloop(scenario())


def test_the_card_of_a_refused_key_leads_to_the_question(
    qloop: QLoop[None], tmp_path: Path
) -> None:
    record = ErrorRecord(ErrorKind.INVALID_KEY, "api.minimax.io", 2049, 401)
    question = Message(id="q", role=Role.USER, parts=(Text("Hi"),), created_at=1.0)
    answer = Message(
        id="a",
        role=Role.ASSISTANT,
        parent="q",
        created_at=2.0,
        state=MessageState.FAILED,
        error=record,
    )
    conversation = Conversation("c", "Hi", 1.0, 2.0, "MiniMax-M2", head="a")

    async def scenario() -> None:
        keys = {INTERNATIONAL.key_account: KEY}
        async with open_window(tmp_path, keys=keys) as rig:
            await rig.store.add_messages(conversation, (question, answer))
            await rig.library.load()
            rig.window.work.page.show_session(await rig.library.open("c"))
            card = rig.shown(EntryKind.ERROR)
            labels = [action.label for action in card.actions]
            assert labels[1:3] == ["Ask the other region", "Switch region"]
            rig.press_action(card, "ask_other_region")
            dialog = await until(lambda: rig.window.findChild(RegionDialog))
            assert dialog.isVisible()
            (ask,) = [b for b in dialog.findChildren(QPushButton) if "Send the key" in b.text()]
            ask.click()
            await until(lambda: "The key belongs to China." in dialog.notice.text)
            dialog.notice.action_button.click()
            await until(lambda: rig.book.current == CHINA)
            assert rig.keys.items[CHINA.key_account] == KEY
            dialog.reject()

    qloop(scenario())
