"""Files in and out of the window, from the menu to the toast."""

import asyncio
import json
import os
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton

from desktop_app.chat.exporting import ExportFormat
from desktop_app.chat.importing import ImportProblem, LeftOut
from desktop_app.chat.ports import StoreError
from desktop_app.demo.script import Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.exporters import export_formats
from desktop_app.providers.openai_chat import loading
from desktop_app.settings.table import DEFAULT_MODEL, EXPORT_THINKING, Page
from desktop_app.storage.errors import DiskFullError
from desktop_app.ui.transfer import import_dialog
from desktop_app.ui.transfer.import_dialog import ImportDialog
from desktop_app.ui.transfer.pdf import PDF
from desktop_app.ui.transfer.progress import ExportProgress
from desktop_app.ui.transfer.texts import left_out_lines, problem_sentence
from desktop_app.ui.wire_view.plain_wire import visible
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until

DATA = Path(__file__).parents[2] / "data" / "imports"


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def form(name: str) -> ExportFormat:
    return next(f for f in (*export_formats(), PDF) if f.id == name)


async def opened(rig: Rig, path: Path) -> ImportDialog:
    """Begin an import and wait until the file was read."""
    dialog = rig.window.work.transfer.import_file(path)
    assert dialog is not None
    await until(lambda: not dialog._bar.isVisible(), "the reading")
    return dialog


async def imported(rig: Rig, name: str) -> None:
    dialog = await opened(rig, DATA / name)
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    await until(lambda: rig.window.work.transfer.dialog is None, "the end of the import")


def toast(rig: Rig) -> str:
    return rig.window.work.toast._words.text() if rig.window.work.toast.isVisible() else ""


async def export(rig: Rig, path: Path, name: str, *ids: str, replace: bool = False) -> bytes:
    await rig.window.work.transfer.write(ids, path, form(name), replace=replace)
    return path.read_bytes()  # noqa: ASYNC240 - the loop has nothing else to do


# Import


def test_what_is_chosen_of_a_file_is_stored_and_can_be_undone(qloop: QLoop, folder: Path) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            dialog = await opened(rig, DATA / "claude.json")
            assert "Claude · conversations: 2 · messages: 5 · branches: 3" in dialog._summary.text()
            assert dialog._left_out.text().endswith("Attached files, of which the name stays: 1")
            assert [dialog.list.item(n).text() for n in range(2)] == ["Steeping", "Old form"]
            assert dialog.accept_button.text() == "Import 2"
            assert dialog.list.hasFocus()
            dialog.list.setCurrentRow(1)
            QTest.keyClick(dialog.list, Qt.Key.Key_Space)
            assert dialog.accept_button.text() == "Import 1"
            dialog.accept_button.click()
            await until(lambda: toast(rig) == "1 conversation imported")
            assert rig.titles == ["Steeping"]
            (conversation,) = rig.library.conversations
            assert conversation.model == rig.settings.text(DEFAULT_MODEL)
            tree = await rig.store.load_tree(conversation.id)
            assert tree.branch_count == 2
            assert rig.window.work.toast.act()
            await until(lambda: toast(rig) == "Import undone")
            assert rig.titles == []
            await rig.library.restore(conversation.id)
            assert rig.titles == ["Steeping"]

    qloop(scenario())


def test_what_is_here_already_is_skipped_or_becomes_a_copy(qloop: QLoop, folder: Path) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            await imported(rig, "open-webui.json")
            dialog = await opened(rig, DATA / "open-webui.json")
            assert dialog.list.item(0).checkState() is Qt.CheckState.Unchecked
            assert not dialog.accept_button.isEnabled()
            assert "Here already: 1" in dialog._summary.text()
            QTest.mouseClick(
                dialog.list.viewport(),
                Qt.MouseButton.LeftButton,
                pos=dialog.list.visualItemRect(dialog.list.item(0)).center(),
            )
            assert dialog.accept_button.text() == "Import 1"
            dialog.accept_button.click()
            await until(lambda: len(rig.titles) == 2)
            # Undone, it is no longer here.
            rig.window.work.toast.act()
            await until(lambda: len(rig.titles) == 1)
            await rig.library.delete(rig.library.conversations[0].id)
            dialog = await opened(rig, DATA / "open-webui.json")
            assert dialog.list.item(0).checkState() is Qt.CheckState.Checked
            dialog.reject()
            await until(lambda: rig.window.work.transfer.dialog is None)

    qloop(scenario())


