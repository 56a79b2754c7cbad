"""One turn: a request, the answer as it arrives, and the message it ends as."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from desktop_app.chat.events import Phase
from desktop_app.chat.journal import DeltaJournal
from desktop_app.chat.ports import ChatRequest, ConversationStore, Model, StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import Json, Message, MessageState
from desktop_app.domain.message_builder import MessageBuilder

_log = logging.getLogger(__name__)


class Turn:
    """Carries one answer from the request to its stored form.

    ``begin`` and ``run`` may be cancelled at any point; ``finish`` then says what was reached.
    """

    def __init__(
        self,
        *,
        answer: Message,
        request: ChatRequest,
        model_source: Callable[[], Awaitable[Model]],
        store: ConversationStore,
        saves: TaskScope,
        on_phase: Callable[[Phase], None],
        on_deltas: Callable[[tuple[Delta, ...]], None],
        on_storage_trouble: Callable[[str], None],
    ) -> None:
        self._answer = answer
        self._request = request
        self._model_source = model_source
        self._store = store
        self._on_phase = on_phase
        self._on_deltas = on_deltas
        self._on_storage_trouble = on_storage_trouble
        self._builder = MessageBuilder()
        self._journal = DeltaJournal(store, answer.id, saves, on_storage_trouble)
        self._received: Json | None = None
        self._error: ErrorRecord | None = None
        self._ended = False
        self._saves = saves
        self._unsaved: tuple[Conversation, tuple[Message, ...]] | None = None
        self._beginning: asyncio.Task[None] | None = None

    async def begin(self, conversation: Conversation, messages: tuple[Message, ...]) -> None:
        """Store the person's words and the empty answer; a refusing store ends nothing."""
        self._unsaved = (conversation, messages)
        # Stop ends the waiting, not the write: the answer is finished after it either way.
        self._beginning = self._saves.start(self._store_beginning(), f"begin {self._answer.id}")
        await asyncio.shield(self._beginning)

    async def run(self) -> None:
        """Ask, and take what arrives until the answer ends, fails or is stopped."""
        try:
            model = await self._model_source()
            async with model.stream(self._request) as stream:
                self._on_phase(Phase.WAITING)
                try:
                    async for deltas in stream:
                        self._builder.add(deltas)
                        if self._unsaved is None:
                            self._journal.add(deltas)
                        self._on_deltas(tuple(deltas))
                finally:
                    self._received = stream.received
            self._ended = True
        except ChatError as error:
            self._error = error.record
        except Exception as error:
            # Our own bug: the person keeps the text and can report it; the log has the trace.
            _log.exception("a turn failed unexpectedly")
            self._error = ErrorRecord(ErrorKind.INTERNAL, detail=type(error).__name__)

    def finish(self) -> Message:
        """Return the answer in its final form."""
        builder = self._builder
        state, error = self._outcome()
        return replace(
            self._answer,
            parts=builder.parts,
            state=state,
            finish_reason=builder.finish_reason,
            usage=builder.usage,
            error=error,
            received=self._received,
            notices=tuple(builder.notices),
        )

    async def save(self, message: Message) -> tuple[Message, ...]:
        """Store the final form; returns what could not be stored, to go along with the next turn.

        A refusing store is reported and ends nothing.
        """
        if self._beginning is not None:
            await self._beginning
        try:
            if self._unsaved is not None:
                conversation, messages = self._unsaved
                unsaved = (*messages[:-1], message)
                await self._store.add_messages(conversation, unsaved)
            else:
                unsaved = ()
                await self._journal.close()
                await self._store.finish_message(message)
        except StoreError as error:
            _log.warning("an answer cannot be stored: %s", error)
            self._on_storage_trouble(str(error))
            return unsaved
        return ()

    async def _store_beginning(self) -> None:
        if self._unsaved is None:
            return
        try:
            await self._store.add_messages(*self._unsaved)
            self._unsaved = None
        except StoreError as error:
            _log.warning("a message cannot be stored: %s", error)
            self._on_storage_trouble(str(error))

    def _outcome(self) -> tuple[MessageState, ErrorRecord | None]:
        if self._error is not None:
            cut = self._error.kind is ErrorKind.CUT_OFF
            return (MessageState.CUT_OFF if cut else MessageState.FAILED), self._error
        if not self._ended:
            return MessageState.STOPPED, None
        if self._builder.finish_reason == "length":
            text = self._builder.has_text
            kind = ErrorKind.LENGTH if text else ErrorKind.LENGTH_IN_THINKING
            return MessageState.CUT_OFF, ErrorRecord(kind)
        if not self._builder.has_anything:
            return MessageState.FAILED, ErrorRecord(ErrorKind.EMPTY_ANSWER)
        return MessageState.COMPLETE, None
