"""What can go wrong in the person's world. Errors carry a kind; the sentence is found for it later."""

from dataclasses import dataclass
from enum import StrEnum


class ErrorKind(StrEnum):
    """Every failure that is shown to a person; ``chat.error_text`` has a sentence for each."""

    # Before anything is sent
    NO_KEY = "no_key"
    KEYRING_LOCKED = "keyring_locked"
    BAD_ENDPOINT = "bad_endpoint"
    BAD_PROXY = "bad_proxy"
    CA_FILE = "ca_file"
    TOO_LARGE_REQUEST = "too_large_request"
    WINDOW_FULL = "window_full"
    # The way to the server
    REFUSED = "refused"
    HOST_NOT_FOUND = "host_not_found"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"
    TLS_EXPIRED = "tls_expired"
    TLS_OTHER_HOST = "tls_other_host"
    TLS_UNKNOWN_ISSUER = "tls_unknown_issuer"
    NOT_TLS = "not_tls"
    PROXY = "proxy"
    PROXY_PASSWORD = "proxy_password"  # noqa: S105 (the name of a failure)
    PROXY_UNREACHABLE = "proxy_unreachable"
    CONNECTION_LOST = "connection_lost"
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    IDLE_TIMEOUT = "idle_timeout"
    SLEPT = "slept"
    REDIRECT = "redirect"
    # What the server says
    INVALID_KEY = "invalid_key"
    MISSING_KEY = "missing_key"
    FORBIDDEN = "forbidden"
    BALANCE = "balance"
    RATE_LIMIT = "rate_limit"
    PLAN_EXHAUSTED = "plan_exhausted"
    PLAN_LACKS_MODEL = "plan_lacks_model"
    SENSITIVE_INPUT = "sensitive_input"
    SENSITIVE_OUTPUT = "sensitive_output"
    BAD_REQUEST = "bad_request"
    UNKNOWN_MODEL = "unknown_model"
    CONTEXT_TOO_LONG = "context_too_long"
    NOT_FOUND = "not_found"
    SERVER = "server"
    OVERLOADED = "overloaded"
    # What the server sends instead of an answer
    EMPTY_ANSWER = "empty_answer"
    WEB_PAGE = "web_page"
    BAD_DATA = "bad_data"
    TOO_LARGE_ANSWER = "too_large_answer"
    # The way an answer ends
    CUT_OFF = "cut_off"
    LENGTH = "length"
    LENGTH_IN_THINKING = "length_in_thinking"
    # Here
    STORAGE = "storage"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """A failure as it is shown, kept with the message, and copied into a report.

    Attributes:
        kind: Which failure.
        host: The host (and port) that was asked, without scheme or path.
        code: The service's own number, such as 2049.
        status: HTTP status.
        trace_id: The service's name for the request, for its support.
        detail: What the server or the system said, at most a few hundred characters, no key in it.
        retry_at: Seconds since the Unix epoch at which the service will take requests again.
    """

    kind: ErrorKind
    host: str | None = None
    code: int | None = None
    status: int | None = None
    trace_id: str | None = None
    detail: str = ""
    retry_at: float | None = None


class ChatError(Exception):
    """Raised for every failure of the person's world; anything else that is raised is our bug."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(
            f"{record.kind.value}: {record.detail}" if record.detail else record.kind.value
        )
        self.record = record

    @property
    def kind(self) -> ErrorKind:
        """Which failure it is."""
        return self.record.kind
