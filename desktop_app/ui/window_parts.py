"""What the main window and its parts are given to work with, built by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.exporting import ExportFormat, Exporting
from desktop_app.chat.importing import Importing
from desktop_app.chat.key_check import KeyCheck
from desktop_app.chat.library import Library
from desktop_app.chat.outlook import Outlook
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.ports import ChatRequest, ConversationSearch, KeyStore
from desktop_app.chat.upkeep import Upkeep
from desktop_app.domain.connection import Connection
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.paths import AppPaths
from desktop_app.settings.store import SettingsStore

if TYPE_CHECKING:
    from desktop_app.chat.mcp_ports import ServersDoor


@dataclass(frozen=True, slots=True)
class WindowParts:
    """What the window is given to work with.

    Attributes:
        settings: The person's settings.
        book: The connections and their keys.
        keys: The keyring.
        library: The conversations.
        search: Finds text in them.
        probe: Asks a connection whether a key is good.
        known_models: Returns the names that the connection in use listed last; asks nobody.
        list_models: Asks the connection in use for the names of its models.
        load_exchanges: Gives what is kept of what went over the wire for a message.
        outlook: Says what requests hold.
        sum_up: Has the model answer a request for a summary; raises ``ChatError``.
        start_demo: Starts the demo endpoint and returns the way to it.
        exporting: Writes conversations into files.
        export_formats: Loads the formats for that.
        importing: Reads files and brings in what is in them.
        paths: Where the program writes.
        upkeep: Looks after what is stored; ``None`` when nothing can be stored in this run.
        permissions: What tools may do unasked.
        servers: Gives the MCP servers, whose room is loaded when they are first wanted.
    """

    settings: SettingsStore
    book: ConnectionBook
    keys: KeyStore
    library: Library
    search: ConversationSearch
    probe: Callable[[Connection, str], Awaitable[KeyCheck]]
    known_models: Callable[[], tuple[str, ...]]
    list_models: Callable[[], Awaitable[tuple[str, ...]]]
    load_exchanges: Callable[[str], Awaitable[tuple[ExchangeRecord, ...]]]
    outlook: Outlook
    sum_up: Callable[[ChatRequest], Awaitable[str]]
    start_demo: Callable[[], Connection]
    exporting: Exporting
    export_formats: Callable[[], tuple[ExportFormat, ...]]
    importing: Importing
    paths: AppPaths
    upkeep: Upkeep | None = None
    permissions: Permissions | None = None
    servers: "ServersDoor | None" = None
