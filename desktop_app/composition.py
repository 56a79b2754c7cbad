"""Builds everything of the program but its window, and takes it down again in order.

The window and ``--ask`` are wired from the same parts, so they send the same requests and say the
same sentences.
"""

import importlib
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop_app import log
from desktop_app.chat.connections import ConnectionBook, environment_connection
from desktop_app.chat.exchange_text import asked_model
from desktop_app.chat.exporting import ExportFormat, Exporting
from desktop_app.chat.importing import ImportBatch, Importing, Watch
from desktop_app.chat.key_check import KeyCheck
from desktop_app.chat.library import Library
from desktop_app.chat.ports import ConversationStore, KeyStore, Model
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.session import ChatSession
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.proxy import ProxyMode
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.keystore.keyring_key_store import KeyringKeyStore
from desktop_app.paths import AppPaths, app_paths
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.loading import preload
from desktop_app.providers.openai_chat.probe import check_key
from desktop_app.providers.openai_chat.replay import Pace, ReplayModel
from desktop_app.providers.openai_chat.route import Route
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import (
    AUTO_RETRY,
    CA_FILE,
    CONNECT_TIMEOUT,
    DEFAULT_MODEL,
    FIRST_BYTE_TIMEOUT,
    IDLE_TIMEOUT,
    PROXY,
    PROXY_URL,
    WIRE_LOG,
    WIRE_LOG_MEGABYTES,
)
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.draft_store import SqliteDraftStore
from desktop_app.storage.model_lists import ModelList, ModelLists
from desktop_app.storage.opening import Opening, open_in_memory, open_storage
from desktop_app.storage.search import SqliteSearch

if TYPE_CHECKING:
    from desktop_app.demo.server import DemoServer

_log = logging.getLogger(__name__)

_MODELS_FRESH_SECONDS: Final = 600.0
"""How long a list of models is not asked for again."""

_KEPT_SOURCES: Final = frozenset({ConnectionSource.REGION, ConnectionSource.CUSTOM})
"""Nothing is kept of the connections of a single run: the environment's and the demo's."""

_UNANSWERING: Final = frozenset({KeyringState.LOCKED, KeyringState.TIMED_OUT})

