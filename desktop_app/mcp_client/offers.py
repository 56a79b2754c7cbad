"""Resources and prompts of one server, as values of the program. Loaded late."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeVar

from desktop_app.chat.mcp_ports import McpError
from desktop_app.domain.mcp_content import (
    Prompt,
    PromptArgument,
    PromptMessage,
    Resource,
    ResourceText,
)
from desktop_app.domain.mcp_server import LogOrigin
from desktop_app.mcp_client.connection import ServerConnection
from desktop_app.mcp_client.outcomes import text_of

_Offer = TypeVar("_Offer")


async def gathered(
    connections: Iterable[ServerConnection],
    of: Callable[[ServerConnection], Awaitable[list[_Offer]]],
) -> tuple[_Offer, ...]:
    """Ask all at once; one that does not answer is left out."""

    async def one(connection: ServerConnection) -> list[_Offer]:
        try:
            return await of(connection)
        except McpError as error:
            connection.log.add(LogOrigin.PROGRAM, str(error))
            return []

    return tuple(item for found in await asyncio.gather(*map(one, connections)) for item in found)


async def resources_of(connection: ServerConnection) -> list[Resource]:
    """What can be read."""
    found = await connection.ask(lambda dialogue: dialogue.list_resources())
    return [
        Resource(
            connection.config.name,
            str(resource.uri),
            resource.title or resource.name,
            resource.description or "",
            resource.mime_type or "",
            resource.size,
        )
        for resource in found
    ]


async def contents_of(connection: ServerConnection, uri: str) -> tuple[ResourceText, ...]:
    """Read ``uri``.

    Raises:
        McpError: When there is no answer.
    """
    result = await connection.ask(lambda dialogue: dialogue.read_resource(uri))
    return tuple(
        ResourceText(
            str(content["uri"]),
            content.get("mimeType") or "",
            content.get("text") or "",
            content.get("blob") or "",
        )
        for content in result["contents"]
    )


async def prompts_of(connection: ServerConnection) -> list[Prompt]:
    """The prompts."""
    found = await connection.ask(lambda dialogue: dialogue.list_prompts())
    return [
        Prompt(
            connection.config.name,
            prompt.name,
            prompt.title or "",
            prompt.description or "",
            tuple(
                PromptArgument(argument.name, argument.description or "", bool(argument.required))
                for argument in prompt.arguments or ()
            ),
        )
        for prompt in found
    ]


async def filled_in(
    connection: ServerConnection, name: str, arguments: Mapping[str, str]
) -> tuple[PromptMessage, ...]:
    """Fill in a prompt.

    Raises:
        McpError: When there is no answer.
    """
    result = await connection.ask(lambda dialogue: dialogue.get_prompt(name, arguments))
    return tuple(
        PromptMessage(message["role"], text_of(message["content"]))
        for message in result["messages"]
    )
