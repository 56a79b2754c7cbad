"""One GET over a connection of its own, for addresses of the project; says nothing of who asks.

There is no version, no identifier and no cookie in it, and no redirect is followed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop_app import APP_NAME
from desktop_app.chat.background import in_daemon_thread
from desktop_app.providers.openai_chat import loading, tls
from desktop_app.providers.openai_chat.route import Route

if TYPE_CHECKING:
    import httpcore2


class GetError(Exception):
    """The connection failed, before the answer or within it; the message says how, for the log."""


@asynccontextmanager
async def get(address: str, route: Route, *, accept: str) -> "AsyncIterator[httpcore2.Response]":
    """Ask for ``address`` and give the answer, its body unread; whatever its status is.

    Raises:
        GetError: When the connection fails, also while the body is read within the block.
        ChatError: When the certificates of ``route`` cannot be loaded, or its proxy refuses.
    """
    await loading.loaded()
    import httpcore2

    from desktop_app.providers.openai_chat.network import NetworkBackend

    context = None
    if address.startswith("https:"):
        load = partial(tls.context_with, route.ca_file)
        context = await in_daemon_thread(load, "certificates")
    pool = httpcore2.AsyncConnectionPool(
        ssl_context=context, network_backend=NetworkBackend(route, context)
    )
    headers = [
        ("Host", urlsplit(address).netloc),
        ("Accept", accept),
        ("Accept-Encoding", "identity"),
        ("User-Agent", APP_NAME),
    ]
    try:
        async with pool, pool.stream("GET", address, headers=headers) as answer:
            yield answer
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
        raise GetError(f"{type(error).__name__}: {error}") from None
