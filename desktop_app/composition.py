"""Builds everything of the program but its window, and takes it down again in order.

The window and ``--ask`` are wired from the same parts, so they send the same requests and say the
same sentences.
"""

import importlib
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop_app import __version__, log
from desktop_app.chat import tool_arguments
from desktop_app.chat.connections import ConnectionBook, environment_connection
from desktop_app.chat.exchange_text import asked_model
from desktop_app.chat.exporting import ExportFormat, Exporting
from desktop_app.chat.importing import ImportBatch, Importing, Watch
from desktop_app.chat.key_check import KeyCheck
from desktop_app.chat.library import Library
from desktop_app.chat.outlook import Outlook
from desktop_app.chat.ports import ConversationStore, KeyStore, Model
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tool_use import ToolUse
from desktop_app.chat.update_check import UpdateCheck
from desktop_app.chat.update_download import Note, UpdateDownload, own_form
from desktop_app.chat.upkeep import Upkeep
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.errors import ChatError
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.release import DownloadError, DownloadProblem, Release, ReleaseFile
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.keystore.keyring_key_store import KeyringKeyStore
from desktop_app.mcp_client.room import McpRoom
from desktop_app.model_source import ModelSource
from desktop_app.options import Options
from desktop_app.paths import AppPaths, app_paths, downloads
from desktop_app.providers.openai_chat.loading import preload
from desktop_app.providers.openai_chat.probe import check_key
from desktop_app.providers.openai_chat.replay import Pace, ReplayModel
from desktop_app.providers.openai_chat.request import explain
from desktop_app.providers.release_download import download
from desktop_app.providers.release_feed import newest_release
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import (
    AUTO_RETRY,
    DEFAULT_MODEL,
    LAST_EXAMINED,
    LAST_UPDATE_CHECK,
    NAME_BY_MODEL,
    UPDATE_CHECK,
    WIRE_LOG,
    WIRE_LOG_MEGABYTES,
)
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.draft_store import SqliteDraftStore
from desktop_app.storage.model_lists import ModelLists
from desktop_app.storage.opening import Opening, open_in_memory, open_storage
from desktop_app.storage.permission_store import SqlitePermissionStore
from desktop_app.storage.safekeeper import SqliteSafekeeper
from desktop_app.storage.search import SqliteSearch
from desktop_app.tool_wiring import build_tools, mcp_room, web_reader
from desktop_app.tools import BuiltinSource, builtin_tools

if TYPE_CHECKING:
    from desktop_app.demo.server import DemoServer

_log = logging.getLogger(__name__)

_SECRET_VARIABLES: Final = ("OPENAI_API_KEY", "MINIMAX_API_KEY")


@dataclass(slots=True)
class Services:
    """The parts of the running program, without its window."""

    paths: AppPaths
    settings: SettingsStore
    keys: KeyStore
    book: ConnectionBook
    models: ModelSource
    store: ConversationStore
    search: SqliteSearch
    library: Library
    outlook: Outlook
    exporting: Exporting
    importing: Importing
    tools: ToolUse
    servers: McpRoom
    opening: Opening
    upkeep: Upkeep | None
    environment_problem: str
    start_demo: Callable[[], Connection]
    updates: UpdateCheck
    update_download: UpdateDownload
    _demo: "_Demo"

    async def probe(self, connection: Connection, key: str) -> KeyCheck:
        """Ask ``connection`` whether ``key`` is good, within ten seconds."""
        log.remember_secret(key)
        return await check_key(connection, key, route=await self.models.route())

    async def aclose(self) -> None:
        """Take everything down in order: sessions, a last copy, HTTP clients, the database, the demo."""
        await self.library.close()
        await self.servers.aclose()
        self.outlook.end()
        if self.upkeep is not None:
            await self.upkeep.close()
        await self.models.aclose()
        await self.search.aclose()
        await self.opening.database.aclose()
        self._demo.stop()


class _Demo:
    """The demo endpoint, started at most once."""

    def __init__(self) -> None:
        self._server: DemoServer | None = None

    def start(self) -> Connection:
        if self._server is None:
            # Loaded when it is wanted: its scripts take a tenth of the start's time.
            from desktop_app.demo.server import DemoServer

            self._server = DemoServer.for_people().start()
        return Connection(
            id="demo",
            name=QT_TRANSLATE_NOOP("Regions", "Demo"),
            base_url=self._server.base_url,
            source=ConnectionSource.DEMO,
        )

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()


