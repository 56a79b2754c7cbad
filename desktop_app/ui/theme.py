"""Colours of the whole window as one object, derived from the palette the system gives.

Every painted part takes its colours from `Tokens`, so that light, dark, KDE's own schemes and
high contrast need no second code path. This module decides colours only: no fonts, no sizes, and
it never sets a palette or a style sheet on anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True)
class Tokens:
    """Named colours; `dark` says which family the syntax colours belong to."""

    dark: bool
    window: QColor
    surface: QColor
    surface_raised: QColor
    text: QColor
    text_muted: QColor
    border: QColor
    accent: QColor
    accent_text: QColor
    selection: QColor
    link: QColor
    code_background: QColor
    code_header: QColor
    code_inline: QColor
    user_card: QColor
    user_border: QColor
    error: QColor
    error_card: QColor
    warning: QColor
    success: QColor
    hover: QColor
    find_hit: QColor
    find_current: QColor
    find_frame: QColor
    syntax_keyword: QColor
    syntax_string: QColor
    syntax_comment: QColor
    syntax_number: QColor
    syntax_function: QColor
    syntax_type: QColor
    syntax_operator: QColor


LIGHT = Tokens(
    dark=False,
    window=QColor("#f6f6f8"),
    surface=QColor("#ffffff"),
    surface_raised=QColor("#ffffff"),
    text=QColor("#1c1d22"),
    text_muted=QColor("#6a6d78"),
    border=QColor("#e2e3e8"),
    accent=QColor("#4a5bd8"),
    accent_text=QColor("#ffffff"),
    selection=QColor("#c9d3fb"),
    link=QColor("#3450cf"),
    code_background=QColor("#f6f7f9"),
    code_header=QColor("#eef0f4"),
    code_inline=QColor("#eceef3"),
    user_card=QColor("#eef0fb"),
    user_border=QColor("#e0e4f7"),
    error=QColor("#c5313f"),
    error_card=QColor("#fdf2f3"),
    warning=QColor("#9a6200"),
    success=QColor("#1d7f4b"),
    hover=QColor("#ebecf2"),
    find_hit=QColor("#ffedb0"),
    find_current=QColor("#ffc24d"),
    find_frame=QColor("#9a6200"),
    syntax_keyword=QColor("#9b2393"),
    syntax_string=QColor("#1a7f37"),
    syntax_comment=QColor("#666e7d"),
    syntax_number=QColor("#a15c00"),
    syntax_function=QColor("#2a53c5"),
    syntax_type=QColor("#0d7377"),
    syntax_operator=QColor("#5b5f6b"),
)

DARK = Tokens(
    dark=True,
    window=QColor("#17181c"),
    surface=QColor("#1c1d22"),
    surface_raised=QColor("#25262d"),
    text=QColor("#e7e8ec"),
    text_muted=QColor("#9a9da8"),
    border=QColor("#34363f"),
    accent=QColor("#8b9bff"),
    accent_text=QColor("#12131a"),
    selection=QColor("#3c4683"),
    link=QColor("#9db0ff"),
    code_background=QColor("#141519"),
    code_header=QColor("#22242a"),
    code_inline=QColor("#2e3038"),
    user_card=QColor("#292c3f"),
    user_border=QColor("#363a54"),
    error=QColor("#ff7b86"),
    error_card=QColor("#2d2024"),
    warning=QColor("#e8b25c"),
    success=QColor("#6fce98"),
    hover=QColor("#2f313a"),
    find_hit=QColor("#4d4220"),
    find_current=QColor("#7d5a08"),
    find_frame=QColor("#f0c261"),
    syntax_keyword=QColor("#d79bf0"),
    syntax_string=QColor("#9ccf8a"),
    syntax_comment=QColor("#858a98"),
    syntax_number=QColor("#eeb27a"),
    syntax_function=QColor("#8fb4ff"),
    syntax_type=QColor("#74cfc9"),
    syntax_operator=QColor("#b4b8c4"),
)

_NEUTRAL_SPREAD = 14
"""Spread of red, green and blue up to which a background counts as grey, out of 255."""


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its background in this palette."""
    base = palette.color(QPalette.ColorRole.Base).lightness()
    return palette.color(QPalette.ColorRole.Text).lightness() > base


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """The colour that lies `share` (0 to 1) of the way from `first` to `second`."""
    keep = 1.0 - share
    return QColor(
        round(first.red() * keep + second.red() * share),
        round(first.green() * keep + second.green() * share),
        round(first.blue() * keep + second.blue() * share),
    )


