"""A file that takes up space while there is some, to be given up when there is none.

On a full disk SQLite cannot even delete: that, too, is a write first. With this much room given
back a person can delete, and an answer that is on its way is saved.
"""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

BALLAST_BYTES: Final = 32 * 1024 * 1024

_TIMES_FREE: Final = 4
"""It is laid only where that many times its size is free: on a nearly full disk it would do harm."""

_BLOCK: Final = 1024 * 1024


class Ballast:
    """The file at ``path``. Its methods block, and may be called from any thread, one at a time.

    Args:
        path: In the folder of the database, so on the same disk.
        size: Bytes.
        free: Says how many bytes are free below a folder.
    """

    def __init__(
        self,
        path: Path,
        size: int = BALLAST_BYTES,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._path = path
        self._size = size
        self._free = free
        self._was_released = False

    def lay(self) -> bool:
        """Make the file where it is missing and there is room; whether it is there now."""
        try:
            if self._path.exists() and self._path.stat().st_size >= self._size:
                return True
            if self._free(self._path.parent) < _TIMES_FREE * self._size:
                return False
            self._write()
        except OSError as error:
            # No room after all, by a quota perhaps: half a ballast would only use up the rest.
            _log.info("no space can be set aside: %s", error)
            self._path.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> bool:
        """Give the space back; whether there was any to give."""
        try:
            self._path.unlink()
        except OSError:
            return False
        self._was_released = True
        return True

    def take_released(self) -> bool:
        """Whether the space was given back since this was last asked."""
        was, self._was_released = self._was_released, False
        return was

    def _write(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, self._size)
                return
            # Neither zeros nor a repetition: some file systems would keep those in no space at all.
            written = 0
            while written < self._size:
                written += os.write(descriptor, os.urandom(min(_BLOCK, self._size - written)))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
