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


@functools.cache
def _context() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
