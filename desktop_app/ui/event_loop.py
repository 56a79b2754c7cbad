"""The event loop of asyncio and of Qt in one: qasync's, with fewer ways round.

qasync gives each callback a Qt timer of its own, and makes a socket's notifier anew whenever reading
was paused, which the HTTP library does for each piece that it reads: a chunk of an answer took four
turns of Qt's loop, three timers and a notifier. Here callbacks wait in a line, as in asyncio's own
loop, notifiers stay, and the turn in which a socket becomes readable carries the chunk to the screen.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVarTuple, Unpack

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

LONGEST_TURN: Final = 0.004
"""Seconds after which Qt's own events come first, however many callbacks wait."""

_Ts = TypeVarTuple("_Ts")


class EventLoop(QEventLoop):  # type: ignore[misc] # The library has no types.
    """Runs coroutines in the loop of a Qt application; Unix watches sockets with notifiers.

    A callback that runs a nested loop of Qt keeps all others waiting: no task can be entered while
    another is in the middle of a step.
    """

    def __init__(self, application: QApplication) -> None:
        self._waiting: deque[asyncio.Handle] = deque()
        self._is_in_turn = False
        self._readers = _Watch(QSocketNotifier.Type.Read, self._on_ready)
        self._writers = _Watch(QSocketNotifier.Type.Write, self._on_ready)
        self._alarm = QTimer(singleShot=True, interval=0)
        self._alarm.timeout.connect(self._turn)
        self._bell = _Bell()
        self._bell.rung.connect(self._turn, Qt.ConnectionType.QueuedConnection)
        super().__init__(application)

    def call_soon(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Call ``callback`` after those that wait already."""
        handle = asyncio.Handle(callback, args, self, context)
        self._waiting.append(handle)
        if not self._is_in_turn and not self._alarm.isActive():
            self._alarm.start()
        return handle

    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Call ``callback`` as ``call_soon`` does, from any thread."""
        handle = asyncio.Handle(callback, args, self, context)
        self._waiting.append(handle)
        self._bell.rung.emit()
        return handle

    def close(self) -> None:
        """Give up what waits, and everything else."""
        was_closed = self.is_closed()
        super().close()
        if was_closed:
            return
        self._alarm.timeout.disconnect()
        self._bell.rung.disconnect()
        self._waiting.clear()
        for watch in (self._readers, self._writers):
            watch.close()

    def _on_ready(self, watch: "_Watch", number: int) -> None:
        handle = watch.calls.get(number)
        if handle is None or self._is_in_turn:
            # In the middle of a callback: it is heard at the end of the turn.
            watch.mute(number)
            return
        if handle not in self._waiting:
            self._waiting.append(handle)
        self._turn()

    def _turn(self) -> None:
        """Run what waits, and what that brings, until nothing waits or it has taken long enough."""
        if self._is_in_turn:
            return
        self._is_in_turn = True
        waiting, end = self._waiting, time.monotonic() + LONGEST_TURN
        try:
            while waiting:
                handle = waiting.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 (made for event loops)
                if time.monotonic() > end:
                    break
        finally:
            self._is_in_turn = False
            self._readers.settle()
            self._writers.settle()
            if waiting:
                self._alarm.start()

    # What asyncio's transports ask of a loop that waits for sockets.

    def _add_reader(
        self, fd: "FileDescriptorLike", callback: Callable[..., object], *args: object
    ) -> asyncio.Handle:
        return self._watch(self._readers, fd, asyncio.Handle(callback, args, self))

    def _add_writer(
        self, fd: "FileDescriptorLike", callback: Callable[..., object], *args: object
    ) -> asyncio.Handle:
        return self._watch(self._writers, fd, asyncio.Handle(callback, args, self))

    def _remove_reader(self, fd: "FileDescriptorLike") -> bool:
        return self._forget(self._readers, fd)

    def _remove_writer(self, fd: "FileDescriptorLike") -> bool:
        return self._forget(self._writers, fd)

    def _watch(
        self, watch: "_Watch", fd: "FileDescriptorLike", handle: asyncio.Handle
    ) -> asyncio.Handle:
        watch.put(_number(fd), handle)
        if not self._is_in_turn:
            watch.settle()
        return handle

    def _forget(self, watch: "_Watch", fd: "FileDescriptorLike") -> bool:
        was_there = watch.put(_number(fd), None)
        if not self._is_in_turn:
            watch.settle()
        return was_there


class _Bell(QObject):
    """Wakes the loop from other threads."""

    rung = Signal()


class _Watch:
    """Who is called when a file descriptor is ready for one thing, reading or writing."""

    def __init__(self, kind: QSocketNotifier.Type, ready: Callable[["_Watch", int], None]) -> None:
        self._kind = kind
        self._ready = partial(ready, self)
        self._notifiers: dict[int, QSocketNotifier] = {}
        self._changed: set[int] = set()
        self.calls: dict[int, asyncio.Handle] = {}

    def put(self, number: int, handle: asyncio.Handle | None) -> bool:
        """Call ``handle`` from now on, or nobody; whether somebody was called until now."""
        before = self.calls.pop(number, None)
        if before is not None:
            before.cancel()
        if handle is not None:
            self.calls[number] = handle
        self._changed.add(number)
        return before is not None

    def mute(self, number: int) -> None:
        """Hear nothing until ``settle``."""
        self._notifiers[number].setEnabled(False)
        self._changed.add(number)

    def settle(self) -> None:
        """Have Qt watch what somebody waits for, and nothing else.

        Done at the end of a turn, pausing and resuming costs nothing. Meanwhile a descriptor may
        have been closed and its number given out again: notifiers know numbers alone.
        """
        while self._changed:
            number = self._changed.pop()
            notifier = self._notifiers.get(number)
            if number not in self.calls:
                if notifier is not None:
                    notifier.setEnabled(False)
            elif notifier is None:
                notifier = self._notifiers[number] = QSocketNotifier(number, self._kind)
                notifier.activated["int"].connect(self._ready)  # type: ignore[index] # Of two signals.
            elif not notifier.isEnabled():
                notifier.setEnabled(True)

    def close(self) -> None:
        """Watch nothing any more."""
        self.calls.clear()
        self._changed.update(self._notifiers)
        self.settle()
        self._notifiers.clear()


def _number(fd: "FileDescriptorLike") -> int:
    return fd if isinstance(fd, int) else fd.fileno()
