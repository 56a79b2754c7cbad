"""The one text box of the program, for a line and for several.

While an input method has a pre-edit string open, the keys that end or steer a composition belong to
it: nothing is submitted, no shortcut fires, no dialog closes. Whoever needs a text box takes one of
these two classes. They know nothing of what the text is for.
"""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QWidget,
)

_ENTER_KEYS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_COMPOSING_KEYS: Final = _ENTER_KEYS | {
    Qt.Key.Key_Escape,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier

# What a paste must not bring in: NUL ends a text in C, the others are line ends under other names.
_PASTE_TABLE: Final = {0: None, 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}


class SendKey(StrEnum):
    """Which key submits the text of a :class:`TextInput`; the values are those of the setting."""

    ENTER = "enter"
    CTRL_ENTER = "ctrl+enter"
    NEVER = "never"


def _is_for_input_method(event: QEvent) -> bool:
    """Whether ``event`` is a key that steers a composition and must do nothing else."""
    return (
        event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
        and isinstance(event, QKeyEvent)
        and Qt.Key(event.key()) in _COMPOSING_KEYS
    )


def _is_undo(event: QEvent) -> bool:
    """Whether ``event`` asks whether a key that undoes or redoes is meant for the text box."""
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and (event.matches(QKeySequence.StandardKey.Undo) or _is_redo(event))
    )


def _is_redo(event: QKeyEvent) -> bool:
    """Whether a key redoes: Ctrl+Y too, which Qt knows on Windows alone."""
    control_y = event.key() == Qt.Key.Key_Y and event.modifiers() == _CONTROL
    return control_y or event.matches(QKeySequence.StandardKey.Redo)


class LineInput(QLineEdit):
    """A text box of one line.

    Enter is used up here, so that it never presses a dialog's default button as well.

    Signals:
        submitted(str): Enter was pressed; carries the text.
    """

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preedit = ""

    @property
    def is_composing(self) -> bool:
        """Whether an input method has a pre-edit string open here."""
        return bool(self._preedit)

    def event(self, event: QEvent) -> bool:
        """Leave the keys of a composition to the input method."""
        if self.is_composing and _is_for_input_method(event):
            event.accept()
            return True
        if _is_undo(event):
            # Where nothing was written, the key is the window's.
            event.setAccepted(self.isUndoAvailable() or self.isRedoAvailable())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Submit on Enter; a key that is held down submits once."""
        if _is_redo(event):
            self.redo()
            return
        if Qt.Key(event.key()) not in _ENTER_KEYS:
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat():
            super().keyPressEvent(event)
            self.submitted.emit(self.text())
        event.accept()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remember whether a composition is open; QLineEdit itself does not tell."""
        super().inputMethodEvent(event)
        self._preedit = event.preeditString()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without focus there is no composition, whether or not the input method says so."""
        super().focusOutEvent(event)
        self._preedit = ""


class TextInput(QPlainTextEdit):
    """A text box of several lines that is as high as its text, up to a height its owner gives.

    Shift+Enter always breaks the line; Tab moves on to the next control. A paste brings plain text
    only.

    Signals:
        submitted(str): The send key was pressed; carries the text, which may be blank.
    """

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._send_key = SendKey.ENTER
        self._least_lines = 1
        self._most_height = 16_777_215
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # "Maximum" lets a low window shrink it below its hint, where it scrolls.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self._fit)

    @property
    def is_composing(self) -> bool:
        """Whether an input method has a pre-edit string open here."""
        return bool(self.textCursor().block().layout().preeditAreaText())

    @property
    def send_key(self) -> SendKey:
        """The key that submits."""
        return self._send_key

    def set_send_key(self, send_key: SendKey | str) -> None:
        """Choose the key that submits; the other combination of Enter breaks the line.

        Raises:
            ValueError: When it is none of :class:`SendKey`.
        """
        self._send_key = SendKey(send_key)

    def set_least_lines(self, lines: int) -> None:
        """Be at least ``lines`` lines of text high."""
        self._least_lines = lines
        self._fit()

    def set_most_height(self, pixels: int) -> None:
        """Grow to ``pixels`` device-independent pixels at most, and scroll beyond that."""
        if pixels != self._most_height:
            self._most_height = pixels
            self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text at the present width, within the bounds."""
        return QSize(super().sizeHint().width(), min(self._wanted_height(), self._most_height))

    def minimumSizeHint(self) -> QSize:
        """One line; the width of a few letters."""
        width = self.fontMetrics().averageCharWidth() * 8
        return QSize(width, self._height_of(self.fontMetrics().lineSpacing()))

    def event(self, event: QEvent) -> bool:
        """Leave the keys of a composition to the input method."""
        if _is_for_input_method(event) and self.is_composing:
            event.accept()
            return True
        if _is_undo(event):
            # Where nothing was written, the key is the window's.
            document = self.document()
            event.setAccepted(document.isUndoAvailable() or document.isRedoAvailable())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Submit or break the line on Enter."""
        if _is_redo(event):
            self.redo()
            return
        if Qt.Key(event.key()) not in _ENTER_KEYS or self.isReadOnly():
            super().keyPressEvent(event)
            return
        event.accept()
        modifiers = event.modifiers() & ~_KEYPAD
        wanted = _CONTROL if self._send_key is SendKey.CTRL_ENTER else Qt.KeyboardModifier(0)
        if self._send_key is not SendKey.NEVER and modifiers == wanted:
            if not event.isAutoRepeat():
                self.submitted.emit(self.toPlainText())
        else:
            self._break_line()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Grow with the pre-edit string too."""
        super().inputMethodEvent(event)
        self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert the plain text of what is pasted or dropped."""
        if source.hasText():
            text = source.text().replace("\r\n", "\n").replace("\r", "\n")
            self.textCursor().insertText(text.translate(_PASTE_TABLE))
            self.ensureCursorVisible()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps the text differently."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or style needs another height."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _break_line(self) -> None:
        # Not the default action of Shift+Enter, which inserts U+2028 into the text.
        self.textCursor().insertBlock()
        self.ensureCursorVisible()

    def _fit(self) -> None:
        fits = self._wanted_height() <= self._most_height
        policy = Qt.ScrollBarPolicy
        # Without this a scroll bar flashes, and rewraps the text, before the box has grown.
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )
        self.updateGeometry()

    def _wanted_height(self) -> int:
        """Height for the whole text; stops measuring where the limit is passed, for long pastes."""
        height = 0.0
        block = self.document().firstBlock()
        while block.isValid() and height <= self._most_height:
            height += self.blockBoundingRect(block).height()
            block = block.next()
        least = self._least_lines * self.fontMetrics().lineSpacing()
        return self._height_of(max(round(height + 0.499), least))

    def _height_of(self, content: int) -> int:
        """The widget's height round a content of the given height."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        option.rect.setSize(QSize(200, 200))
        inner = self.style().subElementRect(QStyle.SubElement.SE_ShapedFrameContents, option, self)
        margins = self.viewportMargins()
        frame = 200 - inner.height() + margins.top() + margins.bottom()
        return content + frame + round(2 * self.document().documentMargin())
