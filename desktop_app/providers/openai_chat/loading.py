"""Loads the SDK off the window's thread: importing it takes most of a second of processor time."""

import asyncio
import contextlib
import threading
from typing import Final

from desktop_app.domain.errors import ChatError
from desktop_app.providers.openai_chat import tls

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
    if _loaded.is_set():
        return
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def tell(error: BaseException | None) -> None:
        if ready.done():
            return
        if error is None:
            ready.set_result(None)
        else:
            ready.set_exception(error)

    def work() -> None:
        error: BaseException | None = None
        try:
            preload()
        except Exception as failure:
            error = failure
        # The loop may be gone by now: the program was quit while the SDK was loading.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=work, name="load openai", daemon=True).start()
    await ready
