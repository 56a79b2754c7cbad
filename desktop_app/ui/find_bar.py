"""The bar with which words are found in one block view: it lies over the view's top right corner.

It asks the view's finder and shows what that tells; which view is searched, and where the focus
goes afterwards, is for its owner to decide.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHideEvent,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from desktop_app.ui.icons import icon
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.transcript.hit_ticks import HitTicks
from desktop_app.ui.transcript.matching import Query
from desktop_app.ui.transcript.view import BlockView

_WIDTH: Final = 340
_MARGIN: Final = 10
_LONGEST_PREFILL: Final = 100


class FindBar(QFrame):
    """Words, two switches, the count, and the way from hit to hit.

    Signals:
        closed(): The person is done with it.
        query_changed(object): Something else is looked for; carries a :class:`Query`.
        elsewhere_chosen(): The person wants to see the hits in the other view.
    """

    closed = Signal()
    language_changed = Signal()
    query_changed = Signal(object)
    elsewhere_chosen = Signal()

    def __init__(self, view: BlockView) -> None:
        super().__init__(view)
        self._view = view
        self.hide()
        self.edit = _FindEdit(self)
        self.edit.setFrame(False)
        self.edit.textChanged.connect(self._on_changed)
        self.edit.stepped.connect(self.step)
        self.count = QLabel()
        self._previous = self._button(lambda: self.step(False))
        self._next = self._button(lambda: self.step(True))
        self._close = self._button(self.closed.emit)
        self.case = self._switch("Aa")
        self.words = self._switch("\u201cab\u201d")
        self.elsewhere = QPushButton()
        self.elsewhere.setFlat(True)
        self.elsewhere.setCursor(Qt.CursorShape.PointingHandCursor)
        self.elsewhere.clicked.connect(self.elsewhere_chosen)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(2)
        second.setSpacing(4)
        first.addWidget(self.edit, 1)
        first.addWidget(self.count)
        for button in (self._previous, self._next, self._close):
            first.addWidget(button)
        for widget in (self.case, self.words):
            second.addWidget(widget)
        second.addStretch(1)
        second.addWidget(self.elsewhere)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        self.ticks = HitTicks(view)
        view.finder.changed.connect(self.show_count)
        self._retranslate()
        self.set_elsewhere("")
        follow_theme(self, self._restyle)

    @property
    def query(self) -> Query:
        """What is looked for."""
        return Query(self.edit.text(), self.case.isChecked(), self.words.isChecked())

    def set_name(self, name: str) -> None:
        """Say what is searched."""
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(name)

    def open(self, query: Query | None = None, *, takes_focus: bool = True) -> None:
        """Show the bar and put the cursor into it; a short selection is looked for."""
        selected = self._view.selected_text() if self._view.selection else ""
        is_short = 0 < len(selected) <= _LONGEST_PREFILL and "\n" not in selected
        if query is None and is_short:
            query = Query(selected, self.case.isChecked(), self.words.isChecked())
        if query is not None:
            for widget, value in ((self.case, query.matches_case), (self.words, query.whole_words)):
                widget.blockSignals(True)
                widget.setChecked(value)
                widget.blockSignals(False)
            self.edit.blockSignals(True)
            self.edit.setText(query.text)
            self.edit.blockSignals(False)
        self.show()
        self.place()
        self.raise_()
        if takes_focus:
            self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.edit.selectAll()
        self._on_changed()

    def step(self, forwards: bool) -> None:
        """Go to the next hit, or the one before."""
        self._view.finder.step(forwards=forwards)
        if QAccessible.isActive():
            told = QAccessibleAnnouncementEvent(self.edit, self.count.text())
            QAccessible.updateAccessibility(told)

    def set_elsewhere(self, text: str) -> None:
        """Say what was found in the other view; nothing hides it."""
        self.elsewhere.setText(text)
        self.elsewhere.setVisible(bool(text))

    def show_count(self) -> None:
        """Show which hit of how many is the current one."""
        finder = self._view.finder
        is_blank = not finder.query.folded
        has_none = not is_blank and not finder.count and not finder.is_searching
        if is_blank:
            text = ""
        elif has_none:
            text = self.tr("No hits")
        else:
            text = f"{finder.position} / {finder.count}{'…' if finder.is_searching else ''}"
        if text != self.count.text():
            self.count.setText(text)
        if self.isVisible():
            self.place()
        self._previous.setEnabled(finder.count > 0)
        self._next.setEnabled(finder.count > 0)

    def place(self) -> None:
        """Lie at the top right of the view, no wider than it; below where that hides the hit."""
        area = self._view.viewport().geometry()
        width = min(_WIDTH, area.width() - 2 * _MARGIN)
        height = self.sizeHint().height()
        place = QRect(area.right() - width - _MARGIN + 1, area.top() + _MARGIN, width, height)
        if place.intersects(self._hit_box()):
            place.moveBottom(area.bottom() - _MARGIN)
        self.setGeometry(place)
        self._view.finder.top_margin = height + 2 * _MARGIN

    def _hit_box(self) -> QRect:
        """The current hit in the view, with a little room; it may not be scrolled from under us."""
        view, found = self._view, self._view.finder.current
        if found is None:
            return QRect()
        item, hit = found
        first = view.caret.places.rect((item.index, hit.row, hit.start))
        last = view.caret.places.rect((item.index, hit.end_row, hit.end))
        box = QRectF(first.topLeft(), last.bottomRight()).normalized()
        corner = view.viewport().pos() - QPoint(0, view.verticalScrollBar().value())
        return box.toAlignedRect().translated(corner).adjusted(-4, -4, 4, 4)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the corner of the view while there is something to place in it."""
        super().showEvent(event)
        self._view.viewport().installEventFilter(self)
        self.place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is covered any more."""
        super().hideEvent(event)
        self._view.viewport().removeEventFilter(self)
        self._view.finder.top_margin = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner of the view."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show) and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Esc closes the bar before it stops an answer."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc, from the words and from each button."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self.language_changed.emit()
        if event.type() is QEvent.Type.FontChange and self.isVisible():
            self.place()

    def _button(self, run: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(16, 16))
        button.clicked.connect(lambda _=False: run())
        return button

    def _switch(self, text: str) -> QToolButton:
        switch = QToolButton(self)
        switch.setText(text)
        switch.setAutoRaise(True)
        switch.setCheckable(True)
        switch.toggled.connect(self._on_changed)
        return switch

    def _on_changed(self) -> None:
        if not self.isVisible():
            return
        self._view.finder.search(self.query)
        self.query_changed.emit(self.query)
        self.show_count()

    def _retranslate(self) -> None:
        texts = (
            (self.case, self.tr("Match case")),
            (self.words, self.tr("Whole words")),
            (self._previous, self.tr("Previous hit")),
            (self._next, self.tr("Next hit")),
            (self._close, self.tr("Close the search")),
        )
        for button, text in texts:
            button.setToolTip(text)
            button.setAccessibleName(text)
        self.show_count()

    def _restyle(self, tokens: Tokens) -> None:
        for button, name in (
            (self._previous, "chevron-up"),
            (self._next, "chevron-down"),
            (self._close, "close"),
        ):
            button.setIcon(icon(name, tokens.text))
        self.setStyleSheet(
            f"""
FindBar {{ background: {tokens.surface_raised.name()}; border: 1px solid {tokens.border.name()};
  border-radius: 10px; }}
QLineEdit {{ background: transparent; color: {tokens.text.name()}; border: none; padding: 3px 0; }}
QLabel {{ color: {tokens.text_muted.name()}; padding: 0 4px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px;
  color: {tokens.text_muted.name()}; }}
QToolButton:hover {{ background: {tokens.hover.name()}; }}
QToolButton:checked {{ background: {tokens.selection.name()}; color: {tokens.text.name()}; }}
QToolButton:focus {{ border-color: {tokens.accent.name()}; }}
QPushButton {{ border: 1px solid transparent; border-radius: 6px; padding: 3px 8px;
  color: {tokens.link.name()}; background: transparent; }}
QPushButton:hover {{ background: {tokens.hover.name()}; }}
QPushButton:focus {{ border-color: {tokens.accent.name()}; }}
"""
        )


class _FindEdit(LineInput):
    """The words that are looked for; Enter goes on to the next hit, Shift+Enter back.

    Signals:
        stepped(bool): Enter was pressed; whether it goes forwards.
    """

    stepped = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from hit to hit, as long as Enter is held down."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            event.accept()
        else:
            super().keyPressEvent(event)
