"""Loads what needs the SDK off the window's thread: its import takes 0.7 s of processor time.

``import mcp`` brings the SDK's servers along (starlette, uvicorn, cryptography: 444 modules, mcp 2.3),
whatever part of it is named, so nothing here is imported before a server is to be started.
"""

import importlib
import logging
from types import ModuleType

from desktop_app.chat.background import in_daemon_thread


async def loaded(module: str) -> ModuleType:
    """Return ``module``, imported in a daemon thread where it is not loaded yet.

    Raises:
        ImportError: When it, or what it needs, cannot be loaded.
    """

    def load() -> ModuleType:
        try:
            found = importlib.import_module(module)
        except BaseException as error:
            raise ImportError(f"{type(error).__name__}: {error}") from None
        # It writes errors of servers, bodies included, as errors of this program.
        for name in ("mcp", "client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        return found

    return await in_daemon_thread(load, "load mcp")
