"""The real window over the real parts: sessions, SQLite, the SDK, and a server on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from desktop_app.chat.connections import ConnectionBook, environment_connection
from desktop_app.chat.events import Phase
from desktop_app.chat.exporting import Exporting
from desktop_app.chat.importing import Importing
from desktop_app.chat.key_check import KeyCheck
from desktop_app.chat.library import Library
from desktop_app.chat.mcp_ports import ServersDoor
from desktop_app.chat.outlook import Outlook
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.chat.session import ChatSession
from desktop_app.chat.summarising import sum_up
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_ports import ToolSource
from desktop_app.chat.tool_use import ToolUse
from desktop_app.chat.upkeep import Upkeep
from desktop_app.composition import export_formats, read_import, upkeep_of
from desktop_app.demo.server import DemoServer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.model_source import ModelSource
from desktop_app.paths import app_paths
from desktop_app.providers.openai_chat.request import explain
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import DEFAULT_MODEL, NAME_BY_MODEL
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.draft_store import SqliteDraftStore
from desktop_app.storage.opening import open_storage
from desktop_app.storage.permission_store import SqlitePermissionStore
from desktop_app.storage.search import SqliteSearch
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.transcript.entry import Entry, EntryKind
from desktop_app.ui.window_parts import WindowParts
from desktop_app.ui.window_state import WindowState
from tests.fakes.key_store import MemoryKeyStore

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)

PATIENCE = 20.0
"""Seconds that anything may take, on a busy machine; a scenario as a whole has a minute."""


async def until(condition: Callable[[], T], what: str = "") -> T:
    """Ask again and again, while the window lives, until ``condition`` holds; return its value."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not (value := condition()):
        assert asyncio.get_running_loop().time() < deadline, f"not in time: {what or condition}"
        await asyncio.sleep(0.005)
    return value


