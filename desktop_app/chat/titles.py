"""Titles of conversations: by rule from the first question, and from the model where that is wanted."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final

from desktop_app.chat.aside import ask_aside
from desktop_app.chat.ports import ChatRequest, Model
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.connection import ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.errors import ChatError
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.domain.title import title_of

_log = logging.getLogger(__name__)

_TOLD: Final = 1_000
"""Letters of the question, and of the answer, that the model is told."""

_MOST_TOKENS: Final = 500
"""Of the whole reply: these models think before a title of ten tokens, and cannot be kept from it."""

_PATIENCE: Final = 60.0

_INSTRUCTION: Final = (
    "Name the conversation that you are shown, in at most six words and in the language of its"
    " question. Reply with the name alone, without quotation marks and without a full stop."
)

_QUOTES: Final = re.compile(r"^[\s\"'“”‘’«»「」『』《》]+|[\s\"'“”‘’«»「」『』《》]+$")


class Namer:
    """Asks the model for the title of a conversation after its first complete answer.

    In the background, once for each, and without a word to the person when it fails.

    Args:
        model_source: Gives the model to ask, with the connection of the moment.
        is_wanted: Whether the person allows it, for it costs tokens and sends text.
    """

    def __init__(
        self, model_source: Callable[[], Awaitable[Model]], is_wanted: Callable[[], bool]
    ) -> None:
        self._model_source = model_source
        self._is_wanted = is_wanted
        self._scope = TaskScope()

    def consider(self, session: ChatSession) -> None:
        """Ask for a title of ``session`` when its first answer has just come, and is whole."""
        if self._is_wanted() and _awaits_title(session):
            self._scope.start(self._name(session), f"name {session.conversation.id}")

    async def settled(self) -> None:
        """Wait until no title is on its way."""
        await self._scope.join()

    async def aclose(self) -> None:
        """Give up the titles that are on their way."""
        await self._scope.close()

    async def _name(self, session: ChatSession) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                title = await self._ask(session)
        except (ChatError, TimeoutError) as error:
            _log.debug("no title from the model: %s", error)
            return
        if title and _awaits_title(session):
            session.suggest_title(title)

    async def _ask(self, session: ChatSession) -> str:
        """Return the title that the model suggests; empty when it gives none.

        Raises:
            ChatError: When it cannot be asked.
        """
        model = await self._model_source()
        if model.connection.source is ConnectionSource.DEMO:
            return ""  # its answers are scripted, one for each question of the person
        # Of a turn with tools, what stands at its end is the answer.
        question, answer = session.messages[0], session.messages[-1]
        text = f"Question:\n{question.text[:_TOLD]}\n\nAnswer:\n{answer.text[:_TOLD]}"
        request = ChatRequest(
            session.conversation.model,
            (Message(new_id(), Role.USER, (Text(text),)),),
            Parameters(system_prompt=_INSTRUCTION, max_tokens=_MOST_TOKENS),
        )
        name, reason = await ask_aside(model, request)
        if reason == "length":
            return ""  # it thought too long, or told a story
        return title_of(_QUOTES.sub("", name))


def _awaits_title(session: ChatSession) -> bool:
    """Whether there is one question with its whole answer, under the title that the rule gave."""
    messages, conversation = session.messages, session.conversation
    return (
        not session.is_busy
        and [message.role for message in messages].count(Role.USER) == 1
        and messages[0].role is Role.USER
        and messages[-1].role is Role.ASSISTANT
        and messages[-1].state is MessageState.COMPLETE
        and not conversation.named
        and conversation.title == title_of(messages[0].text)
    )
