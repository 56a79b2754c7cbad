"""What a server's process gets as environment: a short list of variables, and the way to programs.

Measured: a program that a desktop starts has the PATH of the session, without what nvm, pyenv or
Homebrew add in a shell's own files, and one that is frozen has library paths that break every other
program. So nothing is inherited but what is named here, and the PATH is the login shell's.
"""

import asyncio
import logging
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_POSIX_NAMES: Final = ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER")
_WINDOWS_NAMES: Final = (
    *("APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PATHEXT"),
    *("PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "USERNAME", "USERPROFILE"),
)
"""What the SDK's stdio client inherits by default (mcp 2.3), and nothing else."""

_SHELL_SECONDS: Final = 5.0
_MOST_PATH_BYTES: Final = 100_000

_log = logging.getLogger(__name__)


class LaunchEnvironment:
    """Builds environments; the login shell is asked once for each run of the program.

    Args:
        surroundings: The program's own environment.
    """

    def __init__(self, surroundings: Mapping[str, str] | None = None) -> None:
        self._surroundings = dict(os.environ if surroundings is None else surroundings)
        self._path: asyncio.Future[str] | None = None

    async def build(self, own: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a server whose entry names the variables ``own``."""
        return {**self._inherited(), "PATH": await self.path(), **own}

    async def path(self) -> str:
        """The login shell's PATH, with what else is in the program's own."""
        if self._path is None:
            self._path = asyncio.get_running_loop().create_future()
            own = self._surroundings.get("PATH", os.defpath)
            try:
                login = await self._login_path() if os.name != "nt" else ""
            except BaseException:
                future, self._path = self._path, None
                future.cancel()
                raise
            folders = [*login.split(os.pathsep), *own.split(os.pathsep)]
            self._path.set_result(os.pathsep.join(dict.fromkeys(filter(None, folders))))
        return await asyncio.shield(self._path)

    def _inherited(self) -> dict[str, str]:
        names: tuple[str, ...] = _WINDOWS_NAMES if os.name == "nt" else _POSIX_NAMES
        known = {name: self._surroundings.get(name, "()") for name in names}
        # What begins like this is a function that bash exported: code.
        return {name: value for name, value in known.items() if not value.startswith("()")}

    async def _login_path(self) -> str:
        shell = self._surroundings.get("SHELL", "")
        if not shell or not Path(shell).is_absolute() or not os.access(shell, os.X_OK):
            return ""
        # Loaded late, as all that the SDK needs.
        import anyio

        from desktop_app.mcp_client.process_guard import close_pipes, kill_group

        mark = secrets.token_hex(8)
        # Interactive too: nvm and its like stand in files that a login alone does not read.
        words = (shell, "-l", "-i", "-c", f"printf '{mark}%s{mark}' \"$PATH\"")
        process = None
        try:
            async with asyncio.timeout(_SHELL_SECONDS):
                # Broken off here, it would leave a shell behind that nobody waits for.
                with anyio.CancelScope(shield=True):
                    process = await asyncio.create_subprocess_exec(
                        *words,
                        stdin=asyncio.subprocess.DEVNULL,
                        stdout=asyncio.subprocess.PIPE,
                        stderr=asyncio.subprocess.DEVNULL,
                        env=self._inherited(),
                        start_new_session=True,
                    )
                return await _read_between(process, mark) if process is not None else ""
        except (OSError, TimeoutError) as error:
            _log.warning("the login shell did not tell its PATH: %r", error)
            return ""
        finally:
            if process is not None:
                kill_group(process)
                # Waiting is for the pipe too, and one that is full, and read no more, never ends.
                close_pipes(process)
                with anyio.CancelScope(shield=True):
                    await process.wait()


async def _read_between(process: asyncio.subprocess.Process, mark: str) -> str:
    """Read until the mark came twice; a shell may say more, and something in it may never end."""
    stdout = process.stdout
    pattern = re.compile(f"{mark}(.*?){mark}".encode(), re.DOTALL)
    data = b""
    while stdout is not None and len(data) <= _MOST_PATH_BYTES:
        if not (more := await stdout.read(65_536)):
            break
        data += more
        if (found := pattern.search(data)) is not None:
            return os.fsdecode(found[1])
    return ""


def find_program(command: str, path: str, cwd: str) -> str | None:
    """Return the absolute path of ``command``, looked for in ``path``; ``None`` where it is not."""
    if os.sep in command or (os.altsep and os.altsep in command):
        place = Path(cwd or Path.home(), Path(command).expanduser())
        return shutil.which(str(place))
    return shutil.which(command, path=path)


def working_folder(cwd: str) -> str:
    """Return the folder a server starts in: its own, or the home folder."""
    return str(Path(cwd).expanduser()) if cwd else str(Path.home())
