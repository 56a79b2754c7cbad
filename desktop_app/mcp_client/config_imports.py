"""Reads the files in which other programs keep their MCP servers. Writes and starts nothing.

Claude Desktop (``claude_desktop_config.json``) and Cursor (``mcp.json``) use the common form. Cherry
Studio shows and exports it with keys of its own: ``baseUrl``, ``isActive``, the type in other words,
and the name apart from the key.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from desktop_app.domain.mcp_server import ConfigFault, EntryFault, ImportPreview, ServerConfig
from desktop_app.mcp_client.config_file import ConfigReadError, read_servers
from desktop_app.mcp_client.server_config import read_entry

_CHERRY_ONLY: Final = (
    *("id", "name", "baseUrl", "isActive", "provider", "providerUrl", "logoUrl", "tags"),
    *("registryUrl", "dxtVersion", "dxtPath", "installSource", "isTrusted", "trustedAt"),
    *("reference", "searchKey", "shouldConfig", "longRunning", "description"),
    *("disabledTools", "disabledAutoApproveTools", "configSample", "installedAt"),
)


def preview_of(path: Path) -> ImportPreview:
    """Return what is in the file at ``path``."""
    try:
        servers = read_servers(path)
    except FileNotFoundError as error:
        return ImportPreview((), (EntryFault("", ConfigFault.UNREADABLE, error.strerror or ""),))
    except ConfigReadError as error:
        return ImportPreview((), (EntryFault("", error.fault, error.detail),))
    read = [_entry(name, raw) for name, raw in servers.items()]
    return ImportPreview(
        tuple(entry for entry in read if isinstance(entry, ServerConfig)),
        tuple(entry for entry in read if isinstance(entry, EntryFault)),
    )


def known_files() -> tuple[Path, ...]:
    """Where the other programs keep their files on this system, those that are there."""
    home = Path.home()
    if sys.platform == "darwin":
        data = home / "Library" / "Application Support"
    elif sys.platform == "win32":
        data = Path(os.environ.get("APPDATA", home / "AppData" / "Roaming"))
    else:
        data = Path(os.environ.get("XDG_CONFIG_HOME", home / ".config"))
    files = (data / "Claude" / "claude_desktop_config.json", home / ".cursor" / "mcp.json")
    return tuple(file for file in files if file.is_file())


def _entry(name: str, raw: object) -> ServerConfig | EntryFault:
    if not isinstance(raw, Mapping):
        return read_entry(name, raw)
    label = raw.get("name")
    read = read_entry(label if isinstance(label, str) and label.strip() else name, _common(raw))
    # Keys that only another program understands are not carried into a file of ours.
    return replace(read, unknown={}) if isinstance(read, ServerConfig) else read


def _common(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in the common form."""
    common = {key: value for key, value in raw.items() if key not in _CHERRY_ONLY}
    address = raw.get("url") or raw.get("baseUrl")
    if address:
        common["url"] = address
    stated = common.get("type")
    if stated in {"inMemory", ""} or stated is None:
        common.pop("type", None)
    if common.get("type") is None and not common.get("command") and address:
        # What Cursor does: an address without a type that ends so is the older way.
        common["type"] = "sse" if str(address).rstrip("/").endswith("/sse") else "http"
    if raw.get("isActive") is False:
        common["disabled"] = True
    # Their time limits and switches mean other things than ours.
    for key in ("timeout", "sampling"):
        common.pop(key, None)
    return common
