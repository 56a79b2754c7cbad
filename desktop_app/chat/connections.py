"""Which server is in use, and with which key.

Knows the regions, the person's custom endpoints, the environment and the demo; the window, ``--ask``
and the provider all ask here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from desktop_app.catalog.regions import REGIONS, Region
from desktop_app.chat.endpoint_text import ENDPOINT_TEXTS
from desktop_app.chat.ports import KeyStore
from desktop_app.domain.api_key import KeyTextError, clean_key
from desktop_app.domain.connection import (
    Connection,
    ConnectionSource,
    EndpointError,
    normalised_base_url,
)
from desktop_app.domain.keyring_state import KeyReading, KeyringState
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import CONNECTION

ENVIRONMENT_ID: Final = "environment"
DEMO_KEY: Final = "key-of-the-built-in-demo"
"""Opens nothing. A word that may stand in a message would be blotted out of what is kept of it."""


def region_connection(region: Region) -> Connection:
    """Return ``region`` as something to talk to."""
    return Connection(
        id=region.id,
        name=region.name,
        base_url=region.base_url,
        source=ConnectionSource.REGION,
    )


@dataclass(frozen=True, slots=True)
class EnvironmentConnection:
    """What the environment variables ask for.

    Attributes:
        connection: From ``OPENAI_BASE_URL`` with ``OPENAI_API_KEY``; ``None`` when not both are set.
        connection_key: Its key.
        region_key: From ``MINIMAX_API_KEY``: a key for whichever region is chosen, this run only.
        problem: Why the variables cannot be used, as a sentence without the key.
    """

    connection: Connection | None = None
    connection_key: str = ""
    region_key: str = ""
    problem: str = ""

    def __repr__(self) -> str:
        """Name the connection alone, so that no log or traceback shows a key."""
        return f"EnvironmentConnection(connection={self.connection})"


def environment_connection(environment: Mapping[str, str]) -> EnvironmentConnection:
    """Read the vendor's variables; one that cannot be used does not spoil the other.

    ``OPENAI_API_KEY`` alone is ignored: it is probably another vendor's key.
    """
    problems: list[str] = []
    region_key = _environment_key(environment, "MINIMAX_API_KEY", problems)
    connection, connection_key = None, ""
    address = environment.get("OPENAI_BASE_URL", "").strip()
    if address and "OPENAI_API_KEY" in environment:
        found = len(problems)
        connection_key = _environment_key(environment, "OPENAI_API_KEY", problems)
        try:
            base_url = normalised_base_url(address)
        except EndpointError as error:
            # The address is not repeated: it may hold a password.
            problems.append(f"OPENAI_BASE_URL cannot be used. {ENDPOINT_TEXTS[error.problem]}")
        if len(problems) == found:
            connection = Connection(
                id=ENVIRONMENT_ID,
                name=QT_TRANSLATE_NOOP("Regions", "Environment"),
                base_url=base_url,
                source=ConnectionSource.ENVIRONMENT,
                needs_key=False,
            )
    return EnvironmentConnection(
        connection,
        connection_key if connection is not None else "",
        region_key,
        " ".join(problems),
    )


def _environment_key(environment: Mapping[str, str], variable: str, problems: list[str]) -> str:
    try:
        return clean_key(environment.get(variable, ""))
    except KeyTextError as error:
        problems.append(f"{variable} cannot be used as a key: {error}.")
        return ""


class ConnectionBook:
    """The connections there are, and the one in use.

    Args:
        settings: Holds the choice and the custom endpoints.
        keys: The keyring.
        environment: What the environment variables ask for.
        demo: The built-in endpoint, when the program runs as a demo; used for this run.
    """

    def __init__(
        self,
        settings: SettingsStore,
        keys: KeyStore,
        environment: EnvironmentConnection | None = None,
        demo: Connection | None = None,
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._environment = environment or EnvironmentConnection()
        self._override = demo or self._environment.connection
        self._demo = demo
        self._listeners: list[Callable[[], None]] = []
        settings.subscribe(self._on_setting_changed)

    @property
    def choices(self) -> tuple[Connection, ...]:
        """Every connection a person can choose, this run's own first."""
        own = (self._demo, self._environment.connection)
        return (
            *(connection for connection in own if connection is not None),
            *map(region_connection, REGIONS),
            *(endpoint.connection for endpoint in self._settings.endpoints),
        )

    @property
    def current(self) -> Connection:
        """The connection that the next request goes to."""
        if self._override is not None:
            return self._override
        chosen = self._settings.text(CONNECTION)
        for connection in self.choices:
            if connection.id == chosen:
                return connection
        return region_connection(REGIONS[0])

    @property
    def demo(self) -> Connection | None:
        """The demo endpoint, when it runs."""
        return self._demo

    def select(self, connection_id: str) -> None:
        """Use another connection from the next request on; kept unless it is this run's own.

        Raises:
            KeyError: When there is none with that id.
        """
        connection = next((c for c in self.choices if c.id == connection_id), None)
        if connection is None:
            raise KeyError(connection_id)
        if connection.source in {ConnectionSource.DEMO, ConnectionSource.ENVIRONMENT}:
            self._override = connection
        else:
            self._override = None
            self._settings.set(CONNECTION, connection.id)
        self._announce()

    def use_demo(self, demo: Connection) -> None:
        """Talk to the demo endpoint for the rest of this run."""
        self._demo = self._override = demo
        self._announce()

    def announce_key_change(self) -> None:
        """Tell listeners that the key of a connection is another now."""
        self._announce()

    async def key(self, connection: Connection, *, timeout: float | None = 10.0) -> KeyReading:
        """Return the key to use for ``connection``: the environment's, else the keyring's."""
        if connection.source is ConnectionSource.DEMO:
            return KeyReading(DEMO_KEY, KeyringState.READY)
        given = self.environment_key(connection)
        if given or connection.source is ConnectionSource.ENVIRONMENT:
            return KeyReading(given or None, KeyringState.READY)
        return await self._keys.read(connection.key_account, timeout=timeout)

    def environment_key(self, connection: Connection) -> str:
        """Return the key that the environment gives for ``connection``, or an empty text."""
        if connection.source is ConnectionSource.ENVIRONMENT:
            return self._environment.connection_key
        if connection.source is ConnectionSource.REGION:
            return self._environment.region_key
        return ""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the connection or the choices change; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _on_setting_changed(self, key: str) -> None:
        if key in {CONNECTION.key, "endpoints"}:
            self._announce()

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()
