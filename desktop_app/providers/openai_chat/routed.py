"""A plain way out over HTTP for others than the service: the person's proxy, the system's trust.

Knows no key and no address; whoever uses it bounds what comes back. Imported late; see :mod:`.loading`.
"""

import ssl
from functools import partial

import httpcore2
import httpx2

from desktop_app.chat.background import in_daemon_thread
from desktop_app.providers.openai_chat import tls
from desktop_app.providers.openai_chat.network import NetworkBackend
from desktop_app.providers.openai_chat.route import Route


class RoutedTransport(httpx2.AsyncHTTPTransport):
    """The library's transport over connections that take ``route``."""

    def __init__(self, route: Route, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        # There is no parameter for it; the proxy is chosen anew for each connection.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            max_connections=20,
            max_keepalive_connections=4,
            keepalive_expiry=30.0,
            network_backend=NetworkBackend(route, context),
        )


async def routed_transport(route: Route) -> httpx2.AsyncBaseTransport:
    """Return the way out along ``route``.

    Raises:
        ChatError: When the file with own certificates cannot be used.
    """
    load = partial(tls.context_with, route.ca_file)
    return RoutedTransport(route, await in_daemon_thread(load, "certificates"))
