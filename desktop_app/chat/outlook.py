"""Forecasts for every open conversation, made in a thread of their own.

Ten thousand messages take a fifth of a second of processor time; neither typing nor a stream waits for
that. All forecasts and the fitting of every request go through the one thread, which owns the counts.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from desktop_app.chat.background import DaemonThread
from desktop_app.chat.forecast import Explain, Forecast, Forecaster
from desktop_app.chat.ports import ChatRequest
from desktop_app.chat.recorded_plan import holds_thinking, recorded_plan
from desktop_app.domain.connection import Connection
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Role

T = TypeVar("T")

_KEPT: Final = 20
"""Conversations whose counts are kept."""


class Outlook:
    """Says what requests will hold, and lets them hold just that.

    Args:
        explain: The provider's word on a request.
        connection: Where the next request will go.
    """

    def __init__(self, explain: Explain, connection: Callable[[], Connection]) -> None:
        self._explain = explain
        self._connection = connection
        self._forecasters: dict[str, tuple[Forecaster, list[str]]] = {}
        self._thread: DaemonThread | None = None

    async def fit(
        self, conversation_id: str, request: ChatRequest, connection: Connection
    ) -> ChatRequest:
        """Return ``request`` with what goes of its messages.

        Raises:
            ChatError: When there is no room for it, although all was left out that can be.
        """
        forecaster, learned = self._forecaster(conversation_id)

        def work() -> ChatRequest:
            _learn(forecaster, learned, request, connection)
            return forecaster.fit(request, connection)

        return await self._run(work)

    async def forecast(self, conversation_id: str, request: ChatRequest) -> Forecast:
        """Say what of ``request`` would go if it were sent now."""
        forecaster, learned = self._forecaster(conversation_id)
        connection = self._connection()

        def work() -> Forecast:
            _learn(forecaster, learned, request, connection)
            return forecaster.forecast(request, connection)

        return await self._run(work)

    async def recorded(
        self, conversation_id: str, record: ExchangeRecord, request: ChatRequest
    ) -> Forecast | None:
        """Say what of ``request`` a recorded one held; ``None`` when its body cannot be read."""
        forecaster, _ = self._forecaster(conversation_id)
        current = self._connection()

        def work() -> Forecast | None:
            body = record.request_body
            then = replace(current, is_minimax=holds_thinking(body) or current.is_minimax)
            plan = recorded_plan(body, self._explain(request, then))
            return None if plan is None else forecaster.of_plan(plan, request)

        return await self._run(work)

    def end(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.end()
        self._thread = None

    def _forecaster(self, conversation_id: str) -> tuple[Forecaster, list[str]]:
        found = self._forecasters.pop(conversation_id, None) or (Forecaster(self._explain), [""])
        # The last one that was asked stands last; what was counted long ago is counted again.
        self._forecasters[conversation_id] = found
        if len(self._forecasters) > _KEPT:
            del self._forecasters[next(iter(self._forecasters))]
        return found

    async def _run(self, work: Callable[[], T]) -> T:
        if self._thread is None:
            self._thread = DaemonThread("forecast")
        return await self._thread.run(work)


def _learn(
    forecaster: Forecaster, learned: list[str], request: ChatRequest, connection: Connection
) -> None:
    """Correct the counting once for each new answer; ``learned`` names the last of them."""
    answer = next((m.id for m in reversed(request.messages) if m.role is Role.ASSISTANT), "")
    last = f"{connection.host} {answer}"
    if learned[0] != last:
        learned[0] = last
        forecaster.learn(request, connection)
