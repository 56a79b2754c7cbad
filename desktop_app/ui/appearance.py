"""Theme and fonts of the whole program: what is taken from the system, and what is set here.

Where the desktop brings its own look (KDE, Windows, macOS) its palette is left alone. Elsewhere Qt's
stock grey is replaced by the program's own light or dark palette.
"""

import os
import sys
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import THEME
from desktop_app.ui.theme import DARK, LIGHT, Tokens, mix, tokens_for

_SCHEMES: Final = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

_CJK_FAMILIES: Final = (
    "Noto Sans CJK SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)
_EMOJI_FAMILIES: Final = ("Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji")


class Appearance(QObject):
    """Applies the theme setting and says when colours change."""

    changed = Signal()

    def __init__(self, app: QApplication, settings: SettingsStore) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        _complete_font_families(app)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._apply_palette)
        settings.subscribe(self._on_setting_changed)
        self._apply_theme()

    def _on_setting_changed(self, key: str) -> None:
        if key == THEME.key:
            self._apply_theme()

    def _apply_theme(self) -> None:
        scheme = _SCHEMES[self._settings.text(THEME)]
        hints = QGuiApplication.styleHints()
        if scheme is Qt.ColorScheme.Unknown:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(scheme)
        self._apply_palette()

    def _apply_palette(self) -> None:
        if not _desktop_has_own_palette():
            self._app.setPalette(palette_of(DARK if self._is_dark() else LIGHT))
        self._app.setStyleSheet(_style_sheet(tokens_for(self._app.palette())))
        self.changed.emit()

    def _is_dark(self) -> bool:
        chosen = _SCHEMES[self._settings.text(THEME)]
        if chosen is Qt.ColorScheme.Unknown:
            chosen = QGuiApplication.styleHints().colorScheme()
        return chosen is Qt.ColorScheme.Dark


def palette_of(tokens: Tokens) -> QPalette:
    """Return a palette that shows stock widgets in ``tokens``."""
    palette = QPalette()
    role = QPalette.ColorRole
    disabled = mix(tokens.text_muted, tokens.surface, 0.4)
    for target, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.window),
        (role.Text, tokens.text),
        (role.Button, tokens.surface_raised),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.error),
        (role.PlaceholderText, tokens.text_muted),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.accent_text),
        (role.Accent, tokens.accent),
        (role.Link, tokens.link),
        (role.LinkVisited, tokens.link),
        (role.ToolTipBase, tokens.surface_raised),
        (role.ToolTipText, tokens.text),
        (role.Light, mix(tokens.window, tokens.surface, 0.5)),
        (role.Midlight, tokens.hover),
        (role.Mid, tokens.border),
        (role.Dark, mix(tokens.border, tokens.text, 0.3)),
        (role.Shadow, QColor("black")),
    ):
        palette.setColor(target, colour)
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, disabled)
    return palette


def _desktop_has_own_palette() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").upper()


def _complete_font_families(app: QApplication) -> None:
    """Put fonts for Chinese and for emoji behind the system's own, where they are installed.

    Without it Qt may take glyphs of one Chinese word from several fonts.
    """
    font = QFont(app.font())
    if sys.platform not in {"win32", "darwin"} and font.pointSizeF() < 10.0:
        font.setPointSizeF(10.0)
    installed = set(QFontDatabase.families())
    wanted = [family for family in (*_CJK_FAMILIES, *_EMOJI_FAMILIES) if family in installed]
    # The alias ("Sans Serif") would let a later family give single characters of Latin text, such
    # as the wide Chinese form of an apostrophe; the font that it stands for does not.
    font.setFamilies([*dict.fromkeys([QFontInfo(font).family(), *wanted])])
    app.setFont(font)


def _style_sheet(tokens: Tokens) -> str:
    """Style of what stands in every window: scroll bars, splitters, menus, tooltips."""
    handle = mix(tokens.surface, tokens.text, 0.22).name()
    handle_hover = mix(tokens.surface, tokens.text, 0.38).name()
    return f"""
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; border: none; }}
QScrollBar::handle {{ background: {handle}; border-radius: 3px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {handle_hover}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QMainWindow::separator {{ background: {tokens.border.name()}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {tokens.accent.name()}; }}
QSplitter::handle {{ background: {tokens.border.name()}; }}
QSplitter::handle:hover {{ background: {tokens.accent.name()}; }}
QMenu {{ background: {tokens.surface_raised.name()}; color: {tokens.text.name()};
  border: 1px solid {tokens.border.name()}; border-radius: 8px; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 12px; border-radius: 5px; }}
QMenu::item:selected {{ background: {tokens.hover.name()}; color: {tokens.text.name()}; }}
QMenu::item:disabled {{ color: {mix(tokens.text_muted, tokens.surface, 0.35).name()}; }}
QMenu::separator {{ height: 1px; background: {tokens.border.name()}; margin: 5px 8px; }}
QMenu::icon {{ padding-left: 8px; }}
QToolTip {{ background: {tokens.surface_raised.name()}; color: {tokens.text.name()};
  border: 1px solid {tokens.border.name()}; padding: 4px 7px; }}
"""
