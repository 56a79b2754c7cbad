"""Connections: the HTTP library's own, with one leak closed. Imported late; see :mod:`.loading`."""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
from httpcore2 import SOCKET_OPTION, AsyncNetworkStream


class NetworkBackend(httpcore2.AnyIOBackend):
    """Opens sockets so that they are closed whatever happens next."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Return a connected stream; see :class:`httpcore2.AsyncNetworkBackend`."""
        stream = await super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _TcpStream(stream)


class _TcpStream(AsyncNetworkStream):
    """A plain connection that is closed when its TLS handshake is cancelled.

    httpcore2 2.16 closes it after an exception but not after a cancellation, so that Stop during a
    slow handshake left the socket open until the garbage collector found it.
    """

    def __init__(self, inner: AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncNetworkStream:
        try:
            # What comes back replaces this object, so reading TLS goes through no further layer.
            return await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._inner.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (the library's signature)
        return self._inner.get_extra_info(info)
