"""What a person writes in a conversation: drafts, messages that wait, editing an earlier one.

Ties the composer, and what stands above it, to the session that is shown. What is typed is kept as
it is typed; the text of a composition that an input method has not finished is no part of it.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.chat.drafts import Drafts
from desktop_app.chat.library import Library
from desktop_app.chat.outbox import Outbox
from desktop_app.chat.session import ChatSession
from desktop_app.chat.turns import begins_turn
from desktop_app.domain.draft import Draft
from desktop_app.domain.message import Message
from desktop_app.ui.composer.composer import Composer
from desktop_app.ui.composer.edit_banner import EditBanner
from desktop_app.ui.composer.waiting import WaitingCards


class Writing(QObject):
    """The writing side of a conversation's page.

    Args:
        composer: Where the person writes.
        library: Has the drafts and what waits.
        parent: The page.
    """

    refused = Signal()
    """An edit cannot be sent while an answer is on its way; its text stays."""

    def __init__(self, composer: Composer, library: Library, parent: QWidget) -> None:
        super().__init__(parent)
        self._composer = composer
        self._library = library
        self._session: ChatSession | None = None
        self._outbox: Outbox | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._is_loading = False
        self.cards = WaitingCards()
        self.banner = EditBanner()
        self.above = QWidget()
        column = QVBoxLayout(self.above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.cards)
        column.addWidget(self.banner)
        composer.text_changed.connect(self._on_text_changed)
        composer.submitted.connect(self.submit)
        composer.edit_last_requested.connect(self.edit_last)
        composer.edit_left.connect(self.leave_edit)
        self.banner.left.connect(self.leave_edit)
        self.cards.rewritten.connect(self._on_rewritten)
        self.cards.removed.connect(self._on_removed)
        self.cards.send_requested.connect(self._on_send_requested)

    @property
    def is_editing(self) -> bool:
        """Whether a message is being edited."""
        return bool(self._draft.editing)

    def show(self, session: ChatSession) -> None:
        """Write in ``session`` from now on, where its draft stands."""
        # What an input method is composing belongs to the conversation it was begun in.
        QGuiApplication.inputMethod().commit()
        self._drafts.flush_soon()
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._session = session
        self._outbox = self._library.outbox(session.conversation.id)
        self._unsubscribe = self._outbox.subscribe(self._show_waiting)
        self._show_waiting()
        if self.is_editing and self._own(self._draft.editing) is None:
            self._keep_edit_as_text()
        self._show_draft()

    def submit(self, text: str) -> None:
        """Send ``text``, or let it wait; what cannot be sent stays in the box."""
        if self._outbox is None:
            return
        editing = self._draft.editing
        if not editing:
            if self._outbox.submit(text):
                # At once: what was sent must not stand in the box again after a kill.
                self._set_draft(replace(self._draft, text=""), at_once=True)
                self._show_draft()
                self._composer.focus_text()
        elif self._outbox.edit(editing, text):
            self._end_edit()
        else:
            self.refused.emit()

    def send_starter(self, text: str) -> None:
        """Send ``text``, which the person chose and did not write; the draft stays."""
        if self._outbox is not None:
            self._outbox.submit(text)

    def edit(self, message_id: str) -> None:
        """Let the person change a message that is shown; what stands in the box comes back later."""
        message = self._own(message_id)
        if message is None:
            return
        self._set_draft(replace(self._draft, editing=message.id, edited=message.text))
        self._show_draft()
        self._composer.focus_text()

    def edit_last(self) -> None:
        """Let the person change the last message of their own."""
        messages = self._session.messages if self._session is not None else ()
        for message in reversed(messages):
            if begins_turn(message):
                self.edit(message.id)
                return

    def leave_edit(self) -> bool:
        """Leave the message as it was; say whether one was being edited."""
        if not self.is_editing:
            return False
        self._end_edit()
        return True

    def follow_branch(self) -> None:
        """Another branch is shown: a message that is not there any more cannot be edited."""
        if self.is_editing and self._own(self._draft.editing) is None:
            self._keep_edit_as_text()
            self._show_draft()

    @property
    def _drafts(self) -> Drafts:
        return self._library.drafts

    @property
    def _draft(self) -> Draft:
        if self._session is None:
            return Draft()
        return self._drafts.of(self._session.conversation.id)

    def _set_draft(self, draft: Draft, *, at_once: bool = False) -> None:
        if self._session is not None:
            self._drafts.keep(self._session.conversation.id, draft, at_once=at_once)

    def _own(self, message_id: str) -> Message | None:
        """Return a message of the person that is shown, or nothing."""
        messages = self._session.messages if self._session is not None else ()
        for message in reversed(messages):
            if message.id == message_id:
                return message if begins_turn(message) else None
        return None

    def _end_edit(self) -> None:
        self._set_draft(replace(self._draft, editing="", edited=""), at_once=True)
        self._show_draft()
        self._composer.focus_text()

    def _keep_edit_as_text(self) -> None:
        """End an edit whose message is gone; what was written is not lost with it."""
        draft = self._draft
        self._set_draft(replace(draft, text=draft.text or draft.edited, editing="", edited=""))

    def _show_draft(self) -> None:
        draft = self._draft
        original = self._own(draft.editing) if draft.editing else None
        self._is_loading = True
        try:
            self._composer.set_editing(bool(draft.editing))
            self._composer.set_text(draft.edited if draft.editing else draft.text)
        finally:
            self._is_loading = False
        if original is not None:
            self.banner.show_editing(original.text)
        else:
            self.banner.hide()

    def _show_waiting(self) -> None:
        if self._outbox is not None:
            self.cards.show_waiting(self._outbox.waiting, held=self._outbox.is_held)

    def _on_text_changed(self) -> None:
        if self._is_loading or self._session is None:
            return
        text, draft = self._composer.text, self._draft
        self._set_draft(replace(draft, edited=text) if draft.editing else replace(draft, text=text))

    def _on_rewritten(self, message_id: str, text: str) -> None:
        if self._outbox is not None:
            self._outbox.rewrite(message_id, text)

    def _on_removed(self, message_id: str) -> None:
        if self._outbox is not None:
            self._outbox.remove(message_id)
            self._composer.focus_text()

    def _on_send_requested(self) -> None:
        if self._outbox is not None and self._outbox.send():
            self._composer.focus_text()
