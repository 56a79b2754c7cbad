"""A server at an address, spoken to over streamable HTTP, or over the older way with two channels.

Bounded: no answer is longer than a message may be, none is compressed, each step has a time limit.
A redirect is followed within its origin alone, so headers go nowhere else.
"""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import truststore
from mcp.client._transport import TransportStreams
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

from desktop_app.domain.connection import is_loopback, origin_of
from desktop_app.domain.mcp_server import ServerProblem, Wire
from desktop_app.mcp_client.limits import MOST_BYTES

_CONNECT_SECONDS: Final = 10.0
_IDLE_SECONDS: Final = 300.0
_PLAIN: Final = frozenset({"", "identity"})


class TooLongError(httpx2.StreamError):
    """An answer is longer than a message may be; the SDK turns it into an error of the request."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is.

    Attributes:
        headers: Sent with each request to the origin of ``url``.
        auth: Signs requests; ``None`` where the headers do.
    """

    wire: Wire
    url: str
    headers: Mapping[str, str] = field(repr=False)
    auth: httpx2.Auth | None = None
    most_bytes: int = MOST_BYTES


def straight_network() -> httpx2.AsyncBaseTransport:
    """Return the way out without a proxy, trusting what the system trusts."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx2.AsyncHTTPTransport(verify=context, trust_env=False)


@asynccontextmanager
async def http_transport(
    address: Address,
    network: httpx2.AsyncBaseTransport,
    on_fault: Callable[[ServerProblem, str], None],
) -> AsyncIterator[TransportStreams]:
    """Give the streams of messages to and from ``address``.

    Args:
        address: Where the server is.
        network: The way out; closed at the end.
        on_fault: Called with what an answer was that is no success.

    Raises:
        httpx2.HTTPError: When it is not reached or does not answer as it should.
    """
    guarded = _Guarded(network, address, on_fault)
    timeout = httpx2.Timeout(_CONNECT_SECONDS, read=_IDLE_SECONDS)

    def client(
        headers: dict[str, str] | None = None,
        timeout: httpx2.Timeout | None = timeout,
        auth: httpx2.Auth | None = address.auth,
    ) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=guarded,
            headers={"accept-encoding": "identity", **(headers or {})},
            timeout=timeout,
            auth=auth,
            follow_redirects=False,
            trust_env=False,
        )

    if address.wire is Wire.SSE:
        channel: AbstractAsyncContextManager[Any] = sse_client(
            address.url,
            timeout=_CONNECT_SECONDS,
            sse_read_timeout=_IDLE_SECONDS,
            httpx_client_factory=client,
            auth=address.auth,
        )
        async with channel as streams:
            yield streams
        return
    async with (
        client() as http_client,
        streamable_http_client(
            address.url, http_client=http_client, max_sse_event_size=address.most_bytes
        ) as streams,
    ):
        yield streams


class _Guarded(httpx2.AsyncBaseTransport):
    """Puts headers on requests to the one origin they are meant for, and bounds what comes back."""

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        address: Address,
        on_fault: Callable[[ServerProblem, str], None],
    ) -> None:
        self._inner, self._address, self._on_fault = inner, address, on_fault
        self._origin = origin_of(address.url)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        is_ours = origin_of(str(request.url)) == self._origin
        if not is_ours and not self._may_be_asked(request.url):
            raise httpx2.UnsupportedProtocol(
                f"the server names an address that is not asked: {request.url.host}",
                request=request,
            )
        if is_ours:
            for name, value in self._address.headers.items():
                # What the person configured does not replace what the sign-in put there.
                if name.casefold() != "authorization" or name not in request.headers:
                    request.headers[name] = value
        response = await self._inner.handle_async_request(request)
        if is_ours:
            self._note(request, response)
        if response.headers.get("content-encoding", "").casefold() not in _PLAIN:
            await response.aclose()
            raise httpx2.DecodingError("a compressed answer was not asked for", request=request)
        is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
        if not is_stream and isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream, self._address.most_bytes, self._on_fault)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _may_be_asked(self, url: httpx2.URL) -> bool:
        """Whether a sign-in may lead there: the web, or this computer for a server that is here."""
        if is_loopback(url.host):
            return is_loopback(httpx2.URL(self._address.url).host)
        return url.scheme == "https"

    def _note(self, request: httpx2.Request, response: httpx2.Response) -> None:
        code = response.status_code
        if 300 <= code < 400:
            target = httpx2.URL(request.url).join(response.headers.get("location", ""))
            self._on_fault(ServerProblem.REDIRECTED, target.host or str(code))
        elif code == 401:
            self._on_fault(ServerProblem.SIGN_IN_NEEDED, "HTTP 401")
        elif code >= 400 and request.method == "POST":
            self._on_fault(ServerProblem.REFUSED, f"HTTP {code}")


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends with an error beyond ``most`` bytes."""

    def __init__(
        self,
        inner: httpx2.AsyncByteStream,
        most: int,
        on_fault: Callable[[ServerProblem, str], None],
    ) -> None:
        self._inner, self._most, self._on_fault = inner, most, on_fault

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._inner:
            size += len(part)
            if size > self._most:
                limit = f"{self._most / 1e6:.0f} MB"
                self._on_fault(ServerProblem.TOO_LONG, f"> {limit}")
                raise TooLongError(f"the answer is longer than {limit}")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
