"""A file that may be an export: what kind it is, and its JSON, within bounds."""

import codecs
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from desktop_app.chat.importing import ImportProblem, ImportRefusedError, Watch

MOST_BYTES: Final = 200 * 1024 * 1024
"""Of JSON, as a file or all together out of an archive."""
MOST_BYTES_AT_ONCE: Final = 64 * 1024 * 1024
"""Of one conversation: parsed, it takes several times the memory of its text."""
MOST_RATIO: Final = 100
MOST_MEMBERS: Final = 50_000
"""Exports with pictures have thousands; what is not read costs no more than its name."""
_MOST_DIRECTORY: Final = 32 * 1024 * 1024
_PIECE: Final = 1024 * 1024
_RATIO_FROM: Final = 1024 * 1024
"""Below this size a high ratio harms nobody."""

_SQLITE: Final = b"SQLite format 3\0"
_WEB_PAGE: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_END_RECORD: Final = b"PK\x05\x06"
_END_RECORD_64: Final = b"PK\x06\x06"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Document:
    """JSON text as bytes in UTF-8, and where it stood.

    Attributes:
        name: Last part of the name in the archive, or of the file; never used as a path.
        text: The bytes, without a byte order mark.
    """

    def __init__(self, name: str, text: bytes) -> None:
        self.name, self.text = name, text

    def value(self, begin: int, end: int) -> Any:  # noqa: ANN401 - JSON may be anything
        """Parse a part of it.

        Raises:
            ImportRefusedError: When that is no JSON.
        """
        if end - begin > MOST_BYTES_AT_ONCE:
            raise ImportRefusedError(ImportProblem.TOO_LARGE)
        try:
            return json.loads(self.text[begin:end].decode())
        except UnicodeDecodeError:
            raise ImportRefusedError(ImportProblem.BAD_ENCODING, f"byte {begin}") from None
        except RecursionError:
            raise ImportRefusedError(ImportProblem.TOO_DEEP) from None
        except ValueError as error:
            raise ImportRefusedError(ImportProblem.NOT_JSON, str(error)[:200]) from None


def read_documents(path: Path, wanted: Callable[[str], bool], watch: Watch) -> list[Document]:
    """Return the JSON of a file: itself, or the members of an archive that are ``wanted``.

    Args:
        path: Of a regular file.
        wanted: Says of the last part of a member's name, in lower case, whether it is read.
        watch: Is looked at.

    Raises:
        ImportRefusedError: With the reason.
    """
    try:
        if not path.is_file():
            raise ImportRefusedError(ImportProblem.UNREADABLE)
        with path.open("rb") as file:
            beginning = file.read(512)
            file.seek(0)
            if beginning.startswith(b"PK"):
                return _members(file, wanted, watch)
            _refuse_foreign(beginning)
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise ImportRefusedError(ImportProblem.TOO_LARGE)
            return [Document(path.name, _utf8(_read(file, MOST_BYTES, watch)))]
    except OSError as error:
        raise ImportRefusedError(ImportProblem.UNREADABLE, error.strerror or "") from error


def _refuse_foreign(beginning: bytes) -> None:
    if not beginning.strip():
        raise ImportRefusedError(ImportProblem.EMPTY)
    if beginning.startswith(_SQLITE):
        raise ImportRefusedError(ImportProblem.DATABASE)
    if _WEB_PAGE.match(beginning.removeprefix(codecs.BOM_UTF8)):
        raise ImportRefusedError(ImportProblem.WEB_PAGE)


def _members(file: BinaryIO, wanted: Callable[[str], bool], watch: Watch) -> list[Document]:
    _look_at_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            chosen = [e for e in entries if _is_regular(e) and wanted(_last_part(e.filename))]
            if not chosen:
                raise ImportRefusedError(
                    ImportProblem.RAW_BACKUP if _is_raw_backup(entries) else ImportProblem.UNKNOWN
                )
            for entry in chosen:
                _refuse_bomb(entry)
            left = MOST_BYTES - sum(entry.file_size for entry in chosen)
            if left < 0:
                raise ImportRefusedError(ImportProblem.TOO_LARGE)
            documents = []
            for entry in sorted(chosen, key=lambda entry: entry.filename):
                with archive.open(entry) as member:
                    text = _read(member, entry.file_size, watch)
                documents.append(Document(_last_part(entry.filename), _utf8(text)))
            return documents
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError) as error:
        raise ImportRefusedError(ImportProblem.BAD_ZIP, str(error)[:200]) from error


def _refuse_bomb(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise ImportRefusedError(ImportProblem.ENCRYPTED)
    if entry.file_size > MOST_BYTES:
        raise ImportRefusedError(ImportProblem.TOO_LARGE)
    if entry.file_size > _RATIO_FROM and entry.file_size > MOST_RATIO * entry.compress_size:
        raise ImportRefusedError(ImportProblem.BOMB)


def _look_at_directory(file: BinaryIO) -> None:
    """Refuse a list of members that is itself too large: the library reads it whole."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557))
    end = file.read()
    place = end.rfind(_END_RECORD)
    if place < 0 or len(end) < place + 22:
        raise ImportRefusedError(ImportProblem.BAD_ZIP)
    count, length = struct.unpack_from("<HI", end, place + 10)
    if count == 0xFFFF or length == 0xFFFFFFFF:
        large = end.rfind(_END_RECORD_64)
        if large >= 0 and len(end) >= large + 48:
            count, length = struct.unpack_from("<QQ", end, large + 32)
    if count > MOST_MEMBERS or length > _MOST_DIRECTORY:
        raise ImportRefusedError(ImportProblem.BOMB)
    file.seek(0)


def _read(file: Any, most: int, watch: Watch) -> bytes:  # noqa: ANN401 - anything that reads bytes
    """Read to the end, which has to come before ``most`` bytes are exceeded."""
    pieces: list[bytes] = []
    total = 0
    while piece := file.read(_PIECE):
        watch.look()
        total += len(piece)
        if total > most:
            raise ImportRefusedError(ImportProblem.BOMB)
        pieces.append(piece)
    return b"".join(pieces)


def _utf8(text: bytes) -> bytes:
    if not text.strip():
        raise ImportRefusedError(ImportProblem.EMPTY)
    for mark, encoding in _MARKS:
        if text.startswith(mark):
            if encoding == "utf-8":
                return text.removeprefix(mark)
            try:
                return text.decode(encoding).encode()
            except UnicodeError:
                raise ImportRefusedError(ImportProblem.BAD_ENCODING) from None
    if b"\0" in text[:4]:
        raise ImportRefusedError(ImportProblem.BAD_ENCODING)
    return text


def _is_regular(entry: zipfile.ZipInfo) -> bool:
    kind = (entry.external_attr >> 16) & 0o170000
    return not entry.is_dir() and kind in {0, 0o100000}


def _last_part(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower()


def _is_raw_backup(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether the files of a browser's database are in it, which only their program can read."""
    return any("indexeddb/" in e.filename.lower().replace("\\", "/") for e in entries)
