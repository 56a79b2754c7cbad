"""The dialog that adds or edits one custom endpoint."""

import asyncio

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.endpoint_text import ENDPOINT_TEXTS
from desktop_app.chat.key_check import KeyProbe, ask_within_time
from desktop_app.chat.ports import KeyStore
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.api_key import KeyTextError, clean_key, masked
from desktop_app.domain.connection import EndpointError, normalised_base_url
from desktop_app.domain.ids import new_id
from desktop_app.domain.keyring_state import KeyReading
from desktop_app.log import remember_secret
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import (
    Switch,
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
)
from desktop_app.ui.key_answers import KeyAnswers
from desktop_app.ui.key_fields import KeyInput
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.text_input import LineInput


class EndpointDialog(QDialog):
    """Name, address, dialect and key of a server of the person's own.

    Signals:
        saved(object): The endpoint as entered, a :class:`CustomEndpoint`; its key is stored by then
            or is being stored.
    """

    saved = Signal(object)

    def __init__(
        self,
        book: ConnectionBook,
        keys: KeyStore,
        probe: KeyProbe,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._book, self._keys, self._probe = book, keys, probe
        self._tasks = TaskScope()
        self._asking: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._reading: KeyReading | None = None
        self._id, self._is_new, self._is_saved = "", True, False
        self._labels = [QLabel() for _ in range(3)]
        self._name, self._address, self._key = LineInput(), LineInput(), KeyInput()
        self._address.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self._split, self._split_label, self._split_help = Switch(), plain_label(), muted_label()
        self._address_help, self._key_state = muted_label(), muted_label()
        self._test, self._cancel, self._save = (
            secondary_button(),
            secondary_button(),
            primary_button(),
        )
        self._notice = Notice()
        self._answers = KeyAnswers(self._notice)
        self._lay_out()
        wear_form_style(self)
        self._test.clicked.connect(self._on_test)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._on_save)
        for field in (self._name, self._address, self._key.field):
            field.submitted.connect(self._on_save)
            field.textEdited.connect(self._on_edited)
        self._retranslate()

    @property
    def notice(self) -> Notice:
        """Where outcomes are said."""
        return self._notice

    def edit(self, endpoint: CustomEndpoint | None) -> None:
        """Open for ``endpoint``, or for a new one."""
        self._id = endpoint.id if endpoint else new_id()
        self._is_new = endpoint is None
        self._is_saved = False
        self._name.setText(endpoint.name if endpoint else "")
        self._address.setText(endpoint.base_url if endpoint else "")
        self._split.setChecked(endpoint.reasoning_split if endpoint else False)
        self._key.clear()
        self._reading = None
        self._answers.clear()
        self._mark_invalid(invalid=False)
        self._retranslate()
        self._name.setFocus()
        if endpoint is not None:
            self._looking = self._tasks.start(self._look(endpoint), "look for an endpoint's key")
        self.open()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()

    def event(self, event: QEvent) -> bool:
        """Grow with what is said, so that no sentence is cut."""
        done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._grow()
        return done

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop asking servers."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._stop_asking()
            if self._looking is not None:
                self._looking.cancel()
            self._key.clear()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._answers.retranslate()

    async def _look(self, endpoint: CustomEndpoint) -> None:
        self._reading = await self._book.key(endpoint.connection)
        self._show_key_state()

    def _show_key_state(self) -> None:
        reading = self._reading
        if reading is None or reading.key is None:
            self._key.field.setPlaceholderText(self.tr("Optional"))
            state = self.tr("Kept in the system keyring, for this address only.")
        else:
            self._key.field.setPlaceholderText(masked(reading.key))
            state = self.tr("A key is kept for this run only.")
            if reading.kept:
                state = self.tr("A key is stored in the system keyring. A new one replaces it.")
        self._key_state.setText(state)
        self._key.field.setAccessibleDescription(state)

    def _entered(self) -> tuple[CustomEndpoint, str] | None:
        """The endpoint and the key as entered; ``None`` when one cannot be used, which was said."""
        try:
            address = normalised_base_url(self._address.text())
        except EndpointError as error:
            self._mark_invalid(invalid=True)
            sentence = QCoreApplication.translate("Endpoints", ENDPOINT_TEXTS[error.problem])
            self._notice.show_message(NoticeKind.ERROR, sentence)
            self._address.setFocus()
            return None
        self._mark_invalid(invalid=False)
        try:
            key = clean_key(self._key.field.text())
        except KeyTextError as error:
            self._answers.bad_character(error.character_name, error.position + 1)
            self._key.field.setFocus()
            return None
        if key:
            remember_secret(key)
        endpoint = CustomEndpoint(self._id, "", address, self._split.isChecked())
        name = self._name.text().strip() or endpoint.connection.host
        return CustomEndpoint(self._id, name, address, self._split.isChecked()), key

    def _mark_invalid(self, *, invalid: bool) -> None:
        self._address.setProperty("invalid", invalid)
        self._address.style().unpolish(self._address)
        self._address.style().polish(self._address)

    def _on_edited(self) -> None:
        self._stop_asking()
        self._answers.clear()
        self._mark_invalid(invalid=False)

    def _on_save(self) -> None:
        entered = self._entered() if self._save.isEnabled() else None
        if entered is None:
            return
        endpoint, key = entered
        self._stop_asking()
        if not key:
            self.saved.emit(endpoint)
            self.accept()
            return
        self._save.setEnabled(False)
        self._answers.storing()
        self._tasks.start(self._write(endpoint, key), "store an endpoint's key")

    async def _write(self, endpoint: CustomEndpoint, key: str) -> None:
        try:
            writing = await self._keys.write(endpoint.connection.key_account, key)
        finally:
            self._save.setEnabled(True)
        self._key.clear()
        self.saved.emit(endpoint)
        self._book.announce_key_change()
        if writing.kept:
            self.accept()
        else:
            self._is_new, self._is_saved = False, True
            self._answers.stored(writing)
            self._retranslate()

    def _on_test(self) -> None:
        entered = self._entered()
        if entered is not None:
            self._stop_asking()
            self._answers.asking(entered[0].connection)
            self._test.setEnabled(False)
            self._asking = self._tasks.start(self._ask(*entered), "test an endpoint")

    async def _ask(self, endpoint: CustomEndpoint, key: str) -> None:
        connection = endpoint.connection
        # Found only for the same origin: a stored key never goes to an address it was not given for.
        key = key or (await self._book.key(connection)).key or ""
        check = await ask_within_time(self._probe, connection, key)
        if check.error is None:
            self._answers.works(connection, check, with_key=bool(key))
        else:
            self._answers.failed(connection, check.error)
        self._asking = None
        self._test.setEnabled(True)

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
            self._test.setEnabled(True)
            self._answers.clear()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(6)
        fields = (
            (self._labels[0], self._name, None),
            (self._labels[1], self._address, self._address_help),
            (self._labels[2], self._key, self._key_state),
        )
        for label, field, below in fields:
            label.setBuddy(self._key.field if field is self._key else field)
            layout.addWidget(label)
            layout.addWidget(field)
            if below is not None:
                layout.addWidget(below)
            layout.addSpacing(10)
        self._split_label.setBuddy(self._split)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._split_label)
        words.addWidget(self._split_help)
        dialect = QHBoxLayout()
        dialect.setSpacing(16)
        dialect.addLayout(words, 1)
        dialect.addWidget(self._split, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(dialect)
        layout.addSpacing(10)
        layout.addWidget(self._notice)
        layout.addStretch(1)
        layout.addSpacing(6)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._test)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        layout.addLayout(buttons)
        self.setMinimumWidth(380)
        self.resize(480, 0)

    def _grow(self) -> None:
        if (layout := self.layout()) is not None:
            self.setMinimumHeight(layout.heightForWidth(self.width()))

    def _retranslate(self) -> None:
        new, old = self.tr("Add an endpoint"), self.tr("Edit the endpoint")
        self.setWindowTitle(new if self._is_new else old)
        self.setAccessibleName(self.windowTitle())
        texts = (self.tr("&Name"), self.tr("&Address"), self.tr("API &key"))
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setPlaceholderText(self.tr("My server"))
        self._address.setAccessibleName(self.tr("Address"))
        self._address.setPlaceholderText("https://example.com/v1")
        self._address_help.setText(
            self.tr("The base URL of an OpenAI-compatible server; it usually ends in /v1.")
        )
        self._address.setAccessibleDescription(self._address_help.text())
        self._show_key_state()
        self._split_label.setText(self.tr("Ask for thinking in a field of its own"))
        self._split_help.setText(
            self.tr(
                "Sends MiniMax’s reasoning_split. Switch it on for MiniMax or a gateway to it; "
                "other servers may refuse it."
            )
        )
        self._split.setAccessibleName(self._split_label.text())
        self._split.setAccessibleDescription(self._split_help.text())
        self._test.setText(self.tr("Test key"))
        self._cancel.setText(self.tr("Close") if self._is_saved else self.tr("Cancel"))
        self._save.setText(self.tr("Save"))
