"""One call of a tool that may be made: from its start to an answer, an error, or the time-out.

A source that does not end when it is told to is left behind after a few seconds; its task goes on
alone, and nothing that it still says is heard.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.tool_box import OfferedTool
from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.message import ToolCall
from desktop_app.domain.text import one_line
from desktop_app.domain.tool import ToolOutcome, ToolProgress

_log = logging.getLogger(__name__)

GRACE_SECONDS: Final = 5.0
"""How long a tool that was told to end may take to do so, with the processes that it started."""

_PROGRESS_SECONDS: Final = 0.1
"""Between two words of progress that are passed on: a server may send thousands a second."""

_LONGEST_NOTE: Final = 200

T = TypeVar("T")


class CallTimedOutError(Exception):
    """A call took longer than it may."""


@dataclass(frozen=True, slots=True)
class ReadyCall:
    """A call that was checked.

    Attributes:
        call: As the model made it.
        offered: What it calls.
        arguments: An object that the tool's schema allows.
    """

    call: ToolCall
    offered: OfferedTool
    arguments: dict[str, Any]


async def make(
    ready: ReadyCall,
    seconds: float,
    scope: TaskScope,
    on_progress: Callable[[ToolProgress], None],
) -> ToolOutcome:
    """Make the call and return its answer; a tool that fails in whatever way has answered an error.

    Args:
        ready: What to call, with what.
        seconds: How long it may take, without the time in which it waits for the person.
        scope: Owns the task in which the source works.
        on_progress: Called with what may be shown of it, at most ten times a second.
    """
    limit = _Limit(seconds)
    hearer = _ProgressHearer(on_progress, limit)
    name = f"tool {ready.call.name}"
    try:
        return await limit.hold(scope.start(_answered(ready, hearer), name))
    except CallTimedOutError:
        sentence = f"The tool did not answer within {seconds:g} seconds and was ended."
        return ToolOutcome(sentence, is_error=True)
    finally:
        hearer.is_deaf = True


async def within(seconds: float, work: "asyncio.Task[T]") -> T:
    """Return what ``work`` returns, and end it when that takes longer or nobody waits any more.

    Raises:
        CallTimedOutError: When it took longer.
    """
    return await _Limit(seconds).hold(work)


class _Limit:
    """The time that one piece of work may take; it can be made to stand still."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._clock: asyncio.Timeout | None = None

    async def hold(self, work: "asyncio.Task[T]") -> T:
        """As :func:`within`."""
        try:
            async with asyncio.timeout(self._left) as self._clock:
                await asyncio.wait({work})
        except TimeoutError:
            if not work.done():
                await _end(work)
                raise CallTimedOutError from None
        except asyncio.CancelledError:
            await _end(work)
            raise
        return work.result()

    def stand(self, *, still: bool) -> None:
        """Stand still, or go on with what is left."""
        clock, now = self._clock, asyncio.get_running_loop().time()
        if clock is None or clock.expired():
            return
        end = clock.when()
        if still and end is not None:
            self._left = end - now
            clock.reschedule(None)
        elif not still and end is None:
            clock.reschedule(now + self._left)


async def _end(work: "asyncio.Task[Any]") -> None:
    work.cancel()
    _, left = await asyncio.wait({work}, timeout=GRACE_SECONDS)
    if left:
        _log.warning("%s does not end; it is left behind", work.get_name())


async def _answered(ready: ReadyCall, on_progress: Callable[[ToolProgress], None]) -> ToolOutcome:
    offered = ready.offered
    try:
        return await offered.source.call(offered.tool, ready.arguments, on_progress)
    except ToolError as error:
        return ToolOutcome(str(error), is_error=True)
    except Exception as error:
        # A source's own bug: the conversation goes on, and the log has the trace.
        _log.exception(
            "the tool %s of %s failed unexpectedly", offered.tool.name, offered.source.id
        )
        kind = type(error).__name__
        return ToolOutcome(f"The tool failed unexpectedly ({kind}).", is_error=True)


class _ProgressHearer:
    """Passes on what a tool says of its progress, now and then, until the call has ended."""

    def __init__(self, on_progress: Callable[[ToolProgress], None], limit: _Limit) -> None:
        self._on_progress, self._limit = on_progress, limit
        self._heard = 0.0
        self._was_waiting = False
        self.is_deaf = False

    def __call__(self, progress: ToolProgress) -> None:
        now = time.monotonic()
        is_news = progress.is_waiting is not self._was_waiting
        if self.is_deaf or (not is_news and now - self._heard < _PROGRESS_SECONDS):
            return
        if is_news:
            self._limit.stand(still=progress.is_waiting)
        self._heard, self._was_waiting = now, progress.is_waiting
        self._on_progress(replace(progress, note=one_line(progress.note, _LONGEST_NOTE)))


async def together(works: "list[Coroutine[Any, Any, None]]", scope: TaskScope, name: str) -> None:
    """Run ``works`` at the same time until all have ended; cancelled, it ends them all."""
    tasks = {scope.start(work, name) for work in works}
    if not tasks:
        return
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        # Each of them waits for its own tool no longer than the grace allows.
        await asyncio.wait(tasks)
        raise
