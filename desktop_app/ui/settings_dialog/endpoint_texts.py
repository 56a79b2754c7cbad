"""Why an address is refused, as sentences; translatable in the context "Endpoints"."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.connection import EndpointProblem
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

PROBLEMS: Final[Mapping[EndpointProblem, str]] = MappingProxyType(
    {
        EndpointProblem.EMPTY: QT_TRANSLATE_NOOP("Endpoints", "Enter the address of the server."),
        EndpointProblem.NO_SCHEME: QT_TRANSLATE_NOOP(
            "Endpoints", "The address has to begin with https://, or http:// on this computer."
        ),
        EndpointProblem.BAD_SCHEME: QT_TRANSLATE_NOOP(
            "Endpoints", "Only addresses that begin with https:// or http:// can be used."
        ),
        EndpointProblem.PLAIN_HTTP: QT_TRANSLATE_NOOP(
            "Endpoints",
            "http:// is refused for another computer: the key and every message would cross the "
            "network unencrypted. Use https://, or http:// with localhost.",
        ),
        EndpointProblem.NO_HOST: QT_TRANSLATE_NOOP(
            "Endpoints", "The address names no server, such as api.example.com."
        ),
        EndpointProblem.BAD_CHARACTER: QT_TRANSLATE_NOOP(
            "Endpoints", "The address has a character that does not belong in one."
        ),
        EndpointProblem.USER_IN_URL: QT_TRANSLATE_NOOP(
            "Endpoints", "The address has a user name in it. Enter a key in its own field instead."
        ),
        EndpointProblem.QUERY_IN_URL: QT_TRANSLATE_NOOP(
            "Endpoints", "The address must not have a ? or # part."
        ),
        EndpointProblem.BAD_PORT: QT_TRANSLATE_NOOP(
            "Endpoints", "The port has to be a number from 1 to 65535."
        ),
    }
)
