"""The pieces that forms are made of: buttons, choices, switches, numbers and headings.

They show and signal. None knows what a setting, a key or a connection is. Their colours come from
:mod:`desktop_app.ui.form_style`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStyledItemDelegate,
    QWidget,
)

from desktop_app.ui.form_style import KIND, wear_dialog_style
from desktop_app.ui.icons import pixmap
from desktop_app.ui.theme import mix
from desktop_app.ui.theming import current_tokens

_ARROW_SIZE: Final = 14

_TEXT_MARGIN: Final = 8
"""Before a number; a style sheet's padding does not reach the field inside a spin box."""


def text_width(characters: int) -> int:
    """Return the width of so many average characters, so that measures grow with the text."""
    return QFontMetrics(QApplication.font()).averageCharWidth() * characters


def primary_button(parent: QWidget | None = None) -> QPushButton:
    """The one button that a form is for."""
    return _button("primary", parent)


def secondary_button(parent: QWidget | None = None) -> QPushButton:
    """Any other button."""
    return _button("secondary", parent)


def link_button(parent: QWidget | None = None) -> QPushButton:
    """A button that looks like a link, for what leads elsewhere or is seldom wanted."""
    button = _button("link", parent)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _button(kind: str, parent: QWidget | None) -> QPushButton:
    button = QPushButton(parent)
    button.setProperty(KIND, kind)
    # In a dialog Qt would otherwise let Enter in any field press the first button.
    button.setAutoDefault(False)
    return button


def muted_label(parent: QWidget | None = None) -> QLabel:
    """A label for help: plain text, wrapped, in the muted colour."""
    label = plain_label(parent)
    label.setProperty(KIND, "muted")
    return label


def plain_label(parent: QWidget | None = None) -> QLabel:
    """A label that wraps and never reads its text as markup."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def line(parent: QWidget | None = None) -> QFrame:
    """A thin line between two things."""
    frame = QFrame(parent)
    frame.setProperty(KIND, "line")
    frame.setFixedHeight(1)
    return frame


class Heading(QLabel):
    """A title whose size is a multiple of the application's font, whatever that is set to.

    Args:
        scale: Size as a multiple of the usual text.
    """

    def __init__(self, scale: float = 1.35, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._set_font()

    def event(self, event: QEvent) -> bool:
        """Follow the application's font; Qt gives this event to no changeEvent."""
        if event.type() is QEvent.Type.ApplicationFontChange:
            self._set_font()
        return super().event(event)

    def _set_font(self) -> None:
        font = QApplication.font()
        font.setWeight(QFont.Weight.DemiBold)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * self._scale)
        else:
            font.setPixelSize(round(font.pixelSize() * self._scale))
        self.setFont(font)


if TYPE_CHECKING:
    _Input: TypeAlias = QWidget
    _Stepped: TypeAlias = QAbstractSpinBox
else:
    # Qt allows one of its classes among the bases, and that is the input's own.
    _Input = _Stepped = object


class _ScrolledPast(_Input):
    """Leaves the wheel to the page that an input stands on, unless the input has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Do not change a value by scrolling over it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Choice(_ScrolledPast, QComboBox):
    """A drop-down list; the wheel scrolls the page past it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setItemDelegate(QStyledItemDelegate(self))  # the stock one ignores style sheets

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrow, which a style sheet can take from a file only."""
        super().paintEvent(event)
        _paint_arrows(self, [(QPoint(self.width() - 18, self.height() // 2), 0)])


class _Steps(_ScrolledPast, _Stepped):
    """What is typed, or stepped by the two arrows at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setKeyboardTracking(False)  # a half-typed value is none yet
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrows, which a style sheet can take from a file only."""
        super().paintEvent(event)
        _paint_arrows(self, _step_arrows(self.size()))


class IntegerInput(_Steps, QSpinBox):
    """A whole number; the wheel scrolls the page past it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCorrectionMode(QSpinBox.CorrectionMode.CorrectToNearestValue)


