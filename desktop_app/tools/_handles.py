"""Folders that are held open while they are used, so that nothing in them can be exchanged for a link.

Where the system can (every one but Windows), each name is opened relative to the folder above it,
which is held open, and a link is never followed. Elsewhere what was opened is compared with what was
looked at before.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Final, Self

from desktop_app.tools._names import PathRefusedError

HOLDS_FOLDERS: Final = {os.open, os.mkdir, os.unlink, os.rename} <= os.supports_dir_fd
"""Whether the system opens names relative to a folder that is held open."""

_CLOSED: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK | _CLOSED


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder.

    Attributes:
        name: Its name.
        kind: ``file``, ``folder``, ``link`` or ``other``.
        size: Bytes of a file.
        modified: Seconds since the Unix epoch.
    """

    name: str
    kind: str
    size: int
    modified: float


class Folder:
    """An open folder; close it, or use it in a ``with``.

    Args:
        path: Real path of it.
        descriptor: Of the open folder; ``None`` where the system holds none open.
    """

    def __init__(self, path: str, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def at(cls, path: str, *, held: bool = HOLDS_FOLDERS) -> Self:
        """Open the folder at the real path ``path``.

        Raises:
            PathRefusedError: When it is a link.
            OSError: When it is no folder or cannot be opened.
        """
        if not held:
            _check_unlinked(path)
            return cls(path, None)
        return cls(path, os.open(path, _FOLDER))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def enter(self, name: str) -> "Folder":
        """Open the folder ``name`` in it.

        Raises:
            PathRefusedError: When it is a link, or became one.
            OSError: When there is none.
        """
        path = os.path.join(self.path, name)  # noqa: PTH118 (a Path would tidy the name up)
        if self._descriptor is None:
            _check_unlinked(path)
            return Folder(path, None)
        with _links_named(name):
            return Folder(path, os.open(name, _FOLDER, dir_fd=self._descriptor))

    def make(self, name: str) -> None:
        """Make the folder ``name`` in it, if there is nothing of that name."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._named(name), dir_fd=self._descriptor)

    def open(self, name: str) -> BinaryIO:
        """Open the file ``name`` in it for reading.

        Raises:
            PathRefusedError: When it is a link, a folder, a device or anything but a file.
            OSError: When there is none, or it may not be read.
        """
        before = None if self._descriptor is not None else os.lstat(self._named(name))
        if before is not None:
            _check_ordinary(name, before.st_mode)
        # Without waiting: opening a pipe would otherwise wait for whoever writes into it.
        flags = os.O_RDONLY | _NO_LINK | _CLOSED | _BINARY | _NO_WAIT
        with _links_named(name):
            descriptor = os.open(self._named(name), flags, dir_fd=self._descriptor)
        try:
            now = os.fstat(descriptor)
            _check_ordinary(name, now.st_mode)
            if before is not None and not os.path.samestat(before, now):
                raise _exchanged(name)
            return os.fdopen(descriptor, "rb")
        except BaseException:
            os.close(descriptor)
            raise

    def replace(self, name: str, content: bytes, mode: int) -> None:
        """Put a file with ``content`` in the place of ``name``, so that no crash leaves half of it.

        Args:
            name: A link of this name is replaced itself; nothing is written where it leads to.
            content: All of the file.
            mode: Permissions of the new file.
        """
        beside = f".{os.urandom(8).hex()}.interleave"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _CLOSED | _BINARY
        descriptor = os.open(self._named(beside), flags, 0o600, dir_fd=self._descriptor)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                if hasattr(os, "fchmod"):
                    os.fchmod(stream.fileno(), mode)
                os.fsync(stream.fileno())
            os.replace(
                self._named(beside),
                self._named(name),
                src_dir_fd=self._descriptor,
                dst_dir_fd=self._descriptor,
            )
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(self._named(beside), dir_fd=self._descriptor)
            raise

    def entries(self) -> Iterator[Entry]:
        """Yield what is in it, in the system's order; what vanishes meanwhile is left out."""
        with os.scandir(self.path if self._descriptor is None else self._descriptor) as found:
            for one in found:
                try:
                    state = one.stat(follow_symlinks=False)
                except OSError:
                    continue
                yield Entry(one.name, _kind(state.st_mode), state.st_size, state.st_mtime)

    def _named(self, name: str) -> str:
        if self._descriptor is not None:
            return name
        return os.path.join(self.path, name)  # noqa: PTH118 (a Path would tidy the name up)


def _exchanged(name: str) -> PathRefusedError:
    return PathRefusedError(
        f"“{name}” changed while it was being opened, or is a link that leads elsewhere."
    )


def _check_ordinary(name: str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise PathRefusedError(f"“{name}” is a folder.")
    if not stat.S_ISREG(mode):
        raise PathRefusedError(f"“{name}” is no ordinary file.")


def _kind(mode: int) -> str:
    for kind, is_kind in (("file", stat.S_ISREG), ("folder", stat.S_ISDIR), ("link", stat.S_ISLNK)):
        if is_kind(mode):
            return kind
    return "other"


def _check_unlinked(path: str) -> None:
    if os.path.normcase(os.path.realpath(path)) != os.path.normcase(path):
        raise _exchanged(os.path.basename(path))  # noqa: PTH119


@contextlib.contextmanager
def _links_named(name: str) -> Iterator[None]:
    """Say of a refused link that it is one; systems disagree on how they refuse it."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK}:
            raise _exchanged(name) from None
        raise
