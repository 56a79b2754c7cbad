"""Transcripts follow the settings that concern them."""

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import FOLD_CODE, THEME, WRAP_CODE, ZOOM
from desktop_app.ui.transcript.view import BlockView
from desktop_app.ui.transcript_looks import follow_looks


def test_views_follow_zoom_and_the_look_of_code(qtbot):
    settings, view = SettingsStore(None), BlockView()
    qtbot.addWidget(view)
    follow_looks([view], settings)
    style = view.stack.style
    assert (style.zoom, style.wraps_code, style.folds_code) == (1.0, True, False)
    settings.set(ZOOM, 150)
    settings.set(WRAP_CODE, False)
    settings.set(FOLD_CODE, True)
    style = view.stack.style
    assert (style.zoom, style.wraps_code, style.folds_code) == (1.5, False, True)
    assert (style.compact.wraps_code, style.compact.folds_code) == (False, True)
    settings.set(THEME, "dark")
    assert view.stack.style is style
