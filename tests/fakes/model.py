"""A ``Model`` that answers from a script."""

import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TypeAlias

from desktop_app.chat.ports import ChatRequest, nothing
from desktop_app.demo.journal import Gate, Journal
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.delta import Delta
from desktop_app.domain.errors import ChatError
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Json, Text, Thought
from desktop_app.domain.message_builder import MessageBuilder

Step: TypeAlias = Sequence[Delta] | Gate | Exception
"""Deltas that arrive together, a place to wait until the test opens it, or what is raised."""


@dataclass(frozen=True)
class ScriptedAnswer:
    """What a ``ScriptedModel`` does with one request.

    Attributes:
        steps: What arrives, in order, after the server began to answer.
        before: Gates to stop at, or an exception to raise, before that.
        connecting: The same, before the request has left.
    """

    steps: Sequence[Step] = ()
    before: Sequence[Gate | Exception] = ()
    connecting: Sequence[Gate | Exception] = ()


SCRIPTED_CONNECTION = Connection(
    "scripted", "Scripted", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM
)


class ScriptedModel:
    """A ``Model`` that answers from a script, one answer for each request.

    Attributes:
        requests: What was asked, each noted when the request is sent.
        bodies: The texts that were sent as they are.
        left: Requests whose caller went away before the answer ended, cancelled or not.
        open_streams: How many are being answered now.
        models: What ``list_models`` returns, or raises.
    """

    def __init__(self, *answers: ScriptedAnswer) -> None:
        self.connection = SCRIPTED_CONNECTION
        self.requests: list[ChatRequest] = []
        self.bodies: list[str] = []
        self.left: Journal[ChatRequest | str] = Journal("departures")
        self.open_streams = 0
        self.models: tuple[str, ...] | ChatError = ("MiniMax-M2",)
        self.closed = False
        self._answers = deque(answers)

    def then(self, *answers: ScriptedAnswer) -> None:
        """Queue more answers."""
        self._answers.extend(answers)

    def stream(
        self, request: ChatRequest, on_sent: Callable[[], None] = nothing
    ) -> "ScriptedExchange":
        assert all(message.is_final for message in request.messages)
        return ScriptedExchange(self, request, on_sent)

    def stream_body(self, body: str, on_sent: Callable[[], None] = nothing) -> "ScriptedExchange":
        return ScriptedExchange(self, body, on_sent)

    def next_answer(self, request: ChatRequest | str) -> ScriptedAnswer:
        """Note ``request`` and return what the script has for it."""
        assert self._answers, "more requests than the script has answers"
        if isinstance(request, str):
            self.bodies.append(request)
        else:
            self.requests.append(request)
        return self._answers.popleft()

    async def list_models(self) -> tuple[str, ...]:
        if isinstance(self.models, ChatError):
            raise self.models
        return self.models

    async def aclose(self) -> None:
        self.closed = True


class ScriptedExchange(AbstractAsyncContextManager["ScriptedStream"]):
    """A ``ModelExchange``; its record has a body in words of its own and no events."""

    def __init__(
        self, model: ScriptedModel, request: ChatRequest | str, on_sent: Callable[[], None]
    ) -> None:
        self.record: ExchangeRecord | None = None
        self._model = model
        self._request = request
        self._on_sent = on_sent
        self._running: AbstractAsyncContextManager[ScriptedStream] | None = None

    async def __aenter__(self) -> "ScriptedStream":
        self._running = self._run()
        return await self._running.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        assert self._running is not None
        return await self._running.__aexit__(kind, error, traceback)

    @asynccontextmanager
    async def _run(self) -> AsyncIterator["ScriptedStream"]:
        model, request = self._model, self._request
        answer = model.next_answer(request)
        self.record = _record_of(request)
        model.open_streams += 1
        stream = ScriptedStream(answer.steps)
        error = "stopped"
        try:
            for step in answer.connecting:
                await _pass(step)
            self.record = replace(self.record, sent_at=0.25)
            self._on_sent()
            for step in answer.before:
                await _pass(step)
            self.record = replace(self.record, status=200)
            yield stream
            error = "" if stream.over else error
        except ChatError as failure:
            # The answer itself ended so; the server sees no departure.
            stream.over = True
            error = failure.kind.value
            raise
        finally:
            self.record = replace(self.record, ended_at=1.0, error=error)
            model.open_streams -= 1
            if not stream.over:
                model.left.append(request)


def _record_of(request: ChatRequest | str) -> ExchangeRecord:
    if isinstance(request, ChatRequest):
        words = [message.text for message in request.messages]
        request = json.dumps({"model": request.model, "messages": words})
    url = f"{SCRIPTED_CONNECTION.base_url}/chat/completions"
    return ExchangeRecord(new_id(), "", 100.0, "POST", url, (), request)


class ScriptedStream:
    """A ``ModelStream``; ``over`` once the script has come to its end."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.over = False
        self._steps = deque(steps)
        self._builder = MessageBuilder(clock=lambda: 0.0)

    def __aiter__(self) -> "ScriptedStream":
        return self

    async def __anext__(self) -> Sequence[Delta]:
        while self._steps:
            step = self._steps.popleft()
            if isinstance(step, Sequence):
                self._builder.add(step)
                return step
            await _pass(step)
        self.over = True
        raise StopAsyncIteration

    @property
    def received(self) -> Json | None:
        if not self._builder.has_anything:
            return None
        parts = self._builder.parts
        thinking = "".join(part.text for part in parts if isinstance(part, Thought))
        return {
            "role": "assistant",
            "content": "".join(part.text for part in parts if isinstance(part, Text)),
            "reasoning_details": [{"type": "reasoning.text", "text": thinking}],
        }


async def _pass(step: Gate | Exception) -> None:
    if isinstance(step, Exception):
        raise step
    step.reached.mark()
    await step.opened.arrived(None)
