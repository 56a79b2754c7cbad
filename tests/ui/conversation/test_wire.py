"""The wire of an answer, from the conversation it stands in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_app.chat.ports import StoreError
from desktop_app.demo import faults
from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.providers.openai_chat import loading
from desktop_app.ui.conversation import entries
from desktop_app.ui.wire_view.dialog import WireDialog
from desktop_app.ui.wire_view.opening import WireOpener
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until
from tests.ui.wire_view.kit import exchange


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


async def wire_of(rig: Rig) -> WireDialog:
    await until(lambda: rig.window.work.page.findChild(WireDialog) is not None, "the wire view")
    dialog = rig.window.work.page.findChild(WireDialog)
    assert isinstance(dialog, WireDialog)
    return dialog


def test_an_answer_shows_its_wire_and_is_sent_again_exactly(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("Hello "), Say("Ada.")]))
    server.enqueue(Reply([Say("Hello again.")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Hi, I am Ada")
            rig.press_action(rig.entries[-1], entries.WIRE)
            dialog = await wire_of(rig)
            assert "Hi, I am Ada" in dialog.request.body.box.toPlainText()
            assert "window-key" not in dialog.request.headers.box.toPlainText()
            assert dialog.events.model.rowCount() > 2
            dialog.resend_requested.emit(dialog.record)
            assert dialog.isHidden()
            await rig.settled()
            assert rig.texts == ["Hi, I am Ada", "Hello again."]

    qloop(scenario())


def test_the_wire_of_a_failure_opens_from_its_card_and_by_shortcut(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(faults.wrong_key())

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Hi")
            rig.press_action(rig.entries[-1], entries.WIRE)
            dialog = await wire_of(rig)
            assert " · 401 · " in dialog.head.text()
            assert dialog.events.model.rowCount() == 0
            dialog.close()
            await until(lambda: rig.window.work.page.findChild(WireDialog) is None)
            rig.window.actions_by_id["wire"].trigger()
            assert " · 401 · " in (await wire_of(rig)).head.text()

    qloop(scenario())


@pytest.mark.parametrize("refuses", [False, True])
def test_when_there_is_no_record_it_is_said(qloop: QLoop[None], qapp, qtbot, refuses: bool) -> None:
    async def load(message_id: str) -> tuple[ExchangeRecord, ...]:
        assert message_id == "answer"
        if refuses:
            raise StoreError("disk I/O error")
        return ()

    ground = QWidget()
    qtbot.addWidget(ground)
    opener = WireOpener(load, ground)

    async def scenario() -> None:
        opener.open_for("answer", lambda record: False)
        await until(lambda: ground.findChild(QMessageBox) is not None, "the message")
        box = ground.findChild(QMessageBox)
        assert isinstance(box, QMessageBox)
        if refuses:
            assert box.text() == "What went over the wire cannot be read."
            assert box.informativeText() == "disk I/O error"
        else:
            assert box.text() == "Nothing was recorded for this answer."
        box.close()
        await opener.aclose()

    qloop(scenario())


def test_a_request_that_cannot_go_again_is_said_and_the_view_stays(
    qloop: QLoop[None], qtbot
) -> None:
    async def load(message_id: str) -> tuple[ExchangeRecord, ...]:
        return (exchange(message_id=message_id),)

    ground = QWidget()
    qtbot.addWidget(ground)
    opener = WireOpener(load, ground)

    async def scenario() -> None:
        # Pressed twice: one view.
        opener.open_for("answer", lambda record: False)
        opener.open_for("answer", lambda record: False)
        await until(lambda: ground.findChild(WireDialog) is not None, "the wire view")
        (dialog,) = ground.findChildren(WireDialog)
        dialog.resend_requested.emit(dialog.record)
        assert dialog.isVisible()
        assert dialog.said.text().startswith("Not sent")
        dialog.close()
        await opener.aclose()

    qloop(scenario())
