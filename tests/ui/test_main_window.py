"""The window as a whole: conversations in the list, panes, connections, language, theme, shortcuts."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from desktop_app import APP_NAME
from desktop_app.catalog import regions
from desktop_app.chat import connections
from desktop_app.chat.connections import region_connection
from desktop_app.chat.events import Phase
from desktop_app.chat.ports import StoreError
from desktop_app.demo import faults
from desktop_app.demo.script import Gate, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.providers.openai_chat import loading
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.table import (
    LANGUAGE,
    LAST_CONVERSATION,
    PROXY,
    PROXY_URL,
    SEND_KEY,
    THEME,
    ZOOM,
)
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.appearance import Appearance
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.theme import DARK, LIGHT
from desktop_app.ui.theming import current_tokens
from desktop_app.ui.transcript.entry import EntryKind
from desktop_app.ui.translations import install_language
from desktop_app.ui.window_state import WindowState
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, dispose, labels, open_window, until

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        running.otherwise(Reply([Think("Hm."), Say("Yes.")]))
        yield running


async def three_conversations(rig: Rig) -> list[str]:
    """Hold three conversations; return their ids in the order of the list, newest first."""
    await rig.ask("Tea")
    for title in ("Coffee", "Water"):
        rig.trigger("new_conversation")
        await until(lambda: not rig.session.messages)
        await rig.ask(title)
    assert rig.titles == ["Water", "Coffee", "Tea"]
    return [conversation.id for conversation in rig.library.conversations]


def visible_dialogs(rig: Rig) -> list[QDialog]:
    return [dialog for dialog in rig.window.findChildren(QDialog) if dialog.isVisible()]


# -- start and end --------------------------------------------------------------------------------


def test_it_opens_on_an_empty_conversation_with_the_cursor_in_the_message_box(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            assert rig.window.windowTitle() == APP_NAME
            assert rig.status == "ready"
            assert rig.entries == []
            await until(lambda: rig.named("Message").hasFocus(), "the focus")
            rig.window.focusWidget()
            assert rig.named("Region", QComboBox).currentText() == "Environment"
            assert rig.titles == []

    qloop(scenario())


class Windows(QObject):
    """Keeps what is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


