"""Writing in the real window: drafts, messages that wait, editing an earlier message."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit

from desktop_app.chat.events import Phase
from desktop_app.demo.script import End, Gate, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.draft import Draft
from desktop_app.providers.openai_chat import loading
from desktop_app.storage.draft_store import SqliteDraftStore
from desktop_app.storage.opening import open_storage
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


def box(rig: Rig) -> QPlainTextEdit:
    return rig.named("Message", QPlainTextEdit)


async def write_meanwhile(rig: Rig, gate: Gate, *texts: str) -> None:
    """Send "First", and ``texts`` while its answer stands at ``gate``."""
    rig.send("First")
    await gate.reached.arrived()
    for text in texts:
        rig.send(text)


def waiting(rig: Rig) -> list[str]:
    outbox = rig.library.outbox(rig.session.conversation.id)
    return [message.text for message in outbox.waiting]


def removers(rig: Rig) -> list[QAbstractButton]:
    return [
        button
        for button in rig.window.findChildren(QAbstractButton)
        if button.accessibleName() == "Remove waiting message" and button.isVisible()
    ]


def test_messages_written_meanwhile_wait_as_cards_and_are_sent_in_their_order(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One"), Wait(gate)]), Reply([Say("Two")]), Reply([Say("Three")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await write_meanwhile(rig, gate, "Second", "Third")
            assert box(rig).toPlainText() == ""
            assert len(rig.entries) == 2
            assert rig.has("Waiting messages")
            assert rig.has("Second")
            assert not rig.has("Send now")
            gate.open()
            await until(lambda: len(rig.session.messages) == 6, "all answers")
            await rig.settled()
            assert rig.texts == ["First", "One", "Second", "Two", "Third", "Three"]
            assert not rig.has("Waiting messages")
            assert len(server.posts[2].field("messages")) == 5

    qloop(scenario())


def test_after_stop_they_wait_and_one_press_sends_them(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One"), Wait(gate)]), Reply([Say("Two")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await write_meanwhile(rig, gate, "Second")
            rig.click("Stop")
            await rig.phase(Phase.STOPPED)
            await rig.settled()
            assert server.posts.total == 1
            rig.click("Send now")
            await rig.settled()
            assert rig.texts[-2:] == ["Second", "Two"]
            gate.open()

    qloop(scenario())


def test_a_waiting_message_is_rewritten_and_removed_in_its_card(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One"), Wait(gate)]), Reply([Say("Two")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await write_meanwhile(rig, gate, "Second", "Third")
            rig.click("Edit waiting message")
            card = rig.named("Waiting message", QPlainTextEdit)
            assert card.toPlainText() == "Second"
            QTest.keyClicks(card, ", please")
            QTest.keyClick(card, Qt.Key.Key_Return)
            assert waiting(rig) == ["Second, please", "Third"]
            rig.click("Edit waiting message")
            QTest.keyClicks(card, " never")
            QTest.keyClick(card, Qt.Key.Key_Escape)
            assert waiting(rig) == ["Second, please", "Third"]
            assert rig.session.is_busy
            await until(lambda: len(removers(rig)) == 2, "two cards")
            removers(rig)[1].click()
            assert waiting(rig) == ["Second, please"]
            gate.open()
            await until(lambda: len(rig.session.messages) == 4, "the second answer")
            await rig.settled()
            assert rig.texts == ["First", "One", "Second, please", "Two"]

    qloop(scenario())


def test_an_edited_message_is_sent_as_another_version_and_the_draft_comes_back(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("One")]), Reply([Say("Uno")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("First")
            rig.type("unsent")
            rig.press_action(rig.entries[0], "edit")
            assert rig.has("Leave editing")
            assert box(rig).toPlainText() == "First"
            assert box(rig).hasFocus()
            QTest.keyClicks(box(rig), "?")
            QTest.keyClick(box(rig), Qt.Key.Key_Return)
            await rig.settled()
            assert rig.texts == ["First?", "Uno"]
            assert not rig.has("Leave editing")
            assert box(rig).toPlainText() == "unsent"
            assert [m["content"] for m in server.posts[1].field("messages")] == ["First?"]
            actions = {action.id: action for action in rig.entries[0].actions}
            assert actions["version-next"].lead == "2 / 2"

    qloop(scenario())


def test_up_edits_the_last_message_and_escape_leaves_it(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("One")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            QTest.keyClick(box(rig), Qt.Key.Key_Up)
            assert not rig.has("Leave editing")
            await rig.ask("First")
            QTest.keyClick(box(rig), Qt.Key.Key_Up)
            assert box(rig).toPlainText() == "First"
            QTest.keyClick(box(rig), Qt.Key.Key_Escape)
            assert box(rig).toPlainText() == ""
            assert not rig.has("Leave editing")
            QTest.keyClick(box(rig), Qt.Key.Key_Up)
            rig.click("Leave editing")
            assert rig.texts == ["First", "One"]
            QTest.keyClick(box(rig), Qt.Key.Key_Up)
            rig.trigger("stop")
            assert not rig.has("Leave editing")

    qloop(scenario())


def test_an_edit_waits_in_the_box_while_an_answer_streams(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One")]), Reply([Say("Two"), Wait(gate)]), Reply([Say("Uno")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("First")
            rig.send("Second")
            await gate.reached.arrived()
            rig.press_action(rig.entries[0], "edit")
            QTest.keyClick(box(rig), Qt.Key.Key_Return)
            assert box(rig).toPlainText() == "First"
            assert "Not while an answer is on its way" in rig.status
            QTest.keyClick(box(rig), Qt.Key.Key_Escape)
            assert rig.session.is_busy, "Escape left the edit and stopped nothing"
            gate.open()
            await rig.settled()

    qloop(scenario())


def test_drafts_stay_with_their_conversations_and_are_there_after_a_restart(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("One")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("First")
            first = rig.session
            rig.type("half a")
            assert rig.library.drafts.conversations == {first.conversation.id}
            await rig.new_conversation()
            assert box(rig).toPlainText() == ""
            rig.type("another half")
            other = rig.session.conversation.id
        async with open_window(tmp_path, server) as rig:
            assert rig.session.conversation.id == other
            assert box(rig).toPlainText() == "another half"
            rig.trigger("next_conversation")
            await until(lambda: rig.session.messages, "the first conversation")
            assert box(rig).toPlainText() == "half a"

    qloop(scenario())


def test_what_is_being_edited_is_there_after_a_restart(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(Reply([Say("One")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("First")
            rig.type("unsent")
            rig.press_action(rig.entries[0], "edit")
            QTest.keyClicks(box(rig), " of all")
        async with open_window(tmp_path, server) as rig:
            assert box(rig).toPlainText() == "First of all"
            rig.click("Leave editing")
            assert box(rig).toPlainText() == "unsent"

    qloop(scenario())


def test_what_waited_at_the_end_waits_for_the_person_in_the_next_run(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One"), Wait(gate)]), Reply([Say("Two")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await write_meanwhile(rig, gate, "Second")
        gate.open()
        async with open_window(tmp_path, server) as rig:
            assert waiting(rig) == ["Second"]
            assert len(rig.entries) == 2
            rig.click("Send now")
            await rig.settled()
            assert rig.texts[-2:] == ["Second", "Two"]

    qloop(scenario())


def test_what_was_sent_is_not_in_the_box_again_after_a_kill(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("One"), Wait(gate)]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.type("First")
            await rig.library.drafts.flush()
            opening = await open_storage(tmp_path / "interleave.db")
            store = SqliteDraftStore(opening.database)
            (draft,) = (await store.load_drafts()).values()
            assert draft == Draft("First")
            QTest.keyClick(box(rig), Qt.Key.Key_Return)
            await gate.reached.arrived()
            assert await store.load_drafts() == {}
            await opening.database.aclose()
            gate.open()
            await rig.settled()

    qloop(scenario())


def test_a_composition_is_no_part_of_the_draft(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def stored() -> Draft | None:
        opening = await open_storage(tmp_path / "interleave.db")
        drafts = await SqliteDraftStore(opening.database).load_drafts()
        await opening.database.aclose()
        return next(iter(drafts.values()), None)

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.type("a")
            QApplication.sendEvent(box(rig), QInputMethodEvent("ni", []))
            await rig.library.drafts.flush()
            assert await stored() == Draft("a")
            commit = QInputMethodEvent("", [])
            commit.setCommitString("你")
            QApplication.sendEvent(box(rig), commit)
            await rig.library.drafts.flush()
            assert await stored() == Draft("a你")

    qloop(scenario())


def test_a_cut_answer_is_gone_on_with(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    server.enqueue(
        Reply([Think("Hm."), Say("Once upon")], end=End.FIN),
        Reply([Think("Go on."), Say(" a time.")]),
    )

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("A story")
            error = rig.shown(EntryKind.ERROR)
            assert "Continue" in [action.label for action in error.actions]
            rig.press_action(error, "continue")
            await rig.settled()
            kinds = [entry.kind for entry in rig.entries]
            assert kinds == [
                EntryKind.USER,
                EntryKind.ASSISTANT,
                EntryKind.ERROR,
                EntryKind.NOTICE,
                EntryKind.ASSISTANT,
            ]
            assert rig.texts[1] + rig.texts[4] == "Once upon a time."
            # The thinking of both halves is one chain.
            assert [step.text for step in rig.steps] == ["Hm.", "Go on."]

    qloop(scenario())
