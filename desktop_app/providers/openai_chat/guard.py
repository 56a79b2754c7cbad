"""The last gate before the network: one origin, our own headers, bodies of a bounded size.

Imports the HTTP library, so it is itself imported late; see :mod:`.loading`.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

import httpcore2
import httpx2

from desktop_app import APP_NAME, __version__
from desktop_app.domain.connection import is_loopback, origin_of
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.providers.openai_chat.exchange import ANSWER
from desktop_app.providers.openai_chat.faults import RefusalError
from desktop_app.providers.openai_chat.joining import JoinedAnswer
from desktop_app.providers.openai_chat.recording import RECORDER, ExchangeRecorder
from desktop_app.providers.openai_chat.secret import Secret

MAX_REQUEST: Final = 20 * 1024 * 1024
MAX_ERROR_BODY: Final = 256 * 1024
_ERROR_BODY_SECONDS: Final = 5.0
_SENT: Final = "http11.send_request_body.complete"


class GuardTransport(httpx2.AsyncBaseTransport):
    """Sends requests to one origin, with headers that are made here and nowhere else.

    What the SDK put into the headers is dropped: it adds telemetry, reads ``OPENAI_CUSTOM_HEADERS``
    (which replaces ``Authorization``) and two more variables from the environment. The key is added
    here, to a request of our own, so that no exception of the SDK can carry it.

    Args:
        pool: Opens the connections.
        base_url: Its origin is the only one that is ever talked to.
        secret: The key of that origin.
    """

    def __init__(self, pool: httpcore2.AsyncConnectionPool, base_url: str, secret: Secret) -> None:
        self._pool = pool
        self._origin = origin_of(base_url)
        self._secret = secret

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send ``request``; return an answer with a 2xx status whose body is still to be read.

        Raises:
            ChatError: When the address is not the bound one, or the request or encoding is refused.
            RefusalError: For any other status, with at most 256 KB of its body.
        """
        self._check_address(request.url)
        body = request.content
        if len(body) > MAX_REQUEST:
            detail = f"{len(body) / 1e6:.0f} MB; at most {MAX_REQUEST / 1e6:.0f} MB are sent"
            raise ChatError(ErrorRecord(ErrorKind.TOO_LARGE_REQUEST, detail=detail))
        url = request.url
        wire_headers = self._headers(url, body)
        recorder = RECORDER.get()
        if recorder is not None:
            recorder.sending(request.method, str(url), wire_headers, body)
        answer = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=wire_headers,
                content=body,
                extensions={**request.extensions, **_tracing(recorder)},
            )
        )
        if recorder is not None:
            recorder.answered(answer.status, answer.headers)
        headers = httpx2.Headers(answer.headers)
        encoding = headers.get("content-encoding", "").strip().lower()
        plain = encoding in {"", "identity"}
        if not 200 <= answer.status < 300:
            refused = await _read_refusal(answer)
            if recorder is not None and refused:
                recorder.arrived(refused)
            raise RefusalError(answer.status, dict(headers), refused if plain else b"")
        if not plain:
            await answer.aclose()
            detail = f"Content-Encoding: {encoding[:40]}, though none was asked for"
            raise ChatError(ErrorRecord(ErrorKind.BAD_DATA, detail=detail))
        return httpx2.Response(
            answer.status,
            headers=headers,
            stream=_Body(answer),
            extensions={ANSWER: JoinedAnswer(answer)},
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    def _check_address(self, url: httpx2.URL) -> None:
        origin = origin_of(str(url))
        allowed = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))
        if origin != self._origin or not allowed:
            detail = f"{origin} is not {self._origin}"
            raise ChatError(ErrorRecord(ErrorKind.BAD_ENDPOINT, detail=detail))

    def _headers(self, url: httpx2.URL, body: bytes) -> list[tuple[str, str]]:
        headers = {
            "Host": url.netloc.decode("ascii"),
            "Accept": "text/event-stream, application/json" if body else "application/json",
            # A few hundred KB of gzip unpack to hundreds of MB.
            "Accept-Encoding": "identity",
            "User-Agent": f"{APP_NAME}/{__version__}",
        }
        if body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        return list({**headers, **self._secret.headers()}.items())


def _tracing(recorder: ExchangeRecorder | None) -> dict[str, Any]:
    """Return the extension that tells ``recorder`` that the request has left."""
    if recorder is None:
        return {}

    async def trace(event: str, _details: Any) -> None:  # noqa: ANN401 (the library's signature)
        if event == _SENT:
            recorder.sent()

    return {"trace": trace}


class _Body(httpx2.AsyncByteStream):
    """The body of an answer, for the library's own closing; it is read from the answer itself."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


async def _read_refusal(answer: httpcore2.Response) -> bytes:
    """Return the beginning of an error's body; a broken or endless one is no second error."""
    body = bytearray()
    try:
        with contextlib.suppress(
            TimeoutError, OSError, httpcore2.NetworkError, httpcore2.ProtocolError
        ):
            async with asyncio.timeout(_ERROR_BODY_SECONDS):
                async for part in answer.aiter_stream():
                    body += part
                    if len(body) > MAX_ERROR_BODY:
                        break
    finally:
        await answer.aclose()
    return bytes(body[:MAX_ERROR_BODY])
