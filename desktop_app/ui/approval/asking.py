"""Puts the questions of the session that is shown on its card, and the answers into the session."""

from PySide6.QtCore import QObject

from desktop_app.chat.session import ChatSession
from desktop_app.domain.tool import Decision
from desktop_app.ui.approval.card import ApprovalCard
from desktop_app.ui.session_bridge import SessionBridge


class Asking(QObject):
    """Ties one card to one session at a time."""

    def __init__(self, card: ApprovalCard, bridge: SessionBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._card = card
        self._session: ChatSession | None = None
        card.decided.connect(self._on_decided)
        bridge.approval_asked.connect(self._show_questions)
        bridge.approval_settled.connect(self._show_questions)

    def show(self, session: ChatSession) -> None:
        """Ask what ``session`` asks from now on."""
        self._session = session
        # What stands on the card belongs to another conversation.
        self._card.show_questions(())
        self._show_questions()

    def _show_questions(self, _about: object = None) -> None:
        if self._session is not None:
            self._card.show_questions(self._session.approvals)

    def _on_decided(self, call_id: str, decision: Decision, reason: str) -> None:
        if self._session is not None:
            self._session.decide(call_id, decision, reason)