def contrast(first: QColor, second: QColor) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tokens_for(palette: QPalette) -> Tokens:
    """Tokens that respect `palette`.

    A neutral palette (white or plain grey, as most systems ship) gets the hand-picked values, with
    the system's own accent where it is legible. A tinted or high-contrast one keeps its own
    window, base, text and highlight, and the rest is mixed from those.
    """
    role = QPalette.ColorRole
    fallback = DARK if is_dark(palette) else LIGHT
    base, text = palette.color(role.Base), palette.color(role.Text)
    accent = _accent(palette, fallback)
    if _is_neutral(palette) and not _is_high_contrast(base, text):
        if accent == fallback.accent:
            return fallback
        return replace(
            fallback,
            accent=accent,
            accent_text=_legible_on(accent),
            link=_darken_until_legible(accent, fallback.surface, fallback.text),
            selection=mix(fallback.surface, accent, 0.38 if fallback.dark else 0.28),
            user_card=mix(fallback.surface, accent, 0.13 if fallback.dark else 0.08),
            user_border=mix(fallback.surface, accent, 0.24 if fallback.dark else 0.16),
        )
    strong = _is_high_contrast(base, text)
    tint = 0.0 if strong else 0.05
    return replace(
        fallback,
        window=palette.color(role.Window),
        surface=base,
        surface_raised=mix(base, text, tint),
        text=text,
        text_muted=text if strong else mix(text, base, 0.38),
        border=mix(base, text, 0.7 if strong else 0.18),
        accent=accent,
        accent_text=_legible_on(accent),
        selection=mix(base, accent, 0.45),
        link=_darken_until_legible(palette.color(role.Link), base, text),
        code_background=mix(base, text, tint),
        code_header=mix(base, text, tint * 1.8),
        code_inline=mix(base, text, 0.14 if strong else 0.09),
        user_card=base if strong else mix(base, accent, 0.11),
        user_border=mix(base, text, 0.7) if strong else mix(base, accent, 0.22),
        error=_darken_until_legible(fallback.error, base, text),
        error_card=base if strong else mix(base, fallback.error, 0.08),
        hover=mix(base, text, 0.2 if strong else 0.09),
        find_hit=mix(base, fallback.find_current, 0.45),
        find_current=mix(base, fallback.find_current, 0.9),
        find_frame=text,
        syntax_keyword=_darken_until_legible(fallback.syntax_keyword, base, text),
        syntax_string=_darken_until_legible(fallback.syntax_string, base, text),
        syntax_comment=_darken_until_legible(fallback.syntax_comment, base, text),
        syntax_number=_darken_until_legible(fallback.syntax_number, base, text),
        syntax_function=_darken_until_legible(fallback.syntax_function, base, text),
        syntax_type=_darken_until_legible(fallback.syntax_type, base, text),
        syntax_operator=_darken_until_legible(fallback.syntax_operator, base, text),
    )


def _accent(palette: QPalette, fallback: Tokens) -> QColor:
    """The system's accent; the fallback where it gives only a grey or Qt's own stock blue."""
    accent = palette.color(QPalette.ColorRole.Accent)
    stock = {QColor(48, 140, 198).rgb(), QColor(0, 0, 128).rgb(), QColor(0, 120, 215).rgb()}
    if accent.hsvSaturation() < 60 or accent.rgb() in stock:
        return fallback.accent
    if contrast(accent, fallback.surface) < 2.0:
        return fallback.accent
    return accent


def _is_neutral(palette: QPalette) -> bool:
    role = QPalette.ColorRole
    base, window = palette.color(role.Base), palette.color(role.Window)
    if max(_spread(base), _spread(window)) > _NEUTRAL_SPREAD:
        return False
    light_enough = base.lightness() >= 245 and window.lightness() >= 225
    dark_enough = base.lightness() <= 60 and window.lightness() <= 75
    return light_enough or dark_enough


def _spread(colour: QColor) -> int:
    channels = (colour.red(), colour.green(), colour.blue())
    return max(channels) - min(channels)


def _is_high_contrast(base: QColor, text: QColor) -> bool:
    """Pure text on a pure black base is what high-contrast themes ask for; so is yellow on black."""
    return base.lightness() == 0 and contrast(base, text) > 15


def _legible_on(background: QColor) -> QColor:
    white, black = QColor("#ffffff"), QColor("#12131a")
    return white if contrast(white, background) >= 4.0 else black


def _darken_until_legible(colour: QColor, background: QColor, text: QColor) -> QColor:
    """Move `colour` towards `text` until it can be read on `background` (contrast 4.5)."""
    for step in range(10):
        candidate = mix(colour, text, step / 10)
        if contrast(candidate, background) >= 4.5:
            return candidate
    return text


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
