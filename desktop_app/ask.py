"""``--ask``: one question through the same session and provider as the window's, without a window.

Thinking goes to standard error and the answer to standard output, as they stream. Nothing of it is
kept.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import TextIO

from desktop_app import log
from desktop_app.chat.error_text import english
from desktop_app.chat.events import DeltasArrived, Event, StatusChanged
from desktop_app.composition import Options, compose
from desktop_app.domain.delta import TextDelta, ThinkingDelta
from desktop_app.domain.message import MessageState


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
        session = services.library.new_session()
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
        return 0 if answer.state is MessageState.COMPLETE else 1
    finally:
        await services.aclose()


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
        if not isinstance(event, DeltasArrived):
            return
        for delta in event.deltas:
            if isinstance(delta, ThinkingDelta):
                self._thinking = True
                self.say(sys.stderr, delta.text)
            elif isinstance(delta, TextDelta):
                if self._thinking and not self._writing:
                    self.say(sys.stderr, "\n\n")
                self._writing = True
                self.say(sys.stdout, delta.text)

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
