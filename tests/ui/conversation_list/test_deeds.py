"""Putting conversations in order, in the real window on a real database, and taking it back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
)

from desktop_app.chat.ports import StoreError
from desktop_app.chat.undo import DeedKind
from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text
from desktop_app.providers.openai_chat import loading
from desktop_app.settings.table import FOLDED_FOLDERS
from desktop_app.ui.conversation_list.deed_words import WORDS
from desktop_app.ui.conversation_list.grouping import Listing
from desktop_app.ui.conversation_list.model import HEADING_ROLE
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        running.otherwise(Reply([Say("Yes.")]))
        yield running


async def fill(rig: Rig, *titles: str) -> None:
    """Store a conversation of two messages for each title, the first the newest; its id the title."""
    for number, title in enumerate(titles):
        key, now = title.lower(), 4e9 - number
        await rig.store.add_messages(
            Conversation(key, title, updated_at=now, model="MiniMax-M2", head=f"{key}-2"),
            (
                Message(f"{key}-1", Role.USER, (Text(title),), created_at=now),
                Message(f"{key}-2", Role.ASSISTANT, (Text("Yes."),), f"{key}-1", now),
            ),
        )
    await rig.library.load()


def choose(rig: Rig, ids: tuple[str, ...], *path: str) -> None:
    """Ask for the menu of ``ids`` and take the item that ``path`` leads to."""
    rig.window.sidebar.menu_requested.emit(ids, QPoint(10, 10))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action: QAction | None = None
    actions = menu.actions()
    for name in path:
        action = next(item for item in actions if item.text() == name)
        submenu = action.menu()
        actions = submenu.actions() if isinstance(submenu, QMenu) else []
    assert action is not None
    action.trigger()
    menu.close()


async def answer(rig: Rig, text: str) -> None:
    """Type ``text`` into the dialog that asks for a line."""
    dialogs = await until(
        lambda: [d for d in rig.window.findChildren(QDialog) if d.isVisible()], "a dialog"
    )
    (field,) = dialogs[0].findChildren(QLineEdit)
    field.setText(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def headings(rig: Rig) -> list[str]:
    model = rig.window.sidebar._list.model()
    return [model.index(row, 0).data(HEADING_ROLE) for row in range(model.rowCount())]


async def undone(rig: Rig, *titles: str) -> None:
    rig.trigger("undo")
    await until(lambda: rig.titles == list(titles), "the way back")


def test_one_menu_for_all_that_are_selected(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea", "Coffee", "Water")
            both = ("coffee", "water")
            choose(rig, both, "Pin")
            await until(lambda: rig.titles == ["Coffee", "Water", "Tea"])
            assert rig.window.work.toast.accessibleName() == "2 conversations pinned"
            assert headings(rig) == ["Pinned", "", "Today"]
            choose(rig, both, "Unpin")
            await until(lambda: rig.titles == ["Tea", "Coffee", "Water"])

            choose(rig, both, "Move to folder", "New folder…")
            await answer(rig, " Kitchen & co ")
            await until(lambda: headings(rig) == ["Kitchen & co", "", "Today"])
            choose(rig, ("tea",), "Move to folder", "Kitchen && co")
            await until(lambda: headings(rig) == ["Kitchen & co", "", ""])
            choose(rig, ("water",), "Move to folder", "No folder")
            await until(lambda: rig.titles == ["Tea", "Coffee", "Water"])

            choose(rig, both, "Tags", "New tag…")
            await answer(rig, "#Wet, good")
            given = ("Wet", "good")
            await until(lambda: [rig.library.find(key).tags for key in both] == [given] * 2)
            assert rig.library.tags == ("good", "Wet")
            choose(rig, ("water",), "Tags", "good")
            await until(lambda: rig.library.find("water").tags == ("Wet",))
            field = rig.named("Search conversations", QLineEdit)
            field.setText("#good")
            assert rig.titles == ["Coffee"]
            field.clear()

            choose(rig, both, "Archive")
            await until(lambda: rig.titles == ["Tea"])
            rig.window.sidebar.show_listing(Listing.ARCHIVE)
            assert rig.titles == ["Coffee", "Water"]
            choose(rig, ("water",), "Take out of the archive")
            await until(lambda: rig.titles == ["Coffee"])
            rig.window.sidebar.show_listing(Listing.CONVERSATIONS)
            assert rig.titles == ["Tea", "Water"]

            # Everything back, one after the other.
            while rig.window.actions_by_id["undo"].isEnabled():
                last = rig.window.work.deeds._deeds.stack.last
                rig.trigger("undo")
                await until(lambda last=last: rig.window.work.deeds._deeds.stack.last is not last)
            plain = [replace(c, head=None, model="") for c in rig.library.conversations]
            assert plain == [
                Conversation(title.lower(), title, updated_at=4e9 - number)
                for number, title in enumerate(("Tea", "Coffee", "Water"))
            ]
            rig.trigger("redo")
            await until(lambda: headings(rig) == ["Pinned", "", "Today"])
        async with open_window(tmp_path, server) as rig:
            assert headings(rig) == ["Pinned", "", "Today"]

    qloop(scenario())


def test_a_copy_goes_and_comes_with_undo_and_redo(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea")
            choose(rig, ("tea",), "Duplicate")
            await until(lambda: sorted(rig.titles) == ["Tea", "Tea (2)"])
            copy = next(c.id for c in rig.library.conversations if c.id != "tea")
            rig.window.sidebar.conversation_chosen.emit(copy)
            await until(lambda: rig.session.conversation.id == copy)
            assert rig.texts == ["Tea", "Yes."]
            await undone(rig, "Tea")
            # What was shown is gone, so its neighbour is.
            await until(lambda: rig.session.conversation.id == "tea")
            rig.trigger("redo")
            await until(lambda: sorted(rig.titles) == ["Tea", "Tea (2)"])

    qloop(scenario())


def test_an_emptied_conversation_is_filled_again(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea")
            rig.window.sidebar.conversation_chosen.emit("tea")
            await until(lambda: rig.texts == ["Tea", "Yes."])
            choose(rig, ("tea",), "Remove all messages")
            await until(lambda: rig.texts == [])
            assert rig.session.conversation.id == "tea"
            assert rig.titles == ["Tea"]
            rig.trigger("undo")
            await until(lambda: rig.texts == ["Tea", "Yes."])
            await rig.ask("More")
            assert rig.texts == ["Tea", "Yes.", "More", "Yes."]

    qloop(scenario())


def button(box: QMessageBox, text: str) -> QAbstractButton:
    return next(found for found in box.buttons() if found.text().replace("&", "") == text)


def test_the_trash_gives_back_and_asks_before_it_is_emptied(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def question(rig: Rig) -> QMessageBox:
        found = await until(
            lambda: [b for b in rig.window.findChildren(QMessageBox) if b.isVisible()], "a question"
        )
        return found[0]

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea", "Coffee", "Water", "Milk")
            rig.window.sidebar.delete_requested.emit(("tea", "coffee", "water"))
            await until(lambda: rig.titles == ["Milk"])
            rig.window.sidebar.show_listing(Listing.TRASH)
            await until(lambda: len(rig.titles) == 3)
            field = rig.named("Search conversations", QLineEdit)
            field.setText("cof")
            assert rig.titles == ["Coffee"]
            field.clear()
            rows = rig.named("Trash", QListView)
            rows.setCurrentIndex(rows.model().index(rig.titles.index("Coffee"), 0))
            rig.click("Restore")
            await until(lambda: sorted(rig.titles) == ["Tea", "Water"])
            assert [c.id for c in rig.library.conversations] == ["coffee", "milk"]

            choose(rig, ("tea",), "Delete for good…")
            box = await question(rig)
            button(box, "Cancel").click()
            assert sorted(rig.titles) == ["Tea", "Water"]
            choose(rig, ("tea",), "Delete for good…")
            button(await question(rig), "Delete for good").click()
            await until(lambda: rig.titles == ["Water"])
            rig.click("Empty trash")
            button(await question(rig), "Empty trash").click()
            await until(lambda: rig.titles == [])
            assert await rig.library.trash.list() == ()
            # Of the deletion of three, one was taken out and two are gone: nothing comes back.
            rig.window.sidebar.show_listing(Listing.CONVERSATIONS)
            for _ in range(2):
                rig.trigger("undo")
            await until(lambda: not rig.window.actions_by_id["undo"].isEnabled())
            assert rig.titles == ["Coffee", "Milk"]

    qloop(scenario())


def test_what_the_database_refuses_is_said_in_the_trash_too(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea")
            for method in ("list_trash", "erase_conversation", "restore_conversation"):
                monkeypatch.setattr(rig.store, method, refuse)
            for act in (
                lambda: rig.window.sidebar.show_listing(Listing.TRASH),
                lambda: rig.window.sidebar.restore_requested.emit(("tea",)),
                lambda: rig.window.work.deeds.start(),
            ):
                rig.window.banners.remove("storage")
                act()
                await until(lambda: rig.window.banners.has("storage"))
            monkeypatch.undo()

    qloop(scenario())


def test_old_trash_is_gone_after_a_start(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea", "Coffee")
            rig.store._clock = lambda: 1e9
            await rig.library.delete("tea")
        async with open_window(tmp_path, server) as rig:
            await until(lambda: not rig.window.work._scope._tasks)
            assert await rig.library.trash.list() == ()
            assert rig.titles == ["Coffee"]

    qloop(scenario())


def test_a_folded_folder_is_folded_at_the_next_start(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await fill(rig, "Tea", "Coffee")
            await rig.window.work.deeds._deeds.move(["tea"], "Kitchen")
            rig.window.sidebar._list.fold_requested.emit("Kitchen", True)
            assert rig.window.sidebar.ids() == ["coffee"]
        async with open_window(tmp_path, server) as rig:
            assert rig.settings.text(FOLDED_FOLDERS) == "Kitchen"
            assert rig.window.sidebar.ids() == ["coffee"]

    qloop(scenario())


def test_every_deed_has_its_words() -> None:
    assert set(WORDS) == set(DeedKind)
