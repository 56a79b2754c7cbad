"""Loads what needs the SDK off the window's thread: its import takes 0.7 s of processor time.

``import mcp`` brings the SDK's servers along (starlette, uvicorn, cryptography: 444 modules, mcp 2.3),
whatever part of it is named, so nothing here is imported before a server is to be started.
"""

import asyncio
import contextlib
import importlib
import logging
import threading
from types import ModuleType


async def loaded(module: str) -> ModuleType:
    """Return ``module``, imported in a daemon thread where it is not loaded yet.

    Raises:
        ImportError: When it, or what it needs, cannot be loaded.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[ModuleType] = loop.create_future()

    def settle(found: ModuleType | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if found is not None:
            answer.set_result(found)
        else:
            answer.set_exception(ImportError(f"{type(error).__name__}: {error}"))

    def load() -> None:
        found: ModuleType | None = None
        problem: BaseException | None = None
        try:
            found = importlib.import_module(module)
            # It writes errors of servers, bodies included, as errors of this program.
            for name in ("mcp", "client"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
        except BaseException as error:
            problem = error
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, found, problem)

    threading.Thread(target=load, name="load mcp", daemon=True).start()
    return await answer
