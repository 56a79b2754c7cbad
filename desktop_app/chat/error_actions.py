"""What a person can do about a failure, and where in the settings that is."""

from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.settings.table import Page


class ErrorAction(StrEnum):
    """What a person can do about a failure, in the place where it is shown."""

    CONTINUE = "continue"
    RETRY = "retry"
    OPEN_SETTINGS = "open_settings"
    ASK_OTHER_REGION = "ask_other_region"
    OTHER_REGION = "other_region"
    COPY_REPORT = "copy_report"


_OF_NETWORK: Final = frozenset(
    {
        ErrorKind.BAD_PROXY,
        ErrorKind.CA_FILE,
        ErrorKind.CONNECT_TIMEOUT,
        ErrorKind.TLS_UNKNOWN_ISSUER,
        ErrorKind.PROXY,
        ErrorKind.PROXY_PASSWORD,
        ErrorKind.PROXY_UNREACHABLE,
        ErrorKind.FIRST_BYTE_TIMEOUT,
        ErrorKind.IDLE_TIMEOUT,
    }
)


def settings_page(record: ErrorRecord) -> Page:
    """Return where in the settings that can be changed which failed."""
    return Page.NETWORK if record.kind in _OF_NETWORK else Page.CONNECTION
