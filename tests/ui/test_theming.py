"""Widgets that follow the colours: once for each set, without end-less echoes, and the theme setting."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import THEME, ZOOM
from desktop_app.ui import appearance
from desktop_app.ui.appearance import Appearance, palette_of
from desktop_app.ui.theme import DARK, LIGHT, Tokens
from desktop_app.ui.theming import current_tokens, follow_theme, styles_held
from tests.ui.window_kit import dispose


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    palette, sheet, font = qapp.palette(), qapp.styleSheet(), qapp.font()
    yield
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.styleHints().unsetColorScheme()


def test_a_style_is_applied_once_for_each_set_of_colours(qapp: QApplication, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    applied: list[Tokens] = []

    def apply(tokens: Tokens) -> None:
        applied.append(tokens)
        # What a style sheet does: another palette, another event.
        widget.setStyleSheet(f"color: {tokens.text.name()}; background: {tokens.surface.name()}")

    qapp.setPalette(palette_of(LIGHT))
    follow_theme(widget, apply)
    qapp.processEvents()
    qapp.setPalette(palette_of(DARK))
    qapp.processEvents()
    qapp.setPalette(palette_of(DARK))
    qapp.processEvents()
    qapp.setPalette(palette_of(LIGHT))
    qapp.processEvents()
    assert applied == [LIGHT, DARK, LIGHT]


def test_the_setting_decides_and_the_system_else(qapp: QApplication) -> None:
    settings = SettingsStore(None)
    settings.set(THEME, "dark")
    follower = Appearance(qapp, settings)
    assert current_tokens() == DARK
    settings.set(THEME, "light")
    assert current_tokens() == LIGHT
    settings.set(ZOOM, 120)
    assert current_tokens() == LIGHT
    settings.reset(THEME)
    assert current_tokens() in (LIGHT, DARK)
    dispose(follower)


def test_a_desktop_with_colours_of_its_own_keeps_them(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    palette = QPalette(qapp.palette())
    palette.setColor(QPalette.ColorRole.Highlight, "#ff00ff")
    qapp.setPalette(palette)
    settings = SettingsStore(None)
    settings.set(THEME, "light")
    follower = Appearance(qapp, settings)
    assert qapp.palette().color(QPalette.ColorRole.Highlight).name() == "#ff00ff"
    dispose(follower)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_program_s_palettes_are_read_back_as_their_colours(
    qapp: QApplication, tokens: Tokens
) -> None:
    qapp.setPalette(palette_of(tokens))
    assert current_tokens() == tokens


def test_fonts_for_chinese_stand_behind_the_systems_own(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = [*appearance.QFontDatabase.families(), "Noto Sans CJK SC", "Noto Color Emoji"]
    monkeypatch.setattr(appearance.QFontDatabase, "families", lambda: installed)
    first = appearance.QFontInfo(qapp.font()).family()
    follower = Appearance(qapp, SettingsStore(None))
    families = qapp.font().families()
    assert families[0] == first
    assert {"Noto Sans CJK SC", "Noto Color Emoji"} <= set(families)
    assert len(families) == len(set(families))
    dispose(follower)


def test_held_styles_come_at_the_end_in_the_order_of_building(
    qapp: QApplication, qtbot: QtBot
) -> None:
    outer, inner = QWidget(), QWidget()
    qtbot.addWidget(outer)
    applied: list[str] = []
    with styles_held():
        follow_theme(inner, lambda _: applied.append("inner"))
        inner.setParent(outer)
        follow_theme(outer, lambda _: applied.append("outer"))
        assert applied == []
    assert applied == ["inner", "outer"]
    follow_theme(QWidget(outer), lambda _: applied.append("later"))
    assert applied == ["inner", "outer", "later"]


def test_a_failure_while_building_leaves_no_style_held(qapp: QApplication, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    with pytest.raises(ZeroDivisionError), styles_held():
        raise ZeroDivisionError
    applied: list[Tokens] = []
    follow_theme(widget, applied.append)
    assert len(applied) == 1
