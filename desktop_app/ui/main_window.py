"""The main window: the sidebar, the page, the thinking pane, and the actions that tie them together.

Layout and navigation live here; what a conversation does is the page's, what is stored is the
library's.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QWidget

from desktop_app import APP_NAME
from desktop_app.catalog.regions import find_region
from desktop_app.chat.ports import StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.connection import ConnectionSource
from desktop_app.settings.table import LAST_CONVERSATION, Page
from desktop_app.ui import menu as menus
from desktop_app.ui.banner import Banners
from desktop_app.ui.connection_watch import ConnectionWatch
from desktop_app.ui.context.controller import ContextController
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.conversation_list.deeds import ConversationDeeds, Navigation
from desktop_app.ui.conversation_list.sidebar import Sidebar
from desktop_app.ui.dialogs import show_about, show_shortcuts
from desktop_app.ui.error_text import store_sentence
from desktop_app.ui.external_links import open_external
from desktop_app.ui.first_run import FirstRunCard
from desktop_app.ui.folding import Folding
from desktop_app.ui.layout import column_of, side_by_side
from desktop_app.ui.mcp_servers.inserting import Inserting
from desktop_app.ui.palette.opener import PaletteOpener
from desktop_app.ui.question_notice import QuestionNotice
from desktop_app.ui.reading_settings import ReadingSettings
from desktop_app.ui.region_dialog import follow_region_questions
from desktop_app.ui.search.arriving import Arriving
from desktop_app.ui.search.searching import Searching
from desktop_app.ui.settings_opener import SettingsOpener
from desktop_app.ui.text_saver import TextSaver
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme, styles_held
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.toast import Toast
from desktop_app.ui.transfer.controller import Transfer
from desktop_app.ui.upkeep_watch import UpkeepWatch
from desktop_app.ui.window_parts import WindowParts
from desktop_app.ui.zoom import zoom_handlers

if TYPE_CHECKING:
    from desktop_app.ui.settings_dialog.dialog import SettingsDialog

_THINKING_WIDTH: Final = 340
_LEAST_WIDTH: Final = 380
_LEAST_HEIGHT: Final = 420
_ROOM_FOR_THINKING: Final = 860
_ROOM_FOR_SIDEBAR: Final = 640


class MainWindow(QMainWindow):
    """The one window of the program."""

    closed = Signal()

    @styles_held()
    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._scope = TaskScope()
        self._settings = SettingsOpener(parts, self)
        self._opening = ""
        self._unused: ChatSession | None = None
        self.setWindowTitle(APP_NAME)
        self.actions_by_id = menus.build_actions(self)
        self._menu = QMenu(self)
        menus.fill_menu(self._menu, self.actions_by_id)
        self.sidebar = Sidebar(self._menu)
        self.thinking = ThinkingPane(self)
        self.page = ConversationPage(self.thinking, parts.library, parts.load_exchanges)
        self.banners = Banners()
        self._connection = ConnectionWatch(parts, self.page, self.banners)
        self.first_run = FirstRunCard(parts.book, parts.keys, parts.probe)
        self._centre = QStackedWidget()
        self._blank = QWidget()
        for widget in (self._blank, self.page, self.first_run):
            self._centre.addWidget(widget)
        middle = column_of(self.banners, self._centre)
        self._splitter = side_by_side(self.sidebar, middle)
        self.setCentralWidget(self._splitter)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.thinking)
        # The side panes first give way, then hide: see the resize event.
        self._folding = Folding(
            [(self.thinking, _ROOM_FOR_THINKING), (self.sidebar, _ROOM_FOR_SIDEBAR)]
        )
        self.resize(1240, 800)
        self.resizeDocks([self.thinking], [_THINKING_WIDTH], Qt.Orientation.Horizontal)
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self.toast = Toast(middle)
        self.deeds = ConversationDeeds(
            parts.library,
            parts.settings,
            self.sidebar,
            self.toast,
            Navigation(self._shown_id, self._open, self._begin, self._say_refused),
            self._scope,
            self.actions_by_id,
            self,
        )
        TextSaver(self, self.toast.say).follow((self.page.view, self.thinking.view))
        self.inserting = Inserting(parts.servers, self.page.composer.insert_below, self)
        self.transfer = Transfer(
            parts, self, self.sidebar, self.toast, self.banners, lambda: self.page.session
        )
        self._settings.data_blocks = lambda: [self.transfer.settings_block()]
        self.context = ContextController(parts, self.page, self.deeds.wish, self._say_refused)
        self.commands = PaletteOpener(
            parts, self.actions_by_id, self.page, self._settings.open, self
        )
        self._searching = Searching(self.sidebar.results, parts.search, parts.library, self)
        self._arriving = Arriving(self._searching, self.page, self.toast)
        self._questions = QuestionNotice(
            parts.library, self.sidebar, self.banners, self._shown_id, self._on_conversation_chosen
        )
        self._connect()
        self.motion = ReadingSettings(parts.settings, self.page, self.thinking).motion
        self._upkeep = UpkeepWatch(
            parts.upkeep,
            self.banners,
            self.show_backups,
            lambda: self._scope.start(self._show_anew(), "show what is stored now"),
        )
        self._connection.show()
        follow_theme(self, self._recolour)
        self._folding.note_folded(parts.state.restore(self, self._splitter))

    async def start(self) -> None:
        """Read the list and show where the person was, or what is needed first."""
        try:
            await self._parts.library.load()
        except StoreError as error:
            self._say_refused(error)
        await self._show_last()
        self._scope.start(self._connection.refresh_models(), "list models")
        self.deeds.start()

    async def finish(self) -> None:
        """End what the window itself still does; sessions are the library's to end."""
        self._parts.state.save(self, self._splitter, self._folding.folded)
        await self.first_run.aclose()
        await self.transfer.aclose()
        await self.context.aclose()
        await self.inserting.aclose()
        await self.commands.aclose()
        await self.page.aclose()
        await self._searching.aclose()
        self._upkeep.close()
        await self._settings.aclose()
        await self._scope.close()

    def come_forward(self) -> None:
        """Show the window in front of the others."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave; what is on its way is stored before the program ends."""
        self._parts.state.save(self, self._splitter, self._folding.folded)
        event.accept()
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            menus.retranslate(self.actions_by_id)
            self._connection.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped to be imported."""
        self.transfer.enter(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Import a file."""
        self.transfer.drop(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow window to the conversation; what it hid comes back when there is room."""
        super().resizeEvent(event)
        self._folding.fit(event.size().width())

    # Wiring

    def _connect(self) -> None:
        parts = self._parts
        toggle_sidebar = partial(self._folding.toggle, self.sidebar)
        toggle_thinking = partial(self._folding.toggle, self.thinking)
        handlers: dict[str, Callable[[], object]] = {
            "new_conversation": self._on_new,
            "search_conversations": self._on_search,
            "next_conversation": lambda: self._step(1),
            "previous_conversation": lambda: self._step(-1),
            **self.deeds.handlers(),
            **self.page.finding.handlers(),
            "stop": self.page.stop,
            "answer_question": self.page.approval.take_focus,
            "copy_last_answer": self.page.entry_actions.copy_last_answer,
            "wire": self.page.entry_actions.open_wire_of_last_answer,
            "context": self.context.open_next,
            "choose_model": self.page.header.open_model_choice,
            "parameters": self.page.open_parameters,
            "toggle_sidebar": toggle_sidebar,
            "toggle_thinking": toggle_thinking,
            **self.transfer.handlers(),
            **self.inserting.handlers(),
            **self.commands.handlers(),
            **zoom_handlers(parts.settings),
            "settings": self.open_settings,
            "shortcuts": lambda: show_shortcuts(self),
            "about": lambda: show_about(self),
            "quit": self.close,
        }
        menus.connect(self.actions_by_id, handlers)
        self.sidebar.conversation_chosen.connect(self._on_conversation_chosen)
        self.sidebar.new_requested.connect(self._on_new)
        self.sidebar.settings_requested.connect(self.open_settings)
        self.transfer.shown_is_gone.connect(self._on_new)
        self.sidebar.search_changed.connect(self._searching.look_for)
        self._searching.opened.connect(lambda session: self._show(session, takes_focus=False))
        self._searching.refused.connect(self._say_refused)
        self._arriving.thinking_wanted.connect(lambda: self._folding.show(self.thinking))
        self.page.settings_requested.connect(self._settings.open)
        self.page.other_region_requested.connect(self._on_other_region)
        follow_region_questions(self.page.region_question_requested, parts, self._scope, self)
        self.page.branch_deleted.connect(self.deeds.note_version)
        self.page.refused.connect(self._say_refused)
        self.page.connection_chosen.connect(parts.book.select)
        self.page.link_activated.connect(lambda link, words: open_external(link, self, words))
        self.page.header.sidebar_toggled.connect(toggle_sidebar)
        self.page.header.thinking_toggled.connect(toggle_thinking)
        self.page.finding.thinking_requested.connect(toggle_thinking)
        self.page.thinking_requested.connect(lambda: self._folding.show(self.thinking))
        self.thinking.request_chosen.connect(self.context.open)
        self.first_run.finished.connect(self._on_first_run_finished)
        self.first_run.demo_requested.connect(self._on_demo)
        self._connection.own_key_requested.connect(self._on_leave_demo)
        parts.library.subscribe(self._show_conversations)
        parts.library.subscribe_activity(self._show_activity)
        parts.library.drafts.subscribe(self._show_activity)
        parts.book.subscribe(self._on_connection_changed)

    # Conversations

    async def _show_last(self) -> None:
        """Show the conversation that was shown last, or begin one."""
        last = self._parts.settings.text(LAST_CONVERSATION)
        if self._parts.library.find(last) is not None:
            await self._open(last)
        else:
            await self._begin()

    async def _show_anew(self) -> None:
        """Show what is stored now: every session was closed. What was being written stays."""
        shown, draft = self.page.session, self.page.composer.text
        self._unused = None
        self.deeds.forget()
        await self._show_last()
        if shown is not None and not shown.messages and not self.page.composer.text:
            self.page.composer.set_text(draft)

    async def _begin(self) -> None:
        """Begin a conversation, or ask for a key first where there is none."""
        connection = self._parts.book.current
        if self._centre.currentWidget() is not self._blank and not connection.needs_key:
            self._show_new()
            return
        reading = await self._connection.read_key(connection)
        if connection.needs_key and reading.key is None:
            self._centre.setCurrentWidget(self.first_run)
            self.sidebar.select("")
            self.first_run.key_form.focus_key()
        else:
            self._show_new()

    async def _open(self, conversation_id: str) -> None:
        self._opening = conversation_id
        try:
            session = await self._parts.library.open(conversation_id)
        except (StoreError, KeyError) as error:
            self._say_refused(error)
            self._show_conversations()
            return
        # A slow one must not replace what was chosen after it.
        if self._opening == conversation_id:
            self._show(session)

    def _say_refused(self, error: Exception | str) -> None:
        """Say that the database refused; what was to be done is left undone."""
        self.banners.show_notice("storage", store_sentence(error))

    def _show_new(self) -> None:
        """Show an empty conversation: the one nobody has written in yet, with its draft, or another."""
        if self._unused is None or self._unused.messages:
            self._unused = self._parts.library.new_session()
        self._show(self._unused)

    def _show(self, session: ChatSession, *, takes_focus: bool = True) -> None:
        self._opening = session.conversation.id
        self._searching.stay()
        self.page.show_session(session)
        self._centre.setCurrentWidget(self.page)
        self.sidebar.select(session.conversation.id)
        self._questions.show()
        self._parts.settings.set(LAST_CONVERSATION, session.conversation.id)
        if takes_focus:
            self.page.composer.focus_text()

    def _show_conversations(self) -> None:
        self.sidebar.set_conversations(self._parts.library.conversations)
        if self.page.session is not None and self._centre.currentWidget() is self.page:
            self.sidebar.select(self.page.session.conversation.id)

    def _show_activity(self) -> None:
        self.sidebar.set_busy(self._parts.library.busy)
        self._questions.show()
        self.sidebar.set_drafts(self._parts.library.drafts.conversations)

    def _on_conversation_chosen(self, conversation_id: str) -> None:
        self._scope.start(self._open(conversation_id), "open conversation")

    def _on_new(self) -> None:
        session = self.page.session
        if session is not None and not session.messages and self._parts.book.current.needs_key:
            self._centre.setCurrentWidget(self._blank)
        self._scope.start(self._begin(), "new conversation")

    def _shown_id(self) -> str:
        session = self.page.session
        return session.conversation.id if session else ""

    def _step(self, step: int) -> None:
        if neighbour := self.sidebar.neighbour_of(self._shown_id(), step):
            self._on_conversation_chosen(neighbour)

    # Connection

    def open_settings(self) -> "SettingsDialog":
        """Open the settings, or bring them to the front; return them."""
        return self._settings.open()

    def show_backups(self) -> None:
        """Open the settings where the backups are."""
        self._settings.open(Page.DATA)

    def _on_first_run_finished(self) -> None:
        if self._centre.currentWidget() is self.first_run:
            self._show_new()

    def _on_demo(self) -> None:
        self._parts.book.use_demo(self._parts.start_demo())
        self._show_new()

    def _on_other_region(self) -> None:
        region = find_region(self._parts.book.current.id)
        if region is not None:
            self._parts.book.select(region.other)

    def _on_connection_changed(self) -> None:
        self._connection.show()
        if self._centre.currentWidget() is self.first_run:
            self._scope.start(self._leave_first_run_with_key(), "key was saved")
        else:
            self._scope.start(self._connection.read_key(self._parts.book.current), "read the key")
        self._scope.start(self._connection.refresh_models(), "list models")

    async def _leave_first_run_with_key(self) -> None:
        connection = self._parts.book.current
        reading = await self._connection.read_key(connection)
        if reading.key is not None or not connection.needs_key:
            self._on_first_run_finished()

    def _on_leave_demo(self) -> None:
        regions = (c for c in self._parts.book.choices if c.source is ConnectionSource.REGION)
        self._parts.book.select(next(regions).id)
        self._centre.setCurrentWidget(self._blank)
        self._scope.start(self._begin(), "leave the demo")

    # View

    def _on_search(self) -> None:
        self._folding.show(self.sidebar)
        self.sidebar.focus_search()

    def _recolour(self, tokens: Tokens) -> None:
        menus.recolour(self.actions_by_id, tokens.text_muted)
        self._blank.setStyleSheet(f"background: {tokens.surface.name()};")
