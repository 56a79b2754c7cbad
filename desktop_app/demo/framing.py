"""HTTP on the way out: heads, and bodies framed as the script wants them.

h11 parses what comes in; what goes out is written by hand, because a library that only writes
correct HTTP cannot write the incorrect kind that a client must survive.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import Enum
from http import HTTPStatus

Headers = Sequence[tuple[str, str]]

EVENT_STREAM = "text/event-stream"
JSON_TYPE = "application/json; charset=utf-8"


class Framing(Enum):
    """How the reader learns where the body ends."""

    CHUNKED = "chunked"
    LENGTH = "content-length"
    CLOSE = "connection close"


def head(
    status: int,
    headers: Headers,
    *,
    version: str = "1.1",
    reason: str | None = None,
    trace_id: str | None = None,
) -> bytes:
    """Status line and header block, with ``Date`` and MiniMax's trace headers in front."""
    if reason is None:
        known = status in HTTPStatus._value2member_map_
        reason = HTTPStatus(status).phrase if known else "Unknown"
    lines = [f"HTTP/{version} {status} {reason}", f"Date: {formatdate(usegmt=True)}"]
    if trace_id:
        lines += [f"Trace-Id: {trace_id}", f"Minimax-Request-Id: {trace_id[::-1]}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass
class Body:
    """Wraps body bytes for the wire: compression first, then the transfer coding."""

    framing: Framing = Framing.CHUNKED
    gzip: bool = False
    _compressor: "zlib._Compress" = field(
        default_factory=lambda: zlib.compressobj(wbits=31), repr=False
    )

    def headers(self, content_length: int | None = None) -> list[tuple[str, str]]:
        """The header lines that announce this framing."""
        lines: list[tuple[str, str]] = []
        match self.framing:
            case Framing.CHUNKED:
                lines.append(("Transfer-Encoding", "chunked"))
            case Framing.LENGTH:
                lines.append(("Content-Length", str(content_length or 0)))
            case Framing.CLOSE:
                lines.append(("Connection", "close"))
        if self.gzip:
            lines.append(("Content-Encoding", "gzip"))
        return lines

    def wrap(self, data: bytes) -> bytes:
        """The bytes to write for a piece of the body."""
        if self.gzip:
            data = self._compressor.compress(data) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
        return self._framed(data)

    def end(self) -> bytes:
        """The bytes that end the body properly; empty where closing the connection does."""
        rest = self._framed(self._compressor.flush()) if self.gzip else b""
        return rest + (b"0\r\n\r\n" if self.framing is Framing.CHUNKED else b"")

    def _framed(self, data: bytes) -> bytes:
        if self.framing is not Framing.CHUNKED or not data:
            return data
        return b"%x\r\n%b\r\n" % (len(data), data)
