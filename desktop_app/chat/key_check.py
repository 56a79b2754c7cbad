"""What a server says when it is asked whether a key works, and the asking within a time.

The window shows the answer, the provider finds it out, and neither imports the other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord

_log = logging.getLogger(__name__)

TEST_SECONDS: Final = 10.0
"""How long a server may take to say what it thinks of a key."""


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The outcome of one ``GET /models``.

    Attributes:
        models: The names that the server listed; empty after an error.
        milliseconds: From asking to the end of the answer.
        error: Why it failed; ``None`` when the server answered with a list.
    """

    models: tuple[str, ...]
    milliseconds: int
    error: ErrorRecord | None = None


KeyProbe: TypeAlias = Callable[[Connection, str], Awaitable[KeyCheck]]
"""Asks one server about one key (empty for none); sends nothing anywhere else."""


async def ask_within_time(
    probe: KeyProbe, connection: Connection, key: str, seconds: float = TEST_SECONDS
) -> KeyCheck:
    """Ask ``probe``; whatever goes wrong, a time-out too, becomes an answer that says so."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(seconds):
            return await probe(connection, key)
    except TimeoutError:
        error = ErrorRecord(ErrorKind.FIRST_BYTE_TIMEOUT, host=connection.host)
    except ChatError as failure:
        error = failure.record
    except Exception:
        _log.exception("a key could not be tested")
        error = ErrorRecord(ErrorKind.INTERNAL, host=connection.host)
    return KeyCheck((), round((loop.time() - began) * 1000), error)
