"""One program for each data folder: a second start brings the first window to the front.

Two programs on one database would each take the other's streaming answer for an interrupted one, so
the lock is taken before the database is opened. A second start writes into a file that the first one
watches, and the first empties it to say that it heard. A local socket would do the same with
QtNetwork, which is needed for nothing else: 5 MiB of the built program, Kerberos among them.
"""

import logging
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDeadlineTimer, QFileSystemWatcher, QLockFile, QThread

_log = logging.getLogger(__name__)

_LOCK_NAME: Final = "instance.lock"
_CALL_NAME: Final = "instance.call"
_CALL: Final = b"raise\n"
_PATIENCE_MS: Final = 2000
_PAUSE_MS: Final = 20


class Start(Enum):
    """What a start has found."""

    FIRST = auto()
    """No other program uses the folder, or it cannot be told: go on."""
    RAISED = auto()
    """Another one does, and has shown its window."""
    UNANSWERED = auto()
    """Another one does, and does not answer."""


class SingleInstance:
    """Holds the folder for this program from ``begin`` to ``end``.

    Args:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._call = folder / _CALL_NAME
        self._lock = QLockFile(str(folder / _LOCK_NAME))
        # A lock is stale when its program is gone, however old or young it is.
        self._lock.setStaleLockTime(0)
        self._watcher: QFileSystemWatcher | None = None

    def begin(self) -> Start:
        """Take the folder, or ask the program that has it to show itself."""
        if self._lock.tryLock(0):
            return Start.FIRST
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            _log.warning("the data folder takes no lock, so a second start is not noticed")
            return Start.FIRST
        return Start.RAISED if self._ask_first() else Start.UNANSWERED

    def listen(self, show: Callable[[], None]) -> None:
        """Call ``show`` when another start asks for the window, or has asked meanwhile."""
        watcher = QFileSystemWatcher()

        def answer() -> None:
            try:
                size = self._call.stat().st_size if self._call.exists() else None
                # Emptied, which is the answer, or made. What is empty stays: a change would call.
                if size != 0:
                    self._call.write_bytes(b"")
            except OSError as error:
                _log.warning("a second start cannot be heard: %s", error)
                return
            if not watcher.files() and not watcher.addPath(str(self._call)):
                _log.warning("a second start cannot be heard: the file is not watched")
            if size:
                show()

        watcher.fileChanged.connect(answer)
        self._watcher = watcher
        answer()

    def end(self) -> None:
        """Leave the folder to the next program."""
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        self._lock.unlock()

    def _ask_first(self) -> bool:
        try:
            with self._call.open("ab") as file:
                file.write(_CALL)
            # The first may hold the lock already and watch a moment later.
            deadline = QDeadlineTimer(_PATIENCE_MS)
            while self._call.stat().st_size > 0:
                if deadline.hasExpired():
                    return False
                QThread.msleep(_PAUSE_MS)
        except OSError as error:
            _log.warning("the first program cannot be asked: %s", error)
            return False
        return True
