"""How transcripts look by the settings: their type size, and how code is set in them."""

from collections.abc import Sequence

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import FOLD_CODE, WRAP_CODE, ZOOM
from desktop_app.ui.transcript.view import BlockView


def follow_looks(views: Sequence[BlockView], settings: SettingsStore) -> None:
    """Set the views as the settings say, now and whenever these change."""

    def apply(key: str = "") -> None:
        if key not in ("", ZOOM.key, WRAP_CODE.key, FOLD_CODE.key):
            return
        for view in views:
            view.set_zoom(settings.number(ZOOM) / 100)
            view.set_code_look(
                wraps=settings.value(WRAP_CODE) is True, folds=settings.value(FOLD_CODE) is True
            )

    apply()
    settings.subscribe(apply)
