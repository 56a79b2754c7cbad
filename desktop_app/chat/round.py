"""One turn: a request, the answer as it arrives, and the message it ends as."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from desktop_app.chat.events import Phase
from desktop_app.chat.journal import DeltaJournal
from desktop_app.chat.ledger import Ledger
from desktop_app.chat.ports import (
    ChatRequest,
    ConversationStore,
    Model,
    ModelExchange,
    StoreError,
)
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.delta import Delta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import Json, Message, MessageState
from desktop_app.domain.message_builder import MessageBuilder

_log = logging.getLogger(__name__)


class Turn:
    """Carries one answer from the request to its stored form.

    ``run`` may be cancelled at any point; ``finish`` then says what was reached.

    Args:
        answer: The empty message that the answer fills; noted in ``ledger`` already.
        request: What is asked; a text is the body of an earlier request, sent as it is.
        model_source: Gives the model to ask; raises ``ChatError``.
        store: Where deltas are kept while they stream.
        ledger: Keeps the messages.
        saves: Owns what writes, so that Stop does not end it.
        on_phase: Called when something else is done from now on.
        on_deltas: Called with what arrived.
        on_retry: Called with the seconds after which a refused request is repeated, and the reason.
        retry: Says whether it is repeated; ``None`` never does.
        sleep: Lets seconds pass.
        keeps_exchanges: Says, at the end, whether what went over the wire is stored too.
    """

    def __init__(
        self,
        *,
        answer: Message,
        request: ChatRequest | str,
        model_source: Callable[[], Awaitable[Model]],
        store: ConversationStore,
        ledger: Ledger,
        saves: TaskScope,
        on_phase: Callable[[Phase], None],
        on_deltas: Callable[[tuple[Delta, ...]], None],
        on_retry: Callable[[float, ErrorRecord], None],
        retry: RetryPolicy | None = None,
        keeps_exchanges: Callable[[], bool],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._answer = answer
        self._request = request
        self._model_source = model_source
        self._store = store
        self._ledger = ledger
        self._keeps_exchanges = keeps_exchanges
        self._exchanges: list[ModelExchange] = []
        self._saves = saves
        self._on_phase = on_phase
        self._on_deltas = on_deltas
        self._on_retry = on_retry
        self._retry = retry
        self._sleep = sleep
        self._builder = MessageBuilder()
        self._journal = DeltaJournal(store, answer.id, saves, ledger.tell_trouble)
        self._journals = False
        self._received: Json | None = None
        self._host: str | None = None
        self._error: ErrorRecord | None = None
        self._ended = False
        self._attempts = 0

    async def run(self) -> None:
        """Store, ask, and take what arrives until the answer ends, fails or is stopped."""
        # The person's words are on the disk before the network is touched. Stop ends the waiting
        # for that, not the write.
        await asyncio.shield(self._saves.start(self._ledger.write(), f"begin {self._answer.id}"))
        # Deltas that are kept from the middle on would be a wrong text after a crash.
        self._journals = self._ledger.holds(self._answer.id)
        try:
            while (wait := await self._ask()) is not None:
                await self._sleep(wait)
                self._on_phase(Phase.CONNECTING)
            self._ended = True
        except ChatError as error:
            self._error = error.record
        except Exception as error:
            # Our own bug: the person keeps the text and can report it; the log has the trace.
            _log.exception("a turn failed unexpectedly")
            self._error = ErrorRecord(
                ErrorKind.INTERNAL, host=self._host, detail=type(error).__name__
            )

    @property
    def so_far(self) -> Message:
        """The answer as far as it has come."""
        builder = self._builder
        return replace(self._answer, parts=builder.parts, notices=tuple(builder.notices))

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
            host=self._host,
        )

    async def save(self, message: Message) -> None:
        """Store the final form, after everything that was written while it streamed."""
        await self._journal.close()
        self._ledger.note_final(message)
        await self._ledger.write()
        await self._save_exchanges()

    async def _ask(self) -> float | None:
        """Ask once; return the seconds after which to ask again, or ``None`` after an answer.

        Raises:
            ChatError: When it failed and is not to be repeated.
        """
        self._attempts += 1
        try:
            model = await self._model_source()
            self._host = model.connection.host
            await self._take(model)
        except ChatError as error:
            wait = self._wait_after(error.record)
            if wait is None:
                raise
            # What a refused answer left behind, such as a mark, belongs to no other.
            self._builder = MessageBuilder()
            self._received = None
            self._on_retry(wait, error.record)
            return wait
        return None

    def _wait_after(self, error: ErrorRecord) -> float | None:
        """Never a second request once something of the answer came: it may be billed, and is seen."""
        begun = self._builder.has_anything or self._builder.finish_reason is not None
        if self._retry is None or begun:
            return None
        return self._retry.seconds_to_wait(error, self._attempts, time.time())

    async def _take(self, model: Model) -> None:
        request = self._request

        def on_sent() -> None:
            self._on_phase(Phase.WAITING)

        exchange = (
            model.stream_body(request, on_sent)
            if isinstance(request, str)
            else model.stream(request, on_sent)
        )
        self._exchanges.append(exchange)
        async with exchange as stream:
            try:
                async for deltas in stream:
                    self._builder.add(deltas)
                    if self._journals:
                        self._journal.add(deltas)
                    self._on_deltas(tuple(deltas))
            finally:
                self._received = stream.received

    async def _save_exchanges(self) -> None:
        """Store what went over the wire. It is no part of the conversation: a refusal is not told."""
        exchanges, self._exchanges = self._exchanges, []
        if not self._keeps_exchanges() or not self._ledger.holds(self._answer.id):
            return
        try:
            for exchange in exchanges:
                if (record := exchange.record) is not None:
                    kept = replace(record, message_id=self._answer.id)
                    await self._store.save_exchange(kept)
        except StoreError as error:
            _log.warning("an exchange cannot be stored: %s", error)
        except Exception:
            _log.exception("storing an exchange failed unexpectedly")

    def _outcome(self) -> tuple[MessageState, ErrorRecord | None]:
        if self._error is not None:
            cut = self._error.kind is ErrorKind.CUT_OFF
            return (MessageState.CUT_OFF if cut else MessageState.FAILED), self._error
        if not self._ended:
            return MessageState.STOPPED, None
        if self._builder.finish_reason == "length":
            text = self._builder.has_text
            kind = ErrorKind.LENGTH if text else ErrorKind.LENGTH_IN_THINKING
            return MessageState.CUT_OFF, ErrorRecord(kind, host=self._host)
        if not self._builder.has_anything:
            return MessageState.FAILED, ErrorRecord(ErrorKind.EMPTY_ANSWER, host=self._host)
        return MessageState.COMPLETE, None
