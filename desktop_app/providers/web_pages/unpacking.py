"""Unpacks bodies step by step, so that a small one that grows without end never gets the room."""

import zlib
from typing import Final

from desktop_app.chat.tool_ports import ToolError

ACCEPTED: Final = "gzip, deflate"
_STEP: Final = 256 * 1024
_WITH_GZIP_HEAD: Final = 16 + zlib.MAX_WBITS


class Unpacking:
    """Takes a body as it comes and keeps at most ``most`` bytes of what is in it.

    Args:
        coding: The answer's ``Content-Encoding``.
        most: Bytes to keep.

    Raises:
        ToolError: When the coding is unknown.
    """

    def __init__(self, coding: str, most: int) -> None:
        self._most = most
        self._kept = bytearray()
        self._raw_deflate_tried = False
        match coding.strip().casefold():
            case "" | "identity":
                self._inflater = None
            case "gzip" | "x-gzip":
                self._inflater = zlib.decompressobj(_WITH_GZIP_HEAD)
            case "deflate":
                self._inflater = zlib.decompressobj()
            case other:
                raise ToolError(f"The server sent a page packed as “{other[:40]}”, unasked.")
        self._is_deflate = coding.strip().casefold() == "deflate"

    @property
    def kept(self) -> bytes:
        """What was unpacked."""
        return bytes(self._kept)

    @property
    def is_full(self) -> bool:
        """Whether no more is kept."""
        return len(self._kept) >= self._most

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the body.

        Raises:
            ToolError: When it is damaged.
        """
        if self._inflater is None:
            self._kept += piece[: self._most - len(self._kept)]
            return
        while piece and not self.is_full:
            room = min(_STEP, self._most - len(self._kept))
            try:
                self._kept += self._inflater.decompress(piece, room)
            except zlib.error:
                if not self._is_deflate or self._raw_deflate_tried or self._kept:
                    raise ToolError("The page arrived damaged: it cannot be unpacked.") from None
                # What servers call deflate is often without its frame.
                self._raw_deflate_tried = True
                self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
                continue
            piece = self._inflater.unconsumed_tail
            if self._inflater.eof:
                return
