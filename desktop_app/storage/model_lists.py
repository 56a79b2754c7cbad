"""The names of the models that each server listed, kept from one run to the next.

They are a convenience: a list that cannot be read is asked for again, and one that cannot be
written is no failure of anything.
"""

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from desktop_app.settings.store import write_atomically

_log = logging.getLogger(__name__)

_FORMAT_VERSION: Final = 1
_MOST_BYTES: Final = 1_000_000
_MOST_NAMES: Final = 5000
_LONGEST_NAME: Final = 300
_MOST_FILES: Final = 20
"""Of servers that are asked no more, and of custom endpoints that moved."""


@dataclass(frozen=True, slots=True)
class ModelList:
    """What a server listed.

    Attributes:
        names: In the server's order.
        listed_at: Seconds since the Unix epoch.
    """

    names: tuple[str, ...]
    listed_at: float

    def is_fresh(self, seconds: float) -> bool:
        """Whether it was listed within the last ``seconds``; a list of the future was not."""
        return 0 <= time.time() - self.listed_at < seconds


class ModelLists:
    """One file for each connection, in a folder of their own.

    Args:
        folder: Made when the first list is kept; ``None`` keeps none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, account: str) -> ModelList | None:
        """Return what ``account`` listed last; ``None`` when that is not known.

        Args:
            account: Names the connection and its origin.
        """
        if self._folder is None:
            return None
        try:
            with self._file(self._folder, account).open("rb") as stream:
                content = json.loads(stream.read(_MOST_BYTES))
            return _list_in(content, account)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _log.info("a kept list of models cannot be used: %s", error)
            return None

    def keep(self, account: str, listed: ModelList) -> None:
        """Keep what ``account`` listed, in place of what it listed before."""
        if self._folder is None:
            return
        content = {
            "version": _FORMAT_VERSION,
            "account": account,
            "listed_at": listed.listed_at,
            "models": listed.names[:_MOST_NAMES],
        }
        try:
            write_atomically(
                self._file(self._folder, account), json.dumps(content, ensure_ascii=False)
            )
        except OSError as error:
            _log.info("a list of models cannot be kept: %s", error)
            return
        with contextlib.suppress(OSError):
            files = sorted(
                self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True
            )
            for file in files[_MOST_FILES:]:
                file.unlink()

    @staticmethod
    def _file(folder: Path, account: str) -> Path:
        # An address is no name for a file.
        return folder / f"{hashlib.sha256(account.encode()).hexdigest()[:32]}.json"


def _list_in(content: Any, account: str) -> ModelList:  # noqa: ANN401 (JSON from a file)
    if not isinstance(content, dict) or content.get("account") != account:
        raise ValueError("it is not the list of this connection")
    names: Sequence[Any] = content.get("models", ())
    listed_at = content.get("listed_at")
    if not isinstance(names, list) or not isinstance(listed_at, int | float):
        raise ValueError("it holds no list and date")
    usable = [
        name
        for name in names[:_MOST_NAMES]
        if isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    ]
    return ModelList(tuple(dict.fromkeys(usable)), float(listed_at))
