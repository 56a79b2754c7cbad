"""A store that can be watched and held up, and a session with someone who watches it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar

import pytest

from desktop_app.chat.events import DeltasArrived, Event, MessageFinished, StatusChanged
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tool_use import ToolUse
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta, FinishDelta, TextDelta, ThinkingDelta
from desktop_app.domain.message import Message, MessageState
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.model import ScriptedAnswer, ScriptedModel

E = TypeVar("E")

THINKING = (ThinkingDelta("Let me see. "), ThinkingDelta("Tea."))
TEXT = (TextDelta("Because "), TextDelta("of leaves."))
END = (FinishDelta("stop"),)
COMPLETE = ScriptedAnswer((THINKING, TEXT, END))


class WatchedStore(MemoryConversationStore):
    """Notes what is written, in order; stops at a gate or fails where it is told to.

    ``gates`` and ``failures`` are by the name of the method.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Any]] = []
        self.gates: dict[str, Gate] = {}
        self.failures: dict[str, Exception] = {}

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    async def _enter(self, name: str, argument: object) -> None:
        self.calls.append((name, argument))
        if (gate := self.gates.get(name)) is not None:
            gate.reached.mark()
            await gate.opened.arrived(None)
        if (failure := self.failures.get(name)) is not None:
            raise failure

    async def save_conversation(self, conversation: Conversation) -> None:
        await self._enter("save", conversation)
        await super().save_conversation(conversation)

    async def add_messages(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        await self._enter("add", tuple(messages))
        await super().add_messages(conversation, messages)

    async def append_deltas(self, message_id: str, deltas: Sequence[Delta]) -> None:
        await self._enter("append", tuple(deltas))
        await super().append_deltas(message_id, deltas)

    async def finish_message(self, message: Message) -> None:
        await self._enter("finish", message)
        await super().finish_message(message)


class Watcher:
    """Notes the events of a session and waits for some to come."""

    def __init__(self, session: ChatSession) -> None:
        self.events: list[Event] = []
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self.unsubscribe = session.subscribe(self._on_event)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for the event after which ``reached()`` holds."""
        if reached():
            return
        future = asyncio.get_running_loop().create_future()
        self._waiters.append((reached, future))
        async with asyncio.timeout(10):
            await future

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return "".join(
            delta.text
            for event in self.of(DeltasArrived)
            for delta in event.deltas
            if isinstance(delta, TextDelta)
        )

    @property
    def phases(self) -> list[str]:
        return [event.status.phase.value for event in self.of(StatusChanged)]

    @property
    def finished(self) -> list[Message]:
        return [event.message for event in self.of(MessageFinished)]

    def _on_event(self, event: Event) -> None:
        self.events.append(event)
        for reached, future in self._waiters:
            if not future.done() and reached():
                future.set_result(None)


class Stage:
    """One session on a watched store and a scripted model, and what tools it has."""

    def __init__(
        self, store: WatchedStore, model: ScriptedModel, tools: ToolUse | None = None
    ) -> None:
        self.store = store
        self.model = model
        self.sourced = 0
        self.source: Callable[[], Any] | None = None
        self.session = ChatSession(
            Conversation("c1", model="MiniMax-M2"), (), store, self._model_source, tools=tools
        )
        self.watcher = Watcher(self.session)

    async def _model_source(self) -> ScriptedModel:
        self.sourced += 1
        if self.source is not None:
            await self.source()
        return self.model

    async def ask(self, text: str, *answers: ScriptedAnswer) -> Message:
        """Send ``text`` and return the answer once it is stored."""
        self.model.then(*answers)
        assert self.session.send(text)
        return await self.settled()

    async def settled(self) -> Message:
        async with asyncio.timeout(10):
            await self.session.settled()
        return self.session.messages[-1]

    @property
    def stored(self) -> Message:
        """The last message of the session as the store has it."""
        return self.store.messages[self.session.messages[-1].id]

    def assert_usable(self) -> None:
        assert not self.session.is_busy
        assert not self.session.status.phase.is_busy
        assert self.model.open_streams == 0
        assert all(message.is_final for message in self.session.messages)

    async def assert_answers(self) -> None:
        """The next question is answered and everything is stored."""
        self.assert_usable()
        answer = await self.ask("And now?", COMPLETE)
        assert answer.state is MessageState.COMPLETE
        assert await self.store.load_branch("c1") == self.session.messages


@pytest.fixture
def store() -> WatchedStore:
    return WatchedStore()


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel()


@pytest.fixture
async def stage(store: WatchedStore, model: ScriptedModel) -> AsyncIterator[Stage]:
    stage = Stage(store, model)
    yield stage
    for gate in store.gates.values():
        gate.open()
    async with asyncio.timeout(10):
        await stage.session.close()
