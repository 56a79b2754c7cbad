"""The card that meets a person who has no key yet."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app import APP_NAME
from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.key_check import KeyProbe
from desktop_app.chat.ports import KeyStore
from desktop_app.ui.form_style import KIND, wear_form_style
from desktop_app.ui.forms import (
    Heading,
    line,
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
    text_width,
)
from desktop_app.ui.icons import app_icon
from desktop_app.ui.key_form import KeyForm

_CARD_CHARACTERS = 62
_ICON_SIZE = QSize(72, 72)


class FirstRunCard(QScrollArea):
    """What the program is, region and key, and the way into the demo; scrolls in a low window.

    Signals:
        finished(): There is a key, or none is needed, and the person wants to go on.
        demo_requested(): The person wants to look round without a key.
    """

    finished = Signal()
    demo_requested = Signal()

    def __init__(
        self,
        book: ConnectionBook,
        keys: KeyStore,
        probe: KeyProbe,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.key_form = KeyForm(book, keys, probe)
        self._icon = QLabel()
        self._icon.setPixmap(app_icon().pixmap(_ICON_SIZE, self.devicePixelRatioF()))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = Heading(1.9)
        self._name.setText(APP_NAME)
        self._what, self._unofficial, self._keyring = plain_label(), muted_label(), muted_label()
        for label in (self._name, self._what, self._unofficial):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._start, self._demo = primary_button(), secondary_button()
        self._demo_hint = muted_label()
        self._lay_out()
        wear_form_style(self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._start.hide()
        self._start.clicked.connect(self.finished)
        self._demo.clicked.connect(self.demo_requested)
        self.key_form.key_saved.connect(self._on_key_saved)
        self.key_form.usable_changed.connect(self._start.setVisible)
        self._retranslate()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self.key_form.aclose()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on to where a key is pasted."""
        super().focusInEvent(event)
        self.key_form.focus_key()

    def _on_key_saved(self, kept: bool) -> None:
        # A key that is not kept leaves the sentence that says so on the screen.
        self._keyring.setVisible(kept)
        if kept:
            self.finished.emit()

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty(KIND, "card")
        card.setMaximumWidth(text_width(_CARD_CHARACTERS))
        inside = QVBoxLayout(card)
        inside.setContentsMargins(28, 26, 28, 24)
        inside.setSpacing(10)
        inside.addWidget(self.key_form)
        inside.addWidget(self._keyring)
        inside.addWidget(self._start)
        inside.addSpacing(6)
        inside.addWidget(line())
        inside.addSpacing(6)
        demo_row = QHBoxLayout()
        demo_row.setSpacing(14)
        demo_row.addWidget(self._demo_hint, 1)
        demo_row.addWidget(self._demo)
        inside.addLayout(demo_row)

        column = QVBoxLayout()
        column.setSpacing(6)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addSpacing(6)
        column.addWidget(self._name)
        column.addWidget(self._what)
        column.addWidget(self._unofficial)
        column.addSpacing(18)
        column.addWidget(card)
        column.addStretch(3)
        page = QWidget()
        page.setProperty(KIND, "page")
        row = QHBoxLayout(page)
        row.setContentsMargins(20, 24, 20, 24)
        row.addStretch(1)
        row.addLayout(column, 1000)
        row.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Welcome"))
        self._what.setText(self.tr("A native desktop client for MiniMax-M2."))
        self._unofficial.setText(self.tr("Unofficial: not made, endorsed or supported by MiniMax."))
        self._keyring.setText(
            self.tr("The key goes to your system’s keyring, never into a file of this program.")
        )
        self._start.setText(self.tr("Start chatting"))
        self._demo_hint.setText(
            self.tr("No key? The demo shows everything on this computer, without a network.")
        )
        self._demo.setText(self.tr("Try the demo"))
