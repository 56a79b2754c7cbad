"""The meter of the window and the light of the chain, as they stand in the header."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QToolButton, QWidget

from desktop_app.chat.forecast import Forecast
from desktop_app.chat.outgoing import Break
from desktop_app.ui.context import words
from desktop_app.ui.icons import icon
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_ICON: Final = 16
_SCALE: Final = 3
"""Pixels to a point of the ring: sharp on every screen there is."""

_NEARLY_FULL: Final = 0.8


class ContextMeter(QToolButton):
    """Says how much of the window the next request takes; pressing it opens the ledger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setIconSize(QSize(_ICON, _ICON))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._forecast: Forecast | None = None
        self._tokens: Tokens | None = None
        self._is_long = True
        self.hide()
        follow_theme(self, self._restyle)

    def show_forecast(self, forecast: Forecast | None) -> None:
        """Show ``forecast``; nothing as long as there is none."""
        self._forecast = forecast
        self._show()
        self.setVisible(forecast is not None)

    def set_long(self, *, is_long: bool) -> None:
        """Say all of it, or the share alone where there is little room."""
        if is_long != self._is_long:
            self._is_long = is_long
            self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._show()

    def _show(self) -> None:
        forecast = self._forecast
        if forecast is None:
            return
        say = words.meter_long if self._is_long else words.meter_short
        self.setText(say(forecast))
        name = words.meter_name(forecast)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{words.figures_text(forecast)}")
        if self._tokens is not None:
            self.setIcon(_ring(forecast, self._tokens))

    def _restyle(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self.setStyleSheet(
            f"""
QToolButton {{ border: 1px solid transparent; border-radius: 7px; padding: 5px 7px;
  background: transparent; color: {tokens.text_muted.name()}; font-size: 9pt; }}
QToolButton:hover {{ background: {tokens.hover.name()}; }}
QToolButton:focus {{ border-color: {tokens.accent.name()}; }}
"""
        )
        self._show()


class ChainLight(QToolButton):
    """Says whether all of the chain goes back; whole and cut are two drawings, not two colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setIconSize(QSize(_ICON + 2, _ICON + 2))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._found: Break | None = None
        self._turn = 0
        self._tokens: Tokens | None = None
        self.hide()
        follow_theme(self, self._restyle)

    def show_chain(self, found: Break | None, turn: int) -> None:
        """Show where the chain is cut, in which turn; ``None`` shows that it is whole."""
        self._found, self._turn = found, turn
        self._show()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._show()

    def _show(self) -> None:
        text = words.chain_text(self._found, self._turn)
        self.setAccessibleName(text)
        self.setToolTip(text)
        if self._tokens is not None:
            whole = self._found is None
            colour = self._tokens.success if whole else self._tokens.warning
            self.setIcon(icon("chain" if whole else "chain-cut", colour))

    def _restyle(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._show()


def _ring(forecast: Forecast, tokens: Tokens) -> QIcon:
    """Return a ring that is filled as the window is."""
    size = _ICON * _SCALE
    picture = QPixmap(size, size)
    picture.setDevicePixelRatio(_SCALE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(2, 2, _ICON - 4, _ICON - 4)
    painter.setPen(QPen(mix(tokens.border, tokens.text_muted, 0.35), 2.2))
    painter.drawEllipse(QPointF(_ICON / 2, _ICON / 2), box.width() / 2, box.height() / 2)
    share = min(1.0, forecast.share or 0.0)
    is_tight = forecast.is_full or share >= _NEARLY_FULL
    colour = tokens.warning if is_tight else tokens.accent
    colour = colour if forecast.fits else tokens.error
    pen = QPen(colour, 2.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    if share > 0:
        painter.drawArc(box, 90 * 16, -round(max(share, 0.02) * 360 * 16))
    painter.end()
    return QIcon(picture)
