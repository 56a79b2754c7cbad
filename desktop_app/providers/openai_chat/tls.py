"""The TLS context: the system's own trust store, as the rest of the machine uses it."""

import functools
import os
import ssl
from pathlib import Path
from typing import Final

from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord

_VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def system_context() -> ssl.SSLContext:
    """Return a client context that trusts what the system trusts; made once, as it takes a while.

    OpenSSL also follows the two variables above. One that points nowhere would leave a store that
    trusts nobody, or one that the person did not mean, so it is named instead.

    Raises:
        ChatError: When one of the variables names something that is not there.
    """
    for variable in _VARIABLES:
        path = os.environ.get(variable)
        if path and not any(Path(part).exists() for part in path.split(os.pathsep)):
            detail = f"{variable} names {path}, which does not exist. Correct or unset it."
            raise ChatError(ErrorRecord(ErrorKind.TLS, detail=detail))
    return _context()


def context_with(ca_file: str) -> ssl.SSLContext:
    """Return a client context that trusts the system and, beside it, the certificates in a file.

    truststore takes both on every system: OpenSSL adds the file to the store, and on Windows and
    macOS it is handed to the system's own check.

    Args:
        ca_file: PEM; empty for none.

    Raises:
        ChatError: When the file cannot be read or holds no certificate.
    """
    if not ca_file:
        return system_context()
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=Path(ca_file).expanduser())
    except (OSError, ValueError) as error:
        # An ssl.SSLError is an OSError too: the file is there and is no PEM.
        detail = f"{ca_file}: {error}"
        raise ChatError(ErrorRecord(ErrorKind.CA_FILE, detail=detail)) from None
    return context


@functools.cache
def _context() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
