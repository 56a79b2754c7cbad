"""The command palette itself: a line to type in and the commands that fit, over the window.

It is a part of the window and no window of its own: input methods find it, and no desktop has to
place it. It knows nothing of what the commands do.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QListView, QVBoxLayout, QWidget

from desktop_app.ui.form_style import KIND, style_sheet
from desktop_app.ui.forms import muted_label, text_width
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.palette.command_model import CommandModel
from desktop_app.ui.palette.ranking import Command, ranked
from desktop_app.ui.palette.row_delegate import RowDelegate
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme

_CHARACTERS: Final = 78
_MARGIN: Final = 12
_TOP: Final = 0.1
"""Of the height of the window, above the palette."""

_MOST_ROWS: Final = 11
_MOST_OF_HEIGHT: Final = 0.62
_SHADOW: Final = 20
_KEPT: Final = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
"""Held with a key that is meant for the list all the same: Shift comes with every Backtab."""


class CommandPalette(QWidget):
    """Covers ``window`` without hiding it, and shows the palette in it; a click beside it closes it.

    Signals:
        chosen(Command): It is to be run; the palette is still there.
        closed(): The palette is gone, whether or not something was chosen.
    """

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: tuple[Command, ...] = ()
        self._recent: tuple[str, ...] = ()
        self._before: QWidget | None = None
        self._panel = QFrame(self)
        self._panel.setObjectName("Palette")
        self._panel.setProperty(KIND, "card")
        self.field = LineInput()
        self.model = CommandModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        # The line keeps the focus: it takes the keys for both.
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = muted_label()
        self._nothing.setContentsMargins(10, 4, 10, 6)
        self.notice = Notice()
        layout = QVBoxLayout(self._panel)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        for widget in (self.field, self.list, self._nothing, self.notice):
            layout.addWidget(widget)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._narrow)
        self.field.submitted.connect(self._run_current)
        self.list.clicked.connect(self._run)
        self._retranslate()
        follow_theme(self, self._restyle)
        self.hide()

    def begin(self, commands: Sequence[Command], recent: Sequence[str]) -> None:
        """Open with ``commands``; ``recent`` are the ids of those used lately, the last one first."""
        self._commands, self._recent = tuple(commands), tuple(recent)
        self.notice.hide()
        self.field.clear()
        self._narrow()
        if not self.isVisible():
            self._before = QApplication.focusWidget()
            self._window.installEventFilter(self)
            QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]
        self._place()
        self.show()
        self.raise_()
        self._window.activateWindow()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def add(self, commands: Sequence[Command]) -> None:
        """Offer ``commands`` too, those among them that are not offered yet.

        What fits is put at the end until other words are typed: whoever is about to press Enter,
        or the mouse, gets what stands there.
        """
        known = {command.id for command in self._commands}
        new = [command for command in commands if command.id not in known]
        self._commands = (*self._commands, *new)
        self.model.append(ranked(new, self.field.text(), self._recent))
        if not self.list.currentIndex().isValid():
            self._select_first()
        self._fit()

    def leave(self) -> None:
        """Close, and give the focus back to what had it."""
        if not self.isVisible():
            return
        QApplication.instance().focusChanged.disconnect(self._on_focus_changed)  # type: ignore[union-attr]
        self._window.removeEventFilter(self)
        had_focus = self.field.hasFocus()
        before, self._before = self._before, None
        self.hide()
        if had_focus and before is not None and _is_there(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def say(self, kind: NoticeKind, text: str) -> None:
        """Say how what was chosen goes on."""
        self.notice.show_message(kind, text)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that lead through the list, and keep step with the window."""
        if watched is self._window:
            if event.type() is QEvent.Type.Resize:
                self._place()
            return False
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return False
        # The keys of a composition are the input method's.
        if self.field.is_composing or event.modifiers() & ~_KEPT:
            return False
        act = self._deeds().get(Qt.Key(event.key()))
        if act is None:
            return False
        # Escape would stop an answer otherwise.
        event.accept()
        if event.type() is QEvent.Type.KeyPress:
            act()
        return event.type() is not QEvent.Type.KeyRelease

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close at a press beside the palette."""
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the palette's shadow."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 3))
        place = QRectF(self._panel.geometry()).translated(0, 3)
        for width in range(1, _SHADOW):
            painter.drawRoundedRect(
                place.adjusted(-width, -width, width, width), 12 + width, 12 + width
            )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    # What is shown

    def _narrow(self) -> None:
        text = self.field.text()
        self.notice.hide()
        self.model.show(ranked(self._commands, text, self._recent))
        sentence = self.tr("No command has “{words}” in its name.")
        self._nothing.setText(sentence.replace("{words}", text.strip()))
        self._select_first()
        self._fit()

    def _select_first(self) -> None:
        self.list.scrollToTop()
        first = next((row for row in range(len(self.model.rows)) if self.model.can_run(row)), None)
        if first is not None:
            self._select(first)

    def _select(self, row: int) -> None:
        index = self.model.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        if self.isVisible() and QAccessible.isActive():
            # The focus is in the line, so a screen reader does not look at the list by itself.
            said = ", ".join(filter(None, (index.data(), self.model.rows[row].aside)))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.list, said))

    def _fit(self) -> None:
        """Be as high as what is shown, as far as the window has room for it."""
        has_rows = bool(self.model.rows)
        self.list.setVisible(has_rows)
        self._nothing.setVisible(not has_rows)
        row = max(1, self.list.sizeHintForRow(0)) if has_rows else 0
        room = max(1, round(self._window.height() * _MOST_OF_HEIGHT) // max(1, row))
        self.list.setFixedHeight(row * min(len(self.model.rows), _MOST_ROWS, room))
        layout = self._panel.layout()
        if layout is not None:
            layout.activate()
        width = min(text_width(_CHARACTERS), self._window.width() - 2 * _MARGIN)
        height = self._panel.sizeHint().height()
        if layout is not None and layout.hasHeightForWidth():
            height = layout.heightForWidth(width)
        top = round(self._window.height() * _TOP)
        self._panel.setGeometry((self._window.width() - width) // 2, top, width, height)
        self.update()

    def _place(self) -> None:
        self.setGeometry(self._window.rect())
        self._fit()

    # What the person does

    def _deeds(self) -> dict[Qt.Key, Callable[[], None]]:
        page = max(1, self.list.height() // max(1, self.list.sizeHintForRow(0)) - 1)
        return {
            Qt.Key.Key_Escape: self.leave,
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_Tab: lambda: self._step(1),
            Qt.Key.Key_Backtab: lambda: self._step(-1),
            Qt.Key.Key_PageDown: lambda: self._page(page),
            Qt.Key.Key_PageUp: lambda: self._page(-page),
        }

    def _step(self, step: int) -> None:
        """Select the next command that can be run, from the end on at the other one."""
        count = len(self.model.rows)
        row = self.list.currentIndex().row()
        for way in range(1, count + 1):
            wanted = (row + way * step) % count
            if self.model.can_run(wanted):
                self._select(wanted)
                return

    def _page(self, rows: int) -> None:
        """Select the command that is ``rows`` further, or the nearest to it that can be run."""
        last = len(self.model.rows) - 1
        wanted = min(max(self.list.currentIndex().row() + rows, 0), last)
        back = -1 if rows > 0 else 1
        while 0 <= wanted <= last and not self.model.can_run(wanted):
            wanted += back
        if 0 <= wanted <= last:
            self._select(wanted)

    def _run_current(self) -> None:
        self._run(self.list.currentIndex())

    def _run(self, index: QModelIndex) -> None:
        command = self.model.command_at(index.row())
        if command is not None and command.is_enabled():
            self.chosen.emit(command)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Close where the person goes on in the window; another window may come and go."""
        if now is not None and now.window() is self._window and not self.isAncestorOf(now):
            self.leave()

    def _retranslate(self) -> None:
        self._panel.setAccessibleName(self.tr("Command palette"))
        self.list.setAccessibleName(self.tr("Commands"))
        self.field.setAccessibleName(self.tr("Find a command"))
        self.field.setPlaceholderText(self.tr("What do you want to do?"))

    def _restyle(self, tokens: Tokens) -> None:
        self._panel.setStyleSheet(
            style_sheet(tokens)
            + f"""
QListView {{ background: {tokens.surface_raised.name()}; border: none; outline: none; }}
"""
        )


def _is_there(widget: QWidget) -> bool:
    """Whether Qt still has ``widget``, and it can take the focus."""
    try:
        return widget.isVisible() and widget.isEnabled()
    except RuntimeError:
        return False
