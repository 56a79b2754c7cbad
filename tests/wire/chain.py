"""The real chain without a window: session, store and provider, against a server on a socket.

A ``Row`` says in one line what a server does and what has to come of it. ``Chain.prove`` plays it
and looks at all four ends: what the person sees, what is stored, what goes out with the next
question, and how many requests were made.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_app.chat.error_text import english
from desktop_app.chat.events import DeltasArrived, Event
from desktop_app.chat.ports import Model
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tool_use import ToolUse
from desktop_app.demo.faults import FAULTS
from desktop_app.demo.journal import Journal
from desktop_app.demo.rules import Rules
from desktop_app.demo.script import Reply
from desktop_app.demo.server import DemoServer
from desktop_app.demo.steps import Answer
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TEXT_WAS_THINKING
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.message import Message, MessageState, ToolCall
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.providers.openai_chat.history import NOT_ENDED
from desktop_app.providers.openai_chat.suspension import THIS_MACHINE
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.database import Database
from desktop_app.storage.opening import open_database
from desktop_app.ui.conversation.entries import chain_entries, message_entries
from desktop_app.ui.transcript.entry import EntryKind

PATIENCE = 20.0
"""Seconds after which a turn that has not ended never will."""

KEY = "sk-test-canary-0123456789"
QUESTION = "What is the word?"
NEXT = "And then?"
NEXT_ANSWER = "That was all."
HASTY = TimeLimits(connect=0.5, first_byte=0.5, idle=0.4, progress=0.6)
"""Limits for servers that fall silent; far above what loopback needs."""

_CUT = frozenset({ErrorKind.CUT_OFF, ErrorKind.LENGTH, ErrorKind.LENGTH_IN_THINKING})


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        number: Of the case, with a letter where it has several forms.
        what: The server does, in words.
        answer: What it does: a name among the demo's faults, an answer, or what makes one.
        text: The answer that stands at the end.
        thinking: The thinking that stands beside it, thoughts parted by a blank line.
        calls: Name and arguments of the tool calls that are shown.
        fault: Which failure is shown; ``None`` when all is well.
        says: Words of the English sentence about it.
        code: The service's number that the details show.
        note: Words below the answer.
        finish: Why the answer ended, where that matters.
        content: What goes back as the assistant's content; by default the text.
        details: Whether the thinking goes back in ``reasoning_details``; by default when there is
            any, and an answer that it can go with.
        tokens: Whether token counts are stored; not looked at by default.
        limits: How long to wait.
        connection: Changes to the connection for this question.
        posts: Chat requests that reach the server.
        kept: Text that was shown and turned out to be thinking later on.
    """

    number: str
    what: str
    answer: str | Answer | Callable[[], Answer]
    text: str = "Hello"
    thinking: str = "The word is Hello."
    calls: tuple[tuple[str, str], ...] = ()
    fault: ErrorKind | None = None
    says: str = ""
    code: int | None = None
    note: str = ""
    finish: str | None = None
    content: str | None = None
    details: bool | None = None
    tokens: bool | None = None
    limits: TimeLimits = field(default_factory=TimeLimits)
    connection: Mapping[str, Any] = field(default_factory=dict)
    posts: int = 1
    kept: bool = False

    @property
    def id(self) -> str:
        """Number and words, as the test's name."""
        return f"{self.number}: {self.what}"

    @property
    def made(self) -> Answer:
        """What the server is to do."""
        if isinstance(self.answer, str):
            return FAULTS[self.answer]()
        return self.answer if isinstance(self.answer, Answer) else self.answer()

    @property
    def state(self) -> MessageState:
        """How the message ends."""
        if self.fault is None:
            return MessageState.COMPLETE
        return MessageState.CUT_OFF if self.fault in _CUT else MessageState.FAILED


