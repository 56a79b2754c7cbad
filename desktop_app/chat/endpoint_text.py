"""The sentence for every reason to refuse an address; the window translates it. Free of Qt."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.connection import EndpointProblem
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

ENDPOINT_TEXTS: Final[Mapping[EndpointProblem, str]] = MappingProxyType(
    {
        EndpointProblem.EMPTY: QT_TRANSLATE_NOOP("Endpoints", "The address is empty."),
        EndpointProblem.NO_SCHEME: QT_TRANSLATE_NOOP(
            "Endpoints", "The address must begin with https://."
        ),
        EndpointProblem.BAD_SCHEME: QT_TRANSLATE_NOOP(
            "Endpoints", "The address must begin with https://, or with http:// on this computer."
        ),
        EndpointProblem.PLAIN_HTTP: QT_TRANSLATE_NOOP(
            "Endpoints",
            "http:// would send the key and the conversation unprotected; it is allowed for this "
            "computer only. Use https://.",
        ),
        EndpointProblem.NO_HOST: QT_TRANSLATE_NOOP("Endpoints", "The address names no host."),
        EndpointProblem.BAD_CHARACTER: QT_TRANSLATE_NOOP(
            "Endpoints", "The address has a character in it that cannot stand there."
        ),
        EndpointProblem.USER_IN_URL: QT_TRANSLATE_NOOP(
            "Endpoints", "The address must not hold a user name or a password."
        ),
        EndpointProblem.QUERY_IN_URL: QT_TRANSLATE_NOOP(
            "Endpoints", "The address must end before any ? or #."
        ),
        EndpointProblem.BAD_PORT: QT_TRANSLATE_NOOP(
            "Endpoints", "The port must be a number from 1 to 65535."
        ),
    }
)