async def compose(options: Options, settings: SettingsStore | None = None) -> Services:
    """Build the parts; nothing has left this machine when it returns.

    Args:
        options: What the command line and the environment ask for.
        settings: The person's settings, where they have been read already.
    """
    paths = app_paths(options.data_dir)
    settings = settings or SettingsStore(paths.settings)
    keys = KeyringKeyStore()
    environment = environment_connection(options.environment)
    for name in _SECRET_VARIABLES:
        log.remember_secret(options.environment.get(name, "").strip())
        # Child processes and the SDK find no key in the environment.
        os.environ.pop(name, None)
    demo = _Demo()
    book = ConnectionBook(settings, keys, environment, demo.start() if options.demo else None)
    opening = await (
        open_storage(paths.database, paths.backups) if options.keep else open_in_memory()
    )
    lists = ModelLists(paths.model_lists if options.keep else None)
    models = ModelSource(book, settings, ProxyLogin(settings, keys), lists)
    retry = RetryPolicy(is_wanted=lambda: settings.value(AUTO_RETRY) is True)
    store = SqliteConversationStore(
        opening.database, lambda: int(settings.number(WIRE_LOG_MEGABYTES) * 1024 * 1024)
    )
    outlook = Outlook(explain, lambda: book.current)
    builtin = BuiltinSource(builtin_tools, settings, partial(web_reader, models.route), paths.own)
    tools = build_tools(
        [builtin], settings, SqlitePermissionStore(opening.database), attended=options.attended
    )
    servers = mcp_room(paths.data, keys, tools.box, models, settings)
    library = Library(
        store,
        models,
        lambda: settings.text(DEFAULT_MODEL),
        retry,
        keeps_exchanges=lambda: settings.value(WIRE_LOG) is True,
        names_by_model=lambda: settings.value(NAME_BY_MODEL) is True,
        draft_store=SqliteDraftStore(opening.database),
        outlook=outlook,
        tools=tools,
    )
    search = SqliteSearch(opening.database, None if opening.in_memory else paths.database)
    # What an answer changes is stored soon after it has ended.
    library.subscribe_activity(search.note_change)
    upkeep = upkeep_of(opening, library, settings)
    return Services(
        paths=paths,
        settings=settings,
        keys=keys,
        book=book,
        models=models,
        store=store,
        search=search,
        library=library,
        outlook=outlook,
        exporting=Exporting(store),
        tools=tools,
        servers=servers,
        importing=Importing(
            store,
            library,
            read_import,
            lambda: settings.text(DEFAULT_MODEL),
            upkeep.back_up_before_import if upkeep is not None else None,
        ),
        opening=opening,
        upkeep=upkeep,
        environment_problem=environment.problem,
        start_demo=demo.start,
        updates=updates_of(models, settings),
        update_download=update_download_of(models, downloads(options.data_dir)),
        _demo=demo,
    )


def updates_of(models: ModelSource, settings: SettingsStore) -> UpdateCheck:
    """Return what looks for a newer version of this program, the way that answers come."""

    async def newest() -> Release | None:
        try:
            route = await models.route()
        except ChatError:
            return None  # The keyring is locked, and the proxy's password in it.
        return await newest_release(route)

    return UpdateCheck(
        newest,
        is_wanted=lambda: settings.value(UPDATE_CHECK) is True,
        asked_at=lambda: settings.number(LAST_UPDATE_CHECK),
        note_asked=lambda at: settings.set(LAST_UPDATE_CHECK, int(at)),
        version=__version__,
    )


def update_download_of(models: ModelSource, folder: Path) -> UpdateDownload:
    """Return what fetches the file of a newer version, the way that answers come."""

    async def fetch(file: ReleaseFile, folder: Path, note: Note) -> Path:
        try:
            route = await models.route()
        except ChatError as error:
            raise DownloadError(DownloadProblem.CONNECTION, str(error)) from error
        return await download(file, folder, note, route)

    return UpdateDownload(fetch, folder=folder, form=own_form(os.environ))


def upkeep_of(opening: Opening, library: Library, settings: SettingsStore) -> Upkeep | None:
    """Return what looks after the file; ``None`` where there is none that may be written."""
    if opening.path is None or opening.backups is None:
        return None
    keeper = SqliteSafekeeper(
        opening.database,
        opening.path,
        opening.backups,
        opening.ballast,
        was_killed=opening.was_killed,
    )
    return Upkeep(
        keeper,
        library,
        examined_at=lambda: settings.number(LAST_EXAMINED),
        note_examined=lambda at: settings.set(LAST_EXAMINED, int(at)),
    )


async def compose_replay(
    record: ExchangeRecord, pace: Pace
) -> tuple[ChatSession, Callable[[], Awaitable[None]]]:
    """Build a session whose every question is answered by ``record``, from nothing else.

    No setting, no key and no file of the person is looked at.

    Returns:
        The session, and what takes the rest down after it was closed.
    """
    opening = await open_in_memory()
    session: ChatSession

    async def source() -> Model:
        return ReplayModel(record, pace, session.stop)

    conversation = Conversation("replay", model=asked_model(record) or "")
    session = ChatSession(conversation, (), SqliteConversationStore(opening.database), source)
    return session, opening.database.aclose


def export_formats() -> tuple[ExportFormat, ...]:
    """Load the formats to export to, when somebody wants to: the start goes without them."""
    from desktop_app.exporters import export_formats as found

    return found()


def read_import(path: Path, watch: Watch) -> ImportBatch:
    """Load the formats to import from, and read ``path``; blocks.

    Raises:
        ImportRefusedError: When it cannot be brought in.
        ImportCancelledError: When ``watch`` was told so.
    """
    from desktop_app.importers import read_import as read

    return read(path, watch)


def preload_in_background(*modules: str) -> threading.Thread:
    """Import what the first request needs, off the window's thread; it takes half a second.

    It may fail without a word to the person: whoever needs a part loads it again and says what is
    wrong with it. Quit in that half second, Python itself refuses some imports on its way out.

    Args:
        modules: Names of what else is needed soon.

    Returns:
        The thread that does it; nobody has to wait for it.
    """

    def load() -> None:
        try:
            for module in modules:
                importlib.import_module(module)
            preload()
            builtin_tools()
            tool_arguments.preload()
        except Exception:
            _log.info("not loaded ahead of its use", exc_info=True)

    thread = threading.Thread(target=load, name="preload", daemon=True)
    thread.start()
    return thread
