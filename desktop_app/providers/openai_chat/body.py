"""The body of a successful answer: bytes to JSON objects, whatever form it takes.

A server asked for a stream may send one, or a whole answer or an error as one JSON document, or,
through a proxy or a Wi-Fi sign-in, a web page; the content type is not always right, so the first
character decides.
"""

import html
import json
import re
from typing import Any, Final, NamedTuple

import jiter

from desktop_app.domain.errors import ErrorKind
from desktop_app.providers.openai_chat.sse import SseEvent, SseReader

MAX_TOTAL: Final = 64 * 1024 * 1024
MAX_DOCUMENT: Final = 8 * 1024 * 1024
MOST_BRACKETS: Final = 200_000
"""Objects and lists in one JSON text; each costs up to 232 bytes of memory for 3 on the wire."""

_ENOUGH_OF_A_PAGE: Final = 64 * 1024
_OPENING_KEPT: Final = 400

_BOM: Final = b"\xef\xbb\xbf"
_TITLE: Final = re.compile(r"(?is)<title[^>]*>(.*?)</title")

# NaN and infinities are no JSON; as null they do no harm. Making the decoder once is 3 times faster
# than json.loads with an argument.
_decoder: Final = json.JSONDecoder(parse_constant=lambda _name: None)


class Payload(NamedTuple):
    """One JSON object of the answer.

    Attributes:
        event: Name of the event it came in, mostly empty.
        value: The object.
    """

    event: str
    value: dict[str, Any]


class Trouble(NamedTuple):
    """Why a body cannot be read on."""

    kind: ErrorKind
    detail: str


def parse_json_bytes(data: bytes) -> object:
    """Return what ``data`` says as JSON in UTF-8; what is not UTF-8 becomes U+FFFD.

    The fast parser is strict: it refuses half of a surrogate pair, bytes that are no UTF-8, and the
    names for what is no number, all of which servers send. The library's own parser decides then.

    Raises:
        ValueError: When it is no JSON, or is nested too deeply, or has a number of absurd length.
    """
    if len(data) > MOST_BRACKETS and data.count(b"{") + data.count(b"[") > MOST_BRACKETS:
        raise ValueError("too many objects")
    try:
        return jiter.from_json(data, allow_inf_nan=False)
    except ValueError:
        return parse_json(data.decode("utf-8", "replace"))


def parse_json(text: str) -> object:
    """Return what ``text`` says as JSON.

    Raises:
        ValueError: When it is none, or is nested too deeply, or has a number of absurd length.
    """
    try:
        return _decoder.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def page_title(page: str) -> str:
    """Return the title of a web page, or an empty text."""
    match = _TITLE.search(page)
    return " ".join(html.unescape(match[1]).split()) if match else ""


class AnswerBody:
    """Turns the bytes of an answer, as they arrive, into payloads.

    Attributes:
        trouble: Set once the body cannot be read on; what came before stays valid.
        done: Whether the server said that nothing more comes.
        whole: Whether the answer came as one document, which is complete by being readable.
        opening: How the body begins, for a report; empty for one that reads well.
    """

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        self.done = False
        self.whole = False
        self._size = 0
        self._start = b""
        self._sse: SseReader | None = None
        self._document: bytearray | None = None
        self._is_page = False
        self._opening = b""

    @property
    def opening(self) -> str:
        """How the body begins, as text."""
        return self._opening.decode("utf-8", "replace")

    def feed(self, data: bytes) -> list[Payload]:
        """Take bytes and return the payloads they complete."""
        self._size += len(data)
        if self._size > MAX_TOTAL:
            self._fail(ErrorKind.TOO_LARGE_ANSWER, f"more than {MAX_TOTAL // 1024 // 1024} MB")
        if self.trouble or self.done:
            return []
        if len(self._opening) < _OPENING_KEPT:
            self._opening += data[: _OPENING_KEPT - len(self._opening)]
        if self._sse is not None:
            return self._feed_events(self._sse, data)
        if self._document is not None:
            self._feed_document(self._document, data)
            return []
        return self._begin(data)

    def finish(self) -> list[Payload]:
        """Return what the end of the body completes."""
        if self.trouble or self.done:
            return []
        if self._sse is not None:
            last = self._sse.finish()
            if last is None:
                return []
            payload = self._read(last)
            # What the connection's end cut in two is no bad data: the answer is cut off.
            self.trouble = None
            return [payload] if payload else []
        if self._document is not None:
            return self._read_document(bytes(self._document))
        return []

    def _begin(self, data: bytes) -> list[Payload]:
        data = (self._start + data).lstrip()
        if _BOM.startswith(data[:3]) and len(data) < len(_BOM):
            self._start = data
            return []
        data = data.removeprefix(_BOM).lstrip()
        if not data:
            return []
        if data[:1] in {b"{", b"[", b"<"}:
            self._is_page = data[:1] == b"<"
            self._document = bytearray()
            self._feed_document(self._document, data)
            return []
        self._sse = SseReader()
        return self._feed_events(self._sse, data)

    def _feed_events(self, sse: SseReader, data: bytes) -> list[Payload]:
        payloads: list[Payload] = []
        for event in sse.feed(data):
            payload = self._read(event)
            if payload is not None:
                payloads.append(payload)
            if self.trouble or self.done:
                return payloads
        if sse.overflow:
            self._fail(ErrorKind.TOO_LARGE_ANSWER, sse.overflow)
        return payloads

    def _read(self, event: SseEvent) -> Payload | None:
        data = event.data
        if data.startswith(b"[DONE]"):
            self.done = True
            return None
        try:
            value = parse_json_bytes(data)
        except ValueError as error:
            text = data.decode("utf-8", "replace")
            if event.name == "error":
                return Payload("error", {"error": text})
            if text.strip():
                self._fail(ErrorKind.BAD_DATA, f"{error}: {text[:_OPENING_KEPT]}")
            return None
        if isinstance(value, dict):
            return Payload(event.name, value)
        return Payload("error", {"error": value}) if event.name == "error" and value else None

    def _feed_document(self, document: bytearray, data: bytes) -> None:
        document += data
        if self._is_page:
            if len(document) > _ENOUGH_OF_A_PAGE or b"</title" in document.lower():
                self._read_document(bytes(document))
        elif len(document) > MAX_DOCUMENT:
            self._fail(
                ErrorKind.TOO_LARGE_ANSWER, f"a document of more than {MAX_DOCUMENT // 1024**2} MB"
            )

    def _read_document(self, data: bytes) -> list[Payload]:
        if self._is_page:
            self._fail(ErrorKind.WEB_PAGE, page_title(data.decode("utf-8", "replace")))
            return []
        opening = data[: 4 * _OPENING_KEPT].decode("utf-8", "replace")[:_OPENING_KEPT]
        try:
            value = parse_json_bytes(data)
        except ValueError as error:
            self._fail(ErrorKind.BAD_DATA, f"{error}: {opening}")
            return []
        if not isinstance(value, dict):
            self._fail(ErrorKind.BAD_DATA, opening)
            return []
        self.whole = True
        return [Payload("", value)]

    def _fail(self, kind: ErrorKind, detail: str) -> None:
        self.trouble = self.trouble or Trouble(kind, detail)
        self._document = None if self._document is None else bytearray()
