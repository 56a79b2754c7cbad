"""The outcome of something, said in the place where it was asked for; never a modal box."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.forms import link_button, muted_label, plain_label, secondary_button
from desktop_app.ui.icons import pixmap
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import current_tokens


class NoticeKind(StrEnum):
    """What a notice is about; decides its icon and colour."""

    WORKING = "working"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


class Notice(QFrame):
    """The outcome of something, in plain words, in the place where it was asked for.

    An icon and a colour say at a glance what the sentence says too; a screen reader hears it.
    """

    _ICONS: Final = {
        NoticeKind.WORKING: "globe",
        NoticeKind.SUCCESS: "check",
        NoticeKind.WARNING: "warning",
        NoticeKind.ERROR: "warning",
    }

    def __init__(self, parent: QWidget | None = None, *, working_icon: str = "globe") -> None:
        super().__init__(parent)
        self._icons = {**self._ICONS, NoticeKind.WORKING: working_icon}
        self._kind = NoticeKind.WORKING
        self._action: Callable[[], None] | None = None
        self._icon = QLabel()
        self._sentence = plain_label()
        self._advice = muted_label()
        self._details = muted_label()
        self._button = secondary_button()
        self._button.clicked.connect(self._on_clicked)
        self._more = link_button()
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        for label in (self._sentence, self._advice, self._details):
            label.setTextInteractionFlags(selectable)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        words.addWidget(self._details)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self._button)
        buttons.addWidget(self._more)
        buttons.addStretch(1)
        words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.hide()

    @property
    def kind(self) -> NoticeKind:
        """What is shown at the moment."""
        return self._kind

    @property
    def text(self) -> str:
        """Everything that is said at the moment, a sentence a line."""
        labels = (self._sentence, self._advice, self._details)
        return "\n".join(label.text() for label in labels if label.text())

    @property
    def action_button(self) -> QPushButton:
        """The button of the notice; hidden when there is nothing to do."""
        return self._button

    def show_message(
        self,
        kind: NoticeKind,
        sentence: str,
        advice: str = "",
        *,
        details: str = "",
        action: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Say ``sentence``.

        Args:
            kind: Decides icon and colour.
            sentence: What happened.
            advice: What to do about it.
            details: Facts for a report, shown when they are asked for.
            action: What a button says, and what it calls.
        """
        self._kind = kind
        for label, text in (
            (self._sentence, sentence),
            (self._advice, advice),
            (self._details, details),
        ):
            label.setText(text)
            label.setVisible(bool(text) and label is not self._details)
        self._more.setText(self.tr("Details"))
        self._more.setChecked(False)
        self._more.setVisible(bool(details))
        self._action = action[1] if action else None
        self._button.setText(action[0] if action else "")
        self._button.setVisible(action is not None)
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(advice)
        self._colour()
        self.show()
        announcement = QAccessibleAnnouncementEvent(self, f"{sentence} {advice}".strip())
        QAccessible.updateAccessibility(announcement)

    def clear(self) -> None:
        """Say nothing."""
        self._action = None
        for label in (self._sentence, self._advice, self._details):
            label.clear()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tinted ground."""
        tokens = current_tokens()
        colour = self._tint(tokens)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(mix(tokens.surface_raised, colour, 0.35))
        painter.setBrush(mix(tokens.surface_raised, colour, 0.08))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()

    def _on_clicked(self) -> None:
        if self._action is not None:
            self._action()

    def _colour(self) -> None:
        colour = self._tint(current_tokens())
        self._icon.setPixmap(pixmap(self._icons[self._kind], 18, colour, self.devicePixelRatioF()))
        self.update()

    def _tint(self, tokens: Tokens) -> QColor:
        return {
            NoticeKind.WORKING: tokens.text_muted,
            NoticeKind.SUCCESS: tokens.success,
            NoticeKind.WARNING: tokens.warning,
            NoticeKind.ERROR: tokens.error,
        }[self._kind]
