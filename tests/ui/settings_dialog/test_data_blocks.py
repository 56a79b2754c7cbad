"""The page "Data" in the real window: where everything is, backups, and the way back to one."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox, QWidget

from desktop_app.chat.events import Phase
from desktop_app.chat.ports import StoreError
from desktop_app.demo.script import Gate, Reply, Say, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.backup import Backup, BackupReason
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import MessageState
from desktop_app.providers.openai_chat import loading
from desktop_app.storage.backup_rules import name_of
from desktop_app.ui.notice import NoticeKind
from desktop_app.ui.settings_dialog.data_blocks import BackupsBlock
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server():
    with DemoServer() as running:
        yield running


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def button(widget: QWidget, text: str) -> QAbstractButton:
    found = [b for b in widget.findChildren(QAbstractButton) if b.text() == text and b.isVisible()]
    assert found, f"no {text!r}"
    return found[0]


async def data_page(rig: Rig) -> BackupsBlock:
    rig.window.work.show_backups()
    dialog = rig.window.work.open_settings()
    block = dialog.backups_block
    assert block.isVisible()
    await all_is_shown(block)
    return block


async def done(block: BackupsBlock) -> None:
    await until(lambda: block.notice.kind is not NoticeKind.WORKING, "the end of the work")
    await all_is_shown(block)


async def all_is_shown(block: BackupsBlock) -> None:
    await block._tasks.join()
    # What a layout is given becomes visible in Qt's next turn.
    QCoreApplication.sendPostedEvents()


def answer(block: BackupsBlock, text: str) -> None:
    """Press a button of the question that is asked."""
    (question,) = [box for box in block.findChildren(QMessageBox) if box.isVisible()]
    button(question, text).click()


def test_a_backup_is_made_restored_and_that_undone(
    qloop: QLoop, tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            server.enqueue(Reply([Say("Leaves.")]), Reply([Say("Beans.")]))
            await rig.ask("Why tea?")
            block = await data_page(rig)
            assert str(tmp_path) in words(rig.window.work.open_settings())
            assert "Restore" not in words(block)
            button(block, "Back up now").click()
            await done(block)
            assert block.notice.kind is NoticeKind.SUCCESS
            assert "Made by you · 1 conversation · " in words(block)
            assert len(list((tmp_path / "backups").iterdir())) == 1

            rig.click("New conversation")
            await until(lambda: not rig.session.messages)
            await rig.ask("Why coffee?")
            assert rig.titles == ["Why coffee?", "Why tea?"]
            button(block, "Restore…").click()
            answer(block, "Cancel")
            assert rig.titles == ["Why coffee?", "Why tea?"]
            button(block, "Restore…").click()
            answer(block, "Restore")
            await done(block)
            assert block.notice.kind is NoticeKind.SUCCESS
            assert rig.titles == ["Why tea?"]
            assert "Before a backup was restored · 2 conversations" in words(block)
            # The conversation that was shown is gone; the window shows one that can be used.
            await until(lambda: rig.session.conversation.title != "Why coffee?")

            block.notice.action_button.click()
            await until(lambda: len(rig.titles) == 2)
            await done(block)
            assert rig.titles == ["Why coffee?", "Why tea?"]

    qloop(scenario())


def test_restoring_while_an_answer_is_written_saves_it_first_and_the_window_goes_on(
    qloop: QLoop, tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            server.enqueue(Reply([Say("Leaves.")]))
            await rig.ask("Why tea?")
            block = await data_page(rig)
            button(block, "Back up now").click()
            await done(block)
            gate = Gate()
            server.enqueue(Reply([Say("Half an answer "), Wait(gate), Say("and the rest.")]))
            rig.send("And more?")
            await rig.phase(Phase.WRITING)
            await until(lambda: rig.session.messages[-1].text)
            button(block, "Restore…").click()
            answer(block, "Restore")
            await done(block)
            gate.open()
            await until(lambda: rig.texts == ["Why tea?", "Leaves."])
            # The same window goes on in what was restored.
            server.enqueue(Reply([Say("Again.")]))
            await rig.ask("More?")
            assert rig.texts[-2:] == ["More?", "Again."]
            assert rig.session.messages[-1].state is MessageState.COMPLETE
            # And what was on its way is in the copy that was made before.
            block.notice.action_button.click()
            await until(lambda: len(rig.texts) == 4 and rig.texts[-1].startswith("Half an answer"))
            await done(block)

    qloop(scenario())


def test_a_backup_that_cannot_be_read_is_said_in_place_and_nothing_is_lost(
    qloop: QLoop, tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            server.enqueue(Reply([Say("Leaves.")]))
            await rig.ask("Why tea?")
            block = await data_page(rig)
            button(block, "Back up now").click()
            await done(block)
            (file,) = (tmp_path / "backups").iterdir()
            content = bytearray(file.read_bytes())
            content[4096:40000] = b"\xa5" * (40000 - 4096)
            file.write_bytes(content)
            button(block, "Restore…").click()
            answer(block, "Restore")
            await done(block)
            assert block.notice.kind is NoticeKind.ERROR
            assert block.notice.text in {"This backup is damaged.", "This backup cannot be read."}
            await until(lambda: rig.texts == ["Why tea?", "Leaves."])
            assert button(block, "Back up now").isEnabled()

    qloop(scenario())


def test_a_full_disk_is_said_in_place(qloop: QLoop, tmp_path: Path, monkeypatch) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, keys={}) as rig:
            block = await data_page(rig)

            def full(*_):
                raise OSError(28, "No space left on device")

            monkeypatch.setattr("desktop_app.storage.backup_folder.put_in_place", full)
            button(block, "Back up now").click()
            await done(block)
            assert block.notice.kind is NoticeKind.ERROR
            assert "disk is full" in block.notice.text

    qloop(scenario())


class ManyBackups:
    """An upkeep with a long list."""

    def __init__(self) -> None:
        self.backups = tuple(
            Backup(name_of(at, reason), at, reason, size=123_456, conversations=at % 7)
            for at in range(1_795_000_000, 1_795_000_000 - 20 * 1800, -1800)
            for reason in (BackupReason.AUTOMATIC,)
        )

    def subscribe(self, _listener):
        return lambda: None

    async def list_backups(self):
        return self.backups

    async def back_up_now(self):
        raise StoreError("Anything else.")


def test_a_long_list_is_short_at_first(qloop: QLoop, qtbot) -> None:
    async def scenario() -> None:
        upkeep = ManyBackups()
        damaged = replace(upkeep.backups[0], is_damaged=True)
        unreadable = replace(upkeep.backups[1], conversations=None)
        upkeep.backups = (damaged, unreadable, *upkeep.backups[2:])
        block = BackupsBlock(upkeep)  # type: ignore[arg-type]
        qtbot.addWidget(block)
        block.show()
        await all_is_shown(block)
        restore = [b for b in block.findChildren(QAbstractButton) if b.text() == "Restore…"]
        assert sum(b.isVisible() for b in restore) == 5, "one of the six cannot be read"
        assert "has damaged messages" in words(block)
        assert "cannot be read" in words(block)
        button(block, "Show 14 more").click()
        await until(lambda: words(block).count("Automatic") == 20)
        button(block, "Back up now").click()
        await done(block)
        assert block.notice.text == "Anything else."
        await block.aclose()

    qloop(scenario())


def test_a_run_that_saves_nothing_says_so(qloop: QLoop, qtbot) -> None:
    block = BackupsBlock(None)
    qtbot.addWidget(block)
    block.show()
    assert "nothing to back up" in words(block)
    assert not any(b.isVisible() for b in block.findChildren(QAbstractButton))


def test_the_folder_is_shown_by_the_system(qloop: QLoop, tmp_path: Path, monkeypatch) -> None:
    opened = []
    works = [True]

    def open_url(url):
        opened.append(Path(url.toLocalFile()))
        return works[0]

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)

    async def scenario() -> None:
        async with open_window(tmp_path, keys={}) as rig:
            await data_page(rig)
            dialog = rig.window.work.open_settings()
            button(dialog, "Show folder").click()
            assert opened == [tmp_path]
            works[0] = False
            button(dialog, "Show folder").click()
            assert "no program that shows folders" in words(dialog)

    qloop(scenario())


def test_an_unreadable_file_leads_to_the_backups(qloop: QLoop, tmp_path: Path, caplog) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, keys={}) as rig:
            await rig.store.save_conversation(Conversation("c1", "Tea", updated_at=1.0))
            await rig.upkeep.back_up_now()
        (tmp_path / "interleave.db").write_bytes(b"gone " * 5000)
        async with open_window(tmp_path, keys={}) as rig:
            assert rig.titles == []
            block = await data_page(rig)
            assert rig.window.work.open_settings()._pages.currentItem().text() == "Data"
            button(block, "Restore…").click()
            answer(block, "Restore")
            await done(block)
            assert rig.titles == ["Tea"]

    qloop(scenario())
