"""A disk that fails where a test wants it to: SQLite's own file operations and the program's.

Everything that SQLite does to a file goes through a VFS over the system's, so what fails is what
would fail on a real disk, at the same places.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import apsw
import pytest

BASE = "win32" if os.name == "nt" else "unix"


class Fault(StrEnum):
    """What goes wrong, and for how long."""

    FULL = "full"
    """From the n-th writing operation on there is no space left; deleting still works."""
    ERROR = "error"
    """The n-th operation, reading included, fails once with an I/O error."""
    SHORT = "short"
    """The n-th write is cut in its middle, and says so; once."""


class FaultyDisk:
    """Counts file operations, and lets them fail once it is told to.

    Attributes:
        operations: How many there were since it was armed.
        struck: Whether anything has failed.
    """

    def __init__(self) -> None:
        self.operations = 0
        self.struck = False
        self._fault: Fault | None = None
        self._at = 0
        self._strike: Callable[[], None] | None = None

    def arm(self, fault: Fault, at: int) -> None:
        """Let the operation number ``at``, counted from 1, fail."""
        self.operations, self.struck = 0, False
        self._fault, self._at, self._strike = fault, at, None

    def arm_with(self, strike: Callable[[], None], at: int) -> None:
        """Call ``strike`` before the operations from number ``at`` on, reads not counted.

        What it raises is their failure.
        """
        self.arm(Fault.FULL, at)
        self._strike = strike

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Let everything succeed, and count nothing."""
        fault, self._fault = self._fault, None
        yield
        self._fault = fault

    def fails(self, *, reads: bool = False, writes: bool = False) -> Fault | None:
        """Count an operation, and say how it fails, if it does."""
        fault = self._fault
        if fault is None or (reads and fault is not Fault.ERROR):
            return None
        if fault is Fault.SHORT and not writes:
            return None
        self.operations += 1
        if self.operations < self._at or (fault is not Fault.FULL and self.operations > self._at):
            return None
        self.struck = True
        if self._strike is not None:
            self._strike()
            return None
        return fault

    def step(self, *, reads: bool = False) -> None:
        """Count an operation of SQLite that is no write of content; raise when it fails."""
        if (fault := self.fails(reads=reads)) is not None:
            raise apsw.FullError() if fault is Fault.FULL else apsw.IOError()

    def step_of_system(self) -> None:
        """Count an operation of the program's own; raise when it fails."""
        if (fault := self.fails()) is not None:
            number = errno.ENOSPC if fault is Fault.FULL else errno.EIO
            raise OSError(number, os.strerror(number))


class _Vfs(apsw.VFS):
    def __init__(self, disk: FaultyDisk) -> None:
        self._disk = disk
        super().__init__("faulty", BASE, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "_File":
        self._disk.step()
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._disk.step(reads=True)  # deleting needs no space
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultyDisk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        super().__init__(BASE, name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        self._disk.step(reads=True)
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        if (fault := self._disk.fails(writes=True)) is not None:
            if fault is Fault.SHORT:
                super().xWrite(data[: len(data) // 2], offset)
            raise apsw.IOError() if fault is Fault.ERROR else apsw.FullError()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.step()
        super().xSync(flags)

    def xTruncate(self, size: int) -> None:
        self._disk.step(reads=True)
        super().xTruncate(size)


@contextmanager
def faulty_disk(folder: Path) -> Iterator[FaultyDisk]:
    """Put such a disk below everything that SQLite opens, and what the program does in ``folder``."""
    disk = FaultyDisk()
    vfs = _Vfs(disk)
    patch = pytest.MonkeyPatch()

    def counted(of: Any, name: str, place: Callable[..., Any] = lambda first, *_: first) -> None:
        original = getattr(of, name)

        def call(*arguments: Any, **named: Any) -> Any:
            where = place(*arguments)
            if isinstance(where, int) or Path(where).is_relative_to(folder):
                disk.step_of_system()
            return original(*arguments, **named)

        patch.setattr(of, name, call)

    for name in ("mkdir", "touch", "replace", "rename"):
        counted(Path, name)
    for name in ("open", "fsync", "posix_fallocate"):
        if hasattr(os, name):
            counted(os, name)
    try:
        yield disk
    finally:
        patch.undo()
        apsw.set_default_vfs(BASE)
        vfs.unregister()
