"""Questions to the person whether calls may be made, while they stand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.chat.events import ApprovalAsked, ApprovalSettled, Event
from desktop_app.domain.tool import Approval, Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the person said, and why, if they say so."""

    decision: Decision
    reason: str = ""


class Approvals:
    """The questions of one session that nobody has answered yet, in the order of asking.

    Args:
        emit: Takes the events.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._open: dict[str, tuple[Approval, asyncio.Future[Verdict]]] = {}

    @property
    def open(self) -> tuple[Approval, ...]:
        """What is asked at this moment."""
        return tuple(approval for approval, _ in self._open.values())

    async def ask(self, approval: Approval) -> Verdict:
        """Wait for the person's word; cancelling the task takes the question back."""
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._open[approval.call_id] = approval, answer
        self._emit(ApprovalAsked(approval))
        try:
            return await answer
        finally:
            if self._open.pop(approval.call_id, None) is not None:
                self._emit(ApprovalSettled(approval.call_id))

    def decide(self, call_id: str, decision: Decision, reason: str = "") -> bool:
        """Answer the question about a call; ``False`` when it does not stand any more.

        What allows a tool for the conversation answers the other questions about it too.
        """
        if call_id not in self._open:
            return False
        fingerprint = self._open[call_id][0].tool.fingerprint
        self._settle(call_id, Verdict(decision, reason))
        if decision is Decision.ALLOW_HERE:
            for approval in self.open:
                if approval.tool.fingerprint == fingerprint:
                    self._settle(approval.call_id, Verdict(Decision.ALLOW_ONCE))
        return True

    def _settle(self, call_id: str, verdict: Verdict) -> None:
        _, answer = self._open.pop(call_id)
        if not answer.done():
            answer.set_result(verdict)
        self._emit(ApprovalSettled(call_id))
