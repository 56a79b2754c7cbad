"""Ends a server's processes when they should go, and when this program itself is killed.

On POSIX a shell of a few lines waits on a pipe whose other end only this program holds: when the
program goes, however it goes, the pipe ends and the shell kills the server's process group. Nothing
runs between fork and exec, which is not safe in a program with threads, and it serves Linux and
macOS. On Windows the SDK puts the server into a job that ends with this program.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import anyio

from desktop_app.mcp_client.limits import EXIT_SECONDS

if TYPE_CHECKING:
    from anyio.abc import Process

_POLL_SECONDS: Final = 0.01
_GUARD: Final = 'read -r _; kill -s KILL -- "-$0"'


class ProcessGuard:
    """Watches over the process group that ``pid`` leads."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._shell = subprocess.Popen(
            ("/bin/sh", "-c", _GUARD, str(pid)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def release(self) -> None:
        """Stop watching; the group number may belong to somebody else from now on."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            self._shell.stdin.close()


async def end_processes(process: "Process", seconds: float = EXIT_SECONDS) -> None:
    """Close the input, wait, ask the group to go, wait, and kill what is left of it.

    Waits twice ``seconds`` at most, and a moment for the kill. A process that left the group escapes,
    as it means to.
    """
    with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        if process.stdin is not None:
            await process.stdin.aclose()
    await _gone(process, seconds)
    if sys.platform == "win32":
        await _end_job(process)
        return
    if _signal_group(process.pid, signal.SIGTERM):
        with anyio.move_on_after(seconds):
            while _signal_group(process.pid, 0):  # noqa: ASYNC110 (no event tells of a group)
                await asyncio.sleep(_POLL_SECONDS)
        _signal_group(process.pid, signal.SIGKILL)
    await _gone(process, seconds)


def kill_group(process: "Process | asyncio.subprocess.Process") -> None:
    """Kill at once, without waiting; for the ways out on which nothing can be awaited."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            process.kill()
    else:
        _signal_group(process.pid, signal.SIGKILL)


def close_pipes(process: "Process | asyncio.subprocess.Process") -> None:
    """Close what asyncio keeps open while a grandchild that left the group holds a pipe."""
    # anyio's process has asyncio's inside; there is no public way to its transport.
    inner = getattr(process, "_process", process)
    if (close := getattr(getattr(inner, "_transport", None), "close", None)) is not None:
        with contextlib.suppress(PermissionError):
            close()


async def _gone(process: "Process", seconds: float) -> None:
    # Not process.wait(): it waits for the pipes too, which a grandchild may hold open.
    with anyio.move_on_after(seconds):
        while process.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(_POLL_SECONDS)


def _signal_group(pid: int, number: int) -> bool:
    """Whether there was anybody left in the group."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        # macOS says so of a group of which only a zombie is left.
        return False
    return True


async def _end_job(process: Any) -> None:  # noqa: ANN401 (the SDK's own kind of process)
    from mcp.os.win32.utilities import close_process_job, terminate_windows_process_tree

    await terminate_windows_process_tree(process)
    close_process_job(process)
