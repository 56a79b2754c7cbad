"""Arriving at a hit: the page shows the place, and where it cannot, a word says why."""

from PySide6.QtCore import QObject, Signal

from desktop_app.chat.session import ChatSession
from desktop_app.domain.search import Hit, Scope
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.search.searching import Searching
from desktop_app.ui.toast import Toast


class Arriving(QObject):
    """Brings a hit into sight once its conversation is shown.

    Signals:
        thinking_wanted(): The hit is in the thinking, which may be hidden.
    """

    thinking_wanted = Signal()

    def __init__(self, searching: Searching, page: ConversationPage, toast: Toast) -> None:
        super().__init__(searching)
        self._page = page
        self._toast = toast
        searching.arrived.connect(self._on_arrived)
        searching.restored.connect(self._on_restored)

    def _on_arrived(self, session: ChatSession, hit: Hit, query: str) -> None:
        if all(message.id != hit.message_id for message in session.messages):
            self._toast.say(
                self.tr("This place is on another branch, which can be shown after the answer.")
            )
            return
        if hit.scope in {Scope.THINKING, Scope.TOOLS}:
            self.thinking_wanted.emit()
        self._page.reveal(hit.message_id, hit.position, query)

    def _on_restored(self) -> None:
        self._toast.say(self.tr("Conversation taken out of the trash"))
