"""All configured MCP servers: what the file says, what was agreed to, what runs.

The SDK is loaded when the first server is to be started; until then this room costs the reading of
one file. A server is started only after exactly its command line or address was agreed to.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop_app.chat.mcp_ports import Ask, McpError, OpenPage
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    ElicitationChoice,
    Prompt,
    PromptMessage,
    Resource,
    ResourceText,
)
from desktop_app.domain.mcp_server import (
    EntryFault,
    ImportPreview,
    LogLine,
    ServerConfig,
    ServerEntry,
    ServerPhase,
    ServerProblem,
    ServerStatus,
    Wire,
)
from desktop_app.domain.tool import Tool, ToolProgress
from desktop_app.mcp_client.approvals import Approvals
from desktop_app.mcp_client.config_file import ConfigFile
from desktop_app.mcp_client.config_imports import known_files, preview_of
from desktop_app.mcp_client.loading import loaded
from desktop_app.mcp_client.parts import Parts
from desktop_app.mcp_client.server_config import check_entry
from desktop_app.mcp_client.server_log import ServerLog
from desktop_app.mcp_client.server_secrets import ServerSecrets, token_account, with_placeholders
from desktop_app.mcp_client.tool_source import CallTool, McpToolSource

if TYPE_CHECKING:
    from desktop_app.mcp_client.connection import ServerConnection
    from desktop_app.mcp_client.surroundings import Surroundings

_log = logging.getLogger(__name__)

FILE_NAME: Final = "mcp.json"
APPROVALS_NAME: Final = "mcp-approved.json"
_NOTIFY_SECONDS: Final = 0.05


class ConfiguredServers:
    """A :class:`desktop_app.chat.mcp_ports.McpServers` over the file in ``folder``."""

    def __init__(self, folder: Path, parts: Parts) -> None:
        self._file = ConfigFile(folder / FILE_NAME)
        self._approvals = Approvals(folder / APPROVALS_NAME)
        self._parts = parts
        self._secrets = ServerSecrets(parts.keys)
        self._connections: dict[str, ServerConnection] = {}
        self._logs: dict[str, ServerLog] = {}
        self._sources: dict[str, McpToolSource] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._load_problem = ""
        self._wanted_now: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._pending: asyncio.TimerHandle | None = None
        self._tasks = TaskScope()
        self._ask: Ask | None = None
        self._open_page: OpenPage | None = None
        self._surroundings: Surroundings | None = None
        self._is_closed = False

    def start(self) -> None:
        """Read the file and start what is to run; returns at once."""
        self._tasks.start(self.reload(), "start MCP servers")

    async def aclose(self) -> None:
        """Stop all servers, side by side; no process of theirs is left when this returns."""
        self._is_closed = True
        self._listeners.clear()
        if self._pending is not None:
            self._pending.cancel()
        await self._tasks.close()
        await asyncio.gather(*(c.stop() for c in self._connections.values()))

    @property
    def file(self) -> Path:
        """Where they are configured."""
        return self._file.path

    @property
    def file_fault(self) -> EntryFault | None:
        """What is wrong with the file as a whole."""
        return self._file.fault

    @property
    def entries(self) -> tuple[ServerEntry, ...]:
        """How each stands, in the order of the file."""
        return tuple(self._entry(name, read) for name, read in self._file.entries.items())

    @property
    def sources(self) -> tuple[McpToolSource, ...]:
        """A source of tools for each server that is switched on, in the order of the file."""
        return tuple(self._sources[name] for name in self._file.entries if name in self._sources)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` soon after something changed; returns how to stop that."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def attend(self, ask: Ask | None, open_page: OpenPage | None) -> None:
        """Name who shows questions and sign-in pages to the person."""
        self._ask, self._open_page = ask, open_page

    async def reload(self) -> None:
        """Read the file again and start, restart or stop what changed."""
        self._file.load()
        await self._apply({*self._file.entries, *self._connections})

    def log(self, name: str) -> tuple[LogLine, ...]:
        """The last lines of a server's log."""
        return self._log_of(name).lines

    def check(self, config: ServerConfig, typed: Mapping[str, str]) -> EntryFault | None:
        """Say what is wrong with an entry as it was entered."""
        return check_entry(config, typed)

    async def save(
        self, config: ServerConfig, typed: Mapping[str, str], replaces: str = ""
    ) -> bool:
        """Write an entry and (re)start it; see the Protocol."""
        old = self._config(replaces or config.name)
        typed = {**await self._secrets.carried_over(old, config), **typed}
        config = with_placeholders(config, typed)
        kept = await self._secrets.keep(config, typed)
        self._file.put(config, replaces)
        self._approvals.add(config)
        if old is not None and old.name != config.name:
            self._approvals.drop(old.name)
            await self._secrets.forget(old)
        elif old is not None:
            await self._secrets.forget(old, set(old.secrets) - set(config.secrets))
        self._wanted_now.add(config.name)
        await self._apply({config.name, replaces or config.name})
        return kept

    async def settled(self, seconds: float) -> None:
        """Wait until every server is ready, has failed or is off, ``seconds`` at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._tasks.join()
                await asyncio.gather(*(c.settled() for c in self._connections.values()))

    async def remove(self, name: str) -> None:
        """Take an entry out, with its values and tokens."""
        config = self._config(name)
        self._file.drop(name)
        self._approvals.drop(name)
        await self._apply({name})
        if config is not None:
            await self._secrets.forget(config)
            if config.wire is not Wire.STDIO:
                await self._parts.keys.delete(token_account(config))
        self._logs.pop(name, None)

    async def enable(self, name: str, *, on: bool) -> None:
        """Start or stop a server, now and from now on."""
        config = self._config(name)
        if config is not None and config.disabled is on:
            self._file.put(replace(config, disabled=not on))
            await self._apply({name})

    async def approve(self, name: str, fingerprint: str) -> None:
        """Agree to what was shown, if it still is that, and start it."""
        config = self._config(name)
        if config is not None and config.fingerprint == fingerprint:
            self._approvals.add(config)
            self._wanted_now.add(name)
            await self._apply({name})

    async def restart(self, name: str) -> None:
        """Stop and start a server; returns when it is ready or has failed."""
        self._wanted_now.add(name)
        if (connection := await self._begun_anew(name)) is not None:
            await connection.settled()
        else:
            await self._apply({name})

    async def sign_out(self, name: str) -> None:
        """Forget the tokens of a server, and begin anew without them."""
        config = self._config(name)
        if config is not None and config.wire is not Wire.STDIO:
            await self._parts.keys.delete(token_account(config))
            self._wanted_now.discard(name)
            await self._begun_anew(name)

    def import_files(self) -> tuple[Path, ...]:
        """The files of other programs that are found on this computer."""
        return known_files()

    async def preview_import(self, path: Path) -> ImportPreview:
        """Read another program's file; nothing is written or started."""
        return preview_of(path)

    async def bring_in(self, configs: Sequence[ServerConfig]) -> None:
        """Write entries, switched off and not agreed to; their values go to the keyring."""
        for config in configs:
            name, number = config.name, 2
            while name in self._file.entries:
                name, number = f"{config.name} ({number})", number + 1
            typed = {variable: config.secrets[variable] for variable in config.plain_secrets}
            ours = with_placeholders(replace(config, name=name, disabled=True), typed)
            await self._secrets.keep(ours, typed)
            self._file.put(ours)
        self._notify()

    async def resources(self, server: str = "") -> tuple[Resource, ...]:
        """What the servers that are ready offer to read."""
        from desktop_app.mcp_client.offers import gathered, resources_of

        return await gathered(self._ready(server), resources_of)

    async def read_resource(self, resource: Resource) -> tuple[ResourceText, ...]:
        """Read it."""
        from desktop_app.mcp_client.offers import contents_of

        return await contents_of(self._running(resource.server), resource.uri)

    async def prompts(self, server: str = "") -> tuple[Prompt, ...]:
        """The prompts of the servers that are ready."""
        from desktop_app.mcp_client.offers import gathered, prompts_of

        return await gathered(self._ready(server), prompts_of)

    async def get_prompt(
        self, prompt: Prompt, arguments: Mapping[str, str]
    ) -> tuple[PromptMessage, ...]:
        """Fill it in."""
        from desktop_app.mcp_client.offers import filled_in

        return await filled_in(self._running(prompt.server), prompt.name, arguments)

    async def _apply(self, names: set[str]) -> None:
        """Make what runs be what the file and the approvals say."""
        await asyncio.gather(*(self._apply_one(name) for name in names))
        self._notify()

    async def _apply_one(self, name: str) -> None:
        async with self._lock(name):
            config = self._config(name)
            if config is not None and (config.disabled or not self._approvals.covers(config)):
                config = None
            running = self._connections.get(name)
            if running is not None and running.config != config:
                await running.stop()
                del self._connections[name]
                self._changed(name)
                running = None
            if config is None or self._is_closed:
                if self._sources.pop(name, None) is not None:
                    self._parts.remove_source(name)
                return
            if running is None:
                running = await self._made(config)
            if running is not None:
                running.start()

    async def _begun_anew(self, name: str) -> "ServerConnection | None":
        async with self._lock(name):
            if (connection := self._connections.get(name)) is not None:
                await connection.stop()
                connection.start()
        return connection

    async def _made(self, config: ServerConfig) -> "ServerConnection | None":
        try:
            module = await loaded("desktop_app.mcp_client.connection")
        except ImportError as error:
            _log.warning("the MCP library cannot be loaded: %s", error)
            self._load_problem = str(error)
            return None
        name = config.name
        if self._surroundings is None:
            self._surroundings = await self._made_surroundings(module)
        connection: ServerConnection = module.ServerConnection(
            config, self._surroundings, self._log_of(name), lambda: self._changed(name)
        )
        self._connections[name] = connection
        source = McpToolSource(name, self._caller(name), lambda: self._tools(name))
        self._sources[name] = source
        self._parts.add_source(source)
        return connection

    async def _made_surroundings(self, module: Any) -> "Surroundings":  # noqa: ANN401 (loaded late)
        signing = await loaded("desktop_app.mcp_client.sign_in")
        sign_in = signing.SignIn(self._parts.keys, self._show_page, self._wanted_now.__contains__)
        surroundings: Surroundings = module.Surroundings(
            environment=self._parts.environment,
            secrets=self._secrets,
            ask=self._ask_person,
            sample=self._parts.sample,
            roots=self._parts.roots,
            auth=sign_in.auth,
            network=self._parts.network,
            limits=self._parts.limits,
        )
        return surroundings

    async def _ask_person(self, question: Elicitation) -> ElicitationAnswer:
        if self._ask is None:
            return ElicitationAnswer(ElicitationChoice.CANCEL)
        return await self._ask(question)

    async def _show_page(self, name: str, url: str) -> bool:
        return self._open_page is not None and await self._open_page(name, url)

    def _entry(self, name: str, read: ServerConfig | EntryFault) -> ServerEntry:
        if isinstance(read, EntryFault):
            status = ServerStatus(ServerPhase.FAILED, ServerProblem.NOT_CONFIGURED)
            return ServerEntry(name, None, read, status)
        connection = self._connections.get(name)
        if connection is None:
            status = ServerStatus()
            if not self._approvals.covers(read):
                status = ServerStatus(ServerPhase.OFF, ServerProblem.NOT_APPROVED)
            elif not read.disabled and self._load_problem:
                status = ServerStatus(
                    ServerPhase.FAILED, ServerProblem.SDK_MISSING, self._load_problem
                )
            return ServerEntry(name, read, None, status)
        return ServerEntry(
            *(name, read, None, connection.status, connection.tools),
            *(connection.title, connection.instructions, connection.is_signed_in),
        )

    def _caller(self, name: str) -> CallTool:
        async def call(
            tool: str, arguments: Mapping[str, Any], on_progress: Callable[[ToolProgress], None]
        ) -> Mapping[str, Any]:
            return await self._running(name).call(tool, arguments, on_progress)

        return call

    def _running(self, name: str) -> "ServerConnection":
        connection = self._connections.get(name)
        if connection is None:
            raise McpError(f"The MCP server “{name}” is not running.")
        return connection

    def _ready(self, only: str = "") -> "list[ServerConnection]":
        asked = [c for c in self._connections.values() if only in ("", c.config.name)]
        return [c for c in asked if c.status.phase is ServerPhase.READY]

    def _tools(self, name: str) -> tuple[Tool, ...]:
        connection = self._connections.get(name)
        return connection.tools if connection is not None else ()

    def _config(self, name: str) -> ServerConfig | None:
        read = self._file.entries.get(name)
        return read if isinstance(read, ServerConfig) else None

    def _lock(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())

    def _log_of(self, name: str) -> ServerLog:
        if name not in self._logs:
            self._logs[name] = ServerLog(self._notify)
        return self._logs[name]

    def _changed(self, name: str) -> None:
        if (source := self._sources.get(name)) is not None:
            source.note_change()
        self._notify()

    def _notify(self) -> None:
        """Tell the listeners, once for what comes close together: a log may be a flood."""
        if self._pending is None and not self._is_closed:
            loop = asyncio.get_running_loop()
            self._pending = loop.call_later(_NOTIFY_SECONDS, self._tell)

    def _tell(self) -> None:
        self._pending = None
        for listener in tuple(self._listeners):
            listener()
