"""What a server's refusal means: MiniMax's numbers, HTTP statuses, and the words of a message."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.errors import ErrorKind

MINIMAX_CODES: Final[Mapping[int, ErrorKind]] = MappingProxyType(
    {
        1000: ErrorKind.SERVER,
        1001: ErrorKind.SERVER,
        1002: ErrorKind.RATE_LIMIT,
        1004: ErrorKind.INVALID_KEY,
        1008: ErrorKind.BALANCE,
        1013: ErrorKind.SERVER,
        1024: ErrorKind.SERVER,
        1026: ErrorKind.SENSITIVE_INPUT,
        1027: ErrorKind.SENSITIVE_OUTPUT,
        1033: ErrorKind.SERVER,
        1039: ErrorKind.RATE_LIMIT,
        1041: ErrorKind.RATE_LIMIT,
        1042: ErrorKind.BAD_REQUEST,
        2013: ErrorKind.BAD_REQUEST,
        2042: ErrorKind.FORBIDDEN,
        2045: ErrorKind.RATE_LIMIT,
        2048: ErrorKind.BAD_REQUEST,
        2049: ErrorKind.INVALID_KEY,
        2056: ErrorKind.PLAN_EXHAUSTED,
        2061: ErrorKind.PLAN_LACKS_MODEL,
        2062: ErrorKind.RATE_LIMIT,
        2064: ErrorKind.OVERLOADED,
        20132: ErrorKind.BAD_REQUEST,
    }
)
"""The number is the only thing that can be relied on: one failure comes with several statuses."""

_STATUSES: Final[Mapping[int, ErrorKind]] = MappingProxyType(
    {
        401: ErrorKind.INVALID_KEY,
        402: ErrorKind.BALANCE,
        403: ErrorKind.FORBIDDEN,
        404: ErrorKind.NOT_FOUND,
        407: ErrorKind.PROXY,
        408: ErrorKind.SERVER,
        413: ErrorKind.TOO_LARGE_REQUEST,
        429: ErrorKind.RATE_LIMIT,
        503: ErrorKind.OVERLOADED,
        529: ErrorKind.OVERLOADED,
    }
)

_NAMED: Final[Mapping[str, ErrorKind]] = MappingProxyType(
    {
        "context_length_exceeded": ErrorKind.CONTEXT_TOO_LONG,
        "exceed_context_size_error": ErrorKind.CONTEXT_TOO_LONG,
        "model_not_found": ErrorKind.UNKNOWN_MODEL,
        "insufficient_quota": ErrorKind.BALANCE,
        "insufficient_balance_error": ErrorKind.BALANCE,
        "invalid_api_key": ErrorKind.INVALID_KEY,
        # LiteLLM without a database: a key that is not its own, sought where there is nothing.
        "no_db_connection": ErrorKind.INVALID_KEY,
        "content_filter": ErrorKind.SENSITIVE_INPUT,
    }
)
"""Words that compatible servers put into ``code`` or ``type`` of their errors."""

_CODE: Final = re.compile(r"\((\d{4,5})\)")
_BARE_CODE: Final = re.compile(r"\bcode: (\d{4,5})\b")
_CONTEXT: Final = re.compile(
    r"(?i)context (?:window|length|size)|maximum context|prompt is too long|too many input tokens"
    r"|上下文"
)
_MODEL: Final = re.compile(
    r"(?i)(?:unknown|unsupported|invalid) model\b|\bmodels?\b.{0,200}?(?:not (?:found|exist)|no longer)"
    r"|does not exist.{0,40}model|no such model|模型不存在"
)
_VAGUE: Final = frozenset({ErrorKind.BAD_REQUEST, ErrorKind.NOT_FOUND, ErrorKind.SERVER})


def code_in(message: str) -> int | None:
    """Return MiniMax's own number, which on this path stands only inside the message."""
    found = _CODE.findall(message) or _BARE_CODE.findall(message)
    codes = [int(code) for code in found]
    known = [code for code in codes if code in MINIMAX_CODES] or codes
    return known[-1] if known else None


def kind_of(
    *, status: int, code: int | None, names: tuple[str, ...], message: str, has_key: bool
) -> ErrorKind:
    """Return which failure a refusal is.

    Args:
        status: HTTP status; 200 for an error inside a stream or a body.
        code: MiniMax's number, where the server is MiniMax.
        names: What stands in the error's ``code`` and ``type``.
        message: The server's sentence.
        has_key: Whether a key was sent; without one, a refused key is a missing one.
    """
    kind = MINIMAX_CODES.get(code) if code is not None else None
    kind = kind or next((_NAMED[name] for name in names if name in _NAMED), None)
    kind = kind or _of_status(status)
    if kind in _VAGUE and status < 500:
        if _CONTEXT.search(message):
            return ErrorKind.CONTEXT_TOO_LONG
        if _MODEL.search(message):
            return ErrorKind.UNKNOWN_MODEL
    if kind is ErrorKind.INVALID_KEY and not has_key:
        return ErrorKind.MISSING_KEY
    return kind


def _of_status(status: int) -> ErrorKind:
    if status in _STATUSES:
        return _STATUSES[status]
    if 300 <= status < 400:
        return ErrorKind.REDIRECT
    if 400 <= status < 500:
        return ErrorKind.BAD_REQUEST
    return ErrorKind.SERVER
