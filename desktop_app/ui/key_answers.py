"""What is said about a key: each outcome of storing, removing and testing as a notice."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop_app.chat import error_text as texts
from desktop_app.chat.key_check import KeyCheck
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.keyring_state import KeyringState, KeyWriting
from desktop_app.ui import error_text, key_texts
from desktop_app.ui.notice import Notice, NoticeKind


def connection_name(connection: Connection) -> str:
    """Return what a connection is called, in the language of the window."""
    if connection.source is ConnectionSource.CUSTOM:
        return connection.name
    return QCoreApplication.translate("Regions", connection.name)


def keyring_text(text: str) -> str:
    """Return a sentence of :mod:`desktop_app.ui.key_texts` in the language of the window."""
    return QCoreApplication.translate("Keyring", text) if text else ""


class KeyAnswers(QObject):
    """Says outcomes in a notice, and says the last one again when the language changes."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self._notice = notice
        self._say_again: Callable[[], None] = notice.clear

    def retranslate(self) -> None:
        """Say the same in the present language."""
        self._say_again()

    def clear(self) -> None:
        """Say nothing."""
        self._say(self._notice.clear)

    def enter_key(self) -> None:
        """Nothing was entered, and nothing is known."""
        self._say(
            lambda: self._notice.show_message(NoticeKind.WARNING, self.tr("Enter a key first."))
        )

    def bad_character(self, name: str, position: int) -> None:
        """The character ``name`` stands at ``position``, counted from one."""

        def say() -> None:
            sentence = self.tr("This cannot be a key: character {position} is {name}.")
            self._notice.show_message(
                NoticeKind.ERROR,
                sentence.replace("{position}", str(position)).replace("{name}", name),
                self.tr("Copy the key again, straight from the page that shows it."),
            )

        self._say(say)

    def storing(self) -> None:
        """The keyring was asked to keep a key."""
        self._say(
            lambda: self._notice.show_message(
                NoticeKind.WORKING,
                self.tr("Storing the key…"),
                self.tr("The system may ask for the keyring’s password."),
            )
        )

    def stored(self, writing: KeyWriting) -> None:
        """The keyring has kept the key, or the key lives for this run."""
        state = writing.state
        if not writing.kept and state is KeyringState.READY:
            state = KeyringState.FAILED

        def say() -> None:
            self._notice.show_message(
                NoticeKind.SUCCESS if writing.kept else NoticeKind.WARNING,
                keyring_text(key_texts.SAVED[state]),
                "" if writing.kept else keyring_text(key_texts.REASONS[state]),
                details="" if writing.kept else writing.detail,
            )

        self._say(say)

    def removed(self, writing: KeyWriting) -> None:
        """The key is gone, or may be where the keyring could not be reached."""

        def say() -> None:
            self._notice.show_message(
                NoticeKind.WARNING if writing.kept else NoticeKind.SUCCESS,
                keyring_text(key_texts.MAY_REMAIN if writing.kept else key_texts.REMOVED),
                keyring_text(key_texts.UNREADABLE[writing.state]) if writing.kept else "",
            )

        self._say(say)

    def asking(self, connection: Connection) -> None:
        """A server was asked."""

        def say() -> None:
            asking = self.tr("Asking {host}…")
            self._notice.show_message(NoticeKind.WORKING, asking.replace("{host}", connection.host))

        self._say(say)

    def works(self, connection: Connection, check: KeyCheck, *, with_key: bool = True) -> None:
        """The server took the key, or answered without one."""

        def say() -> None:
            sentence = self.tr("The key works.") if with_key else self.tr("The server answers.")
            self._notice.show_message(NoticeKind.SUCCESS, sentence, self._answer(connection, check))

        self._say(say)

    def belongs_elsewhere(
        self, other: Connection, check: KeyCheck, switch: Callable[[], None]
    ) -> None:
        """The other region took the key; ``switch`` uses it there from now on."""

        def say() -> None:
            name = connection_name(other)
            self._notice.show_message(
                NoticeKind.SUCCESS,
                self.tr("The key belongs to {name}.").replace("{name}", name),
                self._answer(other, check),
                action=(self.tr("Use {name} with this key").replace("{name}", name), switch),
            )

        self._say(say)

    def belongs_nowhere(self, other: Connection, error: ErrorRecord) -> None:
        """The other region refused the key as well."""

        def say() -> None:
            said = self.tr("{name} does not accept the key either: it belongs to neither region.")
            self._notice.show_message(
                NoticeKind.ERROR,
                said.replace("{name}", connection_name(other)),
                self.tr("Make a new key on the page of your region, and copy it whole."),
                details=texts.details(error),
            )

        self._say(say)

    def failed(
        self,
        connection: Connection,
        error: ErrorRecord,
        other: Connection | None = None,
        try_other: Callable[[], None] | None = None,
    ) -> None:
        """The server refused or could not be asked.

        ``other`` is offered when the key may be one of that region; it is asked on consent only.
        """
        record = error if error.host else replace(error, host=connection.host)

        def say() -> None:
            action = None
            if record.kind is ErrorKind.INVALID_KEY and other is not None and try_other:
                offer = self.tr("Ask {host} about this key").replace("{host}", other.host)
                action = (offer, try_other)
            self._notice.show_message(
                NoticeKind.ERROR,
                error_text.sentence(record),
                error_text.advice(record),
                details=texts.details(record) if record.detail or record.code else "",
                action=action,
            )

        self._say(say)

    def _answer(self, connection: Connection, check: KeyCheck) -> str:
        template = self.tr("{host} answered in {ms} ms and lists {count} models.")
        if len(check.models) == 1:
            template = self.tr("{host} answered in {ms} ms and lists one model: {model}.")
        elif not check.models:
            template = self.tr("{host} answered in {ms} ms and lists no models.")
        locale = QLocale()
        return (
            template.replace("{host}", connection.host)
            .replace("{ms}", locale.toString(check.milliseconds))
            .replace("{count}", locale.toString(len(check.models)))
            .replace("{model}", check.models[0] if check.models else "")
        )

    def _say(self, say: Callable[[], None]) -> None:
        self._say_again = say
        say()
