"""Asks the model beside the conversation: for a title, a summary, or what a server wants written."""

from desktop_app.chat.ports import ChatRequest, Model
from desktop_app.domain.message import Text
from desktop_app.domain.message_builder import MessageBuilder


async def ask_aside(model: Model, request: ChatRequest) -> tuple[str, str | None]:
    """Return the text of the answer, without its thinking, and why it ended.

    Raises:
        ChatError: When there is none, or not all of it.
    """
    builder = MessageBuilder()
    async with model.stream(request) as stream:
        async for deltas in stream:
            builder.add(deltas)
    text = "".join(part.text for part in builder.parts if isinstance(part, Text))
    return text, builder.finish_reason
