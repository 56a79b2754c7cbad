"""A session: one open conversation, its shown branch, and the answer that may be on its way.

The only place that stops an answer, and the only owner of its task. Knows ports, not rooms.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from desktop_app.chat.events import (
    BranchChanged,
    ConversationChanged,
    DeltasArrived,
    Event,
    MessageAdded,
    MessageFinished,
    MessageRemoved,
    Phase,
    Status,
    StatusChanged,
    StorageTrouble,
)
from desktop_app.chat.exchange_text import asked_model
from desktop_app.chat.ledger import Ledger
from desktop_app.chat.ports import ChatRequest, ConversationStore, Model
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.turn import Turn
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.delta import Delta, TextDelta, ThinkingDelta, ToolCallDelta
from desktop_app.domain.errors import ErrorRecord
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.domain.text import one_line, storable

_log = logging.getLogger(__name__)


class ChatSession:
    """One open conversation.

    Args:
        conversation: What it is about; its messages are given separately.
        messages: The branch that is shown, oldest first.
        store: Where it is kept.
        model_source: Gives the model to ask, with the key of the moment; raises ``ChatError``.
        retry: Says when a refused request is repeated; ``None`` leaves that to the person.
        sleep: Lets the seconds until then pass.
        keeps_exchanges: Says whether what went over the wire is stored with an answer.
    """

    def __init__(
        self,
        conversation: Conversation,
        messages: Sequence[Message],
        store: ConversationStore,
        model_source: Callable[[], Awaitable[Model]],
        retry: RetryPolicy | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        keeps_exchanges: Callable[[], bool] = lambda: True,
    ) -> None:
        self._conversation = conversation
        self._messages = list(messages)
        self._store = store
        self._model_source = model_source
        self._retry = retry
        self._sleep = sleep
        self._keeps_exchanges = keeps_exchanges
        self._status = Status()
        self._listeners: list[Callable[[Event], None]] = []
        self._scope = TaskScope()
        self._saves = TaskScope()
        self._ledger = Ledger(store, conversation, self._on_storage_trouble)
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._task_runs = False
        self._stop_asked = False
        self._closed = False

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands."""
        return self._conversation

    @property
    def messages(self) -> tuple[Message, ...]:
        """The branch that is shown, oldest first; an answer on its way as far as it has come."""
        if self._turn is None or self._messages[-1].is_final:
            return tuple(self._messages)
        return (*self._messages[:-1], self._turn.so_far)

    @property
    def status(self) -> Status:
        """What is being done at this moment."""
        return self._status

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way; a finished one that is being stored is not."""
        return self._turn is not None

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with every event; returns how to stop that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def send(self, text: str) -> bool:
        """Add what the person wrote and ask for an answer.

        Returns at once. ``False`` means that nothing was done: the text is blank, an answer is
        still on its way, or the session was closed.
        """
        if not text.strip() or self.is_busy or self._closed:
            return False
        now = time.time()
        question = Message(
            id=new_id(),
            role=Role.USER,
            parts=(Text(storable(text)),),
            parent=self._messages[-1].id if self._messages else None,
            created_at=now,
        )
        self._show(question)
        title = self._conversation.title or one_line(question.text)
        self._conversation = replace(self._conversation, title=title)
        self._ask((question,))
        return True

    def retry(self) -> bool:
        """Ask once more for the last answer; the earlier one stays stored as a sibling."""
        answered = bool(self._messages) and self._messages[-1].role is Role.ASSISTANT
        asked = self._messages[:-1] if answered else self._messages
        if self.is_busy or self._closed or not asked:
            return False
        if answered:
            self._emit(MessageRemoved(self._messages.pop().id))
        self._ask(())
        return True

    def resend(self, record: ExchangeRecord) -> bool:
        """Send the body of an earlier request once more, as it is, to the connection in use.

        The answer becomes a sibling of the one that ``record`` was made for, which must be shown;
        that one and what follows it leave the branch, and stay stored. ``False`` means that nothing
        was done.
        """
        ids = [message.id for message in self._messages]
        if self.is_busy or self._closed or not record.request_body or record.message_id not in ids:
            return False
        place = ids.index(record.message_id)
        if place == 0 or self._messages[place].role is not Role.ASSISTANT:
            return False
        while len(self._messages) > place:
            self._emit(MessageRemoved(self._messages.pop().id))
        self._ask((), record)
        return True

    def show_branch(self, messages: Sequence[Message]) -> bool:
        """Show ``messages``, another branch of the conversation that is stored, and go on there.

        ``False`` means that nothing was done: there are none, an answer is still on its way, or the
        session was closed.
        """
        if not messages or self.is_busy or self._closed:
            return False
        self._messages = list(messages)
        self._change(replace(self._conversation, head=messages[-1].id))
        self._emit(BranchChanged(tuple(messages)))
        return True

    def stop(self) -> None:
        """End the answer at once; what has arrived is kept."""
        self._stop_asked = True
        # A task that is cancelled before its first step never runs at all, its clean-up included.
        if self._task is not None and self._task_runs:
            self._task.cancel()

    def set_model(self, model: str) -> None:
        """Use ``model`` from the next answer on."""
        self._change(replace(self._conversation, model=model))

    def set_parameters(self, parameters: Parameters) -> None:
        """Use ``parameters`` from the next answer on."""
        self._change(replace(self._conversation, parameters=parameters))

    def rename(self, title: str) -> None:
        """Give the conversation another title; a blank one is ignored."""
        if title.strip():
            self._change(replace(self._conversation, title=one_line(title, 200)))

    async def save(self) -> bool:
        """Try once more to store what the store refused; whether everything is stored now."""
        waited = not self._ledger.is_settled
        if waited:
            await self._ledger.write()
        settled = self._ledger.is_settled
        if waited and settled:
            self._emit(StorageTrouble(""))
        return settled

    async def close(self) -> None:
        """Stop what runs and wait until everything is stored; nothing can be sent after that."""
        self._closed = True
        self.stop()
        await self.settled()
        await self.save()
        self._listeners.clear()

    async def settled(self) -> None:
        """Wait until no answer is on its way and everything is stored."""
        await self._scope.join()
        await self._saves.join()

    def _ask(self, new_messages: tuple[Message, ...], again: ExchangeRecord | None = None) -> None:
        """Start the turn that answers the last message; ``new_messages`` are not stored yet.

        With ``again`` it sends the body of that exchange in place of what is shown.
        """
        model, parameters = self._conversation.model, self._conversation.parameters
        history = tuple(self._messages)
        now = time.time()
        answer = Message(
            id=new_id(),
            role=Role.ASSISTANT,
            parent=history[-1].id,
            created_at=now,
            state=MessageState.STREAMING,
            model=model if again is None else asked_model(again) or model,
        )
        self._conversation = replace(self._conversation, head=answer.id, updated_at=now)
        self._ledger.note_new(self._conversation, (*new_messages, answer))
        turn = self._turn = Turn(
            answer=answer,
            request=again.request_body if again else ChatRequest(model, history, parameters),
            model_source=self._model_source,
            store=self._store,
            ledger=self._ledger,
            saves=self._saves,
            on_phase=self._on_phase,
            on_deltas=self._on_deltas,
            on_retry=self._on_retry,
            retry=self._retry,
            sleep=self._sleep,
            keeps_exchanges=self._keeps_exchanges,
        )
        self._task_runs = self._stop_asked = False
        self._task = self._scope.start(self._run(turn), f"turn {answer.id}")
        self._emit(ConversationChanged(self._conversation))
        self._show(answer)
        self._set_status(Status(Phase.CONNECTING, turn_started=time.monotonic()))

    async def _run(self, turn: Turn) -> None:
        self._task_runs = True
        try:
            if not self._stop_asked:
                await turn.run()
        finally:
            final = turn.finish()
            self._messages[-1] = final
            self._turn = None
            # In a task of its own, which nothing cancels, however often Stop is pressed.
            self._saves.start(turn.save(final), f"save {final.id}")
            self._emit(MessageFinished(final))
            # A listener may have sent the next message already.
            if self._turn is None:
                self._set_status(Status(_phase_after(final)))

    def _on_phase(self, phase: Phase) -> None:
        self._set_status(replace(self._status, phase=phase, retry_due=0.0, cause=None))

    def _on_retry(self, seconds: float, cause: ErrorRecord) -> None:
        due = time.monotonic() + seconds
        started = self._status.turn_started
        self._set_status(Status(Phase.RETRYING, started, retry_due=due, cause=cause))

    def _on_deltas(self, deltas: tuple[Delta, ...]) -> None:
        self._emit(DeltasArrived(self._messages[-1].id, deltas))
        phase = self._status.phase
        for delta in deltas:
            if isinstance(delta, ThinkingDelta):
                phase = Phase.THINKING
            elif isinstance(delta, TextDelta | ToolCallDelta):
                phase = Phase.WRITING
        self._set_status(replace(self._status, phase=phase, last_data=time.monotonic()))

    def _on_storage_trouble(self, detail: str) -> None:
        self._emit(StorageTrouble(detail))

    def _show(self, message: Message) -> None:
        self._messages.append(message)
        self._emit(MessageAdded(message))

    def _change(self, conversation: Conversation) -> None:
        if conversation == self._conversation:
            return
        self._conversation = conversation
        self._emit(ConversationChanged(conversation))
        # One that has no message yet is stored with its first.
        if self._messages:
            self._ledger.note_conversation(conversation)
            self._saves.start(self._ledger.write(), "save conversation")

    def _set_status(self, status: Status) -> None:
        changed = status.phase is not self._status.phase
        self._status = status
        # The time of the last data is read by the status line's own clock, not announced.
        if changed:
            self._emit(StatusChanged(status))

    def _emit(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                # Whoever watches must not be able to end an answer or to keep it from being stored.
                _log.exception("a listener failed on %s", type(event).__name__)


def _phase_after(message: Message) -> Phase:
    match message.state:
        case MessageState.STOPPED:
            return Phase.STOPPED
        case MessageState.FAILED | MessageState.CUT_OFF:
            return Phase.FAILED
        case _:
            return Phase.READY
