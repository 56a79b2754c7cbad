"""One server: started, watched, restarted, asked, stopped. Loaded late; see :mod:`.loading`.

One task owns the connection: it enters the session and leaves it. Whatever a server does ends in its
status and its log; nothing of it reaches another server.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any, Final, TypeVar

import anyio
import httpx2
from mcp.client._transport import TransportStreams
from mcp.shared.exceptions import MCPError
from mcp_types import CONNECTION_CLOSED, INVALID_REQUEST
from pydantic import ValidationError

from desktop_app.chat.mcp_ports import McpError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    ElicitationChoice,
)
from desktop_app.domain.mcp_server import (
    LogOrigin,
    ServerConfig,
    ServerPhase,
    ServerProblem,
    ServerStatus,
    Wire,
)
from desktop_app.domain.tool import Risk, Tool, ToolProgress
from desktop_app.mcp_client.call_clocks import CallClocks, CallProgress, Tell, nobody
from desktop_app.mcp_client.dialogue import Dialogue, Host, open_dialogue
from desktop_app.mcp_client.failures import failure_of
from desktop_app.mcp_client.http_transport import Address, http_transport, straight_network
from desktop_app.mcp_client.launch_environment import (
    find_program,
    working_folder,
)
from desktop_app.mcp_client.server_config import check_launch
from desktop_app.mcp_client.server_log import ServerLog
from desktop_app.mcp_client.stdio_transport import Launch, stdio_transport
from desktop_app.mcp_client.surroundings import Surroundings

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")

_PASSING: Final = frozenset(
    {ServerProblem.ENDED, ServerProblem.UNREACHABLE, ServerProblem.TOO_LONG, ServerProblem.REFUSED}
)
"""What may be better at the next try."""

_VAGUE: Final = frozenset(
    {ServerProblem.ENDED, ServerProblem.PROTOCOL, ServerProblem.START_TIMED_OUT}
)
"""What is told better by what was seen on the wire."""


class ServerConnection:
    """The connection to one server.

    Args:
        config: What the person configured and agreed to.
        surroundings: What it shares with the others.
        log: Takes what there is to say.
        on_change: Called after each change of :attr:`status` or :attr:`tools`.
    """

    def __init__(
        self,
        config: ServerConfig,
        surroundings: Surroundings,
        log: ServerLog,
        on_change: Callable[[], None],
    ) -> None:
        self.config, self._surroundings, self.log = config, surroundings, log
        self._limits = surroundings.limits
        self._on_change = on_change
        self.status = ServerStatus()
        self.tools: tuple[Tool, ...] = ()
        self.title, self.instructions = "", ""
        self._auth: httpx2.Auth | None = None
        self._tasks = TaskScope()
        self._owner: asyncio.Task[None] | None = None
        self._life = anyio.CancelScope()
        self._starting = anyio.CancelScope()
        self._leave, self._over = asyncio.Event(), asyncio.Event()
        self._tools_changed, self._settled = asyncio.Event(), asyncio.Event()
        self._dialogue: Dialogue | None = None
        self._clocks = CallClocks()
        self._questions = 0
        self._fault: tuple[ServerProblem, str] | None = None
        self._exit: int | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether its requests are signed with tokens of a sign-in."""
        return self.status.phase is ServerPhase.READY and bool(
            getattr(self._auth, "has_tokens", False)
        )

    def start(self) -> None:
        """Start it, unless it runs; returns at once."""
        if self._owner is None or self._owner.done():
            self._leave.clear()
            self._settled.clear()
            self._life = anyio.CancelScope()
            self._owner = self._tasks.start(self._own(), f"MCP server {self.config.name}")

    async def stop(self) -> None:
        """Let it leave in order, end it where it does not, and wait until nothing of it is left."""
        owner = self._owner
        if owner is None:
            return
        self._leave.set()
        self._over.set()
        if self.status.phase is not ServerPhase.READY:
            # Nothing is under way that could be brought to an end in order.
            self._life.cancel()
        try:
            async with asyncio.timeout(self._limits.leave_seconds):
                await asyncio.wait({owner})
        except TimeoutError:
            self._life.cancel()
            await asyncio.wait({owner})
        await self._tasks.close()

    async def settled(self) -> None:
        """Wait until it is ready, has failed or is off."""
        await self._settled.wait()

    async def call(
        self, name: str, arguments: Mapping[str, Any], on_progress: Callable[[ToolProgress], None]
    ) -> Mapping[str, Any]:
        """Call a tool; progress gives it more time.

        Raises:
            McpError: When there is no answer.
        """
        told = CallProgress(on_progress)

        async def ask(dialogue: Dialogue, extend: Callable[[], None]) -> Mapping[str, Any]:
            def progressed(progress: ToolProgress) -> None:
                extend()
                told.note(progress)

            return await dialogue.call(name, arguments, progressed)

        return await self._answer(ask, told.wait)

    async def ask(self, question: Callable[[Dialogue], Awaitable[_Answer]]) -> _Answer:
        """Ask something else.

        Raises:
            McpError: When there is no answer.
        """
        return await self._answer(lambda dialogue, _extend: question(dialogue))

    async def _answer(
        self,
        question: Callable[[Dialogue, Callable[[], None]], Awaitable[_Answer]],
        tell: Tell = nobody,
    ) -> _Answer:
        dialogue = self._dialogue
        name = self.config.name
        if dialogue is None:
            raise McpError(f"The MCP server “{name}” is not running.")
        seconds = self.config.call_seconds or self._limits.call_seconds
        try:
            async with self._clocks.running(seconds, self._limits.longest_call, tell) as extend:
                return await question(dialogue, extend)
        except TimeoutError:
            raise McpError(
                f"The MCP server “{name}” did not answer within {seconds:g} seconds."
            ) from None
        except MCPError as error:
            if error.code == INVALID_REQUEST and error.message == "Session terminated":
                # An HTTP server that was started anew knows nothing of the session: begin another.
                self._over.set()
            if error.code == CONNECTION_CLOSED:
                raise McpError(
                    f"The connection to the MCP server “{name}” ended before it answered."
                ) from None
            raise McpError(f"The MCP server “{name}” refused: {_short(error.message)}") from None
        except ValidationError:
            raise McpError(f"The answer of the MCP server “{name}” cannot be read.") from None
        except (RuntimeError, ValueError, anyio.ClosedResourceError, httpx2.HTTPError) as error:
            raise McpError(f"The MCP server “{name}” failed: {_short(str(error))}") from None

    async def _own(self) -> None:
        attempt = 0
        try:
            with self._life:
                while not self._leave.is_set():
                    began = asyncio.get_running_loop().time()
                    phase = ServerPhase.RESTARTING if attempt else ServerPhase.STARTING
                    self._set(ServerStatus(phase, attempt=attempt))
                    was_ready, problem, detail = await self._run_once()
                    if self._leave.is_set():
                        break
                    lasted = asyncio.get_running_loop().time() - began
                    if was_ready and lasted >= self._limits.steady_seconds:
                        attempt = 0
                    delays = self._limits.restart_delays
                    is_worth_it = was_ready or problem is not ServerProblem.ENDED
                    if problem not in _PASSING or not is_worth_it or attempt >= len(delays):
                        self._set(ServerStatus(ServerPhase.FAILED, problem, detail, attempt))
                        return
                    attempt += 1
                    self._set(ServerStatus(ServerPhase.RESTARTING, problem, detail, attempt))
                    with anyio.move_on_after(delays[attempt - 1]):
                        await self._leave.wait()
        except Exception as error:
            _log.exception("the owner of an MCP server failed")
            self._set(
                ServerStatus(ServerPhase.FAILED, ServerProblem.PROTOCOL, type(error).__name__)
            )
        finally:
            if self.status.phase is not ServerPhase.FAILED:
                self._set(ServerStatus())

    async def _run_once(self) -> tuple[bool, ServerProblem, str]:
        """Run it until it ends: whether it was ready, and why it ended."""
        was_ready = False
        self._forget_faults()
        try:
            async with (
                self._transport() as streams,
                open_dialogue(streams, self._host(), self._over.set) as dialogue,
            ):
                await self._begin(dialogue)
                was_ready = True
                await self._attend(dialogue)
        except Exception as error:
            problem, detail = failure_of(error)
        else:
            problem, detail = ServerProblem.ENDED, ""
        finally:
            self._dialogue = None
        if problem in _VAGUE:
            if self._fault is not None and not was_ready:
                problem, detail = self._fault
            elif self._exit is not None and problem is ServerProblem.ENDED:
                detail = f"exit status {self._exit}"
        if not self._leave.is_set():
            self.log.add(LogOrigin.PROGRAM, f"{problem.value}: {detail}".rstrip(": "))
        return was_ready, problem, _short(detail)

    def _forget_faults(self) -> None:
        self._fault, self._exit = None, None
        self._over.clear()

    @asynccontextmanager
    async def _transport(self) -> AsyncIterator[TransportStreams]:
        values = await self._surroundings.secrets.resolved(self.config)
        made = (
            await self._process(values)
            if self.config.wire is Wire.STDIO
            else await self._address(values)
        )
        async with made as streams:
            yield streams

    async def _process(
        self, values: Mapping[str, str]
    ) -> AbstractAsyncContextManager[TransportStreams]:
        environment = await self._surroundings.environment.build(values)
        cwd = working_folder(self.config.cwd)
        program = find_program(self.config.command, environment["PATH"], cwd)
        if program is None:
            raise FileNotFoundError(self.config.command)
        # On Windows "npx" is found as a batch file.
        if (fault := check_launch(replace(self.config, command=program))) is not None:
            raise OSError(0, f"{fault.fault.value} {fault.detail}".strip())
        launch = Launch(
            program, self.config.args, environment, cwd, self._limits.grace, self._limits.most_bytes
        )
        return stdio_transport(launch, self.log, self._on_fault, self._on_exit)

    async def _address(
        self, headers: Mapping[str, str]
    ) -> AbstractAsyncContextManager[TransportStreams]:
        give = self._surroundings.auth
        auth = await give(self.config, self._person_is_asked) if give is not None else None
        self._auth = auth
        network = self._surroundings.network
        way = await network() if network is not None else straight_network()
        address = Address(self.config.wire, self.config.url, headers, auth, self._limits.most_bytes)
        return http_transport(address, way, self._on_fault)

    async def _begin(self, dialogue: Dialogue) -> None:
        with anyio.CancelScope(
            deadline=anyio.current_time() + self._limits.start_seconds
        ) as self._starting:
            await dialogue.begin()
            self.title = dialogue.title[:200]
            self.instructions = dialogue.instructions[:20_000]
            self.tools = await self._listed(dialogue)
        if self._starting.cancelled_caught:
            raise TimeoutError
        self._dialogue = dialogue
        problem, detail = self._fault or (None, "")
        self._set(ServerStatus(ServerPhase.READY, problem, detail))

    async def _attend(self, dialogue: Dialogue) -> None:
        """Keep the list of tools as it is, until the connection ends or is to end."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._relist_changes, dialogue)
            tasks.start_soon(dialogue.watch, self._tools_changed.set)
            await self._over.wait()
            tasks.cancel_scope.cancel()

    async def _relist_changes(self, dialogue: Dialogue) -> None:
        while True:
            await self._tools_changed.wait()
            self._tools_changed.clear()
            try:
                async with asyncio.timeout(self._limits.call_seconds):
                    self.tools = await self._listed(dialogue)
            except (MCPError, ValidationError, TimeoutError) as error:
                self._on_fault(*failure_of(error))
            self._on_change()
            # A server that says so all the time is listened to twice a second.
            await anyio.sleep(self._limits.relist_gap)

    async def _listed(self, dialogue: Dialogue) -> tuple[Tool, ...]:
        return tuple(
            Tool(self.config.name, t.name, t.description, t.schema, Risk.UNKNOWN, t.title)
            for t in await dialogue.list_tools()
        )

    def _host(self) -> Host:
        surroundings = self._surroundings
        return Host(
            server=self.config.name,
            ask=self._ask_person,
            sample=surroundings.sample if self.config.may_sample else None,
            roots=surroundings.roots,
            log=lambda text: self.log.add(LogOrigin.SERVER, text),
            tools_changed=self._tools_changed.set,
        )

    async def _ask_person(self, question: Elicitation) -> ElicitationAnswer:
        if self._questions >= self._limits.questions:
            return ElicitationAnswer(ElicitationChoice.CANCEL)
        self._questions += 1
        try:
            with self._person_is_asked():
                return await self._surroundings.ask(question)
        finally:
            self._questions -= 1

    @contextmanager
    def _person_is_asked(self) -> Iterator[None]:
        """Time in which a person thinks is nobody's delay."""
        self._starting.deadline = float("inf")
        with self._clocks.stopped():
            yield
        self._starting.deadline = anyio.current_time() + self._limits.start_seconds

    def _on_fault(self, problem: ServerProblem, detail: str) -> None:
        is_news = self._fault is None or self._fault[0] is not problem
        self._fault = (problem, _short(detail))
        if is_news and self.status.phase is ServerPhase.READY:
            self._set(replace(self.status, problem=problem, detail=_short(detail)))

    def _on_exit(self, status: int | None) -> None:
        self._exit = status

    def _set(self, status: ServerStatus) -> None:
        self.status = status
        if status.phase is not ServerPhase.READY:
            self.tools = ()
        if status.phase in {ServerPhase.READY, ServerPhase.FAILED, ServerPhase.OFF}:
            self._settled.set()
        else:
            self._settled.clear()
        self._on_change()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:300]}…"