def test_undoing_leaves_a_conversation_that_is_open(qloop: QLoop, folder: Path) -> None:
    async def scenario() -> None:
        with DemoServer() as server:
            async with open_window(folder, server) as rig:
                await imported(rig, "open-webui.json")
                key = rig.library.conversations[0].id
                rig.window.sidebar.conversation_chosen.emit(key)
                await until(lambda: rig.session.conversation.id == key)
                assert rig.window.work.toast.act()
                await until(lambda: rig.session.conversation.id != key, "another conversation")
                assert rig.session.messages == ()
                assert rig.titles == []

    qloop(scenario())


def test_of_many_all_that_are_new_are_taken(qloop: QLoop, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(import_dialog, "MOST_LISTED", 1)

    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            await imported(rig, "claude.json")
            assert len(rig.titles) == 2
            dialog = await opened(rig, DATA / "claude.json")
            assert not dialog.list.isVisible()
            assert dialog.again.text() == "Import the 2 that are here already again, as copies"
            assert not dialog.accept_button.isEnabled()
            dialog.again.setChecked(True)
            dialog.accept_button.click()
            await until(lambda: len(rig.titles) == 4)

    qloop(scenario())


def test_a_refused_file_says_why_and_leaves_nothing(qloop: QLoop, folder, tmp_path) -> None:
    path = tmp_path / "evil\u202egpj.json"
    path.write_text("<!doctype html><html>")

    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            dialog = await opened(rig, path)
            assert dialog.notice.text.startswith("This is a web page, not an export.")
            assert "\u202e" not in dialog._name.text()
            assert not dialog.accept_button.isVisible()
            assert dialog._cancel.text() == "Close"
            dialog._cancel.click()
            await until(lambda: rig.window.work.transfer.dialog is None)
            assert rig.titles == []

    qloop(scenario())


def test_every_problem_and_everything_left_out_has_its_words() -> None:
    sentences = {problem_sentence(problem) for problem in ImportProblem}
    assert len(sentences) == len(ImportProblem)
    lines = left_out_lines(dict.fromkeys(LeftOut, 1234))
    assert len(set(lines)) == len(LeftOut)
    assert all(line.endswith((": 1,234", ": 1234")) for line in lines)


def test_a_database_that_refuses_leaves_the_dialog_with_its_words(
    qloop: QLoop, folder: Path, monkeypatch
) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            dialog = await opened(rig, DATA / "claude.json")

            async def full(*_: object, **__: object) -> None:
                raise DiskFullError("The disk is full.")

            monkeypatch.setattr(rig.store, "import_conversations", full)
            dialog.accept_button.click()
            await until(lambda: not dialog.notice.isHidden())
            assert dialog.notice.text == "The disk is full."
            dialog.reject()

    qloop(scenario())


@pytest.mark.parametrize("how", ["cancel", "quit"])
def test_an_import_that_is_ended_while_it_is_stored_leaves_nothing(
    qloop: QLoop, folder: Path, monkeypatch, how: str
) -> None:
    async def scenario() -> None:
        go_on = threading.Event()
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        async with open_window(folder, environment={}) as rig:
            dialog = await opened(rig, DATA / "claude.json")
            watch_type = import_dialog.Watch

            class Slow(watch_type):  # type: ignore[misc, valid-type]
                def look(self, share: float | None = None) -> None:
                    loop.call_soon_threadsafe(begun.set)
                    assert go_on.wait(20)
                    super().look(share)

            monkeypatch.setattr(import_dialog, "Watch", Slow)
            dialog.accept_button.click()
            await begun.wait()
            if how == "cancel":
                dialog.reject()
                go_on.set()
                await until(lambda: rig.window.work.transfer.dialog is None)
                await rig.library.load()
                assert rig.titles == []
            else:
                loop.call_later(0.05, go_on.set)
        async with open_window(folder, environment={}) as rig:
            assert rig.titles == []

    qloop(scenario())


def test_a_file_that_is_dropped_begins_an_import(qloop: QLoop, folder: Path, tmp_path) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            window, none = rig.window, Qt.KeyboardModifier.NoModifier
            action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
            data, other = QMimeData(), QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(DATA / "claude.json"))])
            other.setUrls([QUrl.fromLocalFile(str(tmp_path / "picture.png"))])
            for dragged, wanted in ((data, True), (other, False)):
                enter = QDragEnterEvent(QPoint(5, 5), action, dragged, button, none)
                QApplication.sendEvent(window, enter)
                assert enter.isAccepted() is wanted
            QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), action, data, button, none))
            dialog = window.work.transfer.dialog
            assert dialog is not None
            await until(lambda: dialog.list.count() == 2)
            # One at a time.
            assert window.work.transfer.import_file(DATA / "chatgpt.json") is None
            dialog.reject()
            await until(lambda: window.work.transfer.dialog is None)

    qloop(scenario())


