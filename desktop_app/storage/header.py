"""Reads which program and which version a database is of, from its bytes, before SQLite opens it.

Opening alone may change files: SQLite makes an index beside the log, or writes the one that is there
anew.
"""

import struct
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from desktop_app.storage.connection import side_files

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_LENGTH: Final = 100
_VERSION_AT: Final = slice(60, 64)
_APPLICATION_AT: Final = slice(68, 72)

# The format of the log: https://www.sqlite.org/fileformat2.html#walformat
_LOG_MAGIC: Final = frozenset({0x377F0682, 0x377F0683})
_LOG_HEADER: Final = struct.Struct(">IIIII")
_SALTS: Final = slice(16, 24)
_LOG_HEADER_LENGTH: Final = 32
_FRAME_HEADER: Final = struct.Struct(">II8s")
_FRAME_HEADER_LENGTH: Final = 24


class Header(NamedTuple):
    """What stands in the header of a database."""

    application: int
    version: int


def read_header(path: Path) -> Header | None:
    """Return the header as it was last committed; ``None`` when this is no database.

    Raises:
        OSError: When the file cannot be read.
    """
    if not (path.exists() and path.stat().st_size):
        return None
    with path.open("rb") as file:
        found = _header(file.read(_HEADER_LENGTH))
    log = side_files(path)[0]
    if found is None or not log.exists():
        return found
    with log.open("rb") as file:
        return _header_in_log(file) or found


def _header(page: bytes) -> Header | None:
    if len(page) < _HEADER_LENGTH or not page.startswith(_MAGIC):
        return None
    return Header(
        int.from_bytes(page[_APPLICATION_AT], "big"), int.from_bytes(page[_VERSION_AT], "big")
    )


def _header_in_log(file: BinaryIO) -> Header | None:
    """Return the last committed header in a log, if the first page is in it at all.

    The sums of the frames are not computed, which takes Python seconds for a large log: frames of
    an earlier use of the file are told by their salts, and half a frame by its length.
    """
    head = file.read(_LOG_HEADER_LENGTH)
    if len(head) < _LOG_HEADER_LENGTH:
        return None
    magic, _, page_size, *_ = _LOG_HEADER.unpack_from(head)
    if magic not in _LOG_MAGIC or page_size < _HEADER_LENGTH:
        return None
    committed = pending = None
    while len(frame := file.read(_FRAME_HEADER_LENGTH)) == _FRAME_HEADER_LENGTH:
        number, pages_after_commit, salts = _FRAME_HEADER.unpack_from(frame)
        if salts != head[_SALTS]:
            break
        at = file.tell()
        if number == 1:
            pending = _header(file.read(_HEADER_LENGTH)) or pending
        if file.seek(0, 2) < at + page_size:
            break
        if pages_after_commit:
            committed = pending
        file.seek(at + page_size)
    return committed
