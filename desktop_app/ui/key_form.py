"""Region and key: the piece that the first-run card and the settings share.

Asks the keyring and the server through what it is given, as tasks that it owns; the window stays
alive meanwhile. A stored key is never put into the field, and a key is sent to the host it belongs
to and, only when a person asks for it, to the other region's.
"""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.catalog.regions import find_region
from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.key_check import KeyProbe
from desktop_app.chat.ports import KeyStore
from desktop_app.chat.region_doctor import RegionDoctor
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.api_key import KeyTextError, clean_key, masked
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.keyring_state import KeyReading, KeyringState
from desktop_app.log import remember_secret
from desktop_app.ui import key_texts
from desktop_app.ui.external_links import open_external
from desktop_app.ui.forms import confirm
from desktop_app.ui.key_answers import KeyAnswers, connection_name, keyring_text
from desktop_app.ui.key_fields import KeyFields
from desktop_app.ui.notice import Notice


class KeyForm(QWidget):
    """The choice of a connection, and the key that goes with it.

    Args:
        book: The connections; choosing one here is choosing it for the whole program.
        keys: The keyring.
        probe: Asks a server whether it takes a key.

    Signals:
        key_saved(bool): A key was stored; true when the next run will find it.
        usable_changed(bool): Whether requests can be sent with what is chosen.
    """

    key_saved = Signal(bool)
    usable_changed = Signal(bool)

    def __init__(
        self,
        book: ConnectionBook,
        keys: KeyStore,
        probe: KeyProbe,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._book, self._keys = book, keys
        self._doctor = RegionDoctor(book, keys, probe)
        self._tasks = TaskScope()
        self._asking: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._shown: Connection | None = None
        self._reading: KeyReading | None = None
        self._is_usable = False
        self._fields = KeyFields()
        self._answers = KeyAnswers(self._fields.notice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._fields)
        self._fields.region.activated.connect(self._on_region_chosen)
        self._fields.link.clicked.connect(self._on_link_clicked)
        self._fields.key.field.submitted.connect(self._on_save)
        self._fields.key.field.textEdited.connect(self._on_edited)
        self._fields.save.clicked.connect(self._on_save)
        self._fields.test.clicked.connect(self._on_test)
        self._fields.remove.clicked.connect(self._on_remove)

    @property
    def is_usable(self) -> bool:
        """Whether requests can be sent with what is chosen: a key is known, or none is needed."""
        return self._is_usable

    @property
    def notice(self) -> Notice:
        """Where outcomes are said."""
        return self._fields.notice

    def focus_key(self) -> None:
        """Put the cursor where a key is pasted.

        Not a focus proxy: with one, Qt 6.11 skips the form's other controls on Tab.
        """
        self._fields.key.field.setFocus()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the connections while there is someone to see it."""
        super().showEvent(event)
        if self._unsubscribe is None:
            self._unsubscribe = self._book.subscribe(self._on_book_changed)
            self._on_book_changed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop asking servers; a key that is being stored is stored all the same."""
        super().hideEvent(event)
        if not event.spontaneous() and self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
            self._stop_asking()
            if self._looking is not None:
                self._looking.cancel()
            self._fields.key.eye.setChecked(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange and self._shown is not None:
            self._show_choices()
            self._show_connection()
            self._answers.retranslate()

    # Choosing a connection

    def _on_region_chosen(self, index: int) -> None:
        chosen = self._fields.region.itemData(index)
        if chosen != self._book.current.id:
            self._book.select(chosen)

    def _on_book_changed(self) -> None:
        current = self._book.current
        if current != self._shown:
            self._stop_asking()
            self._answers.clear()
            self._reading = None
        self._shown = current
        self._show_choices()
        self._show_connection()
        self._look_for_key(current)

    def _show_choices(self) -> None:
        region = self._fields.region
        region.blockSignals(True)
        region.clear()
        for connection in self._book.choices:
            region.addItem(connection_name(connection), connection.id)
        region.setCurrentIndex(region.findData(self._book.current.id))
        region.blockSignals(False)

    def _show_connection(self) -> None:
        current = self._book.current
        where = self.tr("Messages and the key go to {host} and nowhere else.")
        if current.source is ConnectionSource.DEMO:
            where = self.tr("The demo runs on this computer. Nothing leaves it.")
        where = where.replace("{host}", current.host)
        self._fields.host.setText(where)
        self._fields.region.setAccessibleDescription(where)
        region = find_region(current.id)
        self._fields.link.setVisible(region is not None)
        if region is not None:
            opens = self.tr("Opens {page} in the browser")
            opens = opens.replace("{page}", QUrl(region.key_page).host())
            self._fields.link.setToolTip(opens)
            self._fields.link.setAccessibleDescription(opens)
        self._show_key_state()

    def _on_link_clicked(self) -> None:
        region = find_region(self._book.current.id)
        if region is not None:
            open_external(region.key_page, self, ask=False)

    # The key that is known

    def _look_for_key(self, connection: Connection) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._tasks.start(self._look(connection), "look for a key")

    async def _look(self, connection: Connection) -> None:
        reading = await self._book.key(connection)
        if connection == self._book.current:
            self._reading = reading
            self._show_key_state()

    def _show_key_state(self) -> None:
        current, reading = self._book.current, self._reading
        given = self._book.environment_key(current)
        known = reading is not None and reading.key is not None
        fixed = self._doctor.is_given(current)
        self._fields.key.set_fixed(fixed)
        self._fields.key.field.setPlaceholderText(self._placeholder())
        self._fields.save.setVisible(not fixed)
        self._fields.remove.setVisible(known and not fixed)
        state = self._state_text()
        self._fields.state.setText(state)
        self._fields.key.field.setAccessibleDescription(state)
        usable = bool(given) or known or not current.needs_key
        if usable != self._is_usable:
            self._is_usable = usable
            self.usable_changed.emit(usable)

    def _placeholder(self) -> str:
        current, reading = self._book.current, self._reading
        if current.source is not ConnectionSource.DEMO:
            key = self._book.environment_key(current) or (reading.key if reading else None)
            if key:
                return masked(key)
        if self._doctor.is_given(current):
            return self.tr("No key needed")
        return self.tr("Paste your key") if current.needs_key else self.tr("Optional")

    def _state_text(self) -> str:
        current, reading = self._book.current, self._reading
        if current.source is ConnectionSource.DEMO:
            return self.tr("The demo needs no key.")
        if self._book.environment_key(current):
            return self.tr("From the environment; used for this run and never stored.")
        if current.source is ConnectionSource.ENVIRONMENT:
            return self.tr("The environment gives an address without a key.")
        if reading is None:
            return self.tr("Looking in the system keyring…")
        if reading.key is not None:
            if reading.kept:
                return self.tr("Stored in the system keyring. A new key replaces it.")
            return self.tr("Kept for this run only.")
        if reading.state is not KeyringState.READY:
            return keyring_text(key_texts.UNREADABLE[reading.state])
        if not current.needs_key:
            return self.tr("No key stored; this server may not need one.")
        return self.tr("No key yet.")

    # Storing and removing

    def _on_edited(self) -> None:
        self._stop_asking()
        self._answers.clear()

    def _typed_key(self) -> str | None:
        """The key in the field; ``None`` when it cannot be one, which has been said then."""
        try:
            key = clean_key(self._fields.key.field.text())
        except KeyTextError as error:
            self._answers.bad_character(error.character_name, error.position + 1)
            self.focus_key()
            return None
        if key:
            remember_secret(key)
        return key

    def _on_save(self) -> None:
        current = self._book.current
        if self._doctor.is_given(current) or not self._fields.save.isEnabled():
            return
        key = self._typed_key()
        if key == "":
            self._answers.enter_key()
            self.focus_key()
        elif key is not None:
            self._store(current, key)

    def _store(self, connection: Connection, key: str) -> None:
        self._stop_asking()
        self._fields.save.setEnabled(False)
        self._answers.storing()
        # Not ended when the form is hidden: what a person asked to keep is kept.
        self._tasks.start(self._write(connection, key), "store a key")

    async def _write(self, connection: Connection, key: str) -> None:
        try:
            writing = await self._doctor.keep(connection, key)
        finally:
            self._fields.save.setEnabled(True)
        # Another connection may have been chosen meanwhile; its field is not this key's.
        if connection == self._book.current:
            self._fields.key.clear()
            self._answers.stored(writing)
        self.key_saved.emit(writing.kept)

    def _on_remove(self) -> None:
        connection = self._book.current
        question = self.tr("Remove the key for {name}?")
        confirm(
            self,
            question.replace("{name}", connection_name(connection)),
            self.tr("It is taken out of the system keyring. This cannot be undone."),
            self.tr("Remove key"),
            lambda: self._start_removing(connection),
        )

    def _start_removing(self, connection: Connection) -> None:
        self._stop_asking()
        self._tasks.start(self._delete(connection), "remove a key")

    async def _delete(self, connection: Connection) -> None:
        writing = await self._keys.delete(connection.key_account)
        self._answers.removed(writing)
        self._book.announce_key_change()

    # Testing

    def _on_test(self) -> None:
        key = self._typed_key()
        if key is not None:
            self._ask(self._book.current, key, elsewhere=False)

    def _ask(self, connection: Connection, key: str, *, elsewhere: bool) -> None:
        """Test ``key`` at ``connection``; when it is empty, the one that is known for it."""
        self._stop_asking()
        self._answers.asking(connection)
        self._fields.test.setEnabled(False)
        self._asking = self._tasks.start(
            self._ask_and_say(connection, key, elsewhere=elsewhere), "test a key"
        )

    async def _ask_and_say(self, connection: Connection, key: str, *, elsewhere: bool) -> None:
        key = key or await self._doctor.key(connection)
        if not key and connection.needs_key:
            self._answers.enter_key()
        else:
            check = await self._doctor.ask(connection, key)
            if check.error is None and elsewhere:
                self._answers.belongs_elsewhere(
                    connection, check, lambda: self._switch_to(connection, key)
                )
            elif elsewhere and check.error and check.error.kind is ErrorKind.INVALID_KEY:
                self._answers.belongs_nowhere(connection, check.error)
            elif check.error is None:
                self._answers.works(connection, check, with_key=bool(key))
            else:
                self._say_failed(connection, check.error, None if elsewhere else key)
        self._asking = None
        self._fields.test.setEnabled(True)

    def _say_failed(self, connection: Connection, error: ErrorRecord, key: str | None) -> None:
        """Say why; offer to ask the other region about ``key`` unless that was done already."""
        other = self._doctor.other_region(connection)
        if key is None or other is None:
            self._answers.failed(connection, error)
        else:
            self._answers.failed(
                connection, error, other, lambda: self._ask(other, key, elsewhere=True)
            )

    def _stop_asking(self) -> None:
        """Take back the question that is open, if there is one."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
            self._fields.test.setEnabled(True)
            self._answers.clear()

    def _switch_to(self, other: Connection, key: str) -> None:
        self._book.select(other.id)
        if not self._doctor.is_given(other):
            self._store(other, key)
