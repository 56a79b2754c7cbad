"""A session: one open conversation, its shown branch, and the answer that may be on its way.

The only place that stops an answer, and the only owner of its task. Knows ports, not rooms.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from desktop_app.chat.approvals import Approvals
from desktop_app.chat.branch_moves import BranchMoves
from desktop_app.chat.branches import Branches
from desktop_app.chat.continuation import CONTINUE_REQUEST
from desktop_app.chat.events import Event, MessageRemoved, Phase, Status, StorageTrouble
from desktop_app.chat.open_conversation import OpenConversation
from desktop_app.chat.ports import ChatRequest, ConversationStore, Model
from desktop_app.chat.retry import RetryPolicy
from desktop_app.chat.round import Asking, Fit
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.tool_box import Offer
from desktop_app.chat.tool_use import ToolUse
from desktop_app.chat.turn import Turn
from desktop_app.chat.wishes import Wishes
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import CONTINUATION, DRAFT, Message, MessageState, Role, Text
from desktop_app.domain.text import one_line, storable
from desktop_app.domain.title import title_of
from desktop_app.domain.tool import Approval, Decision
from desktop_app.domain.tree import TreeNode


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
        outline: The tree of all messages; without it, the branch that is shown is all there is.
        tools: What the model may call; without it, nothing is run that an answer asks for.
        fit: Says what of a request there is room for; without it, everything is sent.
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
        outline: Sequence[TreeNode] = (),
        tools: ToolUse | None = None,
        fit: Fit | None = None,
    ) -> None:
        self._desk = OpenConversation(conversation, messages, outline, store)
        self._branches = self._desk.branches
        self._asking = Asking(model_source, retry, sleep, keeps_exchanges, fit)
        self._approvals = Approvals(self._desk.emit)
        self.wishes = Wishes(self._desk)
        self._tools = tools
        self._scope = TaskScope()
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._task_runs = False
        self._stop_asked = False
        self._closed = False
        self._moves = BranchMoves(self._desk)

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands."""
        return self._desk.conversation

    @property
    def messages(self) -> tuple[Message, ...]:
        """The branch that is shown, oldest first; an answer on its way as far as it has come."""
        shown = self._branches.shown
        if self._turn is None or shown[-1].is_final:
            return shown
        return (*shown[:-1], self._turn.so_far)

    @property
    def branches(self) -> Branches:
        """All branches, for looking at; only the session changes anything."""
        return self._branches

    @property
    def status(self) -> Status:
        """What is being done at this moment."""
        return self._desk.status

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way; a finished one that is being stored is not."""
        return self._turn is not None

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The calls that wait for the person's word, in the order of asking."""
        return self._approvals.open

    def decide(self, call_id: str, decision: Decision, reason: str = "") -> bool:
        """Say whether a call may be made; ``reason`` is told to the model when it may not.

        ``False`` means that nobody waits for that any more.
        """
        return self._approvals.decide(call_id, decision, reason)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with every event; returns how to stop that."""
        return self._desk.subscribe(listener)

    def holds(self, message_id: str) -> bool:
        """Whether a message is stored; true of those that never were to be, too."""
        return self._desk.ledger.holds(message_id)

    def next_request(self, text: str) -> ChatRequest:
        """Return what would be asked with ``text`` as the next question; its id is ``DRAFT``."""
        messages = [message for message in self._branches.shown if message.is_final]
        parent = messages[-1].id if messages else None
        messages.append(Message(DRAFT, Role.USER, (Text(text),), parent))
        offer = Offer() if self._tools is None else self._tools.box.offer()
        conversation = self.conversation
        return ChatRequest(
            conversation.model, tuple(messages), conversation.parameters, tools=offer.specs()
        )

    def send(self, text: str, message_id: str = "") -> bool:
        """Add what the person wrote, under ``message_id`` if given, and ask for an answer.

        Returns at once. ``False`` means that nothing was done: the text is blank, or nothing else
        may be begun now.
        """
        if not text.strip() or not self._is_free:
            return False
        self._ask_question(Text(storable(text)), message_id)
        return True

    def edit(self, message_id: str, text: str, edited_id: str = "") -> bool:
        """Ask ``text`` in place of what the person wrote as ``message_id``, which stays a sibling.

        That message must be shown; what follows it leaves the branch, and stays stored. The new one
        has the id ``edited_id``, if given. ``False`` means that nothing was done.
        """
        if not text.strip() or not self._is_free or not self._cut(message_id, Role.USER):
            return False
        self._ask_question(Text(storable(text)), edited_id)
        return True

    def retry(self, message_id: str = "") -> bool:
        """Ask once more for an answer, the last by default; the earlier one stays a sibling.

        Any message of an answer stands for all of it: with its tools, it begins anew.
        """
        last = self._branches.last
        if not self._is_free or last is None:
            return False
        answered = bool(message_id) or last.role is not Role.USER
        first = self._branches.first_of_answer(message_id or last.id)
        if answered and not self._cut(first or "", Role.ASSISTANT):
            return False
        self._ask(())
        return True

    def resend(self, record: ExchangeRecord) -> bool:
        """Send the body of an earlier request once more, as it is, to the connection in use.

        The answer becomes a sibling of the one that ``record`` was made for, which must be shown;
        that one and what follows it leave the branch, and stay stored. ``False`` means that nothing
        was done.
        """
        sendable = self._is_free and bool(record.request_body)
        if not sendable or not self._cut(record.message_id, Role.ASSISTANT):
            return False
        self._ask((), record)
        return True

    def continue_answer(self) -> bool:
        """Ask for the rest of the last answer, when :attr:`can_continue`.

        After tools the model is asked again with what they found, whatever became of the request
        before; a text that broke off is gone on with.
        """
        last = self._branches.last
        if not self._is_free or last is None:
            return False
        if self._awaits_round:
            if last.role is Role.ASSISTANT and last.state is not MessageState.COMPLETE:
                self._cut(last.id, Role.ASSISTANT)
            self._ask(())
        elif last.can_continue:
            self._ask_question(Text(CONTINUE_REQUEST), notices=(CONTINUATION,))
        else:
            return False
        return True

    @property
    def can_continue(self) -> bool:
        """Whether the last answer ended before it was whole, and can be gone on with."""
        last = self._branches.last
        return not self.is_busy and last is not None and (self._awaits_round or last.can_continue)

    def show_branch(self, message_id: str) -> bool:
        """Show the branch through a message that was added to last; the next question goes there.

        Not while an answer is on its way: what waits for its end belongs to it. ``False`` means
        that nothing was done. A branch that has to be read first is told when it is there.
        """
        return self._is_free and self._moves.show(message_id)

    def delete_branch(self, message_id: str) -> bool:
        """Delete a message with all below it; a version of it is shown then, or what is above it.

        ``BranchDeleted`` says that it was done. ``False`` means that nothing is: the conversation
        would be empty without it.
        """
        return self._is_free and self._moves.delete(message_id)

    def restore_branch(self, message_id: str) -> bool:
        """Undo :meth:`delete_branch`, and show what was shown before it."""
        return self._is_free and self._moves.restore(message_id)

    def stop(self) -> None:
        """End the answer at once; what has arrived is kept."""
        self._stop_asked = True
        # A task that is cancelled before its first step never runs at all, its clean-up included.
        if self._task is not None and self._task_runs:
            self._task.cancel()

    def set_model(self, model: str) -> None:
        """Use ``model`` from the next answer on."""
        self._desk.change(replace(self.conversation, model=model))

    def set_parameters(self, parameters: Parameters) -> None:
        """Use ``parameters`` from the next answer on."""
        self._desk.change(replace(self.conversation, parameters=parameters))

    def rename(self, title: str) -> None:
        """Give the conversation the title that the person chose; a blank one is ignored."""
        if title.strip():
            self._desk.change(replace(self.conversation, title=one_line(title, 200), named=True))

    def suggest_title(self, title: str) -> None:
        """Give the conversation another title unless the person chose the one it has."""
        if title.strip() and not self.conversation.named and not self._closed:
            self._desk.change(replace(self.conversation, title=one_line(title)))

    def amend(self, change: Callable[[Conversation], Conversation]) -> None:
        """Let ``change`` say anew what is known of the conversation beside its messages."""
        self._desk.change(change(self.conversation))

    async def save(self) -> bool:
        """Try once more to store what the store refused; whether everything is stored now."""
        ledger = self._desk.ledger
        if ledger.is_settled:
            return True
        await ledger.write()
        settled = bool(ledger.is_settled)
        if settled:
            self._desk.emit(StorageTrouble(""))
        return settled

    async def close(self) -> None:
        """Stop what runs and wait until everything is stored; nothing can be sent after that."""
        self._closed = True
        self.stop()
        await self.settled()
        await self.save()
        self._desk.forget_listeners()

    async def settled(self) -> None:
        """Wait until no answer is on its way and everything is stored."""
        await self._scope.join()
        await self._desk.saves.join()

    @property
    def _is_free(self) -> bool:
        """Whether something else may be begun."""
        return not (self.is_busy or self._moves.is_running or self._closed)

    @property
    def _awaits_round(self) -> bool:
        """Whether the branch ends with calls or results that the model has not answered."""
        shown = self._branches.shown
        last = shown[-1] if shown else None
        if last is None or last.role is Role.USER:
            return False
        if last.role is Role.TOOL:
            return True
        if last.state is MessageState.COMPLETE:
            # What was brought from elsewhere has its results inside.
            return bool(last.tool_calls) and last.received is not None
        after_tools = len(shown) > 1 and shown[-2].role is Role.TOOL
        return after_tools and not last.text.strip()

    def _cut(self, message_id: str, role: Role) -> bool:
        """Take a shown message of ``role`` and what follows it out of the branch, if it is one."""
        place = self._branches.place_of(message_id)
        shown = self._branches.shown
        if place is None or shown[place].role is not role or shown[place].is_continuation:
            return False
        if role is Role.ASSISTANT and place == 0:  # imported so: there is no question to it
            return False
        for _ in shown[place:]:
            self._desk.emit(MessageRemoved(self._branches.drop_last().id))
        return True

    def _ask_question(
        self, text: Text, message_id: str = "", notices: tuple[str, ...] = ()
    ) -> None:
        last = self._branches.last
        question = Message(
            id=message_id or new_id(),
            role=Role.USER,
            parts=(text,),
            parent=last.id if last else None,
            created_at=time.time(),
            notices=notices,
        )
        self._desk.show(question)
        self._desk.title(self.conversation.title or title_of(question.text))
        self._ask((question,))

    def _ask(self, new_messages: tuple[Message, ...], again: ExchangeRecord | None = None) -> None:
        """Start the turn that answers the last message; ``new_messages`` are not stored yet.

        With ``again`` it sends the body of that exchange in place of what is shown.
        """
        turn = self._turn = Turn(self._desk, self._asking, self._approvals, self._tools, again)
        self._task_runs = self._stop_asked = False
        self._task = self._scope.start(self._run(turn), f"turn {turn.so_far.id}")
        turn.begin(new_messages)

    async def _run(self, turn: Turn) -> None:
        self._task_runs = True
        try:
            if not self._stop_asked:
                await turn.run()
        finally:
            final = turn.finish()
            self._turn = None
            self._desk.finish(final, turn.save(final))
            # A listener may have sent the next message already.
            if self._turn is None:
                self._desk.set_status(Status(Phase.after(final)))
