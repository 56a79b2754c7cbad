"""The ``WebReader`` port over the HTTP library; nothing of it is imported at the top of this module."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop_app import APP_NAME, __version__
from desktop_app.chat.background import in_daemon_thread
from desktop_app.chat.error_text import english
from desktop_app.chat.tool_ports import ToolError
from desktop_app.chat.web_port import WebAnswer
from desktop_app.domain.errors import ChatError
from desktop_app.domain.internet_address import Reach, reach_of
from desktop_app.providers.openai_chat import loading, tls
from desktop_app.providers.openai_chat.route import STRAIGHT, Route
from desktop_app.providers.web_pages.unpacking import ACCEPTED, Unpacking

if TYPE_CHECKING:
    import httpcore2
    import httpx2

_log = logging.getLogger(__name__)

_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_ADDRESS: Final = 8_000
_HEADERS: Final = (
    (b"User-Agent", f"{APP_NAME}/{__version__}".encode()),
    (b"Accept", b"text/html, text/plain, text/markdown, application/json, */*;q=0.5"),
    (b"Accept-Encoding", ACCEPTED.encode()),
)


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Return the addresses of ``host`` as the system finds them; blocks.

    Raises:
        OSError: When there is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(address[0]) for *_, address in found)


async def straight() -> Route:
    """Give the way without a proxy."""
    return STRAIGHT


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How long to wait, and how much to take.

    Attributes:
        seconds: For all of it, redirects included.
        connect: Seconds for each connection.
        bytes: Of the body, unpacked.
    """

    seconds: float = 30.0
    connect: float = 10.0
    bytes: int = 4 * 1024 * 1024


class WebPageReader:
    """Implements :class:`desktop_app.chat.web_port.WebReader`.

    Each page is read over connections of its own, which end with it.

    Args:
        route: Gives the proxy and the certificates of the moment.
        limits: How long to wait, and how much to take.
        look_up: Returns the addresses of a name; blocks, and raises ``OSError`` when it has none.
        reach_of: Says whose an address is.
        context_factory: Makes the TLS context from the file with own certificates.
    """

    def __init__(
        self,
        route: Callable[[], Awaitable[Route]] = straight,
        *,
        limits: WebLimits = WebLimits(),
        look_up: Callable[[str, int], Sequence[str]] = addresses_of,
        reach_of: Callable[[str], Reach] = reach_of,
        context_factory: Callable[[str], ssl.SSLContext] = tls.context_with,
    ) -> None:
        self._route = route
        self._limits = limits
        self._look_up = look_up
        self._reach_of = reach_of
        self._context_factory = context_factory

    async def read(self, url: str, *, private_addresses: bool) -> WebAnswer:
        """Ask for ``url``; see :meth:`desktop_app.chat.web_port.WebReader.read`."""
        await loading.loaded()
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._read(url, private_addresses=private_addresses)
        except TimeoutError:
            raise ToolError(
                f"The page did not come within {self._limits.seconds:g} seconds."
            ) from None
        except ChatError as error:
            raise ToolError(english(error.record)) from None
        except Exception as error:
            import httpcore2

            sentences: Mapping[type[Exception], str] = {
                httpcore2.TimeoutException: "The server did not answer in time.",
                httpcore2.ConnectError: "The server cannot be reached, or its certificate is not good.",
                httpcore2.NetworkError: "The connection to the server broke off.",
                httpcore2.ProtocolError: "The server sent something that is no HTTP.",
                httpcore2.UnsupportedProtocol: "Only http and https pages can be read.",
            }
            for kind, sentence in sentences.items():
                if isinstance(error, kind):
                    _log.info("a page was not read: %s", type(error).__name__)
                    raise ToolError(sentence) from None
            raise

    async def _read(self, url: str, *, private_addresses: bool) -> WebAnswer:
        import httpcore2

        from desktop_app.providers.web_pages.network import CheckedBackend

        route = await self._route()
        context = await in_daemon_thread(
            partial(self._context_factory, route.ca_file), "certificates"
        )
        backend = CheckedBackend(
            route, context, self._look_up, self._reach_of, private_addresses=private_addresses
        )
        target = _address(url)
        async with httpcore2.AsyncConnectionPool(
            ssl_context=context, network_backend=backend, max_keepalive_connections=0
        ) as pool:
            for _ in range(_MOST_REDIRECTS + 1):
                answer = await self._ask(pool, target)
                if isinstance(answer, WebAnswer):
                    return answer
                target = answer
        raise ToolError(
            f"The page leads on and on: after {_MOST_REDIRECTS} redirects there is none."
        )

    async def _ask(
        self, pool: "httpcore2.AsyncConnectionPool", target: "httpx2.URL"
    ) -> "WebAnswer | httpx2.URL":
        """Return the answer, or the address that it leads on to."""
        import httpcore2

        address = httpcore2.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        connect = self._limits.connect
        timeouts = {"connect": connect, "write": connect, "pool": connect}
        async with pool.stream(
            "GET", address, headers=list(_HEADERS), extensions={"timeout": timeouts}
        ) as response:
            headers = {name.lower(): value for name, value in response.headers}
            place = headers.get(b"location")
            if response.status in _REDIRECTS and place is not None:
                return _address(place.decode("utf-8", "replace"), target)
            coding = headers.get(b"content-encoding", b"").decode("latin-1")
            unpacking = Unpacking(coding, self._limits.bytes + 1)
            async for piece in response.aiter_stream():
                unpacking.feed(piece)
                if unpacking.is_full:
                    break
        body = unpacking.kept
        return WebAnswer(
            url=str(target),
            status=response.status,
            content_type=headers.get(b"content-type", b"").decode("latin-1"),
            body=body[: self._limits.bytes],
            is_cut=len(body) > self._limits.bytes,
        )


def _address(text: str, base: "httpx2.URL | None" = None) -> "httpx2.URL":
    """Return an address that may be asked for.

    Raises:
        ToolError: When it is none of a page, or has a login in it.
    """
    import httpx2

    if len(text) > _LONGEST_ADDRESS:
        raise ToolError("The address is too long.")
    try:
        url = httpx2.URL(text) if base is None else base.join(text)
    except (httpx2.InvalidURL, ValueError, TypeError):
        raise ToolError(
            "That is no address of a page; write one such as https://example.org/."
        ) from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ToolError("Only pages at addresses that begin with https:// or http:// can be read.")
    if url.port is not None and not 0 < url.port < 65_536:
        raise ToolError("The address has a port in it that does not exist.")
    if url.userinfo:
        raise ToolError("The address has a user name or password in it, which are not sent.")
    return url.copy_with(fragment=None)
