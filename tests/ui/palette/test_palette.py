"""The command palette in the real window: from the keyboard, with the mouse, and with servers."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QPlainTextEdit

from desktop_app.chat.mcp_ports import McpError, McpServers
from desktop_app.demo.journal import Gate
from desktop_app.domain.mcp_content import Prompt, PromptMessage, Resource, ResourceText
from desktop_app.domain.mcp_server import ServerEntry, ServerPhase, ServerStatus
from desktop_app.settings.table import RECENT_COMMANDS, Page
from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.notice import NoticeKind
from desktop_app.ui.palette.command_model import ASIDE_ROLE
from desktop_app.ui.palette.palette import CommandPalette
from desktop_app.ui.settings_dialog.dialog import SettingsDialog
from desktop_app.ui.translations import install_language
from tests.mcp_client.conftest import our_server, running
from tests.ui.conftest import QLoop
from tests.ui.mcp_servers.test_asking import fill
from tests.ui.mcp_servers.test_servers_block import named
from tests.ui.window_kit import Rig, open_window, until

KEYS = {"api-key:international": "k"}
CTRL = Qt.KeyboardModifier.ControlModifier


def window(tmp_path: Path, **more):
    return open_window(tmp_path, environment={"MINIMAX_API_KEY": "k"}, keys=KEYS, **more)


def opened(rig: Rig) -> CommandPalette:
    """Open the palette as a person does."""
    rig.press(Qt.Key.Key_K, CTRL)
    palette = rig.window.work.commands.shown
    assert palette is not None
    assert palette.isVisible()
    return palette


def titles(palette: CommandPalette) -> list[str]:
    return [command.title for command in palette.model.rows]


def chosen(palette: CommandPalette) -> str:
    return palette.list.currentIndex().data()


def key(palette: CommandPalette, *keys: Qt.Key) -> None:
    for each in keys:
        QTest.keyClick(palette.field, each)


def test_everything_that_can_be_done_stands_there_once(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            await until(lambda: rig.window.work.page.header.models)
            palette = opened(rig)
            ids = [command.id for command in palette.model.rows]
            assert len(set(ids)) == len(ids)
            assert len(set(titles(palette))) == len(ids)
            actions = [f"action {row.id}" for row in ACTIONS if row.id != "command_palette"]
            assert ids[: len(actions)] == actions
            models = [f"Model: {name}" for name in rig.window.work.page.header.models]
            assert models
            assert set(models) <= set(titles(palette))
            pages = [page for page in Page if page is not Page.MCP]
            assert [each for each in ids if each.startswith("page ")] == [
                f"page {page}" for page in pages
            ]
            shortcuts = {
                command.id: palette.model.index(row, 0).data(ASIDE_ROLE)
                for row, command in enumerate(palette.model.rows)
            }
            assert shortcuts["action new_conversation"] == "Ctrl+N"
            assert shortcuts["action export_all"] == ""
            # What has no place for words in a menu needs none here.
            assert "Import conversations" in titles(palette)

    qloop(scenario())


def test_it_is_used_from_the_keyboard_alone(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            box = rig.named("Message", QPlainTextEdit)
            rig.type("a draft")
            palette = opened(rig)
            assert QApplication.focusWidget() is palette.field
            QTest.keyClicks(palette.field, "the side hid")
            assert titles(palette) == []
            palette.field.clear()
            QTest.keyClicks(palette.field, "conversations SHOW")
            assert titles(palette) == ["Show or hide the conversations"]
            key(palette, Qt.Key.Key_Return)
            assert not palette.isVisible()
            assert not rig.window.sidebar.isVisible()
            assert QApplication.focusWidget() is box
            assert box.toPlainText() == "a draft"

            opened(rig)
            assert palette.field.text() == ""
            key(palette, Qt.Key.Key_Escape)
            assert not palette.isVisible()
            assert QApplication.focusWidget() is box
            opened(rig)
            rig.press(Qt.Key.Key_K, CTRL)
            assert not palette.isVisible()
            assert QApplication.focusWidget() is box

    qloop(scenario())


def test_the_keys_lead_through_the_list(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            palette = opened(rig)
            all_titles = titles(palette)
            assert chosen(palette) == all_titles[0]
            key(palette, Qt.Key.Key_Down, Qt.Key.Key_Tab)
            assert chosen(palette) == all_titles[2]
            key(palette, Qt.Key.Key_Up)
            QTest.keyClick(palette.field, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
            assert chosen(palette) == all_titles[0]
            key(palette, Qt.Key.Key_Up)
            assert chosen(palette) == all_titles[-1]
            key(palette, Qt.Key.Key_Down)
            key(palette, Qt.Key.Key_PageDown)
            row = palette.list.currentIndex().row()
            assert 3 < row < len(all_titles) - 1
            key(palette, *[Qt.Key.Key_PageDown] * 20)
            assert chosen(palette) == all_titles[-1]
            key(palette, *[Qt.Key.Key_PageUp] * 20)
            assert chosen(palette) == all_titles[0]
            # The keys of the list do not move the cursor, and the others do.
            QTest.keyClicks(palette.field, "ab")
            key(palette, Qt.Key.Key_Home)
            assert palette.field.cursorPosition() == 0

    qloop(scenario())


def test_what_cannot_be_done_is_passed_over_and_not_run(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            undone: list[bool] = []
            undo = rig.window.actions_by_id["undo"]
            undo.triggered.connect(lambda: undone.append(True))
            assert not undo.isEnabled()
            palette = opened(rig)
            row = titles(palette).index("Undo")
            index = palette.model.index(row, 0)
            assert not index.flags() & Qt.ItemFlag.ItemIsEnabled
            for _ in range(row):
                key(palette, Qt.Key.Key_Down)
            assert "do" not in chosen(palette).split()[0].lower()
            QTest.keyClicks(palette.field, "undo")
            assert titles(palette) == ["Undo"]
            assert not palette.list.currentIndex().isValid()
            key(palette, Qt.Key.Key_Return)
            middle = palette.list.visualRect(palette.model.index(0, 0)).center()
            QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
            assert palette.isVisible()
            assert undone == []
            undo.setEnabled(True)
            QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
            assert undone == [True]

    qloop(scenario())


def test_with_the_mouse(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            palette = opened(rig)
            QTest.keyClicks(palette.field, "settings: privacy")
            place = palette.list.visualRect(palette.model.index(0, 0)).center()
            QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            assert not palette.isVisible()
            (dialog,) = rig.window.findChildren(SettingsDialog)
            pages = [each for each in dialog._sections if each.isVisible()]
            assert [each.page for each in pages] == [Page.PRIVACY]
            dialog.close()
            opened(rig)
            QTest.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
            assert not palette.isVisible()
            opened(rig)
            # Going on elsewhere in the window closes it as well, and keeps the focus there.
            search = rig.named("Search conversations", QLineEdit)
            search.setFocus()
            assert not palette.isVisible()
            assert QApplication.focusWidget() is search

    qloop(scenario())


def test_another_model_is_taken_and_stands_first_next_time(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            header = rig.window.work.page.header
            await until(lambda: header.models)
            current = header.model
            other = next(name for name in header.models if name != current)
            palette = opened(rig)
            asides = {each.title: each.aside for each in palette.model.rows}
            assert asides[f"Model: {current}"] == "in use"
            assert asides[f"Model: {other}"] == ""
            QTest.keyClicks(palette.field, f"{other} model")
            wanted = titles(palette).index(f"Model: {other}")
            key(palette, *[Qt.Key.Key_Down] * wanted, Qt.Key.Key_Return)
            assert rig.session.conversation.model == other
            assert header.model == other
            opened(rig)
            assert titles(palette)[0] == f"Model: {other}"
            assert chosen(palette) == f"Model: {other}"
            key(palette, Qt.Key.Key_Escape)
        async with window(tmp_path) as rig:
            await until(lambda: rig.window.work.page.header.models)
            assert titles(opened(rig))[0] == f"Model: {other}"
            rig.settings.set(RECENT_COMMANDS, "gone\nmodel nothing")
            palette = opened_again(rig)
            assert titles(palette)[0] == "New conversation"

    qloop(scenario())


def opened_again(rig: Rig) -> CommandPalette:
    rig.press(Qt.Key.Key_Escape)
    return opened(rig)


def test_a_composition_keeps_its_keys(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            palette = opened(rig)
            first = chosen(palette)
            QApplication.sendEvent(palette.field, QInputMethodEvent("dui", []))
            for each in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Tab):
                key(palette, each)
            assert palette.isVisible()
            assert chosen(palette) == first
            done = QInputMethodEvent()
            done.setCommitString("conv")
            QApplication.sendEvent(palette.field, done)
            assert "New conversation" in titles(palette)
            key(palette, Qt.Key.Key_Escape)
            assert not palette.isVisible()

    qloop(scenario())


def test_escape_closes_it_and_stops_no_answer(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            stopped: list[bool] = []
            rig.window.actions_by_id["stop"].triggered.connect(lambda: stopped.append(True))
            palette = opened(rig)
            key(palette, Qt.Key.Key_Escape)
            assert not palette.isVisible()
            assert stopped == []
            rig.press(Qt.Key.Key_Escape)
            assert stopped == [True]

    qloop(scenario())


def test_before_there_is_a_key_there_is_no_model_to_choose(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        servers = SlowServers("quick")
        servers.gates["quick"].open()
        async with open_window(tmp_path, servers=Door(servers)) as rig:  # type: ignore[arg-type]
            await until(lambda: rig.window.work.first_run.isVisible())
            palette = opened(rig)
            await rig.window.work.commands._tasks.join()
            kinds = {command.id.split()[0] for command in palette.model.rows}
            assert kinds == {"action", "page"}

    qloop(scenario())


def test_a_screen_reader_finds_it_by_name(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            assert not rig.has("Command palette")
            palette = opened(rig)
            assert rig.has("Command palette")
            rows = QAccessible.queryAccessibleInterface(rig.named("Commands", QListView))
            assert rows.childCount() == len(palette.model.rows)
            assert rows.child(0).text(QAccessible.Text.Name) == "New conversation"
            assert rows.child(0).text(QAccessible.Text.Description) == "Ctrl+N"
            QTest.keyClicks(rig.named("Find a command", QLineEdit), "qqqq")
            assert "No command has “qqqq”" in palette._nothing.text()
            key(palette, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_PageDown)
            assert palette.isVisible()

    qloop(scenario())


def test_english_names_are_found_in_a_chinese_window(qloop: QLoop, qapp, tmp_path: Path) -> None:
    async def scenario() -> None:
        install_language(qapp, "zh_CN")
        try:
            async with window(tmp_path) as rig:
                palette = opened(rig)
                assert titles(palette)[0] == "新对话"
                QTest.keyClicks(palette.field, "new conv")
                assert titles(palette)[0] == "新对话"
                palette.field.setText("新对")
                assert titles(palette)[0] == "新对话"
                palette.field.setText("隐私")
                assert len(titles(palette)) == 1
                english = titles(palette)
                palette.field.setText("settings privacy")
                assert titles(palette) == english
        finally:
            install_language(qapp, "en")

    qloop(scenario())


@pytest.mark.parametrize("size", [(380, 420), (1500, 900)])
def test_it_stays_within_the_window(qloop: QLoop, tmp_path: Path, size: tuple[int, int]) -> None:
    async def scenario() -> None:
        async with window(tmp_path) as rig:
            palette = opened(rig)
            rig.window.resize(*size)
            await until(lambda: palette.size() == rig.window.size())
            assert palette.rect().contains(palette._panel.geometry())
            assert palette.list.height() >= 4 * palette.list.sizeHintForRow(0)
            palette.say(NoticeKind.ERROR, "The server refused: " + "and so on " * 12)
            assert palette.rect().contains(palette._panel.geometry())

    qloop(scenario())


# What servers offer


class Door:
    """The way to servers; says whether somebody went through."""

    def __init__(self, servers: McpServers | None, *, is_open: bool = True) -> None:
        self._servers, self._is_open = servers, is_open
        self.loaded = 0

    @property
    def opened(self) -> McpServers | None:
        return self._servers if self._is_open else None

    def __call__(self) -> McpServers:
        self.loaded += 1
        assert self._servers is not None
        return self._servers


class SlowServers:
    """Servers that answer when they are told to."""

    def __init__(self, *names: str) -> None:
        ready = ServerStatus(ServerPhase.READY)
        self.entries = tuple(ServerEntry(name, None, None, ready) for name in names)
        self.gates = {name: Gate() for name in names}
        self.offered: Mapping[str, str] = {name: f"{name} new" for name in names}
        self.refuses = False
        self.asked: list[str] = []

    async def prompts(self, server: str = "") -> tuple[Prompt, ...]:
        self.asked.append(server)
        await self.gates[server].opened.arrived(None)
        return (Prompt(server, self.offered[server]),)

    async def resources(self, server: str = "") -> tuple[Resource, ...]:
        return (Resource(server, f"{server}://1", f"{server} file", "<b>About</b>\u202ex"),)

    async def get_prompt(self, prompt, arguments) -> tuple[PromptMessage, ...]:
        if self.refuses:
            raise McpError("The MCP server “slow” refused: not\u202enow")
        return (PromptMessage("user", f"{prompt.name}!"),)

    async def read_resource(self, resource) -> tuple[ResourceText, ...]:
        return (ResourceText(resource.uri, "", "text"),)


def test_without_servers_nothing_of_theirs_is_loaded(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        door = Door(None)
        async with window(tmp_path, servers=door) as rig:
            palette = opened(rig)
            assert "Settings: MCP servers" in titles(palette)
            assert door.loaded == 0

    qloop(scenario())


def test_slow_servers_come_later_and_move_nothing(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        servers = SlowServers("quick", "slow")
        door = Door(servers)  # type: ignore[arg-type]
        async with window(tmp_path, servers=door) as rig:
            palette = opened(rig)
            QTest.keyClicks(palette.field, "new")
            key(palette, Qt.Key.Key_Down)
            before, selected = titles(palette), chosen(palette)
            servers.gates["quick"].open()
            await until(lambda: "Prompt: quick new" in titles(palette))
            assert titles(palette) == [*before, "Prompt: quick new"]
            assert chosen(palette) == selected
            # Asked again while it is still being asked, it is not asked twice.
            key(palette, Qt.Key.Key_Escape)
            opened(rig)
            assert servers.asked.count("slow") == 1
            assert "Prompt: quick new" in titles(palette)
            servers.gates["slow"].open()
            await until(lambda: "Prompt: slow new" in titles(palette))
            assert titles(palette).count("Prompt: quick new") == 1
            # Where nothing fitted, what comes is chosen; and other words put it where it belongs.
            QTest.keyClicks(palette.field, "slow new")
            assert chosen(palette) == "Prompt: slow new"
            palette.field.setText("attach slow")
            (row,) = palette.model.rows
            assert row.title == "Attach slow file"
            assert "\u202e" not in row.told
            # What a server says is never markup.
            tip = palette.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
            assert "&lt;b&gt;" in tip
            assert "<b>" not in tip
            assert door.loaded == 0

    qloop(scenario())


def test_a_prompt_with_arguments_asks_for_them(qloop: QLoop, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            running(tmp_path, {"own": our_server()}) as servers,
            window(tmp_path, servers=Door(servers.servers)) as rig,
        ):
            rig.type("Look:")
            palette = opened(rig)
            await until(lambda: "Attach one" in titles(palette))
            await until(lambda: "Prompt: A poem" in titles(palette))
            QTest.keyClicks(palette.field, "own one")
            assert titles(palette)[0] == "Attach one"
            key(palette, Qt.Key.Key_Return)
            composer = rig.window.work.page.composer
            await until(lambda: not palette.isVisible())
            assert composer.text == "Look:\n\nown: note://1\n\n```\nHello\n```"

            composer.set_text("")
            opened(rig)
            QTest.keyClicks(palette.field, "poem")
            key(palette, Qt.Key.Key_Return)
            bringing = rig.window.work.commands._bringing
            assert bringing is not None
            form = await until(lambda: bringing.form)
            assert palette.isVisible()
            fill(form, "topic, required", "tea")
            named(form, "Send").click()
            await until(lambda: composer.text == "Write a poem about tea.")
            assert not palette.isVisible()

            # Offscreen nobody gives the focus back when a dialog closes.
            rig.window.activateWindow()
            await until(rig.window.isActiveWindow)
            opened(rig)
            QTest.keyClicks(palette.field, "attach two")
            key(palette, Qt.Key.Key_Return)
            await until(lambda: palette.notice.kind is NoticeKind.WARNING)
            assert "only text can be inserted" in palette.notice.text
            assert palette.isVisible()

    qloop(scenario())


def test_what_a_server_refuses_is_said_and_what_is_left_does_not_come(
    qloop: QLoop, tmp_path: Path
) -> None:
    async def scenario() -> None:
        servers = SlowServers("slow")
        servers.gates["slow"].open()
        async with window(tmp_path, servers=Door(servers)) as rig:  # type: ignore[arg-type]
            palette = opened(rig)
            await until(lambda: "Prompt: slow new" in titles(palette))
            QTest.keyClicks(palette.field, "slow new")
            servers.refuses = True
            key(palette, Qt.Key.Key_Return)
            await until(lambda: palette.notice.kind is NoticeKind.ERROR)
            assert "refused: not\\u202enow" in palette.notice.text
            QTest.keyClicks(palette.field, " ")
            assert palette.notice.isHidden()
            servers.refuses = False
            key(palette, Qt.Key.Key_Return, Qt.Key.Key_Escape)
            await asyncio.sleep(0)
            await rig.window.work.commands._tasks.join()
            assert rig.window.work.page.composer.text == ""

    qloop(scenario())
