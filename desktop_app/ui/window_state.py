"""Where the window stood, kept per arrangement of screens, so that a laptop and its dock both fit."""

import base64
import binascii
import json
import logging
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

from desktop_app.settings.store import write_atomically

_log = logging.getLogger(__name__)

_MOST_BYTES: Final = 200_000
_MOST_ARRANGEMENTS: Final = 12


class WindowState:
    """Reads and writes the geometry of the main window; a damaged file means the default place.

    Args:
        file: Where it is kept; ``None`` keeps nothing.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._all: dict[str, Any] = self._read()

    def restore(self, window: QMainWindow, splitter: QSplitter) -> tuple[str, ...]:
        """Put ``window`` where it stood on these screens; return the panes that were folded."""
        state = self._all.get(_screens())
        if not isinstance(state, dict):
            return ()
        window.restoreGeometry(_bytes(state.get("geometry")))
        window.restoreState(_bytes(state.get("docks")))
        splitter.restoreState(_bytes(state.get("splitter")))
        folded = state.get("folded")
        if not isinstance(folded, list):
            return ()
        return tuple(name for name in folded if isinstance(name, str))

    def save(self, window: QMainWindow, splitter: QSplitter, folded: Collection[str] = ()) -> None:
        """Keep where ``window`` stands now, and the names of panes it has no room for."""
        if self._file is None:
            return
        self._all.pop(_screens(), None)
        self._all[_screens()] = {
            "geometry": _text(window.saveGeometry()),
            "docks": _text(window.saveState()),
            "splitter": _text(splitter.saveState()),
            "folded": list(folded),
        }
        while len(self._all) > _MOST_ARRANGEMENTS:
            del self._all[next(iter(self._all))]
        try:
            write_atomically(self._file, json.dumps(self._all))
        except OSError as error:
            _log.warning("the window's place cannot be kept: %s", error)

    def _read(self) -> dict[str, Any]:
        if self._file is None:
            return {}
        try:
            with self._file.open("rb") as stream:
                content = json.loads(stream.read(_MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


def _screens() -> str:
    """Name the arrangement of screens."""
    parts = []
    for screen in QGuiApplication.screens():
        area = screen.geometry()
        parts.append(f"{screen.name()} {area.x()},{area.y()} {area.width()}x{area.height()}")
    return "; ".join(sorted(parts))


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: object) -> QByteArray:
    if not isinstance(text, str):
        return QByteArray()
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return QByteArray()