def test_no_part_of_it_is_a_window_of_its_own_while_it_is_furnished(
    qapp: QApplication, qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        windows = Windows()
        qapp.installEventFilter(windows)
        try:
            async with open_window(tmp_path, server) as rig:
                assert windows.shown == [rig.window]
                assert rig.window.findChildren(QLabel, "Empty")[0].isVisible()
        finally:
            qapp.removeEventFilter(windows)

    qloop(scenario())


def test_its_frame_stands_with_names_and_words_before_it_is_furnished(
    qapp: QApplication, tmp_path: Path
) -> None:
    window = MainWindow(WindowState(tmp_path / "window.json"))
    window.show()
    try:
        qapp.processEvents()
        names = {child.accessibleName() for child in window.findChildren(QWidget)}
        assert {"New conversation", "Menu", "Search conversations", "Settings"} <= names
        assert "What the model thinks appears here" in " ".join(
            label.text() for label in window.thinking.findChildren(QLabel)
        )
        assert not window.findChildren(QLabel, "Empty")[0].isVisible()
        window.come_forward()
        window.search()
        install_language(qapp, "zh_CN")
        qapp.processEvents()
        assert "设置" in window.actions_by_id["settings"].text()
    finally:
        install_language(qapp, "en")
        dispose(window)


def test_without_a_key_it_asks_for_one_first(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path) as rig:
            assert rig.window.work.first_run.isVisible()
            assert not rig.window.work.page.isVisible()
            assert rig.window.work.page.session is None

    qloop(scenario())


def test_a_key_in_the_keyring_is_enough(qloop: QLoop[None], tmp_path: Path) -> None:
    account = region_connection(regions.REGIONS[0]).key_account

    async def scenario() -> None:
        async with open_window(tmp_path, keys={account: "key"}) as rig:
            assert rig.window.work.page.isVisible()
            assert not rig.window.work.first_run.isVisible()

    qloop(scenario())


def test_the_demo_from_the_first_card_and_back(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, demo=server) as rig:
            rig.window.work.first_run.demo_requested.emit()
            assert rig.window.work.page.isVisible()
            assert rig.window.windowTitle() == f"Demo – {APP_NAME}"
            assert rig.window.banners.has("demo")
            await rig.ask("Hello")
            assert rig.texts == ["Hello", "Yes."]
            (button,) = rig.window.banners.findChildren(QPushButton)
            button.click()
            await until(rig.window.work.first_run.isVisible)
            assert not rig.window.banners.has("demo")
            assert rig.window.windowTitle() == APP_NAME

    qloop(scenario())


def test_the_last_conversation_is_open_again(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            _, second, _ = await three_conversations(rig)
            rig.window.sidebar.conversation_chosen.emit(second)
            await until(lambda: rig.session.conversation.id == second)
            shown = rig.entries
        async with open_window(tmp_path, server) as rig:
            assert rig.session.conversation.id == second
            assert rig.entries == shown
            assert [step.text for step in rig.steps] == ["Hm."]
            assert rig.titles == ["Water", "Coffee", "Tea"]
            assert rig.window.sidebar.current_id() == second

    qloop(scenario())


def test_a_last_conversation_that_is_gone_is_no_trouble(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.settings.set(LAST_CONVERSATION, "gone")
        async with open_window(tmp_path, server) as rig:
            assert rig.entries == []
            assert rig.status == "ready"

    qloop(scenario())


def test_the_window_stands_where_it_stood(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.window.resize(780, 640)
            rig.window.move(10, 20)
            await until(lambda: not rig.window.thinking.isVisible())
            rig.window._splitter.setSizes([300, 480])
        async with open_window(tmp_path, server) as rig:
            assert rig.window.size() == QSize(780, 640)
            assert (rig.window.pos() - QPoint(10, 20)).manhattanLength() < 10
            assert rig.window._splitter.sizes()[0] == 300
            # It was hidden for want of room alone.
            assert not rig.window.thinking.isVisible()
            rig.window.resize(1240, 640)
            await until(rig.window.thinking.isVisible)
            rig.trigger("toggle_thinking")
            rig.window.resize(780, 640)
        async with open_window(tmp_path, server) as rig:
            rig.window.resize(1240, 640)
            await until(rig.window.sidebar.isVisible)
            assert not rig.window.thinking.isVisible()
        (tmp_path / "window.json").write_bytes(b"[\x00 damaged")
        async with open_window(tmp_path, server) as rig:
            assert rig.window.size() == QSize(1240, 800)
            assert rig.window.thinking.isVisible()

    qloop(scenario())


# -- the list ---------------------------------------------------------------------------------------


def test_conversations_are_chosen_by_list_and_by_key(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            water, coffee, tea = await three_conversations(rig)
            rig.press(Qt.Key.Key_PageDown, CONTROL)
            await until(lambda: rig.session.conversation.id == coffee)
            assert rig.window.sidebar.current_id() == coffee
            rig.trigger("next_conversation")
            await until(lambda: rig.session.conversation.id == tea)
            rig.trigger("next_conversation")
            await asyncio.sleep(0)
            assert rig.session.conversation.id == tea
            rig.trigger("previous_conversation")
            await until(lambda: rig.session.conversation.id == coffee)
            view = rig.window.sidebar._list
            view.clicked.emit(view.model().index(0, 0))
            await until(lambda: rig.session.conversation.id == water)
            assert rig.texts == ["Water", "Yes."]

    qloop(scenario())


def visible_label(widget: QWidget, text: str) -> bool:
    return any(label.isVisible() and label.text() == text for label in widget.findChildren(QLabel))


def test_search_keeps_the_titles_that_hold_every_word(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await three_conversations(rig)
            rig.trigger("search_conversations")
            field = rig.named("Search conversations", QLineEdit)
            await until(field.hasFocus)
            field.setText("  EE coff ")
            assert rig.titles == ["Coffee"]
            field.setText("nothing like it")
            assert rig.titles == []
            said = "Nothing found. Searched: Answers, Thinking, Tools, Mine."
            await until(lambda: visible_label(rig.window.sidebar, said), said)
            field.clear()
            assert not visible_label(rig.window.sidebar, said)
            assert rig.titles == ["Water", "Coffee", "Tea"]
            assert rig.window.sidebar.current_id() == rig.session.conversation.id

    qloop(scenario())


def test_a_deleted_conversation_can_be_brought_back(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            water, coffee, tea = await three_conversations(rig)
            undo = rig.window.actions_by_id["undo"]
            assert not undo.isEnabled()
            rig.window.sidebar.delete_requested.emit((water,))
            await until(lambda: rig.titles == ["Coffee", "Tea"])
            await until(lambda: rig.session.conversation.id == coffee)
            rig.window.sidebar.delete_requested.emit((tea,))
            await until(lambda: rig.titles == ["Coffee"])
            assert rig.session.conversation.id == coffee
            assert undo.isEnabled()
            assert rig.window.work.toast.isVisible()
            rig.click("Undo")
            await until(lambda: rig.titles == ["Coffee", "Tea"])
            await until(lambda: rig.session.conversation.id == tea)
            undo.trigger()
            await until(lambda: rig.titles == ["Water", "Coffee", "Tea"])
            await until(lambda: rig.texts == ["Water", "Yes."])
            assert not undo.isEnabled()
        async with open_window(tmp_path, server) as rig:
            assert rig.titles == ["Water", "Coffee", "Tea"]

    qloop(scenario())


def test_undo_belongs_to_a_text_box_that_was_written_in(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            water, coffee, _ = await three_conversations(rig)
            rig.window.sidebar.delete_requested.emit((water,))
            await until(lambda: rig.session.conversation.id == coffee)
            box = rig.named("Message", QPlainTextEdit)
            await until(box.hasFocus)
            rig.type("abc")
            rig.press(Qt.Key.Key_Z, CONTROL)
            assert box.toPlainText() == ""
            # One time too many, or back again: still not the window's.
            rig.press(Qt.Key.Key_Z, CONTROL)
            rig.press(Qt.Key.Key_Y, CONTROL)
            assert box.toPlainText() == "abc"
            assert rig.titles == ["Coffee", "Tea"]
            box.clear()
            rig.press(Qt.Key.Key_Z, CONTROL)
            await until(lambda: rig.titles == ["Water", "Coffee", "Tea"])
            await until(
                lambda: rig.window.work.toast.accessibleName() == "Undone: Conversation deleted"
            )
            rig.click("Redo")
            await until(lambda: rig.titles == ["Coffee", "Tea"])
            assert rig.window.work.toast.accessibleName() == "Conversation deleted"
            await until(lambda: rig.session.conversation.id == coffee)

    qloop(scenario())


def test_deleting_the_only_conversation_leaves_an_empty_one(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Tea")
            deleted = rig.session.conversation.id
            rig.window.sidebar.delete_requested.emit((deleted,))
            await until(lambda: rig.session.conversation.id != deleted)
            assert rig.titles == []
            assert rig.entries == []
            await rig.ask("Coffee")
            assert rig.titles == ["Coffee"]

    qloop(scenario())


def test_deleting_a_conversation_in_which_an_answer_streams(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("As far as this"), Wait(gate), Say("never")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.send("Tea")
            await until(lambda: rig.texts[-1:] == ["As far as this"])
            deleted = rig.session.conversation.id
            rig.window.sidebar.delete_requested.emit((deleted,))
            await until(lambda: rig.session.conversation.id != deleted)
            await server.disconnected.arrived(1)
            assert rig.titles == []
            rig.trigger("undo")
            await until(lambda: rig.session.conversation.id == deleted)
            assert rig.texts == ["Tea", "As far as this"]

    qloop(scenario())


def test_a_conversation_gets_another_name(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await three_conversations(rig)
            first = rig.library.conversations[0].id
            rig.window.sidebar.rename_requested.emit(first)
            dialog = await until(lambda: visible_dialogs(rig))
            (field,) = dialog[0].findChildren(QLineEdit)
            assert field.text() == "Water"
            field.setText("   ")
            QTest.keyClick(field, Qt.Key.Key_Return)
            assert dialog[0].isVisible()
            field.setText(" Sparkling ")
            QTest.keyClick(field, Qt.Key.Key_Return)
            await until(lambda: rig.titles == ["Sparkling", "Coffee", "Tea"])
            assert rig.has("Sparkling")
            await rig.session.settled()
            rig.window.activateWindow()
            await until(rig.window.isActiveWindow)
            rig.window.work.page.view.setFocus()
            rig.press(Qt.Key.Key_Z, CONTROL)
            await until(lambda: rig.titles == ["Water", "Coffee", "Tea"])
            rig.press(Qt.Key.Key_Y, CONTROL)
            await until(lambda: rig.titles == ["Sparkling", "Coffee", "Tea"])
            await rig.session.settled()
        async with open_window(tmp_path, server) as rig:
            assert rig.titles[0] == "Sparkling"

    qloop(scenario())


def test_a_database_that_refuses_is_said_and_changes_nothing(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await three_conversations(rig)
            for method in ("delete_conversations", "restore_conversation", "load_branch"):
                monkeypatch.setattr(rig.store, method, refuse)
            rig.window.sidebar.delete_requested.emit((rig.session.conversation.id,))
            await until(lambda: rig.window.banners.has("storage"))
            assert rig.titles == ["Water", "Coffee", "Tea"]
            assert rig.texts == ["Water", "Yes."]
            assert not rig.window.actions_by_id["undo"].isEnabled()
            monkeypatch.undo()
        async with open_window(tmp_path, server) as rig:
            monkeypatch.setattr(rig.store, "load_branch", refuse)
            tea = rig.library.conversations[-1].id
            rig.window.sidebar.conversation_chosen.emit(tea)
            await until(lambda: rig.window.banners.has("storage"))
            assert rig.texts == ["Water", "Yes."]
            assert rig.window.sidebar.current_id() == rig.session.conversation.id
            rig.window.banners.remove("storage")
            rig.window.sidebar.rename_requested.emit(tea)
            dialog = await until(lambda: visible_dialogs(rig))
            (field,) = dialog[0].findChildren(QLineEdit)
            field.setText("Coffee")
            monkeypatch.setattr(rig.store, "save_conversation", refuse)
            QTest.keyClick(field, Qt.Key.Key_Return)
            await until(lambda: rig.window.banners.has("storage"))
            assert rig.titles == ["Water", "Coffee", "Tea"]
            monkeypatch.undo()

    qloop(scenario())


def test_a_busy_conversation_is_marked(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    from desktop_app.ui.conversation_list.model import BUSY_ROLE

    gate = Gate()
    server.enqueue(Reply([Say("Half"), Wait(gate), Say(" whole")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            model = rig.window.sidebar._list.model()
            rig.send("Tea")
            await gate.reached.arrived()
            await until(lambda: model.rowCount() and model.index(0, 0).data(BUSY_ROLE))
            gate.open()
            await rig.settled()
            assert not model.index(0, 0).data(BUSY_ROLE)

    qloop(scenario())


# -- connections ------------------------------------------------------------------------------------


def test_another_connection_is_asked_at_once_with_its_own_key(
    qloop: QLoop[None], tmp_path: Path
) -> None:
    with DemoServer() as one, DemoServer() as two:

        async def scenario() -> None:
            async with open_window(tmp_path) as rig:
                endpoints = tuple(
                    CustomEndpoint(name, name.title(), it.base_url, reasoning_split=True)
                    for name, it in (("one", one), ("two", two))
                )
                for endpoint in endpoints:
                    await rig.keys.write(endpoint.connection.key_account, f"key-{endpoint.id}")
                rig.settings.set_endpoints(endpoints)
                rig.book.select("one")
                await until(rig.window.work.page.isVisible)
                one.enqueue(Reply([Say("I am one.")]))
                two.enqueue(Reply([Say("I am two.")]))
                await rig.ask("Who?")
                choice = rig.named("Region", QComboBox)
                assert choice.currentText() == "One"
                index = choice.findText("Two")
                choice.setCurrentIndex(index)
                choice.activated.emit(index)
                assert choice.toolTip() == f"127.0.0.1:{two.port}"
                await rig.ask("And now?")
                assert rig.texts == ["Who?", "I am one.", "And now?", "I am two."]
                for server, key in ((one, "key-one"), (two, "key-two")):
                    (request,) = server.posts
                    assert request.header("authorization") == f"Bearer {key}"
                assert len(two.posts[0].field("messages")) == 3

        qloop(scenario())


def test_a_refused_key_offers_the_other_region(
    qloop: QLoop[None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two regions are two servers here; each has a key of its own."""
    with DemoServer() as international, DemoServer() as china:
        rows = tuple(
            replace(row, base_url=server.base_url)
            for row, server in zip(regions.REGIONS, (international, china), strict=True)
        )
        monkeypatch.setattr(regions, "REGIONS", rows)
        monkeypatch.setattr(connections, "REGIONS", rows)
        keys = {region_connection(row).key_account: f"key-{row.id}" for row in rows}
        international.enqueue(faults.wrong_key())
        china.enqueue(Reply([Say("欢迎")]))

        async def scenario() -> None:
            async with open_window(tmp_path, keys=keys) as rig:
                await rig.ask("Hello")
                card = rig.shown(EntryKind.ERROR)
                offered = [action.id for action in card.actions]
                if "other_region" in offered:
                    rig.press_action(card, "other_region")
                else:  # only for a region's own host, which loopback is not
                    rig.window.work.page.other_region_requested.emit()
                assert rig.book.current.id == "china"
                assert rig.named("Region", QComboBox).currentText() == "China"
                rig.press_action(rig.shown(EntryKind.ERROR), "retry")
                await rig.settled()
                assert rig.texts == ["Hello", "欢迎"]
                assert china.posts[0].header("authorization") == "Bearer key-china"
                assert international.posts[0].header("authorization") == "Bearer key-international"

        qloop(scenario())


def test_a_locked_keyring_is_told_in_the_conversation(qloop: QLoop[None], tmp_path: Path) -> None:
    account = region_connection(regions.REGIONS[0]).key_account

    async def scenario() -> None:
        async with open_window(tmp_path, keys={account: "key"}) as rig:
            rig.keys.state = KeyringState.LOCKED
            rig.keys.this_run.clear()
            await rig.ask("Hello")
            card = rig.shown(EntryKind.ERROR)
            assert card.text.startswith("The system keyring is locked")
            assert [action.id for action in card.actions][:2] == ["open_settings", "retry"]

    qloop(scenario())


# -- language and theme -----------------------------------------------------------------------------


@pytest.fixture
def in_english(qapp: QApplication) -> Iterator[None]:
    install_language(qapp, "en")
    yield
    install_language(qapp, "en")


def test_the_language_changes_every_label_while_an_answer_streams(
    qapp: QApplication, qloop: QLoop[None], tmp_path: Path, server: DemoServer, in_english: None
) -> None:
    gate = Gate()
    server.enqueue(Reply([Think("Hm."), Say("Half "), Wait(gate), Say("whole")]))

    async def scenario() -> None:
        async with open_window(tmp_path, server, demo=server) as rig:
            rig.window.banners.show_notice("x", "words of a notice")
            rig.send("Tea")
            await until(lambda: rig.texts[-1:] == ["Half "])
            english = set(labels(rig.window)) | {a.text() for a in rig.window.actions()}
            install_language(qapp, "zh_CN")
            await until(lambda: rig.has("停止"))
            chinese = set(labels(rig.window)) | {a.text() for a in rig.window.actions()}
            # Figures such as "< 1%" are no words.
            words = {text for text in english & chinese if any(map(str.isalnum, text))}
            same = {text for text in words if not text.strip("<% ").isdecimal() and text.isascii()}
            # What is not of the program's own words: names, titles, addresses.
            assert same <= {
                APP_NAME, "Tea", "MiniMax-M2", "127.0.0.1:" + str(server.port), "Environment",
            }, same  # fmt: skip
            assert rig.entries[0].name == "您"
            assert rig.texts == ["Tea", "Half "]
            assert [step.name for step in rig.steps] != ["Thought"]
            assert rig.status.startswith("回答中")
            gate.open()
            await rig.settled()
            assert rig.texts == ["Tea", "Half whole"]
            install_language(qapp, "en")
            await until(lambda: rig.has("Send"))
            assert rig.entries[0].name == "You"
            assert rig.status == "ready"

    qloop(scenario())


def test_the_theme_changes_while_the_window_is_open(
    qapp: QApplication, qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    palette, sheet, font = qapp.palette(), qapp.styleSheet(), qapp.font()
    restyled: list[str] = []

    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Tea")
            appearance = Appearance(qapp, rig.settings)
            appearance.changed.connect(lambda: restyled.append(""))
            rig.settings.set(THEME, "dark")
            await until(lambda: current_tokens() == DARK)
            assert DARK.surface.name() in rig.window.work.page.styleSheet()
            assert DARK.surface.name() in rig.window.thinking.styleSheet()
            picture = rig.window.work.page.view.viewport().grab().toImage()
            assert picture.pixelColor(2, picture.height() - 2) == DARK.surface
            rig.settings.set(THEME, "light")
            await until(lambda: current_tokens() == LIGHT)
            assert LIGHT.surface.name() in rig.window.work.page.styleSheet()
            # Each change is applied a few times at most: the setting's own and Qt's echoes of it.
            assert 2 <= len(restyled) <= 8
            rig.settings.reset(THEME)
            dispose(appearance)

    try:
        qloop(scenario())
    finally:
        qapp.setStyleSheet(sheet)
        qapp.setPalette(palette)
        qapp.setFont(font)


def test_the_text_is_scaled_within_bounds(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            for _ in range(20):
                rig.trigger("zoom_in")
            assert rig.settings.number(ZOOM) == 200
            for _ in range(30):
                rig.trigger("zoom_out")
            assert rig.settings.number(ZOOM) == 50
            rig.trigger("zoom_reset")
            assert rig.settings.number(ZOOM) == 100

    qloop(scenario())


def test_the_send_key_changes_at_once(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.settings.set(SEND_KEY, "ctrl+enter")
            rig.send("Tea")
            assert rig.session.messages == ()
            assert rig.window.work.page.composer.text == "Tea\n"
            rig.press(Qt.Key.Key_Return, CONTROL)
            await rig.settled()
            assert rig.texts[0].strip() == "Tea"

    qloop(scenario())


# -- panes and shortcuts ----------------------------------------------------------------------------


def test_a_narrow_window_belongs_to_the_conversation(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            window = rig.window
            side = (window.sidebar, window.thinking)
            assert [pane.isVisible() for pane in side] == [True, True]
            window.resize(800, 700)
            await until(lambda: [pane.isVisible() for pane in side] == [True, False])
            window.resize(500, 700)
            await until(lambda: [pane.isVisible() for pane in side] == [False, False])
            await until(lambda: rig.named("Message").width() > 400)
            window.resize(1240, 800)
            await until(lambda: [pane.isVisible() for pane in side] == [True, True])
            # What a person has closed stays closed, however wide the window becomes.
            rig.press(Qt.Key.Key_J, CONTROL)
            await until(lambda: not window.thinking.isVisible())
            window.resize(500, 700)
            await until(lambda: not window.sidebar.isVisible())
            window.resize(1240, 800)
            await until(window.sidebar.isVisible)
            assert not window.thinking.isVisible()
            rig.press(Qt.Key.Key_J, CONTROL)
            await until(window.thinking.isVisible)
            rig.press(Qt.Key.Key_F9)
            await until(lambda: not window.sidebar.isVisible())
            rig.press(Qt.Key.Key_B, CONTROL)
            await until(window.sidebar.isVisible)

    qloop(scenario())


def test_a_narrow_window_shows_a_pane_that_is_asked_for(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            window = rig.window
            window.resize(600, 700)
            await until(lambda: not window.sidebar.isVisible())
            rig.trigger("search_conversations")
            await until(window.sidebar.isVisible)
            await until(lambda: rig.named("Search conversations").hasFocus())
            rig.trigger("toggle_thinking")
            await until(window.thinking.isVisible)
            assert not window.sidebar.isVisible()
            assert window.width() < 700

    qloop(scenario())


def test_finding_while_an_answer_streams_leaves_it_alone(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        gate = Gate()
        server.enqueue(
            Reply([Think("Needle in thought."), Say("A needle and "), Wait(gate), Say("a needle.")])
        )
        async with open_window(tmp_path, server) as rig:
            rig.send("Needle?")
            await until(lambda: rig.texts[-1:] == ["A needle and "])
            rig.trigger("find")
            bar = rig.window.work.page.finding.conversation_bar
            await until(bar.edit.hasFocus)
            QTest.keyClicks(bar.edit, "needle")
            await until(lambda: bar.count.text().endswith("/ 2"))
            await until(lambda: bar.elsewhere.text() == "Thinking: 1")
            QTest.keyClick(bar.edit, Qt.Key.Key_Escape)
            assert not bar.isVisible()
            assert rig.session.status.phase.is_busy
            rig.trigger("find")
            gate.open()
            await until(lambda: not rig.session.status.phase.is_busy)
            await until(lambda: bar.count.text().endswith("/ 3"))
            assert rig.texts[-1] == "A needle and a needle."

    qloop(scenario())


def test_every_action_does_something(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("Tea")
            closed: list[bool] = []
            rig.window.closed.connect(lambda: closed.append(True))
            assert set(rig.window.actions_by_id) == {row.id for row in ACTIONS}
            for row in ACTIONS:
                if row.id != "quit":
                    rig.trigger(row.id)
                    await asyncio.sleep(0)
                    for dialog in rig.window.findChildren(QDialog):
                        if dialog.isVisible():
                            dialog.close()
                    popup = QApplication.activePopupWidget()
                    if popup is not None:
                        popup.close()
            rig.trigger("quit")
            assert closed == [True]

    qloop(scenario())


def test_no_shortcut_stands_twice_and_none_belongs_to_the_system() -> None:
    keys = [QKeySequence(keys).toString() for row in ACTIONS for keys in row.shortcuts]
    assert "" not in keys
    assert len(keys) == len(set(keys))
    assert not set(keys) & {"Ctrl+Space", "Alt+Space"}
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)


def test_the_menu_holds_every_action_under_its_name(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            (menu,) = [m for m in rig.window.findChildren(QMenu) if m.parent() is rig.window]
            words = [action.text() for action in menu.actions() if not action.isSeparator()]
            assert words == [row.label for row in ACTIONS]
            groups = len({row.group for row in ACTIONS})
            assert sum(action.isSeparator() for action in menu.actions()) == groups - 1
            rig.press(Qt.Key.Key_N, CONTROL)
            rig.press(Qt.Key.Key_Comma, CONTROL)
            await until(lambda: rig.window.findChildren(QDialog))
            assert rig.session.status.phase is Phase.READY

    qloop(scenario())


def test_the_settings_open_once(qloop: QLoop[None], tmp_path: Path, server: DemoServer) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            rig.trigger("settings")
            (first,) = [d for d in rig.window.findChildren(QDialog) if d.isVisible()]
            first.close()
            rig.window.sidebar.settings_requested.emit()
            assert first.isVisible()
            assert [d for d in rig.window.findChildren(QDialog) if d.isVisible()] == [first]
            rig.settings.set(LANGUAGE, "en")

    qloop(scenario())


def test_a_failure_leads_to_its_page_of_the_settings(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "https://api.server.test/v1") as rig:
            for address, heading in (("http://127.0.0.1:1", "Network"), ("", "Connection")):
                # Nothing listens at the proxy; without one the host does not exist.
                rig.settings.set(PROXY, "custom" if address else "none")
                rig.settings.set(PROXY_URL, address)
                await rig.ask("Go")
                rig.press_action(rig.shown(EntryKind.ERROR), "open_settings")
                (dialog,) = [d for d in rig.window.findChildren(QDialog) if d.isVisible()]
                pages = dialog.findChild(QListWidget)
                assert pages is not None
                assert pages.currentItem().text() == heading

    qloop(scenario())


def test_the_files_of_the_window_hold_no_message(
    qloop: QLoop[None], tmp_path: Path, server: DemoServer
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, server) as rig:
            await rig.ask("A secret about tea")
        for name in ("settings.json", "window.json"):
            content = (tmp_path / name).read_text(encoding="utf-8")
            assert json.loads(content)
            assert "secret" not in content

    qloop(scenario())