_SECRET_VARIABLES: Final = ("OPENAI_API_KEY", "MINIMAX_API_KEY")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line and the environment ask for.

    Attributes:
        data_dir: Folder below which everything is written; ``None`` uses the platform's own.
        demo: Whether to talk to the built-in endpoint.
        environment: The environment variables.
        keep: Whether conversations are kept; ``--ask`` keeps none.
    """

    data_dir: Path | None = None
    demo: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    keep: bool = True


class ModelSource:
    """Gives the model for the connection in use; one client for each connection and key.

    Args:
        book: Says which connection and which key.
        settings: Hold the time-outs, the proxy, and the file with own certificates.
        proxy_login: Gives the password of the proxy that the settings name.
        lists: Keep the names of the models from one run to the next.
    """

    def __init__(
        self,
        book: ConnectionBook,
        settings: SettingsStore,
        proxy_login: ProxyLogin,
        lists: ModelLists | None = None,
    ) -> None:
        self._book = book
        self._settings = settings
        self._proxy_login = proxy_login
        self._model: Model | None = None
        self._made_for: tuple[Connection, str, TimeLimits, Route] | None = None
        self._lists = lists or ModelLists(None)
        self._listed: dict[str, ModelList] = {}
        self._retired: list[Model] = []

    async def __call__(self) -> Model:
        """Return the model to ask now.

        Raises:
            ChatError: When there is no key, or the keyring does not give it or the proxy's password.
        """
        connection = self._book.current
        reading = await self._book.key(connection)
        if reading.key is None and connection.needs_key:
            locked = reading.state in _UNANSWERING
            kind = ErrorKind.KEYRING_LOCKED if locked else ErrorKind.NO_KEY
            raise ChatError(ErrorRecord(kind, host=connection.host, detail=reading.detail))
        key = reading.key or ""
        log.remember_secret(key)
        route = await self.route()
        wanted = (connection, key, self.time_limits, route)
        if self._model is None or wanted != self._made_for:
            if self._model is not None:
                # An answer may still stream from it; it is closed with the program.
                self._retired.append(self._model)
            self._model = OpenAIChatModel(connection, key, limits=self.time_limits, route=route)
            self._made_for = wanted
        return self._model

    @property
    def time_limits(self) -> TimeLimits:
        """The time-outs of the moment."""
        return TimeLimits(
            connect=self._settings.number(CONNECT_TIMEOUT),
            first_byte=self._settings.number(FIRST_BYTE_TIMEOUT),
            idle=self._settings.number(IDLE_TIMEOUT),
        )

    async def route(self) -> Route:
        """Return the proxy, with its login, and the own certificates of the moment.

        Raises:
            ChatError: When the keyring is locked, and the password of the proxy may be in it.
        """
        mode = ProxyMode(self._settings.text(PROXY))
        user = password = ""
        if mode is ProxyMode.CUSTOM and (proxy := self._proxy_login.proxy) and proxy.user:
            reading = await self._proxy_login.read()
            if reading.key is None and reading.state in _UNANSWERING:
                raise ChatError(
                    ErrorRecord(ErrorKind.KEYRING_LOCKED, host=proxy.place, detail=reading.detail)
                )
            user, password = proxy.user, reading.key or ""
        return Route(
            mode=mode,
            proxy_url=self._settings.text(PROXY_URL),
            ca_file=self._settings.text(CA_FILE),
            user=user,
            password=password,
        )

    def known_models(self) -> tuple[str, ...]:
        """Return what the connection in use listed last, maybe in an earlier run; asks nobody."""
        return self._known(self._book.current).names

    async def list_models(self) -> tuple[str, ...]:
        """Return the names that the connection in use lists.

        It is asked at most every ten minutes; when it cannot be asked, what it listed last is told.
        """
        connection = self._book.current
        known = self._known(connection)
        if known.names and known.is_fresh(_MODELS_FRESH_SECONDS):
            return known.names
        try:
            model = await self()
            names = await model.list_models()
        except ChatError as error:
            _log.info("the models of %s cannot be listed: %s", connection.host, error.kind.value)
            return known.names
        listed = ModelList(names, time.time())
        self._listed[connection.key_account] = listed
        if connection.source in _KEPT_SOURCES:
            self._lists.keep(connection.key_account, listed)
        return names

    def _known(self, connection: Connection) -> ModelList:
        account = connection.key_account
        if account not in self._listed:
            kept = self._lists.read(account) if connection.source in _KEPT_SOURCES else None
            self._listed[account] = kept or ModelList((), 0.0)
        return self._listed[account]

    async def aclose(self) -> None:
        """Close every client that was made."""
        for model in (*self._retired, self._model):
            if model is not None:
                await model.aclose()
        self._retired.clear()
        self._model = None


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
    exporting: Exporting
    importing: Importing
    opening: Opening
    environment_problem: str
    start_demo: Callable[[], Connection]
    _demo: "_Demo"

    async def probe(self, connection: Connection, key: str) -> KeyCheck:
        """Ask ``connection`` whether ``key`` is good, within ten seconds."""
        log.remember_secret(key)
        return await check_key(connection, key, route=await self.models.route())

    async def aclose(self) -> None:
        """Take everything down in order: sessions, HTTP clients, the database, the demo."""
        await self.library.close()
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


async def compose(options: Options) -> Services:
    """Build the parts; nothing has left this machine when it returns."""
    paths = app_paths(options.data_dir)
    settings = SettingsStore(paths.settings)
    keys = KeyringKeyStore()
    environment = environment_connection(options.environment)
    for name in _SECRET_VARIABLES:
        log.remember_secret(options.environment.get(name, "").strip())
        # Child processes and the SDK find no key in the environment.
        os.environ.pop(name, None)
    demo = _Demo()
    book = ConnectionBook(settings, keys, environment, demo.start() if options.demo else None)
    opening = await (open_storage(paths.database) if options.keep else open_in_memory())
    lists = ModelLists(paths.model_lists if options.keep else None)
    models = ModelSource(book, settings, ProxyLogin(settings, keys), lists)
    retry = RetryPolicy(is_wanted=lambda: settings.value(AUTO_RETRY) is True)
    store = SqliteConversationStore(
        opening.database, lambda: int(settings.number(WIRE_LOG_MEGABYTES) * 1024 * 1024)
    )
    library = Library(
        store,
        models,
        lambda: settings.text(DEFAULT_MODEL),
        retry,
        keeps_exchanges=lambda: settings.value(WIRE_LOG) is True,
        draft_store=SqliteDraftStore(opening.database),
    )
    search = SqliteSearch(opening.database, None if opening.in_memory else paths.database)
    # What an answer changes is stored soon after it has ended.
    library.subscribe_activity(search.note_change)
    return Services(
        paths=paths,
        settings=settings,
        keys=keys,
        book=book,
        models=models,
        store=store,
        search=search,
        library=library,
        exporting=Exporting(store),
        importing=Importing(store, library, read_import, lambda: settings.text(DEFAULT_MODEL)),
        opening=opening,
        environment_problem=environment.problem,
        start_demo=demo.start,
        _demo=demo,
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


def prepare_folders(paths: AppPaths) -> None:
    """Make the folders and send the log there; a place that takes nothing is no reason to stop."""
    try:
        paths.create()
    except OSError as error:
        log.set_up(None)
        _log.warning("folders cannot be made: %s", error)
        return
    log.set_up(paths.log_file)


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
        except Exception:
            _log.info("not loaded ahead of its use", exc_info=True)

    thread = threading.Thread(target=load, name="preload", daemon=True)
    thread.start()
    return thread
