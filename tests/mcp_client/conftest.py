"""What the tests of the MCP client share: our own server, short times, a keyring in memory."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.domain.mcp_server import ServerEntry, ServerPhase
from desktop_app.mcp_client.launch_environment import LaunchEnvironment
from desktop_app.mcp_client.limits import Limits
from desktop_app.mcp_client.parts import Parts
from desktop_app.mcp_client.servers import ConfiguredServers
from tests.fakes.key_store import MemoryKeyStore

SERVER = str(Path(__file__).parents[1] / "servers" / "mcp_stdio.py")
QUICK = Limits(grace=0.5, restart_delays=(0.0, 0.0), relist_gap=0.0, steady_seconds=3600.0)


def our_server(*arguments: str, **more: Any) -> dict[str, Any]:
    """An entry of the file that starts our own server."""
    return {"command": sys.executable, "args": [SERVER, *arguments], **more}


def write_config(folder: Path, servers: Mapping[str, Any], **more: Any) -> Path:
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": servers, **more}), "utf-8")
    return path


class Rig:
    """The servers of a test, and what is asked of the person."""

    def __init__(self, servers: ConfiguredServers, keys: MemoryKeyStore) -> None:
        self.servers, self.keys = servers, keys

    def entry(self, name: str) -> ServerEntry:
        (found,) = [entry for entry in self.servers.entries if entry.name == name]
        return found

    def log(self, name: str) -> str:
        return "\n".join(f"{line.origin}: {line.text}" for line in self.servers.log(name))

    async def until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Wait for changes until ``condition`` holds."""
        changed = asyncio.Event()
        stop = self.servers.subscribe(changed.set)
        try:
            async with asyncio.timeout(30):
                while not condition():
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            entries = [(entry.name, entry.status) for entry in self.servers.entries]
            raise AssertionError(f"never: {what or condition}; {entries}") from None
        finally:
            stop()

    async def phase(self, name: str, *phases: ServerPhase) -> ServerEntry:
        await self.until(lambda: self.entry(name).status.phase in phases, f"{name} in {phases}")
        return self.entry(name)

    async def call(self, server: str, tool: str, **arguments: Any) -> Any:
        (source,) = [source for source in self.servers.sources if source.id == server]
        (found,) = [offered for offered in source.tools if offered.name == tool]
        return await source.call(found, arguments, lambda _progress: None)


@asynccontextmanager
async def running(
    folder: Path, servers: Mapping[str, Any], limits: Limits = QUICK, **parts: Any
) -> AsyncIterator[Rig]:
    """Servers that the person agreed to, settled."""
    write_config(folder, servers)
    keys = MemoryKeyStore()
    given = Parts(
        keys=keys, limits=limits, environment=LaunchEnvironment({"PATH": "/usr/bin:/bin"})
    )
    configured = ConfiguredServers(folder, replace(given, **parts))
    rig = Rig(configured, keys)
    try:
        await configured.reload()
        for entry in configured.entries:
            if entry.config is not None:
                await configured.approve(entry.name, entry.config.fingerprint)
        settled = {ServerPhase.READY, ServerPhase.FAILED, ServerPhase.OFF}
        await rig.until(lambda: all(e.status.phase in settled for e in configured.entries))
        yield rig
    finally:
        await configured.aclose()
