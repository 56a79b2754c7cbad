"""One round: a request, the answer as it arrives, and the message it ends as."""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from desktop_app.chat.events import Phase
from desktop_app.chat.growing_message import GrowingMessage
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.chat.ports import ChatRequest, Model, ModelExchange, StoreError
from desktop_app.chat.retry import RetryPolicy
from desktop_app.domain.connection import Connection
from desktop_app.domain.delta import Delta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.message import Json, Message, MessageState
from desktop_app.domain.message_builder import MessageBuilder

_log = logging.getLogger(__name__)


Fit = Callable[[ChatRequest, Connection], Awaitable[ChatRequest]]


@dataclass(frozen=True, slots=True)
class Asking:
    """How models are asked.

    Attributes:
        model_source: Gives the model to ask; raises ``ChatError``.
        retry: Says whether a refused request is repeated; ``None`` never does.
        sleep: Lets seconds pass.
        keeps_exchanges: Says, at the end, whether what went over the wire is stored too.
        fit: Says what of a request there is room for on a connection, or raises ``ChatError``;
            ``None`` sends everything.
    """

    model_source: Callable[[], Awaitable[Model]]
    retry: RetryPolicy | None
    sleep: Callable[[float], Awaitable[None]]
    keeps_exchanges: Callable[[], bool]
    fit: Fit | None = None


class Round:
    """Carries one answer from the request to its stored form.

    ``run`` may be cancelled at any point; ``finish`` then says what was reached.

    Args:
        answer: The empty message that the answer fills, the last of the branch.
        request: What is asked; a text is the body of an earlier request, sent as it is.
        desk: Where the answer is shown and kept.
        asking: How it is asked for.
    """

    def __init__(
        self, answer: Message, request: ChatRequest | str, desk: OpenConversation, asking: Asking
    ) -> None:
        self._answer = answer
        self._request = request
        self._desk = desk
        self._asking = asking
        self._exchanges: list[ModelExchange] = []
        self._builder = MessageBuilder()
        self._growing = GrowingMessage(answer.id, desk)
        self._received: Json | None = None
        self._host: str | None = None
        self._error: ErrorRecord | None = None
        self._ended = False
        self._attempts = 0

    async def run(self) -> None:
        """Store, ask, and take what arrives until the answer ends, fails or is stopped."""
        # The person's words are on the disk before the network is touched.
        await self._growing.begin()
        try:
            while (wait := await self._ask()) is not None:
                await self._asking.sleep(wait)
                self._on_phase(Phase.CONNECTING)
            self._ended = True
        except ChatError as error:
            self._error = error.record
        except Exception as error:
            # Our own bug: the person keeps the text and can report it; the log has the trace.
            _log.exception("a round failed unexpectedly")
            self._error = ErrorRecord(
                ErrorKind.INTERNAL, host=self._host, detail=type(error).__name__
            )

    @property
    def so_far(self) -> Message:
        """The answer as far as it has come."""
        return replace(self._answer, parts=self._builder.parts, notices=self._notices)

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
            notices=self._notices,
            host=self._host,
        )

    @property
    def _notices(self) -> tuple[str, ...]:
        return (*self._answer.notices, *self._builder.notices)

    async def save(self, message: Message) -> None:
        """Store the final form, after everything that was written while it streamed."""
        await self._growing.save(message)
        await self._save_exchanges()

    async def _ask(self) -> float | None:
        """Ask once; return the seconds after which to ask again, or ``None`` after an answer.

        Raises:
            ChatError: When it failed and is not to be repeated.
        """
        self._attempts += 1
        try:
            model = await self._asking.model_source()
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
        if self._asking.retry is None or begun:
            return None
        return self._asking.retry.seconds_to_wait(error, self._attempts, time.time())

    async def _take(self, model: Model) -> None:
        request = self._request

        if self._asking.fit is not None and not isinstance(request, str):
            request = await self._asking.fit(request, model.connection)

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
                    self._growing.grow(deltas)
                    self._note_data(deltas)
            finally:
                self._received = stream.received

    async def _save_exchanges(self) -> None:
        """Store what went over the wire. It is no part of the conversation: a refusal is not told."""
        exchanges, self._exchanges = self._exchanges, []
        if not self._asking.keeps_exchanges() or not self._desk.ledger.holds(self._answer.id):
            return
        try:
            for exchange in exchanges:
                if (record := exchange.record) is not None:
                    kept = replace(record, message_id=self._answer.id)
                    await self._desk.store.save_exchange(kept)
        except StoreError as error:
            _log.warning("an exchange cannot be stored: %s", error)
        except Exception:
            _log.exception("storing an exchange failed unexpectedly")

    def _on_phase(self, phase: Phase) -> None:
        self._desk.set_status(replace(self._desk.status, phase=phase, retry_due=0.0, cause=None))

    def _on_retry(self, seconds: float, cause: ErrorRecord) -> None:
        due = time.monotonic() + seconds
        status = replace(self._desk.status, phase=Phase.RETRYING, last_data=0.0)
        self._desk.set_status(replace(status, retry_due=due, cause=cause))

    def _note_data(self, deltas: Sequence[Delta]) -> None:
        status = self._desk.status
        phase = status.phase.with_deltas(deltas)
        self._desk.set_status(replace(status, phase=phase, last_data=time.monotonic()))

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
