"""One request and its answer: a task that receives, and a reader that takes all that has arrived.

The task owns the connection from the first packet to the last, so that ending it, at any point,
closes the socket at once; and what arrives while the reader is busy comes out as one batch.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from desktop_app.domain.delta import Delta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Json
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.recording import RECORDER, ExchangeRecorder
from desktop_app.providers.openai_chat.suspension import THIS_MACHINE

STOPPED: Final = "stopped"
"""What a record says of an exchange that the reader left before its end."""

_DRAIN: Final = 0.1

_MUCH: Final = 8 * 1024
"""Bytes of one read that no model writes between two frames."""
_RUSH: Final = 1.0
"""Seconds for which whoever sent so much is read without a pause, and not held up."""

ANSWER: Final = "answer"
"""The extension of a response in which the guard leaves the answer, to be read without the library's
further layers, each of which costs as much as parsing a short line."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long to wait, in seconds. There is no limit on the whole answer.

    Attributes:
        connect: For a connection.
        first_byte: From the request to the answer's headers, and from there to its first byte.
        idle: Between two packets.
        progress: Between two pieces of the answer; keep-alive comments are none.
        after_finish: For token counts, from a server that leaves the connection open after the end.
        nap: For the machine to wake, if it falls asleep meanwhile; the connection may survive that.
        look: Between two looks at whether it has slept.
        gather: Between two reads of an answer that comes faster than it can be shown. What comes in
            between is one batch: with 200 chunks a second, receiving them alone took two thirds
            of the window's thread. Just longer than a frame, so that none has to wait for the next.
    """

    connect: float = 10.0
    first_byte: float = 90.0
    idle: float = 60.0
    progress: float = 90.0
    after_finish: float = 5.0
    nap: float = 10.0
    look: float = 1.0
    gather: float = 0.017


class RawAnswer(Protocol):
    """The part of an HTTP answer that is used here."""

    def aiter_stream(self) -> AsyncGenerator[bytes]:
        """Yield the body as it arrives."""
        ...


async def whole_body(answer: RawAnswer, most: int) -> bytes | None:
    """Return the body of ``answer``; ``None``, the rest unread, when it has more than ``most`` bytes."""
    body = bytearray()
    async with contextlib.aclosing(answer.aiter_stream()) as stream:
        async for data in stream:
            body += data
            if len(body) > most:
                return None
    return bytes(body)


Opening = Callable[[], AbstractAsyncContextManager[RawAnswer]]


class Exchange:
    """A ``ModelStream`` and the context manager that it lives in.

    Args:
        opening: Sends the request; entering returns the accepted answer.
        reader: Makes deltas of the body.
        faults: Names what goes wrong on the way.
        limits: How long to wait.
        recorder: Notes what goes over the wire.
        slept: Returns how many seconds the machine has slept, counted from any moment.
    """

    def __init__(
        self,
        opening: Opening,
        reader: AnswerReader,
        faults: FaultNamer,
        limits: TimeLimits,
        recorder: ExchangeRecorder,
        slept: Callable[[], float] = THIS_MACHINE.seconds,
    ) -> None:
        self._opening = opening
        self._reader = reader
        self._faults = faults
        self._limits = limits
        self._recorder = recorder
        self._task: asyncio.Task[None] | None = None
        self._arrived: list[Delta] = []
        self._wake: asyncio.Future[None] | None = None
        self._accepted = False
        self._ended = False
        self._bug: Exception | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._late: ErrorRecord | None = None
        self._closing = False
        self._slept = slept
        self._slept_before = 0.0
        self._asleep_for = 0.0
        self._begun_at = self._byte_at = self._chunk_at = 0.0
        self._has_bytes = False

    @property
    def received(self) -> Json | None:
        """The assistant message as received so far."""
        return self._reader.received

    @property
    def record(self) -> ExchangeRecord | None:
        """What has gone over the wire so far; ``None`` before there was a request."""
        return self._recorder.record

    async def __aenter__(self) -> Self:
        """Send the request and wait until it is accepted.

        Raises:
            ChatError: When the server cannot be reached or refuses.
        """
        loop = asyncio.get_running_loop()
        self._begun_at = loop.time()
        self._slept_before = self._slept()
        self._recorder.begin()
        # One owner: this object, which ends the task on the way out whatever happens.
        self._task = loop.create_task(self._receive(), name="answer")
        self._set_timer()
        try:
            while not (self._accepted or self._ended):
                await self._wait()
            if not self._accepted:
                self._raise_failure()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Close the connection, unless the answer was read to its end."""
        await self._close()

    def __aiter__(self) -> AsyncIterator[Sequence[Delta]]:
        """Yield what arrives; see :class:`desktop_app.chat.ports.ModelStream`."""
        return self

    async def __anext__(self) -> Sequence[Delta]:
        """Return all deltas that have arrived, at least one.

        Raises:
            ChatError: When the answer failed, after its last delta was returned.
        """
        while not self._arrived:
            if self._ended:
                self._raise_failure()
                raise StopAsyncIteration
            await self._wait()
        batch, self._arrived = self._arrived, []
        return batch

    async def _wait(self) -> None:
        self._wake = asyncio.get_running_loop().create_future()
        try:
            await self._wake
        finally:
            self._wake = None

    def _notify(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def _raise_failure(self) -> None:
        """Raise what ended the answer. No library's exception is chained: they hold the prompt."""
        if self._bug is not None:
            raise self._bug
        if self._reader.fault is not None:
            raise ChatError(self._reader.fault)

    async def _close(self) -> None:
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        # One that came to its end has noted that itself.
        self._recorder.ended(STOPPED)

    # What follows runs in the receiving task.

    async def _receive(self) -> None:
        # The SDK has no room for it on the way to the guard; this task is the exchange's own.
        RECORDER.set(self._recorder)
        try:
            async with self._opening() as answer:
                self._accept()
                async with contextlib.aclosing(answer.aiter_stream()) as body:
                    await self._read_body(body)
        except asyncio.CancelledError:
            if self._closing or self._late is None or self._task is None:
                raise
            # The clock ended the waiting, not the reader: the task itself goes on to its end.
            self._task.uncancel()
            self._reader.fail(self._late)
        except Exception as error:
            fault = self._faults.of_exception(error)
            if fault is None:
                self._bug = error
            else:
                self._reader.fail(fault)
        self._end()

    async def _read_body(self, body: AsyncGenerator[bytes]) -> None:
        reader = self._reader
        arrived = self._recorder.arrived
        now = asyncio.get_running_loop().time
        gather = self._limits.gather
        asked_at, rush_ends = now(), 0.0
        async for data in body:
            self._byte_at = now()
            arrived(data, self._byte_at)
            chunks = reader.chunks
            self._arrived += reader.feed(data)
            if reader.chunks != chunks:
                self._chunk_at = self._byte_at
            if self._arrived:
                self._notify()
            if not self._has_bytes or reader.finish_reason is not None:
                self._has_bytes = True
                self._set_timer()
            if reader.done:
                break
            if len(data) >= _MUCH:
                rush_ends = self._byte_at + _RUSH
            elif self._byte_at - asked_at < gather / 2 and self._byte_at > rush_ends:
                # The next is on its way, or here already.
                await asyncio.sleep(self._byte_at + gather - now())
            asked_at = now()
        if reader.done and reader.fault is None:
            # Mostly the end is in the same packet, and then the connection can be used again.
            with contextlib.suppress(TimeoutError, StopAsyncIteration):
                async with asyncio.timeout(_DRAIN):
                    await anext(body)

    def _accept(self) -> None:
        self._accepted = True
        self._begun_at = self._chunk_at = asyncio.get_running_loop().time()
        self._set_timer()
        self._notify()

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._bug is None:
            self._arrived += self._reader.finish()
        self._recorder.ended(self._what_failed())
        self._ended = True
        self._notify()

    def _what_failed(self) -> str:
        if self._bug is not None:
            return f"{ErrorKind.INTERNAL.value}: {type(self._bug).__name__}"
        fault = self._reader.fault
        if fault is None:
            return ""
        return f"{fault.kind.value}: {fault.detail}" if fault.detail else fault.kind.value

    # The clock: set anew when a phase begins, otherwise it finds out for itself that it is early.

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        look = loop.time() + self._limits.look
        # After sleep all that was due is late: one more look is what is left to wait for.
        due = look if self._asleep_for else min(self._due()[0], look)
        self._timer = loop.call_at(due, self._on_timer)

    def _due(self) -> tuple[float, ErrorKind]:
        limits = self._limits
        if not self._has_bytes:
            return self._begun_at + limits.first_byte, ErrorKind.FIRST_BYTE_TIMEOUT
        if self._reader.finish_reason is not None:
            return self._byte_at + limits.after_finish, ErrorKind.IDLE_TIMEOUT
        due = min(self._byte_at + limits.idle, self._chunk_at + limits.progress)
        return due, ErrorKind.IDLE_TIMEOUT

    def _on_timer(self) -> None:
        if self._asleep_for:
            self._give_up(ErrorKind.SLEPT, f"asleep for {self._asleep_for:.0f} s")
            return
        asleep_for = self._slept() - self._slept_before
        due, kind = self._due()
        if asleep_for > self._limits.nap:
            # Before the time-outs, whose clock goes on in sleep on some systems. What had arrived
            # before it is read until the next look: the answer may be whole.
            self._asleep_for = asleep_for
            self._set_timer()
        elif asyncio.get_running_loop().time() < due:
            self._set_timer()
        else:
            self._give_up(kind)

    def _give_up(self, kind: ErrorKind, detail: str = "") -> None:
        self._late = self._faults.plain(kind, detail)
        if self._task is not None:
            self._task.cancel()
