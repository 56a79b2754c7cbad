"""The way between a session and the thinking pane: which turn is shown there, and how it stands.

Also what is known of a turn only while it runs: the questions that stand, and how far tools are.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop_app.chat.events import Status
from desktop_app.chat.session import ChatSession
from desktop_app.domain.delta import Delta
from desktop_app.domain.message import Message, Role
from desktop_app.domain.tool import ToolProgress
from desktop_app.ui.conversation.tool_calls import AT_REST, Live
from desktop_app.ui.conversation.turns import turn_with
from desktop_app.ui.session_bridge import SessionBridge
from desktop_app.ui.thinking.pane import ThinkingPane


class Chain(QObject):
    """Keeps the pane at the turn that is selected or runs.

    Signals:
        calls_changed(): Calls of the turn that runs stand another way.
    """

    calls_changed = Signal()

    def __init__(self, pane: ThinkingPane, bridge: SessionBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._pane = pane
        self._session: ChatSession | None = None
        self._progress: dict[str, ToolProgress] = {}
        self._stage = (False, 0, 0)
        bridge.approval_asked.connect(self._on_calls_changed)
        bridge.approval_settled.connect(self._on_calls_changed)
        bridge.tool_progressed.connect(self._on_progress)

    def show(self, session: ChatSession) -> None:
        """Follow ``session`` from now on, at the end of its branch."""
        self._session = session
        self._progress.clear()

    @property
    def live(self) -> Live:
        """What is known of the turn that runs."""
        session = self._session
        if session is None:
            return AT_REST
        if not session.is_busy:
            return Live(can_continue=session.can_continue)
        waiting = frozenset(approval.call_id for approval in session.approvals)
        return Live(True, waiting, dict(self._progress), session.status.rounds)

    def show_turn_of(self, message_id: str, *, anew: bool = False) -> None:
        """Show the turn that a message belongs to; ``anew`` even if it is shown."""
        turn = turn_with(self._messages, message_id)
        spoken = [message for message in turn if message.role is not Role.USER]
        first = spoken[0].id if spoken else ""
        if anew or not first or first != self._pane.turn_id:
            self._pane.show_turn(spoken, self._live_of(turn))

    def add(self, message: Message) -> None:
        """A message came; where its turn is shown, it joins it, and else its turn is shown."""
        turn = turn_with(self._messages, message.id)
        if self._pane.turn_id in [each.id for each in turn]:
            self._pane.set_live(self._live_of(turn))
            self._pane.add_message(message)
        else:
            self.show_turn_of(message.id, anew=True)

    def grow(self, message_id: str, deltas: Sequence[Delta]) -> None:
        """Take what arrived for a message, if its turn is shown."""
        shown = self._pane.timeline.messages
        session = self._session
        if shown and shown[-1].id == message_id and session is not None:
            self._pane.add_deltas(deltas, lambda: session.messages[-1])

    def finish(self, message: Message) -> None:
        """Bring a message that streamed to its final form, if its turn is shown."""
        if any(shown.id == message.id for shown in self._pane.timeline.messages):
            self._pane.add_message(message)

    def note_status(self, status: Status) -> None:
        """A round may have begun, or the turn ended: what is known of it is told anew."""
        stage = (status.phase.is_busy, status.round, status.rounds)
        if stage == self._stage:
            return
        self._stage = stage
        if not status.phase.is_busy:
            self._progress.clear()
        self._tell()

    def _live_of(self, turn: Sequence[Message]) -> Live:
        """What is known of a turn: nothing beside its messages, unless it is the last one."""
        messages = self._messages
        return self.live if turn and messages and turn[-1].id == messages[-1].id else AT_REST

    def _tell(self) -> None:
        self._tell_pane()
        self.calls_changed.emit()

    def _tell_pane(self) -> None:
        self._pane.set_live(self._live_of(self._pane.timeline.messages))

    def _on_calls_changed(self, _about: object) -> None:
        self._tell()

    def _on_progress(self, call_id: str, progress: ToolProgress) -> None:
        self._progress[call_id] = progress
        self._tell_pane()

    @property
    def _messages(self) -> Sequence[Message]:
        return self._session.messages if self._session is not None else ()
