"""Logging to a rotating file and standard error, with secrets taken out on the way.

Every handler carries the same filter, so that no module has to remember it.
"""

import logging
import logging.handlers
import re
from pathlib import Path
from typing import Final

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FILE_BYTES: Final = 1_000_000
_FILES_KEPT: Final = 3

_SECRET_SHAPES: Final = re.compile(
    r"(?i)(bearer\s+)[^\s\"',;]+"
    r"|\b(sk-)[A-Za-z0-9_\-]{6,}"
    r"|\b(eyJ)[A-Za-z0-9_\-]{10,}(?:\.[A-Za-z0-9_\-]+)*"
)
_MASK: Final = "[removed]"
_known_secrets: tuple[str, ...] = ()


def remember_secret(secret: str) -> None:
    """Take ``secret`` out of everything that is logged from now on, whatever its shape."""
    global _known_secrets  # noqa: PLW0603
    if len(secret) >= 4 and secret not in _known_secrets:
        # A new tuple, since other threads may be logging; the longest first, since a secret may be
        # the beginning of another.
        _known_secrets = tuple(sorted((*_known_secrets, secret), key=len, reverse=True))


def redacted(text: str) -> str:
    """Return ``text`` without known secrets and without anything shaped like a key."""
    for secret in _known_secrets:
        text = text.replace(secret, _MASK)
    return _SECRET_SHAPES.sub(lambda match: (match[1] or match[2] or match[3] or "") + _MASK, text)


class _RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, and then takes the secrets out of the whole."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def set_up(log_file: Path | None, *, verbose: bool = False) -> None:
    """Send log records to standard error (warnings) and to ``log_file`` (all from ``INFO``).

    Args:
        log_file: The rotating file; ``None`` or an unwritable place leaves standard error alone.
        verbose: Whether standard error gets everything too.
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(logging.INFO)
    console = logging.StreamHandler()
    console.setLevel(logging.INFO if verbose else logging.WARNING)
    _add(root, console)
    if log_file is not None:
        try:
            file = logging.handlers.RotatingFileHandler(
                log_file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
            )
        except OSError as error:
            logging.getLogger(__name__).warning("no log file: %s", error)
        else:
            _add(root, file)
    # These name every request they make at INFO, with addresses a person may not want in a log.
    for name in ("httpx2", "httpx", "httpcore", "httpcore2", "openai"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _add(root: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(_RedactingFormatter(_FORMAT))
    root.addHandler(handler)
