"""Loads the SDK off the window's thread: importing it takes most of a second of processor time."""

import asyncio
import contextlib
import threading
from typing import Final

from desktop_app.chat.background import in_daemon_thread
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
    if not _loaded.is_set():
        await in_daemon_thread(preload, "load openai")
