"""Hides side panes while the window is too narrow for them, and brings them back."""

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QDockWidget, QWidget


class Folding:
    """Knows which panes a person wants, and which of them there is room for.

    Args:
        panes: Each pane with the width of the window, in pixels, from which on it has room; the
            one that gives way first comes first.
    """

    def __init__(self, panes: Sequence[tuple[QWidget, int]]) -> None:
        self._panes = list(panes)
        self._folded: set[QWidget] = set()
        self._width = 0

    def fit(self, width: int) -> None:
        """Hide what a window of ``width`` pixels has no room for, and show again what it has."""
        narrower = width < self._width or not self._width
        self._width = width
        for pane, needed in self._panes:
            if isinstance(pane, QDockWidget) and pane.isFloating():
                continue
            if width < needed and narrower and not pane.isHidden():
                self._folded.add(pane)
                pane.hide()
            elif width >= needed and pane in self._folded:
                self._folded.discard(pane)
                pane.show()

    @property
    def folded(self) -> tuple[str, ...]:
        """The object names of the panes that are hidden for want of room alone."""
        return tuple(pane.objectName() for pane, _ in self._panes if pane in self._folded)

    def note_folded(self, names: Collection[str]) -> None:
        """Take the panes with these object names, hidden now, for ones that come back with room.

        For a window that has not been shown; it fits them when it gets its size.
        """
        self._folded |= {
            pane for pane, _ in self._panes if pane.objectName() in names and pane.isHidden()
        }

    def show(self, pane: QWidget) -> None:
        """Show ``pane`` if it is hidden, for whatever reason."""
        if not pane.isVisible():
            self.toggle(pane)

    def toggle(self, pane: QWidget) -> None:
        """Show or hide ``pane`` as the person wishes; in a narrow window the others give way."""
        self._folded.discard(pane)
        show = not pane.isVisible()
        if show:
            for other, needed in self._panes:
                room = max(needed, *(each for known, each in self._panes if known is pane))
                if other is not pane and self._width < room and other.isVisible():
                    self._folded.add(other)
                    other.hide()
        pane.setVisible(show)
