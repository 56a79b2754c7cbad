"""Tokens follow the palette: neutral ones get the chosen values, others keep their own."""

import pytest
from PySide6.QtGui import QColor, QPalette

from desktop_app.ui.theme import DARK, LIGHT, contrast, is_dark, mix, tokens_for

ROLE = QPalette.ColorRole


def palette(base, window, text, accent="#308cc6"):
    made = QPalette(QColor(window))
    made.setColor(ROLE.Base, QColor(base))
    made.setColor(ROLE.Window, QColor(window))
    made.setColor(ROLE.Text, QColor(text))
    made.setColor(ROLE.Accent, QColor(accent))
    return made


def test_neutral_palettes_get_the_chosen_values():
    assert tokens_for(palette("#ffffff", "#f0f0f0", "#000000")) == LIGHT
    assert tokens_for(palette("#1e1e1e", "#2b2b2b", "#ffffff")) == DARK


def test_the_systems_accent_is_taken_over():
    tokens = tokens_for(palette("#ffffff", "#f0f0f0", "#000000", accent="#c01c28"))
    assert tokens.accent == QColor("#c01c28")
    assert tokens.surface == LIGHT.surface


def test_a_tinted_palette_keeps_its_own_colours():
    solarized = palette("#fdf6e3", "#eee8d5", "#586e75")
    tokens = tokens_for(solarized)
    assert tokens.surface == QColor("#fdf6e3")
    assert tokens.window == QColor("#eee8d5")
    assert tokens.text == QColor("#586e75")


def test_high_contrast_is_kept_and_nothing_is_muted():
    tokens = tokens_for(palette("#000000", "#000000", "#ffff00"))
    assert tokens.dark
    assert tokens.text_muted == tokens.text == QColor("#ffff00")
    assert contrast(tokens.border, tokens.surface) > 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_chosen_values_can_be_read(tokens):
    for name in ("text", "text_muted", "link", "error", "warning", "success"):
        assert contrast(getattr(tokens, name), tokens.surface) >= 4.5, name
    for name in vars(tokens):
        if name.startswith("syntax_"):
            assert contrast(getattr(tokens, name), tokens.code_background) >= 4.5, name
    assert contrast(tokens.accent_text, tokens.accent) >= 4.5
    assert contrast(tokens.text, tokens.user_card) >= 7
    assert contrast(tokens.text, tokens.selection) >= 4.5
    assert contrast(tokens.error, tokens.error_card) >= 4.5


def test_small_helpers():
    assert is_dark(palette("#111111", "#222222", "#eeeeee"))
    assert mix(QColor("#000000"), QColor("#ffffff"), 0.5) == QColor("#808080")
    assert round(contrast(QColor("#000000"), QColor("#ffffff"))) == 21