class Chain:
    """One conversation, from the session down to the socket and the file."""

    def __init__(
        self, server: DemoServer, path: Path, database: Database, tools: ToolUse | None = None
    ) -> None:
        self.server = server
        self.path = path
        self.store = SqliteConversationStore(database)
        self.connection = Connection("demo", "Demo", server.base_url, ConnectionSource.DEMO)
        self.events: list[Event] = []
        self.slept = 0.0
        self.looks: Journal[float] = Journal("looks at how long the machine slept", keep=1)
        self._database = database
        self._models: list[OpenAIChatModel] = []
        self._model: Model = self.use()
        conversation = Conversation("conversation", model="MiniMax-M2")
        self.session = ChatSession(conversation, (), self.store, self._source, tools=tools)
        self.session.subscribe(self.events.append)

    @classmethod
    async def begin(cls, server: DemoServer, path: Path, tools: ToolUse | None = None) -> "Chain":
        """Open a new database at ``path`` and begin a conversation."""
        opening = await open_database(path)
        return cls(server, path, opening.database, tools)

    async def end(self) -> None:
        """Close everything."""
        await self.session.close()
        for model in self._models:
            await model.aclose()
        await self._database.aclose()

    def use(self, limits: TimeLimits | None = None, **changes: Any) -> OpenAIChatModel:
        """Ask a model of such a connection from now on."""
        key = changes.pop("key", KEY)
        connection = replace(self.connection, **changes)
        self._model = model = OpenAIChatModel(
            connection, key, limits=limits or TimeLimits(), slept=self._look
        )
        self._models.append(model)
        return model

    async def ask(self, text: str = QUESTION) -> Message:
        """Send ``text`` and return what came of it, once all is stored."""
        assert self.session.send(text)
        async with asyncio.timeout(PATIENCE):
            await self.session.settled()
        return self.session.messages[-1]

    async def shown(self, text: str) -> None:
        """Wait until the answer that is on its way reads ``text``."""
        grown = asyncio.Event()
        unsubscribe = self.session.subscribe(lambda _event: grown.set())
        async with asyncio.timeout(PATIENCE):
            while self.session.messages[-1].text != text:
                await grown.wait()
                grown.clear()
        unsubscribe()

    async def reopened(self) -> tuple[Message, ...]:
        """Return the branch as another program would find it in the file."""
        opening = await open_database(self.path)
        try:
            store = SqliteConversationStore(opening.database)
            return await store.load_branch(self.session.conversation.id)
        finally:
            await opening.database.aclose()

    async def prove(self, row: Row) -> Message:
        """Play ``row`` and look at all its ends; return the message."""
        self.server.enqueue(row.made)
        model = self.use(row.limits, **row.connection)
        self.server.rules = Rules(key_needed=model.connection.needs_key)
        answer = await self.ask()
        assert self.server.posts.total == row.posts
        self.look(row, answer)
        # A price is that of a host; where nothing was asked there is none.
        assert answer.host == model.connection.host
        assert "$" not in "".join(entry.note for entry in message_entries(answer))
        self.look_at_the_painting(answer, kept=row.kept)
        assert await self.reopened() == self.session.messages
        body = await self.next_request(**row.connection)
        assert self.server.posts.total == row.posts + 1
        self.look_at_the_way_back(row, body)
        return answer

    async def next_request(self, **changes: Any) -> Any:
        """Ask once more, the server being well, and return the body that went out."""
        before = self.server.posts.total
        # Before anything else that is queued: an answer nobody asked for would be a mistake.
        assert self.server.pending == 0
        self.server.enqueue(Reply([NEXT_ANSWER]))
        self.use(**changes)
        answer = await self.ask(NEXT)
        assert (answer.text, answer.state) == (NEXT_ANSWER, MessageState.COMPLETE)
        return self.server.posts[before].json

    def look(self, row: Row, answer: Message) -> None:
        """Compare what the person sees with ``row``."""
        assert answer.state is row.state, answer.error
        assert answer.text == row.text
        entries = {entry.kind: entry for entry in message_entries(answer)}
        shown = entries.pop(EntryKind.ASSISTANT, None)
        assert (shown.text if shown else "") == row.text
        assert row.note in (shown.note if shown else "")
        if shown and not row.note:
            # Counts may stand there; nothing that asks for attention does.
            assert not any(word in shown.note for word in ("topped", "nterrupted", "sensitive"))
        error = entries.pop(EntryKind.ERROR, None)
        assert not entries
        steps = chain_entries([answer])
        thoughts = [step.text for step in steps if step.kind is EntryKind.THOUGHT]
        assert "\n\n".join(thoughts) == row.thinking
        calls = [step for step in steps if step.kind is EntryKind.TOOL_CALL]
        assert [(step.name, step.text) for step in calls] == [
            (f"Tool call {name}", arguments) for name, arguments in row.calls
        ]
        if row.finish is not None:
            assert answer.finish_reason == row.finish
        if row.tokens is not None:
            assert (answer.usage is not None) is row.tokens
        if row.fault is None:
            assert error is None
            return
        assert answer.error is not None
        assert answer.error.kind is row.fault
        assert row.says, "a row with a failure says what the person reads"
        assert error is not None
        assert row.says in error.text
        assert error.text.replace("\n", " ") == english(answer.error)
        assert "Connection error" not in error.text
        assert answer.error.code == row.code
        assert error.details.startswith(f"error: {row.fault.value}")
        assert row.code is None or f"code: {row.code}" in error.details
        assert KEY not in error.text + error.details
        assert any(action.id == "copy_report" for action in error.actions)

    def look_at_the_painting(self, answer: Message, *, kept: bool) -> None:
        """Nothing that was painted is taken back, doubled, or missing at the end."""
        builder = MessageBuilder(clock=lambda: 0.0)
        deltas = [
            delta
            for event in self.events
            if isinstance(event, DeltasArrived) and event.message_id == answer.id
            for delta in event.deltas
        ]
        builder.add(deltas)
        assert _bare(builder.parts) == _bare(answer.parts)
        notices = [getattr(delta, "word", "") for delta in deltas]
        assert (TEXT_WAS_THINKING in notices) is kept

    def look_at_the_way_back(self, row: Row, body: Any) -> None:
        """Compare the request for the next answer with what ``row`` left."""
        messages = body["messages"]
        if not row.text.strip() and not row.calls:
            # Nothing to send back: two questions in a row would offend many chat templates.
            assert messages == [{"role": "user", "content": f"{QUESTION}\n\n{NEXT}"}]
            return
        asked, answered, *results, again = messages
        assert asked == {"role": "user", "content": QUESTION}
        assert again == {"role": "user", "content": NEXT}
        assert answered["role"] == "assistant"
        assert answered["content"] == (row.text if row.content is None else row.content)
        goes_back = bool(row.thinking) if row.details is None else row.details
        assert ("reasoning_details" in answered) is goes_back
        if goes_back:
            (item,) = answered["reasoning_details"]
            assert item["text"].removesuffix("</think>").rstrip() == row.thinking
            assert item.get("id", "reasoning-text-1") == "reasoning-text-1"
        assert set(answered) <= {"role", "content", "reasoning_details", "tool_calls"}
        self.look_at_the_calls(row, answered.get("tool_calls", []), results)

    def look_at_the_calls(self, row: Row, calls: Any, results: Any) -> None:
        """Each call goes back with a result, and with nothing that is refused for good.

        Without, the service refuses this turn and every later one.
        """
        sent = [(call["function"]["name"], call["function"]["arguments"]) for call in calls]
        assert sent == [(name or "unnamed", _sound(arguments)) for name, arguments in row.calls]
        ids = [call["id"] for call in calls]
        assert all(ids)
        assert len(set(ids)) == len(ids)
        assert results == [
            {"role": "tool", "tool_call_id": call_id, "content": NOT_ENDED} for call_id in ids
        ]

    def _look(self) -> float:
        seconds = THIS_MACHINE.seconds() + self.slept
        self.looks.append(seconds)
        return seconds

    async def _source(self) -> Model:
        return self._model


def _sound(arguments: str) -> str:
    try:
        return arguments if isinstance(json.loads(arguments), dict) else "{}"
    except ValueError:
        return "{}"


def _bare(parts: tuple[Any, ...]) -> list[tuple[str, ...]]:
    """Return parts without the time that they took."""
    bare: list[tuple[str, ...]] = []
    for part in parts:
        if isinstance(part, ToolCall):
            bare.append((part.call_id, part.name, part.arguments))
        else:
            bare.append((type(part).__name__, part.text))
    return bare
