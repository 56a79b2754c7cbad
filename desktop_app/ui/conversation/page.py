"""The page of one conversation: the only part of the window that knows a session.

The widgets on it show and signal; this container turns what they signal into calls on the session,
and what the session tells into calls on the widgets.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.chat.events import BranchShown, Status
from desktop_app.chat.library import Library
from desktop_app.chat.session import ChatSession
from desktop_app.domain.connection import Connection
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.delta import (
    TEXT_WAS_THINKING,
    Delta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
    ToolResultDelta,
)
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Message, Role
from desktop_app.settings.table import Page
from desktop_app.ui.approval.asking import Asking
from desktop_app.ui.approval.card import ApprovalCard
from desktop_app.ui.compare.opening import CompareOpener
from desktop_app.ui.composer.composer import Composer
from desktop_app.ui.conversation.chain import Chain
from desktop_app.ui.conversation.entries import message_id_of
from desktop_app.ui.conversation.entry_actions import EntryActions
from desktop_app.ui.conversation.header import Header
from desktop_app.ui.conversation.jump_button import JumpButton
from desktop_app.ui.conversation.revealing import entry_of, words_to_mark
from desktop_app.ui.conversation.shown_messages import ShownMessages
from desktop_app.ui.conversation.starters import Starters
from desktop_app.ui.conversation.usage_text import totals
from desktop_app.ui.conversation.writing import Writing
from desktop_app.ui.error_text import sentence, store_sentence
from desktop_app.ui.finding import Finding
from desktop_app.ui.session_bridge import SessionBridge
from desktop_app.ui.status_line import StatusLine
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.transcript.swapping import swap_entries
from desktop_app.ui.transcript.view import BlockView
from desktop_app.ui.wire_view.opening import LoadExchanges, WireOpener

_READABLE_WIDTH: Final = 820
_MARGIN: Final = 20
_MOST_OF_HEIGHT: Final = 0.55
"""Of the page, for the card of a question."""
_COUNTING_DELAY_MS: Final = 50


class ConversationPage(QWidget):
    """Shows one session at a time and takes what the person does with it.

    Args:
        thinking: The pane beside it, in which the chain of a turn is shown.
        library: Has what is unsent in each conversation.
        load_exchanges: Gives what is kept of what went over the wire for a message.
    """

    session_shown = Signal(object)
    settings_requested = Signal(Page)
    thinking_requested = Signal()
    other_region_requested = Signal()
    region_question_requested = Signal(str)
    branch_deleted = Signal(str, str)
    refused = Signal(str)
    connection_chosen = Signal(str)
    link_activated = Signal(str, str)

    def __init__(
        self,
        thinking: ThinkingPane,
        library: Library,
        load_exchanges: LoadExchanges,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._thinking = thinking
        self._session: ChatSession | None = None
        self._counting = QTimer(self, singleShot=True, interval=_COUNTING_DELAY_MS)
        self._counting.timeout.connect(self._show_usage)
        self._bridge = SessionBridge(self)
        self._chain = Chain(thinking, self._bridge, self)
        self.wire = WireOpener(load_exchanges, self)
        self.header = Header()
        self.view = BlockView()
        self._shown = ShownMessages(self.view, lambda: self._chain.live)
        self.starters = Starters()
        self.composer = Composer()
        self.writing = Writing(self.composer, library, self)
        self.compare = CompareOpener(self)
        self.entry_actions = EntryActions(
            self.wire, self.writing, self.compare.open_for, self._shown.owner_of_versions, self
        )
        self.status = StatusLine()
        self.approval = ApprovalCard()
        self._asking = Asking(self.approval, self._bridge, self)
        # The transcript is always there, for whoever looks for it by name; the starters lie on it.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._middle = QStackedLayout()
        self._middle.setStackingMode(QStackedLayout.StackingMode.StackAll)
        layout.addLayout(self._middle, 1)
        # In its place already: it shows what is added, and what has no parent is a window then.
        self._middle.addWidget(self.view)
        self._middle.addWidget(self.starters)
        # In a low window the card of a question takes the room that it needs.
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._jump = JumpButton(self.view)
        line = QFrame()
        line.setFixedHeight(1)
        line.setObjectName("Line")
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(_MARGIN, 2, _MARGIN, 14)
        foot.setSpacing(4)
        foot.addWidget(self.approval)
        foot.addWidget(self.status)
        foot.addWidget(self.writing.above)
        foot.addWidget(self.composer)
        layout.insertWidget(0, self.header)
        layout.insertWidget(1, line)
        layout.addWidget(self._foot)
        self.finding = Finding(self.view, thinking.view, self)
        self._connect()
        self._retranslate()
        follow_theme(self, self._restyle)

    @property
    def session(self) -> ChatSession | None:
        """The session that is shown."""
        return self._session

    def show_session(self, session: ChatSession) -> None:
        """Show ``session`` as it stands, and follow it from now on."""
        if session is self._session:
            return
        self._session = session
        self._bridge.watch(session)
        self._chain.show(session)
        self._asking.show(session)
        self._show_conversation(session.conversation)
        self._show_messages(session)
        self.writing.show(session)
        self.entry_actions.show(session)
        self.status.show_trouble("")
        self._show_status(session.status)
        self.session_shown.emit(session)

    def set_connections(self, connections: Sequence[Connection], current: Connection) -> None:
        """Offer ``connections`` in the header and show ``current``."""
        self.header.set_connections(connections, current)

    def reveal(self, message_id: str, position: int, query: str) -> None:
        """Bring the part ``position`` of a message into sight; ``query`` was found in it."""
        messages = self._session.messages if self._session is not None else ()
        words = words_to_mark(messages, message_id, position, query)
        if entry := entry_of(messages, message_id):
            self.view.scroll_to_entry(entry)
            self._chain.show_turn_of(message_id)
        step = self._thinking.timeline.step_of(message_id, position)
        self._thinking.show_step(step)
        self.finding.mark(words, in_thinking=bool(step))

    def open_parameters(self) -> None:
        """Let the person set the parameters of this conversation."""
        if self._session is None:
            return
        from desktop_app.ui.parameters_dialog import ParametersDialog

        session = self._session
        dialog = ParametersDialog(session.conversation.parameters, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def apply(parameters: Parameters) -> None:
            session.set_parameters(parameters)

        dialog.parameters_changed.connect(apply)
        dialog.open()

    async def aclose(self) -> None:
        """End what is being read for a dialog."""
        await self.wire.aclose()
        await self.compare.aclose()

    def stop(self) -> None:
        """End the answer that is on its way, or else the editing of a message."""
        if self._session is not None and self._session.is_busy:
            self._session.stop()
        else:
            self.writing.leave_edit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            if self._session is not None:
                self._show_messages(self._session)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the composer at a readable width and below half the height."""
        super().resizeEvent(event)
        side = max(_MARGIN, (self.width() - _READABLE_WIDTH) // 2)
        layout = self._foot.layout()
        if layout is not None:
            layout.setContentsMargins(side, 2, side, 14)
        self.composer.set_maximum_text_height(self.height() // 2)
        self.approval.set_most_height(round(self.height() * _MOST_OF_HEIGHT))
        self._jump.place()

    def _connect(self) -> None:
        self.composer.stop_requested.connect(self.stop)
        self.approval.left.connect(self.composer.focus_text)
        self.starters.chosen.connect(self.writing.send_starter)
        self.header.model_chosen.connect(self._on_model_chosen)
        self.header.connection_chosen.connect(self.connection_chosen)
        self.header.parameters_requested.connect(self.open_parameters)
        for view in (self.view, self._thinking.view):
            view.link_activated.connect(self.link_activated)
        self.view.action_activated.connect(self.entry_actions.press)
        self.entry_actions.calls_chosen.connect(self._on_calls_chosen)
        self.entry_actions.settings_requested.connect(self.settings_requested)
        self.entry_actions.other_region_requested.connect(self.other_region_requested)
        self.entry_actions.region_question_requested.connect(self.region_question_requested)
        for part in (self.entry_actions, self.writing):
            part.refused.connect(self._on_refused)
        self.view.entry_selected.connect(self._on_entry_selected)
        self._thinking.step_chosen.connect(self._on_step_chosen)
        self._bridge.message_added.connect(self._on_message_added)
        self._bridge.message_removed.connect(self._on_message_removed)
        self._bridge.branch_shown.connect(self._on_branch_shown)
        self._bridge.branch_deleted.connect(self._on_branch_deleted)
        self._bridge.branch_trouble.connect(self.refused)
        self.compare.refused.connect(self.refused)
        self._bridge.deltas_arrived.connect(self._on_deltas)
        self._bridge.message_finished.connect(self._on_message_finished)
        self._bridge.status_changed.connect(self._show_status)
        self._chain.calls_changed.connect(self._shown.update_end)
        self._bridge.conversation_changed.connect(self._show_conversation)
        self._bridge.wishes_changed.connect(self._on_wishes_changed)
        self._bridge.storage_trouble.connect(self._on_storage_trouble)

    # What the person does

    def _on_model_chosen(self, model: str) -> None:
        if self._session is not None:
            self._session.set_model(model)
        self.composer.focus_text()

    def _on_entry_selected(self, entry_id: str) -> None:
        message_id = message_id_of(entry_id)
        self._chain.show_turn_of(message_id)
        self._thinking.show_step(self._thinking.timeline.first_step_of(message_id))

    def _on_calls_chosen(self, message_id: str) -> None:
        self.thinking_requested.emit()
        self._chain.show_turn_of(message_id)
        self._thinking.show_step(self._thinking.timeline.first_call_of(message_id))

    def _on_step_chosen(self, step_id: str) -> None:
        messages = self._session.messages if self._session is not None else ()
        message_id = self._thinking.timeline.message_of(step_id)
        if entry := entry_of(messages, message_id):
            self.view.scroll_to_entry(entry)

    # What the session tells

    def _on_message_added(self, message: Message) -> None:
        if self._session is None:
            return
        # The answer that was last until now can no longer be asked for again.
        self._shown.update_before(message.id)
        self._shown.update(message.id)
        self._show_starters(shown=False)
        before = self._session.messages[-2:-1]
        # It goes on with an answer that is being read: the reader's place is left alone.
        goes_on = message.role is not Role.USER and any(m.role is not Role.USER for m in before)
        if not goes_on:
            self.view.scroll_to_end()
        if message.role is not Role.USER:
            self._chain.add(message)
        if message.role is Role.ASSISTANT and not goes_on:
            self.view.begin_answer(message.id)
            # Trouble with the store is told again for every turn that has it.
            self.status.show_trouble("")

    def _on_message_removed(self, message_id: str) -> None:
        self._shown.remove(message_id)
        self._show_usage()

    def _on_branch_shown(self, event: BranchShown) -> None:
        messages, place = event.messages, event.kept
        old = self._shown.ids_of(event.replaced)
        shown = self._shown.entries_of(messages)
        new = messages[place] if place < len(messages) else None
        swap_entries(self.view, shown, old, self._shown.ids_of(new.id) if new else ())
        self._chain.show_turn_of(new.id if new else messages[-1].id, anew=True)
        self._show_usage()
        self.writing.follow_branch()

    def _on_branch_deleted(self, message_id: str) -> None:
        if self._session is not None:
            self.branch_deleted.emit(self._session.conversation.id, message_id)

    def _on_refused(self) -> None:
        wait = self.tr("Not while an answer is on its way: wait for its end, or stop it")
        self.status.show_trouble(wait)

    def _on_deltas(self, message_id: str, deltas: tuple[Delta, ...]) -> None:
        if self._session is None:
            return
        kinds = set(map(type, deltas))
        answer = "".join([d.text for d in deltas if isinstance(d, TextDelta)])
        thought = "".join([d.text for d in deltas if isinstance(d, ThinkingDelta)])
        self.status.note_data(self._session.status, thought + answer)
        if NoticeDelta in kinds and NoticeDelta(TEXT_WAS_THINKING) in deltas:
            # What stands in the conversation belongs into the thinking: both are shown anew.
            self._shown.update(message_id)
            self._chain.show_turn_of(message_id, anew=True)
            return
        if answer:
            self.view.append_text(message_id, answer)
        self._chain.grow(message_id, deltas)
        if ToolResultDelta in kinds:
            self._shown.update_end()

    def _on_message_finished(self, message: Message) -> None:
        if message.role is Role.TOOL:
            self._shown.update_end()
        else:
            self.view.finish_entry(message.id)
            self._shown.update(message.id)
        self._chain.finish(message)
        self._show_usage()

    def _on_wishes_changed(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if self._shown.ids_of(message.id):
                self._shown.update(message.id)

    def _on_storage_trouble(self, detail: str) -> None:
        self.status.show_trouble(sentence(ErrorRecord(ErrorKind.STORAGE)) if detail else "")
        self.status.setToolTip(store_sentence(detail))

    def _show_status(self, status: Status) -> None:
        self.status.show_status(status)
        self.composer.set_busy(status.phase.is_busy)
        self._chain.note_status(status)

    def _show_conversation(self, conversation: Conversation) -> None:
        self.header.set_title(conversation.title)
        self.header.set_model(conversation.model)

    def _show_messages(self, session: ChatSession) -> None:
        messages = session.messages
        self._shown.show(session)
        self._show_starters(shown=not messages)
        self._jump.hide()
        self._chain.show_turn_of(messages[-1].id if messages else "", anew=True)
        # Adding up ten thousand answers takes longer than a frame: after the first paint.
        self.header.set_usage("", "")
        self._counting.start()

    def _show_usage(self) -> None:
        messages = self._session.messages if self._session is not None else ()
        self.header.set_usage(*totals(messages))

    def _show_starters(self, *, shown: bool) -> None:
        self.starters.setVisible(shown)
        # Hidden, they must not keep a high card from its room.
        policy = QSizePolicy.Policy
        vertical = policy.Preferred if shown else policy.Ignored
        self.starters.setSizePolicy(policy.Preferred, vertical)
        self._middle.setCurrentWidget(self.starters if shown else self.view)

    def _retranslate(self) -> None:
        self.view.setAccessibleName(self.tr("Conversation"))

    def _restyle(self, tokens: Tokens) -> None:
        self.setStyleSheet(
            f"""
ConversationPage {{ background: {tokens.surface.name()}; }}
#Line {{ background: {tokens.border.name()}; border: none; }}
"""
        )
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(QSize(340, 320))
