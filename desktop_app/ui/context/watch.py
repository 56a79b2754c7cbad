"""Follows a session and keeps the forecast of its next request up to date.

Never per keystroke and never per delta: when a message came, went or ended, or when something else that
decides what is sent has changed, and then a moment later, in a thread.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.chat.events import (
    BranchShown,
    ConversationChanged,
    Event,
    MessageAdded,
    MessageFinished,
    MessageRemoved,
    WishesChanged,
)
from desktop_app.chat.forecast import Forecast
from desktop_app.chat.outlook import Outlook
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tasks import TaskScope

_DELAY_MS: Final = 60

_DECIDING: Final = (
    BranchShown,
    ConversationChanged,
    MessageAdded,
    MessageFinished,
    MessageRemoved,
    WishesChanged,
)


class ForecastWatch(QObject):
    """Keeps one forecast: of the session that is shown.

    Args:
        outlook: Makes it.
        draft: Gives what is being written; asked when a forecast is made, which typing does not
            bring about.
        parent: Its owner.

    Signals:
        changed(): There is another forecast, or none.
    """

    changed = Signal()

    def __init__(self, outlook: Outlook, draft: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._outlook = outlook
        self._draft = draft
        self._session: ChatSession | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._scope = TaskScope()
        self._runs = self._again = False
        self._timer = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._timer.timeout.connect(self._start)
        self.forecast: Forecast | None = None

    @property
    def session(self) -> ChatSession | None:
        """The session that is followed."""
        return self._session

    def follow(self, session: ChatSession) -> None:
        """Follow ``session`` from now on."""
        self._unsubscribe()
        self._session = session
        self._unsubscribe = session.subscribe(self._on_event)
        self.forecast = None
        self.changed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Make the forecast anew, soon."""
        self._timer.start()

    async def aclose(self) -> None:
        """Make no more."""
        self._timer.stop()
        self._unsubscribe()
        await self._scope.close()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, _DECIDING):
            self._timer.start()

    def _start(self) -> None:
        # One at a time: what changes meanwhile is in the next one.
        if self._runs:
            self._again = True
            return
        self._runs, self._again = True, False
        self._scope.start(self._make(), "forecast")

    async def _make(self) -> None:
        session = self._session
        try:
            if session is not None:
                request = session.next_request(self._draft())
                forecast = await self._outlook.forecast(session.conversation.id, request)
                if session is self._session:
                    self.forecast = forecast
                    self.changed.emit()
        finally:
            self._runs = False
            if self._again:
                self.refresh()
