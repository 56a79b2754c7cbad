"""Connections: the HTTP library's own, through a proxy where there is one, with one leak closed.

Imported late; see :mod:`.loading`.
"""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
from httpcore2 import SOCKET_OPTION, AsyncNetworkStream

from desktop_app.chat.background import in_daemon_thread
from desktop_app.domain.connection import is_loopback
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.proxy import Proxy, ProxyMode
from desktop_app.providers.openai_chat.route import STRAIGHT, Route
from desktop_app.providers.openai_chat.tunnel import open_tunnel


class NetworkBackend(httpcore2.AnyIOBackend):
    """Opens sockets so that they are closed whatever happens next.

    Args:
        route: Says which proxy is taken.
        context: For the way to a proxy that is itself spoken to over TLS.
    """

    def __init__(self, route: Route = STRAIGHT, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self._route = route
        self._context = context

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Return a stream to ``host``; see :class:`httpcore2.AsyncNetworkBackend`.

        Raises:
            ChatError: When there is a proxy and it cannot be used, is not reached, or refuses.
        """
        proxy = await self.proxy_to(host)
        if proxy is None:
            return await self.connect_straight(host, port, timeout, local_address, socket_options)
        return await self.connect_through(proxy, host, port, timeout)

    async def proxy_to(self, host: str) -> Proxy | None:
        """Return the proxy on the way to ``host``, ``None`` for the straight way.

        Raises:
            ChatError: When the address of the proxy cannot be used.
        """
        if self._route.mode is ProxyMode.NONE or is_loopback(host):
            return None
        return await in_daemon_thread(lambda: self._route.proxy_for(host), "proxy settings")

    async def connect_straight(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Return a stream to ``host``, whatever proxy there is."""
        stream = await super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _TcpStream(stream)

    async def connect_through(
        self, proxy: Proxy, host: str, port: int, timeout: float | None
    ) -> AsyncNetworkStream:
        """Return a stream to ``host`` by way of ``proxy``.

        Raises:
            ChatError: When the proxy is not reached, or refuses.
        """
        try:
            stream: AsyncNetworkStream = _TcpStream(
                await super().connect_tcp(proxy.host, proxy.port, timeout)
            )
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            raise _unreachable(proxy, error) from None
        try:
            if proxy.scheme == "https":
                stream = _TcpStream(
                    await stream.start_tls(
                        self._context or ssl.create_default_context(), proxy.host, timeout
                    )
                )
            await open_tunnel(stream, proxy, host, port, timeout)
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            await stream.aclose()
            raise _unreachable(proxy, error) from None
        except BaseException:
            await stream.aclose()
            raise
        return stream


def _unreachable(proxy: Proxy, error: Exception) -> ChatError:
    detail = f"{error} ({type(error).__name__})" if str(error) else type(error).__name__
    return ChatError(ErrorRecord(ErrorKind.PROXY_UNREACHABLE, host=proxy.place, detail=detail))


class _TcpStream(AsyncNetworkStream):
    """A plain connection that is closed when its TLS handshake is cancelled.

    httpcore2 2.16 closes it after an exception but not after a cancellation, so that Stop during a
    slow handshake left the socket open until the garbage collector found it.
    """

    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncNetworkStream:
        try:
            # What comes back replaces this object, so reading TLS goes through no further layer.
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (the library's signature)
        return self._stream.get_extra_info(info)
