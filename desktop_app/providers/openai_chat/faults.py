"""Names every failure: exceptions, refusals and errors inside answers become error records."""

import errno
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.text import storable
from desktop_app.providers.openai_chat.body import page_title, parse_json
from desktop_app.providers.openai_chat.secret import Secret
from desktop_app.providers.openai_chat.service_errors import code_in, kind_of

DETAIL_LENGTH: Final = 500
_TRACE_HEADERS: Final = ("trace-id", "minimax-request-id", "x-mm-request-id", "x-request-id")
_LONGEST_WAIT: Final = 366 * 24 * 3600.0
_RESETS_AT: Final = re.compile(
    r"(?i)resets? at:? (\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)"
)
_TAG: Final = re.compile(r"(?s)<(script|style)\b.*?</\1\s*>|<[^>]*>")
_IN_MID_STREAM: Final = frozenset({"ReadError", "WriteError", "CloseError"})
_LIBRARY_ERRORS: Final = {
    "ConnectTimeout": ErrorKind.CONNECT_TIMEOUT,
    "PoolTimeout": ErrorKind.CONNECT_TIMEOUT,
    "ReadTimeout": ErrorKind.IDLE_TIMEOUT,
    "ProxyError": ErrorKind.PROXY,
    "UnsupportedProtocol": ErrorKind.BAD_ENDPOINT,
    "InvalidURL": ErrorKind.BAD_ENDPOINT,
    "ConnectError": ErrorKind.REFUSED,
    "DecodingError": ErrorKind.BAD_DATA,
    "ProtocolError": ErrorKind.CONNECTION_LOST,
    "NetworkError": ErrorKind.CONNECTION_LOST,
    "TimeoutException": ErrorKind.CONNECTION_LOST,
    "RequestError": ErrorKind.CONNECTION_LOST,
    "EndOfStream": ErrorKind.CONNECTION_LOST,
    "BrokenResourceError": ErrorKind.CONNECTION_LOST,
    "HTTPError": ErrorKind.CONNECTION_LOST,
    "OpenAIError": ErrorKind.CONNECTION_LOST,
}
"""By name, most telling first: the libraries are not loaded when this module is."""

_CERTIFICATE_FAULTS: Final = {
    # OpenSSL
    9: ErrorKind.TLS_EXPIRED,  # not yet valid: in both cases one of the two clocks is wrong
    10: ErrorKind.TLS_EXPIRED,
    18: ErrorKind.TLS_UNKNOWN_ISSUER,  # signs itself
    19: ErrorKind.TLS_UNKNOWN_ISSUER,  # one that signs itself stands at the end of the chain
    20: ErrorKind.TLS_UNKNOWN_ISSUER,
    21: ErrorKind.TLS_UNKNOWN_ISSUER,
    62: ErrorKind.TLS_OTHER_HOST,
    64: ErrorKind.TLS_OTHER_HOST,  # another address
    # Windows
    0x800B0101: ErrorKind.TLS_EXPIRED,
    0x800B0109: ErrorKind.TLS_UNKNOWN_ISSUER,
    0x800B010A: ErrorKind.TLS_UNKNOWN_ISSUER,
    0x800B010F: ErrorKind.TLS_OTHER_HOST,
    # macOS
    -67818: ErrorKind.TLS_EXPIRED,
    -67843: ErrorKind.TLS_UNKNOWN_ISSUER,
    -67602: ErrorKind.TLS_OTHER_HOST,
}
"""The numbers of the three systems for what is wrong with a certificate."""

_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH")


class RefusalError(Exception):
    """An answer with another status than 2xx; raised by the transport, which read its body.

    It holds no request, so neither the key nor the prompt travels with it.
    """

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.headers = headers
        self.body = body


