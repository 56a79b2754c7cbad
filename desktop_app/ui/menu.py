"""Builds the actions of the window, and its menu, from the table of actions."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.ui.actions import ACTIONS
from desktop_app.ui.icons import icon


def build_actions(window: QWidget) -> dict[str, QAction]:
    """Make one action for every row and give it to ``window``, so that its shortcuts work there."""
    actions = {}
    for row in ACTIONS:
        action = QAction(window)
        action.setShortcuts([QKeySequence(keys) for keys in row.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        window.addAction(action)
        actions[row.id] = action
    actions["quit"].setMenuRole(QAction.MenuRole.QuitRole)
    actions["settings"].setMenuRole(QAction.MenuRole.PreferencesRole)
    actions["about"].setMenuRole(QAction.MenuRole.AboutRole)
    retranslate(actions)
    return actions


def connect(actions: Mapping[str, QAction], handlers: Mapping[str, Callable[[], object]]) -> None:
    """Let each action run what stands under its id; one without raises KeyError."""
    for name, action in actions.items():
        action.triggered.connect(lambda _=False, run=handlers[name]: run())


def retranslate(actions: Mapping[str, QAction]) -> None:
    """Say what the actions do in the language of the moment."""
    for row in ACTIONS:
        actions[row.id].setText(QCoreApplication.translate("Actions", row.label))


def recolour(actions: Mapping[str, QAction], colour: QColor) -> None:
    """Draw the icons of the actions in ``colour``."""
    for row in ACTIONS:
        if row.icon:
            actions[row.id].setIcon(icon(row.icon, colour))


def fill_menu(menu: QMenu, actions: Mapping[str, QAction]) -> None:
    """Put all actions into ``menu``, groups parted by lines."""
    group = ACTIONS[0].group
    for row in ACTIONS:
        if row.group != group:
            menu.addSeparator()
            group = row.group
        menu.addAction(actions[row.id])
