"""The calls of one answer: checked, asked about, run together, and gathered in one message."""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from desktop_app.chat.approvals import Approvals
from desktop_app.chat.events import Phase, ToolProgressed
from desktop_app.chat.growing_message import GrowingMessage
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.chat.permissions import Standing
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.tool_arguments import ArgumentsError, read_arguments
from desktop_app.chat.tool_box import Offer
from desktop_app.chat.tool_call import CallTimedOutError, ReadyCall, make, together, within
from desktop_app.chat.tool_ports import ToolError
from desktop_app.chat.tool_results import (
    DENIED,
    MOST_OF_A_ROUND,
    STOPPED,
    error_result,
    in_order,
    result_of,
    shortened,
    size_of,
)
from desktop_app.chat.tool_use import ToolLimits, ToolUse
from desktop_app.domain.delta import ToolResultDelta
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Message, MessageState, ToolCall, ToolResult
from desktop_app.domain.permission import Permission
from desktop_app.domain.text import one_line
from desktop_app.domain.tool import Approval, Decision, ToolProgress

_log = logging.getLogger(__name__)

_MOST_NAMES: Final = 60
"""Of tools that are named when the model calls one that there is not."""

_LONGEST_REASON: Final = 2_000

_LONGEST_PREVIEW: Final = 400_000

_USED_UP: Final = (
    "No more tools can be called for this question, so this was not run. Answer with what you know."
)
_FAILED: Final = "Something failed inside the program before this call ended."


