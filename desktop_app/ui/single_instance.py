"""One program for each data folder: a second start brings the first window to the front.

Two programs on one database would each take the other's streaming answer for an interrupted one, so
the lock is taken before the database is opened.
"""

import hashlib
import logging
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QLockFile, QThread

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = logging.getLogger(__name__)

_LOCK_NAME: Final = "instance.lock"
_RAISE: Final = b"raise\n"
_ANSWER: Final = b"raised\n"
_PATIENCE_MS: Final = 2000
_PAUSE_MS: Final = 50


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
        self._name = _server_name(folder)
        self._lock = QLockFile(str(folder / _LOCK_NAME))
        # A lock is stale when its program is gone, however old or young it is.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def begin(self) -> Start:
        """Take the folder, or ask the program that has it to show itself."""
        if self._lock.tryLock(0):
            return Start.FIRST
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            _log.warning("the data folder takes no lock, so a second start is not noticed")
            return Start.FIRST
        return Start.RAISED if self._ask_first() else Start.UNANSWERED

    def listen(self, show: Callable[[], None]) -> None:
        """Call ``show`` when another start asks for the window."""
        from PySide6.QtNetwork import QLocalServer

        # Left behind by a killed program; the lock says that nobody uses it now.
        QLocalServer.removeServer(self._name)
        server = QLocalServer()
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

        def answer() -> None:
            while (socket := server.nextPendingConnection()) is not None:
                socket.disconnected.connect(socket.deleteLater)
                socket.write(_ANSWER)
                socket.flush()
                show()

        server.newConnection.connect(answer)
        if not server.listen(self._name):
            _log.warning("a second start cannot be heard: %s", server.errorString())
        self._server = server

    def end(self) -> None:
        """Leave the folder to the next program."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _ask_first(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        deadline = QDeadlineTimer(_PATIENCE_MS)
        # The first may hold the lock already and listen a moment later.
        while not self._connects(socket):
            if deadline.hasExpired():
                return False
            QThread.msleep(_PAUSE_MS)
        socket.write(_RAISE)
        answered = socket.waitForReadyRead(_PATIENCE_MS)
        socket.abort()
        return answered

    def _connects(self, socket: "QLocalSocket") -> bool:
        socket.connectToServer(self._name)
        return socket.waitForConnected(_PATIENCE_MS)


def _server_name(folder: Path) -> str:
    """Return a name for the folder's socket; short, since a socket's path has little room."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]
    return f"interleave-{digest}"
