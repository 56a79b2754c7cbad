"""A turn: everything that answers one question, round after round.

A round is a request and its answer. An answer that calls tools is followed by one message with all
their results, and that by the next round, until an answer calls nothing or no more calls are left.
Then the model is asked once more and may call nothing: it has found out a lot by then, and the
person gets that instead of an end in the middle, with a notice why it came.
"""

import asyncio
import time
from dataclasses import replace
from typing import Protocol

from desktop_app.chat.approvals import Approvals
from desktop_app.chat.events import Phase, Status
from desktop_app.chat.exchange_text import asked_model
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.chat.ports import ChatRequest
from desktop_app.chat.round import Asking, Round
from desktop_app.chat.tool_box import Offer
from desktop_app.chat.tool_round import ToolRound
from desktop_app.chat.tool_use import ToolLimits, ToolUse
from desktop_app.domain.call_ids import calls_of
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import ROUNDS_USED_UP, Message, MessageState, Role


class Step(Protocol):
    """What fills one message of a turn: a round, or the tools that it asked for.

    ``run`` may be cancelled at any point; ``finish`` then says what was reached.
    """

    @property
    def so_far(self) -> Message:
        """The message as far as it has come."""
        ...

    async def run(self) -> None:
        """Do it, and raise for nothing but being cancelled."""
        ...

    def finish(self) -> Message:
        """Return the message in its final form."""
        ...

    async def save(self, message: Message) -> None:
        """Store the final form."""
        ...


class Turn:
    """Answers the last message of the branch that is shown.

    Args:
        desk: Where that branch is, and what comes is shown and kept.
        asking: How models are asked.
        approvals: Puts questions to the person.
        tools: What the model may call; ``None`` runs nothing, whatever an answer asks for.
        again: An earlier exchange, whose body is sent in place of the branch.
    """

    def __init__(
        self,
        desk: OpenConversation,
        asking: Asking,
        approvals: Approvals,
        tools: ToolUse | None = None,
        again: ExchangeRecord | None = None,
    ) -> None:
        self._desk = desk
        self._asking = asking
        self._approvals = approvals
        self._tools = tools
        self._limits = ToolLimits(rounds=1) if tools is None else tools.limits()
        conversation = desk.conversation
        self._model, self._parameters = conversation.model, conversation.parameters
        self._rounds = 0
        self._offer = Offer()
        self._message, self._step = self._next_round(again)

    @property
    def so_far(self) -> Message:
        """The message that grows at this moment."""
        return self._step.so_far

    def begin(self, before: tuple[Message, ...]) -> None:
        """Show the empty answer; ``before`` is shown already and not stored yet."""
        self._desk.begin(self._message, before)
        self._say_connecting(Status(turn_started=time.monotonic()))

    async def run(self) -> None:
        """Go on until the turn has ended; the last message is left to ``finish``."""
        while True:
            step = self._step
            await step.run()
            final = step.finish()
            if not self._goes_on(step, final):
                return
            saving = self._desk.finish(final, step.save(final))
            # Nothing waits between these two: Stop finds one message that grows, at any moment.
            self._message, self._step = self._following(step, final)
            self._desk.begin(self._message)
            if isinstance(self._step, Round):
                self._say_connecting(self._desk.status)
            await asyncio.shield(saving)

    def finish(self) -> Message:
        """Return the message that grew last, in its final form."""
        return self._step.finish()

    async def save(self, message: Message) -> None:
        """Store that message."""
        await self._step.save(message)

    def _goes_on(self, step: Step, final: Message) -> bool:
        """Whether a message follows ``final``, with which ``step`` ended."""
        if final.state is not MessageState.COMPLETE or self._tools is None:
            return False
        return not self._is_used_up if isinstance(step, ToolRound) else bool(final.tool_calls)

    def _following(self, step: Step, final: Message) -> tuple[Message, Step]:
        """Return that message, and what fills it."""
        if isinstance(step, ToolRound) or self._tools is None:
            return self._next_round()
        return self._tool_round(final, self._tools)

    @property
    def _is_used_up(self) -> bool:
        """Whether the round that was asked last may call nothing."""
        return self._rounds > self._limits.rounds

    def _next_round(self, again: ExchangeRecord | None = None) -> tuple[Message, Step]:
        self._rounds += 1
        self._offer = Offer() if self._tools is None else self._tools.box.offer()
        history = self._desk.branches.shown
        answer = Message(
            id=new_id(),
            role=Role.ASSISTANT,
            parent=history[-1].id,
            created_at=time.time(),
            state=MessageState.STREAMING,
            model=self._model if again is None else asked_model(again) or self._model,
            notices=(ROUNDS_USED_UP,) if self._is_used_up else (),
        )
        request = ChatRequest(
            self._model,
            history,
            self._parameters,
            tools=self._offer.specs(),
            may_call=not self._is_used_up,
        )
        body = None if again is None else again.request_body
        return answer, Round(answer, body or request, self._desk, self._asking)

    def _tool_round(self, answer: Message, tools: ToolUse) -> tuple[Message, Step]:
        message = Message(
            id=new_id(),
            role=Role.TOOL,
            parent=answer.id,
            created_at=time.time(),
            state=MessageState.STREAMING,
            notices=(ROUNDS_USED_UP,) if self._is_used_up else (),
        )
        step = ToolRound(
            message,
            calls_of(answer),
            # A service that lets the model call all the same is told that nothing can be called.
            None if self._is_used_up else self._offer,
            tools,
            self._limits,
            self._desk,
            self._approvals,
        )
        return message, step

    def _say_connecting(self, status: Status) -> None:
        self._desk.set_status(
            replace(
                status,
                phase=Phase.CONNECTING,
                tool="",
                round=min(self._rounds, self._limits.rounds),
                rounds=self._limits.rounds,
            )
        )
