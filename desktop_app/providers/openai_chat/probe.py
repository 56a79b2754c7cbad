"""Whether a key works: one harmless question, answered in words that a person can be told."""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.providers.openai_chat import tls
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits

LIMIT: Final = 10.0
"""Seconds after which "Test key" has its answer, whatever it is."""


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What came back.

    Attributes:
        models: What the server lists; ``None`` when it did not answer with a list.
        error: Why it did not.
        milliseconds: How long that took.
    """

    models: tuple[str, ...] | None
    error: ErrorRecord | None
    milliseconds: int

    @property
    def is_ok(self) -> bool:
        """Whether the server took the key and answered."""
        return self.models is not None


async def check_key(
    connection: Connection,
    key: str,
    *,
    limit: float = LIMIT,
    context_factory: Callable[[], ssl.SSLContext] = tls.system_context,
) -> KeyCheck:
    """Ask ``connection`` for its models with ``key``, which is sent nowhere else.

    ``GET /models`` costs nothing and needs a valid key. Never raises for a failure of the network
    or the server; returns within ``limit`` seconds.
    """
    begun = time.monotonic()
    model = OpenAIChatModel(
        connection,
        key,
        # Less than the whole, so that a server that cannot be reached is told from a silent one.
        limits=TimeLimits(connect=limit * 0.8),
        context_factory=context_factory,
    )
    models: tuple[str, ...] | None = None
    error: ErrorRecord | None = None
    try:
        async with asyncio.timeout(limit):
            models = await model.list_models()
    except ChatError as failure:
        error = failure.record
    except TimeoutError:
        error = ErrorRecord(ErrorKind.FIRST_BYTE_TIMEOUT, host=connection.host)
    finally:
        await model.aclose()
    return KeyCheck(models, error, round((time.monotonic() - begun) * 1000))
