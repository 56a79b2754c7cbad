"""The file ``mcp.json``: read strictly entry by entry, written whole or not at all.

What is not ours stays: other keys of the file, other keys of an entry, entries that cannot be used,
the order. A file that is no JSON is never written over; it is kept aside first.
"""

import contextlib
import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from desktop_app.chat.mcp_ports import ConfigWriteError
from desktop_app.domain.mcp_server import ConfigFault, EntryFault, ServerConfig
from desktop_app.mcp_client.server_config import entry_json, read_entry
from desktop_app.settings.store import write_atomically

SERVERS_KEY: Final = "mcpServers"
MOST_BYTES: Final = 4_000_000

_log = logging.getLogger(__name__)


class ConfigFile:
    """The entries of the file at ``path``.

    Attributes:
        fault: What is wrong with the file as a whole; entries are empty then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fault: EntryFault | None = None
        self._whole: dict[str, Any] = {}
        self._entries: dict[str, ServerConfig | EntryFault] = {}

    @property
    def entries(self) -> Mapping[str, ServerConfig | EntryFault]:
        """Each entry by its name, in the order of the file."""
        return self._entries

    def load(self) -> None:
        """Read the file; one that is not there has no entries."""
        self.fault, self._whole, self._entries = None, {}, {}
        try:
            servers = read_servers(self.path, self._whole)
        except FileNotFoundError:
            return
        except ConfigReadError as error:
            self.fault = EntryFault("", error.fault, error.detail)
            return
        for name, raw in servers.items():
            self._entries[name] = read_entry(name, raw)

    def put(self, config: ServerConfig, replaces: str = "") -> None:
        """Write ``config``, in the place of ``replaces`` where that is there.

        Raises:
            ConfigWriteError: When the file cannot be written; nothing has changed then.
        """
        replaces = replaces or config.name
        servers = dict(self._servers())
        entry = entry_json(config)
        if replaces in servers:
            pairs = [(config.name, entry) if n == replaces else (n, e) for n, e in servers.items()]
            servers = dict(pairs)
        else:
            servers[config.name] = entry
        self._write(servers)

    def drop(self, name: str) -> None:
        """Take the entry ``name`` out.

        Raises:
            ConfigWriteError: When the file cannot be written; nothing has changed then.
        """
        self._write({other: entry for other, entry in self._servers().items() if other != name})

    def _servers(self) -> Mapping[str, Any]:
        servers = self._whole.get(SERVERS_KEY)
        return servers if isinstance(servers, dict) else {}

    def _write(self, servers: Mapping[str, Any]) -> None:
        whole = {**self._whole, SERVERS_KEY: dict(servers)}
        try:
            if self.fault is not None:
                self._keep_aside()
            write_json(self.path, whole)
        except OSError as error:
            raise ConfigWriteError(str(error)) from error
        self.load()

    def _keep_aside(self) -> None:
        aside = self.path.with_name(f"{self.path.name}.damaged-{int(time.time())}")
        with contextlib.suppress(FileNotFoundError):
            self.path.replace(aside)
            _log.warning("the file of MCP servers could not be read; kept as %s", aside.name)


class ConfigReadError(Exception):
    """A file that names servers cannot be used as a whole."""

    def __init__(self, fault: ConfigFault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


def read_servers(path: Path, whole: dict[str, Any] | None = None) -> Mapping[str, Any]:
    """Return the object ``mcpServers`` of the file at ``path``.

    Args:
        path: A JSON file.
        whole: Takes all of the file, where that is wanted.

    Raises:
        FileNotFoundError: When it is not there.
        ConfigReadError: When it is not what it should be.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigReadError(ConfigFault.UNREADABLE, error.strerror or str(error)) from error
    if len(data) > MOST_BYTES:
        raise ConfigReadError(ConfigFault.UNREADABLE, f"{MOST_BYTES} bytes at most")
    if not data.strip():
        return {}
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigReadError(ConfigFault.UNREADABLE, str(error)[:200]) from error
    servers = content.get(SERVERS_KEY, {}) if isinstance(content, dict) else None
    if not isinstance(servers, dict):
        raise ConfigReadError(ConfigFault.NO_SERVERS)
    if whole is not None:
        whole.update(content)
    return servers


def write_json(path: Path, content: object) -> None:
    """Put ``content`` at ``path``: all of it or, on an error, what was there; for this user alone.

    Raises:
        OSError: When it cannot be written.
    """
    text = json.dumps(content, ensure_ascii=False, indent=2)
    # A link that a person put there, into a folder they synchronise, stays one.
    write_atomically(path.resolve(), f"{text}\n")
