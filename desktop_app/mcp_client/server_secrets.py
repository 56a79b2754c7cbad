"""Values of variables and headers that are kept in the keyring, each bound to where it goes.

A value typed for one program or one origin is not found for another one: whoever changes the file
so that a header goes elsewhere sends nothing that the person typed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from desktop_app.chat.ports import KeyStore
from desktop_app.domain.connection import origin_of
from desktop_app.domain.mcp_server import KEPT_IN_KEYRING, ServerConfig, Wire
from desktop_app.log import remember_secret


class MissingSecretError(Exception):
    """The keyring does not give a value; the message is the name of the variable or header."""


class ServerSecrets:
    """The values in ``keys``."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    async def keep(self, config: ServerConfig, typed: Mapping[str, str]) -> bool:
        """Put what was typed for ``config`` into the keyring; whether it stays there."""
        kept = True
        for name, value in typed.items():
            remember_secret(value)
            writing = await self._keys.write(_account(config, name), value)
            kept = kept and writing.kept
        return kept

    async def resolved(self, config: ServerConfig) -> dict[str, str]:
        """Return the variables or headers of ``config`` with the values from the keyring.

        Raises:
            MissingSecretError: When one is not there.
        """
        values = dict(config.secrets)
        for name, value in values.items():
            if value == KEPT_IN_KEYRING:
                reading = await self._keys.read(_account(config, name))
                if reading.key is None:
                    raise MissingSecretError(name)
                values[name] = reading.key
            remember_secret(values[name])
        return values

    async def carried_over(self, old: ServerConfig | None, new: ServerConfig) -> dict[str, str]:
        """The values that go along when an entry gets another name and keeps its target."""
        if old is None or old.name == new.name:
            return {}
        if (old.wire, old.command, old.url) != (new.wire, new.command, new.url):
            return {}
        values: dict[str, str] = {}
        for name, value in new.secrets.items():
            if value == old.secrets.get(name) == KEPT_IN_KEYRING:
                reading = await self._keys.read(_account(old, name))
                values |= {name: reading.key} if reading.key is not None else {}
        return values

    async def forget(self, config: ServerConfig, names: Iterable[str] | None = None) -> None:
        """Take values out of the keyring: those of ``names``, or all."""
        for name, value in config.secrets.items():
            if value == KEPT_IN_KEYRING and (names is None or name in names):
                await self._keys.delete(_account(config, name))


def with_placeholders(config: ServerConfig, names: Iterable[str]) -> ServerConfig:
    """Return ``config`` with the values of ``names`` in the keyring."""
    values = {**config.secrets, **dict.fromkeys(names, KEPT_IN_KEYRING)}
    if config.wire is Wire.STDIO:
        return replace(config, env=values)
    return replace(config, headers=values)


def token_account(config: ServerConfig) -> str:
    """Where the tokens of an HTTP server are; another name or origin has others."""
    told = json.dumps((config.name, "oauth", origin_of(config.url)))
    return f"mcp:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _account(config: ServerConfig, name: str) -> str:
    target = config.command if config.wire is Wire.STDIO else origin_of(config.url)
    # Names may be long and hold any letter; keyrings of some systems take neither.
    told = json.dumps((config.name, config.wire, target, name))
    return f"mcp:{hashlib.sha256(told.encode()).hexdigest()[:32]}"
