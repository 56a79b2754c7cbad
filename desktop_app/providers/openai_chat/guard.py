"""The last gate before the network: one origin, our own headers, bodies of a bounded size.

Imports the HTTP library, so it is itself imported late; see :mod:`.loading`.
"""

import asyncio
import contextlib
from typing import Final

import httpx2

from desktop_app import APP_NAME, __version__
from desktop_app.domain.connection import is_loopback, origin_of
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.providers.openai_chat.faults import RefusalError
from desktop_app.providers.openai_chat.secret import Secret

MAX_REQUEST: Final = 20 * 1024 * 1024
MAX_ERROR_BODY: Final = 256 * 1024
_ERROR_BODY_SECONDS: Final = 5.0


class GuardTransport(httpx2.AsyncBaseTransport):
    """Sends requests to one origin, with headers that are made here and nowhere else.

    What the SDK put into the headers is dropped: it adds telemetry, reads ``OPENAI_CUSTOM_HEADERS``
    (which replaces ``Authorization``) and two more variables from the environment. The key is added
    here, to a copy, so that no exception of the SDK can carry it.

    Args:
        inner: Does the sending.
        base_url: Its origin is the only one that is ever talked to.
        secret: The key of that origin.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, base_url: str, secret: Secret) -> None:
        self._inner = inner
        self._origin = origin_of(base_url)
        self._secret = secret

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send ``request``; return an answer with a 2xx status whose body is still to be read.

        Raises:
            ChatError: When the address is not the bound one, or the request or encoding is refused.
            RefusalError: For any other status, with at most 256 KB of its body.
        """
        self._check_address(str(request.url))
        body = request.content
        if len(body) > MAX_REQUEST:
            detail = f"{len(body) / 1e6:.0f} MB; at most {MAX_REQUEST / 1e6:.0f} MB are sent"
            raise ChatError(self._record(ErrorKind.TOO_LARGE_REQUEST, detail))
        headers = {
            "Accept": "text/event-stream, application/json" if body else "application/json",
            # A few hundred KB of gzip unpack to hundreds of MB.
            "Accept-Encoding": "identity",
            "User-Agent": f"{APP_NAME}/{__version__}",
            **({"Content-Type": "application/json"} if body else {}),
            **self._secret.headers(),
        }
        response = await self._inner.handle_async_request(
            httpx2.Request(
                request.method,
                request.url,
                headers=headers,
                content=body or None,
                extensions=request.extensions,
            )
        )
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        plain = encoding in {"", "identity"}
        if not 200 <= response.status_code < 300:
            refused = await self._read_refusal(response, readable=plain)
            raise RefusalError(response.status_code, dict(response.headers), refused)
        if not plain:
            await response.aclose()
            detail = f"Content-Encoding: {encoding[:40]}, though none was asked for"
            raise ChatError(self._record(ErrorKind.BAD_DATA, detail))
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()

    def _check_address(self, url: str) -> None:
        parts = httpx2.URL(url)
        if origin_of(url) != self._origin or (
            parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.host))
        ):
            raise ChatError(
                self._record(ErrorKind.BAD_ENDPOINT, f"{origin_of(url)} is not {self._origin}")
            )

    async def _read_refusal(self, response: httpx2.Response, *, readable: bool) -> bytes:
        """Return the beginning of an error's body; a broken or endless one is no second error."""
        body = bytearray()
        try:
            with contextlib.suppress(TimeoutError, httpx2.HTTPError, OSError):
                async with asyncio.timeout(_ERROR_BODY_SECONDS):
                    async for part in response.aiter_raw():
                        body += part
                        if len(body) > MAX_ERROR_BODY:
                            break
        finally:
            await response.aclose()
        return bytes(body[:MAX_ERROR_BODY]) if readable else b""

    def _record(self, kind: ErrorKind, detail: str) -> ErrorRecord:
        return ErrorRecord(kind, host=self._origin.partition("://")[2], detail=detail)
