"""The style sheet of forms: dialogs, cards and the pieces in :mod:`desktop_app.ui.forms`.

Colours come from the theme's tokens alone, so that the system's palette is respected; a widget says
what it is by its property ``kind``. Fonts are not set here: they scale with the system's.
"""

from typing import Final

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

KIND: Final = "kind"


def wear_form_style(root: QWidget) -> None:
    """Keep the form style on ``root`` and everything in it, whatever the theme."""
    follow_theme(root, lambda tokens: root.setStyleSheet(style_sheet(tokens)))


def wear_dialog_style(dialog: QDialog) -> None:
    """Keep the form style on a dialog whose buttons are all there, and take their icons away.

    Where no desktop says otherwise, Qt gives standard buttons icons from another age.
    """
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
    wear_form_style(dialog)


def style_sheet(tokens: Tokens) -> str:
    """Return the style of forms in the given colours."""
    return _plain(tokens) + _fields(tokens) + _buttons(tokens) + _lists(tokens)


def _plain(tokens: Tokens) -> str:
    text, muted = tokens.text.name(), tokens.text_muted.name()
    return f"""
QDialog {{ background: {tokens.window.name()}; }}
QScrollArea, QScrollArea > QWidget > QWidget[kind="page"] {{ background: transparent; border: none; }}
QLabel {{ color: {text}; background: transparent; }}
QLabel[kind="muted"] {{ color: {muted}; }}
QLabel:disabled {{ color: {mix(tokens.text_muted, tokens.surface, 0.35).name()}; }}
QFrame[kind="card"] {{ background: {tokens.surface_raised.name()};
  border: 1px solid {tokens.border.name()}; border-radius: 12px; }}
QFrame[kind="line"] {{ background: {tokens.border.name()}; border: none; max-height: 1px; }}
"""


def _fields(tokens: Tokens) -> str:
    border = mix(tokens.border, tokens.text, 0.12).name()
    hovered = mix(tokens.border, tokens.text, 0.3).name()
    surface, accent = tokens.surface.name(), tokens.accent.name()
    idle = mix(tokens.surface_raised, tokens.text, 0.04).name()
    return f"""
QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox {{
  color: {tokens.text.name()}; background: {surface};
  border: 1px solid {border}; border-radius: 8px; padding: 7px 9px;
  selection-background-color: {tokens.selection.name()}; selection-color: {tokens.text.name()}; }}
QPlainTextEdit {{ padding: 3px 5px; }}
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {{
  border-color: {hovered}; }}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
  border: 2px solid {accent}; padding: 6px 8px; }}
QPlainTextEdit:focus {{ border: 2px solid {accent}; padding: 2px 4px; }}
QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
  background: {idle}; color: {tokens.text_muted.name()}; border-color: {tokens.border.name()}; }}
QLineEdit[invalid="true"] {{ border-color: {tokens.error.name()}; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{
  border: none; padding: 0; background: transparent; border-radius: 0; }}
QComboBox {{ padding-right: 30px; combobox-popup: 0; }}
QComboBox::drop-down {{ border: none; width: 30px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ color: {tokens.text.name()};
  background: {tokens.surface_raised.name()}; border: 1px solid {border}; padding: 4px; outline: none;
  selection-background-color: {tokens.hover.name()}; selection-color: {tokens.text.name()}; }}
QComboBox QAbstractItemView::item {{ padding: 6px 6px; border: none; border-radius: 5px; }}
QComboBox QAbstractItemView::item:selected {{ background: {tokens.hover.name()};
  color: {tokens.text.name()}; }}
QAbstractSpinBox {{ padding-right: 26px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
  border: none; background: transparent; width: 26px; }}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{ image: none; width: 0; height: 0; }}
QProgressBar {{ background: {border}; border: none; border-radius: 3px;
  min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}
QSlider:horizontal {{ min-height: 24px; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {border}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {border}; }}
QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -7px 0; border-radius: 9px;
  background: {surface}; border: 2px solid {accent}; }}
QSlider::handle:horizontal:focus {{ background: {accent}; border-color: {tokens.text.name()}; }}
QSlider::handle:horizontal:disabled {{ border-color: {border}; background: {idle}; }}
"""


def _buttons(tokens: Tokens) -> str:
    border = mix(tokens.border, tokens.text, 0.12).name()
    accent, accent_text = tokens.accent.name(), tokens.accent_text.name()
    raised = tokens.surface_raised.name()
    faint = mix(tokens.text_muted, tokens.surface, 0.35).name()
    return f"""
QPushButton, QToolButton[kind="field"] {{
  color: {tokens.text.name()}; background: {raised}; border: 1px solid {border};
  border-radius: 8px; padding: 7px 16px; }}
QPushButton:hover, QToolButton[kind="field"]:hover {{ background: {tokens.hover.name()}; }}
QPushButton:pressed {{ background: {mix(tokens.hover, tokens.text, 0.1).name()}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 6px 15px; }}
QPushButton:disabled {{ color: {faint}; background: transparent;
  border-color: {tokens.border.name()}; }}
QToolButton[kind="field"] {{ padding: 7px; }}
QToolButton[kind="field"]:focus {{ border: 2px solid {accent}; padding: 6px; }}
QPushButton[kind="primary"] {{
  color: {accent_text}; background: {accent}; border-color: {accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {mix(tokens.accent, tokens.text, 0.14).name()}; }}
QPushButton[kind="primary"]:pressed {{ background: {mix(tokens.accent, tokens.text, 0.26).name()}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {tokens.text.name()}; }}
QPushButton[kind="primary"]:disabled {{ color: {mix(tokens.accent_text, tokens.accent, 0.3).name()};
  background: {mix(tokens.accent, tokens.surface, 0.55).name()}; border-color: transparent; }}
QPushButton[kind="link"] {{ color: {tokens.link.name()}; background: transparent;
  border: 1px solid transparent; border-radius: 6px; padding: 3px 6px; }}
QPushButton[kind="link"]:hover {{ background: {tokens.hover.name()}; }}
QPushButton[kind="link"]:focus {{ border: 1px solid {accent}; padding: 3px 6px; }}
QPushButton[kind="link"]:disabled {{ color: {faint}; }}
"""


def _lists(tokens: Tokens) -> str:
    selected = mix(tokens.window, tokens.accent, 0.16).name()
    return f"""
QListWidget {{ background: transparent; border: 1px solid transparent; border-radius: 10px;
  outline: none; padding: 3px; color: {tokens.text.name()}; }}
QListWidget:focus {{ border: 1px solid {tokens.accent.name()}; }}
QListWidget::item {{ padding: 7px 12px; border-radius: 7px; color: {tokens.text.name()}; }}
QListWidget::item:hover {{ background: {tokens.hover.name()}; }}
QListWidget::item:selected {{ background: {selected}; color: {tokens.text.name()}; }}
"""