# Export


def test_a_conversation_goes_out_and_comes_back_the_same(qloop: QLoop, folder, tmp_path) -> None:
    path = tmp_path / "tea.interleave.json"

    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            await imported(rig, "chatgpt.json")
            (key,) = [c.id for c in rig.library.conversations]
            content = await export(rig, path, "interleave", key)
            assert toast(rig) == "Exported to tea.interleave.json"
            dialog = await opened(rig, path)
            assert dialog.list.item(0).checkState() is Qt.CheckState.Unchecked
            dialog.reject()
        async with open_window(tmp_path / "other", environment={}) as rig:
            dialog = await opened(rig, path)
            dialog.accept_button.click()
            await until(lambda: rig.window.work.transfer.dialog is None)
            assert await export(rig, tmp_path / "again", "interleave", key) == content

    qloop(scenario())


def test_the_key_is_in_no_export(qloop: QLoop, folder, tmp_path) -> None:
    async def scenario() -> None:
        with DemoServer() as server:
            server.enqueue(Reply([Think("Hm."), Say("Hello.")]))
            async with open_window(folder, server) as rig:
                await rig.ask("Hello?")
                key = rig.session.conversation.id
                for name in ("interleave", "markdown", "html", "pdf"):
                    content = await export(rig, tmp_path / name, name, key)
                    assert b"window-key" not in content
                    assert str(tmp_path).encode() not in content
                whole = json.loads((tmp_path / "interleave").read_text())
                (exchange,) = whole["conversations"][0]["exchanges"]
                assert ["Authorization", "Bearer ••••"] in exchange["request_headers"]

    qloop(scenario())


def test_all_of_them_as_pages_in_an_archive(qloop: QLoop, folder, tmp_path) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            rig.trigger("export_all")
            assert toast(rig) == "There is no conversation to export yet."
            await imported(rig, "claude.json")
            rig.settings.set(EXPORT_THINKING, "none")
            rig.trigger("export_all")
            target = rig.window.work.transfer.target
            assert target is not None
            filters = target.nameFilters()
            assert filters[0] == "Interleave, with everything (*.interleave.json)"
            assert "Web page, a file each in an archive (*.zip)" in filters
            target.take(tmp_path / "all", form("html"))
            target.reject()
            path = tmp_path / "all.zip"
            await until(lambda: toast(rig) == "Exported to all.zip")
            with zipfile.ZipFile(path) as archive:
                assert archive.namelist() == ["Steeping.html", "Old form.html"]
                page = archive.read("Steeping.html").decode()
            assert "Three minutes." in page
            assert "The notes say two." not in page

    qloop(scenario())


def test_the_name_follows_the_format(qloop: QLoop, folder) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            rig.trigger("export")  # nothing is open
            assert rig.window.work.transfer.target is None
            await imported(rig, "chatgpt.json")
            rig.window.sidebar.export_requested.emit((rig.library.conversations[0].id,))
            target = rig.window.work.transfer.target
            assert target is not None
            assert target.acceptMode() is QFileDialog.AcceptMode.AcceptSave
            names = []
            for chosen in target.nameFilters():
                target.selectNameFilter(chosen)
                target.filterSelected.emit(chosen)
                names.append(Path(target.selectedFiles()[0]).name)
            title = "Tea and its temperature 茶"
            assert names == [
                title + suffix for suffix in (".interleave.json", ".html", ".md", ".pdf")
            ]
            # A suffix that was typed says which format is meant.
            target.selectNameFilter(target.nameFilters()[0])
            assert target._meant("/x/tea.PDF") is PDF
            assert target._meant("/x/tea.interleave.json").id == "interleave"
            assert target._meant("/x/tea").id == "interleave"
            target.reject()

    qloop(scenario())


def test_a_file_that_is_there_is_asked_about(qloop: QLoop, folder, tmp_path) -> None:
    path = tmp_path / "tea.md"
    path.write_text("mine")

    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            await imported(rig, "chatgpt.json")
            rig.window.work.transfer.export([rig.library.conversations[0].id])
            target = rig.window.work.transfer.target
            assert target is not None
            for answer in ("Cancel", "Replace"):
                target.take(path, form("markdown"))
                box = await until(lambda: rig.window.findChild(QMessageBox))
                assert "tea.md" in box.text()
                (button,) = [b for b in box.findChildren(QPushButton) if b.text() == answer]
                button.click()
                await until(lambda: rig.window.findChild(QMessageBox) is None)
                if answer == "Cancel":
                    assert path.read_text() == "mine"
            await until(lambda: path.read_text().startswith("# Tea"))
            target.reject()
            # Said now, it would be replaced without a question.
            await rig.window.work.transfer.write(
                [rig.library.conversations[0].id], path, form("markdown"), replace=False
            )
            assert rig.window.banners.has("export")

    qloop(scenario())


