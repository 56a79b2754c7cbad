"""A server as a process of its own, spoken to over its standard input and output."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

import anyio
import anyio.lowlevel
from anyio.abc import ByteReceiveStream, ByteSendStream, Process
from mcp.client._transport import TransportStreams
from mcp.shared.message import SessionMessage

from desktop_app.domain.mcp_server import LogOrigin, ServerProblem
from desktop_app.mcp_client.limits import EXIT_SECONDS, MOST_BYTES
from desktop_app.mcp_client.message_lines import MessageLines
from desktop_app.mcp_client.process_guard import (
    ProcessGuard,
    close_pipes,
    end_processes,
    kill_group,
)
from desktop_app.mcp_client.server_log import MOST_LETTERS, LineSplitter, ServerLog

_READ_BYTES: Final = 65_536
_BROKEN: Final = (
    anyio.ClosedResourceError,
    anyio.BrokenResourceError,
    anyio.EndOfStream,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to start: ``program`` is an absolute path, ``env`` all that it gets.

    Attributes:
        grace: Seconds it may take to leave after its input was closed, and again after SIGTERM.
        most_bytes: Longest message that is taken.
    """

    program: str
    args: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    cwd: str
    grace: float = EXIT_SECONDS
    most_bytes: int = MOST_BYTES


@asynccontextmanager
async def stdio_transport(
    launch: Launch,
    log: ServerLog,
    on_fault: Callable[[ServerProblem, str], None],
    on_exit: Callable[[int | None], None],
) -> AsyncIterator[TransportStreams]:
    """Start the process and give the streams of messages; all of it has ended on the way out.

    Args:
        launch: What to start.
        log: Takes what it writes to standard error, and what is no message.
        on_fault: Called with what was wrong with its output.
        on_exit: Called with its exit status, where it has one, when all is over.

    Raises:
        OSError: When it cannot be started.
    """
    # Broken off here, it would leave a process and its pipes behind that nobody knows of.
    with anyio.CancelScope(shield=True):
        process = await _start(launch)
    stdin, stdout, stderr = _pipes(process)
    guard = ProcessGuard(process.pid) if sys.platform != "win32" else None
    incoming, received = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing, to_send = anyio.create_memory_object_stream[SessionMessage](0)

    async def read_messages() -> None:
        lines = MessageLines(log, on_fault, launch.most_bytes)
        async with incoming:
            with suppress(*_BROKEN):
                while True:
                    data = await stdout.receive(_READ_BYTES)
                    for message in lines.feed(data):
                        await incoming.send(message)

    async def read_stderr() -> None:
        lines = LineSplitter(MOST_LETTERS * 4)
        with suppress(*_BROKEN):
            while True:
                for line in lines.feed(await stderr.receive(_READ_BYTES)):
                    log.add(LogOrigin.STDERR, line)
                # A flood must leave the loop to others between two reads.
                await anyio.lowlevel.checkpoint()
        for line in lines.end():
            log.add(LogOrigin.STDERR, line)

    async def write_messages() -> None:
        try:
            async with to_send:
                async for message in to_send:
                    text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                    await stdin.send(text.encode() + b"\n")
        except _BROKEN:
            # It no longer listens: whoever waits for an answer hears that the connection ended.
            await incoming.aclose()

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read_messages)
            tasks.start_soon(read_stderr)
            tasks.start_soon(write_messages)
            try:
                yield cast("TransportStreams", (received, outgoing))
            finally:
                with anyio.CancelScope(shield=True):
                    received.close()
                    outgoing.close()
                    await end_processes(process, launch.grace)
                tasks.cancel_scope.cancel()
    finally:
        on_exit(process.returncode)
        if process.returncode is None:
            # Its end was not waited for: this task was cancelled from outside.
            kill_group(process)
        if guard is not None:
            guard.release()
        for stream in (incoming, received, outgoing, to_send):
            stream.close()
        close_pipes(process)


async def _start(launch: Launch) -> Process:
    words = [launch.program, *launch.args]
    options: dict[str, Any] = {"env": dict(launch.env), "cwd": launch.cwd}
    if sys.platform == "win32":
        return await _start_in_job(words, options)
    return await anyio.open_process(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **options,
    )


async def _start_in_job(words: list[str], options: dict[str, Any]) -> Process:
    """Windows: in a job that ends with this program, without a console window."""
    from mcp.os.win32.utilities import create_windows_process

    process = await create_windows_process(
        words[0], words[1:], errlog=cast("Any", subprocess.PIPE), **options
    )
    return cast("Process", process)


def _pipes(process: Process) -> tuple[ByteSendStream, ByteReceiveStream, ByteReceiveStream]:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise OSError("the process has no pipes")
    return process.stdin, process.stdout, process.stderr
