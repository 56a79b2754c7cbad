"""The one place where tasks are started: each has an owner that keeps it, ends it and hears of it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


class TaskScope:
    """Owns the tasks started through it; ``close`` ends them all and waits until they are gone."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run ``work`` as a task; an exception that nobody awaits is logged, never lost."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel what still runs and wait for its clean-up."""
        current = asyncio.current_task()
        while waiting := {task for task in self._tasks if task is not current}:
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting)

    async def join(self) -> None:
        """Wait until what runs has ended by itself; whoever gives up waiting ends nothing."""
        current = asyncio.current_task()
        while waiting := {task for task in self._tasks if task is not current}:
            # Not gather: it passes a cancellation on to what it waits for, such as a save.
            await asyncio.wait(waiting)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Whoever was told to end may stumble over what ends around it.
            level = logging.INFO if task.cancelling() else logging.ERROR
            _log.log(level, "task %s failed", task.get_name(), exc_info=error)