def test_what_cannot_be_written_is_said(qloop: QLoop, folder, tmp_path, monkeypatch) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            await imported(rig, "chatgpt.json")
            key = rig.library.conversations[0].id
            missing = tmp_path / "missing" / "x.md"
            await rig.window.work.transfer.write([key], missing, form("markdown"), replace=False)
            assert rig.window.banners.has("export")
            await export(rig, tmp_path / "x.md", "markdown", key)
            assert not rig.window.banners.has("export")

            async def refuse(_: str) -> None:
                raise StoreError("The database is locked.")

            monkeypatch.setattr(rig.store, "load_tree", refuse)
            await rig.window.work.transfer.write([key], tmp_path / "y", form("html"), replace=False)
            assert rig.window.banners.has("export")
            assert not (tmp_path / "y").exists()

    qloop(scenario())


def test_an_export_that_takes_long_shows_how_far_it_is_and_can_be_cancelled(
    qloop: QLoop, folder, tmp_path
) -> None:
    async def scenario() -> None:
        go_on = threading.Event()

        class Slow:
            def __init__(self, file: object, options: object) -> None:
                self.done = 0

            def add(self, tree: object) -> None:
                self.done += 1
                assert self.done < 2 or go_on.wait(20)

            def close(self) -> None:
                pass

        slow = replace(form("interleave"), begin=Slow)
        async with open_window(folder, environment={}) as rig:
            await imported(rig, "claude.json")
            ids = [conversation.id for conversation in rig.library.conversations]
            target = tmp_path / "out" / "x.json"
            target.parent.mkdir()
            rig.window.work.transfer._start(ids, target, slow, replace=False)
            progress = await until(lambda: rig.window.findChild(ExportProgress))
            await until(progress.isVisible, "the progress")
            await until(lambda: progress._words.text() == "1 of 2 conversations")
            progress.reject()
            await until(lambda: rig.window.findChild(ExportProgress) is None)
            go_on.set()
            await until(lambda: not list(target.parent.iterdir()), "nothing to be left")
            assert not toast(rig).startswith("Exported")
            assert not rig.window.banners.has("export")

    qloop(scenario())


def test_the_settings_lead_here(qloop: QLoop, folder) -> None:
    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            dialog = rig.window.work.open_settings()
            dialog.show_page(Page.DATA)
            (block,) = dialog._data_blocks
            assert block.widget().isVisible()
            assert block.narrow(["chatgpt"])
            assert not block.narrow(["proxy"])
            block.narrow([])
            exported: list[int] = []
            block.export_requested.connect(lambda: exported.append(1))
            buttons = {b.text(): b for b in block.widget().findChildren(QPushButton)}
            buttons["Export all…"].click()
            assert exported
            buttons["Import…"].click()
            chooser = await until(lambda: rig.window.findChild(QFileDialog))
            chooser.fileSelected.emit(str(DATA / "claude.json"))
            chooser.reject()
            opened_dialog = rig.window.work.transfer.dialog
            assert opened_dialog is not None
            await until(lambda: opened_dialog.list.count() == 2)
            opened_dialog.reject()
            dialog.close()

    qloop(scenario())


def test_hidden_characters_of_a_title_are_seen() -> None:
    assert visible("a\u202eb") != "a\u202eb"


def test_a_picture_in_a_text_is_never_opened_for_a_pdf(qloop: QLoop, folder, tmp_path) -> None:
    fifo = tmp_path / "fifo.png"
    os.mkfifo(fifo)  # whoever opens it waits for ever
    value = json.loads((DATA / "claude.json").read_text())[:1]
    said = f"![x]({fifo}) <img src='{fifo}'>\n\n| a |\n|---|\n| ![y](file://{fifo}) |\n"
    value[0]["chat_messages"][2]["content"][0]["text"] = said
    path = tmp_path / "in.json"
    path.write_text(json.dumps(value))

    async def scenario() -> None:
        async with open_window(folder, environment={}) as rig:
            dialog = await opened(rig, path)
            dialog.accept_button.click()
            await until(lambda: rig.window.work.transfer.dialog is None)
            key = rig.library.conversations[0].id
            content = await export(rig, tmp_path / "x.pdf", "pdf", key)
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")

    qloop(scenario())
