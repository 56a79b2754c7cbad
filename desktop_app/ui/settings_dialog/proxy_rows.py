"""The rows about the proxy that are more than a setting: its address, and its password.

The password goes to the keyring and nowhere else. A stored one is never put into the field.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.chat.proxy_login import ProxyLogin
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.keyring_state import KeyReading, KeyringState
from desktop_app.domain.proxy import can_be_password
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import PROXY_URL
from desktop_app.ui.forms import (
    SideBySide,
    link_button,
    muted_label,
    plain_label,
    text_width,
)
from desktop_app.ui.key_answers import keyring_text
from desktop_app.ui.key_fields import KeyInput
from desktop_app.ui.settings_dialog.rows import (
    EDITOR_CHARACTERS,
    LEAST_CHARACTERS_FOR_ONE_LINE,
    SettingRow,
)

_FOR_THIS_RUN: Final[Mapping[KeyringState, str]] = MappingProxyType(
    {
        KeyringState.ABSENT: QT_TRANSLATE_NOOP(
            "Keyring", "Kept for this run only: this system has no keyring that may be used."
        ),
        KeyringState.LOCKED: QT_TRANSLATE_NOOP(
            "Keyring", "Kept for this run only: the keyring is locked. Unlock it and save again."
        ),
        KeyringState.TIMED_OUT: QT_TRANSLATE_NOOP(
            "Keyring",
            "Kept for this run only: the keyring did not answer. It may be asking for its password.",
        ),
        KeyringState.TOO_LONG: QT_TRANSLATE_NOOP(
            "Keyring", "Kept for this run only: it is too long for this keyring."
        ),
    }
)
_FOR_THIS_RUN_OTHERWISE: Final = QT_TRANSLATE_NOOP(
    "Keyring", "Kept for this run only: the keyring did not take it."
)
_NO_ADDRESS: Final = QT_TRANSLATE_NOOP(
    "Keyring", "A password belongs to a proxy: enter the address above first."
)
_NO_PASSWORD: Final = QT_TRANSLATE_NOOP(
    "Keyring", "A password has no control characters and is at most 255 bytes long."
)
_MAY_REMAIN: Final = QT_TRANSLATE_NOOP(
    "Keyring", "The password is forgotten for this run, but may still be in the system keyring."
)
_UNREADABLE: Final[Mapping[KeyringState, str]] = MappingProxyType(
    {
        KeyringState.ABSENT: QT_TRANSLATE_NOOP(
            "Keyring", "No usable keyring: a password entered here is kept for this run only."
        ),
        KeyringState.LOCKED: QT_TRANSLATE_NOOP(
            "Keyring", "The system keyring is locked, so a password in it cannot be read."
        ),
        KeyringState.TIMED_OUT: QT_TRANSLATE_NOOP(
            "Keyring", "The system keyring did not answer. It may be waiting for its password."
        ),
        KeyringState.FAILED: QT_TRANSLATE_NOOP(
            "Keyring", "The system keyring reported an error, so a password in it cannot be read."
        ),
    }
)


class ProxyAddressRow(SettingRow):
    """Edits the proxy's address; a user and password typed into it go where they belong.

    Signals:
        password_typed(str): The address came with this password; it is in no setting.
    """

    password_typed = Signal(str)

    def __init__(self, store: SettingsStore, login: ProxyLogin) -> None:
        self._login = login
        super().__init__(PROXY_URL, store)

    def take(self, value: object) -> None:
        """Take what was typed apart, where there is a login in it."""
        password = self._login.take_apart(str(value))
        super().take(value if password is None else self._store.text(PROXY_URL))
        if password:
            self.password_typed.emit(password)


class PasswordInput(KeyInput):
    """A field for a password with a button that shows what is in it."""

    def names(self) -> tuple[str, str, str]:
        """Return the names of field and button."""
        return (
            self.tr("Password at the proxy"),
            self.tr("Show the password"),
            self.tr("Hide the password"),
        )


class ProxyPasswordRow(QWidget):
    """Keeps and removes the password of the proxy whose address is in the settings.

    Args:
        store: Tells when the address changes.
        login: Reads and keeps it.
    """

    def __init__(self, store: SettingsStore, login: ProxyLogin) -> None:
        super().__init__()
        self._store, self._login = store, login
        self._tasks = TaskScope()
        self._unsubscribe: Callable[[], None] | None = None
        self._reading: KeyReading | None = None
        self._outcome = ""
        self._input = PasswordInput()
        self._label, self._state = plain_label(), muted_label()
        self._label.setBuddy(self._input.field)
        self._save, self._remove = link_button(), link_button()
        self._lay_out()
        self._input.field.submitted.connect(self._on_save)
        self._input.field.textChanged.connect(lambda text: self._save.setVisible(bool(text)))
        self._save.clicked.connect(self._on_save)
        self._remove.clicked.connect(self._on_remove)
        self._retranslate()

    def keep(self, password: str) -> None:
        """Store ``password``, which was typed elsewhere."""
        self._tasks.start(self._keep(password), "keep a proxy's password")

    def matches(self, words: list[str]) -> bool:
        """Whether every one of ``words`` (casefolded) stands somewhere in this row."""
        english = "proxy_password password at the proxy keyring login"
        haystack = f"{english}\n{self._label.text()}\n{self._state.text()}".casefold()
        return all(word in haystack for word in words)

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for the password, and follow the address, while there is someone to see it."""
        super().showEvent(event)
        if self._unsubscribe is None:
            self._unsubscribe = self._store.subscribe(self._on_setting_changed)
            self._look_again()

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing while hidden; what was typed and not saved is saved, as in other rows."""
        super().hideEvent(event)
        if not event.spontaneous() and self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
            if self._input.field.text():
                self._on_save()
            if self._login.proxy is None:
                self._input.clear()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_setting_changed(self, key: str) -> None:
        if key == PROXY_URL.key:
            self._look_again()

    def _look_again(self) -> None:
        self._reading, self._outcome = None, ""
        self._show_state()
        self._tasks.start(self._look(), "look for a proxy's password")

    async def _look(self) -> None:
        address = self._store.text(PROXY_URL)
        reading = await self._login.read()
        if address == self._store.text(PROXY_URL):
            self._reading = reading
            self._show_state()

    def _on_save(self) -> None:
        password = self._input.field.text()
        if self._login.proxy is None:
            self._say(_NO_ADDRESS)
        elif not can_be_password(password):
            self._say(_NO_PASSWORD)
        elif password:
            self.keep(password)

    def _say(self, outcome: str) -> None:
        self._outcome = outcome
        self._show_state()

    async def _keep(self, password: str) -> None:
        address = self._store.text(PROXY_URL)
        writing = await self._login.keep(password)
        if address != self._store.text(PROXY_URL):
            return
        self._input.clear()
        self._reading = KeyReading(password, writing.state, kept=writing.kept)
        otherwise = _FOR_THIS_RUN.get(writing.state, _FOR_THIS_RUN_OTHERWISE)
        self._say("" if writing.kept else otherwise)

    def _on_remove(self) -> None:
        self._tasks.start(self._forget(), "remove a proxy's password")

    async def _forget(self) -> None:
        writing = await self._login.remove()
        self._reading = KeyReading(None, writing.state)
        # The button that had the focus is gone now.
        self._input.field.setFocus()
        self._say(_MAY_REMAIN if writing.kept else "")

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        title = QHBoxLayout()
        title.setSpacing(6)
        title.addWidget(self._label, 1)
        title.addWidget(self._save)
        title.addWidget(self._remove)
        words.addLayout(title)
        words.addWidget(self._state)
        self._input.setMinimumWidth(text_width(EDITOR_CHARACTERS))
        self._save.hide()
        pair = SideBySide(LEAST_CHARACTERS_FOR_ONE_LINE)
        pair.row.setSpacing(10)
        pair.row.addLayout(words, 1)
        pair.row.addWidget(self._input, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.addWidget(pair)

    def _show_state(self) -> None:
        known = self._reading is not None and self._reading.key is not None
        self._remove.setVisible(known)
        self._input.field.setPlaceholderText("••••••••" if known else "")
        state = self._state_text()
        self._state.setText(state)
        self._input.field.setAccessibleDescription(state)

    def _state_text(self) -> str:
        reading = self._reading
        if self._outcome:
            return keyring_text(self._outcome)
        if self._login.proxy is None:
            return self.tr("Goes with the address above, and is kept in the system keyring.")
        if reading is None:
            return self.tr("Looking in the system keyring…")
        if reading.key is not None:
            if reading.kept:
                return self.tr("Stored in the system keyring. A new one replaces it.")
            return self.tr("Kept for this run only.")
        if reading.state in _UNREADABLE:
            return keyring_text(_UNREADABLE[reading.state])
        return self.tr(
            "None yet. It goes to the system keyring; only an https:// proxy receives it encrypted."
        )

    def _retranslate(self) -> None:
        self._label.setText(self.tr("Password at the proxy"))
        self._save.setText(self.tr("Save"))
        self._save.setAccessibleName(self.tr("Save the password"))
        self._remove.setText(self.tr("Remove"))
        self._remove.setAccessibleName(self.tr("Remove the password"))
        self._show_state()
