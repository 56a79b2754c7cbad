"""The zoom of all texts, in steps of the setting."""

from collections.abc import Callable
from typing import Final

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import ZOOM

_STEP: Final = 10


def zoom_handlers(settings: SettingsStore) -> dict[str, Callable[[], object]]:
    """Return what the window's actions for zooming do."""

    def zoom(step: int) -> None:
        wanted = int(settings.number(ZOOM)) + step
        settings.set(ZOOM, max(int(ZOOM.minimum or 50), min(int(ZOOM.maximum or 200), wanted)))

    return {
        "zoom_in": lambda: zoom(_STEP),
        "zoom_out": lambda: zoom(-_STEP),
        "zoom_reset": lambda: settings.reset(ZOOM),
    }