class FaultNamer:
    """Names the failures of one connection.

    Args:
        connection: Whose host is told, and whether MiniMax's numbers mean anything.
        secret: The key in use, blotted out of everything that servers say.
    """

    def __init__(self, connection: Connection, secret: Secret) -> None:
        self._connection = connection
        self._secret = secret

    def plain(self, kind: ErrorKind, detail: str = "", *, status: int | None = None) -> ErrorRecord:
        """Return a record of ``kind`` for this connection, its detail made fit to be shown."""
        return ErrorRecord(
            kind, host=self._connection.host, status=status, detail=self._clean(detail)
        )

    def of_refusal(self, refusal: RefusalError) -> ErrorRecord:
        """Name an answer with another status than 2xx."""
        headers = refusal.headers
        if 300 <= refusal.status < 400 and "location" in headers:
            target = urlsplit(headers["location"]).netloc or self._connection.host
            return self.plain(ErrorKind.REDIRECT, f"to {target}", status=refusal.status)
        text = refusal.body.decode("utf-8", "replace")
        record = None
        try:
            value = parse_json(text)
        except ValueError:
            value = None
        if isinstance(value, Mapping):
            record = self.of_payload(value, status=refusal.status, headers=headers)
        if record is None:
            said = page_title(text) or _TAG.sub(" ", text)
            record = self._record(said, {}, status=refusal.status, headers=headers)
        return record

    def of_payload(
        self,
        value: Mapping[str, Any],
        *,
        event: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> ErrorRecord | None:
        """Name the error inside a JSON object; ``None`` when it carries none."""
        headers = headers or {}
        error = value.get("error")
        base = value.get("base_resp")
        if error:
            fields = error if isinstance(error, Mapping) else {"message": error}
            # Where the message says nothing, the whole object is better than nothing.
            message = fields.get("message") or error
        elif isinstance(base, Mapping) and _number(base.get("status_code")):
            fields = {"base_code": _number(base.get("status_code"))}
            message = base.get("status_msg") or ""
        elif status != 200 or "error" in {event, value.get("type"), value.get("object")}:
            fields = value
            message = value.get("message") or value.get("detail") or value.get("msg") or value
        else:
            return None
        trace = value.get("request_id") or (value.get("id") if base else None)
        said = message if isinstance(message, str) else str(message)
        return self._record(said, fields, status=status, headers=headers, trace=trace)

    def of_exception(self, error: BaseException) -> ErrorRecord | None:
        """Name what was raised on the way to or from the server.

        ``None`` means that it is no failure of the network or the server, but a bug of ours.
        """
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, ChatError):
                record = cause.record
                return record if record.host else replace(record, host=self._connection.host)
            if isinstance(cause, RefusalError):
                return self.of_refusal(cause)
        kind = _kind_of_causes(causes)
        if kind is None:
            return None
        said = next((str(cause) for cause in reversed(causes) if str(cause)), "")
        names = " < ".join(dict.fromkeys(type(cause).__name__ for cause in causes))
        return self.plain(kind, f"{said} ({names})")

    def _record(
        self,
        message: str,
        fields: Mapping[str, Any],
        *,
        status: int,
        headers: Mapping[str, str],
        trace: object = None,
    ) -> ErrorRecord:
        code = None
        if self._connection.is_minimax:
            code = _number(fields.get("base_code")) or code_in(message)
        names = tuple(str(fields.get(key)) for key in ("code", "type") if fields.get(key))
        if status == 200:
            # An error inside a stream may name the status that it would have had.
            told = next(filter(None, (_number(fields.get(k)) for k in ("http_code", "code"))), 0)
            status = told if 400 <= told < 600 else status
        kind = kind_of(
            status=status, code=code, names=names, message=message, has_key=bool(self._secret)
        )
        header_trace = next((headers[name] for name in _TRACE_HEADERS if name in headers), None)
        trace_id = header_trace or (trace if isinstance(trace, str) else None)
        return ErrorRecord(
            kind,
            host=self._connection.host,
            code=code,
            status=status if status != 200 else None,
            trace_id=self._clean(trace_id)[:80] if trace_id else None,
            detail=self._clean(message),
            retry_at=_retry_at(headers.get("retry-after", ""), message),
        )

    def _clean(self, text: str) -> str:
        text = self._secret.blotted(text)
        shown = "".join(
            c if c.isprintable() or c == "\n" else " " for c in text[: DETAIL_LENGTH * 8]
        )
        lines = (" ".join(line.split()) for line in shown.splitlines())
        return storable("\n".join(line for line in lines if line))[:DETAIL_LENGTH]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error``, what caused it, and the members of groups, outermost first."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        current = queue.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            queue.extend(current.exceptions)
        queue.append(current.__cause__ or current.__context__)


def _kind_of_causes(causes: Sequence[BaseException]) -> ErrorKind | None:
    names = {base.__name__ for cause in causes for base in type(cause).__mro__}
    if names & _IN_MID_STREAM:
        return ErrorKind.CONNECTION_LOST
    told = next(filter(None, map(_kind_of_cause, causes)), None)
    return told or next((kind for name, kind in _LIBRARY_ERRORS.items() if name in names), None)


def _kind_of_cause(cause: BaseException) -> ErrorKind | None:
    """Return the kind that one exception of the chain stands for, if it alone tells."""
    kind: ErrorKind | None = None
    match cause:
        case ssl.SSLCertVerificationError():
            kind = _CERTIFICATE_FAULTS.get(cause.verify_code, ErrorKind.TLS)
        case ssl.SSLEOFError():
            kind = ErrorKind.NOT_TLS
        case ssl.SSLError():
            reason = cause.reason or ""
            kind = ErrorKind.NOT_TLS if any(map(reason.__contains__, _NOT_TLS)) else ErrorKind.TLS
        case socket.gaierror():
            kind = ErrorKind.HOST_NOT_FOUND
        case ConnectionRefusedError():
            kind = ErrorKind.REFUSED
        case ConnectionError():
            kind = ErrorKind.CONNECTION_LOST
        case TimeoutError() if cause.errno == errno.ETIMEDOUT:
            kind = ErrorKind.CONNECT_TIMEOUT
        case OSError() if cause.errno in _NO_ROUTE:
            kind = ErrorKind.HOST_NOT_FOUND
    return kind


def _number(value: object) -> int | None:
    """Return ``value`` as a number of the service's; ``None`` for none, zero or nonsense."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value) or None
    except ValueError:
        return None


def _retry_at(retry_after: str, message: str) -> float | None:
    """Return when requests are taken again, from the header or the words of the message."""
    now = time.time()
    moment: float | None = None
    if match := _RESETS_AT.search(message):
        moment = _timestamp(match[1])
    elif retry_after.strip().isdecimal() and len(retry_after.strip()) < 12:
        moment = now + int(retry_after)
    elif retry_after:
        try:
            moment = parsedate_to_datetime(retry_after).timestamp()
        except (ValueError, OverflowError, OSError):
            moment = None
    return moment if moment is not None and now < moment < now + _LONGEST_WAIT else None


def _timestamp(iso: str) -> float | None:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
