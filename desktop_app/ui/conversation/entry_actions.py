"""What the buttons of the transcript do: each press becomes a call on the session, or a signal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app.chat.error_actions import settings_page
from desktop_app.chat.error_text import details
from desktop_app.chat.session import ChatSession
from desktop_app.domain.message import Message, Role
from desktop_app.settings.table import Page
from desktop_app.ui.conversation import entries
from desktop_app.ui.conversation.turns import answer_with, text_of_answer
from desktop_app.ui.conversation.writing import Writing
from desktop_app.ui.wire_view.opening import WireOpener


class EntryActions(QObject):
    """Acts for the entries of the session that is shown.

    Args:
        wire: Opens what went over the wire.
        writing: Where a message is edited.
        compare: Opens the versions of a message side by side.
        owner_of_versions: Says whose versions are shown at a message.
        parent: The page.
    """

    settings_requested = Signal(Page)
    calls_chosen = Signal(str)
    """The calls of a message are wanted in the timeline."""
    other_region_requested = Signal()
    region_question_requested = Signal(str)
    refused = Signal()
    """Not while an answer is on its way."""

    def __init__(
        self,
        wire: WireOpener,
        writing: Writing,
        compare: Callable[[ChatSession, str], None],
        owner_of_versions: Callable[[str], str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._wire = wire
        self._writing = writing
        self._compare = compare
        self._owner_of_versions = owner_of_versions
        self._session: ChatSession | None = None

    def show(self, session: ChatSession) -> None:
        """Act on ``session`` from now on."""
        self._session = session

    def press(self, entry_id: str, action: str) -> None:
        """Do what the button ``action`` of an entry says."""
        session, message_id = self._session, entries.message_id_of(entry_id)
        message = self._message(message_id)
        if session is None or message is None:
            return
        versioned = self._owner_of_versions(message_id)
        answer = answer_with(session.messages, message_id)
        changing: dict[str, Callable[[], bool]] = {
            entries.RETRY: lambda: session.retry(message_id),
            entries.CONTINUE: session.continue_answer,
            entries.PREVIOUS_VERSION: lambda: self._show_version(session, versioned, -1),
            entries.NEXT_VERSION: lambda: self._show_version(session, versioned, 1),
            entries.DELETE_VERSION: lambda: session.delete_branch(versioned),
        }
        telling: dict[str, Callable[[], object]] = {
            entries.EDIT: lambda: self._writing.edit(message_id),
            entries.COMPARE: lambda: self._compare(session, versioned),
            entries.CALLS: lambda: self.calls_chosen.emit(message_id),
            entries.WIRE: lambda: self.open_wire(message_id),
            entries.COPY: lambda: _copy(text_of_answer(answer)),
            entries.OPEN_SETTINGS: lambda: self._ask_for_settings(message),
            entries.OTHER_REGION: self.other_region_requested.emit,
            entries.ASK_OTHER_REGION: lambda: self._ask_other_region(message),
            entries.COPY_REPORT: lambda: _copy(details(message.error) if message.error else ""),
        }
        if action in changing:
            if not changing[action]() and session.is_busy:
                self.refused.emit()
        elif action in telling:
            telling[action]()

    def copy_last_answer(self) -> None:
        """Put the last answer on the clipboard, as the Markdown it came as."""
        messages = self._session.messages if self._session else ()
        for message in reversed(messages):
            if message.role is Role.ASSISTANT and message.text:
                _copy(text_of_answer(answer_with(messages, message.id)))
                return

    def open_wire_of_last_answer(self) -> None:
        """Show what went over the wire for the last answer."""
        for message in reversed(self._session.messages if self._session else ()):
            if message.role is Role.ASSISTANT:
                self.open_wire(message.id)
                return

    def open_wire(self, message_id: str) -> None:
        """Show what went over the wire for a message."""
        if self._session is not None:
            self._wire.open_for(message_id, self._session.resend)

    def _message(self, message_id: str) -> Message | None:
        messages = self._session.messages if self._session is not None else ()
        return next((m for m in reversed(messages) if m.id == message_id), None)

    def _show_version(self, session: ChatSession, message_id: str, step: int) -> bool:
        versions = session.branches.versions(message_id)
        wanted = versions.previous if step < 0 else versions.next
        return wanted is None or session.show_branch(wanted)

    def _ask_for_settings(self, message: Message) -> None:
        error = message.error
        self.settings_requested.emit(settings_page(error) if error else Page.CONNECTION)

    def _ask_other_region(self, message: Message) -> None:
        if message.error is not None:
            self.region_question_requested.emit(message.error.host or "")


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
