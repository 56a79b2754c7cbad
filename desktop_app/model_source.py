"""Gives the model to ask: one client for each connection, key, proxy and time limit."""

import logging
import time
from typing import Final

from desktop_app import log
from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.ports import Model
from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.domain.proxy import ProxyMode
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.route import Route
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import (
    CA_FILE,
    CONNECT_TIMEOUT,
    FIRST_BYTE_TIMEOUT,
    IDLE_TIMEOUT,
    PROXY,
    PROXY_URL,
)
from desktop_app.storage.model_lists import ModelList, ModelLists

_log = logging.getLogger(__name__)

_MODELS_FRESH_SECONDS: Final = 600.0
"""How long a list of models is not asked for again."""

_KEPT_SOURCES: Final = frozenset({ConnectionSource.REGION, ConnectionSource.CUSTOM})
"""Nothing is kept of the connections of a single run: the environment's and the demo's."""

_UNANSWERING: Final = frozenset({KeyringState.LOCKED, KeyringState.TIMED_OUT})


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