class DecimalInput(_Steps, QDoubleSpinBox):
    """A number with decimals; the wheel scrolls the page past it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCorrectionMode(QDoubleSpinBox.CorrectionMode.CorrectToNearestValue)


class DateInput(_Steps, QDateEdit):
    """A day, typed or stepped; the wheel scrolls the page past it unless it has the focus."""


def _step_arrows(size: QSize) -> list[tuple[QPoint, int]]:
    x, middle = size.width() - 15, size.height() // 2
    return [(QPoint(x, middle - 6), 180), (QPoint(x, middle + 6), 0)]


def _paint_arrows(widget: QWidget, arrows: list[tuple[QPoint, int]]) -> None:
    """Paint a chevron at each place, turned by the given degrees."""
    tokens = current_tokens()
    colour = tokens.text_muted if widget.isEnabled() else tokens.border
    picture = pixmap("chevron-down", _ARROW_SIZE, colour, widget.devicePixelRatioF())
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for place, degrees in arrows:
        painter.save()
        painter.translate(place.x(), place.y())
        painter.rotate(degrees)
        painter.drawPixmap(-_ARROW_SIZE // 2, -_ARROW_SIZE // 2, picture)
        painter.restore()
    painter.end()


class Switch(QCheckBox):
    """A check box drawn as a switch; to screen readers and the keyboard it is a check box."""

    _TRACK: Final = QSize(38, 22)
    _GAP: Final = 10

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The track with room for the focus ring, and the text beside it."""
        width = self._TRACK.width() + 6
        if self.text():
            width += self._GAP + self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width, max(self._TRACK.height() + 6, self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        """As much as the hint: a switch does not shrink."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """The whole widget takes the click."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, knob, focus ring and text."""
        tokens = current_tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        track = QRectF(3, (self.height() - 22) / 2, self._TRACK.width(), self._TRACK.height())
        off = mix(tokens.surface_raised, tokens.text, 0.3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent if self.isChecked() else off)
        painter.drawRoundedRect(track, 11, 11)
        knob = QRectF(track.right() - 19 if self.isChecked() else track.left() + 3, 0, 16, 16)
        knob.moveTop(track.top() + 3)
        painter.setBrush(tokens.accent_text if self.isChecked() else tokens.surface)
        painter.drawEllipse(knob)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.accent, 2))
            painter.drawRoundedRect(track.adjusted(-2, -2, 2, 2), 13, 13)
        if self.text():
            painter.setPen(tokens.text)
            left = int(track.right()) + self._GAP
            place = QRect(left, 0, self.width() - left, self.height())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
            painter.drawText(place, flags, self.text())
        painter.end()


class SideBySide(QWidget):
    """Two or more widgets in a row, or one below the other where the row is too narrow.

    Args:
        least_characters: Width from which on they stand in a row, in average characters.
    """

    def __init__(self, least_characters: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_characters = least_characters
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest part: the row must not keep the widget from getting narrower."""
        items = [self.row.itemAt(index) for index in range(self.row.count())]
        widths = [item.minimumSize().width() for item in items if item is not None]
        return QSize(max(widths, default=0), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction."""
        super().resizeEvent(event)
        wide = event.size().width() >= text_width(self._least_characters)
        direction = QBoxLayout.Direction
        self.row.setDirection(direction.LeftToRight if wide else direction.TopToBottom)


def confirm(
    parent: QWidget,
    question: str,
    explanation: str,
    accept: str,
    on_accept: Callable[[], object],
    *,
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
    title: str | None = None,
) -> QMessageBox:
    """Ask before something that cannot be taken back; returns at once, calls back on consent.

    Without a ``title`` the window has the program's; with an empty one the question is its name.
    """
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(QApplication.applicationDisplayName() if title is None else title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(explanation)
    button = box.addButton(accept, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setEscapeButton(QMessageBox.StandardButton.Cancel)
    button.clicked.connect(on_accept)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    wear_dialog_style(box)
    box.open()
    return box
