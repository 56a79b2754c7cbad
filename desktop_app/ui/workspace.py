"""What works in the main window: the page, the sidebar's deeds, and the actions that tie them together.

It is loaded and built once the window is on the screen, see :mod:`desktop_app.ui.main_window`. What a
conversation does is the page's, what is stored is the library's.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.catalog.regions import find_region
from desktop_app.chat.ports import StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.connection import ConnectionSource
from desktop_app.settings.table import LAST_CONVERSATION, Page
from desktop_app.ui import menu as menus
from desktop_app.ui.connection_watch import ConnectionWatch
from desktop_app.ui.context.controller import ContextController
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.conversation_list.deeds import ConversationDeeds, Navigation
from desktop_app.ui.dialogs import show_about, show_shortcuts
from desktop_app.ui.error_text import store_sentence
from desktop_app.ui.external_links import open_external
from desktop_app.ui.mcp_servers.inserting import Inserting
from desktop_app.ui.palette.opener import PaletteOpener
from desktop_app.ui.question_notice import QuestionNotice
from desktop_app.ui.reading_settings import ReadingSettings
from desktop_app.ui.region_dialog import follow_region_questions
from desktop_app.ui.search.arriving import Arriving
from desktop_app.ui.search.searching import Searching
from desktop_app.ui.settings_opener import SettingsOpener
from desktop_app.ui.text_saver import TextSaver
from desktop_app.ui.theming import styles_held
from desktop_app.ui.toast import Toast
from desktop_app.ui.transfer.controller import Transfer
from desktop_app.ui.upkeep_watch import UpkeepWatch
from desktop_app.ui.window_parts import WindowParts
from desktop_app.ui.zoom import zoom_handlers

if TYPE_CHECKING:
    from desktop_app.ui.first_run import FirstRunCard
    from desktop_app.ui.main_window import MainWindow
    from desktop_app.ui.settings_dialog.dialog import SettingsDialog


class Workspace(QObject):
    """Furnishes ``window`` and does what is asked for in it."""

    @styles_held()
    def __init__(self, window: "MainWindow", parts: WindowParts) -> None:
        super().__init__(window)
        self._window = window
        self._centre = window.centre
        self._sidebar = window.sidebar
        self._parts = parts
        self._scope = TaskScope()
        self._settings = SettingsOpener(parts, window)
        self._opening = ""
        self._unused: ChatSession | None = None
        self.page = ConversationPage(window.thinking, parts.library, parts.load_exchanges)
        self._connection = ConnectionWatch(parts, self.page, window.banners)
        self._centre.addWidget(self.page)
        self.toast = Toast(window.middle)
        self.deeds = ConversationDeeds(
            parts.library,
            parts.settings,
            window.sidebar,
            self.toast,
            Navigation(self._shown_id, self._open, self._begin, self._say_refused),
            self._scope,
            window.actions_by_id,
            window,
        )
        TextSaver(window, self.toast.say).follow((self.page.view, window.thinking.view))
        self.inserting = Inserting(parts.servers, self.page.composer.insert_below, window)
        self.transfer = Transfer(
            parts, window, window.sidebar, self.toast, window.banners, lambda: self.page.session
        )
        self._settings.data_blocks = lambda: [self.transfer.settings_block()]
        self.context = ContextController(parts, self.page, self.deeds.wish, self._say_refused)
        self.commands = PaletteOpener(
            parts, window.actions_by_id, self.page, self._settings.open, window
        )
        self.searching = Searching(window.sidebar.results, parts.search, parts.library, window)
        self._arriving = Arriving(self.searching, self.page, self.toast)
        self.questions = QuestionNotice(
            parts.library,
            window.sidebar,
            window.banners,
            self._shown_id,
            self._on_conversation_chosen,
        )
        self._connect()
        self.motion = ReadingSettings(parts.settings, self.page, window.thinking).motion
        self._upkeep = UpkeepWatch(
            parts.upkeep,
            window.banners,
            self.show_backups,
            lambda: self._scope.start(self._show_anew(), "show what is stored now"),
        )
        self._connection.show()

    async def start(self) -> None:
        """Read the list and show where the person was, or what is needed first."""
        try:
            await self._parts.library.load()
        except StoreError as error:
            self._say_refused(error)
        self._show_conversations()
        await self._show_last()
        self._scope.start(self._connection.refresh_models(), "list models")
        self.deeds.start()

    async def finish(self) -> None:
        """End what is still done here; sessions are the library's to end."""
        if self._was_first_run:
            await self.first_run.aclose()
        await self.transfer.aclose()
        await self.context.aclose()
        await self.inserting.aclose()
        await self.commands.aclose()
        await self.page.aclose()
        await self.searching.aclose()
        self._upkeep.close()
        await self._settings.aclose()
        await self._scope.close()

    @cached_property
    def first_run(self) -> "FirstRunCard":
        """Asks for the first key; made where there is none."""
        from desktop_app.ui.first_run import FirstRunCard

        card = FirstRunCard(self._parts.book, self._parts.keys, self._parts.probe)
        card.finished.connect(self._on_first_run_finished)
        card.demo_requested.connect(self._on_demo)
        self._centre.addWidget(card)
        return card

    @property
    def _was_first_run(self) -> bool:
        return "first_run" in self.__dict__

    @property
    def _is_first_run(self) -> bool:
        return self._was_first_run and self._centre.currentWidget() is self.first_run

    def retranslate(self) -> None:
        """Say what the window says of the connection in the language of the moment."""
        self._connection.show()

    # Wiring

    def _connect(self) -> None:
        parts, window = self._parts, self._window
        toggle_sidebar = partial(window.folding.toggle, window.sidebar)
        toggle_thinking = partial(window.folding.toggle, window.thinking)
        handlers: dict[str, Callable[[], object]] = {
            "new_conversation": self._on_new,
            "search_conversations": window.search,
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
            "shortcuts": lambda: show_shortcuts(window),
            "about": lambda: show_about(window),
            "quit": window.close,
        }
        menus.connect(window.actions_by_id, handlers)
        window.sidebar.conversation_chosen.connect(self._on_conversation_chosen)
        window.sidebar.new_requested.connect(self._on_new)
        window.sidebar.settings_requested.connect(self.open_settings)
        self.transfer.shown_is_gone.connect(self._on_new)
        window.sidebar.search_changed.connect(self.searching.look_for)
        self.searching.opened.connect(lambda session: self._show(session, takes_focus=False))
        self.searching.refused.connect(self._say_refused)
        self._arriving.thinking_wanted.connect(lambda: window.folding.show(window.thinking))
        self.page.settings_requested.connect(self._settings.open)
        self.page.other_region_requested.connect(self._on_other_region)
        follow_region_questions(self.page.region_question_requested, parts, self._scope, window)
        self.page.branch_deleted.connect(self.deeds.note_version)
        self.page.refused.connect(self._say_refused)
        self.page.connection_chosen.connect(parts.book.select)
        self.page.link_activated.connect(lambda link, words: open_external(link, window, words))
        self.page.header.sidebar_toggled.connect(toggle_sidebar)
        self.page.header.thinking_toggled.connect(toggle_thinking)
        self.page.finding.thinking_requested.connect(toggle_thinking)
        self.page.thinking_requested.connect(lambda: window.folding.show(window.thinking))
        window.thinking.request_chosen.connect(self.context.open)
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
        is_blank = self._centre.currentWidget() is self._window.blank
        if not is_blank and not connection.needs_key:
            self._show_new()
            return
        reading = await self._connection.read_key(connection)
        if connection.needs_key and reading.key is None:
            self._centre.setCurrentWidget(self.first_run)
            self._sidebar.select("")
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
        self._window.banners.show_notice("storage", store_sentence(error))

    def _show_new(self) -> None:
        """Show an empty conversation: the one nobody has written in yet, with its draft, or another."""
        if self._unused is None or self._unused.messages:
            self._unused = self._parts.library.new_session()
        self._show(self._unused)

    def _show(self, session: ChatSession, *, takes_focus: bool = True) -> None:
        self._opening = session.conversation.id
        self.searching.stay()
        self.page.show_session(session)
        self._centre.setCurrentWidget(self.page)
        self._sidebar.select(session.conversation.id)
        self.questions.show()
        self._parts.settings.set(LAST_CONVERSATION, session.conversation.id)
        if takes_focus:
            self.page.composer.focus_text()

    def _show_conversations(self) -> None:
        self._sidebar.set_conversations(self._parts.library.conversations)
        if self.page.session is not None and self._centre.currentWidget() is self.page:
            self._sidebar.select(self.page.session.conversation.id)

    def _show_activity(self) -> None:
        self._sidebar.set_busy(self._parts.library.busy)
        self.questions.show()
        self._sidebar.set_drafts(self._parts.library.drafts.conversations)

    def _on_conversation_chosen(self, conversation_id: str) -> None:
        self._scope.start(self._open(conversation_id), "open conversation")

    def _on_new(self) -> None:
        session = self.page.session
        if session is not None and not session.messages and self._parts.book.current.needs_key:
            self._centre.setCurrentWidget(self._window.blank)
        self._scope.start(self._begin(), "new conversation")

    def _shown_id(self) -> str:
        session = self.page.session
        return session.conversation.id if session else ""

    def _step(self, step: int) -> None:
        if neighbour := self._sidebar.neighbour_of(self._shown_id(), step):
            self._on_conversation_chosen(neighbour)

    # Connection

    def open_settings(self) -> "SettingsDialog":
        """Open the settings, or bring them to the front; return them."""
        return self._settings.open()

    def show_backups(self) -> None:
        """Open the settings where the backups are."""
        self._settings.open(Page.DATA)

    def _on_first_run_finished(self) -> None:
        if self._is_first_run:
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
        if self._is_first_run:
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
        self._centre.setCurrentWidget(self._window.blank)
        self._scope.start(self._begin(), "leave the demo")
