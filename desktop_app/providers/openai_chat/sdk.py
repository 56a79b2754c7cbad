"""Builds the SDK's client. The only module, with :mod:`.guard`, that imports the SDK or its HTTP library.

Importing it takes most of a second, so nothing imports it at the top; see :mod:`.loading`.
"""

import logging
import os
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

_LOG_SWITCH: Final = "OPENAI_LOG"


@contextmanager
def _without_log_switch() -> Iterator[None]:
    """Hide the variable that makes the SDK, when imported, set up logging for the whole program."""
    value = os.environ.pop(_LOG_SWITCH, None)
    try:
        yield
    finally:
        if value is not None:
            os.environ[_LOG_SWITCH] = value


with _without_log_switch():
    import httpcore2
    import httpx2
    import openai

from desktop_app.providers.openai_chat.guard import GuardTransport  # noqa: E402 (as the two above)
from desktop_app.providers.openai_chat.network import NetworkBackend  # noqa: E402
from desktop_app.providers.openai_chat.route import STRAIGHT, Route  # noqa: E402
from desktop_app.providers.openai_chat.secret import Secret  # noqa: E402

# At DEBUG it logs all headers of an answer, in which a server may repeat the key.
logging.getLogger("httpcore2").setLevel(logging.INFO)


class Client(openai.AsyncOpenAI):
    """The SDK's client without what it takes from the environment and from the machine."""

    def __init__(
        self, base_url: str, http_client: httpx2.AsyncClient, timeout: httpx2.Timeout
    ) -> None:
        super().__init__(
            base_url=base_url,
            # Never sent: the guard puts the real one in. Empty texts, unlike None, keep the SDK
            # from looking into the environment.
            api_key="unused",
            admin_api_key="",
            organization="",
            project="",
            webhook_secret="",
            max_retries=0,
            timeout=timeout,
            http_client=http_client,
        )
        # Telemetry that is stripped anyway; finding it out starts a thread that outlives the program's end.
        self._platform = "Unknown"
        self._http_client = http_client

    @asynccontextmanager
    async def send_chat(self, body: bytes) -> AsyncIterator[httpx2.Response]:
        """Send ``body`` to the chat's address as it is; the SDK would write its JSON anew."""
        url = f"{str(self.base_url).rstrip('/')}/chat/completions"
        async with self._http_client.stream("POST", url, content=body) as response:
            yield response

    @property
    def default_headers(self) -> dict[str, str | openai.Omit]:
        """No headers from OPENAI_CUSTOM_HEADERS; the guard makes all that are sent."""
        return {}


def build_client(
    base_url: str,
    secret: Secret,
    *,
    connect_timeout: float,
    context: ssl.SSLContext | None,
    route: Route = STRAIGHT,
) -> Client:
    """Return a client that talks to the origin of ``base_url`` alone.

    Reading has no time limit here: the caller keeps the clocks, which know what progress is.

    Args:
        base_url: Of the connection.
        secret: Its key.
        connect_timeout: Seconds for name, TCP and TLS each.
        context: For https; ``None`` when the address is http.
        route: Says which proxy is taken.
    """
    timeout = httpx2.Timeout(connect=connect_timeout, read=None, write=60.0, pool=10.0)
    pool = httpcore2.AsyncConnectionPool(
        # Without one the library would load a store of its own.
        ssl_context=context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        max_connections=None,
        # Servers at home (llama.cpp's among them) say nothing of it and hang up after an answer; a
        # request that follows at once, as within a round of tools, would meet the closing line.
        # Without TLS a new connection costs next to nothing.
        max_keepalive_connections=4 if context else 0,
        keepalive_expiry=30.0,
        network_backend=NetworkBackend(route, context),
    )
    http_client = httpx2.AsyncClient(
        transport=GuardTransport(pool, base_url, secret),
        follow_redirects=False,
        trust_env=False,
        timeout=timeout,
    )
    return Client(base_url, http_client, timeout)


async def warm_up() -> None:
    """Send a request to nowhere: the first one makes the SDK load and build what it needs."""

    async def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={})

    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer), trust_env=False)
    client = Client("http://127.0.0.1/v1", http_client, httpx2.Timeout(1.0))
    async with (
        client,
        client.chat.completions.with_streaming_response.create(
            model="", messages=[{"role": "user", "content": ""}], stream=True
        ),
        client.models.with_streaming_response.list(),
    ):
        pass
