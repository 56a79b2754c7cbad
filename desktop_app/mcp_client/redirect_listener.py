"""Waits on this computer for the browser to come back from a sign-in page. Knows no OAuth but names."""

import asyncio
import contextlib
import secrets
from typing import Final
from urllib.parse import parse_qsl, urlsplit

_MOST_LINE: Final = 16_384
_REQUEST_SECONDS: Final = 10.0
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>Interleave</title>"
    "<p style='font: 16px sans-serif; margin: 3em'>{}</p>"
)


class RedirectListener:
    """Listens at ``http://127.0.0.1:port/path`` between :meth:`open` and :meth:`close`."""

    def __init__(self, port: int, path: str) -> None:
        self._port, self._path, self._state = port, path, ""
        self._server: asyncio.Server | None = None
        self._answer: asyncio.Future[dict[str, str]] | None = None

    @property
    def address(self) -> str:
        """Where the browser is to come back to."""
        return f"http://127.0.0.1:{self._port}{self._path}"

    async def open(self, state: str) -> None:
        """Begin to listen for the answer that carries ``state``; any other is turned away.

        Raises:
            OSError: When the port is taken.
        """
        await self.close()
        self._state = state
        self._answer = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._port, limit=_MOST_LINE
        )

    async def wait(self, seconds: float) -> dict[str, str]:
        """Return the query of the answer.

        Raises:
            TimeoutError: When none came within ``seconds``.
        """
        if self._answer is None:
            raise TimeoutError
        async with asyncio.timeout(seconds):
            return await asyncio.shield(self._answer)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                line = (await reader.readline()).decode("latin-1").split(" ")
                while (await reader.readline()).strip():
                    pass
                target = line[1] if len(line) == 3 and line[0] == "GET" else ""
                status, text = self._take(target)
                body = _PAGE.format(text).encode()
                head = (
                    f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
                    f"Content-Length: {len(body)}\r\nConnection: close\r\n"
                    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\r\n"
                )
                writer.write(head.encode() + body)
                await writer.drain()
        except (TimeoutError, ValueError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def _take(self, target: str) -> tuple[str, str]:
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        is_ours = secrets.compare_digest(query.get("state", "").encode(), self._state.encode())
        if parts.path != self._path or not is_ours or self._answer is None:
            return "404 Not Found", "Nothing is here."
        if not self._answer.done():
            self._answer.set_result(query)
        return "200 OK", "Done. You can close this page and go back to Interleave."
