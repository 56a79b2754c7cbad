"""Fetches one file of a release and keeps it only when it is what the release says.

GitHub answers a file's address with another one, of a host for its files; those and no others are
gone to. Where the bytes come from proves nothing: size and SHA-256 do, and both are the feed's.
"""

import asyncio
import contextlib
import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urljoin, urlsplit

from desktop_app.chat.background import DaemonThread
from desktop_app.domain.errors import ChatError
from desktop_app.domain.release import DownloadError, DownloadProblem, ReleaseFile
from desktop_app.providers.openai_chat.route import STRAIGHT, Route
from desktop_app.providers.plain_get import GetError, get

_MOST_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SILENCE: Final = 60.0
_PIECE: Final = 1024 * 1024


def is_githubs(address: str) -> bool:
    """Whether ``address`` is one from which GitHub hands out files."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return parts.scheme == "https" and (
        host == "github.com" or host.endswith(".githubusercontent.com")
    )


async def download(
    file: ReleaseFile,
    folder: Path,
    note: Callable[[int], None],
    route: Route = STRAIGHT,
    may_ask: Callable[[str], bool] = is_githubs,
) -> Path:
    """Put ``file`` into ``folder``, which is made, and return its path; one of that name is replaced.

    Until all of it has arrived and is right, it has a name of its own, and it is gone when anything
    ends this before.

    Args:
        file: What is fetched.
        folder: Where it goes.
        note: Takes the number of bytes that have come.
        route: How servers are reached.
        may_ask: Whether an address may be asked, the first one and those that it leads to.

    Raises:
        DownloadError: When it does not arrive whole and right.
    """
    target = folder / file.name
    part = folder / f"{file.name}.part"
    disk = DaemonThread("download")
    try:
        await disk.run(partial(folder.mkdir, parents=True, exist_ok=True))
        with part.open("wb") as writer:
            await _fetch(file, _Sink(file, writer, disk, note), route, may_ask)
        part.replace(target)
    except (ChatError, GetError, TimeoutError) as error:
        detail = str(error) or type(error).__name__
        raise DownloadError(DownloadProblem.CONNECTION, detail) from error
    except OSError as error:
        raise DownloadError(DownloadProblem.DISK, str(error)) from error
    finally:
        disk.end()
        with contextlib.suppress(OSError):
            part.unlink()
    return target


class _Sink:
    """Takes the content of ``file`` in the order in which it comes, and proves it at its end."""

    def __init__(
        self, file: ReleaseFile, writer: BinaryIO, disk: DaemonThread, note: Callable[[int], None]
    ) -> None:
        self._file = file
        self._writer = writer
        self._disk = disk
        self._note = note
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._came = 0

    async def take(self, data: bytes) -> None:
        self._came += len(data)
        if self._came > self._file.size:
            raise DownloadError(DownloadProblem.CONTENT, "longer than it should be")
        self._waiting += data
        if len(self._waiting) >= _PIECE:
            await self._write()

    async def prove(self) -> None:
        await self._write()
        if self._came != self._file.size:
            raise DownloadError(DownloadProblem.CONTENT, "shorter than it should be")
        if self._digest.hexdigest() != self._file.sha256:
            raise DownloadError(DownloadProblem.CONTENT, "another checksum")
        await self._disk.run(partial(os.fsync, self._writer.fileno()))

    async def _write(self) -> None:
        piece, self._waiting = bytes(self._waiting), bytearray()

        def write() -> None:
            self._digest.update(piece)
            self._writer.write(piece)
            self._writer.flush()

        await self._disk.run(write)
        self._note(self._came)


async def _fetch(
    file: ReleaseFile, sink: _Sink, route: Route, may_ask: Callable[[str], bool]
) -> None:
    now = asyncio.get_running_loop().time
    address = file.address
    for _ in range(_MOST_REDIRECTS + 1):
        if not may_ask(address):
            raise GetError(f"an address that is not asked: {address[:200]}")
        accept = "application/octet-stream"
        async with (
            asyncio.timeout(_SILENCE) as silence,
            get(address, route, accept=accept) as answer,
        ):
            if answer.status == 200:
                async with contextlib.aclosing(answer.aiter_stream()) as stream:
                    async for data in stream:
                        silence.reschedule(now() + _SILENCE)
                        await sink.take(data)
                await sink.prove()
                return
            if answer.status not in _REDIRECTS:
                raise GetError(f"status {answer.status}")
            headers = {name.lower(): value for name, value in answer.headers}
        address = urljoin(address, headers.get(b"location", b"").decode("latin-1"))
    raise GetError("one redirect too many")
