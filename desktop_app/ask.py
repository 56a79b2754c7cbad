"""``--ask`` and ``--replay``: one answer through the same session as the window's, without a window.

The first asks a question, the second plays a recorded exchange and asks nobody. Thinking goes to
standard error and the answer to standard output, as they stream. Nothing of it is kept. Nobody can
be asked here, so the model has the built-in tools that read, and standard error says what they do.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from desktop_app import log
from desktop_app.chat.background import in_daemon_thread
from desktop_app.chat.error_text import english
from desktop_app.chat.events import DeltasArrived, Event, MessageFinished, StatusChanged
from desktop_app.chat.exchange_json import MAX_CHARACTERS, ExchangeFormatError, from_json
from desktop_app.chat.session import ChatSession
from desktop_app.composition import compose, compose_replay
from desktop_app.domain.delta import TextDelta, ThinkingDelta, ToolResultDelta
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import MessageState, Role, ToolCall, ToolResult
from desktop_app.domain.text import one_line
from desktop_app.options import Options
from desktop_app.providers.openai_chat.replay import Pace

_LONGEST_LINE: Final = 200
"""Letters that are shown of a call, and of its result."""

STEP = "step"
"""The speed at which each event waits for Enter."""


def run(question: str, options: Options) -> int:
    """Ask ``question`` and return the exit status: 0 when the answer is complete, 1 otherwise."""
    if not question.strip():
        print("There is no question: the text after --ask is empty.", file=sys.stderr)
        return 1
    try:
        return asyncio.run(_ask(question, options))
    except KeyboardInterrupt:
        # Before there was anything to stop, or where signals have no handlers (Windows).
        return 1


async def _ask(question: str, options: Options) -> int:
    log.set_up(None)
    services = await compose(options)
    try:
        if services.environment_problem:
            print(services.environment_problem, file=sys.stderr)
            return 1
        return await _listen(services.library.new_session(), question)
    finally:
        await services.aclose()


def replay(path: Path, speed: str) -> int:
    """Play the exchange in ``path`` at ``speed``, a number or ``step``; return the exit status.

    It is 0 when the answer is complete, and 1 otherwise, also when there is no exchange to play.
    """
    try:
        record = _read(path)
    except OSError as error:
        print(f"{path} cannot be read: {error.strerror or error}", file=sys.stderr)
        return 1
    except ExchangeFormatError as error:
        print(f"{path} cannot be played. {error}", file=sys.stderr)
        return 1
    if record.truncated:
        print("A part of this exchange was too large to be kept.", file=sys.stderr)
    try:
        return asyncio.run(_replay(record, speed))
    except KeyboardInterrupt:
        return 1


async def _replay(record: ExchangeRecord, speed: str) -> int:
    log.set_up(None)
    pace: Pace = Stepwise(_next_line) if speed == STEP else RealTime(float(speed))
    session, aclose = await compose_replay(record, pace)
    try:
        return await _listen(session, "?")
    finally:
        await session.close()
        await aclose()


async def _listen(session: ChatSession, question: str) -> int:
    """Send ``question``, print the answer as it comes, and return the exit status."""
    printer = _Printer(session.stop)
    session.subscribe(printer.on_event)
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, session.stop)
    session.send(question)
    await session.settled()
    answer = session.messages[-1]
    printer.end()
    if answer.error is not None:
        printer.say(sys.stderr, f"{english(answer.error)}\n")
    whole = answer.role is Role.ASSISTANT and answer.state is MessageState.COMPLETE
    return 0 if whole else 1


def _read(path: Path) -> ExchangeRecord:
    """Return the exchange in ``path``, of which no more is read than one may have."""
    with path.open("rb") as file:
        data = file.read(MAX_CHARACTERS + 1)
    if len(data) > MAX_CHARACTERS:
        raise ExchangeFormatError("The file is too large to be an exported exchange.")
    try:
        return from_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ExchangeFormatError("The file is no text in UTF-8.") from None


class RealTime:
    """Lets everything happen after as much time as when it was recorded, or a fraction of that.

    Args:
        speed: How many times as fast.
        clock: Seconds.
        sleep: Lets seconds pass.
    """

    def __init__(
        self,
        speed: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._began: float | None = None

    async def reach(self, at: float, *, is_event: bool) -> None:
        """Return when it is time for what happened ``at``."""
        del is_event
        if self._began is None:
            self._began = self._clock()
        wait = self._began + at / self._speed - self._clock()
        if wait > 0:
            await self._sleep(wait)


class Stepwise:
    """Lets each event wait for a line; at the end of the input nothing waits any more.

    Args:
        next_line: Returns the next line, or an empty text at the end.
    """

    def __init__(self, next_line: Callable[[], Awaitable[str]]) -> None:
        self._next_line = next_line
        self._ended = False

    async def reach(self, at: float, *, is_event: bool) -> None:
        """Return when a line has come, for an event; at once for all else."""
        del at
        if is_event and not self._ended:
            self._ended = not await self._next_line()


async def _next_line() -> str:
    return await in_daemon_thread(sys.stdin.readline, "next line")


class _Printer:
    """Writes what streams, thinking and answer apart.

    Args:
        on_reader_left: Called when nobody reads what is written any more, as behind ``| head``.
    """

    def __init__(self, on_reader_left: Callable[[], None]) -> None:
        self._on_reader_left = on_reader_left
        self._thinking = False
        self._writing = False

    def on_event(self, event: Event) -> None:
        if isinstance(event, StatusChanged) and (cause := event.status.cause) is not None:
            seconds = max(1, round(event.status.retry_due - time.monotonic()))
            self.say(sys.stderr, f"{english(cause)} Retrying in {seconds} s.\n")
        if isinstance(event, MessageFinished) and event.message.tool_calls:
            self._say_calls(event.message.tool_calls)
        if not isinstance(event, DeltasArrived):
            return
        for delta in event.deltas:
            if isinstance(delta, ToolResultDelta):
                self._say_result(delta.result)
            elif isinstance(delta, ThinkingDelta):
                self._thinking = True
                self.say(sys.stderr, delta.text)
            elif isinstance(delta, TextDelta):
                if self._thinking and not self._writing:
                    self.say(sys.stderr, "\n\n")
                self._writing = True
                self.say(sys.stdout, delta.text)

    def _say_calls(self, calls: Sequence[ToolCall]) -> None:
        """Say what is called; what is thought and written after it begins on lines of its own."""
        self.end()
        self._thinking = self._writing = False
        for call in calls:
            shown = _shown(f"{call.name} {call.arguments}")
            self.say(sys.stderr, f"→ {shown}\n")

    def _say_result(self, result: ToolResult) -> None:
        seconds = "" if result.seconds is None else f" ({result.seconds:.1f} s)"
        word = "failed: " if result.is_error else ""
        shown = _shown(f"{result.name}{seconds} {word}{result.text}")
        self.say(sys.stderr, f"← {shown}\n")

    def end(self) -> None:
        """End the last line of each stream."""
        if self._writing:
            self.say(sys.stdout, "\n")
        elif self._thinking:
            self.say(sys.stderr, "\n")

    def say(self, stream: TextIO, text: str) -> None:
        """Write ``text``, or end the answer when nobody reads ``stream`` any more."""
        try:
            _write(stream, text)
        except BrokenPipeError:
            _silence(stream)
            self._on_reader_left()


def _shown(text: str) -> str:
    """Return ``text`` in one line; what a stranger's text would tell the terminal is replaced."""
    line = one_line(text, _LONGEST_LINE)
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def _silence(stream: TextIO) -> None:
    """Send what is still written to ``stream`` nowhere: Python writes its rest at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _write(stream: TextIO, text: str) -> None:
    """Write ``text`` at once; a terminal that cannot show a character shows a stand-in."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()