@dataclass
class Rig:
    """A window that is shown, and what it works with."""

    window: MainWindow
    settings: SettingsStore
    book: ConnectionBook
    keys: MemoryKeyStore
    library: Library
    store: SqliteConversationStore
    models: ModelSource
    upkeep: Upkeep | None

    # What can be seen.

    @property
    def session(self) -> ChatSession:
        session = self.window.work.page.session
        assert session is not None
        return session

    @property
    def entries(self) -> list[Entry]:
        """What the conversation view shows."""
        return list(self.window.work.page.view.entries())

    @property
    def steps(self) -> list[Entry]:
        """What the thinking pane shows."""
        return list(self.window.thinking.view.entries())

    @property
    def texts(self) -> list[str]:
        return [entry.text for entry in self.entries]

    @property
    def status(self) -> str:
        return self.window.work.page.status.text()

    @property
    def titles(self) -> list[str]:
        """The titles in the list of conversations."""
        model = self.window.sidebar._list.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def shown(self, kind: EntryKind) -> Entry:
        """Return the last entry of ``kind``."""
        return [entry for entry in self.entries if entry.kind is kind][-1]

    def named(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """Return the visible widget with this accessible name."""
        found = [
            widget
            for widget in self.window.findChildren(kind)
            if widget.accessibleName() == name and widget.isVisible()
        ]
        assert found, f"no {name!r}"
        return found[0]

    def has(self, name: str) -> bool:
        """Whether a visible widget has this accessible name."""
        return any(
            widget.accessibleName() == name and widget.isVisible()
            for widget in self.window.findChildren(QWidget)
        )

    # What a person does.

    def type(self, text: str) -> None:
        box = self.named("Message", QPlainTextEdit)
        box.setFocus()
        QTest.keyClicks(box, text)

    def send(self, text: str) -> None:
        """Type a message and press Enter."""
        self.type(text)
        QTest.keyClick(self.named("Message", QPlainTextEdit), Qt.Key.Key_Return)

    def click(self, name: str) -> None:
        button = self.named(name, QAbstractButton)
        assert button.isEnabled()
        button.click()

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key in the window, as a shortcut or not."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        QTest.keyClick(self.window.focusWidget() or self.window, key, held)

    def trigger(self, action: str) -> None:
        self.window.actions_by_id[action].trigger()

    def press_action(self, entry: Entry, action: str) -> None:
        """Press a painted button of an entry."""
        view = self.window.work.page.view
        assert action in [offered.id for offered in entry.actions]
        view.press_action(view.stack.by_id[entry.id], action)

    async def new_conversation(self) -> None:
        """Begin another conversation than the one that is shown."""
        shown = self.session
        self.trigger("new_conversation")
        await until(lambda: self.session is not shown, "another conversation")

    # Waiting.

    async def phase(self, phase: Phase) -> None:
        await until(lambda: self.session.status.phase is phase, f"the phase {phase}")

    async def settled(self) -> None:
        """Wait until no answer is on its way and all of it is stored."""
        await until(lambda: not self.session.status.phase.is_busy, "the end of the answer")
        await self.session.settled()

    async def ask(self, text: str) -> None:
        """Send and wait for the end, good or bad."""
        self.send(text)
        await self.settled()


def environment_of(server: DemoServer | str) -> dict[str, str]:
    base_url = server if isinstance(server, str) else server.base_url
    return {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "window-key"}


@asynccontextmanager
async def open_window(
    folder: Path,
    server: DemoServer | str | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    keys: dict[str, str] | None = None,
    state: KeyringState = KeyringState.READY,
    demo: DemoServer | None = None,
    tools: Sequence[ToolSource] = (),
    servers: ServersDoor | None = None,
) -> AsyncIterator[Rig]:
    """Show the program's window on what stands in ``folder``; on leaving it quits in order.

    Args:
        folder: The data folder.
        server: Used as the connection "Environment".
        environment: Instead of ``server``: the variables themselves.
        keys: What the keyring holds, by account.
        state: How the keyring stands.
        demo: What "Try the demo" leads to; started when asked for.
        tools: Whoever offers tools.
        servers: The way to MCP servers.
    """
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - the loop has nothing else to do yet
    variables = dict(environment or {})
    if server is not None:
        variables |= environment_of(server)
    settings = SettingsStore(folder / "settings.json")
    key_store = MemoryKeyStore(keys, state)
    book = ConnectionBook(settings, key_store, environment_connection(variables))
    opening = await open_storage(folder / "interleave.db")
    store = SqliteConversationStore(opening.database)
    models = ModelSource(book, settings, ProxyLogin(settings, key_store))
    outlook = Outlook(explain, lambda: book.current)
    library = Library(
        store,
        models,
        lambda: settings.text(DEFAULT_MODEL),
        names_by_model=lambda: settings.value(NAME_BY_MODEL) is True,
        draft_store=SqliteDraftStore(opening.database),
        outlook=outlook,
        tools=ToolUse(ToolBox(tools), Permissions(SqlitePermissionStore(opening.database))),
    )
    search = SqliteSearch(opening.database, folder / "interleave.db")
    library.subscribe_activity(search.note_change)
    upkeep = upkeep_of(opening, library, settings)

    async def probe(connection: Connection, key: str) -> KeyCheck:
        del connection, key
        return KeyCheck(("MiniMax-M2",), 1, None)

    def start_demo() -> Connection:
        assert demo is not None
        return Connection("demo", "Demo", demo.base_url, ConnectionSource.DEMO)

    window = MainWindow(WindowState(folder / "window.json"))
    window.furnish(
        WindowParts(
            settings=settings,
            book=book,
            keys=key_store,
            library=library,
            search=search,
            probe=probe,
            known_models=models.known_models,
            list_models=models.list_models,
            load_exchanges=store.load_exchanges,
            outlook=outlook,
            sum_up=partial(sum_up, models),
            start_demo=start_demo,
            exporting=Exporting(store),
            export_formats=export_formats,
            importing=Importing(store, library, read_import, lambda: settings.text(DEFAULT_MODEL)),
            paths=app_paths(folder),
            upkeep=upkeep,
            servers=servers,
        )
    )
    window.show()
    await window.start()
    try:
        yield Rig(window, settings, book, key_store, library, store, models, upkeep)
    finally:
        window.hide()
        await window.finish()
        await library.close()
        outlook.end()
        if upkeep is not None:
            await upkeep.close()
        await models.aclose()
        await search.aclose()
        await opening.database.aclose()
        dispose(window)


def dispose(widget: QObject) -> None:
    """Delete a widget now, so that none of its timers and filters outlives the test."""
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def labels(widget: QWidget) -> list[str]:
    """Return every word that stands on or is said of the visible widgets below ``widget``."""
    words: list[str] = []
    for child in (widget, *widget.findChildren(QWidget)):
        if not child.isVisible():
            continue
        words += [child.toolTip(), child.accessibleName(), child.windowTitle()]
        if isinstance(child, QAbstractButton):
            words.append(child.text())
        if isinstance(child, QLineEdit | QPlainTextEdit):
            words.append(child.placeholderText())
    return [word for word in words if word]
