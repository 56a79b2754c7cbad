"""Loads the SDK off the window's thread: importing it takes most of a second of processor time."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Final, TypeVar, cast

from desktop_app.domain.errors import ChatError
from desktop_app.providers.openai_chat import tls

Result = TypeVar("Result")

_lock: Final = threading.Lock()
_loaded: Final = threading.Event()


def preload() -> None:
    """Load the SDK, the trust store, and what both make on their first use.

    The program calls this in a daemon thread after its first paint. Calling it again is free;
    calling it from two threads makes one wait for the other.
    """
    with _lock:
        if _loaded.is_set():
            return
        from desktop_app.providers.openai_chat import sdk

        # A bad SSL_CERT_FILE is told by the first request, in the conversation.
        with contextlib.suppress(ChatError):
            tls.system_context()
        asyncio.run(sdk.warm_up())
        _loaded.set()


async def loaded() -> None:
    """Wait, without blocking the loop, until the SDK is loaded; load it if nobody has."""
    if not _loaded.is_set():
        await in_thread(preload, "load openai")


async def in_thread(work: Callable[[], Result], name: str) -> Result:
    """Return what ``work`` returns, or raise what it raises, without blocking the loop.

    The thread is a daemon: a pool's would keep the program from quitting.
    """
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[Result] = loop.create_future()

    def tell(outcome: Result | None, error: Exception | None) -> None:
        if ready.done():
            return
        if error is None:
            ready.set_result(cast("Result", outcome))
        else:
            ready.set_exception(error)

    def run() -> None:
        outcome: Result | None = None
        error: Exception | None = None
        try:
            outcome = work()
        except Exception as failure:
            error = failure
        # The loop may be gone by now: the program was quit in the meantime.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, outcome, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await ready
