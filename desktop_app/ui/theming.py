"""Keeps a widget's style in step with the colours of the moment.

A style sheet changes the palette of the widget it is set on, and with it comes another palette
event: restyling on every such event never ends. Here a style is applied once for each set of colours.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app.ui.theme import Tokens, tokens_for

_EVENTS: Final = frozenset(
    {
        QEvent.Type.PaletteChange,
        QEvent.Type.ApplicationPaletteChange,
        QEvent.Type.ThemeChange,
    }
)


def current_tokens() -> Tokens:
    """Return the colours of the moment, from the application: style sheets change a widget's own."""
    return tokens_for(QGuiApplication.palette())


class _Follower(QObject):
    def __init__(self, widget: QWidget, apply: Callable[[Tokens], None]) -> None:
        super().__init__(widget)
        self._apply = apply
        self._applied: Tokens | None = None
        widget.installEventFilter(self)
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the colours again after an event that may have changed them."""
        if event.type() in _EVENTS:
            self._refresh()
        return super().eventFilter(watched, event)

    def _refresh(self) -> None:
        tokens = current_tokens()
        if tokens != self._applied:
            self._applied = tokens
            self._apply(tokens)


def follow_theme(widget: QWidget, apply: Callable[[Tokens], None]) -> None:
    """Call ``apply`` with the colours now, and again whenever they are others."""
    _Follower(widget, apply)
