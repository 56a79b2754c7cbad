"""The page of one conversation: the only part of the window that knows a session.

The widgets on it show and signal; this container turns what they signal into calls on the session,
and what the session tells into calls on the widgets.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.chat.error_actions import settings_page
from desktop_app.chat.error_text import details
from desktop_app.chat.events import Status
from desktop_app.chat.session import ChatSession
from desktop_app.domain.connection import Connection
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.delta import TEXT_WAS_THINKING, Delta, NoticeDelta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Message, Role
from desktop_app.settings.table import Page
from desktop_app.ui.composer.composer import Composer
from desktop_app.ui.conversation import entries
from desktop_app.ui.conversation.entry_list import MessageEntries
from desktop_app.ui.conversation.header import Header
from desktop_app.ui.conversation.starters import Starters
from desktop_app.ui.conversation.usage_text import totals
from desktop_app.ui.error_text import sentence
from desktop_app.ui.finding import Finding
from desktop_app.ui.icons import icon
from desktop_app.ui.session_bridge import SessionBridge
from desktop_app.ui.status_line import StatusLine
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.transcript.view import BlockView
from desktop_app.ui.wire_view.opening import LoadExchanges, WireOpener

_READABLE_WIDTH: Final = 820
_MARGIN: Final = 20
_COUNTING_DELAY_MS: Final = 50


class ConversationPage(QWidget):
    """Shows one session at a time and takes what the person does with it.

    Args:
        thinking: The pane beside it, in which the chain of a turn is shown.
        load_exchanges: Gives what is kept of what went over the wire for a message.
    """

    settings_requested = Signal(Page)
    other_region_requested = Signal()
    region_question_requested = Signal(str)
    connection_chosen = Signal(str)
    link_activated = Signal(str, str)

    def __init__(
        self,
        thinking: ThinkingPane,
        load_exchanges: LoadExchanges,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._thinking = thinking
        self._session: ChatSession | None = None
        self._drafts: dict[str, str] = {}
        # The entries by which messages are shown: as the session was opened, and what changed since.
        self._opened = MessageEntries(())
        self._entry_ids: dict[str, tuple[str, ...]] = {}
        self._counting = QTimer(self, singleShot=True, interval=_COUNTING_DELAY_MS)
        self._counting.timeout.connect(self._show_usage)
        self._bridge = SessionBridge(self)
        self.wire = WireOpener(load_exchanges, self)
        self.header = Header()
        self.view = BlockView()
        self.starters = Starters()
        self.composer = Composer()
        self.status = StatusLine()
        # The transcript is always there, for whoever looks for it by name; the starters lie on it.
        self._middle = QStackedLayout()
        self._middle.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._middle.addWidget(self.view)
        self._middle.addWidget(self.starters)
        self._jump = QPushButton(self.view)
        self._jump.setCursor(Qt.CursorShape.PointingHandCursor)
        self._jump.hide()
        line = QFrame()
        line.setFixedHeight(1)
        line.setObjectName("Line")
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(_MARGIN, 2, _MARGIN, 14)
        foot.setSpacing(4)
        foot.addWidget(self.status)
        foot.addWidget(self.composer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(line)
        layout.addLayout(self._middle, 1)
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
        if self._session is not None:
            self._drafts[self._session.conversation.id] = self.composer.text
        self._session = session
        self._bridge.watch(session)
        self._show_conversation(session.conversation)
        self._show_messages(session.messages)
        self.composer.set_text(self._drafts.pop(session.conversation.id, ""))
        self.status.show_trouble("")
        self._show_status(session.status)

    def set_connections(self, connections: Sequence[Connection], current: Connection) -> None:
        """Offer ``connections`` in the header and show ``current``."""
        self.header.set_connections(connections, current)

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

    def copy_last_answer(self) -> None:
        """Put the last answer on the clipboard, as the Markdown it came as."""
        for message in reversed(self._session.messages if self._session else ()):
            if message.role is Role.ASSISTANT and message.text:
                QGuiApplication.clipboard().setText(message.text)
                return

    def open_wire_of_last_answer(self) -> None:
        """Show what went over the wire for the last answer."""
        for message in reversed(self._session.messages if self._session else ()):
            if message.role is Role.ASSISTANT:
                self._open_wire(message.id)
                return

    def stop(self) -> None:
        """End the answer that is on its way."""
        if self._session is not None:
            self._session.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            if self._session is not None:
                self._show_messages(self._session.messages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the composer at a readable width and below half the height."""
        super().resizeEvent(event)
        side = max(_MARGIN, (self.width() - _READABLE_WIDTH) // 2)
        layout = self._foot.layout()
        if layout is not None:
            layout.setContentsMargins(side, 2, side, 14)
        self.composer.set_maximum_text_height(self.height() // 2)
        self._place_jump()

    def _connect(self) -> None:
        self.composer.submitted.connect(self._on_submitted)
        self.composer.stop_requested.connect(self.stop)
        self.starters.chosen.connect(self._on_submitted)
        self.header.model_chosen.connect(self._on_model_chosen)
        self.header.connection_chosen.connect(self.connection_chosen)
        self.header.parameters_requested.connect(self.open_parameters)
        for view in (self.view, self._thinking.view):
            view.link_activated.connect(self.link_activated)
        self.view.action_activated.connect(self._on_action)
        self.view.entry_selected.connect(self._on_entry_selected)
        self.view.at_end_changed.connect(self._on_at_end_changed)
        self._thinking.step_chosen.connect(self._on_step_chosen)
        self._jump.clicked.connect(self.view.scroll_to_end)
        self._bridge.message_added.connect(self._on_message_added)
        self._bridge.message_removed.connect(self._on_message_removed)
        self._bridge.deltas_arrived.connect(self._on_deltas)
        self._bridge.message_finished.connect(self._on_message_finished)
        self._bridge.status_changed.connect(self._show_status)
        self._bridge.conversation_changed.connect(self._show_conversation)
        self._bridge.storage_trouble.connect(self._on_storage_trouble)

    # What the person does

    def _on_submitted(self, text: str) -> None:
        if self._session is not None and self._session.send(text):
            self.composer.clear()
            self.composer.focus_text()

    def _on_model_chosen(self, model: str) -> None:
        if self._session is not None:
            self._session.set_model(model)
        self.composer.focus_text()

    def _on_action(self, entry_id: str, action: str) -> None:
        session = self._session
        if session is None:
            return
        message_id = entries.message_id_of(entry_id)
        message = next((m for m in session.messages if m.id == message_id), None)
        wanted: dict[str, Callable[[], object]] = {
            entries.RETRY: session.retry,
            entries.WIRE: lambda: self._open_wire(message_id),
            entries.OPEN_SETTINGS: lambda: self._ask_for_settings(message),
            entries.OTHER_REGION: self.other_region_requested.emit,
        }
        if action in wanted:
            wanted[action]()
        elif message is not None and action == entries.COPY:
            QGuiApplication.clipboard().setText(message.text)
        elif message is not None and message.error and action == entries.ASK_OTHER_REGION:
            self.region_question_requested.emit(message.error.host or "")
        elif message is not None and message.error and action == entries.COPY_REPORT:
            QGuiApplication.clipboard().setText(details(message.error))

    def _ask_for_settings(self, message: Message | None) -> None:
        error = message.error if message is not None else None
        self.settings_requested.emit(settings_page(error) if error else Page.CONNECTION)

    def _open_wire(self, message_id: str) -> None:
        session = self._session
        if session is not None:
            self.wire.open_for(message_id, session.resend)

    def _on_entry_selected(self, entry_id: str) -> None:
        self._show_chain(entries.message_id_of(entry_id))

    def _on_step_chosen(self, step_id: str) -> None:
        del step_id
        if self._thinking.message_id:
            self.view.scroll_to_entry(self._thinking.message_id)

    def _on_at_end_changed(self, at_end: bool) -> None:
        self._jump.setVisible(not at_end)
        self._place_jump()

    # What the session tells

    def _on_message_added(self, message: Message) -> None:
        if self._session is None:
            return
        # The answer that was last until now can no longer be asked for again.
        if len(self._session.messages) > 1:
            self._update_entries(self._session.messages[-2], is_last=False)
        self._update_entries(message, is_last=True)
        self._show_starters(shown=False)
        self.view.scroll_to_end()
        if message.role is Role.ASSISTANT:
            self.view.begin_answer(message.id)
            self._thinking.show_chain([message])
            # Trouble with the store is told again for every turn that has it.
            self.status.show_trouble("")

    def _on_message_removed(self, message_id: str) -> None:
        for entry_id in self._ids_of(message_id):
            self.view.remove_entry(entry_id)
        self._entry_ids[message_id] = ()
        self._show_usage()

    def _on_deltas(self, message_id: str, deltas: tuple[Delta, ...]) -> None:
        if self._session is None:
            return
        came = (d.text for d in deltas if isinstance(d, TextDelta | ThinkingDelta))
        self.status.note_data(self._session.status, "".join(came))
        if NoticeDelta(TEXT_WAS_THINKING) in deltas:
            # What stands in the conversation belongs into the thinking: both are shown anew.
            answer = self._session.messages[-1]
            self._update_entries(answer, is_last=True)
            self._thinking.show_chain([answer])
            return
        for delta in deltas:
            if isinstance(delta, TextDelta):
                self.view.append_text(message_id, delta.text)
        self._thinking.add_deltas(message_id, deltas)

    def _on_message_finished(self, message: Message) -> None:
        self.view.finish_entry(message.id)
        self._update_entries(message, is_last=True)
        self._thinking.finish(message)
        self._show_usage()

    def _update_entries(self, message: Message, *, is_last: bool) -> None:
        """Show ``message`` as it is now, in place where it stands already, at the end otherwise."""
        wanted = {entry.id: entry for entry in entries.message_entries(message, is_last=is_last)}
        shown = self._ids_of(message.id)
        for entry_id in shown:
            if entry_id not in wanted:
                self.view.remove_entry(entry_id)
        for entry_id, entry in wanted.items():
            if entry_id in shown:
                self.view.update_entry(entry)
            else:
                self.view.append_entry(entry)
        self._entry_ids[message.id] = tuple(wanted)

    def _ids_of(self, message_id: str) -> tuple[str, ...]:
        """The entries by which a message is shown."""
        changed = self._entry_ids.get(message_id)
        return self._opened.ids_of(message_id) if changed is None else changed

    def _on_storage_trouble(self, detail: str) -> None:
        self.status.show_trouble(sentence(ErrorRecord(ErrorKind.STORAGE)))
        self.status.setToolTip(detail)

    def _show_status(self, status: Status) -> None:
        self.status.show_status(status)
        self.composer.set_busy(status.phase.is_busy)

    def _show_conversation(self, conversation: Conversation) -> None:
        self.header.set_title(conversation.title)
        self.header.set_model(conversation.model)

    def _show_messages(self, messages: Sequence[Message]) -> None:
        last = messages[-1] if messages else None
        self._opened = shown = MessageEntries(messages)
        self._entry_ids = {}
        self.view.set_entries(shown)
        self._show_starters(shown=not shown)
        self._jump.hide()
        self._show_chain(last.id if last else "", anew=True)
        # Adding up ten thousand answers takes longer than a frame: after the first paint.
        self.header.set_usage("", "")
        self._counting.start()

    def _show_usage(self) -> None:
        messages = self._session.messages if self._session is not None else ()
        self.header.set_usage(*totals(messages))

    def _show_starters(self, *, shown: bool) -> None:
        self.starters.setVisible(shown)
        self._middle.setCurrentWidget(self.starters if shown else self.view)

    def _show_chain(self, message_id: str, *, anew: bool = False) -> None:
        """Show the chain of the turn that ``message_id`` belongs to; ``anew`` even if it is shown."""
        messages = self._session.messages if self._session else ()
        last = len(messages) - 1
        position = next((i for i in range(last, -1, -1) if messages[i].id == message_id), None)
        if position is None:
            self._thinking.show_chain([])
            return
        start = position
        while start > 0 and messages[start].role is not Role.USER:
            start -= 1
        end = start + 1
        while end < len(messages) and messages[end].role is not Role.USER:
            end += 1
        chain = messages[start:end]
        if anew or chain[-1].id != self._thinking.message_id:
            self._thinking.show_chain([m for m in chain if m.role is not Role.USER])

    def _place_jump(self) -> None:
        self._jump.adjustSize()
        area = self.view.viewport().geometry()
        self._jump.move(
            area.center().x() - self._jump.width() // 2, area.bottom() - self._jump.height() - 12
        )
        self._jump.raise_()

    def _retranslate(self) -> None:
        self.view.setAccessibleName(self.tr("Conversation"))
        self._jump.setText(self.tr("Jump to latest"))
        self._jump.setAccessibleName(self.tr("Jump to latest"))

    def _restyle(self, tokens: Tokens) -> None:
        self._jump.setIcon(icon("arrow-down", tokens.text))
        self.setStyleSheet(
            f"""
ConversationPage {{ background: {tokens.surface.name()}; }}
#Line {{ background: {tokens.border.name()}; border: none; }}
"""
        )
        self._jump.setStyleSheet(
            f"""
QPushButton {{ background: {tokens.surface_raised.name()}; color: {tokens.text.name()};
  border: 1px solid {tokens.border.name()}; border-radius: 15px; padding: 5px 12px 5px 9px; }}
QPushButton:hover {{ background: {tokens.hover.name()}; }}
QPushButton:focus {{ border-color: {tokens.accent.name()}; }}
"""
        )
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(QSize(340, 320))
