"""One entry of ``mcp.json``: JSON to :class:`ServerConfig` and back. Reads and starts nothing."""

import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import urlsplit

from desktop_app.domain.connection import is_loopback
from desktop_app.domain.mcp_server import ConfigFault, EntryFault, ServerConfig, Wire

_WIRES: Final = {
    "stdio": Wire.STDIO,
    "http": Wire.HTTP,
    "streamable-http": Wire.HTTP,
    "streamableHttp": Wire.HTTP,
    "streamable_http": Wire.HTTP,
    "sse": Wire.SSE,
}
"""Programs write these; ``http`` is what most of them read."""

_SHELL_CHARACTERS: Final = frozenset('&|<>^%!"\r\n')
"""What cmd.exe reads in the arguments of a batch file, however they are quoted."""

_OWN_KEYS: Final = (
    *("type", "command", "args", "env", "cwd", "url", "headers"),
    *("disabled", "timeout", "sampling"),
)


class _FaultError(Exception):
    def __init__(self, fault: ConfigFault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


def read_entry(name: str, raw: object) -> ServerConfig | EntryFault:
    """Return the entry ``name``, or what is wrong with it."""
    try:
        return _read(name, raw)
    except _FaultError as error:
        return EntryFault(name, error.fault, error.detail)


def entry_json(config: ServerConfig) -> dict[str, Any]:
    """Return the entry as it is written; keys of other programs come back unchanged."""
    entry = dict(config.unknown)
    if config.wire is Wire.STDIO:
        entry["command"] = config.command
        entry["args"] = list(config.args)
        entry |= {"env": dict(config.env)} if config.env else {}
        entry |= {"cwd": config.cwd} if config.cwd else {}
    else:
        entry["type"] = config.wire.value
        entry["url"] = config.url
        entry |= {"headers": dict(config.headers)} if config.headers else {}
    entry |= {"disabled": True} if config.disabled else {}
    entry |= {"timeout": config.call_seconds} if config.call_seconds is not None else {}
    entry |= {"sampling": True} if config.may_sample else {}
    return entry


def check_entry(config: ServerConfig, typed: Mapping[str, str]) -> EntryFault | None:
    """Say what would be wrong with ``config`` if it were read back, its values as they were typed."""
    entry = entry_json(config)
    key = "env" if config.wire is Wire.STDIO else "headers"
    if typed:
        entry[key] = {**config.secrets, **typed}
    read = read_entry(config.name, entry)
    return read if isinstance(read, EntryFault) else None


def check_launch(config: ServerConfig, *, windows: bool = os.name == "nt") -> EntryFault | None:
    """Say why the command line cannot be given to this system, if so."""
    if any("\0" in part for part in (*config.argv, config.cwd)):
        return EntryFault(config.name, ConfigFault.BAD_CHARACTER)
    is_batch = PurePath(config.command).suffix.casefold() in {".cmd", ".bat"}
    if windows and is_batch:
        for argument in config.args:
            if bad := sorted(_SHELL_CHARACTERS.intersection(argument)):
                return EntryFault(config.name, ConfigFault.SHELL_CHARACTER, repr(bad[0]))
    return None


def _read(name: str, raw: object) -> ServerConfig:
    if not name.strip():
        raise _FaultError(ConfigFault.EMPTY_NAME)
    if not isinstance(raw, Mapping):
        raise _FaultError(ConfigFault.NOT_AN_OBJECT)
    wire = _wire(raw)
    config = ServerConfig(
        name=name,
        wire=wire,
        command=_text(raw, "command").strip(),
        args=_texts(raw, "args"),
        env=_named_texts(raw, "env"),
        cwd=_text(raw, "cwd"),
        url=_text(raw, "url").strip(),
        headers=_named_texts(raw, "headers"),
        disabled=_flag(raw, "disabled"),
        call_seconds=_seconds(raw),
        may_sample=_flag(raw, "sampling"),
        unknown={key: value for key, value in raw.items() if key not in _OWN_KEYS},
    )
    if wire is Wire.STDIO:
        if not config.command:
            raise _FaultError(ConfigFault.NOTHING_TO_START)
        if (fault := check_launch(config)) is not None:
            raise _FaultError(fault.fault, fault.detail)
        for variable, value in config.env.items():
            if not variable or "=" in variable or "\0" in variable + value:
                raise _FaultError(ConfigFault.BAD_CHARACTER, f"env.{variable}")
    else:
        _check_address(config.url)
        for header, value in config.headers.items():
            if not header or not header.isascii() or any(c in header + value for c in "\r\n\0"):
                raise _FaultError(ConfigFault.BAD_CHARACTER, f"headers.{header}")
    return config


def _wire(raw: Mapping[str, Any]) -> Wire:
    if "type" in raw:
        stated = raw["type"]
        wire = _WIRES.get(stated) if isinstance(stated, str) else None
        if wire is None:
            raise _FaultError(ConfigFault.UNKNOWN_TYPE, str(stated)[:60])
        return wire
    if raw.get("command"):
        return Wire.STDIO
    if raw.get("url"):
        return Wire.HTTP
    raise _FaultError(ConfigFault.NOTHING_TO_START)


def _check_address(url: str) -> None:
    if not url:
        raise _FaultError(ConfigFault.NOTHING_TO_START)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _FaultError(ConfigFault.BAD_ADDRESS) from None
    has_space = any(letter.isspace() or ord(letter) < 0x20 for letter in url)
    if parts.scheme not in {"http", "https"} or not host or parts.username or has_space:
        raise _FaultError(ConfigFault.BAD_ADDRESS)
    if parts.scheme == "http" and not is_loopback(host):
        raise _FaultError(ConfigFault.PLAIN_HTTP)


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _FaultError(ConfigFault.WRONG_KIND, key)
    return value


def _texts(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _FaultError(ConfigFault.WRONG_KIND, key)
    return tuple(value)


def _named_texts(raw: Mapping[str, Any], key: str) -> dict[str, str]:
    value = raw.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _FaultError(ConfigFault.WRONG_KIND, key)
    for name, item in value.items():
        if not isinstance(item, str):
            raise _FaultError(ConfigFault.WRONG_KIND, f"{key}.{name}")
    return dict(value)


def _flag(raw: Mapping[str, Any], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise _FaultError(ConfigFault.WRONG_KIND, key)
    return value


def _seconds(raw: Mapping[str, Any]) -> float | None:
    value = raw.get("timeout")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise _FaultError(ConfigFault.WRONG_KIND, "timeout")
    return float(value)
