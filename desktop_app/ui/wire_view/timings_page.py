"""The timings of an exchange: a bar, and the same in numbers."""

from typing import Final

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.chat.exchange_text import timings
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.ui.form_style import KIND
from desktop_app.ui.forms import plain_label
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import current_tokens

_BAR_HEIGHT: Final = 16
_DOT: Final = 10


class TimelineBar(QWidget):
    """Sending, waiting and receiving as shares of the whole time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spans: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self.setMinimumHeight(_BAR_HEIGHT + 4)

    def show_spans(self, sending: float, waiting: float, receiving: float) -> None:
        """Show three lengths of time, in seconds."""
        self.spans = (sending, waiting, receiving)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room for."""
        return QSize(240, _BAR_HEIGHT + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the spans side by side in one rounded bar."""
        tokens = current_tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, 2, self.width(), _BAR_HEIGHT)
        shape = QPainterPath()
        shape.addRoundedRect(bar, 5, 5)
        painter.setClipPath(shape)
        painter.fillRect(bar, tokens.hover)
        whole = sum(self.spans)
        left = bar.left()
        for span, colour in zip(self.spans, _colours(tokens), strict=True):
            width = bar.width() * span / whole if whole else 0.0
            painter.fillRect(QRectF(left, bar.top(), width, bar.height()), colour)
            left += width
        painter.end()


class _Dot(QWidget):
    """Says which colour of the bar a line of the legend is about."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.setFixedSize(_DOT, _DOT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colours(current_tokens())[self._number])
        painter.drawRoundedRect(self.rect(), 3, 3)
        painter.end()


class TimingsPage(QWidget):
    """The bar above, the numbers below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = TimelineBar()
        self._record: ExchangeRecord | None = None
        self._is_read = False
        self._failure = plain_label()
        self._failure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._labels = [QLabel() for _ in range(8)]
        self._values = [QLabel() for _ in range(8)]
        page = QWidget()
        page.setProperty(KIND, "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 12, 8, 8)
        column.setSpacing(16)
        column.addWidget(self.bar)
        column.addLayout(self._grid())
        column.addWidget(self._failure)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self._retranslate()

    @property
    def lines(self) -> list[str]:
        """What stands in the numbers, one text for each line."""
        self._read()
        pairs = zip(self._labels, self._values, strict=True)
        return [f"{label.text()}: {value.text()}" for label, value in pairs]

    def show_record(self, record: ExchangeRecord, failure: str) -> None:
        """Show when things happened in ``record``, and ``failure`` where it failed."""
        self._record, self._is_read = record, False
        self._failure.setText(failure)
        self._failure.setVisible(bool(failure))
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the events now that there is someone to see what comes of it."""
        super().showEvent(event)
        self._read()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._is_read = False
            self._read()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (label, value) in enumerate(zip(self._labels, self._values, strict=True)):
            if row < len(_colours(current_tokens())):
                grid.addWidget(_Dot(row), row, 0)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setProperty(KIND, "muted")
            grid.addWidget(label, row, 1)
            grid.addWidget(value, row, 2)
        grid.setColumnMinimumWidth(2, 110)
        grid.setColumnStretch(3, 1)
        return grid

    def _read(self) -> None:
        record = self._record
        if record is None or self._is_read:
            return
        self._is_read = True
        figures = timings(record)
        sent, first, ended = record.sent_at, record.first_byte_at, record.ended_at
        waited = first if first is not None else ended
        spans = (
            sent,
            None if waited is None or sent is None else max(0.0, waited - sent),
            None if first is None or ended is None else max(0.0, ended - first),
        )
        self.bar.show_spans(*(span or 0.0 for span in spans))
        locale, none = QLocale(), "–"
        times = (*spans, sent, first, figures.first_token, ended)
        words = [none if time is None else f"{locale.toString(time, 'f', 3)} s" for time in times]
        rate = figures.tokens_per_second
        words.append(none if rate is None else locale.toString(rate, "f", 1))
        for value, word in zip(self._values, words, strict=True):
            value.setText(word)
        self.bar.setAccessibleDescription("; ".join(self.lines[:3]))

    def _retranslate(self) -> None:
        self.bar.setAccessibleName(self.tr("Timeline"))
        names = (
            self.tr("Connecting and sending"),
            self.tr("Waiting for the first byte"),
            self.tr("Receiving"),
            self.tr("Request sent at"),
            self.tr("First byte at"),
            self.tr("First token at"),
            self.tr("End at"),
            self.tr("Tokens per second"),
        )
        for label, name in zip(self._labels, names, strict=True):
            label.setText(name)


def _colours(tokens: Tokens) -> tuple[QColor, QColor, QColor]:
    return (tokens.warning, mix(tokens.surface, tokens.text_muted, 0.55), tokens.accent)