class ToolRound:
    """Carries the calls of one answer to their results.

    First every call is checked, then every question is put and answered, and only then the calls
    that are left run, all at once. ``run`` may be cancelled at any point; ``finish`` then says what
    was reached.

    Args:
        message: The empty message that the results fill, the last of the branch.
        calls: In the model's order, each with an id of its own.
        offer: What the model was told of; ``None`` refuses every call, for there were enough.
        tools: What there is now, and what may be called unasked.
        limits: How far calls may go.
        desk: Where the message is shown and kept.
        approvals: Puts questions to the person.
    """

    def __init__(
        self,
        message: Message,
        calls: Sequence[ToolCall],
        offer: Offer | None,
        tools: ToolUse,
        limits: ToolLimits,
        desk: OpenConversation,
        approvals: Approvals,
    ) -> None:
        self._message = message
        self._calls = tuple(calls)
        self._offer = offer
        self._tools = tools
        self._limits = limits
        self._desk = desk
        self._approvals = approvals
        self._scope = TaskScope()
        self._growing = GrowingMessage(message.id, desk)
        self._results: dict[str, ToolResult] = {}
        self._running: dict[str, str] = {}
        self._error: ErrorRecord | None = None
        self._ended = False

    async def run(self) -> None:
        """Bring every call to its result, or as many as there are until it is stopped."""
        await self._growing.begin()
        self._say(Phase.RUNNING_TOOL)
        try:
            ready = await self._checked()
            allowed = await self._allowed(ready)
            await self._run_together(allowed)
            self._ended = True
        except Exception as error:
            _log.exception("a round of tools failed unexpectedly")
            self._error = ErrorRecord(ErrorKind.INTERNAL, detail=type(error).__name__)

    @property
    def so_far(self) -> Message:
        """The message with the results that there are."""
        return replace(self._message, parts=in_order(self._results, self._calls))

    def finish(self) -> Message:
        """Return the message with one result for each call, whatever became of it."""
        state, missing = MessageState.COMPLETE, _FAILED
        if self._error is not None:
            state = MessageState.FAILED
        elif not self._ended:
            state, missing = MessageState.STOPPED, STOPPED
        results = {
            call.call_id: self._results.get(call.call_id) or error_result(call, missing)
            for call in self._calls
        }
        return replace(
            self._message,
            parts=in_order(results, self._calls),
            state=state,
            error=self._error,
        )

    async def save(self, message: Message) -> None:
        """Store the final form, after everything that was written before."""
        await self._growing.save(message)

    # What may be called

    async def _checked(self) -> list[ReadyCall]:
        """Return the calls that can be made; each other one has its result."""
        ready: list[ReadyCall] = []
        for call in self._calls:
            try:
                ready.append(self._check(call))
            except ToolError as error:
                await self._settle(error_result(call, str(error)))
        return ready

    def _check(self, call: ToolCall) -> ReadyCall:
        """Return ``call`` with its tool and its arguments.

        Raises:
            ToolError: When it cannot be made; says why, for the model.
        """
        if self._offer is None:
            raise ToolError(_USED_UP)
        offered = self._offer.find(call.name)
        if offered is None:
            raise ToolError(_unknown(call.name, self._tools.box.offer()))
        if not self._tools.box.is_current(offered):
            raise ToolError(_changed(call.name))
        try:
            arguments = read_arguments(call.arguments, offered.tool.schema)
        except ArgumentsError as error:
            raise ToolError(f"{error} The call was not made.") from None
        return ReadyCall(call, offered, arguments)

    # Who allows it

    async def _allowed(self, ready: list[ReadyCall]) -> list[ReadyCall]:
        """Return the calls that are allowed once nothing is asked any more."""
        conversation_id = self._desk.conversation.id
        allowed: dict[str, ReadyCall] = {}
        asked: list[tuple[ReadyCall, bool]] = []
        for item in ready:
            standing = await self._tools.permissions.standing(conversation_id, item.offered.tool)
            if standing is Standing.ALLOWED:
                allowed[item.call.call_id] = item
            else:
                asked.append((item, standing is Standing.CHANGED))
        questions = await self._questions(asked)
        if questions:
            self._say(Phase.ASKING)
            works = [self._ask(item, approval, allowed) for item, approval in questions]
            await together(works, self._scope, f"approvals {self._message.id}")
        return [item for item in ready if item.call.call_id in allowed]

    async def _questions(
        self, asked: list[tuple[ReadyCall, bool]]
    ) -> list[tuple[ReadyCall, Approval]]:
        """Return what to ask, with a look at what each call would change."""
        previews: dict[str, str] = {}

        async def look(item: ReadyCall) -> None:
            try:
                previews[item.call.call_id] = await self._preview(item)
            except ToolError as error:
                await self._settle(error_result(item.call, f"{error} The call was not made."))

        works = [look(item) for item, _ in asked]
        await together(works, self._scope, f"previews {self._message.id}")
        return [
            (
                item,
                Approval(
                    call_id=item.call.call_id,
                    tool=item.offered.tool,
                    arguments=_shown(item.arguments),
                    changed=changed,
                    preview=shortened(previews[item.call.call_id], _LONGEST_PREVIEW),
                    source_title=item.offered.source.title,
                ),
            )
            for item, changed in asked
            if item.call.call_id in previews
        ]

    async def _preview(self, item: ReadyCall) -> str:
        source, tool = item.offered.source, item.offered.tool

        async def look() -> str | ToolError:
            try:
                return await source.preview(tool, item.arguments)
            except ToolError as error:
                return error
            except Exception as error:
                _log.exception("the tool %s of %s has no preview", tool.name, source.id)
                return ToolError(f"The tool failed unexpectedly ({type(error).__name__}).")

        work = self._scope.start(look(), f"preview {tool.name}")
        try:
            preview: str | ToolError = await within(self._limits.seconds, work)
        except CallTimedOutError:
            raise ToolError("The tool did not say in time what the call would do.") from None
        if isinstance(preview, ToolError):
            raise preview
        return preview

    async def _ask(
        self, item: ReadyCall, approval: Approval, allowed: dict[str, ReadyCall]
    ) -> None:
        verdict = await self._approvals.ask(approval)
        tool = approval.tool
        if verdict.decision is Decision.DENY:
            await self._settle(error_result(item.call, _denied(verdict.reason)))
            return
        allowed[item.call.call_id] = item
        if verdict.decision is Decision.ALLOW_HERE:
            await self._tools.permissions.allow(
                Permission(
                    self._desk.conversation.id,
                    tool.source,
                    tool.name,
                    tool.fingerprint,
                    time.time(),
                )
            )

    # What comes of it

    async def _run_together(self, allowed: list[ReadyCall]) -> None:
        for item in allowed:
            self._running[item.call.call_id] = item.offered.tool.title or item.offered.tool.name
        self._say(Phase.RUNNING_TOOL)
        works = [self._run_one(item) for item in allowed]
        await together(works, self._scope, f"calls {self._message.id}")

    async def _run_one(self, item: ReadyCall) -> None:
        call = item.call

        def on_progress(progress: ToolProgress) -> None:
            self._desk.emit(ToolProgressed(call.call_id, progress))

        if not self._tools.box.is_current(item.offered):
            # It may have gone while the person thought about it.
            await self._settle(error_result(call, _changed(call.name)))
            return
        started = time.monotonic()
        outcome = await make(item, self._limits.seconds, self._scope, on_progress)
        seconds = time.monotonic() - started
        room = MOST_OF_A_ROUND - sum(map(size_of, self._results.values()))
        await self._settle(result_of(call, outcome, self._limits.characters, seconds, room=room))

    async def _settle(self, result: ToolResult) -> None:
        """Take the result of a call: on the disk first, then on the screen."""
        self._results[result.call_id] = result
        self._running.pop(result.call_id, None)
        await self._growing.store_and_grow((ToolResultDelta(result),))
        self._say(self._desk.status.phase)

    def _say(self, phase: Phase) -> None:
        tool = next(iter(self._running.values()), "")
        self._desk.set_status(
            replace(self._desk.status, phase=phase, tool=tool, last_data=time.monotonic())
        )


def _shown(arguments: dict[str, Any]) -> str:
    """Return ``arguments`` as they are given to the tool, in JSON that a person can read."""
    text = json.dumps(arguments, ensure_ascii=False, indent=2)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(arguments, indent=2)
    return text


def _unknown(name: str, offer: Offer) -> str:
    names = offer.names
    there_is = "There are no tools now."
    if names:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        there_is = f"There is: {', '.join(names[:_MOST_NAMES])}{more}."
    return f"There is no tool with the name {one_line(name, 100)!r}. {there_is}"


def _changed(name: str) -> str:
    return (
        f"The tool {one_line(name, 100)!r} is gone or not what you were told it is, so the call was"
        " not made. Look at the tools that there are now."
    )


def _denied(reason: str) -> str:
    if not reason.strip():
        return DENIED
    said = reason.strip()[:_LONGEST_REASON]
    return f"{DENIED} They say: {said}"
