"""The status line: what the program is doing at this moment, and for how long."""

import math
import time
from typing import Final

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.chat.events import Phase, Status
from desktop_app.chat.pace import WritingPace
from desktop_app.ui.conversation.tool_calls import shown_name
from desktop_app.ui.error_text import sentence
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme

SILENCE_SECONDS: Final = 10.0
"""From this long without data on, the line says so."""

_LOOK_MILLISECONDS: Final = 250
"""Once a second would now and then jump over a second, timers being a little late."""


class StatusLine(QLineEdit):
    """Shows a session's status and keeps its seconds true.

    A read-only line of text rather than a label: its words can be selected and copied, and a screen
    reader finds them in its text, not in its name.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = Status()
        self._pace = WritingPace()
        self._trouble = ""
        self.setReadOnly(True)
        self.setFrame(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        follow_theme(self, self._restyle)
        self._retranslate()
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MILLISECONDS)
        self._clock.timeout.connect(self._refresh)
        self._refresh()

    def show_status(self, status: Status) -> None:
        """Show ``status``; while an answer is on its way its seconds are counted."""
        if status.turn_started != self._status.turn_started:
            self._pace.begin()
        self._status = status
        if status.phase.is_busy:
            self._clock.start()
        else:
            self._clock.stop()
        self._refresh()

    def note_data(self, status: Status, text: str = "") -> None:
        """Take the time of the latest data from ``status``, and the pace from ``text`` that came."""
        self._status = status
        if text:
            self._pace.add(text, status.last_data)

    def show_trouble(self, sentence: str) -> None:
        """Add a sentence that stays until another takes its place; an empty one removes it."""
        self._trouble = sentence
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Say the same in another language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._refresh()

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Status"))

    def _restyle(self, tokens: Tokens) -> None:
        self.setStyleSheet(
            f"background: transparent; border: none; padding: 0; color: {tokens.text_muted.name()};"
            " font-size: 9pt;"
        )

    def _refresh(self) -> None:
        text = self._sentence()
        if self._trouble:
            text = f"{text} · {self._trouble}"
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
            self.setToolTip(
                text if QFontMetrics(self.font()).horizontalAdvance(text) > self.width() else ""
            )

    def _sentence(self) -> str:
        status = self._status
        if status.phase is Phase.RETRYING:
            return self._countdown()
        words = self._doing(status.phase)
        if not status.phase.is_busy:
            return words
        parts = list(filter(None, (words, self._round())))
        if status.phase is Phase.ASKING:
            # The seconds that a person thinks are nobody's business.
            return " · ".join(parts)
        now = time.monotonic()
        silence = now - status.last_data if status.last_data else 0.0
        # A tool that runs need not say anything before its end.
        if silence >= SILENCE_SECONDS and status.phase is not Phase.RUNNING_TOOL:
            return self.tr("no data for {seconds} s").replace("{seconds}", str(int(silence)))
        elapsed = int(now - status.turn_started)
        if elapsed < 1:
            return " · ".join(parts)
        parts.append(self.tr("{seconds} s").replace("{seconds}", str(elapsed)))
        pace = self._pace.tokens_per_second()
        if pace is not None and status.phase in (Phase.THINKING, Phase.WRITING):
            said = self.tr("about {count} tokens/s")
            parts.append(said.replace("{count}", QLocale().toString(max(1, round(pace)))))
        return " · ".join(parts)

    def _doing(self, phase: Phase) -> str:
        match phase:
            case Phase.CONNECTING:
                return self.tr("connecting")
            case Phase.WAITING:
                return self.tr("waiting for the first token")
            case Phase.THINKING:
                return self.tr("thinking")
            case Phase.WRITING:
                return self.tr("writing")
            case Phase.ASKING:
                return self.tr("waiting for your permission")
            case Phase.RUNNING_TOOL:
                return self._running(self._status.tool)
            case Phase.STOPPED:
                return self.tr("stopped")
            case Phase.FAILED:
                return self.tr("error")
            case _:
                return self.tr("ready")

    def _running(self, tool: str) -> str:
        if not tool:
            return self.tr("preparing tools")
        return self.tr("running {tool}").replace("{tool}", shown_name(tool))

    def _round(self) -> str:
        """Return which request of how many this is, from the second on."""
        status = self._status
        if status.round < 2:
            return ""
        number, words = QLocale().toString, self.tr("round {number} of {most}")
        words = words.replace("{most}", number(status.rounds))
        return words.replace("{number}", number(status.round))

    def _countdown(self) -> str:
        left = max(1, math.ceil(self._status.retry_due - time.monotonic()))
        words = self.tr("retrying in {seconds} s").replace("{seconds}", str(left))
        cause = self._status.cause
        return f"{words} · {sentence(cause)}" if cause is not None else words
