"""The body of a request: what the person set, and nothing that the service ignores."""

from typing import Any

from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.connection import Connection
from desktop_app.domain.tool import ToolSpec
from desktop_app.providers.openai_chat.history import wire_messages


def arguments(request: ChatRequest, connection: Connection) -> dict[str, Any]:
    """Return the keyword arguments for the SDK's ``chat.completions.create``."""
    parameters = request.parameters
    given: dict[str, Any] = {
        "model": request.model,
        "messages": wire_messages(
            request.messages,
            system_prompt=parameters.system_prompt,
            is_minimax=connection.is_minimax,
        ),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if parameters.temperature is not None:
        given["temperature"] = parameters.temperature
    if parameters.top_p is not None:
        given["top_p"] = parameters.top_p
    if parameters.max_tokens is not None:
        # MiniMax calls max_tokens deprecated; servers that people run know the old name alone.
        name = "max_completion_tokens" if connection.is_minimax else "max_tokens"
        given[name] = parameters.max_tokens
    if request.tools:
        given["tools"] = [_tool(spec) for spec in request.tools]
        if not request.may_call:
            # They stay in the request: calls in its history belong to them, and what the service
            # has in its cache begins with them.
            given["tool_choice"] = "none"
    if connection.reasoning_split:
        # The SDK merges extra_body into the body's top level, where the service wants it.
        given["extra_body"] = {"reasoning_split": True}
    return given


def _tool(spec: ToolSpec) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": spec.name,
            "description": spec.description,
            "parameters": spec.parameters,
        },
    }
