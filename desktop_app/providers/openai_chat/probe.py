"""Whether a key works: one harmless question, answered in words that a person can be told."""

import time

from desktop_app.chat.key_check import TEST_SECONDS, KeyCheck, ask_within_time
from desktop_app.domain.connection import Connection
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.route import STRAIGHT, Route


async def check_key(
    connection: Connection,
    key: str,
    *,
    limit: float = TEST_SECONDS,
    route: Route = STRAIGHT,
) -> KeyCheck:
    """Ask ``connection`` for its models with ``key``, which is sent nowhere else.

    ``GET /models`` costs nothing and needs a valid key. Never raises for a failure of the network
    or the server; returns within ``limit`` seconds.
    """
    model = OpenAIChatModel(
        connection,
        key,
        # Less than the whole, so that a server that cannot be reached is told from a silent one.
        limits=TimeLimits(connect=limit * 0.8),
        route=route,
    )

    async def ask(_connection: Connection, _key: str) -> KeyCheck:
        begun = time.monotonic()
        models = await model.list_models()
        return KeyCheck(models, round((time.monotonic() - begun) * 1000))

    try:
        return await ask_within_time(ask, connection, key, limit)
    finally:
        await model.aclose()
