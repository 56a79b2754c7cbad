"""The question whether the other region may be asked about a key, and what it answered.

Nothing is sent before the person pressed the button that says so. Opened, never executed.
"""

import asyncio

from PySide6.QtCore import QEvent, Qt, SignalInstance
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop_app.catalog.regions import region_of_host
from desktop_app.chat.connections import ConnectionBook, region_connection
from desktop_app.chat.region_doctor import RegionDoctor
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ErrorKind
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import (
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
    text_width,
)
from desktop_app.ui.key_answers import KeyAnswers, connection_name
from desktop_app.ui.notice import Notice
from desktop_app.ui.window_parts import WindowParts


class RegionDialog(QDialog):
    """Asks for consent, then asks the other region, then offers to use the key there.

    Args:
        doctor: Asks and stores.
        book: Where the region is switched.
        refused_by: The region that refused the key.
        other: The region that is asked.
        tasks: Owns what runs; a key that is being stored is stored though the dialog is closed.
    """

    def __init__(
        self,
        doctor: RegionDoctor,
        book: ConnectionBook,
        refused_by: Connection,
        other: Connection,
        tasks: TaskScope,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._doctor, self._book, self._tasks = doctor, book, tasks
        self._refused_by, self._other = refused_by, other
        self._asking: asyncio.Task[None] | None = None
        self._is_over = False
        self._question = plain_label()
        self._explanation = muted_label()
        self.notice = Notice()
        self._answers = KeyAnswers(self.notice)
        self._ask = primary_button()
        self._ask.clicked.connect(self._on_ask)
        self._buttons = QDialogButtonBox()
        self._buttons.addButton(self._ask, QDialogButtonBox.ButtonRole.ActionRole)
        self._leave = secondary_button()
        self._buttons.addButton(self._leave, QDialogButtonBox.ButtonRole.RejectRole)
        # Enter in passing must not send a key anywhere.
        self._ask.setAutoDefault(False)
        self._leave.setDefault(True)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        for widget in (self._question, self._explanation, self.notice):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(text_width(56))
        wear_form_style(self)
        self.finished.connect(self._on_finished)
        self._retranslate()

    def event(self, event: QEvent) -> bool:
        """Be as high as the words need, which wrap: a dialog does not follow them by itself."""
        handled = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest and (layout := self.layout()) is not None:
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
        return handled

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._answers.retranslate()

    def _on_ask(self) -> None:
        self._ask.setEnabled(False)
        self._answers.asking(self._other)
        self._asking = self._tasks.start(self._find_out(), "ask the other region")

    async def _find_out(self) -> None:
        key = await self._doctor.key(self._refused_by)
        if not key:
            self._answers.enter_key()
        else:
            other = self._other
            check = await self._doctor.ask(other, key)
            if check.error is None:
                self._answers.belongs_elsewhere(other, check, lambda: self._switch(key))
            elif check.error.kind is ErrorKind.INVALID_KEY:
                self._answers.belongs_nowhere(other, check.error)
            else:
                self._answers.failed(other, check.error)
        self._asking = None
        self._show_answered()

    def _show_answered(self) -> None:
        self._ask.hide()
        self._explanation.hide()
        self._leave.setText(self.tr("Close"))
        self._leave.setFocus()

    def _switch(self, key: str) -> None:
        other = self._other
        if self._doctor.is_given(other):
            self._book.select(other.id)
            self.accept()
            return
        self._answers.storing()
        self._tasks.start(self._keep(key), "keep the key")

    async def _keep(self, key: str) -> None:
        writing = await self._doctor.keep(self._other, key)
        self._book.select(self._other.id)
        # Closed meanwhile, the dialog is gone; the key is kept all the same.
        if not self._is_over:
            self._answers.stored(writing)

    def _on_finished(self) -> None:
        self._is_over = True
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Which region does the key belong to?"))
        names = {
            "{refused}": self._refused_by.host,
            "{other}": self._other.host,
            "{name}": connection_name(self._other),
        }
        for widget, text in (
            (
                self._question,
                self.tr(
                    "{refused} does not accept the API key. {other} can be asked whether it "
                    "belongs to {name}."
                ),
            ),
            (
                self._explanation,
                self.tr("For this the key is sent to {other}, once. Nothing else is sent there."),
            ),
            (self._ask, self.tr("Send the key and ask {other}")),
        ):
            for name, value in names.items():
                text = text.replace(name, value)  # noqa: PLW2901 - one sentence, filled step by step
            widget.setText(text)
        done = not self._ask.isVisibleTo(self)
        self._leave.setText(self.tr("Close") if done else self.tr("Cancel"))


def follow_region_questions(
    requested: SignalInstance, parts: WindowParts, tasks: TaskScope, parent: QWidget
) -> None:
    """Open the dialog whenever ``requested`` names the host of a region that refused a key."""
    requested.connect(lambda host: show_region_dialog(parts, host, tasks, parent))


def show_region_dialog(
    parts: WindowParts, host: str, tasks: TaskScope, parent: QWidget
) -> RegionDialog | None:
    """Ask whether the region beside the one at ``host`` may be asked; ``None`` for other hosts."""
    region = region_of_host(host)
    if region is None:
        return None
    refused_by = region_connection(region)
    doctor = RegionDoctor(parts.book, parts.keys, parts.probe)
    other = doctor.other_region(refused_by)
    if other is None:
        return None
    dialog = RegionDialog(doctor, parts.book, refused_by, other, tasks, parent)
    dialog.open()
    return dialog
