"""Keeps a widget's style in step with the colours of the moment.

A style sheet changes the palette of the widget it is set on, and with it comes another palette
event: restyling on every such event never ends. Here a style is applied once for each set of colours.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app.ui.theme import Tokens, tokens_for

_held: ContextVar["list[_Follower] | None"] = ContextVar("_held", default=None)


@contextmanager
def styles_held() -> Iterator[None]:
    """Apply the first styles of what is built within at the end, when every widget has its place.

    A widget with a style sheet is styled anew, with all below it, by each parent that it gets. In
    the main window that was a quarter of the time to build it.
    """
    held: list[_Follower] = []
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
    for follower in held:
        follower.refresh()


def current_tokens() -> Tokens:
    """Return the colours of the moment, from the application: style sheets change a widget's own."""
    return tokens_for(QGuiApplication.palette())


class _Follower(QObject):
    """Lives with its widget.

    It listens to the application: an event filter would hand every event of every such widget to
    Python, which was a sixth of the window's work while an answer streams.
    """

    def __init__(self, widget: QWidget, apply: Callable[[Tokens], None]) -> None:
        super().__init__(widget)
        self._apply = apply
        self._applied: Tokens | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.paletteChanged.connect(self.refresh)
        held = _held.get()
        if held is None:
            self.refresh()
        else:
            held.append(self)

    @Slot()
    def refresh(self) -> None:
        tokens = current_tokens()
        if tokens != self._applied:
            self._applied = tokens
            self._apply(tokens)


def follow_theme(widget: QWidget, apply: Callable[[Tokens], None]) -> None:
    """Call ``apply`` with the colours now, and again whenever they are others."""
    _Follower(widget, apply)
