"""What a ``Model`` is tried with: scripted answers, a server that gives them, and how to ask."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from desktop_app.chat.ports import ChatRequest, Model, ModelStream
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.delta import Delta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.message import Message, Role, Text
from desktop_app.domain.usage import Usage

PATIENCE = 10.0


REFUSALS = (
    ErrorKind.INVALID_KEY,
    ErrorKind.BALANCE,
    ErrorKind.RATE_LIMIT,
    ErrorKind.SERVER,
    ErrorKind.OVERLOADED,
)


BREAKS = (ErrorKind.CUT_OFF, ErrorKind.CONNECTION_LOST)


@dataclass(frozen=True)
class Script:
    """One answer, in words that a fake and a server both understand.

    Attributes:
        thinking: Pieces of thinking, first to come.
        text: Pieces of the answer.
        finish: The server's word for the end.
        usage: Token counts, sent last.
        before: Where the server waits after it took the request and before it answers anything.
        pause: Where it waits after the thinking and before the text.
        refusal: Answers with this failure instead; one of ``REFUSALS``.
        breaks: Fails so after the text, without an end; one of ``BREAKS``.
    """

    thinking: Sequence[str] = ()
    text: Sequence[str] = ()
    finish: str = "stop"
    usage: Usage | None = None
    before: Gate | None = None
    pause: Gate | None = None
    refusal: ErrorKind | None = None
    breaks: ErrorKind | None = None


class ModelServer(Protocol):
    """A server that can be scripted; ``make_model`` is called once for each test."""

    def make_model(self, *scripts: Script, models: Sequence[str] | ErrorKind = ()) -> Model:
        """Return a model whose requests are answered by ``scripts``, one each."""
        ...

    @property
    def request_count(self) -> int:
        """How many requests for an answer have come."""
        ...

    async def left(self, count: int) -> None:
        """Wait until that many clients have gone away before their answer ended."""
        ...


QUESTION = Message("m1", Role.USER, (Text("Why tea? 茶"),))


REQUEST = ChatRequest("MiniMax-M2", (QUESTION,), Parameters())


ANSWER = Script(
    thinking=("Let me see.", " Tea is", " 茶. 🍵"),
    text=("Be", "cause\n\n", "of ", "*leaves*."),
    usage=Usage(11, 22, 3, 4),
)


async def take_all(stream: ModelStream) -> list[Delta]:
    """Read to the end; ends within time."""
    deltas: list[Delta] = []
    async with asyncio.timeout(PATIENCE):
        async for batch in stream:
            assert len(batch) > 0
            deltas.extend(batch)
    return deltas


async def ask(model: Model, request: ChatRequest = REQUEST) -> list[Delta]:
    """Send one request and read its answer."""
    async with asyncio.timeout(PATIENCE), model.stream(request) as stream:
        return await take_all(stream)


def joined(deltas: Sequence[Delta], kind: type[ThinkingDelta] | type[TextDelta]) -> str:
    """The text of all deltas of one kind."""
    return "".join(delta.text for delta in deltas if isinstance(delta, kind))
