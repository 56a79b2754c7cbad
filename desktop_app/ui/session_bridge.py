"""The only crossing from a session's events to Qt signals; both live on the same thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop_app.chat.events import (
    ApprovalAsked,
    ApprovalSettled,
    BranchDeleted,
    BranchShown,
    BranchTrouble,
    ConversationChanged,
    DeltasArrived,
    Event,
    MessageAdded,
    MessageFinished,
    MessageRemoved,
    StatusChanged,
    StorageTrouble,
    ToolProgressed,
    WishesChanged,
)
from desktop_app.chat.session import ChatSession


class SessionBridge(QObject):
    """Forwards the events of one session at a time."""

    message_added = Signal(object)
    message_removed = Signal(str)
    branch_shown = Signal(object)
    branch_deleted = Signal(str)
    branch_trouble = Signal(str)
    deltas_arrived = Signal(str, tuple)
    message_finished = Signal(object)
    approval_asked = Signal(object)
    approval_settled = Signal(str)
    tool_progressed = Signal(str, object)
    status_changed = Signal(object)
    conversation_changed = Signal(object)
    wishes_changed = Signal(tuple)
    storage_trouble = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsubscribe: Callable[[], None] | None = None

    def watch(self, session: ChatSession | None) -> None:
        """Forward the events of ``session`` from now on, and of no other."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._unsubscribe = session.subscribe(self._forward) if session is not None else None

    def _forward(self, event: Event) -> None:
        match event:
            case DeltasArrived(message_id, deltas):
                self.deltas_arrived.emit(message_id, deltas)
            case MessageAdded(message):
                self.message_added.emit(message)
            case MessageRemoved(message_id):
                self.message_removed.emit(message_id)
            case BranchShown():
                self.branch_shown.emit(event)
            case BranchDeleted(message_id):
                self.branch_deleted.emit(message_id)
            case BranchTrouble(detail):
                self.branch_trouble.emit(detail)
            case MessageFinished(message):
                self.message_finished.emit(message)
            case ApprovalAsked(approval):
                self.approval_asked.emit(approval)
            case ApprovalSettled(call_id):
                self.approval_settled.emit(call_id)
            case ToolProgressed(call_id, progress):
                self.tool_progressed.emit(call_id, progress)
            case StatusChanged(status):
                self.status_changed.emit(status)
            case ConversationChanged(conversation):
                self.conversation_changed.emit(conversation)
            case WishesChanged(messages):
                self.wishes_changed.emit(messages)
            case StorageTrouble(detail):
                self.storage_trouble.emit(detail)
