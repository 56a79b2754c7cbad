"""Ties what a request will hold to the window: header, ledger, the mark of the cut, and wishes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, QObject, Qt

from desktop_app.chat.cost import request_cost
from desktop_app.chat.forecast import Forecast
from desktop_app.chat.outgoing import last_break
from desktop_app.chat.ports import ChatRequest, StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.chat.summarising import request_for, to_sum_up
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.token_estimate import estimate
from desktop_app.chat.turns import turns_of
from desktop_app.chat.undo import DeedKind
from desktop_app.chat.wishes import Wish, wish_of
from desktop_app.domain.errors import ChatError
from desktop_app.domain.message import Message, Role, Sending
from desktop_app.ui.context import words
from desktop_app.ui.context.cut_mark import EDIT_SUMMARY, OPEN_LEDGER, SUM_UP, Marks, summarised
from desktop_app.ui.context.watch import ForecastWatch
from desktop_app.ui.conversation.entries import REQUEST, message_id_of
from desktop_app.ui.conversation.lengths import time_text
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.conversation.usage_text import money
from desktop_app.ui.dialogs import ask_first
from desktop_app.ui.error_text import sentence
from desktop_app.ui.window_parts import WindowParts

if TYPE_CHECKING:
    from desktop_app.ui.context.dialog import ContextDialog

_SUMMARY_TOKENS: Final = 1_500
"""About what a summary takes, with the thinking before it; said before it is asked for."""

MakeWish = Callable[[DeedKind, str, Mapping[str, Wish]], None]
"""Does a deed to the messages of a conversation, so that it can be undone."""


class ContextController(QObject):
    """Shows what will be sent, and takes what the person wants of it.

    Args:
        parts: What the window works with.
        page: The conversation that is shown.
        make_wish: Does what is wanted.
        refuse: Says that something could not be done.
    """

    def __init__(
        self,
        parts: WindowParts,
        page: ConversationPage,
        make_wish: MakeWish,
        refuse: Callable[[str], None],
    ) -> None:
        super().__init__(page)
        self._parts = parts
        self._page = page
        self._make_wish = make_wish
        self._refuse = refuse
        self._scope = TaskScope()
        self._dialog: ContextDialog | None = None
        self._is_summing_up = False
        self._marks = Marks(page.view)
        self.watch = ForecastWatch(parts.outlook, lambda: page.composer.text, self)
        self.watch.changed.connect(self._show)
        page.session_shown.connect(self.watch.follow)
        page.header.meter.clicked.connect(self.open_next)
        page.header.chain.clicked.connect(self._open_at_break)
        page.view.action_activated.connect(self._on_action)
        self._unsubscribe = parts.book.subscribe(self.watch.refresh)

    def open(self, message_id: str = "") -> "ContextDialog":
        """Open the ledger, or bring it to the front; show the request for an answer, if given."""
        if self._dialog is None:
            # Loaded when it is first wanted: the window paints sooner without it.
            from desktop_app.ui.context.dialog import ContextDialog

            dialog = self._dialog = ContextDialog(self._page)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.finished.connect(self._on_closed)
            dialog.request_chosen.connect(self._on_request_chosen)
            dialog.sending_wanted.connect(self._on_sending_wanted)
            dialog.summary_wanted.connect(self.sum_up)
            dialog.summary_edit_wanted.connect(self.edit_summary)
            # What is being written belongs to it, and may have changed since the last forecast.
            self.watch.refresh()
            self._show_in_dialog()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        if message_id:
            self._dialog.choose(message_id)
        return self._dialog

    def open_next(self) -> None:
        """Open the ledger of the next request."""
        self.open()

    def sum_up(self) -> None:
        """Ask whether the model is to sum up what is left out, and have it done."""
        session, forecast = self.watch.session, self.watch.forecast
        found = to_sum_up(forecast) if forecast is not None else None
        if session is None or found is None or self._is_summing_up:
            return
        request = request_for(found.messages, session.conversation)
        tokens = sum(estimate(m.text) for m in request.messages) + _SUMMARY_TOKENS
        host = self._parts.book.current.host
        cost = request_cost(tokens, request.model, host)
        text = self.tr(
            "It reads about {tokens} tokens{cost}. You can change the summary afterwards."
        )
        said = self.tr(", at least {cost}").replace("{cost}", money(cost.dollars)) if cost else ""
        ask_first(
            self.tr("Have the model sum up what is left out?"),
            text.replace("{tokens}", QLocale().toString(tokens)).replace("{cost}", said),
            self.tr("Summarise"),
            self._ground,
            lambda: self._start_summing_up(session, found.before, request),
        )

    def edit_summary(self, message_id: str) -> None:
        """Let the person change the summary before a message."""
        session, message = self.watch.session, self._message(message_id)
        if session is None or message is None:
            return
        from desktop_app.ui.context.summary_dialog import SummaryDialog

        dialog = SummaryDialog(message.summary, self._ground)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.text_chosen.connect(lambda text: self._set_summary(session, message_id, text))
        dialog.open()

    async def aclose(self) -> None:
        """End what is under way."""
        self._unsubscribe()
        await self.watch.aclose()
        await self._scope.close()

    # What is shown

    def _show(self) -> None:
        forecast, session = self.watch.forecast, self.watch.session
        has_messages = session is not None and bool(session.messages)
        header = self._page.header
        header.meter.show_forecast(forecast if has_messages else None)
        if forecast is None or session is None:
            return
        # Calls of the answer on its way may still get results.
        unfinished = turns_of(session.messages)[-1:] if session.is_busy else ()
        found = last_break(forecast.plan, {each.id for turn in unfinished for each in turn})
        turn = words.turn_number(forecast.branch, found.message_id) if found else 0
        header.chain.show_chain(found, turn)
        header.chain.setVisible(has_messages)
        self._marks.place(forecast.branch, forecast.cut)
        self._show_in_dialog()

    def _show_in_dialog(self) -> None:
        dialog, forecast, session = self._dialog, self.watch.forecast, self.watch.session
        if dialog is None or session is None:
            return
        dialog.set_requests(self._requests(session))
        if not dialog.chosen and forecast is not None:
            can = to_sum_up(forecast) is not None and not self._is_summing_up
            dialog.show_forecast(forecast, can_sum_up=can)

    def _requests(self, session: ChatSession) -> list[tuple[str, str]]:
        """Return the answers of the branch, each with what its request is called."""
        found = []
        template = self.tr("Request of turn {turn}, round {round}")
        for turn, messages in enumerate(turns_of(session.messages), start=1):
            answers = [message for message in messages if message.role is Role.ASSISTANT]
            for round_, message in enumerate(answers, start=1):
                name = template.replace("{turn}", words.number(turn))
                name = name.replace("{round}", words.number(round_))
                when = time_text(message.created_at)
                found.append((message.id, " · ".join(filter(None, (name, when)))))
        return found

    def _on_request_chosen(self, message_id: str) -> None:
        if message_id:
            self._scope.start(self._show_recorded(message_id), "read a request")
        else:
            self._show_in_dialog()

    async def _show_recorded(self, message_id: str) -> None:
        session = self.watch.session
        try:
            records = await self._parts.load_exchanges(message_id)
        except StoreError as error:
            self._refuse(str(error))
            return
        forecast: Forecast | None = None
        if records and session is not None:
            place = session.branches.place_of(message_id)
            before = session.branches.shown[:place]
            request = replace(session.next_request(""), messages=before)
            forecast = await self._parts.outlook.recorded(
                session.conversation.id, records[-1], request
            )
        dialog = self._dialog
        if dialog is None or dialog.chosen != message_id:
            return
        if forecast is None:
            dialog.show_nothing(self.tr("Nothing was recorded for this answer."))
        else:
            dialog.show_forecast(forecast)

    # What the person wants

    def _on_action(self, entry_id: str, action: str) -> None:
        if action == OPEN_LEDGER:
            self.open()
        elif action == REQUEST:
            self.open(message_id_of(entry_id))
        elif action == SUM_UP:
            self.sum_up()
        elif action == EDIT_SUMMARY and self.watch.session is not None:
            message = summarised(self.watch.session.messages)
            self.edit_summary(message.id if message is not None else "")

    def _open_at_break(self) -> None:
        dialog = self.open()
        found = last_break(self.watch.forecast.plan) if self.watch.forecast is not None else None
        if found is not None:
            dialog.select_message(found.message_id)

    def _on_sending_wanted(self, message_id: str, sending: Sending) -> None:
        session, message = self.watch.session, self._message(message_id)
        if session is not None and message is not None:
            wanted = replace(wish_of(message), sending=sending)
            self._make_wish(DeedKind.SENDING, session.conversation.id, {message_id: wanted})

    def _set_summary(self, session: ChatSession, message_id: str, text: str) -> None:
        message = session.branches.known(message_id)
        if message is not None:
            wanted = replace(wish_of(message), summary=text)
            self._make_wish(DeedKind.SUMMARY, session.conversation.id, {message_id: wanted})

    def _start_summing_up(self, session: ChatSession, before: str, request: ChatRequest) -> None:
        self._is_summing_up = True
        self._say(self.tr("The summary is being written…"))
        self._show_in_dialog()
        self._scope.start(self._sum_up(session, before, self._parts.sum_up(request)), "sum up")

    async def _sum_up(self, session: ChatSession, before: str, asked: Awaitable[str]) -> None:
        try:
            text = await asked
        except ChatError as error:
            self._say("")
            self._refuse(sentence(error.record))
        else:
            self._say("")
            self._set_summary(session, before, text)
        finally:
            self._is_summing_up = False
            self._show_in_dialog()

    def _say(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.said.setText(text)
        self._page.status.show_trouble(text)

    def _message(self, message_id: str) -> Message | None:
        session = self.watch.session
        return session.branches.known(message_id) if session is not None else None

    @property
    def _ground(self) -> "ContextDialog | ConversationPage":
        return self._page if self._dialog is None else self._dialog

    def _on_closed(self) -> None:
        self._dialog = None
