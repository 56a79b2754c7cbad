"""One exchange with a server as it went over the wire, for people who want to see it."""

from dataclasses import dataclass

MASKED_KEY = "Bearer ••••"
"""What stands in a record in place of the key; the key itself never gets there."""


@dataclass(frozen=True, slots=True)
class WireEvent:
    """One event of a stream.

    Attributes:
        at: Seconds from the beginning of the exchange to its arrival.
        text: The event as it came, without the blank line that ends it.
    """

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """A request and what came back.

    Attributes:
        id: Identifier.
        message_id: The answer that it was made for.
        started_at: Seconds since the Unix epoch, UTC.
        method: ``POST``.
        url: Where it went.
        request_headers: As sent, the key masked.
        request_body: The JSON text exactly as sent.
        status: HTTP status; ``None`` when no answer came.
        response_headers: As received.
        events: What a stream brought, in order.
        body: What came where it was no stream.
        sent_at: Seconds from the beginning until the request had left; ``None`` if it never did.
        first_byte_at: Seconds until the first byte of the answer's body.
        ended_at: Seconds until the end, however it came.
        error: Kind and detail of the failure; empty when there was none.
        truncated: Whether events or body were left out because of their size.
    """

    id: str
    message_id: str
    started_at: float
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    status: int | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    events: tuple[WireEvent, ...] = ()
    body: str = ""
    sent_at: float | None = None
    first_byte_at: float | None = None
    ended_at: float | None = None
    error: str = ""
    truncated: bool = False
