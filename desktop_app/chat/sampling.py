"""Lets the person's model write what an MCP server asks for, where the person allowed that server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from desktop_app.chat.aside import ask_aside
from desktop_app.chat.mcp_ports import McpError
from desktop_app.chat.ports import ChatRequest, Model
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.errors import ChatError
from desktop_app.domain.ids import new_id
from desktop_app.domain.mcp_content import Sampling
from desktop_app.domain.message import Message, Role, Text

MOST_TOKENS: Final = 8_000
MOST_LETTERS: Final = 200_000
_PATIENCE: Final = 300.0
_ROLES: Final = {"user": Role.USER, "assistant": Role.ASSISTANT}


class Sampler:
    """Asks the connection in use, with nothing of the person's conversations.

    Args:
        model_source: Gives the model to ask, with the connection of the moment.
        model_name: Says which model.
    """

    def __init__(
        self, model_source: Callable[[], Awaitable[Model]], model_name: Callable[[], str]
    ) -> None:
        self._model_source, self._model_name = model_source, model_name

    async def __call__(self, sampling: Sampling) -> str:
        """Return what the model writes.

        Raises:
            McpError: When it cannot be asked, or is asked for too much.
        """
        texts = [message.text for message in sampling.messages]
        if sum(map(len, texts)) + len(sampling.system) > MOST_LETTERS:
            raise McpError(f"More than {MOST_LETTERS} letters are not sent to the model.")
        messages = tuple(
            Message(new_id(), _ROLES.get(message.role, Role.USER), (Text(message.text),))
            for message in sampling.messages
        )
        parameters = Parameters(
            system_prompt=sampling.system,
            max_tokens=max(1, min(sampling.most_tokens, MOST_TOKENS)),
        )
        request = ChatRequest(self._model_name(), messages, parameters)
        try:
            async with asyncio.timeout(_PATIENCE):
                model = await self._model_source()
                text, _ = await ask_aside(model, request)
        except ChatError as error:
            # The kind alone: what the service said is none of the server's business.
            raise McpError(f"The model could not be asked ({error.kind.value}).") from None
        except TimeoutError:
            raise McpError("The model did not answer in time.") from None
        return text
